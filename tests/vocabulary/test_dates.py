"""Full years between days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.vocabulary.dates import years_between


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2020-12-31", "2021-12-30", 0),
        ("2020-12-31", "2021-12-31", 1),
        ("2023-02-28", "2024-02-27", 0),
        ("2020-02-29", "2021-02-27", 0),
        ("2020-02-29", "2021-02-28", 1),
        ("2020-02-29", "2024-02-28", 3),
        ("2020-02-29", "2024-02-29", 4),
        ("2022-01-01", "2021-01-01", -1),
        ("2022-01-01", "2021-01-02", 0),
    ],
)
def test_a_year_is_full_on_its_day_and_not_before(start: str, end: str, years: int) -> None:
    assert years_between(date.fromisoformat(start), date.fromisoformat(end)) == years


@given(st.dates(date(1950, 1, 1), date(2080, 1, 1)), st.integers(0, 40_000))
def test_one_day_more_adds_a_year_only_on_the_anniversary(start: date, days: int) -> None:
    end = start + timedelta(days)
    grown = years_between(start, end + timedelta(1)) - years_between(start, end)
    assert grown in (0, 1)
    following = end + timedelta(1)
    matching = (following.month, following.day) == (start.month, start.day)
    month_end = (
        (start.month, start.day) == (2, 29) and (following + timedelta(1)).day == 1 and following.month == 2
    )
    assert grown == (following > start and (matching or month_end))
