"""The rows of a budget year, read in a few queries whatever their number."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min, Q, QuerySet, Sum

from mangrove.funding.models import Award, Pot, Recovery
from mangrove.policies.plans.models import PlanLine, PlanPot
from mangrove.policies.results.decisions import Granted, Year, year_of


def years() -> list[int]:
    """Budget years in which a plan was made, the last first."""
    found = PlanPot.objects.values_list("pot__budget_year", flat=True).distinct()
    return sorted(set(found), reverse=True)


def pots_of(year: int) -> QuerySet[Pot]:
    return Pot.objects.filter(budget_year=year, plans__isnull=False).distinct()


def results(year: int) -> Year:
    budget = sum(pots_of(year).values_list("amount", flat=True))
    return year_of(budget, granted(year))


def granted(year: int) -> Iterator[Granted]:
    """What plans of the year decided, with what was paid of it and when first, and what of that came back."""
    lines = PlanLine.objects.filter(award__isnull=False).values_list(
        "award_id", "claim__scheme", "claim__applied_on"
    )
    claims = {award: (scheme, applied) for award, scheme, applied in lines}
    paid = Q(orders__state="paid")
    awards = Award.objects.filter(pot__in=pots_of(year), plan_line__isnull=False).annotate(
        paid=Sum("orders__amount", filter=paid), paid_on=Min("orders__settled_on", filter=paid)
    )
    back = dict(Recovery.objects.order_by().values_list("award").annotate(sum=Sum("amount")))
    for id, recipient, decided, fen, day in awards.values_list(
        "pk", "recipient", "decided", "paid", "paid_on"
    ):
        scheme, applied = claims[id]
        yield Granted(scheme, recipient, decided, fen or 0, applied, day, back.get(id, 0))
