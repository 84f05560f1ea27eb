"""Counting time between days as the law does, and reading a day as people write it."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date
from unicodedata import normalize

#: Year, month, day, parted one way throughout: 2021-8-30, 2021/08/30, 2021.8.30, 2021年8月30日, 20210830.
WRITTEN = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))", re.ASCII
)
#: The year comes last: whether the month or the day comes first is not told.
YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})", re.ASCII)


def read_day(text: str) -> date:
    """A day in the usual Chinese ways of writing; width and blanks do not matter. Raises ``ValueError``."""
    found = WRITTEN.fullmatch(plain(text))
    if found is None:
        raise ValueError(text)
    year, _mark, *parts = found.groups()
    month, day = (part for part in parts if part)
    return date(int(year), int(month), int(day))


def read_two_ways(text: str) -> bool:
    """Whether it is a day of which the order is not told: 01/02/2026."""
    return YEAR_LAST.fullmatch(plain(text)) is not None


def plain(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


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
