"""The seal by folders: out goes what was signed, back comes what is whole, once, and every difference is told."""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mangrove.casework.models import Attachment
from mangrove.jobs import rounds
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.composition import signed_letter
from mangrove.proposals.models import Reply
from mangrove.proposals.office.folders import REFUSED, TAKEN, folders, patience, put
from mangrove.proposals.office.package import LIST, PAGE
from mangrove.proposals.office.sealing import BACK, OUT, look, put_out
from mangrove.proposals.paper import on_paper

from . import life
from .life import lead_to, who
from .test_office import stamped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


@pytest.fixture
def out(settings: Settings, tmp_path: Path) -> Path:
    settings.MANGROVE_SEAL_OUT, settings.MANGROVE_SEAL_IN = str(tmp_path / "out"), str(tmp_path / "in")
    (tmp_path / "in").mkdir()
    return tmp_path / "out"


def sent(reply: Reply) -> str:
    return put_out(by=who("officer"), on=life.today(), reply_id=reply.pk)


def numbered() -> tuple[Reply, str]:
    reply = lead_to("numbered")
    return reply, sent(reply)


def lies(out: Path, name: str, content: bytes, for_seconds: int | None = None) -> Path:
    """A file that somebody put into the folder so long ago."""
    path = out.parent / "in" / name
    path.write_bytes(content)
    at = time.time() - (patience().quiet + 1 if for_seconds is None else for_seconds)
    os.utime(path, (at, at))
    return path


def numbers(reply: Reply) -> str:
    return str(reply.signed_letters.get().document_number)


def came() -> list[dict[str, Any]]:
    return [
        said(event) or {} for event in Event.objects.filter(act=BACK).select_related("body").order_by("pk")
    ]


def test_out_goes_the_numbered_letter_with_its_hashes_and_the_ledger_knows(out: Path) -> None:
    reply, name = numbered()
    page = (out / name / PAGE).read_bytes()
    told = json.loads((out / name / LIST).read_text("utf-8"))
    assert page == on_paper(signed_letter(reply.signed_letters.get())).pdf
    assert (
        told["files"][PAGE]
        == hashlib.sha256(page).hexdigest()
        == (said(Event.objects.get(act=OUT)) or {})["sha256"]
    )
    assert told["send_back_as"] == [f"{name}.pdf", f"{name}.ofd"] and sent(reply) == name
    assert [one.name for one in out.iterdir()] == [name]


def test_a_stamped_file_is_taken_once_and_kept_with_the_letter(out: Path) -> None:
    reply, name = numbered()
    content = stamped(reply, number=numbers(reply))
    path = lies(out, f"{name}.pdf", content)
    rounds.run()
    (found,) = came()
    assert found["readable"] and found["differences"] == [] and not path.exists()
    assert (path.parent / TAKEN / path.name).read_bytes() == content
    assert Attachment.objects.get(case=reply.case).sha256 == hashlib.sha256(content).hexdigest()
    lies(out, f"{name}.pdf", content)
    assert look() == 1 and len(came()) == 1 and Attachment.objects.filter(case=reply.case).count() == 1


