"""The rows of a budget year, read in a few queries whatever their number."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from mangrove.funding.models import Award, Pot, Recovery
from mangrove.policies.performance.models import Indicator, Outcome
from mangrove.policies.performance.opening import awaiting
from mangrove.policies.plans.models import PlanLine, PlanPot
from mangrove.policies.results.decisions import OUTSIDE, Granted, Year, year_of
from mangrove.policies.schemes.definition import schemes
from mangrove.policies.schemes.forming import PROMISES


def years() -> list[int]:
    """Budget years in which a plan was made, the last first."""
    found = PlanPot.objects.values_list("pot__budget_year", flat=True).distinct()
    return sorted(set(found), reverse=True)


def pots_of(year: int) -> QuerySet[Pot]:
    return Pot.objects.filter(budget_year=year, plans__isnull=False).distinct()


def results(year: int) -> Year:
    budget = sum(pots_of(year).values_list("amount", flat=True))
    return year_of(budget, granted(year))


def awards_of(year: int) -> QuerySet[Award]:
    """All that was decided out of the pots which make up the budget, in a plan or outside one: the same money above and below the line."""
    return Award.objects.filter(pot__in=pots_of(year)).order_by("pk")


def granted(year: int) -> Iterator[Granted]:
    """What was decided out of the year's pots, with what was paid of it and when first, and what of that came back."""
    lines = PlanLine.objects.filter(award__isnull=False).values_list(
        "award_id", "claim__scheme", "claim__applied_on"
    )
    claims = {award: (scheme, applied) for award, scheme, applied in lines}
    paid = Q(orders__state="paid")
    awards = awards_of(year).annotate(
        paid=Sum("orders__amount", filter=paid), paid_on=Min("orders__settled_on", filter=paid)
    )
    back = dict(Recovery.objects.order_by().values_list("award").annotate(sum=Sum("amount")))
    held = indicators_of(year)
    for id, recipient, decided, fen, day in awards.values_list(
        "pk", "recipient", "decided", "paid", "paid_on"
    ):
        scheme, applied = claims.get(id, (OUTSIDE, None))
        yield Granted(
            scheme, recipient, decided, fen or 0, applied, day, back.get(id, 0), *held.get(id, (0, 0, 0))
        )


def indicators_of(year: int) -> dict[int, tuple[int, int, int]]:
    """By award: how many indicators it promised, how many of them were measured, and how many were found met."""
    return promised_so_far(year) | reviewed(year)


def reviewed(year: int) -> dict[int, tuple[int, int, int]]:
    rows = Indicator.objects.filter(performance__award__pot__in=pots_of(year)).order_by()
    counted = rows.values_list("performance__award").annotate(
        promised=Count("pk"), measured=Count("measured"), met=Count("pk", filter=Q(outcome=Outcome.MET))
    )
    return {award: (promised, measured, met) for award, promised, measured, met in counted}


def promised_so_far(year: int) -> dict[int, tuple[int, int, int]]:
    """What awards without a review promised in their applications: rows, or in older forms a text for each of the scheme's."""
    known = schemes()
    lines = awaiting().filter(
        award__pot__in=pots_of(year), claim__application__submissions__round=F("claim__application__rounds")
    )
    said = lines.values_list(
        "award", "claim__scheme", f"claim__application__submissions__content__answers__{PROMISES}"
    )
    return {
        award: (len(text.splitlines()) if isinstance(text, str) else len(known[scheme].indicators), 0, 0)
        for award, scheme, text in said
    }  # fmt: skip
