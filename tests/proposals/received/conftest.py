"""A small city: the bureau that reads, another bureau, those who look on; and letters in three kinds of file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.ledger.refs import Actor
from mangrove.proposals.received.filing import prepare
from mangrove.proposals.received.intake import read_in
from mangrove.proposals.received.models import ReceivedItem, ReceivedLetter
from mangrove.registry.actions import register_organisation
from mangrove.registry.models import Organisation, User

WATER = """市水务局关于市七届人大二次会议第0123号建议答复的函

深水函〔2021〕88号

尊敬的李某某代表：

您提出的《关于改善供水管网的建议》收悉。现答复如下：

一、工作进展

2020年我市完成供水管网改造350公里，其中东片区150公里、西片区200公里。全年供水总量18.2亿立方米，比上年增长约3%。水质达到国际领先水平。

二、下一步工作

由市水务局牵头，2022年底前新建改造供水管网120公里。市水务局将会同市财政局尽快出台管网更新补助办法。

专此答复。

市水务局
2021年9月10日

（联系人：王某，电话：12345678）
"""

TABLE = [
    ["片区", "改造（公里）"],
    ["东片区", "150"],
    ["西片区", "200"],
    ["合计", "360"],
]


def as_docx(text: str = WATER, table: list[list[str]] | None = None) -> bytes:
    """The letter as DOCX, with a table after the heading of its first part."""
    document = docx.Document()
    for line in text.splitlines():
        if line.strip():
            document.add_paragraph(line)
        if table and line.startswith("一、"):
            grid = document.add_table(rows=len(table), cols=len(table[0]))
            for y, row in enumerate(table):
                for x, cell in enumerate(row):
                    grid.cell(y, x).text = cell
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.fixture
def bureau(db: None) -> Organisation:
    register_organisation(
        id="water", name="市水务局", kind="政府机关", scope="本市", source="test",
        by=Actor("x", "x", ""), on=timezone.localdate(),
    )  # fmt: skip
    return Organisation.objects.create(id="gxj", name="市工信局", kind="government")


def person(name: str, organisation: Organisation | None, *roles: str) -> User:
    return User.objects.create(username=name, name=name, organisation=organisation, roles=list(roles))


@pytest.fixture
def officer(bureau: Organisation) -> User:
    return person("经办人甲", bureau, "case_officer")


@pytest.fixture
def colleague(bureau: Organisation) -> User:
    return person("经办人乙", bureau, "case_officer")


@pytest.fixture
def reviewer(bureau: Organisation) -> User:
    return person("核稿人甲", bureau, "reviewer")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(officer: User) -> Client:
    """The officer's browser."""
    return browser(officer)


def upload(client: Client, name: str, content: bytes, **more: Any) -> Any:
    """Send a file through the page; follows to wherever that leads."""
    form = {
        "file": SimpleUploadedFile(name, content),
        "on": timezone.localdate().isoformat(),
        "why": "",
        "text": "",
    }
    return client.post(reverse("proposals:received_read"), form | more, follow=True)


def read(officer: User, text: str = WATER, name: str = "来函.txt") -> ReceivedLetter:
    return read_in(by=officer, on=timezone.localdate(), content=io.BytesIO(text.encode()), name=name).letter


@pytest.fixture
def letter(officer: User) -> ReceivedLetter:
    """The letter of our city's water bureau as it was read, nothing decided."""
    return read(officer, f"深圳{WATER}")


def item(letter: ReceivedLetter, kind: str, words: str) -> ReceivedItem:
    """The one item of a kind whose text holds these words."""
    return letter.items.get(kind=kind, text__contains=words)


def page(client: Client, letter: ReceivedLetter) -> str:
    return client.get(reverse("proposals:received_letter", args=[letter.pk])).content.decode()


def decide(client: Client, item: ReceivedItem, act: str, **fields: Any) -> Any:
    """Press one of the buttons on an item's page, everything else left as the page shows it."""
    address = reverse("proposals:received_item", args=[item.letter_id, item.number])
    shown = client.get(address).context["form"]
    kept = {name: shown.initial.get(name) for name in shown.fields}
    said = {name: "" if value is None else value for name, value in (kept | fields).items()}
    return client.post(address, said | {"act": act}, follow=True)


def confirm_all(client: Client, letter: ReceivedLetter, kind: str) -> Any:
    section = next(
        one
        for one in client.get(reverse("proposals:received_letter", args=[letter.pk])).context["page"].sections
        if one.kind == kind
    )
    return client.post(section.confirm, {"seen": section.seen}, follow=True)


def settle_all(client: Client, letter: ReceivedLetter) -> None:
    """Decide whatever stands in the way of filing: confirm the commitments, then each doubtful thing."""
    confirm_all(client, letter, "commitment")
    for one in letter.items.all():
        if one.needs_decision:
            decide(client, one, "confirm", why="看过原文")


def file(client: Client, letter: ReceivedLetter, **more: Any) -> Any:
    letter.case.refresh_from_db()
    letter.refresh_from_db()
    ahead = prepare(letter, list(letter.items.all()), timezone.localdate())
    form = {
        "on": timezone.localdate().isoformat(), "why": "", "expected_version": letter.case.version,
        "seen_hash": ahead.content_hash,
    }  # fmt: skip
    return client.post(reverse("proposals:received_file", args=[letter.pk]), form | more, follow=True)


def stored(folder: Path) -> list[Path]:
    """Every file below the store, temporary ones included."""
    return [path for path in (folder / "var" / "files").rglob("*") if path.is_file()]
