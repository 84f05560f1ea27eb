"""Days and years between dates in expressions, as the law counts them."""

from __future__ import annotations

from datetime import date

import pytest

from mangrove.rulebook.population import Population, Thing

from .test_interpret import LINKS, value_of


def on(opened: date | None, text: str) -> object:
    station = Thing("station", "s", {"opened_on": opened})
    return value_of(text, station, Population([station], LINKS))


@pytest.mark.parametrize(
    ("opened", "text", "found"),
    [
        (date(2019, 3, 1), "days_between(开通日期, 2020-03-01)", 366),
        (date(2020, 3, 1), "days_between(开通日期, 2021-03-01)", 365),
        (date(2021, 3, 1), "days_between(开通日期, 2020-03-01)", -365),
        (date(2020, 2, 29), "years_between(开通日期, 2021-02-28)", 1),
        (date(2020, 2, 29), "years_after(开通日期, 1) == 2021-02-28", True),
        (date(2020, 2, 29), "years_after(开通日期, 4) == 2024-02-29", True),
        (date(2020, 2, 29), "开通日期 in [years_after(2022-02-28, -2) .. 2021-01-01)", True),
        (None, "days_between(开通日期, 2020-03-01)", None),
        (None, "years_after(开通日期, 1)", None),
    ],
)
def test_time_between_days(opened: date | None, text: str, found: object) -> None:
    assert on(opened, text) == found
