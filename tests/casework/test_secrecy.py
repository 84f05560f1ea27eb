"""Who objects, complains or reports is known to the handling office alone: looked for on every page, export and row."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from mangrove.casework.grievances import actions
from mangrove.casework.grievances.actions import From
from mangrove.casework.grievances.models import Grievance, GrievanceScan, Secret
from mangrove.casework.grievances.scans import upload
from mangrove.casework.messages.delivering import deliver
from mangrove.casework.messages.reminders import remind
from mangrove.ledger.models import Event
from mangrove.registry.models import Organisation

from . import office
from .office import lodge, on_grievance, published, who

pytestmark = pytest.mark.django_db

CANARY = "金丝雀"
#: In every field that may tell who it is.
SENDER = {
    "name": f"{CANARY}甲",
    "contact": f"{CANARY}电话",
    "address": f"{CANARY}路",
    "handed_in_by": f"{CANARY}丁",
}
BACKEND = "django.contrib.auth.backends.ModelBackend"
LINK = re.compile(r'(?:href|action|hx-get)="(/[^"#]*)')
#: Pages that only change the reader's own session, or lead round in circles.
LEFT = ("/sign-out/", "/language/", "/static/", "/styleguide/")


@pytest.fixture(autouse=True)
def house(db: None) -> None:
    office.open_office()


@pytest.fixture
def told() -> list[Grievance]:
    """An objection by the firm's own account, one entered by the office, a complaint, a report; all but one answered."""
    notice = published()
    firm = Organisation.objects.get(pk="firm_a")
    words: dict[str, Any] = {"content": f"{CANARY}的内容", "sender": From(organisation=firm, **SENDER)}
    against = {"against": f"{CANARY}项目"}
    made = [
        lodge(username="firm", notice=notice, **words),
        lodge(notice=notice, **words),
        lodge("complaint", "complaints", notice, against_unit=f"{CANARY}处", **words, **against),
        lodge("report", "complaints", notice, **words, **against),
    ]
    for grievance, username in zip(made, ("firm", "objections", "complaints", "complaints"), strict=True):
        scan(grievance, username)
    for grievance, username in zip(made[1:], ("objections", "complaints", "complaints"), strict=True):
        office.accepted(grievance, username)
        answer = on_grievance(grievance, username, words=f"{CANARY}：经复核。", outcome="rejected")
        actions.answer(**answer)
    deliver()
    remind()
    return made


def scan(grievance: Grievance, username: str) -> None:
    file = io.BytesIO(f"%PDF-1.7 {username}".encode())
    upload(id=grievance.pk, file=file, name=f"{CANARY}.pdf", by=who(username), on=office.today())


def text_of(content: bytes) -> str:
    """What a file says; a spreadsheet is unpacked."""
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def pages(username: str, starts: list[str]) -> Iterator[tuple[str, str]]:
    """Every page and file that this person reaches by links, beginning at home."""
    client = Client()
    client.force_login(who(username), backend=BACKEND)
    waiting, seen = ["/", *starts], set[str]()
    while waiting and len(seen) < 300:
        address = waiting.pop(0)
        if address in seen or address.startswith(LEFT):
            continue
        seen.add(address)
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = text_of(content)
        yield address, text
        waiting += [found.replace("&amp;", "&") for found in LINK.findall(text)]


def addresses(told: list[Grievance]) -> list[str]:
    return [f"/casework/grievances/{one.pk}/" for one in told]


@pytest.mark.parametrize(
    "username", [n for n in office.PEOPLE if n not in ("objections", "complaints", "firm")]
)
def test_no_page_or_export_of_anybody_else_tells(told: list[Grievance], username: str) -> None:
    read = dict(pages(username, [*addresses(told), "/casework/grievances/export/", "/ledger/export/"]))
    assert len(read) > 15 and not [address for address, text in read.items() if CANARY in text]


def test_each_office_reads_its_own_and_not_that_of_the_other(told: list[Grievance]) -> None:
    """The control: the canaries are found where they may be read, so that the search above is one that finds."""
    for username, own, other in (("objections", told[0], told[2]), ("complaints", told[2], told[0])):
        read = dict(pages(username, addresses(told)))
        assert CANARY in read[f"/casework/grievances/{own.pk}/"]
        assert CANARY not in read[f"/casework/grievances/{other.pk}/"]


def test_who_lodged_one_reads_that_one_alone(told: list[Grievance]) -> None:
    read = dict(pages("firm", addresses(told)))
    assert [CANARY in read[address] for address in addresses(told)] == [True, False, False, False]


def rows() -> Iterator[tuple[str, str]]:
    """Every text of every row of the database but the secret ones."""
    for model in apps.get_models():
        if model in (Secret, GrievanceScan):
            continue
        texts = [
            f.attname
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.values_list(*texts):
            yield model.__name__, json.dumps([str(value) for value in row], ensure_ascii=False)


def test_no_row_but_the_secret_one_tells(told: list[Grievance]) -> None:
    assert not [name for name, text in rows() if CANARY in text]
    assert Secret.objects.filter(name__contains=CANARY).count() == len(told)


def test_the_ledger_does_not_say_by_whose_account_it_was_lodged(told: list[Grievance]) -> None:
    events = Event.objects.filter(room="casework", kind="case", object_id=str(told[0].case_id))
    assert {event.actor for event in events} == {actions.WITHHELD.username}
    assert not [event for event in events if "firm_a" in event.body.text or '"firm"' in event.body.text]


def test_two_that_say_the_same_have_digests_that_do_not(told: list[Grievance]) -> None:
    opened = Event.objects.filter(act="casework.objection.open").select_related("body")
    digests = {json.loads(event.body.text)["digest"] for event in opened}
    assert len(digests) == 2
