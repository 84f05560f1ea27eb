"""Finds a face for each type category of GB/T 9704 and says honestly what it found.

The standard names categories, offices license products, and a server has neither: what is used instead is
reported, character by character where a face lacks one. A character that no face can print is an error.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import typst
from fontTools.ttLib import TTFont

from mangrove.documents.errors import DocumentError
from mangrove.documents.letter import Category
from mangrove.documents.rules import read_rules_file

FONT_DIRECTORIES = ("~/.fonts", "~/.local/share/fonts", "/usr/local/share/fonts", "/usr/share/fonts")


class Printed(Protocol):
    """What is set on paper: it tells every stretch of its text with the type that it is set in."""

    def printed(self) -> Iterator[tuple[Category, str]]: ...


@dataclass(frozen=True, slots=True)
class Face:
    """One face in a font file; `index` counts within a collection, `weight` is 100–900."""

    family: str
    weight: int
    path: str
    index: int

    @property
    def label(self) -> str:
        """The name shown to people."""
        return f"{self.family} {self.weight}" if self.weight != 400 else self.family


@dataclass(frozen=True, slots=True)
class Want:
    """What a category asks for: families in the order of preference."""

    category: Category
    named: str
    official: tuple[str, ...]
    substitute: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class FaceUse:
    """The face that prints one category, and which official face was wanted; `latin` prints its Latin and digits."""

    category: Category
    wanted: str
    used: str
    latin: str
    file: str
    substituted: bool


@dataclass(frozen=True, slots=True)
class GlyphFallback:
    """A character that the category's face lacks, and the face that prints it (empty: none can)."""

    category: Category
    character: str
    lacking: str
    printed_by: str

    @property
    def code_point(self) -> str:
        """Such as U+52E0."""
        return f"U+{ord(self.character):04X}"


@dataclass(frozen=True, slots=True)
class FontReport:
    """Which faces print a letter; rows are in the order of the standard's categories."""

    faces: tuple[FaceUse, ...]
    fallbacks: tuple[GlyphFallback, ...]

    @property
    def substituted(self) -> bool:
        """Whether any category or character is printed by a face other than the official one."""
        return any(use.substituted for use in self.faces) or bool(self.fallbacks)

    @property
    def unprintable(self) -> tuple[GlyphFallback, ...]:
        """Characters that no face can print."""
        return tuple(item for item in self.fallbacks if not item.printed_by)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able rows, also for a table on a page."""
        fallbacks = [{**asdict(item), "code_point": item.code_point} for item in self.fallbacks]
        return {
            "substituted": self.substituted,
            "faces": [asdict(use) for use in self.faces],
            "fallbacks": fallbacks,
        }

    def as_text(self) -> str:
        """The report in Chinese, one line a category and one a character."""
        lines = [_use_line(use) for use in self.faces]
        for item in self.fallbacks:
            by = f"由{item.printed_by}补印" if item.printed_by else "没有任何字体可印"
            lines.append(
                f"{item.category}“{item.character}”（{item.code_point}）：{item.lacking}缺此字，{by}"
            )
        return "\n".join(lines)


class UnprintableError(DocumentError):
    """Some characters have no glyph in any face; `report` lists them."""

    def __init__(self, report: FontReport) -> None:
        self.report = report
        listed = "、".join(f"{item.character}（{item.code_point}）" for item in report.unprintable)
        super().__init__(
            f"以下字符在所有可用字体中都没有字形，印出来会是空框：{listed}。请安装含有这些字的字体，或改用其他字。"
        )


class FontShelf:
    """The faces of some directories, scanned once.

    directories: searched recursively, an earlier one wins. `typst_fonts` is handed to the setter unchanged.
    """

    def __init__(self, directories: Iterable[Path]) -> None:
        existing = [str(path) for path in directories if path.is_dir()]
        self.typst_fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=existing
        )
        self._families: dict[str, list[Face]] = {}
        for info in self.typst_fonts.fonts():
            if info.path is not None and str(info.style).lower() == "normal":
                face = Face(info.family, info.weight, info.path, info.index)
                self._families.setdefault(info.family, []).append(face)

    def face(self, family: str, weight: int) -> Face | None:
        """The family's face nearest in weight, or None if the family is not here."""
        found = self._families.get(family, [])
        return min(found, key=lambda face: (abs(face.weight - weight), face.path, face.index), default=None)

    def chain(self, want: Want) -> tuple[Face, ...]:
        """The faces that may print a category, best first; never empty on an installed Mangrove."""
        faces: list[Face] = []
        weight = want.weight
        for family in (*want.official, *want.substitute):
            if (face := self.face(family, weight)) is not None:
                faces.append(face)
                weight = faces[0].weight  # the setter asks every further family for the first one's weight
        if not faces:
            raise DocumentError(
                f"找不到可印{want.category}的字体。请安装 {want.substitute[0]}，或用 MANGROVE_FONTS 指明字体目录。"
            )
        return tuple(faces)

    def chains(self) -> Mapping[Category, tuple[Face, ...]]:
        """Every category's chain."""
        return {want.category: self.chain(want) for want in wants()}

    def latin(self, first: Face) -> Face:
        """The face that prints Latin letters and digits beside `first`: mostly `first` itself."""
        over, use = latin_rule()
        found = (self.face(family, first.weight) for family in use)
        return next((face for face in found if face), first) if first.family in over else first

    def report(self, letter: Printed) -> FontReport:
        """Which faces print this letter or sheet, and which characters the chosen faces lack."""
        characters = _characters(letter)
        faces, fallbacks = [], []
        for want in wants():
            chain = self.chain(want)
            faces.append(self._use(want, chain[0]))
            fallbacks += _fallbacks(want.category, characters.get(want.category, set()), chain)
        return FontReport(tuple(faces), tuple(fallbacks))

    def _use(self, want: Want, face: Face) -> FaceUse:
        file = Path(face.path).name
        substituted = face.family not in want.official
        return FaceUse(want.category, want.named, face.label, self.latin(face).label, file, substituted)


