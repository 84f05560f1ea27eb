"""What a round comes to: by item the totals that count, their plain mean, the rank; and how far everybody is.

Computed from the marks each time, in a handful of queries; nothing of it is stored.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.functional import cached_property

from mangrove.reviews.decisions import Place, differs_much, mean, ranking, spread, total
from mangrove.reviews.models import Assignment, Item, Round, Submission
from mangrove.reviews.rubrics import Rubric, read_rubric
from mangrove.reviews.rules import rule_of
from mangrove.reviews.workflow import COUNTING, LEFT, WAITING


@dataclass
class Reviewed:
    """One item with its assignments, the totals that count, and its place."""

    item: Item
    assignments: list[Assignment] = field(default_factory=list)
    totals: list[Fraction] = field(default_factory=list)
    place: Place | None = None
    alarming: bool = False

    def states(self, *wanted: str) -> int:
        return sum(one.case.state in wanted for one in self.assignments)

    @property
    def submitted(self) -> int:
        return self.states(*COUNTING)

    @property
    def waiting(self) -> int:
        return self.states(*WAITING)

    @property
    def left(self) -> int:
        return self.states(*LEFT)

    @property
    def spread(self) -> Fraction:
        return spread(self.totals)

    @property
    def mean(self) -> Fraction | None:
        return self.place.mean if self.place else None

    @property
    def rank(self) -> int | None:
        return self.place.rank if self.place else None


class Results:
    """All of a round; read once a page."""

    def __init__(self, of: Round) -> None:
        self.round = of
        self.rubric: Rubric = read_rubric(of.rubric)

    @cached_property
    def items(self) -> list[Reviewed]:
        """The items in the order of their codes."""
        found = {item.pk: Reviewed(item) for item in self.round.items.prefetch_related("parties")}
        for assignment in self.assignments:
            found[assignment.item_id].assignments.append(assignment)
        for item_id, totals in self.totals.items():
            found[item_id].totals = totals
        self.rank(list(found.values()))
        return list(found.values())

    @cached_property
    def assignments(self) -> list[Assignment]:
        rows = Assignment.objects.filter(item__round=self.round)
        return list(
            rows.select_related("case", "item", "expert__user__organisation").order_by(
                "item_id", "expert__user__name", "uid"
            )
        )

    @cached_property
    def standing(self) -> list[Submission]:
        """The submissions that count."""
        rows = Submission.objects.filter(assignment__item__round=self.round, standing=True)
        return list(
            rows.select_related("assignment__expert__user", "assignment__item", "event").order_by("pk")
        )

    @cached_property
    def totals(self) -> dict[int, list[Fraction]]:
        found: dict[int, list[Fraction]] = defaultdict(list)
        for one in self.standing:
            found[one.assignment.item_id].append(self.total_of(one))
        return found

    def total_of(self, one: Submission) -> Fraction:
        return total(self.rubric, {id: entry["mark"] for id, entry in one.marks.items()})

    def rank(self, reviewed: list[Reviewed]) -> None:
        places = {
            place.code: place for place in ranking({one.item.code: mean(one.totals) for one in reviewed})
        }
        percent = rule_of(self.round.rules, "discrepancy").value
        for one in reviewed:
            one.place = places[one.item.code]
            one.alarming = differs_much(self.rubric, one.totals, percent)

    @property
    def ranked(self) -> list[Reviewed]:
        """Best first; equal ones by code; what has no mean last."""
        return sorted(self.items, key=lambda one: (one.rank is None, one.rank or 0, one.item.code))

    @property
    def done(self) -> int:
        return len(self.standing)

    @property
    def wanted(self) -> int:
        """How many reviews the round needs in all."""
        return self.round.least * len(self.items)

    @property
    def short(self) -> list[Reviewed]:
        """Items with fewer experts at work or done than the round asks for."""
        return [one for one in self.items if one.submitted + one.waiting < self.round.least]
