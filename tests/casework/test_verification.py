"""``mangrove ledger verify`` also names what casework keeps and the ledger says otherwise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mangrove.casework.clock_actions import start_clock
from mangrove.casework.models import Case, Clock, Promise, PromiseSource
from mangrove.casework.promises import Span, settle_promise
from mangrove.casework.verification import verify_promises
from mangrove.cli import main
from mangrove.ledger.actions import withhold
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref

from .conftest import BY, OPENED
from .promising import SIGNED, TEXT, letter_promises

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(case: Case) -> Promise:
    return letter_promises(case)[0]


def restate(case: Case) -> None:
    letter_promises(case, TEXT.replace("尽快", "抓紧"), Ref("proposals", "letter", "2"))


def test_promises_as_recorded_and_as_restated_agree(case: Case, promise: Promise) -> None:
    restate(case)
    assert Promise.objects.get(pk=promise.pk).text == "抓紧出台奖励补贴政策" and verify_promises() == []


def test_changed_words_of_a_promise_are_named(promise: Promise) -> None:
    Promise.objects.filter(pk=promise.pk).update(text="研究出台奖励补贴政策")
    (fault,) = verify_promises()
    assert f"承诺 C01（{promise.pk}）的文字与账本事件" in fault


def test_old_words_put_back_after_a_restatement_are_named(case: Case, promise: Promise) -> None:
    restate(case)
    Promise.objects.filter(pk=promise.pk).update(text=promise.text)
    assert len(verify_promises()) == 1


def test_a_promise_that_was_removed_is_named(promise: Promise) -> None:
    PromiseSource.objects.filter(promise=promise).delete()
    Promise.objects.filter(pk=promise.pk).delete()
    (fault,) = verify_promises()
    assert "登记的承诺不见了" in fault


def test_a_promise_that_nobody_recorded_is_named(case: Case) -> None:
    Promise.objects.create(number="C99", case=case, text="免费开放")
    (fault,) = verify_promises()
    assert "承诺 C99" in fault and "没有登记" in fault


def test_a_promise_whose_event_was_withheld_is_not_called_broken(promise: Promise) -> None:
    event = Event.objects.get(act="casework.promises.open", object_id=promise.case_id)
    withhold(event, by=BY, on=SIGNED, why="补录：个人信息")
    assert verify_promises() == []


def settled(promise: Promise, **said: Any) -> None:
    version = Case.objects.get(pk=promise.case_id).version
    settle_promise(promise.pk, by=BY, on=timezone.localdate(), expected_version=version, **said)


FIRST: dict[str, Any] = {
    "why": "按分工落实",
    "owner_unit": "通信处",
    "due_on": date(2031, 6, 30),
    "measure": "印发文件",
    "line": "policies",
}


def test_a_promise_settled_twice_and_restated_between_agrees(case: Case, promise: Promise) -> None:
    settled(promise, **FIRST)
    restate(case)
    settled(promise, owner_unit="产业处", line="buildout", why="分工调整")
    assert verify_promises() == []


@pytest.mark.parametrize("life", ["opened", "settled"])
@pytest.mark.parametrize(
    ("field", "forged", "label"),
    [
        ("owner_unit", "别的处", "责任单位"),
        ("due_on", "2039-12-31", "期限"),
        ("measure", "开一次会", "衡量办法"),
        ("line", "financing", "工作条线"),
        ("heading", "九（九）", "所在标题"),
        ("number", "C77", "编号"),
    ],
)
def test_what_was_changed_behind_the_ledger_is_named(
    promise: Promise, life: str, field: str, forged: str, label: str
) -> None:
    if life == "settled":
        settled(promise, **FIRST)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE casework_promise SET {field} = %s WHERE id = %s", [forged, promise.pk])
    (fault,) = verify_promises()
    assert f"（{promise.pk}）的{label}与账本事件" in fault


def test_a_settlement_that_was_taken_back_by_hand_is_named(promise: Promise) -> None:
    settled(promise, **FIRST)
    Promise.objects.filter(pk=promise.pk).update(owner_unit=None, due_on=None, measure="")
    assert len(verify_promises()) == 3


def test_a_withheld_settlement_says_nothing_of_what_it_settled_until_it_is_settled_again(
    promise: Promise,
) -> None:
    settled(promise, **FIRST)
    event = Event.objects.get(act="casework.settle_promise")
    withhold(event, by=BY, on=timezone.localdate(), why="个人信息")
    Promise.objects.filter(pk=promise.pk).update(measure="开一次会")
    assert verify_promises() == []
    settled(promise, measure="发文", why="重定")
    Promise.objects.filter(pk=promise.pk).update(measure="开一次会")
    assert len(verify_promises()) == 1


def test_many_promises_cost_as_many_queries_as_few(
    case: Case, promise: Promise, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as few:
        assert verify_promises() == []
    more = [Span(f"D{n:02}", n, n + 1) for n in range(8)]
    letter_promises(case, "甲乙丙丁戊己庚辛", Ref("proposals", "letter", "3"), more)
    for one in Promise.objects.all():
        settled(one, **FIRST)
    with django_assert_num_queries(len(few)):
        assert verify_promises() == []


def verified(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    return main(["ledger", "verify"]), capsys.readouterr().out


def test_verify_says_that_all_agrees(promise: Promise, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = verified(capsys)
    assert status == 0
    for label in ("办件状态", "办件时限", "承诺内容", "附件"):
        assert f"{label}：相符" in said


def test_verify_names_a_state_a_due_date_a_promise_and_a_file(
    case: Case, promise: Promise, own_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = start_clock(case, "reply", by=BY, on=OPENED, why="补录")
    Case.objects.filter(pk=case.pk).update(state="answered")
    Clock.objects.filter(pk=clock.pk).update(due_on=date(2021, 12, 31))
    Promise.objects.filter(pk=promise.pk).update(text="改")
    stray = own_files / "var" / "files" / "ab" / "abc"
    stray.parent.mkdir(parents=True)
    stray.write_text("x")
    status, said = verified(capsys)
    assert status == 1
    assert f"办件状态：办件 {case.pk}" in said and f"办件时限：时限 {clock.pk}" in said
    assert "承诺内容：承诺 C01" in said and "附件：文件 abc" in said
