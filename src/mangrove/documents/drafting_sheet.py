"""发文稿纸: the sheet that goes before a draft through the office, with the opinion of everybody who had it.

A table for Word and WPS; the same sheet gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from mangrove.documents.docx import saved
from mangrove.documents.docx_parts import name_face
from mangrove.documents.letter import Category

UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
LABEL_WIDTH, TEXT_WIDTH = Mm(32), Mm(124)


@dataclass(frozen=True)
class SheetOpinion:
    """One line of the opinions: the step, who took it, on which day, and what they said."""

    step: str
    by: str
    on: date
    words: str


@dataclass(frozen=True)
class DraftingSheet:
    """``particulars`` are label and words in the order of the sheet; ``mark`` tells the text that it belongs to."""

    office: str
    particulars: Sequence[tuple[str, str]]
    opinions: Sequence[SheetOpinion]
    mark: str


def write_drafting_sheet(sheet: DraftingSheet) -> bytes:
    """The sheet as DOCX on A4."""
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(27)
    document.core_properties.created = document.core_properties.modified = UNDATED
    document.core_properties.author = sheet.office
    document.core_properties.title = "发文稿纸"
    heading(document, f"{sheet.office}发文稿纸")
    rows = [*sheet.particulars, *((one.step, opinion_words(one)) for one in sheet.opinions)]
    fill(document.add_table(0, 2, style="Table Grid"), rows)
    line = document.add_paragraph()
    written(line, f"文本指纹：{sheet.mark}", Category.SONG, 9)
    return saved(document)


def opinion_words(one: SheetOpinion) -> str:
    signed = f"{one.by}　{one.on.year}年{one.on.month}月{one.on.day}日"
    return f"{one.words}\n{signed}" if one.words else signed


def heading(document: Any, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    written(paragraph, words, Category.XIAOBIAOSONG, 20)


def fill(table: Any, rows: Sequence[tuple[str, str]]) -> None:
    table.autofit = False
    for label, words in rows:
        left, right = table.add_row().cells
        left.width, right.width = LABEL_WIDTH, TEXT_WIDTH
        written(left.paragraphs[0], label, Category.HEI, 12)
        lines = words.split("\n")
        for number, line in enumerate(lines):
            written(
                right.paragraphs[0] if number == 0 else right.add_paragraph(), line, Category.FANGSONG, 12
            )


def written(paragraph: Any, words: str, face: Category, size: int) -> None:
    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    name_face(run._r.get_or_add_rPr(), face)
