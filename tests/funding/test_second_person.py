"""Money that no plan decided, and money that goes to another name: a second person sees it before it can leave."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mangrove.funding import actions, verification
from mangrove.funding.models import Award, PaymentOrder, Recovery
from mangrove.funding.payees import is_recipient
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User

from .money import PREPARER, award, firm, order, person, pot, recovered, today
from .test_actions import sent, settled
from .test_pages import post, signed_in, text

pytestmark = pytest.mark.django_db(transaction=True)
ORDER = {"tranche": 1, "amount": "100", "bank": "示例银行", "account": "6222000011112222"}


def by_hand() -> Award:
    """Entered on the page by one officer."""
    officer = signed_in(person("officer", "case_officer"))
    told = {
        "pot": pot().pk,
        "recipient": firm().pk,
        "title": "示例项目",
        "programme": "示例",
        "amount": "100",
        "basis": "口头",
    }
    post(officer, "decide", **told)
    return Award.objects.get()


def test_a_decision_by_hand_is_paid_only_after_a_second_officer_confirmed_it() -> None:
    one = by_hand()
    payer, second = signed_in(person("payer", "payment_officer")), signed_in(person("second", "case_officer"))
    ask = {**ORDER, "payee": one.recipient.name}
    assert "由一人登记" in post(payer, "award_act", one.uid, "prepare", status=422, **ask)
    assert "未经计划公示的决定，由 officer 一人登记" in text(payer, "award", one.uid)
    assert "确认决定" in second.get("/inbox/").content.decode()
    assert "口头" in text(second, "award_act", one.uid, "confirm")
    post(second, "award_act", one.uid, "confirm")
    assert "不待确认" in post(second, "award_act", one.uid, "confirm", status=422)
    post(payer, "award_act", one.uid, "prepare", **ask)
    approver, made = signed_in(person("approver", "payment_approver")), PaymentOrder.objects.get()
    for page in (text(approver, "order", made.number), text(approver, "order_act", made.number, "approve")):
        assert "口头" in page and "由 officer 登记，second 确认" in page and one.recipient.name in page
    assert Event.objects.filter(act="funding.award.confirm", actor="second").count() == 1


def test_who_registers_does_not_confirm() -> None:
    one = by_hand()
    officer = signed_in(User.objects.get(username="officer"))
    assert "不能由您确认" in post(officer, "award_act", one.uid, "confirm", status=422)
    assert "确认决定" not in officer.get("/inbox/").content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=one.pk).update(confirmed_by="officer")
    post(signed_in(person("payer", "payment_officer")), "award_act", one.uid, "confirm", status=422)


def test_what_a_programme_decided_waits_for_nobody() -> None:
    one = award()
    assert not one.awaits_confirming and order(one).state == "prepared"


def test_another_payee_needs_a_reason_that_the_approver_sees() -> None:
    one = award(amount=100_00)
    payer = signed_in(person("payer", "payment_officer"))
    ask: dict[str, Any] = {**ORDER, "payee": "李某个人"}
    told = post(payer, "award_act", one.uid, "prepare", status=422, **ask)
    assert "不一致" in told and one.recipient.name in told and not PaymentOrder.objects.exists()
    post(payer, "award_act", one.uid, "prepare", **ask, payee_reason="财政直拨到承办人")
    made, approver = PaymentOrder.objects.get(), signed_in(person("approver", "payment_approver"))
    for page in (text(approver, "order", made.number), text(approver, "order_act", made.number, "approve")):
        assert "收款人与受资助单位不一致" in page and "财政直拨到承办人" in page
        assert "李某个人" in page and one.recipient.name in page and one.basis in page
    event = Event.objects.get(act="funding.order.open")
    assert (said(event) or {})["payee_reason"] == "财政直拨到承办人"


def test_the_same_name_in_other_widths_is_the_recipient() -> None:
    one = firm()
    one.name = "示例（深圳）企业"
    one.save()
    assert is_recipient(" 示例(深圳) 企业 ", one) and not is_recipient("示例(深圳)企业一", one)
    made = order(award(recipient=one), payee="示例(深圳)企业", payee_reason="无关的话")
    assert made.payee_reason == ""
    page = text(signed_in(person("approver", "payment_approver")), "order", made.number)
    assert "收款人与受资助单位不一致" not in page and one.name in page


def test_a_recovery_names_its_paper_and_its_receipt() -> None:
    one = settled(sent(order())).award
    for lacking in ({"basis": " "}, {"receipt": ""}):
        with pytest.raises(Refusal):
            recovered(one, 1, **lacking)
    payer = signed_in(person("payer", "payment_officer"))
    ask = {"amount": "1", "why": "未达绩效"}
    assert "缴款凭证号" in post(
        payer, "award_act", one.uid, "recover", status=422, **ask, basis="追回通知1号"
    )
    post(payer, "award_act", one.uid, "recover", **ask, basis="追回通知1号", receipt="缴0001")
    page = text(payer, "award", one.uid)
    assert "追回通知1号" in page and "缴0001" in page
    told = said(Recovery.objects.get().event) or {}
    assert (told["basis"], told["receipt"]) == ("追回通知1号", "缴0001")
    assert verification.verify_amounts() == []


def test_who_prepares_is_told_of_decisions_without_an_order_oldest_first() -> None:
    payer = signed_in(person("payer", "payment_officer"))
    first, second, third = award(), award(), award()
    Award.objects.filter(pk=second.pk).update(decided_on="2026-01-05")
    order(third)
    assert "2 项资助决定还没有付款指令" in payer.get("/inbox/").content.decode()
    page = payer.get(reverse("funding:awards"), {"state": "to_order", "sort": "decided_on"}).content.decode()
    assert page.index(second.title) < page.index(first.title) and third.title not in page
    voided = PaymentOrder.objects.get()
    actions.cancel(order=voided, expected_version=1, by=PREPARER, on=today(), why="金额写错")
    assert "3 项资助决定还没有付款指令" in payer.get("/inbox/").content.decode()
