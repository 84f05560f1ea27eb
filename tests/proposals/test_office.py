"""The way through the office system: what goes out, what comes back, and that nothing different slips in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mangrove.casework.models import Attachment
from mangrove.documents.stamped import words_of
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.composition import as_letter
from mangrove.proposals.models import Numbering, Reply
from mangrove.proposals.office.coming_back import Comparison, take_back
from mangrove.proposals.office.package import LIST, PAGE, SHEET, WORD, send_out
from mangrove.proposals.paper import on_paper

from . import life
from .life import lead_to, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]

NUMBER = "样例函〔2026〕9号"


def stamped(reply: Reply, *, number: str = NUMBER, change: tuple[str, str] = ("", "")) -> bytes:
    """The letter as another program prints it, its words changed where a test wants it."""
    letter = reply.signed_letters.order_by("-version")[0]
    body = letter.body.replace(*change) if change[0] else letter.body
    return on_paper(as_letter(letter.head, body, number=number, on=letter.signed_on)).pdf


def back(reply: Reply, content: bytes, name: str = "盖章.pdf", **more: Any) -> Comparison:
    reply.case.refresh_from_db()
    given: dict[str, Any] = {
        "by": who("reviewer"), "on": life.today(), "reply_id": reply.pk, "document_number": NUMBER,
        "dated": life.today(), "expected_version": reply.case.version,
    }  # fmt: skip
    return take_back(file=io.BytesIO(content), name=name, **given | more)


class TestOut:
    def test_the_package_holds_sheet_word_page_and_their_hashes(self) -> None:
        reply = lead_to("to_sign")
        package = send_out(by=who("officer"), on=life.today(), reply_id=reply.pk)
        archive = zipfile.ZipFile(io.BytesIO(package.content))
        said = json.loads(archive.read(LIST))
        assert set(said["files"]) == {SHEET, WORD, PAGE} and said["content_hash"] == package.content_hash
        assert all(
            hashlib.sha256(archive.read(name)).hexdigest() == sha for name, sha in said["files"].items()
        )
        event = Event.objects.get(act="proposals.office_out")
        assert json.loads(event.body.text)["package"] == package.sha256

    def test_the_sheet_shows_who_said_what_at_each_step(self) -> None:
        reply = lead_to("signed")
        package = send_out(by=who("reviewer"), on=life.today(), reply_id=reply.pk)
        sheet = docx.Document(io.BytesIO(zipfile.ZipFile(io.BytesIO(package.content)).read(SHEET)))
        cells = {row.cells[0].text: row.cells[1].text for row in sheet.tables[0].rows}
        assert cells["核稿通过"].startswith("核对无误。\n核稿人甲") and cells["签发"].startswith(
            "同意签发。\n局长"
        )
        assert (
            cells["标题"] and "代表甲" in cells["主送"] and package.content_hash in sheet.paragraphs[-1].text
        )

    def test_the_same_letter_gives_the_same_bytes(self) -> None:
        reply = lead_to("to_sign")
        first, second = (send_out(by=who("officer"), on=life.today(), reply_id=reply.pk) for _n in range(2))
        assert first.content == second.content

    @pytest.mark.parametrize(
        ("username", "code"), [("director", "not_office_sender"), ("liaison", "not_office_sender")]
    )
    def test_only_who_handles_it_sends_it_out(self, username: str, code: str) -> None:
        reply = lead_to("to_sign")
        with pytest.raises(Refusal) as refused:
            send_out(by=who(username), on=life.today(), reply_id=reply.pk)
        assert refused.value.code == f"proposals.{code}"

    def test_a_draft_in_its_drafters_hands_is_not_sent(self) -> None:
        reply = lead_to("drafting")
        with pytest.raises(Refusal) as refused:
            send_out(by=who("officer"), on=life.today(), reply_id=reply.pk)
        assert refused.value.code == "proposals.nothing_to_send" and not Event.objects.filter(
            act="proposals.office_out"
        )


class TestBack:
    def test_the_same_words_are_numbered_and_the_file_kept(self) -> None:
        reply = lead_to("signed")
        assert back(reply, stamped(reply)).agrees
        reply.refresh_from_db()
        assert (reply.document_number, reply.case.state) == (
            NUMBER,
            "signed",
        ) or reply.document_number == NUMBER
        assert Attachment.objects.get(case=reply.case).name == "盖章.pdf"

    def test_words_set_by_another_program_are_the_same_words(self, tmp_path: Path) -> None:
        reply = lead_to("signed")
        (tmp_path / "a.pdf").write_bytes(stamped(reply))
        words = words_of(tmp_path / "a.pdf")
        codes = "".join(f"<ofd:TextCode>{words[n : n + 7]}</ofd:TextCode>\n" for n in range(0, len(words), 7))
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("OFD.xml", "<ofd/>")
            archive.writestr("Doc_0/Pages/Page_0/Content.xml", f"<ofd:Page>{codes}</ofd:Page>")
        assert back(reply, file.getvalue(), "盖章.ofd").agrees

    def test_a_changed_word_is_named_and_nothing_is_half_done(self, settings: Settings) -> None:
        reply = lead_to("signed")
        changed = stamped(reply, change=("拟订配套扶持政策", "研究配套扶持政策"))
        before = Event.objects.count()
        with pytest.raises(Refusal) as refused:
            back(reply, changed)
        assert "〖拟订〗" in str(refused.value) and "〖研究〗" in str(refused.value)
        assert (
            Event.objects.count() == before
            and not Numbering.objects.exists()
            and not Attachment.objects.exists()
        )

    def test_with_a_reason_the_difference_is_kept_in_the_ledger(self) -> None:
        reply = lead_to("signed")
        found = back(
            reply, stamped(reply, change=("拟订", "研究")), keep_reason="办公室核文改字，已报签发人。"
        )
        assert not found.agrees
        said = json.loads(Event.objects.get(act="proposals.office_back").body.text)
        assert said["differences"][0]["stamped"] == "研究" and "已报签发人" in said["keep_reason"]

    def test_another_number_on_the_paper_than_typed_is_a_difference(self) -> None:
        reply = lead_to("signed")
        with pytest.raises(Refusal, match="〖1〗9号") as refused:
            back(reply, stamped(reply, number="样例函〔2026〕19号"))
        assert refused.value.code == "proposals.stamped_differs"

    def test_another_date_is_a_difference(self) -> None:
        reply = lead_to("signed")
        with pytest.raises(Refusal, match="成文日期"):
            back(reply, stamped(reply), dated=life.today() - timedelta(days=1))

    def test_a_scan_cannot_be_compared_and_says_so(self, tmp_path: Path) -> None:
        reply = lead_to("signed")
        png = bytes.fromhex("89504e470d0a1a0a") + b"\x00" * 64
        with pytest.raises(Refusal, match="扫描件"):
            back(reply, png, "盖章.png")

    def test_only_who_gives_numbers_takes_it_back(self) -> None:
        reply = lead_to("signed")
        with pytest.raises(Refusal):
            back(reply, stamped(reply), by=who("officer"))


class TestPage:
    def test_out_and_back_in_the_browser(self, browser_of: Callable[[str], Client]) -> None:
        reply, client = lead_to("signed"), browser_of("reviewer")
        page = reverse("proposals:office", args=[reply.pk])
        assert page in client.get(reverse("proposals:reply", args=[reply.pk])).content.decode()
        sent = client.post(reverse("proposals:office_package", args=[reply.pk]))
        assert sent["Content-Type"] == "application/zip"
        given = {
            "document_number": NUMBER, "dated": life.today(), "on": life.today(), "why": "", "keep_reason": "",
            "expected_version": reply.case.version,
        }  # fmt: skip
        wrong = SimpleUploadedFile("盖章.pdf", stamped(reply, change=("拟订", "研究")))
        refused = client.post(page, given | {"file": wrong})
        assert refused.status_code == 422 and "研究" in refused.content.decode()
        answer = client.post(page, given | {"file": SimpleUploadedFile("盖章.pdf", stamped(reply))})
        assert answer.status_code == 302, answer.content.decode()
        assert "收回盖章文件" in client.get(page).content.decode()

    @pytest.mark.parametrize("username", ["director", "elsewhere", "deputy"])
    def test_others_do_not_open_it(self, browser_of: Callable[[str], Client], username: str) -> None:
        reply = lead_to("signed")
        assert browser_of(username).get(reverse("proposals:office", args=[reply.pk])).status_code in (
            404,
            422,
        )
