"""Synthetic applications: what a project cost line by line, and what is said of it. Pure; money in fen, days as dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from mangrove.intake.rows import joined
from mangrove.policies.schemes.forming import PROMISES
from mangrove.policies.year.chance import between, day_between, drawn, happens, one_of
from mangrove.policies.year.firms import WAN, Firm
from mangrove.policies.year.telling import Telling
from mangrove.policies.year.texts import title, written

YUAN = 100
#: Fen between two cuts of an investment: no line comes to nothing, and few to round sums.
STEP = 1_000_300
#: Sellers are many, so that two projects that share one by chance are few.
SELLERS = (1, 900)


@dataclass(frozen=True)
class Line:
    """A line of the list of expenses, by the fields of ``expense_line``."""

    number: int
    content: str
    equipment: bool
    declared: int
    audited: int
    input_tax: int
    voucher: str
    contract: str
    contract_on: date
    seller: str
    invoice_code: str
    invoice: str
    invoice_on: date
    bank_slip: str
    paid_on: date
    listed_in_form: bool = True


@dataclass(frozen=True)
class Application:
    """``key`` is unique in the year. ``outcome`` of the formal check: accept, return (and mended), refuse."""

    key: str
    scheme: str
    firm: Firm
    title: str
    summary: tuple[str, ...]
    results: tuple[str, ...]
    begins_on: date
    finished_on: date
    lines: tuple[Line, ...]
    sales: int
    project_class: str
    promise: str
    applied_on: date
    outcome: str = "accept"
    score: int = 80
    judged: int = 0

    @property
    def declared(self) -> int:
        return sum(one.declared for one in self.lines)

    def with_line(self, place: int, **changes: Any) -> Application:
        """One line otherwise, by its place from nought; contract, invoice and payment stay in order."""
        lines = list(self.lines)
        lines[place] = in_order(replace(lines[place], **changes))
        return replace(self, lines=tuple(lines))


def in_order(line: Line) -> Line:
    paid = max(line.paid_on, line.invoice_on + timedelta(days=1))
    return replace(line, contract_on=min(line.contract_on, line.invoice_on), paid_on=paid)


class Making:
    """Draws projects; counts contracts, invoices and slips so that no two that were not meant to are the same."""

    def __init__(self, told: Telling, chance: Random) -> None:
        self.told, self.chance, self.said = told, chance, told.projects
        self.counted = 0

    def number(self) -> int:
        """Far apart, so that no two look like the next of one another."""
        self.counted += 1
        return self.counted * 97 + self.chance.randrange(41)

    def application(self, key: str, scheme: str, firm: Firm) -> Application:
        chance, said = self.chance, self.said
        begins, finished = self.time()
        name = title(said, chance, scheme)
        return Application(
            key=key, scheme=scheme, firm=firm, title=name, summary=tuple(written(said, chance, said["summary"], name)),
            results=(*written(said, chance, said["results"], name), *self.template()), begins_on=begins, finished_on=finished,
            lines=self.lines(begins, finished), sales=drawn(chance, said["sales_wan"]) * WAN,
            project_class=one_of(chance, said["classes"]), promise=self.promise(), applied_on=self.applied(),
            outcome=self.outcome(), score=between(chance, (61, 96)), judged=between(chance, (60, 480)) * WAN,
        )  # fmt: skip

    def template(self) -> tuple[str, ...]:
        """What many copy from the guide."""
        return tuple(self.said["template"]) if happens(self.chance, self.said["template_permille"]) else ()

    def time(self) -> tuple[date, date]:
        """From the first day of the project to its completion, which is over before the year begins."""
        days = between(self.chance, self.said["build_days"])
        finished = day_between(self.chance, date(self.told.year - 1, 3, 1), date(self.told.year - 1, 12, 20))
        return finished - timedelta(days=days), finished

    def applied(self) -> date:
        """Most come in within the last days, as the bureau complains of."""
        first, last = self.told.day("opens"), self.told.day("closes") - timedelta(days=1)
        late = happens(self.chance, self.told.permille("late"))
        return day_between(self.chance, last - timedelta(days=5) if late else first, last)

    def outcome(self) -> str:
        place = self.chance.randrange(1000)
        returned = self.told.permille("returned")
        return (
            "return"
            if place < returned
            else "refuse"
            if place < returned + self.told.permille("refused")
            else "accept"
        )

    def promise(self) -> str:
        """Rows of the form: added revenue, and of some a second indicator that follows from the same draw."""
        other, wan = one_of(self.chance, self.said["promises"]), between(self.chance, (50, 3000))
        due = str(self.told.year + 1 + wan % self.said["promise_years"])
        rows = [["新增营业收入", str(wan), "万元", due]]
        if other["unit"]:
            low, high = other["between"]
            rows.append([other["name"], str(low + wan % (high - low + 1)), other["unit"], due])
        return joined(rows)

    # --- what it cost ---

    def lines(self, begins: date, finished: date) -> tuple[Line, ...]:
        whole = drawn(self.chance, self.said["investment_wan"]) * WAN
        parts = self.parts(whole, between(self.chance, self.said["lines"]))
        return tuple(self.line(n, fen, begins, finished) for n, fen in enumerate(parts, 1))

    def parts(self, whole: int, count: int) -> list[int]:
        """The whole cut in so many parts; they add up to it to the fen."""
        cuts = sorted(self.chance.sample(range(STEP, whole, STEP), count - 1))
        return [high - low for low, high in pairwise([0, *cuts, whole])]

    def line(self, n: int, fen: int, begins: date, finished: date) -> Line:
        chance, tax = self.chance, self.said["tax"]
        invoiced = day_between(chance, begins + timedelta(days=2), finished - timedelta(days=2))
        number, goods = self.number(), one_of(chance, self.said["goods"])
        less = happens(chance, self.said["audited_less_permille"])
        return Line(
            number=n, content=goods, equipment=happens(chance, 700), declared=fen,
            audited=fen * between(chance, (60, 97)) // 100 if less else fen,
            input_tax=fen * tax["numerator"] // tax["denominator"], voucher=f"记-{invoiced:%Y%m}-{number:07d}",
            contract=f"HT-{invoiced:%Y}-{number:07d}", contract_on=begins + (invoiced - begins) // 2, seller=self.seller(),
            invoice_code=invoice_code(invoiced), invoice=f"{10_000_000 + number:08d}", invoice_on=invoiced,
            bank_slip=f"YH{invoiced:%Y%m%d}{number:07d}", paid_on=invoiced + timedelta(days=between(chance, (1, 40))),
        )  # fmt: skip

    def seller(self) -> str:
        place, trade = (
            one_of(self.chance, self.said["sellers"]),
            one_of(self.chance, self.told.firms["name_trades"]),
        )
        return f"深圳{place}{trade}供应商行（合成{between(self.chance, SELLERS):04d}）"


def invoice_code(on: date) -> str:
    return f"0440{on:%y}00{on:%y}11"


def form_answers(one: Application) -> dict[str, str]:
    """What is typed into the form of its scheme; the form asks for some of it."""
    return {
        "title": one.title, "summary": "".join(one.summary), "results": "".join(one.results),
        "total_investment": yuan(one.declared), "begins_on": one.begins_on.isoformat(),
        "finished_on": one.finished_on.isoformat(), "joint": "是", "class": one.project_class,
        "product_sales": yuan(one.sales), PROMISES: one.promise,
    }  # fmt: skip


def yuan(fen: int) -> str:
    return f"{fen // YUAN}.{fen % YUAN:02d}元"