@cache
def wants() -> tuple[Want, ...]:
    """The categories and their chains, from `rules/fonts.yaml`."""
    return tuple(
        Want(
            Category(row["category"]),
            row["named"],
            tuple(row["official"]),
            tuple(row["substitute"]),
            int(row["weight"]),
        )
        for row in read_rules_file("fonts.yaml")["categories"]
    )


@cache
def latin_rule() -> tuple[frozenset[str], tuple[str, ...]]:
    """The families whose Latin is not used, and the families that print it instead."""
    row = read_rules_file("fonts.yaml")["latin"]
    return frozenset(row["over"]), tuple(row["use"])


@cache
def system_shelf() -> FontShelf:
    """The faces of this machine: MANGROVE_FONTS, the usual directories, and the packaged last resort."""
    named = os.environ.get("MANGROVE_FONTS", "")
    places = [Path(part) for part in named.split(os.pathsep) if part]
    places += [Path(part).expanduser() for part in FONT_DIRECTORIES]
    return FontShelf([*places, packaged_fonts()])


def packaged_fonts() -> Path:
    """The directory of the face that comes as a Python package, so that Chinese always prints."""
    return Path(str(files("noto_cjk_sans_otc")))


def _use_line(use: FaceUse) -> str:
    latin = f"，西文和数字用{use.latin}" if use.latin != use.used else ""
    return f"{use.category}：应用{use.wanted}，实用{use.used}{latin}{'（替代）' if use.substituted else ''}"


def _characters(letter: Printed) -> dict[Category, set[str]]:
    found: dict[Category, set[str]] = {}
    for category, text in letter.printed():
        found.setdefault(category, set()).update(char for char in text if not char.isspace())
    return found


def _fallbacks(category: Category, characters: set[str], chain: tuple[Face, ...]) -> list[GlyphFallback]:
    first = chain[0]
    rows = []
    for char in sorted(char for char in characters if not _has(first, char)):
        printer = next((face.label for face in chain[1:] if _has(face, char)), "")
        rows.append(GlyphFallback(category, char, first.label, printer))
    return rows


def _has(face: Face, char: str) -> bool:
    return ord(char) in _coverage(face.path, face.index)


@lru_cache(maxsize=64)
def _coverage(path: str, index: int) -> frozenset[int]:
    """The code points that a face maps to a glyph."""
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())
