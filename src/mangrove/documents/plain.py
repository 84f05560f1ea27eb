"""The words of a file and nothing else: of a PDF, an office file, a text. For looking through, not for quoting.

The bounds are technical protection: how much of a file is read, however much it would unfold to.
"""

from __future__ import annotations

import codecs
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pypdfium2

from mangrove.documents.errors import DocumentError
from mangrove.documents.pdfium import Unopened, opened

PAGES_AT_MOST = 60
CHARACTERS_AT_MOST = 2_000_000
XML_AT_MOST = 8_000_000

#: What a damaged archive, an unknown packing or a password ends in.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError)
#: Ends of paragraphs, cells and text runs in the XML of office files: what stands in two of them is no one line.
_ENDS = re.compile(rb"</(?:w:p|a:p|si|is|row|ofd:TextCode|TextCode)>|<w:br/>|<w:tab/>")
_TAG = re.compile(rb"<[^>]*>")
_TEXT_PARTS = re.compile(
    r"(?:word/(?:document|header\d*|footer\d*|footnotes)|xl/(?:sharedStrings|worksheets/[^/]+)|docProps/(?:core|app|custom)|(?:.*/)?Content)\.xml"
)


def texts_of(path: Path) -> Iterator[str]:
    """The text of each page or part, a paragraph or cell to a line, up to the bounds; nothing of a picture."""
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        texts = pdf_pages(path)
    elif head.startswith(b"PK"):
        texts = office_parts(path)
    else:
        texts = iter([] if b"\0" in head else [plain_text(path)])
    yield from bounded(texts)


def bounded(texts: Iterator[str]) -> Iterator[str]:
    left = CHARACTERS_AT_MOST
    for text in texts:
        yield text[:left]
        if (left := left - len(text)) <= 0:
            return


def pdf_pages(path: Path) -> Iterator[str]:
    """The text of each page; nothing of a file that cannot be opened, which others refuse. Raises DocumentError for a page."""
    try:
        with opened(path) as document:
            for number in range(min(len(document), PAGES_AT_MOST)):
                yield page_text(document, number)
    except Unopened:
        return


def page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        return document[number].get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"PDF第{number + 1}页读不出来（{error}）。请重新导出或打印成PDF。") from error


def office_parts(path: Path) -> Iterator[str]:
    """The text of the parts of a DOCX, XLSX or OFD that hold any, paragraph by paragraph, up to the bound for them all.

    Raises DocumentError for a part that is damaged, or closed by a password.
    """
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield from parts_of(archive)
    except BROKEN as error:
        raise DocumentError(f"文件里有损坏或加密的部分（{error}）。请用原来的软件另存，去掉密码。") from error


def parts_of(archive: zipfile.ZipFile) -> Iterator[str]:
    left = XML_AT_MOST
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
        data = file.read(CHARACTERS_AT_MOST)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")
