"""The text of a PDF letter: printed lines joined into paragraphs by where they stand, page numbers dropped, tables read."""

from __future__ import annotations

import re

import pypdfium2

from mangrove.documents.reading.elements import find_headings
from mangrove.documents.reading.lexicon import words
from mangrove.documents.reading.pdf_lines import Line, page_lines
from mangrove.documents.reading.pdf_tables import cells_of, parts
from mangrove.documents.reading.source import ReadingRefusal, SourceTable, SourceText, normal, refused
from mangrove.documents.reading.tables import caption_and_unit, table_lines, table_of

_PAGE_NUMBER = re.compile(r"[-—–－·\s第]*\d{1,4}[-—–－·\s页]*(?:/\s*\d+|共\s*\d+\s*页)?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SETTERS_BLANK = re.compile(
    r"(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffee“”‘’]) +(?=[!-~—])|(?<=[!-~—]) +(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffee“”‘’])"
)
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z0-9,.;]$"), re.compile(r"^[A-Za-z]")


def from_pdf(data: bytes, name: str) -> SourceText:
    """Read a PDF. Raises ReadingRefusal if it is encrypted, damaged, or holds pictures instead of text."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadingRefusal(f"“{name}”设了密码，打不开。请向来文单位索取不加密的文件。") from error
        raise refused(name, "不是完好的 PDF", error) from error
    try:
        _refuse_long(document, name)
        pages = [page_lines(document[number]) for number in range(len(document))]
    finally:
        document.close()
    lines = [line for page in pages for line in _without_page_number(page)]
    said, tables = _said(lines)
    text = normal("\n".join(said))
    if len(_HAN.findall(text)) < words("limits")["fewest_letters"]:
        raise ReadingRefusal(
            f"“{name}”里没有可读的文字，多半是扫描件。请索取电子版，或先做文字识别并人工核对。"
        )
    return SourceText(name, "pdf", text, pages=len(pages), tables=tuple(tables))


def _refuse_long(document: pypdfium2.PdfDocument, name: str) -> None:
    """Counted before anything is read: each character costs as much as its place on the page is looked up."""
    limits, pages = words("limits"), len(document)
    if pages > limits["most_pages"]:
        raise ReadingRefusal(
            f"“{name}”有 {pages} 页，超过来函的上限 {limits['most_pages']} 页。请只传来函正文，附件和汇编请拆开。"
        )
    characters = 0
    for page in document:
        characters += page.get_textpage().count_chars()
        if characters > limits["most_characters"]:
            raise ReadingRefusal(
                f"“{name}”的文字超过来函的上限 {limits['most_characters']} 字。请只传来函正文，附件和汇编请拆开。"
            )


def _said(lines: list[Line]) -> tuple[list[str], list[SourceTable]]:
    """The paragraphs, and the rows of tables as sentences in their places."""
    said: list[str] = []
    tables: list[SourceTable] = []
    for part in parts(lines):
        grid = cells_of(part)
        table = table_of(grid, *caption_and_unit(said)) if grid else None
        tables += [table] if table else []
        said += table_lines(table) if table else [_closed_up(line) for line in _paragraphs(part)]
    return said, tables


def _closed_up(line: str) -> str:
    """Without the blanks that setters put between Chinese and digits or Latin; they mean nothing."""
    return _SETTERS_BLANK.sub("", line)


def _without_page_number(lines: list[Line]) -> list[Line]:
    """The lines of a page less a number that stands alone at its foot or head."""
    kept = [line for line in lines if line.text]
    for edge in (-1, 0):
        if kept and _PAGE_NUMBER.fullmatch(kept[edge].text):
            kept.pop(edge)
    return kept


def _paragraphs(lines: list[Line]) -> list[str]:
    """Joined where a line is full and the next begins at the margin."""
    if not lines:
        return []
    margin, edge = min(line.left for line in lines), max(line.right for line in lines)
    joined = [lines[0].text]
    for before, line in zip(lines, lines[1:], strict=False):
        if _continues(before, line, margin, edge):
            joined[-1] = _join(joined[-1], line.text)
        else:
            joined.append(line.text)
    return joined


def _continues(before: Line, line: Line, margin: float, edge: float) -> bool:
    size = max(before.size, 1.0)
    full = before.right > edge - 2.2 * size
    at_margin = line.left < margin + 0.8 * size
    return full and at_margin and not (find_headings(line.text) and before.text.endswith(("。", "；", "：")))


def _join(above: str, below: str) -> str:
    """Chinese joins without a blank; two Latin words keep one."""
    blank = " " if _LATIN_END.search(above) and _LATIN_START.match(below) else ""
    return above + blank + below
