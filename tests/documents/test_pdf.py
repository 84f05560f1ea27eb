"""The letter as set: stable bytes, nothing disturbed by the draft mark, the signature never alone."""

from __future__ import annotations

import pypdfium2
import pytest

from mangrove.documents.check import check_pdf, failures
from mangrove.documents.check.page import Page, read_pages
from mangrove.documents.errors import DocumentError
from mangrove.documents.fonts import FontShelf
from mangrove.documents.letter import paragraph
from mangrove.documents.pdf import SetLetter, set_letter

from .park_letter import park_letter

LINE = "登记照明设施并且核对原因再逐项公布结果以便市民随时查阅监督"[:28]


def _lines(pages: tuple[Page, ...]) -> list[tuple[int, int, str]]:
    return [(page.number, line.baseline, line.text) for page in pages for line in page.lines]


def test_the_same_letter_gives_the_same_bytes(conforming: SetLetter, shelf: FontShelf) -> None:
    assert set_letter(park_letter(), fonts=shelf).pdf == conforming.pdf


def test_the_letter_is_four_pages_with_two_full_ones(conforming: SetLetter) -> None:
    pages = read_pages(conforming.pdf)
    assert conforming.pages == len(pages) == 4
    assert [len(page.lines) - 1 for page in pages[1:3]] == [22, 22]


def test_the_file_names_itself_and_claims_archive_and_tags(conforming: SetLetter) -> None:
    document = pypdfium2.PdfDocument(conforming.pdf)
    metadata = document.get_metadata_dict()
    assert metadata["Title"] == park_letter().title
    assert metadata["CreationDate"] == "D:20230809000000Z"
    assert document.is_tagged()
    document.close()
    assert b"<pdfuaid:part>1<" in conforming.pdf
    assert b"<pdfaid:part>2<" in conforming.pdf


def test_headings_are_bookmarks_without_leaps(shelf: FontShelf) -> None:
    paragraphs = (
        paragraph("（一）没有上一层的标题", level=2),
        paragraph(LINE),
        paragraph("一、正常的标题", level=1),
        paragraph("（一）下一层", level=2),
        paragraph(LINE),
    )
    pdf = set_letter(park_letter(paragraphs=paragraphs), fonts=shelf).pdf
    document = pypdfium2.PdfDocument(pdf)
    bookmarks = [(mark.level, mark.get_title()) for mark in document.get_toc()]
    document.close()
    assert bookmarks == [(0, "（一）没有上一层的标题"), (0, "一、正常的标题"), (1, "（一）下一层")]


def test_the_draft_mark_moves_nothing(conforming: SetLetter, shelf: FontShelf) -> None:
    draft = set_letter(park_letter(draft=True), fonts=shelf)
    assert _lines(read_pages(draft.pdf)) == _lines(read_pages(conforming.pdf))
    assert draft.pdf != conforming.pdf


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("lines", range(4, 14))
def test_the_signature_always_stands_with_text(lines: int, sealed: bool, shelf: FontShelf) -> None:
    """The letter grows line by line over a page's end; hints about unfilled pages are not the matter here."""
    base = park_letter()
    letter = park_letter(paragraphs=(paragraph(LINE * lines), *base.paragraphs), sealed=sealed)
    found = failures(check_pdf(set_letter(letter, fonts=shelf).pdf, letter))
    assert {finding.rule.id for finding in found} <= {"grid.lines"}


def test_a_letter_without_number_date_and_copies_still_sets(shelf: FontShelf) -> None:
    letter = park_letter(number=None, date=None, copies=(), openness=None, contact=None, draft=True)
    assert failures(check_pdf(set_letter(letter, fonts=shelf).pdf, letter)) == []


def test_the_result_class_stands_above_the_mark(shelf: FontShelf) -> None:
    pages = read_pages(set_letter(park_letter(result_class="A"), fonts=shelf).pdf)
    top = pages[0].lines[0]
    assert top.text == "办理结果：A"
    assert abs(top.right - 184_000) < 1000


def test_a_letter_without_text_is_refused(shelf: FontShelf) -> None:
    with pytest.raises(DocumentError, match="没有正文"):
        set_letter(park_letter(paragraphs=()), fonts=shelf)
