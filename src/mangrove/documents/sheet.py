"""A sheet of particulars as PDF, a receipt say: the same sheet gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from mangrove.documents.fonts import FontShelf, UnprintableError, system_shelf
from mangrove.documents.letter import Category
from mangrove.documents.pdf import compiled, face_data

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` and ``items`` are label and words; ``foot`` says what the sheet is worth."""

    issuer: str
    title: str
    rows: Sequence[Row]
    items_head: str
    items: Sequence[Row]
    foot: str

    def printed(self) -> Iterator[tuple[Category, str]]:
        """Every stretch of text with the type that it is set in."""
        yield Category.XIAOBIAOSONG, self.title
        yield Category.HEI, self.items_head
        for label, words in (*self.rows, *self.items):
            yield Category.HEI, label
            yield Category.SONG, words
        yield Category.SONG, f"{self.issuer}{self.foot}/0123456789"


def set_sheet(sheet: Sheet, *, fonts: FontShelf | None = None) -> bytes:
    """Raises UnprintableError for a character that no face has, DocumentError where it cannot be set."""
    shelf = fonts or system_shelf()
    report = shelf.report(sheet)
    if report.unprintable:
        raise UnprintableError(report)
    return compiled("sheet.typ", {"sheet": asdict(sheet), "faces": face_data(shelf)}, shelf, sheet.title)
