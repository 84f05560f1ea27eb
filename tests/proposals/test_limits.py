"""The clocks of a reply: which act starts and ends which, and the arithmetic that each prints."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mangrove.casework.clock_actions import explain_clock
from mangrove.casework.models import Clock
from mangrove.casework.verification import verify_clocks
from mangrove.ledger.refusals import Refusal
from mangrove.proposals import limit_actions
from mangrove.proposals.models import Reply

from . import life
from .life import hand_over, lead_to, register, step, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


def clocks(reply: Reply) -> dict[str, Clock]:
    return {clock.terms["key"]: clock for clock in reply.case.clocks.order_by("id")}


def handed_on(day: date, part: str = "主办", unit: str = "szgxj") -> Reply:
    return hand_over(register(on=day, why="补录"), unit, part, on=day, why="补录")


def test_the_law_of_the_day_of_the_hand_over_decides() -> None:
    old, new = handed_on(date(2021, 6, 4)), hand_over(register("2"))
    assert clocks(old)["reply"].rule == "cn.2015.reply" and clocks(new)["reply"].rule == "cn.2025.reply"
    assert clocks(old)["reply"].due_on == date(2021, 9, 4)


@pytest.mark.parametrize(
    ("handed", "due", "line"),
    [
        (date(2021, 6, 4), date(2021, 9, 4), "末日 2021-09-04（星期六）是休息日，本规则不顺延。"),
        (date(2020, 11, 30), date(2021, 2, 28), "该月没有 30 日，取月末。"),
        (date(2021, 5, 31), date(2021, 8, 31), "计算：2021-05-31 之后 3 个月，末日为 2021-08-31（星期二）。"),
    ],
)
def test_three_months_are_counted_as_a_person_would(handed: date, due: date, line: str) -> None:
    clock = clocks(handed_on(handed))["reply"]
    lines = explain_clock(clock)
    assert clock.due_on == due and line in lines
    assert f"到期日：{due}" in "".join(lines) and f"起算：交办之日 {handed}" in lines[1]


def test_twenty_working_days_pass_over_the_holidays() -> None:
    clock = clocks(handed_on(date(2021, 6, 4)))["contact"]
    assert clock.due_on == date(2021, 7, 5)
    assert "　2021-06-14（星期一）休（端午节），不计。" in explain_clock(clock)
    assert "计算：从 2021-06-05 数满 20 个工作日，末日为 2021-07-05（星期一）。" in explain_clock(clock)


def test_a_limit_that_is_not_read_in_law_says_so() -> None:
    lines = explain_clock(clocks(handed_on(date(2021, 6, 4)))["return"])
    assert "（待核）" in lines[0] and any(line.startswith("注意：") for line in lines)


def test_the_arithmetic_is_told_in_english_too() -> None:
    lines = explain_clock(clocks(handed_on(date(2021, 6, 4)))["reply"], language="en")
    assert "Deputies Law (2015 text), art. 42 (verified)" in lines[0]
    assert "2021-09-04 (Sat)" in "".join(lines)


def test_each_act_ends_the_limits_that_it_meets() -> None:
    reply = lead_to("handed")
    assert set(clocks(reply)) == {"return", "contact", "reply"}
    step(reply, "accept", "officer")
    assert clocks(reply)["return"].met_on == life.today()
    life.contact(reply)
    assert clocks(reply)["contact"].met_on == life.today() and clocks(reply)["reply"].met_on is None
    lead_to("delivered", reply)
    assert clocks(reply)["reply"].met_on == life.today() and clocks(reply)["feedback"].met_on is None
    life.rate(reply)
    assert clocks(reply)["feedback"].met_on == life.today()
    assert verify_clocks() == []


def test_a_late_delivery_is_recorded_as_late() -> None:
    reply = handed_on(life.today() - timedelta(days=120))
    lead_to("delivered", reply)
    clock = clocks(reply)["reply"]
    assert clock.due_on and clock.met_on == life.today()
    assert f"已于 {life.today()} 办结，超期 {(life.today() - clock.due_on).days} 天。" in explain_clock(clock)


class TestChanging:
    def test_one_extension_with_consent_keeps_the_first_date(self) -> None:
        reply = lead_to("drafting")
        before = clocks(reply)["reply"]
        said = {
            "by": who("officer"),
            "on": life.today(),
            "clock_id": before.pk,
            "total": 6,
            "why": "涉及面广。",
        }
        with pytest.raises(Refusal, match="写明同意者"):
            limit_actions.extend_limit(**said, consent_by=" ")
        with pytest.raises(Refusal, match="不超过 6 月"):
            limit_actions.extend_limit(**{**said, "total": 7}, consent_by="选联任工委")
        after = limit_actions.extend_limit(**said, consent_by="选联任工委")
        assert after.original_due_on == before.due_on and after.due_on and before.due_on
        assert after.due_on > before.due_on
        with pytest.raises(Refusal, match="不能再延"):
            limit_actions.extend_limit(**said, consent_by="选联任工委")

    def test_a_stopped_feedback_runs_again_when_the_rating_comes(self) -> None:
        reply = lead_to("delivered")
        said = {"by": who("liaison"), "on": life.today(), "category": "待代表", "why": "代表出访。"}
        clock = limit_actions.stop_limit(**said, clock_id=clocks(reply)["feedback"].pk)
        assert clock.due_on is None
        with pytest.raises(Refusal, match="期限停着"):
            step(reply, "close_unrated", "liaison", why="没有回音。")
        life.rate(reply)
        assert clocks(reply)["feedback"].met_on == life.today()

    @pytest.mark.parametrize("username", ["reviewer", "director", "inspector", "auditor"])
    def test_others_read_and_do_not_change(self, username: str) -> None:
        clock = clocks(lead_to("drafting"))["reply"]
        with pytest.raises(Refusal) as refusal:
            limit_actions.stop_limit(
                by=who(username), on=life.today(), clock_id=clock.pk, category="等", why="等。"
            )
        assert refusal.value.code == "proposals.not_limit_keeper"