def test_what_differs_is_kept_and_told_on_the_page(out: Path) -> None:
    reply, name = numbered()
    lies(out, f"{name}.pdf", stamped(reply, number="样例函〔2026〕99号"))
    look()
    (found,) = came()
    assert found["differences"]
    client = Client()
    client.force_login(who("officer"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("proposals:office", args=[reply.pk])).content.decode()
    assert "盖章文件是" in page and "放入用印文件夹" in page


def ofd(text: str) -> bytes:
    """As small as such a file can be."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("OFD.xml", "<ofd:OFD/>")
        archive.writestr(
            "Doc_0/Pages/Page_0/Content.xml",
            f"<ofd:Page><ofd:TextCode>{escape(text)}</ofd:TextCode></ofd:Page>",
        )
    return made.getvalue()


def test_an_ofd_is_read_as_well(out: Path) -> None:
    _reply, name = numbered()
    lies(out, f"{name}.ofd", ofd("别的话"))
    look()
    assert came()[0]["readable"] and came()[0]["differences"]


def test_a_file_that_is_being_written_is_left_until_it_lies_still(out: Path) -> None:
    reply, name = numbered()
    content = stamped(reply, number=numbers(reply))
    path = lies(out, f"{name}.pdf", content, for_seconds=0)
    assert look() == 0 and path.exists() and came() == []
    half = lies(out, f"{name}.pdf", content[: len(content) // 2])
    assert look() == 0 and half.exists() and came() == []
    lies(out, f"{name}.ofd", ofd("x" * 100)[:-30])
    assert look() == 0
    lies(out, f"{name}.pdf", content)
    assert look() == 1 and len(came()) == 1


def test_what_stays_half_or_is_no_letter_of_ours_is_put_aside_with_the_reason(out: Path) -> None:
    reply, name = numbered()
    content = stamped(reply, number=numbers(reply))
    for wrong, body, age, reason in (
        (f"{name}.pdf", content[:500], patience().incomplete + 60, "不完整"),
        ("别的.pdf", content, 60, "对不上"),
        (f"{name[:-1]}9.pdf", content, 60, "对不上"),
        (f"{name}.ofd", b"MZ" + ofd("x"), 60, ""),
    ):
        path = lies(out, wrong, body, age)
        assert look() == 1 and not path.exists() and came() == []
        told = (path.parent / REFUSED / f"{wrong}.原因.txt").read_text("utf-8")
        assert reason in told and "办法" in told


def damaged(content: bytes) -> bytes:
    """The directory of an OFD is there, one of its parts is not."""
    at = content.index(b"Content.xml") + len(b"Content.xml")
    return content[:at] + b"\x00" * 10 + content[at + 10 :]


def test_a_damaged_file_is_put_aside_with_the_reason_and_keeps_no_other_from_its_turn(out: Path) -> None:
    reply, name = numbered()
    bad = lies(out, f"{name}.ofd", damaged(ofd("别的话")), for_seconds=600)
    lies(out, f"{name}.pdf", stamped(reply, number=numbers(reply)))
    assert look() == 2 and len(came()) == 1
    assert "损坏" in (bad.parent / REFUSED / f"{name}.ofd.原因.txt").read_text("utf-8")


def test_nor_does_one_that_cannot_be_dealt_with_at_all(out: Path) -> None:
    reply, name = numbered()
    (out.parent / "in" / TAKEN).write_text("")  # a file in the place of the folder
    path = lies(out, f"{name}.pdf", stamped(reply, number=numbers(reply)), for_seconds=600)
    other = lies(out, "别的.pdf", b"%PDF-1.7 %%EOF")
    assert look() == 1 and path.exists() and not other.exists()


def test_the_comparison_of_an_earlier_version_is_not_shown_as_that_of_the_present_one(out: Path) -> None:
    reply, name = numbered()
    lies(out, f"{name}.pdf", stamped(reply, number="样例函〔2026〕99号"))
    look()
    reply.signed_letters.update(version=2)
    client = Client()
    client.force_login(who("officer"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("proposals:office", args=[reply.pk])).content.decode()
    assert "盖章文件是" not in page


def test_links_folders_and_hidden_files_are_not_looked_at(out: Path, tmp_path: Path) -> None:
    _reply, name = numbered()
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"%PDF-1.7 %%EOF")
    (out.parent / "in" / f"{name}.pdf").symlink_to(secret)
    lies(out, f".{name}.pdf", b"%PDF-1.7 %%EOF")
    assert look() == 0 and came() == []


def test_a_letter_that_does_not_wait_for_the_seal_neither_goes_nor_comes(out: Path) -> None:
    reply = lead_to("signed")
    with pytest.raises(Refusal, match="不能由文件夹"):
        sent(reply)
    reply = lead_to("delivered", reply)
    letter = reply.signed_letters.get()
    lies(out, f"{reply.pk}.v{letter.version}.pdf", stamped(reply, number=numbers(reply)))
    assert look() == 1 and came() == []


def test_by_hand_is_the_default_and_half_a_setting_is_none(settings: Settings, tmp_path: Path) -> None:
    reply = lead_to("numbered")
    assert look() == 0
    with pytest.raises(Refusal, match="不能由文件夹"):
        sent(reply)
    client = Client()
    client.force_login(who("officer"), backend="django.contrib.auth.backends.ModelBackend")
    assert "用印文件夹" not in client.get(reverse("proposals:office", args=[reply.pk])).content.decode()
    assert client.post(reverse("proposals:seal_out", args=[reply.pk])).status_code == 404
    settings.MANGROVE_SEAL_OUT = str(tmp_path)
    with pytest.raises(ImproperlyConfigured, match="MANGROVE_SEAL_IN"):
        folders()


def test_who_is_not_of_the_unit_puts_nothing_out(out: Path) -> None:
    reply = lead_to("numbered")
    with pytest.raises(Refusal, match="办公系统"):
        put_out(by=who("registrar"), on=life.today(), reply_id=reply.pk)
    assert not out.exists()


def test_a_folder_is_there_whole_and_the_first_stays(tmp_path: Path) -> None:
    assert put(tmp_path, "a", {"x": b"1"}) == put(tmp_path, "a", {"x": b"2"}) == tmp_path / "a"
    assert (tmp_path / "a" / "x").read_bytes() == b"1" and [one.name for one in tmp_path.iterdir()] == ["a"]
