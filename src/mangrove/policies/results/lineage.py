"""A year's results as values of ``figures``: each with the pots, awards and orders that it was added up from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mangrove.figures.actions import Row, Stated
from mangrove.figures.periods import Period
from mangrove.funding.models import Award, PaymentOrder, Pot
from mangrove.ledger.hashing import canonical
from mangrove.ledger.models import Event
from mangrove.policies.plans.models import PlanLine
from mangrove.policies.results.decisions import OUTSIDE, Granted, Year, year_of
from mangrove.policies.results.gathering import awards_of, granted, pots_of
from mangrove.policies.schemes.definition import schemes

BUDGET, COMMITTED, PAID, UNSPENT = "support_budget", "support_committed", "support_paid", "support_unspent"
BENEFICIARIES, MEDIAN, NINETIETH = "support_beneficiaries", "support_days_median", "support_days_ninetieth"
#: What is stated; the share unspent is divided from two of them by the room of figures.
STATED = (BUDGET, COMMITTED, PAID, UNSPENT, BENEFICIARIES, MEDIAN, NINETIETH)
SHARE = "support_unspent_share"
SPREAD = "扶持事项"
SOURCE, SYNTHETIC_SOURCE = "support_results", "support_results_sample"
FEN, COUNT, DAYS = "分", "家", "天"
POTS, AWARDS, ORDERS, FIRMS = "资金池", "资助决定", "支付指令", "首笔支付"


@dataclass(frozen=True)
class Basis:
    """The rows of a budget year as they were read, and the last event of the ledger by then."""

    year: int
    pots: Sequence[Pot]
    awards: Sequence[Award]
    orders: Sequence[PaymentOrder]
    granted: Sequence[Granted]
    schemes: dict[int, str]
    position: int

    @property
    def synthetic(self) -> bool:
        return any(one.synthetic for one in self.pots) or any(one.synthetic for one in self.awards)

    @property
    def source(self) -> str:
        return SYNTHETIC_SOURCE if self.synthetic else SOURCE

    @property
    def results(self) -> Year:
        return year_of(sum(one.amount for one in self.pots), self.granted)

    def of(self, scheme: str) -> Basis:
        """The part of one scheme; no pot is one scheme's."""
        awards = [one for one in self.awards if self.schemes[one.pk] == scheme]
        kept = {one.pk for one in awards}
        orders = [one for one in self.orders if one.award_id in kept]
        mine = [one for one in self.granted if one.scheme == scheme]
        return Basis(self.year, (), awards, orders, mine, self.schemes, self.position)


def basis(year: int) -> Basis:
    awards = list(awards_of(year))
    lines = PlanLine.objects.filter(award__in=awards).values_list("award_id", "claim__scheme")
    known = {**{one.pk: OUTSIDE for one in awards}, **dict(lines)}
    orders = PaymentOrder.objects.filter(award__in=awards, state="paid").order_by("settled_on", "number")
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    return Basis(
        year, list(pots_of(year).order_by("code")), awards, list(orders), list(granted(year)), known, last or 0
    )  # fmt: skip


def period_of(year: int, on: date) -> Period:
    """The whole year once it is over; before that its beginning up to the day of publication."""
    whole = Period.of(year)
    return whole if on >= whole.end else Period(whole.start, max(on, whole.start))


def stated(found: Basis, on: date) -> list[Stated]:
    """All values of the year, and of each scheme what was decided, paid and received."""
    period, whole = period_of(found.year, on), values_of(found, {})
    spread = [
        one
        for id in sorted(set(found.schemes.values()))
        for one in spread_of(found.of(id), {SPREAD: title(id)})
    ]
    note = note_of(found)
    return [
        Stated(id, period, amount, found.source, unit, dimensions=cut, rows=rows, note=with_hash(note, listed))
        for id, amount, unit, cut, rows, listed in (*whole, *spread)
    ]  # fmt: skip


