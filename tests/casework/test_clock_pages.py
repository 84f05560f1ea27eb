"""A time limit explains itself on a page of its own, to the house and to nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mangrove.casework.clock_actions import extend_clock, meet_clock, restart_clock, start_clock, stop_clock
from mangrove.casework.models import Case, Clock
from mangrove.registry.models import Organisation, User

from .conftest import BY, OPENED
from .promising import account, browser, text

pytestmark = pytest.mark.django_db
WHY = "按存档原件补录"


@pytest.fixture
def clock(case: Case) -> Clock:
    return start_clock(case, "reply", by=BY, on=OPENED, why=WHY)


def page(user: User, clock: Clock, **headers: Any) -> str:
    return text(browser(user).get(f"/casework/clocks/{clock.pk}/", headers=headers))


def test_rule_article_source_and_arithmetic_stand_on_the_page(clock: Clock, officer: User) -> None:
    shown = page(officer, clock)
    for words in (
        "答复代表建议",
        "代表法（2015 文本）第四十二条",
        "2015-08-29 修正文本",
        "已核",
        "cn.2015.reply",
        "起算：交办之日 2021-06-15",
        "到期日：2021-09-15",
        "超期",
        "一次，总时限不超过 6 月",
        "起算时限",
        "经办人甲",
        "建议第 1 号",
    ):
        assert words in shown  # fmt: skip


def test_stops_and_an_extension_are_listed_with_who_moved_them(clock: Clock, officer: User) -> None:
    stop_clock(clock.pk, category="待代表补充", reason="来函不清", by=BY, on=date(2021, 7, 1))
    assert "未恢复" in page(officer, clock)
    restart_clock(clock.pk, by=BY, on=date(2021, 7, 11), why=WHY)
    extend_clock(
        clock.pk, total=6, consent_by="市人大选联任工委", reason="涉及面广", by=BY, on=date(2021, 9, 1)
    )
    shown = page(officer, clock)
    for words in (
        "2021-07-11",
        "待代表补充",
        "来函不清",
        "2021-09-25",
        "经市人大选联任工委同意",
        "停表",
        "恢复计时",
        "延期",
    ):
        assert words in shown


def test_a_met_limit_says_when(clock: Clock, officer: User) -> None:
    meet_clock(clock.pk, by=BY, on=date(2021, 8, 30), why=WHY)
    assert "2021-08-30 办结" in page(officer, clock)


def test_other_clocks_of_the_case_do_not_mix_in(clock: Clock, officer: User) -> None:
    other = start_clock(clock.case, "handover", by=BY, on=OPENED, why=WHY)
    meet_clock(other.pk, by=BY, on=date(2021, 6, 18), why=WHY)
    assert "时限办结" not in page(officer, clock) and "时限办结" in page(officer, other)


def test_it_opens_in_a_drawer_without_the_shell(clock: Clock, officer: User) -> None:
    drawer = page(officer, clock, **{"hx-request": "true"})
    assert "怎么算的" in drawer and "<html" not in drawer


def test_the_explanation_follows_the_readers_language(clock: Clock, officer: User) -> None:
    client = browser(officer)
    client.cookies["mangrove_language"] = "en"
    assert "Reply to a deputy&#x27;s proposal" in text(client.get(f"/casework/clocks/{clock.pk}/"))


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [
        ("officer", True, 200), ("supervisor", False, 200), ("head", False, 200), ("officer", False, 404),
        ("deputy", False, 404), ("operator", False, 404),
    ],
)  # fmt: skip
def test_the_house_reads_limits_and_others_learn_nothing(
    clock: Clock, bureau: Organisation, role: str, own: bool, status: int
) -> None:
    user = account("x", role, organisation=bureau if own else None)
    assert browser(user).get(f"/casework/clocks/{clock.pk}/").status_code == status
