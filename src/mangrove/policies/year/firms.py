"""Synthetic firms and what the registry would know of them: three years of accounts, titles, standards, owners, credit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from mangrove.policies.year.chance import between, day_between, drawn, happens, one_of
from mangrove.policies.year.telling import Said, Telling

Row = dict[str, Any]
#: Fen in ten thousand yuan.
WAN = 1_000_000
YEARS = 3
#: Firms whose names are told apart by one character only, beside the number that all have.
MAJORITY = (5100, 10_000)


@dataclass(frozen=True)
class Firm:
    """``id`` is that of the organisation; ``parent`` the firm that holds most of it, or empty."""

    id: str
    name: str
    district: str
    trade: str
    years: tuple[Row, ...]
    parent: str = ""


@dataclass(frozen=True)
class Known:
    """Rows by entity of the vocabulary, as a file of the registry would have them; money in fen, ratios in ten-thousandths."""

    rows: dict[str, tuple[Row, ...]]

    def of(self, entity: str) -> tuple[Row, ...]:
        return self.rows.get(entity, ())


def firms(told: Telling, chance: Random, count: int) -> list[Firm]:
    made = [firm(told, chance, number) for number in range(1, count + 1)]
    return grouped(made, chance, told.firms["shares_permille"]["owned"])


def firm(told: Telling, chance: Random, number: int) -> Firm:
    letters, said = told.firms["name_letters"], told.firms
    stem = one_of(chance, letters) + one_of(chance, letters)
    return Firm(
        id=f"y{told.year}-{number:05d}", name=named(stem, one_of(chance, said["name_trades"]), number),
        district=one_of(chance, said["districts"]), trade=one_of(chance, said["trades"]),
        years=tuple(accounts(said, chance, told.year)),
    )  # fmt: skip


def named(stem: str, trade: str, number: int) -> str:
    """The number keeps the name apart from every real one and from each other."""
    return f"深圳市{stem}{trade}有限公司（合成{number:05d}）"


def accounts(said: Said, chance: Random, year: int) -> Iterator[Row]:
    """Three years before this one, grown from the first."""
    scale = said["scale"]
    revenue = drawn(chance, scale["quarter_revenue_wan"]) * scale["quarters"] * WAN // scale["divide"]
    shares = [
        drawn(chance, said[name])
        for name in ("research_permille", "revenue_per_head_wan", "research_staff_permille")
    ]
    for one in range(year - YEARS, year):
        yield accounts_of(said, chance, one, revenue, *shares)
        revenue = revenue * (100 + drawn(chance, said["growth_percent"])) // 100


def accounts_of(
    said: Said, chance: Random, year: int, revenue: int, research: int, per_head: int, researchers: int
) -> Row:
    """``research`` and ``researchers`` in thousandths, ``per_head`` in ten thousand yuan: a firm keeps its own."""
    staff = max(2, revenue // (per_head * WAN))
    spent, profit = revenue * research // 1000, revenue * drawn(chance, said["margin_permille"]) // 1000
    assets = revenue * drawn(chance, said["assets_permille"]) // 1000
    return {
        "year": year, "revenue": revenue, "main_revenue": revenue * 96 // 100, "rd": spent, "rd_expense": spent,
        "net_profit": profit, "total_assets": assets, "staff": staff,
        "rd_staff": staff * researchers // 1000,
    }  # fmt: skip


def grouped(made: Sequence[Firm], chance: Random, permille: int) -> list[Firm]:
    """Some belong to another that is older in the list, so that no two hold each other."""
    found: list[Firm] = []
    for one in made:
        owner = one_of(chance, found) if found and happens(chance, permille) else None
        parent = owner.id if owner and not owner.parent else ""
        found.append(Firm(one.id, one.name, one.district, one.trade, one.years, parent))
    return found


# --- what the registry knows -----------------------------------------------------------------------------------------


def known(told: Telling, chance: Random, made: Sequence[Firm]) -> Known:
    return Known({
        "firm_year": tuple({"organisation": one.id, **year, "synthetic": True} for one in made for year in one.years),
        "title": tuple(titles(told, chance, made)), "standard_result": tuple(standards(told, chance, made)),
        "listing_step": tuple(listings(told, chance, made)), "ownership": tuple(holdings(told, chance, made)),
    })  # fmt: skip


def some(told: Telling, chance: Random, made: Sequence[Firm], share: str) -> Iterator[tuple[str, Firm]]:
    """Which firms, each with a key of its own."""
    permille = told.firms["shares_permille"][share]
    chosen = [one for one in made if happens(chance, permille)]
    yield from ((f"{share}-{told.year}-{n:05d}", one) for n, one in enumerate(chosen, 1))


def past(told: Telling, chance: Random) -> date:
    return day_between(chance, date(told.year - 6, 1, 1), date(told.year - 1, 12, 31))


def titles(told: Telling, chance: Random, made: Sequence[Firm]) -> Iterator[Row]:
    for id, one in some(told, chance, made, "title"):
        yield {
            "id": id, "holder": one.id, "kind": one_of(chance, told.firms["titles"]),
            "level": one_of(chance, told.firms["levels"]), "recognised_on": past(told, chance),
        }  # fmt: skip


def standards(told: Telling, chance: Random, made: Sequence[Firm]) -> Iterator[Row]:
    for id, one in some(told, chance, made, "standard"):
        yield {
            "id": id, "contributor": one.id, "kind": one_of(chance, told.firms["standards"]),
            "role": one_of(chance, told.firms["roles"]), "published_on": past(told, chance),
        }  # fmt: skip


def listings(told: Telling, chance: Random, made: Sequence[Firm]) -> Iterator[Row]:
    for id, one in some(told, chance, made, "listing"):
        yield {
            "id": id, "company": one.id, "stage": one_of(chance, told.firms["stages"]), "route": "direct",
            "private_or_sme": True, "reached_on": past(told, chance), "last_revenue": one.years[-1]["revenue"],
        }  # fmt: skip


def holdings(told: Telling, chance: Random, made: Sequence[Firm]) -> Iterator[Row]:
    owned = [one for one in made if one.parent]
    for n, one in enumerate(owned, 1):
        yield holding(
            f"owned-{told.year}-{n:05d}", one.parent, one.id, between(chance, MAJORITY), past(told, chance)
        )


def holding(id: str, holder: str, held: str, share: int, since: date) -> Row:
    return {"id": id, "holder": holder, "held": held, "share": share, "held_from": since}


def dishonesty(told: Telling, chance: Random, made: Sequence[Firm]) -> Iterator[Row]:
    """Firms that nobody applies for: on a list, or on one until some months later."""
    for id, one in some(told, chance, made, "dishonest"):
        listed = past(told, chance)
        removed = listed + timedelta(days=between(chance, (200, 900))) if happens(chance, 500) else None
        yield listing(id, one.id, listed, removed, one_of(chance, told.firms["lists"]))


def listing(id: str, firm: str, listed: date, removed: date | None, name: str) -> Row:
    return {"id": id, "organisation": firm, "listed_on": listed, "removed_on": removed, "list": name}


def prior(told: Telling, chance: Random, made: Sequence[Firm]) -> Iterator[Row]:
    """Money that firms had elsewhere, each for an invoice that stands in no application."""
    for id, one in some(told, chance, made, "prior"):
        place = chance.randrange(len(told.firms["prior_programmes"]))
        yield prior_row(told, place, one, f"技术改造{id}", "9" * 4 + f"{chance.randrange(10**8):08d}", chance)


def prior_row(
    told: Telling, place: int, one: Firm, matter: str, invoice: str, chance: Random, code: str = ""
) -> Row:
    return {
        "level": told.firms["prior_levels"][place], "programme": told.firms["prior_programmes"][place],
        "year": told.year - 1, "recipient": one.name, "matter": matter, "invoice_code": code, "invoice_number": invoice,
        "amount": between(chance, (10, 300)) * WAN,
    }  # fmt: skip
