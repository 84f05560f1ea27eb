"""Where a thing that has a case stands: with whom, since when, due when; the same words on every list and page."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from django.db.models import Max, Model, Prefetch, QuerySet
from django.utils import timezone

from mangrove.casework.inbox import Due, earliest_due
from mangrove.casework.models import Case, Clock
from mangrove.casework.working_days import WorkingCalendar, working_calendar
from mangrove.registry.labels import named
from mangrove.ui.dates import moment

Row = TypeVar("Row", bound=Model)


def with_standing(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Rows that have a ``case``: with when it last moved, and its running clocks, in two queries more."""
    running = Clock.objects.filter(met_on=None).prefetch_related("stops")
    clocks = Prefetch("case__clocks", queryset=running, to_attr="running_clocks")
    moved = {"moved_at": Max("case__acts__recorded"), "moved_on": Max("case__acts__on")}
    return rows.select_related("case__promise").annotate(**moved).prefetch_related(clocks)


def due_of(case: Case, calendar: WorkingCalendar | None = None) -> Due | None:
    """The day by which whoever has it must act; ``None`` for what is over."""
    if case.closed_on is not None:
        return None
    if not hasattr(case, "running_clocks"):
        case.running_clocks = list(case.clocks.filter(met_on=None).prefetch_related("stops"))  # type: ignore[attr-defined]
    return earliest_due(case, timezone.localdate(), calendar or working_calendar())


def holder_of(case: Case, *, person: bool = True) -> str:
    """The office, its unit and the officer; the officer is left out where that is nobody's business."""
    owner = case.owner.name if person and case.owner else ""
    office = named(case.organisation) if case.organisation else ""
    return " ".join(part for part in (office, case.unit, owner) if part)


def moved_words(at: datetime, on: date | None) -> str:
    """The moment of the last step, or the day alone of what was entered later (补录)."""
    return on.isoformat() if on is not None and on < timezone.localdate(at) else moment(at)
