"""Due dates against an oracle that walks day by day; what a clock refuses; what it prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.casework.clocks import (
    Extension,
    Reading,
    Stop,
    check_extension,
    check_restart,
    check_stop,
    due_date,
    due_if_restarted,
    words_left,
)
from mangrove.casework.explanation import explain
from mangrove.casework.limits import Limit, Unit, limit_in_force
from mangrove.ledger.refusals import Refusal

from .test_calendars import shipped

LAW = limit_in_force("reply", date(2021, 6, 15))
FIVE_DAYS = limit_in_force("handover", date(2021, 9, 16))
START, TODAY = date(2021, 6, 15), date(2021, 9, 2)


def stop(first: date, last: date | None) -> Stop:
    return Stop(first, last, "待代表补充", "来函不清")


def oracle(reading: Reading) -> date:
    """Walk from the day after the start, crossing off each day that counts, as one would on a wall calendar."""
    unit, left = reading.limit.unit, reading.amount
    if unit == "月":
        year, month = reading.started_on.year, reading.started_on.month
        for _ in range(left):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        day_of_month = reading.started_on.day
        while True:
            try:
                left = (date(year, month, day_of_month) - reading.started_on).days
                break
            except ValueError:
                day_of_month -= 1
    day = reading.started_on
    while left:
        day += timedelta(days=1)
        standing = any(s.stopped_on <= day < (s.restarted_on or date.max) for s in reading.stops)
        if not standing and (unit != "工作日" or chinese_calendar.is_workday(day)):
            left -= 1
    while reading.limit.roll and not chinese_calendar.is_workday(day):
        day += timedelta(days=1)
    return day


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    unit: Unit = draw(st.sampled_from(("工作日", "日", "月")))
    amount = draw(st.integers(1, 6 if unit == "月" else 40))
    limit: Limit = replace(LAW, unit=unit, amount=amount, roll=draw(st.booleans()))
    start = draw(st.dates(date(2006, 1, 1), date(2024, 12, 31)))
    stops, day = [], start
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 40)), max_size=4)):
        first = day + timedelta(days=gap)
        day = first + timedelta(days=length)
        stops.append(stop(first, day))
    return Reading(limit, start, tuple(stops))


@given(readings())
def test_the_due_date_is_what_walking_day_by_day_gives(reading: Reading) -> None:
    assert due_date(reading, shipped()) == oracle(reading)


@given(readings(), st.integers(0, 60))
def test_a_standing_clock_has_no_due_date_but_answers_if_asked_today(reading: Reading, later: int) -> None:
    due = due_date(reading, shipped())
    assert due is not None
    last = reading.stops[-1].restarted_on if reading.stops else reading.started_on
    assert last is not None
    stops = (*reading.stops, stop(last, None))
    today = last + timedelta(days=later)
    standing, restarted = (
        replace(reading, stops=stops),
        replace(reading, stops=(*stops[:-1], stop(last, today))),
    )
    assert due_date(standing, shipped()) is None
    assert due_if_restarted(standing, today, shipped()) == oracle(restarted) >= due


def test_the_sample_letter_was_due_in_september_2021() -> None:
    assert due_date(Reading(LAW, START), shipped()) == date(2021, 9, 15)
    assert words_left(date(2021, 9, 15), TODAY, shipped()) == "剩 9 个工作日"
    assert words_left(date(2021, 9, 15), date(2021, 9, 15), shipped()) == "今日到期"
    assert words_left(date(2021, 9, 15), date(2021, 9, 17), shipped()) == "超期 2 天（自然日）"


@pytest.mark.parametrize(
    ("stops", "new", "said"),
    [
        ((), stop(date(2021, 6, 14), None), "早于起算日 2021-06-15"),
        ((), stop(date(2021, 9, 3), None), "在今天（2021-09-02）之后"),
        ((stop(date(2021, 7, 1), date(2021, 7, 9)),), stop(date(2021, 7, 8), None), "早于上次恢复的 2021-07-09"),
        ((stop(date(2021, 7, 1), None),), stop(date(2021, 7, 8), None), "自 2021-07-01 起已停"),
        ((), Stop(date(2021, 7, 1), None, "待代表补充", " "), "停表须写明类别和理由"),
    ],
)  # fmt: skip
def test_a_wrong_stop_is_refused(stops: tuple[Stop, ...], new: Stop, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        check_stop(Reading(LAW, START, stops), new, TODAY, shipped())


def test_a_run_out_clock_cannot_be_stopped() -> None:
    with pytest.raises(Refusal, match="已于 2021-09-15 届满"):
        check_stop(Reading(LAW, START), stop(date(2021, 9, 16), None), date(2021, 9, 20), shipped())


def test_a_wrong_restart_is_refused() -> None:
    standing = Reading(LAW, START, (stop(date(2021, 7, 1), None),))
    with pytest.raises(Refusal, match="没有停"):
        check_restart(Reading(LAW, START), date(2021, 7, 2), TODAY)
    with pytest.raises(Refusal, match="早于停表日期 2021-07-01"):
        check_restart(standing, date(2021, 6, 30), TODAY)
    with pytest.raises(Refusal, match="之后"):
        check_restart(standing, date(2021, 9, 3), TODAY)
    with pytest.raises(Refusal, match="已于 2021-08-30 办结"):
        check_restart(replace(standing, met_on=date(2021, 8, 30)), date(2021, 8, 31), TODAY)


EXTENSION = Extension(6, date(2021, 9, 1), "市人大常委会选联任工委", "涉及面广", date(2021, 9, 15))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"consent_by": ""}, "延期须经交办的人大代表工作机构同意"),
        ({"total": 7}, "应多于 3、不超过 6 月"),
        ({"total": 3}, "应多于 3、不超过 6 月"),
        ({"extended_on": date(2021, 9, 3)}, "之后"),
        ({"extended_on": date(2021, 6, 1)}, "不在时限之内"),
    ],
)
def test_a_wrong_extension_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        check_extension(Reading(LAW, START), replace(EXTENSION, **changes), TODAY)  # type: ignore[arg-type]


def test_an_extension_is_given_once_and_only_where_the_rule_has_one() -> None:
    extended = Reading(LAW, START, extension=EXTENSION)
    assert due_date(extended, shipped()) == date(2021, 12, 15)
    with pytest.raises(Refusal, match="已于 2021-09-01 延期一次"):
        check_extension(extended, EXTENSION, TODAY)
    with pytest.raises(Refusal, match="未规定“交办闭会期间的建议”可以延期"):
        check_extension(Reading(FIVE_DAYS, START), EXTENSION, TODAY)


def test_a_working_day_clock_names_each_holiday_it_counted() -> None:
    lines = explain(Reading(FIVE_DAYS, date(2021, 9, 16)), date(2021, 9, 17), shipped())
    assert lines == [
        "时限：交办闭会期间的建议，5 个工作日。依据：参照青岛 2021 第十四条（待核）；规则 sz.ref.handover，规则包 shenzhen@2026-11-23。",
        "起算：收到建议之日 2021-09-16（星期四）；次日为第 1 日。",
        "计算：从 2021-09-17 数满 5 个工作日，末日为 2021-09-24（星期五）。",
        "　2021-09-18（星期六）班（中秋节调休），计入。",
        "　2021-09-20（星期一）休（中秋节），不计。",
        "　2021-09-21（星期二）休（中秋节），不计。",
        "到期日：2021-09-24（星期五）。",
        "今日（2021-09-17）问：剩 4 个工作日。",
    ]


def test_stops_extension_and_notes_are_printed() -> None:
    stops = (stop(date(2021, 7, 1), date(2021, 7, 6)), stop(date(2021, 9, 1), None))
    text = "\n".join(explain(Reading(LAW, START, stops, EXTENSION), TODAY, shipped()))
    assert (
        "停表：2021-07-01 至 2021-07-05（待代表补充：来函不清），扣去 5 日，末日移至 2021-12-20（星期一）。"
        in text
    )
    assert "停表：自 2021-09-01 起（待代表补充：来函不清），至今未恢复。" in text
    assert (
        "延期：2021-09-01 经市人大常委会选联任工委同意，总时限由 3 个月改为 6 个月；原到期日 2021-09-15。理由：涉及面广。"
        in text
    )
    assert "到期日：停表期间不定；若今日（2021-09-02）恢复，为 2021-12-21（星期二）。" in text
    assert "注意：条文未写月末取法" in text


def test_a_clipped_month_and_a_last_day_of_rest_are_said() -> None:
    clipped = explain(Reading(LAW, date(2020, 11, 30)), TODAY, shipped())
    assert "该月没有 30 日，取月末。" in clipped
    assert "末日 2021-02-28（星期日）是休息日，本规则不顺延。" in clipped
    rolled = explain(Reading(replace(LAW, roll=True), date(2020, 11, 30)), TODAY, shipped())
    assert "末日 2021-02-28（星期日）是休息日，顺延到 2021-03-01（星期一）。" in rolled


def test_a_year_without_a_table_is_admitted() -> None:
    lines = explain(Reading(FIVE_DAYS, date(2026, 12, 29)), date(2026, 12, 30), shipped())
    assert "注意：假日表未含 2027 年，按周末推算，待核。" in lines


def test_the_english_says_the_same() -> None:
    lines = explain(Reading(LAW, START, met_on=date(2021, 8, 30)), TODAY, shipped(), language="en")
    assert lines == [
        "Limit: Reply to a deputy's proposal, 3 months. Basis: Deputies Law (2015 text), art. 42 (verified); "
        "rule cn.2015.reply, pack cn_deputies_law@2026-11-23.",
        "Runs from the day it was handed over, 2021-06-15 (Tue); the next day is day 1.",
        "3 months after 2021-06-15 ends on 2021-09-15 (Wed).",
        "Due: 2021-09-15 (Wed).",
        "Done on 2021-08-30.",
    ]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2021, 9, 14), "1 working day left"),
        (date(2021, 9, 15), "due today"),
        (date(2021, 9, 16), "1 day overdue"),
        (date(2021, 9, 17), "2 days overdue"),
    ],
)
def test_the_english_counts_as_english_does(today: date, said: str) -> None:
    lines = explain(Reading(LAW, START), today, shipped(), language="en")
    assert f"Asked today ({today}): {said}." in lines
