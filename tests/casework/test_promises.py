"""Promises: bound to the letter's text, 未定 until settled, moved only by evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from mangrove.casework.access import access_promise
from mangrove.casework.inbox import inbox
from mangrove.casework.models import Case, Promise
from mangrove.casework.promise_counts import LEDGER_COLUMNS, counts, lacking, ledger_rows
from mangrove.casework.promises import Span, advance, settle_promise
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User

from .conftest import BY
from .promising import LETTER, TEXT, evidence, letter_promises

pytestmark = pytest.mark.django_db


def move(promise: Promise, act: str, **changes: Any) -> str:
    promise.case.refresh_from_db()
    given: dict[str, Any] = {
        "evidence": [], "by": BY, "roles": ["case_officer", "signer"], "on": timezone.localdate(),
        "expected_version": promise.case.version,
    }  # fmt: skip
    return advance(promise.pk, act, **given | changes).case.state


def test_promises_are_cut_from_the_letter_and_start_unsettled(case: Case) -> None:
    first, second = letter_promises(case)
    assert (first.text, second.text) == ("尽快出台奖励补贴政策", "继续加快基站建设")
    source = first.sources.get()
    assert (source.letter, TEXT[source.start : source.end]) == (LETTER, first.text)
    assert (first.case.state, first.case.organisation) == ("not_started", case.organisation)
    assert lacking(first) == ["责任单位未定", "期限未定", "衡量办法未定", "尚无证据"]


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([Span("C01", 2, 99)], "第 2 至 99 字不在信函正文（共 32 字）之内"),
        ([Span("C01", 5, 5)], "不在信函正文"),
        ([Span("C01", 2, 13), Span("C02", 12, 20)], "承诺 C02：与前一项承诺的文字重叠"),
        ([Span("C01", 2, 5), Span("C01", 6, 9)], "同一编号用了两次"),
    ],
)
def test_a_wrong_span_is_refused_and_nothing_is_recorded(case: Case, spans: list[Span], said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        letter_promises(case, spans=spans)
    assert said in str(refusal.value)
    assert not Promise.objects.exists()


def test_a_second_version_of_the_letter_restates_and_does_not_double(case: Case) -> None:
    first = letter_promises(case)[0]
    again = letter_promises(case, TEXT.replace("尽快", "抓紧"), Ref("proposals", "letter", "2"))[0]
    assert again.pk == first.pk and again.text.startswith("抓紧") and again.sources.count() == 2
    assert counts().total == 2
    restated = Event.objects.filter(act="casework.restate_promise", object_id=str(first.case_id)).get()
    assert "尽快出台" in restated.body.text


def test_nothing_rises_without_evidence_of_its_own(case: Case) -> None:
    first, second = letter_promises(case)
    with pytest.raises(Refusal, match="没有指明证据"):
        move(first, "report_limited")
    with pytest.raises(Refusal, match="不属于此项承诺"):
        move(first, "report_limited", evidence=[evidence(second)])
    with pytest.raises(Refusal, match="晚于 2022-01-01"):
        move(first, "report_limited", evidence=[evidence(first)], on=date(2022, 1, 1), why="补录")
    assert move(first, "report_limited", evidence=[evidence(first)]) == "limited"
    act = first.case.acts.get()
    assert f'"evidence":[{first.evidence.last().pk}]' in act.event.body.text  # type: ignore[union-attr]


def test_giving_up_needs_a_reason_and_a_notice_to_the_deputy(case: Case) -> None:
    first = letter_promises(case)[0]
    shown = [evidence(first)]
    with pytest.raises(Refusal, match="须写明理由"):
        move(first, "report_impossible", evidence=shown, notice="告知函")
    with pytest.raises(Refusal, match="须书面告知代表"):
        move(first, "report_impossible", evidence=shown, why="政策调整")
    assert (
        move(first, "report_impossible", evidence=shown, why="政策调整", notice="告知函 2023-01-05")
        == "impossible"
    )
    first.case.refresh_from_db()
    assert first.case.closed_on == timezone.localdate()


def test_settling_counts_down_what_is_unsettled_and_changing_needs_a_reason(case: Case) -> None:
    first = letter_promises(case)[0]
    today = timezone.localdate()
    assert (counts().without_owner, counts().without_date, counts().without_measure) == (2, 2, 2)
    settle_promise(
        first.pk, owner_unit="通信处", due_on=date(2021, 12, 31), by=BY, on=today, expected_version=1
    )
    now = counts()
    assert (now.without_owner, now.without_date, now.without_measure, now.overdue) == (1, 1, 2, 1)
    assert now.by_state == {"not_started": 2, "limited": 0, "substantial": 0, "complete": 0, "impossible": 0}
    with pytest.raises(Refusal, match="须写明理由"):
        settle_promise(first.pk, due_on=date(2022, 6, 30), by=BY, on=today, expected_version=2)
    with pytest.raises(Refusal, match="第 1 版，现为第 2 版"):
        settle_promise(first.pk, measure="政策印发", by=BY, on=today, expected_version=1)
    moved = settle_promise(
        first.pk, due_on=date(2022, 6, 30), by=BY, on=today, expected_version=2, why="经局长办公会同意"
    )
    assert moved.owner_unit == "通信处" and lacking(moved) == ["衡量办法未定", "尚无证据"]
    body = Event.objects.filter(act="casework.settle_promise").last().body.text  # type: ignore[union-attr]
    assert '"from":"2021-12-31","to":"2022-06-30"' in body


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "至少写明"),
        ({"owner_unit": " "}, "不能为空白"),
        ({"due_on": date(2021, 8, 29)}, "早于作出承诺的 2021-08-30"),
    ],
)
def test_an_empty_or_impossible_settlement_is_refused(case: Case, given: dict[str, Any], said: str) -> None:
    first = letter_promises(case)[0]
    with pytest.raises(Refusal, match=said):
        settle_promise(first.pk, by=BY, on=timezone.localdate(), expected_version=1, **given)


def test_the_ledger_table_says_what_is_unsettled_in_few_queries(
    case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    evidence(letter_promises(case)[0])
    with django_assert_num_queries(2):
        rows = [dict(zip(LEDGER_COLUMNS, row, strict=True)) for row in ledger_rows(Promise.objects.all())]
    assert rows[0]["证据"] == "2022-10-24 印发若干措施（深府办〔2022〕某号）"
    assert (rows[1]["责任单位"], rows[1]["期限"], rows[1]["状态"]) == ("未定", "未定", "未启动")
    assert rows[1]["缺项"] == "责任单位未定、期限未定、衡量办法未定、尚无证据"


def test_supervisors_may_read_and_officers_may_act(case: Case, bureau: Organisation) -> None:
    first = letter_promises(case)[0]
    outside = User.objects.create(username="du", name="督查员", roles=["inspector"])
    inside = User.objects.create(username="ban", name="经办人丙", organisation=bureau, roles=["case_officer"])
    assert access_promise(outside, first.pk) == first
    with pytest.raises(Refusal, match="此步由以下角色办理：经办人、登记"):
        access_promise(outside, first.pk, to="report_limited")
    assert access_promise(inside, first.pk, to="report_limited").case.pk == first.case_id


def test_the_inbox_asks_first_for_what_an_unsettled_promise_lacks(case: Case, bureau: Organisation) -> None:
    first, second = letter_promises(case)
    inside = User.objects.create(username="ban", name="经办人丙", organisation=bureau, roles=["case_officer"])
    settle_promise(
        first.pk, by=BY, on=timezone.localdate(), expected_version=first.case.version,
        owner_unit="通信处", due_on=date(2022, 10, 24), measure="印发文件",
    )  # fmt: skip
    asked = {todo.title[:3]: todo.act for todo in inbox(inside)}
    assert asked["C02"] == "定责任单位、期限、衡量办法"
    assert "进展" in asked["C01"]
