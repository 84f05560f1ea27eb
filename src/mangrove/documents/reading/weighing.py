"""How much a DOCX would unfold to, counted as it streams by, before any library builds a tree of it."""

from __future__ import annotations

import io
import zipfile
from typing import IO
from xml.parsers import expat

from mangrove.documents.reading.lexicon import words
from mangrove.documents.reading.source import ReadingRefusal, refused

_CHUNK = 64 * 1024
#: What may stand before the first ``<`` of XML in the encodings that a package uses.
_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


class TooHeavyError(Exception):
    """More elements, characters, bytes or columns than a letter has."""


class Scales:
    """Adds up the XML parts of one package against the ``limits``."""

    def __init__(self) -> None:
        self.limits = words("limits")
        self.elements = self.characters = self.size = 0

    def weigh(self, part: IO[bytes]) -> None:
        """Count one part; raises :class:`TooHeavyError` as soon as it is too much, ``ExpatError`` where it is no XML."""
        head = part.read(_CHUNK)
        if not head.lstrip(_BEFORE).startswith(b"<"):
            return
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.element
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _no_doctype
        while head:
            self.size += len(head)
            self.check()
            parser.Parse(head)
            head = part.read(_CHUNK)
        parser.Parse(b"", True)

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > self.limits["most_elements"]:
            raise TooHeavyError
        if tag.endswith("gridSpan") and any(
            int(v) > self.limits["most_columns"] for v in attributes.values()
        ):
            raise TooHeavyError

    def text(self, text: str) -> None:
        self.characters += len(text)

    def check(self) -> None:
        if self.size > self.limits["largest_xml"] or self.characters > self.limits["most_characters"]:
            raise TooHeavyError


def _no_doctype(*declared: object) -> None:
    raise expat.ExpatError("a document type is declared")


def refuse_heavy(data: bytes, name: str) -> None:
    """Raises :class:`ReadingRefusal` for a package whose XML would take more than a letter may, or is broken."""
    scales = Scales()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for entry in package.infolist():
                with package.open(entry) as part:
                    scales.weigh(part)
    except TooHeavyError as error:
        raise ReadingRefusal(
            f"“{name}”的正文太大或格式标记太多，不像一封来函，不予打开。请另存为只含正文的 DOCX，或转成 PDF 后再传。"
        ) from error
    except Exception as error:  # a damaged member, an unknown compression, a number that is none
        raise refused(name, "不是完好的 DOCX", error) from error
