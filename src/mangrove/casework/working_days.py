"""Chinese working days, from an editable table of holidays (休) and worked weekend days (班).

Counting convention, printed with every result: the day after the start is day 1. Months run to the same day of the
later month, or to that month's last day where it has no such day. Only :func:`working_calendar` reads the database.
"""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

from mangrove.casework.models import CalendarDay

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """One line of the table: 休 or 班, and the holiday it belongs to."""

    kind: str
    name: str


@dataclass(frozen=True)
class WorkingCalendar:
    """The table as read at one moment. ``years`` are those for which it holds the official arrangement."""

    days: Mapping[date, Day]
    years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        listed = self.days.get(day)
        return listed.kind == "班" if listed else day.weekday() < SATURDAY

    def roll_forward(self, day: date) -> date:
        """The day itself, or the next working day."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """The ``count``-th working day after ``start``; the day after the start is day 1. ``count`` ≥ 1."""
        day = start
        for _ in range(count):
            day = self.roll_forward(day + ONE_DAY)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; negative when ``until`` comes first."""
        return self.working_days_until(until) - self.working_days_until(after)

    def working_days_until(self, day: date) -> int:
        """Working days from the first day of the calendar (0001-01-01, a Monday): whole weeks, and what the table changes."""
        weeks, rest = divmod(day.toordinal(), 7)
        days, changes = self.changes
        return 5 * weeks + min(rest, 5) + changes[bisect_right(days, day)]

    @cached_property
    def changes(self) -> tuple[list[date], list[int]]:
        """The listed days in order; and how many working days the first 0, 1, 2, … of them add to the bare weeks."""
        days = sorted(self.days)
        added = (self.is_working_day(day) - (day.weekday() < SATURDAY) for day in days)
        return days, [0, *accumulate(added)]

    def listed(self, first: date, last: date) -> list[tuple[date, Day]]:
        """The lines of the table from ``first`` to ``last``, both included, in date order."""
        return [(day, self.days[day]) for day in days_in(first, last) if day in self.days]

    def missing_years(self, first: date, last: date) -> list[int]:
        """The years in the span whose arrangement the table does not hold."""
        return [year for year in range(first.year, last.year + 1) if year not in self.years]


def days_in(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def add_months(start: date, count: int, *, clip: bool = True) -> date:
    """The same day ``count`` months later.

    Where that month is too short: its last day (``clip``), or the first day of the month after it.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = gregorian.monthrange(year, month + 1)[1]
    if start.day <= last or clip:
        return date(year, month + 1, min(start.day, last))
    return date(year, month + 1, last) + ONE_DAY


def working_calendar() -> WorkingCalendar:
    """The table as it stands now; one query."""
    rows = CalendarDay.objects.values_list("date", "kind", "name")
    return calendar_of({day: Day(kind, name) for day, kind, name in rows})


def calendar_of(days: Mapping[date, Day]) -> WorkingCalendar:
    """A year is held when its National Day (10-01) is listed, so that a single correction does not pass for a year."""
    years = frozenset(day.year for day in days if (day.month, day.day) == (10, 1))
    return WorkingCalendar(days, years)
