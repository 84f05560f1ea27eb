"""Whether a text or a file bears the mark of a state secret (密级标志): 机密★10年, 密级：秘密, 【绝密】.

The forms and their sources are data (``rules/classified.yaml``). What is found is told by its line and its level only;
the text around it is repeated nowhere.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import yaml

from mangrove.documents.errors import DocumentError
from mangrove.documents.pdfium import opened

RULES = Path(__file__).parent / "rules" / "classified.yaml"
#: Ends of paragraphs, cells and text runs in the XML of office files: what stands in two of them is no one line.
_ENDS = re.compile(rb"</(?:w:p|a:p|si|is|row|ofd:TextCode|TextCode)>|<w:br/>|<w:tab/>")
_TAG = re.compile(rb"<[^>]*>")
_TEXT_PARTS = re.compile(
    r"(?:word/(?:document|header\d*|footer\d*|footnotes)|xl/(?:sharedStrings|worksheets/[^/]+)|docProps/(?:core|app|custom)|(?:.*/)?Content)\.xml"
)


@dataclass(frozen=True)
class Mark:
    """``level`` is 绝密, 机密 or 秘密; ``line`` counts from 1, 0 where it stands in a file's name."""

    level: str
    line: int


@cache
def rules() -> Any:
    return yaml.load(RULES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - the safe loader in C


@cache
def patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A mark anywhere in a line, and a line that is nothing but a level. Letters may stand apart, as on a cover."""
    found = rules()
    level = "(?P<level>" + "|".join(spaced(word) for word in found["levels"]) + ")"
    signs = re.escape(found["signs"]["rule"] + found["signs"]["also"])
    heads = "|".join(spaced(word) for word in found["heads"]["words"])
    inside = [rf"(?<!\w){level}\s*[{signs}]", rf"(?:{heads})\s*[:：]\s*{level}(?!\w)"]
    inside += [
        rf"{re.escape(left)}\s*{level}\s*{re.escape(right)}" for left, right in found["brackets"]["pairs"]
    ]
    numbered = (text.replace("<level>", f"<level{n}>") for n, text in enumerate(inside))
    return re.compile("|".join(numbered)), re.compile(rf"\s*{level}\s*")


def spaced(word: str) -> str:
    return r"[ \u3000]*".join(map(re.escape, word))


def mark_in(text: str) -> Mark | None:
    """The first mark of a text, or ``None``. Linear in the length of the text."""
    anywhere, alone = patterns()
    for number, line in enumerate(text.splitlines(), start=1):
        found = anywhere.search(line)
        if found is None and number <= rules()["alone"]["lines_at_most"]:
            found = alone.fullmatch(line)
        if found:
            return Mark(level_of(found), number)
    return None


def level_of(found: re.Match[str]) -> str:
    named = next(word for word in found.groupdict().values() if word)
    return "".join(letter for letter in named if not letter.isspace())


def mark_in_name(name: str) -> Mark | None:
    """The same for the name of a file, where a level before the first dot is enough: 机密.docx."""
    plain = unicodedata.normalize("NFC", name)
    found = mark_in(plain.rpartition(".")[0] or plain)
    return Mark(found.level, 0) if found else None


def mark_in_file(path: Path) -> Mark | None:
    """The first mark in the text of a PDF, an office file or plain text; ``None`` for pictures, which nobody reads here."""
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return first(pdf_pages(path))
    if head.startswith(b"PK"):
        return first(office_parts(path))
    return mark_in(plain_text(path))


def first(texts: Iterator[str]) -> Mark | None:
    left = rules()["limits"]["characters_at_most"]
    for text in texts:
        found = mark_in(text[:left])
        if found or (left := left - len(text)) <= 0:
            return found
    return None


def pdf_pages(path: Path) -> Iterator[str]:
    """The text of each page; nothing of a file that cannot be opened, which others refuse."""
    try:
        with opened(path) as document:
            for number in range(min(len(document), rules()["limits"]["pages_at_most"])):
                yield document[number].get_textpage().get_text_bounded()
    except DocumentError:
        return


def office_parts(path: Path) -> Iterator[str]:
    """The text of the parts of a DOCX, XLSX or OFD that hold any, paragraph by paragraph, up to the bound for them all."""
    left = rules()["limits"]["xml_at_most"]
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        for name in filter(_TEXT_PARTS.fullmatch, archive.namelist()):
            with archive.open(name) as part:
                xml = part.read(left)
            yield xml_text(xml)
            if (left := left - len(xml)) <= 0:
                return


def xml_text(xml: bytes) -> str:
    """Text without tags, a line to a paragraph or cell. No tree is built: a tree of hostile XML costs more than its text."""
    text = _TAG.sub(b"", _ENDS.sub(b"\n", xml)).decode("utf-8", "replace")
    return unescape(text).strip()


def plain_text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(rules()["limits"]["characters_at_most"])
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")
