"""The text of a DOCX letter: headers, body with its tables and text boxes where they stand, footers, notes.

Tracked changes are read as accepted: what was inserted is read, what was deleted is not.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.table import Table

from mangrove.documents.reading.source import SourceTable, SourceText, normal, refused
from mangrove.documents.reading.tables import caption_and_unit, table_lines, table_of

_P, _BOX = qn("w:p"), qn("w:txbxContent")
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_READ = {qn("w:t"), *_SIGNS}
# Old text of a change, the stops of a paragraph's style, and the second copy that a text box carries for old programs.
_NOT_READ = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:tabs"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def from_docx(data: bytes, name: str) -> SourceText:
    """Read a DOCX whose package was already checked. Raises ReadingRefusal if it cannot be opened."""
    try:
        document = docx.Document(io.BytesIO(data))
        lines, tables = _body(document)
        head, foot = _edges(document, "header"), [*_edges(document, "footer"), *_notes(document)]
    except Exception as error:  # python-docx lets out whatever its XML and ZIP libraries raise
        raise refused(name, "不是完好的 DOCX", error) from error
    return SourceText(name, "docx", normal("\n".join([*head, *lines, *foot])), tables=tuple(tables))


def _body(document: Any) -> tuple[list[str], list[SourceTable]]:
    lines: list[str] = []
    tables: list[SourceTable] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            table, said = _read_table(block, lines)
            tables += [table] if table else []
            lines += said
        else:
            lines += _text(block._p)
    return lines, tables


def _text(paragraph: Any) -> list[str]:
    """The paragraph as it stands with every change accepted, then the text boxes that hang on it.

    Each element is looked at once, however deep boxes stand in boxes.
    """
    said, boxes = [], []
    waiting = [(item, False) for item in reversed(paragraph)]
    while waiting:
        item, boxed = waiting.pop()
        if item.tag in _NOT_READ:
            continue
        if item.tag == _P:
            boxes += [item] if boxed else []
            continue
        if item.tag in _READ:
            said.append(_SIGNS.get(item.tag) or item.text or "")
        waiting += [(part, boxed or item.tag == _BOX) for part in reversed(item)]
    lines = [normal("".join(said)), *(line for box in boxes for line in _text(box))]
    return [line for line in lines if line.strip()]


def _read_table(table: Table, above: list[str]) -> tuple[SourceTable | None, list[str]]:
    """The table and the lines that say it; one with nothing under its header is read cell by cell."""
    cells, merged = _cells(table)
    read = table_of(cells, *caption_and_unit(above), merged=merged)
    if read:
        return read, table_lines(read)
    firsts = [
        cell for y, row in enumerate(cells) for x, cell in enumerate(row) if cell and (y, x) not in merged
    ]
    return None, firsts


def _cells(table: Table) -> tuple[list[list[str]], set[tuple[int, int]]]:
    """The cells' texts, and the places that a merged cell covers beside its first."""
    said: dict[Any, str] = {}
    merged: set[tuple[int, int]] = set()
    grid = []
    for y, row in enumerate(table.rows):
        cells = row.cells
        for x, cell in enumerate(cells):
            if cell._tc in said:
                merged.add((y, x))
            else:
                said[cell._tc] = "".join(line for part in cell.paragraphs for line in _text(part._p))
        grid.append([said[cell._tc] for cell in cells])
    return grid, merged


def _notes(document: Any) -> list[str]:
    """Footnotes and endnotes, each a line; what separates them is none."""
    lines: list[str] = []
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            root = parse_xml(relation.target_part.blob)
            notes = [note for note in root if note.get(qn("w:type")) in (None, "normal")]
            lines += [line for note in notes for paragraph in note.iter(_P) for line in _text(paragraph)]
    return lines


def _edges(document: Any, part: str) -> list[str]:
    """The lines of headers or footers, each once; a page number alone is none."""
    lines: list[str] = []
    for section in document.sections:
        for paragraph in getattr(section, part).paragraphs:
            said = [line.strip() for line in _text(paragraph._p)]
            lines += [line for line in said if line.strip(" \t-—–0123456789") and line not in lines]
    return lines