#: Definition, amount, unit, cut, records that add up to it or ``None``, and a hash of the list where records cannot add up.
Line = tuple[str, Decimal, str, dict[str, str], Sequence[Row] | None, str]


def values_of(found: Basis, cut: dict[str, str]) -> list[Line]:
    pots, orders = pot_rows(found), order_rows(found)
    less = [Row(ORDERS, one.key, one.label, -one.amount, one.source) for one in orders]
    return [
        money(BUDGET, cut, pots), *spread_of(found, cut), money(UNSPENT, cut, [*pots, *less]), *days_of(found, cut)
    ]  # fmt: skip


def spread_of(found: Basis, cut: dict[str, str]) -> list[Line]:
    firms = firm_rows(found)
    return [
        money(COMMITTED, cut, award_rows(found)), money(PAID, cut, order_rows(found)),
        (BENEFICIARIES, Decimal(len(firms)), COUNT, cut, firms, ""),
    ]  # fmt: skip


def days_of(found: Basis, cut: dict[str, str]) -> list[Line]:
    """A rank is no sum: its records stand in the note by a hash. Nothing is said where nothing was paid."""
    whole, listed = found.results.all, digest(str(one.days) for one in found.granted if one.days is not None)
    return [
        (id, Decimal(days), DAYS, cut, None, listed)
        for id, days in ((MEDIAN, whole.median), (NINETIETH, whole.ninetieth))
        if days is not None
    ]


def money(id: str, cut: dict[str, str], rows: Sequence[Row]) -> Line:
    return id, sum((one.amount for one in rows), Decimal()), FEN, cut, rows, ""


def pot_rows(found: Basis) -> list[Row]:
    return [Row(POTS, one.code, one.document_number, Decimal(one.amount), found.source) for one in found.pots]


def award_rows(found: Basis) -> list[Row]:
    """By number and scheme, not by name: whoever signs in reads figures, and may not read every award."""
    return [
        Row(AWARDS, str(one.uid), title(found.schemes[one.pk]), Decimal(one.decided), found.source)
        for one in found.awards
    ]


def order_rows(found: Basis) -> list[Row]:
    return [
        Row(ORDERS, one.number, title(found.schemes[one.award_id]), Decimal(one.amount), found.source)
        for one in found.orders
    ]


def firm_rows(found: Basis) -> list[Row]:
    """A firm is told by the order that paid it first."""
    recipient = {one.pk: one.recipient_id for one in found.awards}
    first: dict[str, PaymentOrder] = {}
    for one in found.orders:
        first.setdefault(recipient[one.award_id], one)
    return [
        Row(FIRMS, one.number, title(found.schemes[one.award_id]), Decimal(1), found.source)
        for one in first.values()
    ]


def title(scheme: str) -> str:
    """Chinese, as rows are kept whoever publishes; of a scheme that is gone its id."""
    if scheme == OUTSIDE:
        return "计划外的决定"
    return schemes()[scheme].title.zh if scheme in schemes() else scheme


def note_of(found: Basis) -> str:
    return (
        f"资金池{len(found.pots)}个、资助{len(found.awards)}件、已支付指令{len(found.orders)}笔；"
        f"账本至第{found.position}号事件"
    )


def with_hash(note: str, listed: str) -> str:
    return f"{note}；天数清单校验值 {listed}" if listed else note


def digest(texts: Iterable[str]) -> str:
    return hashlib.sha256(canonical({"rows": sorted(texts)}).encode()).hexdigest()


def manifest(found: Basis) -> dict[str, object]:
    """What the ledger keeps of what the year was added up from."""
    return {
        "year": found.year, "position": found.position, "pots": [one.code for one in found.pots],
        "awards": digest(f"{one.uid} {one.decided}" for one in found.awards), "awards_count": len(found.awards),
        "orders": digest(f"{one.number} {one.amount} {one.settled_on}" for one in found.orders), "orders_count": len(found.orders),
        "claims": digest(f"{one.applied_on} {one.recipient}" for one in found.granted),
    }  # fmt: skip
