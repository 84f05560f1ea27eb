"""The editable letter: official faces, exact pitch, and the same page as the PDF where an office suite can print it."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from mangrove.documents.check import check_pdf, failures
from mangrove.documents.docx import write_docx

from .park_letter import park_letter

OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def opened() -> Any:
    """The park letter's DOCX as another program reads it."""
    return docx.Document(io.BytesIO(write_docx(park_letter())))


def _faces(opened: Any, text: str) -> set[str]:
    """The faces of the paragraphs that contain some text, as named for Chinese."""
    found = [run for item in opened.paragraphs if text in item.text for run in item.runs if run.text]
    return {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in found}


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert write_docx(park_letter()) == write_docx(park_letter())


def test_chinese_names_the_official_faces(opened: Any) -> None:
    assert _faces(opened, "一、公园照明的现状") == {"黑体"}
    assert _faces(opened, "（一）先摸清家底。") == {"楷体_GB2312", "仿宋_GB2312"}
    assert _faces(opened, "1.候选路段") == {"仿宋_GB2312"}
    assert _faces(opened, "关于市六届人大二次会议") == {"方正小标宋简体"}


def test_page_and_lines_are_those_of_the_standard(opened: Any) -> None:
    section, normal = opened.sections[0], opened.styles["Normal"]
    margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(margin / Mm(1), 1) for margin in margins] == [37, 28, 35, 26]
    assert normal.paragraph_format.line_spacing == Twips(579)
    assert normal.font.size == Pt(16)
    assert 22 * Twips(579) <= section.page_height - section.top_margin - section.bottom_margin


def test_body_paragraphs_are_indented_by_characters(opened: Any) -> None:
    first = next(item for item in opened.paragraphs if item.text.startswith("您在市六届"))
    assert first._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_the_first_page_has_no_number_and_the_others_mirror_each_other(opened: Any) -> None:
    section = opened.sections[0]
    assert section.first_page_footer.paragraphs[0].text == ""
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer._element.xml


def test_the_words_are_those_of_the_letter(opened: Any) -> None:
    texts = [item.text for item in opened.paragraphs]
    for item in park_letter().paragraphs:
        assert item.text in texts
    assert texts[-1] == f"抄送：{park_letter().copies_text}"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice 未安装：没有核对 DOCX 印出来的样子")
@pytest.mark.parametrize("sealed", [True, False])
def test_an_office_suite_prints_it_as_the_standard_asks(sealed: bool, tmp_path: Path) -> None:
    """Its only departure: the white of an exact line stands above the first line of a page too."""
    letter = park_letter(sealed=sealed)
    (tmp_path / "letter.docx").write_bytes(write_docx(letter))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        "letter.docx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    findings = check_pdf((tmp_path / "letter.pdf").read_bytes(), letter)
    assert {finding.rule.id for finding in failures(findings)} == {"area.top"}
