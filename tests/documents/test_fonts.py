"""The font report says which face printed what, and refuses characters that no face can print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from mangrove.documents.errors import DocumentError
from mangrove.documents.fonts import FontShelf, UnprintableError, packaged_fonts
from mangrove.documents.letter import Category
from mangrove.documents.pdf import set_letter

from .park_letter import park_letter


def _small_face(folder: Path, family: str, characters: str) -> None:
    """A face of black squares that has only some characters."""
    names = {char: f"uni{ord(char):04X}" for char in sorted(set(characters))}
    pen = TTGlyphPen(None)
    for index, point in enumerate([(60, -60), (60, 820), (940, 820), (940, -60)]):
        (pen.lineTo if index else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    order = [".notdef", *names.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(char): name for char, name in names.items()})
    builder.setupGlyf(dict.fromkeys(order, square))
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 60)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable(
        {"familyName": family, "styleName": "Regular", "fullName": family, "psName": family}
    )
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWeightClass=400)
    builder.setupPost()
    builder.save(folder / f"{family}.ttf")


def _body_characters() -> str:
    return "".join(text for category, text in park_letter().printed() if category is Category.FANGSONG)


def test_an_official_face_is_used_and_its_missing_character_is_reported(tmp_path: Path) -> None:
    _small_face(tmp_path, "FangSong_GB2312", _body_characters().replace("勠", ""))
    result = set_letter(park_letter(), fonts=FontShelf([tmp_path, packaged_fonts()]))
    use = result.fonts.faces[0]
    assert (use.used, use.substituted) == ("FangSong_GB2312", False)
    assert [(item.character, item.code_point, item.printed_by) for item in result.fonts.fallbacks] == [
        ("勠", "U+52E0", "Noto Sans CJK SC")
    ]
    assert "“勠”（U+52E0）：FangSong_GB2312缺此字，由Noto Sans CJK SC补印" in result.fonts.as_text()


def test_with_the_packaged_face_alone_everything_prints_and_is_reported_as_substituted(
    shelf: FontShelf,
) -> None:
    report = shelf.report(park_letter())
    assert [use.category for use in report.faces] == list(Category)
    assert all(use.substituted and use.used == "Noto Sans CJK SC" for use in report.faces)
    assert report.fallbacks == ()
    assert json.loads(json.dumps(report.as_dict()))["faces"][0]["wanted"] == "仿宋_GB2312"


def test_a_character_that_no_face_has_is_refused_by_code_point(shelf: FontShelf) -> None:
    with pytest.raises(UnprintableError, match=r"U\+E0F0") as refusal:
        set_letter(park_letter(signatory="海滨市\ue0f0局"), fonts=shelf)
    assert [item.character for item in refusal.value.report.unprintable] == ["\ue0f0"]


def test_a_machine_without_any_face_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="MANGROVE_FONTS"):
        FontShelf([tmp_path]).report(park_letter())
