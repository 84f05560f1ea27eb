"""A pot after it was entered: more money, a mistake put right, an entry taken back; by two persons, never below what is decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from mangrove.funding import verification
from mangrove.funding.models import Pot
from mangrove.ledger.models import Event
from mangrove.registry.models import User

from .money import APPROVER, PREPARER, award, person, pot, today
from .test_pages import post, signed_in, text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payer() -> User:
    return person(PREPARER.username, "payment_officer")


@pytest.fixture
def approver() -> User:
    return person(APPROVER.username, "payment_approver")


def act(user: User, of: Pot, step: str, status: int = 302, **given: Any) -> str:
    seen = {"expected_amount": of.amount, "document_on": today(), "why": "登记有误"}
    return post(signed_in(user), "pot_act", of.code, step, status=status, **seen | given)


def corrected(of: Pot, **given: Any) -> dict[str, Any]:
    told = {
        "name": of.name,
        "budget_year": of.budget_year,
        "document_number": of.document_number,
        "amount": of.amount // 100,
    }
    return told | given


def test_more_money_makes_room_for_what_did_not_fit(payer: User) -> None:
    of = pot(100_00)
    award(of, 100_00)
    officer = signed_in(person("officer", "case_officer"))
    said = {
        "pot": of.pk,
        "recipient": "firm",
        "title": "又一件",
        "programme": "示例",
        "amount": "50",
        "basis": "纪要2号",
    }
    assert "追加资金" in post(officer, "decide", status=422, **said)
    act(payer, of, "add_to_pot", amount="50", document_number="样例财〔2026〕9号", why="")
    post(officer, "decide", **said)
    shown = text(officer, "pot", of.code)
    assert "样例财〔2026〕9号" in shown and "150.00 元" in shown and "50.00 元" in shown
    assert Event.objects.filter(act="funding.pot.add").count() == 1 and verification.verify_amounts() == []


def test_a_mistyped_pot_is_put_right_by_a_second_person_with_its_document(
    payer: User, approver: User
) -> None:
    of = pot(1_000_00)
    award(of, 300_00)
    right = corrected(of, amount="400", name="5G专项资金")
    assert act(payer, of, "correct_pot", status=422, **right)  # not their part
    assert "已决定 300.00 元" in act(
        approver, of, "correct_pot", status=422, **corrected(of, amount="299.99")
    )
    assert "预算年度不能改" in act(approver, of, "correct_pot", status=422, **corrected(of, budget_year=2025))
    assert "没有改动" in act(approver, of, "correct_pot", status=422, **corrected(of))
    assert act(approver, of, "correct_pot", status=422, **right | {"why": ""})
    act(approver, of, "correct_pot", **right)
    of.refresh_from_db()
    assert (of.amount, of.name) == (400_00, "5G专项资金")
    assert "1,000.00 → 400.00" in text(signed_in(approver), "pot", of.code)
    again = act(approver, of, "correct_pot", status=422, **corrected(of, amount="500"))
    assert "经办与审核分离" in again and verification.verify_amounts() == []


def test_who_entered_a_pot_does_not_correct_it() -> None:
    both = person(PREPARER.username, "payment_officer", "payment_approver")
    of = pot()
    assert "经办与审核分离" in act(both, of, "correct_pot", status=422, **corrected(of, name="别的"))
    assert "经办与审核分离" in act(both, of, "withdraw_pot", status=422)


def test_a_page_that_is_behind_changes_nothing(payer: User) -> None:
    of = pot(100_00)
    said = {"amount": "50", "document_number": "样例财〔2026〕9号"}
    act(payer, of, "add_to_pot", **said)
    assert "有了变动" in act(payer, of, "add_to_pot", status=422, **said)
    of.refresh_from_db()
    assert of.amount == 150_00


def test_an_entry_is_taken_back_while_nothing_is_decided_from_it(approver: User) -> None:
    used, unused = pot(), pot()
    award(used)
    assert "已有资助决定" in act(approver, used, "withdraw_pot", status=422)
    act(approver, unused, "withdraw_pot")
    client = signed_in(approver)
    assert "撤销登记" in text(client, "pot", unused.code)
    assert reverse("funding:pot_act", args=[unused.code, "correct_pot"]) not in text(
        client, "pot", unused.code
    )
    officer = signed_in(person("officer", "case_officer"))
    assert f'value="{unused.pk}"' not in text(officer, "decide")
    assert "撤销登记" in act(approver, unused, "withdraw_pot", status=422)
