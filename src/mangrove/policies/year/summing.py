"""What the year came to: money by scheme, planted cases found, and sums that must be the same wherever they are added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Min
from django.db.models import Sum as Added

from mangrove.funding import totals
from mangrove.funding.models import Award, Pot
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.policies.claims.models import Claim, DoubtState
from mangrove.policies.plans.models import Plan
from mangrove.policies.plans.replaying import replay
from mangrove.policies.results.decisions import ranked
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.year.checking import claims_of
from mangrove.policies.year.making import by_key
from mangrove.policies.year.opening import pot_of, window_id
from mangrove.policies.year.paying import PAID, awards_of, orders_of
from mangrove.policies.year.people import Year
from mangrove.policies.year.planning import plans_of
from mangrove.policies.year.planting import PAYMENT, Planted
from mangrove.ui.numbers import grouped, yuan

NOTHING = "—"


@dataclass(frozen=True)
class Money:
    """Of a scheme, in fen and days; ``days`` from application to the first money, the median and the 90th percentile."""

    scheme: str
    applied: int
    decided: int
    paid: int
    firms: int
    days: tuple[int | None, int | None]


@dataclass(frozen=True)
class Scored:
    """How many planted cases were found, and the innocents that were flagged, by name of the case."""

    planted: int
    missed: tuple[Planted, ...]
    innocents: int
    flagged: tuple[Planted, ...]


@dataclass(frozen=True)
class Sum:
    """One sum added up in two places; ``same`` to the fen."""

    what: str
    one: int
    other: int

    @property
    def same(self) -> bool:
        return self.one == self.other


# --- money -----------------------------------------------------------------------------------------------------------


def money(year: Year) -> list[Money]:
    return [money_of(year, one) for one in year.told.schemes]


def money_of(year: Year, scheme_id: str) -> Money:
    claims = {str(claim.pk): claim for claim, _made in claims_of(year, scheme=scheme_id)}
    awards = awards_of(year).filter(subject_id__in=claims)
    settled = awards.filter(orders__state=PAID).annotate(first=Min("orders__settled_on"))
    days = sorted((one.first - claims[one.subject_id].applied_on).days for one in settled)
    return Money(
        scheme_id, len(year.city.of_scheme(scheme_id)), added(awards, "decided"),
        added(orders_of(year, state=PAID).filter(award__in=awards), "amount"), settled.values("recipient").distinct().count(),
        (ranked(days, 50), ranked(days, 90)),
    )  # fmt: skip


def added(rows: Any, field: str) -> int:
    return rows.order_by().aggregate(sum=Added(field))["sum"] or 0


# --- planted cases ---------------------------------------------------------------------------------------------------


def scored(year: Year) -> Scored:
    """Innocents count as flagged where the search so much as named them, whatever people said of it afterwards."""
    truth = [one for one in year.city.truth if claim_of(year, one.key)]
    guilty, innocent = [one for one in truth if one.founded], [one for one in truth if not one.founded]
    return Scored(
        len(guilty), tuple(one for one in guilty if not is_found(year, one)), len(innocent),
        tuple(one for one in innocent if is_named(year, one)),
    )  # fmt: skip


def claim_of(year: Year, key: str) -> Claim | None:
    made = by_key(year.city)[key]
    return Claim.objects.filter(
        scheme=made.scheme, organisation=made.firm.id, application__opening=window_id(year, made.scheme)
    ).first()


def is_found(year: Year, one: Planted) -> bool:
    """A doubt of that kind about that claim that stands; before money leaves, that none of it left after the listing."""
    claim = claim_of(year, one.key)
    assert claim is not None
    if one.when == PAYMENT:
        return Award.objects.filter(subject_id=str(claim.pk)).exists() and not paid(year, claim)
    return claim.doubts.filter(kind=one.kind, state=DoubtState.UPHELD).exists()


def is_named(year: Year, one: Planted) -> bool:
    """Whether the claim is doubted for this, against the very thing that it is innocent of."""
    claim, other = (
        claim_of(year, one.key),
        claim_of(year, one.other) if one.other in by_key(year.city) else None,
    )
    assert claim is not None
    found = claim.doubts.filter(kind=one.kind)
    return found.filter(other=str(other.ref)).exists() if other else found.exists()


def paid(year: Year, claim: Claim) -> bool:
    return bool(orders_of(year, award__subject_id=str(claim.pk), state=PAID).exists())


# --- sums ------------------------------------------------------------------------------------------------------------


def sums(year: Year) -> list[Sum]:
    found = [part for plan in plans_of(year).order_by("title") for part in sums_of_plan(plan)]
    return [
        *found,
        *(part for told in year.told.calendar["pots"] for part in sums_of_pot(year, pot_of(year, told))),
    ]


def sums_of_plan(plan: Plan) -> Iterator[Sum]:
    """Lines, awards, the answer computed once more, and the ledger."""
    lines = added(plan.lines.all(), "proposed")
    again = replay(plan)
    yield Sum(f"{plan.title}：各行 = 重算", lines, sum(one.proposed for one in again.found))
    yield Sum(f"{plan.title}：重算逐字节相同", 0, len(again.notes))
    awards = Award.objects.filter(plan_line__plan=plan)
    yield Sum(f"{plan.title}：各行 = 资助决定", lines, added(awards, "decided"))
    yield Sum(
        f"{plan.title}：资助决定 = 账本", added(awards, "decided"), in_ledger("funding.award.decide", awards)
    )


def in_ledger(act: str, rows: Any) -> int:
    """What the events of these things say, added up."""
    events = Event.objects.filter(act=act, object_id__in=[one.ref.id for one in rows]).select_related("body")
    return sum(told["amount"] for one in events if (told := said(one)) is not None)


def sums_of_pot(year: Year, pot: Pot) -> Iterator[Sum]:
    counted, orders = totals.of_pot(pot), orders_of(year, award__pot=pot)
    decided = added(pot.awards.all(), "decided")
    yield Sum(f"{pot.name}：决定 = 各项资助", counted.decided, decided)
    yield Sum(
        f"{pot.name}：已付 = 账本上的回执",
        counted.paid,
        in_ledger("funding.order.paid", orders.filter(state=PAID)),
    )
    left = pot.amount - counted.decided
    yield Sum(f"{pot.name}：决定不超过下达", min(left, 0), 0)
    yield Sum(f"{pot.name}：已付不超过决定", min(counted.decided - counted.paid, 0), 0)


# --- in words --------------------------------------------------------------------------------------------------------


def report(year: Year) -> tuple[list[str], bool]:
    """The whole table, and whether everything is as it must be."""
    cases, added_up = scored(year), sums(year)
    wrong = [one for one in added_up if not one.same]
    lines = [*money_lines(year), *pot_lines(year), *case_lines(year, cases)]
    lines.append(f"核对 {len(added_up)} 项，不符 {len(wrong)} 项")
    lines += [f"  不符：{one.what}：{grouped(one.one)} ≠ {grouped(one.other)}（分）" for one in wrong]
    return lines, not (wrong or cases.missed or cases.flagged)


def money_lines(year: Year) -> Iterator[str]:
    yield "事项 | 申报 | 决定（元） | 已付（元） | 受益企业 | 从申报到首笔到账的天数：中位、九成"
    for one in money(year):
        days = " 、".join(NOTHING if day is None else str(day) for day in one.days)
        yield f"{scheme(one.scheme).title.zh} | {one.applied} | {yuan(one.decided)} | {yuan(one.paid)} | {one.firms} | {days}"


def pot_lines(year: Year) -> Iterator[str]:
    yield "资金池 | 下达（元） | 决定 | 已付 | 已付未收回 | 未用（下达减已付）"
    for told in year.told.calendar["pots"]:
        pot = pot_of(year, told)
        one = totals.of_pot(pot)
        amounts = (pot.amount, one.decided, one.paid, one.paid - one.recovered, pot.amount - one.paid)
        yield " | ".join([pot.name, *(yuan(fen) for fen in amounts)])


def case_lines(year: Year, cases: Scored) -> Iterator[str]:
    yield f"预设情形 {cases.planted}，找到 {cases.planted - len(cases.missed)}；无辜 {cases.innocents}，被提示 {len(cases.flagged)}"
    yield from (f"  没有找到：{one.what}（{one.key}）" for one in cases.missed)
    yield from (f"  无辜被提示：{one.what}（{one.key}）" for one in cases.flagged)
    raised = [one for one in claims_of(year) if one[0].doubts.exists()]
    yield f"有疑点的申报 {len(raised)}"
