"""Scans that come with an objection, a complaint or a report: kept apart till a job has looked, and as secret as the words."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.casework.file_states import FileState
from mangrove.casework.grievances import actions, scans
from mangrove.casework.grievances.models import Grievance, GrievanceScan
from mangrove.casework.rules import rules
from mangrove.jobs import actions as jobs
from mangrove.jobs import worker
from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal

from . import office
from .office import lodge, on_grievance, published, today, who

pytestmark = pytest.mark.django_db(transaction=True)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def house(db: None) -> None:
    office.open_office()


@pytest.fixture
def objection() -> Grievance:
    return lodge(username="firm", notice=published())


def add(
    found: Grievance, by: str = "firm", content: bytes = PDF, name: str = "甲公司 授权书.pdf"
) -> GrievanceScan:
    return scans.upload(id=found.pk, file=io.BytesIO(content), name=name, by=who(by), on=today())


def at(username: str) -> Client:
    client = Client()
    client.force_login(who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(scan: GrievanceScan) -> str:
    return reverse("casework:grievance_scan", args=[scan.grievance_id, scan.pk])


def test_nobody_opens_a_scan_before_it_was_looked_into_and_then_its_two_parties_alone(
    objection: Grievance,
) -> None:
    made = add(objection)
    assert made.state == FileState.QUARANTINED and at("objections").get(address(made)).status_code == 404
    worker.work(until_idle=True)
    for username in ("objections", "firm"):
        answer = at(username).get(address(made))
        assert b"".join(answer.streaming_content) == PDF and "attachment" in answer["Content-Disposition"]  # type: ignore[attr-defined]
    for username in ("officer", "complaints", "rival", "auditor", "sysadmin"):
        assert at(username).get(address(made)).status_code == 404
    assert scans.verify_scans() == []


def test_neither_the_ledger_nor_the_job_tells_the_file_or_whose_it_is(objection: Grievance) -> None:
    made = add(objection)
    worker.work(until_idle=True)
    job = Job.objects.get(kind=scans.CHECK)
    assert (job.username, job.title) == (actions.WITHHELD.username, f"核对{objection.short}所附扫描件")
    for event in Event.objects.filter(act__in=(scans.ADD, "jobs.submit", "jobs.end")):
        assert event.actor != "firm"
        assert made.sha256 not in event.body.text and "授权书" not in event.body.text
    add(objection, by="objections", content=PDF + b"2")
    assert Event.objects.filter(act=scans.ADD, actor="objections").count() == 1


def test_a_reason_that_names_who_it_is_from_is_refused_at_its_field(objection: Grievance) -> None:
    page = reverse("casework:grievance_scan_add", args=[objection.pk])
    given: dict[str, Any] = {"on": today(), "file": SimpleUploadedFile("扫描.pdf", PDF)}
    answer = at("objections").post(page, given | {"why": "专员丙送来"})
    assert answer.status_code == 422 and "不能写出保密的内容" in answer.context["form"].errors["why"][0]
    assert not GrievanceScan.objects.exists() and not Event.objects.filter(act=scans.ADD).exists()


def test_what_is_no_scan_stays_shut_with_the_reason(objection: Grievance) -> None:
    made = add(objection, content=b"MZ\x90\x00", name="说明.pdf")
    worker.work(until_idle=True)
    made.refresh_from_db()
    assert made.state == FileState.REFUSED and made.refusal
    assert at("objections").get(address(made)).status_code == 404
    assert (
        made.refusal[:6]
        in at("objections").get(reverse("casework:grievance", args=[objection.pk])).content.decode()
    )


def test_a_scan_whose_check_was_called_off_is_looked_into_after_all(objection: Grievance) -> None:
    made = add(objection)
    jobs.cancel(Job.objects.get(kind=scans.CHECK), by=SYSTEM, on=today())
    assert add(objection).pk == made.pk and scans.check_again() == 0
    worker.work(until_idle=True)
    made.refresh_from_db()
    assert made.state == FileState.CLEAN
    other = add(objection, content=PDF + b"2")
    jobs.cancel(Job.objects.get(kind=scans.CHECK, state=State.QUEUED), by=SYSTEM, on=today())
    Job.objects.filter(state=State.CANCELLED).update(ended_at=timezone.now() - timedelta(days=1))
    assert (scans.check_again(), scans.check_again()) == (1, 0)
    worker.work(until_idle=True)
    other.refresh_from_db()
    assert other.state == FileState.CLEAN


def test_the_same_file_is_there_once_and_no_more_than_the_rules_say(objection: Grievance) -> None:
    assert add(objection).pk == add(objection).pk
    for n in range(rules().scans_at_most - 1):
        add(objection, content=PDF + bytes([48 + n]))
    with pytest.raises(Refusal, match="最多附"):
        add(objection, content=PDF + b"more")


def test_nothing_is_added_by_others_or_to_what_is_ended(objection: Grievance) -> None:
    for username in ("rival", "officer", "complaints"):
        with pytest.raises(Http404):
            add(objection, by=username)
    office.accepted(objection)
    actions.answer(**on_grievance(objection, "objections", words="经复核。", outcome="rejected"))
    with pytest.raises(Refusal, match="已办结"):
        add(objection)


def test_a_scan_that_is_not_as_recorded_is_found(objection: Grievance) -> None:
    made = add(objection)
    GrievanceScan.objects.filter(pk=made.pk).update(name="别的.pdf")
    assert len(scans.verify_scans()) == 1
    GrievanceScan.objects.filter(pk=made.pk).update(name=made.name)
    scans.quarantined(made).unlink()
    assert "不见了" in scans.verify_scans()[0]


def test_over_the_page_by_who_lodged_it(objection: Grievance) -> None:
    client, page = at("firm"), reverse("casework:grievance_scan_add", args=[objection.pk])
    given: dict[str, Any] = {"on": today(), "why": "", "file": SimpleUploadedFile("扫描.pdf", PDF)}
    assert client.get(page).status_code == 200
    assert client.post(page, given | {"file": ""}).status_code == 422
    assert client.post(page, given).status_code == 302
    worker.work(until_idle=True)
    shown = client.get(reverse("casework:grievance", args=[objection.pk])).content.decode()
    assert "扫描.pdf" in shown and "已核对" in shown
    assert at("rival").get(page).status_code == 404
