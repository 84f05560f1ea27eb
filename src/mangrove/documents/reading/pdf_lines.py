"""The printed lines of a PDF page, put together from where each character stands and not from the file's own order."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

#: In widths of a Chinese character: a wider gap parts two cells of a table; a narrower one may be a blank.
_CELL_GAP, _BLANK_GAP = 0.55, 0.2
#: Setters cut the white after these at the end of a cell, but not the box that the file gives for them.
_CLOSING, _AFTER_INK = "，。；：、！？）》】”’", 0.2
#: Characters stand on one line when their baselines differ by less than this part of their size.
_SAME_LINE = 0.3


@dataclass(frozen=True)
class Piece:
    """Part of a line without a wide gap in it; edges in points from the left of the page."""

    text: str
    left: float
    right: float


@dataclass(frozen=True)
class Line:
    """One printed line and its edges in points from the left of the page; ``size`` is a character's width."""

    text: str
    left: float
    right: float
    size: float
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class _Sign:
    """A character; ``reach`` is where its ink ends, which for ） is long before its right edge."""

    text: str
    left: float
    right: float
    reach: float
    base: float
    size: float


def page_lines(page: Any) -> list[Line]:
    """The lines of a page from the top down."""
    textpage = page.get_textpage()
    signs = sorted(_signs(textpage), key=lambda sign: -sign.base)
    rows: list[list[_Sign]] = []
    for sign in signs:
        if rows and abs(rows[-1][0].base - sign.base) < _SAME_LINE * max(sign.size, rows[-1][0].size):
            rows[-1].append(sign)
        else:
            rows.append([sign])
    return [_line(sorted(row, key=lambda sign: sign.left)) for row in rows]


def _signs(textpage: Any) -> Iterator[_Sign]:
    """The characters that leave ink, each once: PDFium's own blanks and line ends are left out."""
    for index in range(textpage.count_chars()):
        text = textpage.get_text_range(index, 1)
        if not text.strip() or pdfium.FPDFText_IsGenerated(textpage.raw, index) == 1:
            continue
        left, _, right, _ = textpage.get_charbox(index, loose=True)
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(textpage.raw, index, x, y)
        size = _size(textpage, index)
        ink = textpage.get_charbox(index)[2] + _AFTER_INK * size if text in _CLOSING else right
        yield _Sign(text, left, right, ink, y.value, size)


def _size(textpage: Any, index: int) -> float:
    """The size in points as it stands on the page: a setter may use a face of 1 pt and enlarge it."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage.raw, index, matrix)
    size = float(pdfium.FPDFText_GetFontSize(textpage.raw, index))
    return max(size * (abs(matrix.a) or abs(matrix.b) or 1.0), 1.0)


def _line(row: list[_Sign]) -> Line:
    size = median(sign.size for sign in row)
    pieces: list[list[_Sign]] = [[row[0]]]
    for before, sign in zip(row, row[1:], strict=False):
        if sign.left - before.reach > _CELL_GAP * size:
            pieces.append([])
        pieces[-1].append(sign)
    found = tuple(Piece(_text(part, size), part[0].left, part[-1].right) for part in pieces)
    return Line(" ".join(part.text for part in found), row[0].left, row[-1].right, size, found)


def _text(signs: list[_Sign], size: float) -> str:
    """The characters with a blank wherever the gap is as wide as one."""
    text = signs[0].text
    for before, sign in zip(signs, signs[1:], strict=False):
        text += (" " if sign.left - before.right > _BLANK_GAP * size else "") + sign.text
    return text
