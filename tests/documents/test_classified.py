"""What is a mark of a state secret, and what only speaks of secrets."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from mangrove.documents.classified import Mark, mark_in, mark_in_file, mark_in_name
from mangrove.documents.errors import DocumentError

MARKS = (
    ("机密★10年", "机密"), ("绝密★长期", "绝密"), ("秘密★", "秘密"), ("机密★会议开始前", "机密"),
    ("  秘密 ☆ 5年", "秘密"), ("机密*1年", "机密"), ("密级：机密", "机密"), ("密　级: 秘 密", "秘密"),
    ("关于某事的报告【绝密】", "绝密"), ("（机密）关于某事", "机密"), ("机　密", "机密"), ("绝密", "绝密"),
)  # fmt: skip
HARMLESS = (
    "企业的商业秘密、技术秘密依法受保护。", "不得泄露国家秘密、工作秘密。", "密级：无", "密级：",
    "《保守国家秘密法》第三条", "机密性、完整性、可用性", "参与项目的人员应当保守秘密", "秘密的花园★★★",
    "国家秘密★为标志", "绝密级事项不超过三十年", "★★★ 推荐", "（商业秘密）",
)  # fmt: skip


@pytest.mark.parametrize(("text", "level"), MARKS)
def test_a_mark_is_found_with_its_level_and_line(text: str, level: str) -> None:
    assert mark_in(f"某市某局\n\n{text}\n正文") == Mark(level, 3)


@pytest.mark.parametrize("text", HARMLESS)
def test_who_speaks_of_secrets_bears_no_mark(text: str) -> None:
    assert mark_in(text) is None


def test_a_level_alone_counts_only_where_a_cover_has_it() -> None:
    assert mark_in("正文\n" * 39 + "机密") == Mark("机密", 40)
    assert mark_in("正文\n" * 40 + "机密") is None
    assert mark_in("正文\n" * 40 + "机密★5年") == Mark("机密", 41)


@given(st.text(alphabet="绝机秘密级★：【】 \n商业国家的年", max_size=60))
def test_a_text_with_a_mark_added_has_a_mark(text: str) -> None:
    assert mark_in(f"{text}\n机密★10年")


@pytest.mark.parametrize(
    ("name", "level"), [("机密.docx", "机密"), ("【秘密】站址表.xlsx", "秘密"), ("报告（绝密）.pdf", "绝密")]
)
def test_the_name_of_a_file_may_bear_it(name: str, level: str) -> None:
    assert mark_in_name(name) == Mark(level, 0)


@pytest.mark.parametrize("name", ["保守国家秘密法.pdf", "商业秘密保护指南.docx", "答复.pdf"])
def test_a_name_that_speaks_of_secrets_is_harmless(name: str) -> None:
    assert mark_in_name(name) is None


def word(path: Path, *lines: str) -> Path:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def test_a_word_file_is_read_where_its_mark_is_split_into_runs(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for part in ("机", "密★", "10年"):
        paragraph.add_run(part).bold = part == "机"
    document.save(str(tmp_path / "a.docx"))
    assert mark_in_file(tmp_path / "a.docx") == Mark("机密", 1)


def test_the_head_of_a_page_counts(tmp_path: Path) -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "秘密★5年"
    document.add_paragraph("正文")
    document.save(str(tmp_path / "a.docx"))
    found = mark_in_file(tmp_path / "a.docx")
    assert found and found.level == "秘密"


def test_a_workbook_and_a_text_are_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active["B2"] = "密级：机密"  # type: ignore[index]
    book.save(tmp_path / "a.xlsx")
    found = mark_in_file(tmp_path / "a.xlsx")
    assert found and found.level == "机密"
    (tmp_path / "a.txt").write_bytes("机密★10年\n".encode("gb18030"))
    assert mark_in_file(tmp_path / "a.txt") == Mark("机密", 1)


def test_ordinary_files_pass(tmp_path: Path) -> None:
    assert mark_in_file(word(tmp_path / "a.docx", *HARMLESS)) is None


def test_parts_without_end_are_read_only_so_far(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(20):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"<c>" * 1_000_000)
        archive.writestr("xl/worksheets/sheet99.xml", "机密★1年")
    assert mark_in_file(tmp_path / "a.xlsx") is None


def test_a_part_that_would_unfold_without_end_is_read_only_so_far(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:t>" + b"a" * 60_000_000)
    assert mark_in_file(tmp_path / "a.docx") is None


def broken(path: Path, how: str) -> Path:
    """A Word file of which a part cannot be read: damaged bytes, or a password."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "机密的正文" * 200)
    content = bytearray(path.read_bytes())
    if how == "password":
        for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(signature) + at] |= 1
    else:
        content[60:70] = b"\xff" * 10
    path.write_bytes(bytes(content))
    return path


@pytest.mark.parametrize("how", ["damage", "password"])
def test_a_file_of_which_a_part_cannot_be_read_is_told_in_words(tmp_path: Path, how: str) -> None:
    with pytest.raises(DocumentError, match="损坏或加密"):
        mark_in_file(broken(tmp_path / "a.docx", how))


def test_so_is_a_page_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    with pytest.raises(DocumentError, match="第1页读不出来"):
        mark_in_file(path)
