"""Personal data is masked on pages, and shown in full once to who may see it and says what for; the ledger has no word of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework import office
from funding import money
from intake import life
from mangrove.casework.requests import actions as requests
from mangrove.casework.requests.admission import Asked
from mangrove.jobs import worker
from mangrove.ledger.models import Event
from mangrove.registry.models import Organisation, User
from mangrove.registry.personal.actions import SHOW

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def shown(user: User, kind: str, id: Any, **said: str) -> tuple[int, str]:
    address = reverse("registry:personal", args=[kind, id])
    answer = browser(user).post(address, said) if said else browser(user).get(address)
    return answer.status_code, answer.content.decode()


def in_the_ledger() -> list[tuple[str, str]]:
    """Who looked, why; and not a digit of it in any event."""
    events = Event.objects.filter(act=SHOW).select_related("body").order_by("pk")
    assert not any("13812345678" in event.body.text or "专员丙" in event.body.text for event in events)
    return [(event.actor, event.why) for event in events]


class TestWhoComplains:
    @pytest.fixture
    def complaint(self, db: None) -> Any:
        office.open_office()
        sender = office.From("专员丙", None, "13812345678", "深圳市南山区科技路1号", "专员丁")
        return office.lodge("complaint", "complaints", sender=sender)

    def test_its_page_is_masked_and_the_office_sees_it_once_with_a_purpose(self, complaint: Any) -> None:
        officer = office.who("complaints")
        page = browser(officer).get(reverse("casework:grievance", args=[complaint.pk])).content.decode()
        assert "138****5678" in page and "13812345678" not in page and "专员丙" not in page
        status, masked = shown(officer, "casework.grievance", complaint.pk)
        assert status == 200 and "13812345678" not in masked and in_the_ledger() == []
        status, refused = shown(officer, "casework.grievance", complaint.pk, purpose="")
        assert status == 422 and "13812345678" not in refused and in_the_ledger() == []
        status, whole = shown(officer, "casework.grievance", complaint.pk, purpose="contact")
        assert "13812345678" in whole and "专员丙" in whole
        assert in_the_ledger() == [("complaints", "联系本人")]

    def test_another_office_has_no_such_page(self, complaint: Any) -> None:
        for username in ("objections", "officer"):
            assert shown(office.who(username), "casework.grievance", complaint.pk)[0] == 404
            assert (
                shown(office.who(username), "casework.grievance", complaint.pk, purpose="contact")[0] == 404
            )
        assert shown(office.who("officer"), "casework.nothing", complaint.pk)[0] == 404
        assert shown(office.who("officer"), "casework.grievance", "x")[0] == 404
        assert in_the_ledger() == []

    def test_who_lodged_it_sees_their_own_and_leaves_no_trace(self, db: None) -> None:
        office.open_office()
        sender = office.From("专员丙", Organisation.objects.get(pk="firm_a"), "13812345678", "路", "专员丙")
        mine = office.lodge("complaint", "firm", office.published(), sender=sender)
        page = browser(office.who("firm")).get(reverse("casework:grievance", args=[mine.pk])).content.decode()
        assert "13812345678" in page
        assert shown(office.who("firm"), "casework.grievance", mine.pk, purpose="contact")[0] == 404
        assert in_the_ledger() == []


def test_a_bank_account_is_for_who_prepares_or_approves_payments() -> None:
    order = money.order()
    money.person("payer", "payment_officer")
    money.person("audit", "auditor")
    payer, audit = (User.objects.get(username=name) for name in ("payer", "audit"))
    page = browser(payer).get(reverse("funding:order", args=[order.number])).content.decode()
    assert order.account not in page and f"****{order.account[-4:]}" in page
    assert shown(audit, "funding.order", order.number, purpose="supervise")[0] == 422
    assert order.account in shown(payer, "funding.order", order.number, purpose="verify")[1]
    assert in_the_ledger() == [("payer", "核对身份或账号")]


def test_a_person_to_verify_is_masked_on_the_page_and_who_takes_the_list_is_noted() -> None:
    office.open_office()
    tax = Organisation.objects.create(id="sz_tax", name="市税务局", kind="government")
    User.objects.create(username="tax", name="tax", organisation=tax, unit="征管处", roles=["case_officer"])
    asked = requests.ask(
        by=office.who("officer"), on=office.today(), department=tax, unit="征管处", purpose="核对资格", basis="办法",
        question="有无", items=[Asked("person", "44030019900101123X"), Asked("other", "样例项目")],
        keep_until=office.today() + timedelta(days=30),
    )  # fmt: skip
    address = reverse("casework:verification", args=[asked.pk])
    page = browser(office.who("tax")).get(address).content.decode()
    assert "440***********123X" in page and "44030019900101123X" not in page and "样例项目" in page
    assert (
        "44030019900101123X"
        in shown(office.who("tax"), "casework.verification", asked.pk, purpose="verify")[1]
    )
    browser(office.who("tax")).get(reverse("casework:verification_items", args=[asked.pk]))
    assert in_the_ledger() == [("tax", "核对身份或账号")] * 2


@pytest.mark.django_db(transaction=True)
def test_what_an_applicant_wrote_of_a_contact_is_masked_for_the_office_and_whole_for_the_applicant() -> None:
    life.office()
    application = life.filled()
    life.write(application, "applicant", {"contact": "经办人甲 13812345678"})
    made = life.submit(application)
    worker.work(until_idle=True)
    address = reverse("intake:submission", args=[made.pk])
    pages = {
        name: browser(life.who(name)).get(address).content.decode() for name in ("a1", "officer", "auditor")
    }
    assert "13812345678" in pages["a1"] and "看全联系方式" not in pages["a1"]
    for name in ("officer", "auditor"):
        assert "138****5678" in pages[name] and "13812345678" not in pages[name]
    life.take(application)
    check = browser(life.who("officer")).get(reverse("intake:check", args=[application.pk])).content.decode()
    assert "13812345678" not in check
    assert "13812345678" in shown(life.who("officer"), "intake.submission", made.pk, purpose="contact")[1]
    assert in_the_ledger() == [("officer", "联系本人")]
