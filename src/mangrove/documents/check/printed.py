"""Holds the printed words against the rules: signature, date, foot, headings and characters without a glyph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from mangrove.documents.check.finding import Finding, judge, judge_count, judge_length, judge_number
from mangrove.documents.check.geometry import Sheet, blank_lines, points_um
from mangrove.documents.check.page import Line, Page
from mangrove.documents.check.words import (
    check_addressee,
    check_copies,
    check_date,
    check_heads,
    check_number,
    check_signer,
)
from mangrove.documents.letter import Letter, plain_text

UNREADABLE = {"\x00", "\ufffd", "\ufffe"}


def check_printed(sheet: Sheet, letter: Letter | None) -> list[Finding]:
    """Every rule about words, as printed; with the letter also what depends on knowing it."""
    findings = [*_head(sheet), *check_heads(_paragraph_starts(sheet)), *_sign(sheet, letter), *_foot(sheet)]
    lines = [line.text for page in sheet.pages for line in page.lines]
    return [*findings, check_signer(lines), _glyphs(sheet, letter)]


def _head(sheet: Sheet) -> Iterator[Finding]:
    if sheet.number:
        yield check_number(sheet.number.text)
    if sheet.bodies:
        yield check_addressee(sheet.bodies[0].text)


def _paragraph_starts(sheet: Sheet) -> Iterator[str]:
    """The text of the lines that begin a paragraph."""
    return (line.text for line in sheet.bodies if line.left - sheet.left > sheet.body_size)


def _sign(sheet: Sheet, letter: Letter | None) -> Iterator[Finding]:
    if sheet.date_line is None:
        return
    page, date = sheet.date_line
    yield check_date(date.text, page.number)
    lines = sheet.body_lines(page)
    above = [line for line in lines if line.baseline < date.baseline]
    words = above[:-1]  # the line above the date is 署名
    yield judge("sign.with_body", bool(words), f"同页有正文{len(words)}行", page.number)
    if letter and above:
        yield from _sign_place(sheet, letter, page, date, above)


def _sign_place(sheet: Sheet, letter: Letter, page: Page, date: Line, above: list[Line]) -> Iterator[Finding]:
    """7.3.5.1 with a seal, 7.3.5.2 without: distances from the right edge, in characters."""
    signed = above[-1]
    edge = points_um("area.left") + points_um("area.width")
    size = sheet.body_size
    if letter.sealed:
        yield judge_number("sign.seal_right", Decimal(edge - date.right) / size, page.number)
        return
    longer = max(date.right, signed.right)
    yield judge_number("sign.right", Decimal(edge - longer) / size, page.number)
    yield judge_number("sign.date_offset", Decimal(date.left - signed.left) / size, page.number)
    if len(above) > 1:
        yield judge_number("sign.lines_above", blank_lines(signed.top - above[-2].bottom), page.number)


def _foot(sheet: Sheet) -> Iterator[Finding]:
    """抄送 and what stands with it at the foot of the last page."""
    page = sheet.pages[-1]
    lines = sheet.text_lines(page)
    start = next((index for index, line in enumerate(lines) if line.text.startswith("抄送")), None)
    if start is None:
        return
    copies = lines[start:]
    yield check_copies("".join(line.text for line in copies), page.number)
    yield judge_length("foot.size", copies[0].size, page.number)
    yield judge_length("foot.bottom", copies[-1].bottom, page.number)
    inset = copies[0].left - points_um("area.left")
    yield judge_number("foot.inset", Decimal(inset) / copies[0].size, page.number)


def _glyphs(sheet: Sheet, letter: Letter | None) -> Finding:
    """Characters that left no ink, have no meaning, or are in the letter and not on paper."""
    chars = [char for page in sheet.pages for char in page.chars if not char.text.isspace()]
    lost = {char.text for char in chars if char.no_ink or char.text in UNREADABLE}
    if letter:
        wanted = Counter("".join(plain_text(letter).split()))
        printed = Counter(char.text for char in chars)
        lost |= {char for char, count in wanted.items() if printed[char] < count}
    return judge_count("glyph.missing", [f"{char}（U+{ord(char):04X}）" for char in sorted(lost)])
