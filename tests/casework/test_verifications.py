"""Verification requests: hit or no hit, read by two sides alone, and forgotten when their time is over."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.http import Http404
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from mangrove.casework.inbox import inbox
from mangrove.casework.messages.models import Message
from mangrove.casework.requests import actions
from mangrove.casework.requests.access import access_verification
from mangrove.casework.requests.admission import Asked, refuse_answers
from mangrove.casework.requests.answering import WORDS, read_answers
from mangrove.casework.requests.models import Verification, VerificationItem
from mangrove.casework.requests.verification import verify_verifications
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.jobs import worker
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify
from mangrove.registry.models import Organisation, User

from . import office
from .office import today, who
from .test_races import together

CODES = ("91440300MA5EQ0X43E", "914403001922038216")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def house(request: pytest.FixtureRequest) -> None:
    if "django_db" not in request.keywords:
        return
    request.getfixturevalue("transactional_db" if "racing" in request.fixturenames else "db")
    office.open_office()
    tax = Organisation.objects.create(id="sz_tax", name="市税务局", kind="government")
    for username, unit in (("tax", "征管处"), ("tax_b", "法制处")):
        User.objects.create(
            username=username, name=username, organisation=tax, unit=unit, roles=["case_officer"]
        )


@pytest.fixture
def racing() -> None:
    """With real transactions."""


def ask(username: str = "officer", **more: Any) -> Verification:
    given: dict[str, Any] = {
        "by": who(username), "on": today(), "department": Organisation.objects.get(pk="sz_tax"), "unit": "征管处",
        "purpose": "核对资助资格", "basis": "资助资金管理办法", "question": "有无未结清的欠税",
        "items": [Asked("other", "丙样例项目"), Asked("person", "金丝雀人员")],
        "keep_until": today() + timedelta(days=30),
    }  # fmt: skip
    return actions.ask(**given | more)


def at(verification: Verification, username: str, **more: Any) -> dict[str, Any]:
    verification.case.refresh_from_db()
    now = {
        "by": who(username),
        "on": today(),
        "id": verification.pk,
        "expected_version": verification.case.version,
    }
    return now | more


ANSWERS: Mapping[int, tuple[str, str]] = {1: ("hit", "一笔"), 2: ("no_hit", "")}


def answered(verification: Verification) -> Verification:
    actions.answer(**at(verification, "tax", answers=ANSWERS))
    return verification


def let_time_pass(verification: Verification) -> None:
    """As if it had been kept long enough."""
    Verification.objects.filter(pk=verification.pk).update(keep_until=today() - timedelta(days=1))


@pytest.mark.django_db
def test_it_is_asked_answered_and_told_to_who_asked() -> None:
    asked = ask()
    assert [todo.act for todo in inbox(who("tax"))] == ["答复核验"] and not inbox(who("officer"))
    (clock,) = asked.case.clocks.all()
    assert clock.terms["key"] == "verification_answer" and clock.due_on is not None
    answered(asked)
    assert list(asked.items.values_list("answer", flat=True)) == ["hit", "no_hit"]
    assert Message.objects.filter(to=who("officer"), kind=actions.ANSWERED).count() == 1
    assert verify_verifications() == [] == verify_states() == verify_clocks()


@pytest.mark.django_db
def test_two_sides_read_it_and_nobody_else() -> None:
    asked = ask()
    readers = {"officer", "tax"}
    for username in User.objects.values_list("username", flat=True):
        if username in readers:
            assert access_verification(who(username), asked.pk)
        else:
            with pytest.raises(Http404):
                access_verification(who(username), asked.pk)


@pytest.mark.django_db
def test_a_request_to_a_whole_department_is_read_by_its_every_officer() -> None:
    assert access_verification(who("tax_b"), ask(unit="").pk)


@pytest.mark.django_db
def test_only_the_department_answers_and_only_the_asker_withdraws() -> None:
    asked = ask()
    with pytest.raises(Refusal):
        actions.answer(**at(asked, "officer", answers=ANSWERS))
    with pytest.raises(Refusal, match="提出核验请求的处室"):
        actions.withdraw(**at(asked, "tax", why="不再需要"))
    with pytest.raises(Refusal, match="写明理由"):
        actions.withdraw(**at(asked, "officer", why=" "))
    actions.withdraw(**at(asked, "officer", why="不再需要"))
    asked.case.refresh_from_db()
    assert asked.case.state == "withdrawn" and verify_states() == []
    with pytest.raises(Refusal):
        actions.withdraw(**at(asked, "officer", why="再撤"))


@pytest.mark.django_db
def test_a_department_that_cannot_answer_gives_it_back_with_a_reason() -> None:
    asked = ask()
    actions.give_back(**at(asked, "tax", why="不属本局职责"))
    assert Message.objects.filter(to=who("officer"), kind=actions.RETURNED).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": " "}, "casework.no_purpose"), ({"basis": ""}, "casework.no_purpose"),
        ({"items": []}, "casework.bad_items"), ({"items": [Asked("other", "甲")] * 2}, "casework.bad_items"),
        ({"items": [Asked("other", str(n)) for n in range(501)]}, "casework.bad_items"),
        ({"keep_until": today()}, "casework.keep_until"),
        ({"keep_until": today() + timedelta(days=500)}, "casework.keep_until"),
        ({"purpose": "核对金丝雀人员的资格"}, "casework.telling"), ({"why": "金丝雀人员来函"}, "casework.telling"),
    ],
)  # fmt: skip
def test_what_may_not_be_asked(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ask(**change)
    assert refused.value.code == code


@pytest.mark.django_db
def test_nobody_asks_their_own_division_nor_without_one() -> None:
    own = Organisation.objects.get(pk="gxj")
    with pytest.raises(Refusal) as refused:
        ask(department=own, unit="应用处")
    assert refused.value.code == "casework.asks_itself" and ask(department=own, unit="产业处")
    with pytest.raises(Refusal):
        ask("signer")


def test_a_credit_code_is_read_and_its_digits_checked() -> None:
    assert Asked.read("credit_code", f" {CODES[1].lower()} ").value == CODES[1]
    with pytest.raises(Refusal):
        Asked.read("credit_code", CODES[1][:-1] + "X")


@pytest.mark.django_db
def test_the_ledger_says_neither_what_was_asked_nor_what_was_answered() -> None:
    asked = answered(ask())
    events = Event.objects.filter(object_id=str(asked.case_id)).select_related("body")
    told = "".join(event.body.text + event.why for event in events) + asked.case.title
    assert not [word for word in ("金丝雀", "丙样例", "一笔", "no_hit") if word in told]


@pytest.mark.django_db
def test_when_its_time_is_over_rows_are_empty_and_the_ledger_still_verifies() -> None:
    asked, kept = answered(ask()), answered(ask(question="有无失信记录"))
    let_time_pass(asked)
    assert actions.forget() == 1 and actions.forget() == 0
    asked.refresh_from_db()
    assert asked.cleared_on == today()
    assert set(asked.items.values_list("value", "answer", "remark", "salt")) == {("", "", "", "")}
    telling = Event.objects.filter(object_id=str(asked.case_id), act__in=actions.TELLING)
    assert [said(event) for event in telling] == [None, None]
    assert kept.items.filter(value="金丝雀人员").exists() and verify_verifications() == [] and verify().holds


@pytest.mark.django_db
def test_an_unanswered_one_lapses_with_its_time() -> None:
    asked = ask()
    let_time_pass(asked)
    assert actions.forget() == 1
    asked.case.refresh_from_db()
    assert asked.case.state == "lapsed" and not inbox(who("tax"))


@pytest.mark.django_db
def test_what_is_past_its_time_is_neither_shown_nor_answered_before_the_worker_comes(client: Client) -> None:
    asked = ask()
    let_time_pass(asked)
    with pytest.raises(Refusal) as refused:
        actions.answer(**at(asked, "tax", answers=ANSWERS))
    assert refused.value.code == "casework.kept_long_enough"
    client.force_login(who("officer"), backend=BACKEND)
    assert "金丝雀" not in client.get(f"/casework/verifications/{asked.pk}/").content.decode()
    assert client.get(f"/casework/verifications/{asked.pk}/items/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_worker_forgets_by_itself_and_two_at_once_forget_once(racing: None) -> None:
    first, second = answered(ask()), answered(ask(question="有无失信记录"))
    let_time_pass(first)
    worker.work(until_idle=True)
    assert Verification.objects.get(pk=first.pk).cleared_on == today()
    let_time_pass(second)
    assert sum(int(str(n)) for n in together(actions.forget, actions.forget)) == 1
    assert Event.objects.filter(act="casework.clear_verification").count() == 2
    assert verify_verifications() == [] == verify_states()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"value": "别人"}, {"answer": "unclear"}, {"remark": "两笔"}])
def test_a_row_changed_behind_the_ledger_is_found(change: dict[str, str]) -> None:
    VerificationItem.objects.filter(verification=answered(ask()), number=1).update(**change)
    assert verify_verifications()


@pytest.mark.django_db
def test_what_was_to_be_forgotten_and_is_still_there_is_found() -> None:
    asked = answered(ask())
    Verification.objects.update(keep_until=F("keep_until") - timedelta(days=40))
    assert "没有清除" in verify_verifications()[0]
    actions.forget()
    asked.items.update(value="又写上")
    assert "却还有内容" in verify_verifications()[0]


@given(
    st.dictionaries(st.integers(1, 6), st.sampled_from(["hit", "no_hit", "unclear", "", "maybe"])),
    st.integers(1, 5),
)
def test_an_answer_is_taken_exactly_when_every_item_and_nothing_else_is_answered(
    said: dict[int, str], count: int
) -> None:
    rows = [VerificationItem(number=n) for n in range(1, count + 1)]
    whole = set(said) == set(range(1, count + 1)) and set(said.values()) <= {"hit", "no_hit", "unclear"}
    try:
        refuse_answers(rows, {n: (answer, "") for n, answer in said.items()})
    except Refusal:
        assert not whole
    else:
        assert whole


@given(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=20))
def test_answers_come_back_from_a_file_as_they_were_filled_in(words: list[str]) -> None:
    lines = "\n".join(f"{n},对象{n},{word},备注{n}" for n, word in enumerate(words, start=1))
    read = read_answers(f"核验清单\n序号,对象,结果,备注\n{lines}\n".encode("gb18030"))
    assert read == {n: (WORDS[word], f"备注{n}") for n, word in enumerate(words, start=1)}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("对象,备注\n甲,乙", "表头"),
        ("序号,结果\n1,也许", "第 2 行"),
        ("序号,结果\n一,命中", "第 2 行"),
        ("序号,结果\n1,命中\n1,命中", "第 3 行"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_answers(text.encode())
    assert refused.value.where == where


@pytest.mark.django_db
def test_the_list_goes_out_as_excel_and_comes_back_filled_in(client: Client) -> None:
    asked = ask()
    client.force_login(who("tax"), backend=BACKEND)
    sheet = load_workbook(io.BytesIO(client.get(f"/casework/verifications/{asked.pk}/items/").content)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    book = Workbook()
    for row in rows:
        if isinstance(row[0], int):
            row[3] = "未命中"
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "答复.xlsx"
    sent = {"on": today().isoformat(), "why": "", "expected_version": asked.case.version, "file": file}
    assert client.post(f"/casework/verifications/{asked.pk}/acts/answer/", sent).status_code == 302
    assert set(asked.items.values_list("answer", flat=True)) == {"no_hit"}


@pytest.mark.django_db
def test_answers_by_hand_and_one_left_out_is_said_and_nothing_kept(client: Client) -> None:
    asked = ask()
    client.force_login(who("tax"), backend=BACKEND)
    address, sent = (
        f"/casework/verifications/{asked.pk}/acts/answer/",
        {"on": today().isoformat(), "expected_version": asked.case.version},
    )
    answer = client.post(address, sent | {"answer_1": "hit"})
    assert answer.status_code == 422 and "第 2 个" in answer.content.decode()
    assert not asked.items.exclude(answer="").exists()
    assert client.post(address, sent | {"answer_1": "hit", "answer_2": "no_hit"}).status_code == 302


@pytest.mark.django_db
def test_asking_by_the_page_names_the_line_that_is_no_credit_code(client: Client) -> None:
    client.force_login(who("officer"), backend=BACKEND)
    sent = {
        "department": "sz_tax", "purpose": "核对", "basis": "办法", "question": "有无欠税", "kind": "credit_code",
        "values": f"{CODES[1]}\n123", "keep_until": (today() + timedelta(days=9)).isoformat(), "on": today().isoformat(),
    }  # fmt: skip
    answer = client.post("/casework/verifications/new/", sent)
    assert answer.status_code == 422 and "第 2 行" in answer.content.decode()
    assert client.post("/casework/verifications/new/", sent | {"values": CODES[1]}).status_code == 302
