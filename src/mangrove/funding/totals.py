"""The five amounts, always added up from the rows themselves and never kept beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from mangrove.funding.models import Award, PaymentOrder, Pot, Recovery
from mangrove.funding.workflow import LIVE


@dataclass(frozen=True)
class Totals:
    """In fen. ``ordered`` are living orders (prepared to paid); ``received`` is what recipients confirmed."""

    decided: int = 0
    ordered: int = 0
    paid: int = 0
    received: int = 0
    recovered: int = 0

    @property
    def to_order(self) -> int:
        return self.decided - self.ordered

    @property
    def net(self) -> int:
        """Decided minus recovered: what a cap over years counts."""
        return self.decided - self.recovered


def summed(rows: QuerySet[PaymentOrder]) -> dict[str, int]:
    found = rows.aggregate(
        ordered=Sum("amount", filter=Q(state__in=LIVE)),
        paid=Sum("amount", filter=Q(state="paid")),
        received=Sum("amount", filter=Q(state="paid", received_on__isnull=False)),
    )
    return {name: value or 0 for name, value in found.items()}


def of_award(award: Award) -> Totals:
    recovered = Recovery.objects.filter(award=award).aggregate(sum=Sum("amount"))["sum"] or 0
    return Totals(award.decided, recovered=recovered, **summed(PaymentOrder.objects.filter(award=award)))


def of_awards(awards: QuerySet[Award]) -> Totals:
    """The totals of many awards together, in three queries."""
    decided = awards.aggregate(sum=Sum("decided"))["sum"] or 0
    recovered = Recovery.objects.filter(award__in=awards).aggregate(sum=Sum("amount"))["sum"] or 0
    return Totals(decided, recovered=recovered, **summed(PaymentOrder.objects.filter(award__in=awards)))


def of_pot(pot: Pot) -> Totals:
    return of_pots([pot])[pot.pk]


def of_pots(pots: Iterable[Pot]) -> dict[int, Totals]:
    """The totals of many pots in three queries."""
    ids = [pot.pk for pot in pots]
    decided = dict(
        Award.objects.filter(pot__in=ids).order_by().values_list("pot").annotate(sum=Sum("decided"))
    )
    back = Recovery.objects.filter(award__pot__in=ids).order_by()
    recovered = dict(back.values_list("award__pot").annotate(sum=Sum("amount")))
    orders = PaymentOrder.objects.filter(award__pot__in=ids).order_by().values_list("award__pot")
    sums = orders.annotate(
        ordered=Sum("amount", filter=Q(state__in=LIVE)),
        paid=Sum("amount", filter=Q(state="paid")),
        received=Sum("amount", filter=Q(state="paid", received_on__isnull=False)),
    )
    names = ("ordered", "paid", "received")
    moved = {pot: dict(zip(names, (fen or 0 for fen in found), strict=True)) for pot, *found in sums}
    return {id: Totals(decided.get(id, 0), recovered=recovered.get(id, 0), **moved.get(id, {})) for id in ids}
