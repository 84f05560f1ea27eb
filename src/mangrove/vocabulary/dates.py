"""Counting time between days as the law does."""

from __future__ import annotations

from calendar import isleap
from datetime import date


def years_between(start: date, end: date) -> int:
    """Full years from ``start`` to ``end``, negative when ``end`` is the earlier one.

    A year from 29 February is full on the last day of February where there is no such day: a period without a
    matching day ends with the month (民法典第二百零二条).
    """
    if end < start:
        return -years_between(end, start)
    anniversary = (2, 28) if is_leap_day(start) and not isleap(end.year) else (start.month, start.day)
    return end.year - start.year - ((end.month, end.day) < anniversary)


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later (earlier if negative); of 29 February the 28th where there is no such day."""
    year = day.year + years
    return day.replace(year=year, day=28) if is_leap_day(day) and not isleap(year) else day.replace(year=year)


def is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)
