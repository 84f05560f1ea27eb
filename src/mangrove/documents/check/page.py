"""Measures a rendered PDF page: characters, lines of text and drawn bars, in whole micrometres.

The origin is the top left corner of the page, y grows downward. What is measured is where the ink and the pen stand on
the page, not what some style sheet asked for.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from mangrove.documents.errors import DocumentError
from mangrove.documents.pdfium import opened

UM_PER_POINT = 25400 / 72
ASCENT = 0.88  # of a Chinese character's body above the baseline; the rest is below
SAME_LINE = 1000  # baselines nearer than this (µm) are one line
BAR_THICKEST = 2000
BAR_SHORTEST = 30000


@dataclass(frozen=True, slots=True)
class Char:
    """One printed character. x: pen position; y: baseline; left…bottom: ink; size: body height; red: ink is red."""

    text: str
    x: int
    y: int
    left: int
    right: int
    top: int
    bottom: int
    size: int
    red: bool

    @property
    def wide(self) -> bool:
        """Whether the character takes a full square."""
        return unicodedata.east_asian_width(self.text) in "WFA"

    @property
    def no_ink(self) -> bool:
        """Whether nothing is printed where something should be."""
        return self.right <= self.left or self.bottom <= self.top


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one baseline, from left to right."""

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        """The line's characters without spaces."""
        return "".join(char.text for char in self.chars)

    @property
    def size(self) -> int:
        """The commonest body height on the line."""
        return most_common([char.size for char in self.chars])

    @property
    def baseline(self) -> int:
        """The baseline's y."""
        return self.chars[0].y

    @property
    def top(self) -> int:
        """The upper edge of the characters' bodies."""
        return self.baseline - int(self.size * ASCENT)

    @property
    def bottom(self) -> int:
        """The lower edge of the characters' bodies."""
        return self.top + self.size

    @property
    def left(self) -> int:
        """Where the first character's body begins."""
        return self.chars[0].x

    @property
    def right(self) -> int:
        """Where the last character's body ends: the ink's edge where the character is no full square."""
        last = self.chars[-1]
        return last.x + last.size if unicodedata.category(last.text) == "Lo" else last.right

    @property
    def ink_centre(self) -> int:
        """The middle between the outer ink edges."""
        return (self.chars[0].left + self.chars[-1].right) // 2

    @property
    def red(self) -> bool:
        """Whether the line is printed in red."""
        return self.chars[0].red

    @property
    def squares(self) -> int:
        """Its length in half-characters."""
        return sum(2 if char.wide else 1 for char in self.chars)


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn horizontal bar."""

    left: int
    right: int
    top: int
    bottom: int
    red: bool

    @property
    def thickness(self) -> int:
        """Its height."""
        return self.bottom - self.top

    @property
    def length(self) -> int:
        """Its width."""
        return self.right - self.left


@dataclass(frozen=True)
class Page:
    """One page as measured; number counts from 1."""

    number: int
    width: int
    height: int
    chars: tuple[Char, ...]
    bars: tuple[Bar, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of text from top to bottom."""
        ordered = sorted(
            (char for char in self.chars if not char.text.isspace()), key=lambda char: (char.y, char.x)
        )
        groups: list[list[Char]] = []
        for char in ordered:
            if groups and char.y - groups[-1][0].y < SAME_LINE:
                groups[-1].append(char)
            else:
                groups.append([char])
        return tuple(Line(tuple(sorted(group, key=lambda char: char.x))) for group in groups)

    @cached_property
    def double_rules(self) -> tuple[tuple[Bar, Bar], ...]:
        """Pairs of bars that stand within 3 mm of each other, upper bar first."""
        bars = sorted(self.bars, key=lambda bar: bar.top)
        return tuple((a, b) for a, b in pairwise(bars) if b.top - a.bottom < 3000)


def most_common(values: list[int]) -> int:
    """The commonest value, the smaller of equals; raises ValueError on an empty list."""
    return min(set(values), key=lambda value: (-values.count(value), value))


def read_pages(pdf: bytes) -> tuple[Page, ...]:
    """Measure every page; raises DocumentError if the bytes are no PDF or hold no text at all."""
    with opened(pdf) as document:
        pages = tuple(_read_page(document[index], index + 1) for index in range(len(document)))
    if not any(page.chars for page in pages):
        raise DocumentError("这个PDF没有文字层，像是扫描件，无法逐字核对版式。请提供排版软件直接导出的PDF。")
    return pages


def _read_page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = page.get_size()
    textpage = page.get_textpage()
    chars = tuple(_chars(textpage, height))
    bars = tuple(_bars(page, height))
    textpage.close()
    page.close()
    return Page(number, _um(width), _um(height), chars, bars)


def _chars(textpage: pypdfium2.PdfTextPage, height: float) -> Iterator[Char]:
    """The upright characters that were really printed: no generated line ends, no slanting draft mark."""
    for index in range(raw.FPDFText_CountChars(textpage)):
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(textpage, index, matrix)
        if not raw.FPDFText_IsGenerated(textpage, index) and abs(matrix.b) < 0.01:
            yield _char(textpage, index, height, matrix.d)


def _char(textpage: pypdfium2.PdfTextPage, index: int, height: float, scale: float) -> Char:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    left, bottom, right, top = textpage.get_charbox(index)
    rgba = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFText_GetFillColor(textpage, index, *rgba)
    return Char(
        text=chr(raw.FPDFText_GetUnicode(textpage, index)),
        x=_um(x.value),
        y=_um(height - y.value),
        left=_um(left),
        right=_um(right),
        top=_um(height - top),
        bottom=_um(height - bottom),
        size=_um(raw.FPDFText_GetFontSize(textpage, index) * abs(scale)),
        red=_is_red([part.value for part in rgba]),
    )


def _bars(page: pypdfium2.PdfPage, height: float) -> Iterator[Bar]:
    """The long thin horizontal shapes, filled or stroked."""
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = (_um(edge) for edge in shape.get_bounds())
        if right - left >= BAR_SHORTEST and top - bottom <= BAR_THICKEST:
            page_height = _um(height)
            yield Bar(left, right, page_height - top, page_height - bottom, _is_red(_shape_colour(shape)))


def _shape_colour(shape: pypdfium2.PdfObject) -> list[int]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape, fill, stroke)
    rgba = [ctypes.c_uint() for _ in range(4)]
    read = raw.FPDFPageObj_GetFillColor if fill.value else raw.FPDFPageObj_GetStrokeColor
    read(shape, *rgba)
    return [part.value for part in rgba]


def _is_red(rgba: list[int]) -> bool:
    red, green, blue = rgba[:3]
    return red >= 160 and green <= 100 and blue <= 100


def _um(points: float) -> int:
    return round(points * UM_PER_POINT)
