"""A letter comes in: as text, DOCX or PDF, or pasted; what cannot be read is refused and leaves nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mangrove.casework.models import Attachment, Case
from mangrove.documents.letter import Letter, paragraph
from mangrove.documents.pdf import set_letter
from mangrove.ledger.models import Event
from mangrove.proposals.received.intake import read_in
from mangrove.proposals.received.models import ReceivedItem, ReceivedLetter
from mangrove.registry.models import User

from .conftest import TABLE, WATER, as_docx, browser, item, stored, upload


def as_pdf() -> bytes:
    lines = [line for line in WATER.splitlines() if line.strip()]
    return set_letter(
        Letter(
            issuer="市水务局", title=lines[0], number=lines[1], addressee=lines[2].rstrip("："),
            paragraphs=tuple(paragraph(line) for line in lines[3:-3]), signatory="市水务局",
            date=timezone.datetime(2021, 9, 10).date(), contact="", openness="主动公开", copies=(),
        )
    ).pdf  # fmt: skip


def test_a_text_file_is_laid_out_with_what_it_contains(desk: Client) -> None:
    answer = upload(desk, "来函.txt", f"深圳{WATER}".encode())
    letter = ReceivedLetter.objects.get()
    assert answer.redirect_chain[0][0].startswith(reverse("proposals:received_letter", args=[letter.pk]))
    assert (letter.issuer, letter.document_number, str(letter.dated)) == (
        "深圳市水务局", "深水函〔2021〕88号", "2021-09-10",
    )  # fmt: skip
    assert item(letter, "number", "350公里").said["value"] == "350000"
    promised = item(letter, "commitment", "120公里").said
    assert (promised["owner"], promised["due_on"], promised["measure"]) == (
        "市水务局",
        "2022-12-31",
        "120公里",
    )
    shown = answer.content.decode()
    for words in (
        "完成时限、衡量指标",
        "国际领先水平",
        "待核",
        "未入册",
        "已入册",
        "150公里 + 200公里 = 350公里",
    ):
        assert words in shown


def test_in_a_letter_of_another_city_a_short_name_is_tied_to_none_of_ours(desk: Client) -> None:
    shown = upload(desk, "来函.txt", f"兰州{WATER}".encode()).content.decode()
    named = ReceivedLetter.objects.get().items.filter(kind="organisation", text="市水务局")
    assert named and {mention.said["org_id"] for mention in named} == {""}
    assert "未入册" in shown and "已入册" not in shown


def test_a_file_that_no_letter_comes_in_is_refused_with_the_kinds_that_this_page_takes(desk: Client) -> None:
    shown = upload(desk, "来函.exe", b"MZ" + bytes(64)).content.decode()
    assert "请传 TXT、DOCX 或 PDF" in shown
    assert ".ofd" not in shown and ".xlsx" not in shown


def test_the_file_is_kept_and_handed_out_again(desk: Client) -> None:
    upload(desk, "来函.txt", WATER.encode())
    kept = Attachment.objects.get()
    answer = desk.get(reverse("casework:attachment", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == WATER.encode()  # type: ignore[attr-defined]


def test_a_docx_with_a_table_is_added_up(desk: Client) -> None:
    answer = upload(desk, "来函.docx", as_docx(table=TABLE))
    letter = ReceivedLetter.objects.get()
    wrong = item(letter, "finding", "改造（公里）")
    assert "150 + 200 = 350，表中写360" in wrong.said["working"] and wrong.needs_decision
    assert "150 + 200 = 350，表中写360" in answer.content.decode()


def test_a_pdf_is_read_across_its_line_breaks(desk: Client) -> None:
    upload(desk, "来函.pdf", as_pdf())
    letter = ReceivedLetter.objects.get()
    assert letter.kind == "pdf" and item(letter, "commitment", "新建改造供水管网120公里")


def test_pasted_text_is_read_and_kept_as_a_file(desk: Client) -> None:
    form = {"text": WATER, "on": timezone.localdate().isoformat(), "why": ""}
    desk.post(reverse("proposals:received_read"), form)
    letter = ReceivedLetter.objects.get()
    assert letter.kind == "paste" and letter.case.attachments.get().name == "粘贴的来函.txt"


def test_the_same_file_again_opens_the_reading_there_is(desk: Client, colleague: User) -> None:
    upload(desk, "来函.txt", WATER.encode())
    answer = upload(browser(colleague), "另一个名字.txt", WATER.encode())
    assert ReceivedLetter.objects.count() == 1 and Attachment.objects.count() == 1
    assert "这份文件已由经办人甲于" in answer.content.decode()


def scanned() -> bytes:
    """A PDF with a page and no text on it."""
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(file)
    document.close()
    return file.getvalue()


REFUSED = {
    "empty": ("来函.txt", b"", "空"),
    "false extension": ("来函.pdf", as_docx(), "名为 .pdf，内容是Word 文档"),
    "a picture": ("来函.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "是PNG 图片，读不出复函的文字"),
    "broken docx": ("来函.docx", as_docx()[:900], "损坏"),
    "a docx whose text is torn": ("来函.docx", as_docx().replace(b"word/document.xml", b"word/documenu.xml"), "ZIP"),
    "scanned": ("来函.pdf", scanned(), "多半是扫描件"),
    "no letter in it": ("来函.txt", "你好".encode(), "只有 2 个汉字"),
    "a program": ("来函.docx", b"MZ" + b"\0" * 100, "可执行文件"),
    "too long": ("来函.txt", "建设基站。".encode() * 50_000, "超过一次阅读的上限"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_and_leaves_nothing(desk: Client, own_files: Path, case: str) -> None:
    name, content, words = REFUSED[case]
    answer = upload(desk, name, content)
    assert words in answer.content.decode()
    assert not ReceivedLetter.objects.exists() and not Case.objects.exists() and not Event.objects.filter(
        room="proposals"
    ).exists()  # fmt: skip
    assert stored(own_files) == []


def test_fifty_megabytes_are_refused_kindly(desk: Client, own_files: Path, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(own_files)
    answer = upload(desk, "来函.pdf", b"%PDF-1.7\n" + b"\0" * (50 * 1024 * 1024 + 1))
    assert "超过每件 20.0 MB 的上限" in answer.content.decode()
    assert stored(own_files) == [] and not ReceivedLetter.objects.exists()


def test_a_database_that_fails_at_the_last_row_takes_the_file_back_out(
    officer: User, own_files: Path
) -> None:
    def fails(execute: Any, sql: str, *more: Any) -> Any:
        if sql.startswith('INSERT INTO "casework_attachment"'):
            raise OperationalError("disk full")
        return execute(sql, *more)

    with connection.execute_wrapper(fails), pytest.raises(OperationalError, match="disk full"):
        read_in(by=officer, on=timezone.localdate(), content=io.BytesIO(WATER.encode()), name="a.txt")
    assert stored(own_files) == [] and not ReceivedLetter.objects.exists() and not Case.objects.exists()


def test_neither_file_nor_text_and_both_are_answered_at_the_field(desk: Client) -> None:
    address = reverse("proposals:received_read")
    today = {"on": timezone.localdate().isoformat()}
    assert "请选择文件" in desk.post(address, today).content.decode()
    both = upload(desk, "来函.txt", WATER.encode(), text="另一段文字").content.decode()
    assert "只能有一样" in both and "另一段文字" in both


def test_one_act_one_event(desk: Client) -> None:
    upload(desk, "来函.txt", WATER.encode())
    assert sorted(Event.objects.filter(room="casework").values_list("act", flat=True)) == [
        "casework.attach",
        "proposals.received.open",
    ]
    letter = ReceivedLetter.objects.get()
    assert ReceivedItem.objects.filter(letter=letter, kind="number").count() == letter.numbers


def test_a_letter_with_the_number_and_issuer_of_one_that_was_read_says_so_and_is_read_all_the_same(
    desk: Client,
) -> None:
    upload(desk, "来函.txt", WATER.encode())
    again = upload(desk, "来函.docx", as_docx(WATER.replace("〔2021〕", "[2021]"))).content.decode()
    first, second = ReceivedLetter.objects.order_by("pk")
    assert "读入过不止一次" in again and reverse("proposals:received_letter", args=[first.pk]) in again
    assert second.mark == "R2"
    other = upload(desk, "另一封.txt", WATER.replace("88号", "89号").encode()).content.decode()
    assert "读入过不止一次" not in other
