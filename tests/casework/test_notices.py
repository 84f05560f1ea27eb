"""Notices: their period is that of the notices really published, and they end as they may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from pytest_django import Settings

from mangrove.casework.clock_actions import explain_clock
from mangrove.casework.inbox import inbox
from mangrove.casework.messages.models import Message
from mangrove.casework.notices import actions
from mangrove.casework.notices.access import access_notice
from mangrove.casework.notices.models import NoticeItem
from mangrove.casework.notices.verification import verify_notices
from mangrove.casework.notices.workflow import period_of
from mangrove.casework.rules import rules
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal

from . import office
from .office import at, prepared, published, today, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db: None) -> None:
    office.open_office()


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2023, 9, 22), date(2023, 10, 8)), (date(2024, 11, 19), date(2024, 11, 27))],
)
def test_the_period_ends_on_the_day_that_the_bureau_printed(first: date, last: date) -> None:
    """Seven working days with the first, over a holiday with worked weekends and without (S42, S44)."""
    clock = period_of(published(on=first).case)
    assert clock is not None and clock.due_on == last and verify_clocks() == []
    assert any(f"到期日：{last}" in line for line in explain_clock(clock))
    assert (
        explain_clock(clock, runs_out=True)[-1] == "期间已满。"
    )  # whoever ends the notice afterwards is not late


def test_who_prepares_is_not_who_publishes_and_both_are_asked_in_their_turn() -> None:
    notice = prepared()
    assert [todo.act for todo in inbox(who("signer"))] == ["发布公示"]
    with pytest.raises(Refusal, match="不能“发布公示”"):
        actions.publish(**at(notice, "officer"))
    actions.publish(**at(notice, "signer"))
    assert [todo.title for todo in inbox(who("signer"))] == []
    assert {m.to.username for m in Message.objects.filter(kind=actions.PUBLISHED)} == {"firm", "rival"}
    assert verify_notices() == [] == verify_states()


def test_the_business_office_never_takes_the_objections() -> None:
    with pytest.raises(Refusal) as refused:
        prepared(objection_unit="应用处")
    assert refused.value.code == "casework.same_office" and "深工信规〔2023〕5号" in refused.value.rule


def test_a_notice_says_something_of_something() -> None:
    with pytest.raises(Refusal, match="至少有一项"):
        prepared(lines=[])


def test_a_draft_is_the_affair_of_its_house_and_a_published_one_of_everybody_signed_in() -> None:
    draft = prepared()
    with pytest.raises(Http404):
        access_notice(who("firm"), draft.pk)
    with pytest.raises(Http404):
        access_notice(who("firm"), office.unknown())
    assert access_notice(who("firm"), published().pk)


def test_another_office_of_the_bureau_neither_corrects_nor_closes_it() -> None:
    notice = published()
    with pytest.raises(Refusal) as refused:
        actions.correct(**at(notice, "neighbour", number=1, result="拟资助 1 元", why="误"))
    assert refused.value.code == "casework.other_unit"


def test_a_correction_keeps_what_was_said_and_gives_everybody_a_whole_period() -> None:
    first = today() - timedelta(days=4)
    notice = published(on=first)
    before = period_of(notice.case)
    kept = actions.correct(**at(notice, "officer", number=1, result="拟资助 100 万元", why="录入有误"))
    after = period_of(notice.case)
    assert (kept.was, kept.now) == ("拟资助 120 万元", "拟资助 100 万元")
    assert before and after and after.pk > before.pk and after.started_on == today() - timedelta(days=1)
    assert after.due_on and before.due_on and after.due_on >= before.due_on
    assert verify_notices() == [] == verify_clocks()


def test_a_correction_after_the_period_is_refused() -> None:
    notice = published(on=office.long_ago())
    with pytest.raises(Refusal, match="不能再更正"):
        actions.correct(**at(notice, "officer", number=1, result="拟资助 100 万元", why="录入有误"))


def test_it_is_closed_after_its_period_and_not_before() -> None:
    early, late = published(), published(on=office.long_ago())
    with pytest.raises(Refusal, match="期满之后才能办结"):
        actions.end(**at(early, "officer", act="close_clear"))
    actions.end(**at(late, "officer", act="close_clear"))
    late.case.refresh_from_db()
    assert late.case.state == "clear" and not late.case.clocks.filter(met_on=None).exists()


def test_an_open_objection_holds_it_and_an_answered_one_is_named() -> None:
    first = today() - timedelta(days=40)
    notice = published(on=first)
    objection = office.lodge(notice=notice, on=first, why="按收文日补录")
    with pytest.raises(Refusal) as refused:
        actions.end(**at(notice, "officer", act="close_clear"))
    assert refused.value.code == "casework.objection_open"
    office.answered(objection)
    with pytest.raises(Refusal, match="不能按无异议办结"):
        actions.end(**at(notice, "officer", act="close_clear"))
    actions.end(**at(notice, "officer", act="close_answered"))
    notice.case.refresh_from_db()
    assert notice.case.state == "answered"


def test_without_an_objection_it_is_not_closed_as_answered() -> None:
    with pytest.raises(Refusal, match="没有答复过的异议"):
        actions.end(**at(published(on=office.long_ago()), "officer", act="close_answered"))


def closed_notice() -> Any:
    notice = published(on=office.long_ago())
    actions.end(**at(notice, "officer", act="close_clear"))
    notice.case.refresh_from_db()
    return notice


def test_what_was_closed_by_mistake_is_open_again_with_a_reason_and_a_whole_period() -> None:
    notice = closed_notice()
    with pytest.raises(Refusal, match="写明理由"):
        actions.reopen(**at(notice, "signer", why=""))
    with pytest.raises(Refusal):
        actions.reopen(**at(notice, "officer", why="误办结"))
    before = Message.objects.count()
    actions.reopen(**at(notice, "signer", why="期满前有一件书面异议没有登记"))
    notice.case.refresh_from_db()
    period = period_of(notice.case)
    assert (notice.case.state, notice.case.closed_on) == ("open", None)
    assert period is not None and period.met_on is None and period.started_on == today() - timedelta(days=1)
    assert Event.objects.get(act="casework.notice.reopen").why.startswith("期满前")
    assert Message.objects.count() > before
    with pytest.raises(Refusal, match="期满之后才能办结"):
        actions.end(**at(notice, "officer", act="close_clear"))
    assert not [*verify_notices(), *verify_states(), *verify_clocks()]


def test_where_the_rules_say_so_the_period_goes_on_from_its_first_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goes_on = replace(rules(), reopening_restarts=False)
    monkeypatch.setattr("mangrove.casework.notices.actions.rules", lambda: goes_on)
    notice = closed_notice()
    first = period_of(notice.case)
    actions.reopen(**at(notice, "signer", why="误办结"))
    again = period_of(notice.case)
    assert (
        first
        and again
        and again.pk != first.pk
        and (again.started_on, again.due_on) == (first.started_on, first.due_on)
    )
    notice.case.refresh_from_db()
    actions.end(**at(notice, "officer", act="close_clear"))


def test_withdrawing_needs_a_reason_and_stays_readable() -> None:
    notice = published()
    with pytest.raises(Refusal, match="写明理由"):
        actions.end(**at(notice, "signer", act="withdraw"))
    actions.end(**at(notice, "signer", act="withdraw", why="计划调整"))
    assert access_notice(who("firm"), notice.pk).case.state == "withdrawn"


def test_outside_nobody_sees_a_notice_unless_the_house_allows_it(client: Client, settings: Settings) -> None:
    notice, draft = published(), prepared()
    address = f"/casework/notices/public/{notice.pk}/"
    assert client.get(address).status_code == 302
    settings.MANGROVE_PUBLIC_NOTICES = True
    shown = client.get(address).content.decode()
    assert "深圳市甲样例有限公司" in shown and "匿名的不予受理" in shown and "政策法规处" in shown
    assert client.get(f"/casework/notices/public/{draft.pk}/").status_code == 404
    assert notice.title in client.get("/casework/notices/public/").content.decode()
    assert client.get(f"/casework/notices/{notice.pk}/").status_code == 302


def test_a_line_changed_behind_the_ledger_is_found() -> None:
    published()
    NoticeItem.objects.filter(number=2).update(result="拟资助 800 万元")
    (fault,) = verify_notices()
    assert "内容与账本所记不同" in fault
