"""Sets a letter as PDF: the same letter and faces give the same bytes.

The words come from the letter, the values from `rules`, the faces from `fonts`; `letter.typ` says where things
stand. Typst is the typesetter.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from mangrove.documents.errors import DocumentError
from mangrove.documents.fonts import Face, FontReport, FontShelf, UnprintableError, system_shelf
from mangrove.documents.letter import Letter, Paragraph
from mangrove.documents.pdfium import opened
from mangrove.documents.rules import letter_rules
from mangrove.documents.title import title_lines, widest_title

RED = "#e60012"
EPOCH = 0  # an undated letter carries no time of its own making


@dataclass(frozen=True, slots=True)
class SetLetter:
    """A letter on paper: the PDF, the faces it was printed with, and its number of pages."""

    pdf: bytes
    fonts: FontReport
    pages: int


def set_letter(letter: Letter, *, fonts: FontShelf | None = None) -> SetLetter:
    """Set a letter as tagged PDF/A.

    fonts: the faces to choose from, those of this machine by default.
    Raises UnprintableError if a character has no glyph in any face, DocumentError if the letter cannot be set.
    """
    if not letter.paragraphs:
        raise DocumentError(f"公文《{letter.title}》没有正文。请至少写一段正文再排版。")
    shelf = fonts or system_shelf()
    report = shelf.report(letter)
    if report.unprintable:
        raise UnprintableError(report)
    pdf = typeset(letter_data(letter), rule_data(), shelf)
    with opened(pdf) as document:
        return SetLetter(pdf, report, len(document))


def typeset(letter: dict[str, Any], rules: dict[str, Any], shelf: FontShelf) -> bytes:
    """Run the typesetter on a letter and rules already turned into plain data."""
    inputs = {"letter": letter, "rules": rules, "faces": face_data(shelf)}
    return compiled("letter.typ", inputs, shelf, letter["plain_title"])


def compiled(template: str, inputs: dict[str, Any], shelf: FontShelf, title: str) -> bytes:
    """A template of this folder set with its inputs. Raises DocumentError naming the document by its title."""
    compiler = typst.Compiler(
        input=_template(template),
        font_paths=shelf.typst_fonts,
        ignore_system_fonts=True,
        sys_inputs={name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()},
    )
    try:
        # Archives ask for PDF/A, screen readers for PDF/UA.
        pdf = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=EPOCH)
    except typst.TypstError as error:
        raise DocumentError(f"公文《{title}》排版失败：{error.message}") from error
    if not isinstance(pdf, bytes):
        raise DocumentError(f"公文《{title}》排版没有得到一个PDF文件")
    return pdf


def letter_data(letter: Letter) -> dict[str, Any]:
    """The letter as the template reads it: every string exactly as printed."""
    return {
        "issuer": letter.issuer,
        "title_lines": title_lines(letter.title, widest_title()),
        "plain_title": letter.title.replace("\n", ""),
        "number": letter.number or "",
        "result_class": letter.result_text,
        "addressee": letter.addressee,
        "paragraphs": _paragraphs_data(letter.paragraphs),
        "signatory": letter.signatory,
        "date": letter.date_text,
        "created": _created(letter),
        "contact": letter.contact_text,
        "openness": letter.openness_text,
        "copies": letter.copies_text,
        "sealed": letter.sealed,
        "draft": letter.draft,
        "folio_from": 2,
        "red": RED,
    }


def rule_data() -> dict[str, Any]:
    """The numeric rules as [value, unit] by id."""
    return {rule.id: [float(rule.number), rule.unit] for rule in letter_rules().values() if rule.is_number}


def _paragraphs_data(paragraphs: tuple[Paragraph, ...]) -> list[dict[str, Any]]:
    """Each paragraph with its outline level: 0 for text, for a heading its level without leaps (PDF/UA)."""
    rows, outline = [], 0
    for place, item in enumerate(paragraphs, start=1):
        closing = place == len(paragraphs)
        heading = item.level in (1, 2) and not item.body and not closing
        outline = min(item.level, outline + 1) if heading else outline
        parts = [
            {"face": str(face), "text": "".join(run.text for run in runs)} for face, runs in item.parts()
        ]
        rows.append({"outline": outline if heading else 0, "closing": closing, "parts": parts})
    return rows


def _created(letter: Letter) -> dict[str, int] | None:
    if letter.date is None:
        return None
    return {"year": letter.date.year, "month": letter.date.month, "day": letter.date.day}


def face_data(shelf: FontShelf) -> dict[str, Any]:
    """Each category's families in the order in which Typst tries them, and the first one's weight."""
    return {str(category): _chain_data(shelf, chain) for category, chain in shelf.chains().items()}


def _chain_data(shelf: FontShelf, chain: tuple[Face, ...]) -> dict[str, Any]:
    families: list[Any] = [face.family for face in chain]
    latin = shelf.latin(chain[0])
    if latin != chain[0]:
        families.insert(0, {"name": latin.family, "covers": "latin-in-cjk"})
    return {"families": families, "weight": chain[0].weight}


@cache
def _template(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
