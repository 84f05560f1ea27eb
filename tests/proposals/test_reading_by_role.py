"""Who reads what, beside the pages: a case, the promises of its letter and their files, a received letter and its file."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.casework.access import readable_cases
from mangrove.casework.attachments import store
from mangrove.casework.models import Attachment, Promise
from mangrove.proposals.received.intake import read_in
from mangrove.registry.models import User

from . import life
from .test_access import EVERYBODY, OFFICES, OWN_DEPUTIES, UNIT

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]

LETTER = "市水务局关于第0123号建议答复的函\n\n尊敬的代表：\n\n2020年完成供水管网改造350公里。\n\n市水务局\n2021年9月10日\n"
SIGNERS = ("director", "vice")
#: Accounts of the very bureau that handles, without a role in any of its work; and an operator from outside.
BYSTANDERS = {"clerk": "sysadmin", "guard": "security", "operator": "operator", "district": "district"}
#: thing: who reads it; whoever is not named is answered 404.
READERS = {
    "proposals:reply": {*OFFICES, *UNIT, *OWN_DEPUTIES},
    "casework:promise": {*OFFICES, *UNIT, *OWN_DEPUTIES} - {"registrar"},
    "casework:attachment": {*OFFICES, *UNIT, *OWN_DEPUTIES} - {"registrar"},
    "proposals:received_letter": {*OFFICES, *UNIT} - {*SIGNERS},
    "received file": {*OFFICES, *UNIT} - {*SIGNERS},
}


@pytest.fixture
def pages(office: None) -> dict[str, str]:
    """The address of one thing of each kind, all of them of the bureau ``szgxj``."""
    for username, role in BYSTANDERS.items():
        User.objects.get_or_create(
            username=username, defaults={"name": username, "organisation_id": "szgxj", "roles": [role]}
        )
    reply = life.lead_to("delivered")
    promise = Promise.objects.order_by("pk")[0]
    officer = life.who("officer")
    shown = store(
        io.BytesIO(b"%PDF-1.4 shown"), name="证据.pdf", by=officer.actor, case=promise.case, on=life.today()
    )
    letter = read_in(by=officer, on=life.today(), content=io.BytesIO(LETTER.encode()), name="来函.txt").letter
    file = Attachment.objects.get(case=letter.case_id)
    return {
        "proposals:reply": reverse("proposals:reply", args=[reply.pk]),
        "casework:promise": reverse("casework:promise", args=[promise.pk]),
        "casework:attachment": reverse("casework:attachment", args=[shown.pk]),
        "proposals:received_letter": reverse("proposals:received_letter", args=[letter.pk]),
        "received file": reverse("casework:attachment", args=[file.pk]),
    }


def status(browser: Client, address: str) -> int:
    answer = browser.get(address)
    if answer.streaming:
        list(answer.streaming_content)  # read to its end, a file is closed
    return answer.status_code


@pytest.mark.parametrize("thing", READERS)
def test_what_one_reads_follows_from_ones_role_and_not_from_ones_organisation(
    pages: dict[str, str], browser_of: BrowserOf, thing: str
) -> None:
    asked = {*EVERYBODY, *BYSTANDERS}
    found = {username for username in asked if status(browser_of(username), pages[thing]) == 200}
    assert found == READERS[thing]


def test_an_officer_who_left_the_bureau_no_longer_reads_its_letters_nor_their_files(
    pages: dict[str, str], browser_of: BrowserOf
) -> None:
    User.objects.filter(username="officer").update(organisation="sz_ndrc")
    for thing in ("proposals:received_letter", "received file"):
        assert status(browser_of("officer"), pages[thing]) == 404, thing


def test_a_bystander_of_the_bureau_knows_of_no_case(pages: dict[str, str]) -> None:
    for username in BYSTANDERS:
        assert not readable_cases(life.who(username)).exists(), username


@pytest.mark.parametrize("username", [*BYSTANDERS, "stranger"])
def test_the_home_page_counts_no_promise_that_one_may_not_read(
    pages: dict[str, str], browser_of: BrowserOf, username: str
) -> None:
    tiles = browser_of(username).get("/").context["tiles"]
    shown = next(tile for tile in tiles if tile.label == "建议与承诺")
    assert shown.figure.value == 0
    assert not any("来自答复的承诺" in str(note) for tile in tiles for note in tile.notes)


def test_the_home_page_counts_the_promises_of_ones_own_letters(
    pages: dict[str, str], browser_of: BrowserOf
) -> None:
    for username in ("officer", "deputy", "chain"):
        tiles = browser_of(username).get("/").context["tiles"]
        assert next(tile for tile in tiles if tile.label == "建议与承诺").figure.value == 2, username
