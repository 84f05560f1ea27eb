"""What is kept too long is emptied, once, and told; what the ledger needs stays and still verifies."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework import office
from mangrove.casework.grievances import forgetting, scans
from mangrove.casework.grievances.models import Grievance, GrievanceScan, Secret
from mangrove.casework.grievances.verification import verify_grievances
from mangrove.casework.messages.models import Message
from mangrove.casework.models import Case
from mangrove.jobs import rounds, worker
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.registry.models import SignIn, User
from mangrove.registry.personal.retention import PURGE, purge_all
from mangrove.registry.personal.rules import rules, rules_of
from racing import together

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def kept(kind: str) -> int:
    return rules().kept(kind).days


@pytest.fixture
def sign_ins(db: None) -> list[SignIn]:
    user = User.objects.create(username="a", name="甲", roles=["auditor"], password="!")
    ages = (kept("sign_ins") + 1, kept("sign_ins"), 0)
    return [
        SignIn.objects.create(user=user, began_at=days_ago(n), seen_at=days_ago(n), address="10.0.0.1")
        for n in ages
    ]


def test_sign_ins_past_their_time_are_forgotten_once_and_counted_in_the_ledger(
    sign_ins: list[SignIn],
) -> None:
    rounds.run()
    rounds.run()
    assert set(SignIn.objects.all()) == set(sign_ins[1:])
    (event,) = Event.objects.filter(act=PURGE).select_related("body")
    assert said(event) == {
        "kind": "sign_ins", "count": 1, "days": kept("sign_ins"),
        "until": (timezone.localdate() - timedelta(days=kept("sign_ins") + 1)).isoformat(),
    }  # fmt: skip


def test_the_guard_of_the_sign_in_page_keeps_no_second_record(db: None) -> None:
    User.objects.create_user("b", password="correct-horse-7", name="乙", roles=["auditor"])
    client = Client()
    given = {"username": "b", "password": "correct-horse-7"}
    client.post("/sign-in/", given | {"password": "wrong"})
    assert AccessAttempt.objects.count() == 1
    client.post("/sign-in/", given)
    assert SignIn.objects.count() == 1 and not AccessLog.objects.exists()
    for rows, more in ((AccessLog, {}), (AccessAttempt, {"failures_since_start": 1})):
        for age in (kept("sign_ins") + 1, 0):
            one = rows.objects.create(username=f"c{age}", ip_address="10.0.0.1", user_agent="x", **more)
            rows.objects.filter(pk=one.pk).update(attempt_time=days_ago(age))
    assert purge_all() == 2
    assert {*AccessLog.objects.values_list("username"), *AccessAttempt.objects.values_list("username")} == {
        ("c0",)
    }


@pytest.fixture
def answered(db: None) -> Secret:
    """A complaint that was answered so long ago that its sender is to be forgotten tomorrow."""
    office.open_office()
    complaint = office.lodge("complaint", "firm", office.published())
    office.answered(complaint, "complaints")
    Case.objects.filter(grievance=complaint).update(closed_on=closed(0))
    return Secret.objects.get(pk=complaint.pk)


def closed(days_over: int) -> date:
    return timezone.localdate() - timedelta(days=kept("grievance_sender") + days_over)


def test_a_sender_is_forgotten_when_the_time_is_over_and_not_a_day_before(answered: Secret) -> None:
    assert purge_all() == 0 and verify_grievances() == []
    before = (answered.content, answered.answer, answered.organisation)
    Case.objects.filter(grievance=answered.pk).update(closed_on=closed(1))
    assert (purge_all(), purge_all()) == (1, 0)
    salt = answered.salt
    answered.refresh_from_db()
    assert not any(getattr(answered, field) for field in forgetting.TELLING)
    assert answered.salt not in ("", salt) and answered.purged_on == timezone.localdate()
    assert (answered.content, answered.answer, answered.organisation) == before
    assert Event.objects.filter(act=forgetting.ACT).count() == 1


def test_what_is_left_still_verifies_and_a_change_of_it_is_found(answered: Secret) -> None:
    Case.objects.filter(grievance=answered.pk).update(closed_on=closed(1))
    purge_all()
    assert verify_grievances() == []
    for change in ({"content": "别的"}, {"answer": "别的"}, {"purged_on": None}, {"name": "又写上"}):
        held = {field: getattr(Secret.objects.get(pk=answered.pk), field) for field in change}
        Secret.objects.filter(pk=answered.pk).update(**change)
        assert verify_grievances() != [], change
        Secret.objects.filter(pk=answered.pk).update(**held)
    assert verify_grievances() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_empty_it_once(answered: Secret) -> None:
    Case.objects.filter(grievance=answered.pk).update(closed_on=closed(1))
    assert sorted(together(purge_all, purge_all)) == [0, 1]  # type: ignore[type-var]
    assert Event.objects.filter(act=forgetting.ACT).count() == 1 and verify_grievances() == []


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def scanned(grievance: Grievance, content: bytes = PDF) -> GrievanceScan:
    made = scans.upload(
        id=grievance.pk,
        file=io.BytesIO(content),
        name="专员丙 授权书.pdf",
        by=office.who("firm"),
        on=office.today(),
    )
    worker.work(until_idle=True)
    made.refresh_from_db()
    return made


@pytest.mark.django_db(transaction=True)
def test_scans_and_what_was_told_to_the_sender_go_too_and_what_others_sent_as_well_stays() -> None:
    office.open_office()
    first, second = (office.lodge("complaint", "firm", office.published()) for _each in range(2))
    own, shared, others = scanned(first), scanned(first, PDF + b"2"), scanned(second, PDF + b"2")
    office.answered(first, "complaints")
    rounds.run()  # mails of the answer
    Case.objects.filter(grievance=first).update(closed_on=closed(1))
    assert Message.objects.filter(to__username="firm", about_id=str(first.pk)).exists()
    assert purge_all() == 1
    assert not Message.objects.filter(to__username="firm", about_id=str(first.pk)).exists()
    assert list(first.scans.values_list("name", flat=True)) == ["", ""]
    assert not scans.path_of(own.sha256).exists() and scans.path_of(shared.sha256).exists()
    assert scans.verify_scans() == [] == verify_grievances()
    client = Client()
    client.force_login(office.who("complaints"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("casework:grievance", args=[first.pk])).content.decode()
    assert "已到期清除" in page and "授权书" not in page
    assert client.get(reverse("casework:grievance_scan", args=[first.pk, shared.pk])).status_code == 404
    still = client.get(reverse("casework:grievance_scan", args=[second.pk, others.pk]))
    assert b"".join(still.streaming_content) == PDF + b"2"  # type: ignore[attr-defined]
    GrievanceScan.objects.filter(pk=own.pk).update(name="又写上.pdf")
    assert "到期而没有清除" in scans.verify_scans()[0]


def test_the_page_tells_the_three_administrators_what_is_kept_how_long(sign_ins: list[SignIn]) -> None:
    client, address = Client(), reverse("registry:retention")
    client.force_login(sign_ins[0].user, backend="django.contrib.auth.backends.ModelBackend")
    assert str(kept("sign_ins")) in client.get(address).content.decode()
    officer = User.objects.create(username="o", name="乙", roles=["case_officer"], password="!")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404


def test_logs_are_not_kept_shorter_than_the_law_says(tmp_path: Path) -> None:
    text = Path("rulebooks/personal/house.yaml").read_text("utf-8")
    (tmp_path / "house.yaml").write_text(text.replace("days: 365", "days: 179"), "utf-8")
    with pytest.raises(ImproperlyConfigured, match="sign_ins"):
        rules_of(tmp_path / "house.yaml")
