"""Working days against the chinesecalendar package on every day of its years, and the table's own acts."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import chinese_calendar
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mangrove.casework.calendars import calendar_file, load_calendar, read_calendar_file, set_day
from mangrove.casework.clock_actions import explain_clock, start_clock
from mangrove.casework.models import Case
from mangrove.casework.verification import verify_clocks
from mangrove.casework.working_days import (
    ONE_DAY,
    Day,
    WorkingCalendar,
    add_months,
    calendar_of,
    days_in,
    working_calendar,
)
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal

from .conftest import BY

# The 2006 notice moved a rest day to 2006-01-03; chinesecalendar lacks the day worked for it, the package
# `holidays` 0.109 has it. The line says so and is marked 待核.
KNOWN_DIFFERENCE = [date(2005, 12, 31)]


@cache
def shipped() -> WorkingCalendar:
    return calendar_of({row.date: Day(row.kind, row.name) for row in read_calendar_file(calendar_file())})


def test_every_day_from_2004_to_2026_agrees_with_the_oracle() -> None:
    days = list(days_in(date(2004, 1, 1), date(2026, 12, 31)))
    differing = [day for day in days if shipped().is_working_day(day) != chinese_calendar.is_workday(day)]
    assert len(days) == 8401 and differing == KNOWN_DIFFERENCE


def test_the_file_covers_exactly_these_years() -> None:
    assert shipped().years == frozenset(range(2004, 2027))
    assert shipped().missing_years(date(2026, 12, 1), date(2028, 1, 1)) == [2027, 2028]


def test_a_worked_saturday_counts_and_mid_autumn_does_not() -> None:
    assert shipped().is_working_day(date(2021, 9, 18))
    assert shipped().add_working_days(date(2021, 9, 16), 5) == date(2021, 9, 24)
    assert shipped().working_days_between(date(2021, 9, 16), date(2021, 9, 24)) == 5
    assert shipped().working_days_between(date(2021, 9, 24), date(2021, 9, 16)) == -5


DAYS = st.dates(date(1995, 1, 1), date(2035, 12, 31))
TABLES = st.dictionaries(DAYS, st.builds(Day, st.sampled_from(["休", "班"]), st.just("样例")), max_size=40)


@given(TABLES, DAYS, DAYS)
def test_working_days_between_are_those_counted_one_by_one(
    days: dict[date, Day], after: date, until: date
) -> None:
    calendar = calendar_of(days)
    first, last = sorted((after, until))
    counted = sum(calendar.is_working_day(day) for day in days_in(first + ONE_DAY, last))
    assert calendar.working_days_between(after, until) == (counted if after <= until else -counted)


def test_the_end_of_the_calendar_is_counted_to_without_walking_there(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[date]()
    real = WorkingCalendar.is_working_day
    monkeypatch.setattr(
        WorkingCalendar, "is_working_day", lambda own, day: asked.append(day) or real(own, day)
    )
    calendar = calendar_of(shipped().days)
    assert calendar.working_days_between(date(2021, 9, 16), date.max) > 2_000_000
    assert len(asked) <= len(calendar.days)


def test_a_rest_day_rolls_past_the_whole_holiday() -> None:
    assert shipped().roll_forward(date(2021, 10, 1)) == date(2021, 10, 8)
    assert shipped().roll_forward(date(2021, 9, 18)) == date(2021, 9, 18)


@pytest.mark.parametrize(
    ("start", "months", "clipped", "overflowed"),
    [
        (date(2021, 5, 31), 1, date(2021, 6, 30), date(2021, 7, 1)),
        (date(2020, 11, 30), 3, date(2021, 2, 28), date(2021, 3, 1)),
        (date(2023, 11, 29), 3, date(2024, 2, 29), date(2024, 2, 29)),
        (date(2021, 10, 15), 3, date(2022, 1, 15), date(2022, 1, 15)),
        (date(2021, 9, 30), 3, date(2021, 12, 30), date(2021, 12, 30)),
    ],
)
def test_months_end_as_configured(start: date, months: int, clipped: date, overflowed: date) -> None:
    assert add_months(start, months) == clipped
    assert add_months(start, months, clip=False) == overflowed


@pytest.mark.django_db
def test_loading_is_one_event_and_never_overwrites_an_officer() -> None:
    today = timezone.localdate()
    assert load_calendar(by=BY, on=today) == len(shipped().days)
    set_day(date(2021, 9, 18), "休", name="台风", source="市防总通告", by=BY, on=today, why="停工")
    assert load_calendar(by=BY, on=today) == 0
    assert not working_calendar().is_working_day(date(2021, 9, 18))
    assert list(Event.objects.values_list("act", flat=True)) == ["casework.load_calendar", "casework.set_day"]


@pytest.mark.django_db
def test_one_added_day_does_not_pass_for_a_whole_year() -> None:
    set_day(date(2027, 1, 1), "休", name="元旦", source="通知", by=BY, on=timezone.localdate(), why="先录")
    assert 2027 not in working_calendar().years


@pytest.mark.django_db
def test_editing_needs_source_reason_and_a_known_kind() -> None:
    today = timezone.localdate()
    with pytest.raises(Refusal, match="须写明依据和理由"):
        set_day(date(2027, 1, 1), "休", name="元旦", source="", by=BY, on=today, why="先录")
    with pytest.raises(Refusal, match="“放”不认识"):
        set_day(date(2027, 1, 1), "放", name="元旦", source="通知", by=BY, on=today, why="先录")


@pytest.mark.django_db
def test_a_day_that_nobody_can_have_meant_is_refused() -> None:
    with pytest.raises(Refusal, match="30 年以后"):
        set_day(
            date(9999, 12, 31), "休", name="元旦", source="通知", by=BY, on=timezone.localdate(), why="先录"
        )
    assert not working_calendar().days


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text(
        "date,kind,name,source,status\n2027-01-01,休,元旦,通知,待核\n2027-13-01,休,元旦,通知,待核\n"
    )
    with pytest.raises(Refusal, match="假日表第 3 行读不懂"):
        read_calendar_file(path)


@pytest.mark.django_db
def test_an_edited_day_moves_the_clocks_that_run_over_it(case: Case) -> None:
    today = timezone.localdate()
    load_calendar(by=BY, on=today)
    clock = start_clock(case, "handover", by=BY, on=date(2021, 9, 16), why="补录")
    assert clock.due_on == date(2021, 9, 24)
    set_day(date(2021, 9, 18), "休", name="台风", source="市防总通告", by=BY, on=today, why="停工")
    clock.refresh_from_db()
    assert clock.due_on == date(2021, 9, 26) and verify_clocks() == []
    assert "　2021-09-18（星期六）班（中秋节调休），计入。" not in explain_clock(clock)
    edited, moved = list(Event.objects.order_by("id"))[-2:]
    assert (edited.act, moved.act) == ("casework.set_day", "casework.recompute_clock")
    assert edited.batch == moved.batch is not None
