from __future__ import annotations

from datetime import date

import pytest

from mangrove.figures.periods import Period


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31), "2020年"),
        ("2020年", date(2020, 1, 1), date(2020, 12, 31), "2020年"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "2020年2月"),
        ("2021年8月30日", date(2021, 8, 30), date(2021, 8, 30), "2021-08-30"),
    ],
)
def test_a_written_date_becomes_two_days(text: str, start: date, end: date, words: str) -> None:
    period = Period.parse(text)
    assert (period.start, period.end, str(period)) == (start, end, words)


@pytest.mark.parametrize("text", ["", "去年", "2020-13", "2021-02-30", "20210830"])
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是时点"):
        Period.parse(text)


def test_a_span_that_is_no_month_or_year_names_both_ends() -> None:
    assert str(Period(date(2020, 1, 1), date(2020, 8, 31))) == "2020-01-01至2020-08-31"
