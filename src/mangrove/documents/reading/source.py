"""What is kept of a letter that was read in: its text, its tables, and the refusal of what cannot be read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from mangrove.documents.errors import DocumentError


class ReadingRefusal(DocumentError):
    """A file cannot be read as a letter. The message is Chinese: what was wrong, and what to do."""


@dataclass(frozen=True)
class SourceTable:
    """A table of a letter: one header of as many rows as were printed, and the rows below.

    A column's unit stands at the end of its header in brackets, also where the letter prints it above the table;
    ``units`` are those that a column named 单位 gives to each row, "" where there are none.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceText:
    """The text of a letter, one paragraph a line, in Unicode NFC; the rows of tables are lines too.

    ``kind`` is txt, docx or pdf; ``encoding`` is that of a text file; ``pages`` is 0 where a file has none.
    """

    name: str
    kind: str
    text: str
    encoding: str = ""
    pages: int = 0
    tables: tuple[SourceTable, ...] = ()


def normal(text: str) -> str:
    """The text in NFC with plain line ends; characters beyond the BMP stay as they are."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", ""))


def refused(name: str, what: str, error: Exception) -> ReadingRefusal:
    """The refusal of a file that a library could not open."""
    return ReadingRefusal(
        f"“{name}”{what}。请向来文单位索取完好的文件，或另存后再传。（{type(error).__name__}）"
    )
