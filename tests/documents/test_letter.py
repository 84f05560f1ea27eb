"""The letter as a value: its text, the place of every marked run, the date's form."""

from __future__ import annotations

from datetime import date

import pytest

from mangrove.documents.letter import Category, Paragraph, Run, paragraph, plain_text, spans

from .park_letter import park_letter


def test_every_marked_run_is_found_at_its_span() -> None:
    letter = park_letter()
    text = plain_text(letter)
    marked = {span.mark: text[span.start : span.end] for span in spans(letter) if span.mark}
    assert marked == {"lighting_spent": "4,860万元", "lamps_replaced": "9,412盏", "posts_added": "1,275根"}


def test_spans_cover_each_paragraph_without_a_gap() -> None:
    letter = park_letter()
    text = plain_text(letter)
    for number, item in enumerate(letter.paragraphs):
        assert (
            "".join(text[span.start : span.end] for span in spans(letter) if span.paragraph == number)
            == item.text
        )


def test_a_run_in_heading_changes_face_inside_its_paragraph() -> None:
    item = Paragraph(2, (Run("（一）先摸清家底。"),), (Run("逐一登记。"),))
    assert [category for category, _ in item.parts()] == [Category.KAI, Category.FANGSONG]


def test_the_date_has_no_leading_zeros() -> None:
    assert park_letter(date=date(2023, 8, 9)).date_text == "2023年8月9日"


def test_an_open_date_prints_its_blank_form() -> None:
    assert park_letter(date=None).date_text == "　　年　月　日"


def test_a_fifth_level_is_refused() -> None:
    with pytest.raises(ValueError, match="现为4"):
        paragraph("（1）", level=4)
