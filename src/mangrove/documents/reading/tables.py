"""Tables of a letter: headers of several rows, units above the table or in a column, and each row as a sentence."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from mangrove.documents.reading.lexicon import any_of, is_unit, words
from mangrove.documents.reading.numerals import ARABIC, half_width
from mangrove.documents.reading.source import SourceTable

_YEAR = re.compile(r"(?:19|20)\d\d(?:年|年度)?")
_UNIT = re.compile(r"[（(]([^（）()：；]{1,10})[）)]$|([%％])$")
_ANY_UNIT = re.compile(r"[（(]([^（）()：；]{1,10})[）)](?=$|[^（）()])|([%％])$")
_UNIT_LINE = re.compile(r"[（(]?\s*(?:计量)?单位[：:]\s*(?P<unit>[^\s：:）)]{1,10})\s*[）)]?")
_UNKNOWN = "单位不明"
_MOST_HEADER_ROWS = 3
_LONGEST_CAPTION = 30


def table_of(
    cells: Sequence[Sequence[str]],
    title: str = "",
    unit: str = "",
    merged: Container[tuple[int, int]] = frozenset(),
) -> SourceTable | None:
    """A table from its cells; None when there is nothing under the header.

    cells: a merged cell's text in each place that it covers. merged: (row, column) of the places that it covers beside
    its first, where a number is not repeated. unit: what the letter prints above the table, 单位：万元.
    """
    grid = [(y, [cell.strip() for cell in row]) for y, row in enumerate(cells) if any(c.strip() for c in row)]
    depth = _header_depth([row for _, row in grid])
    body = [tuple(_once(cell, (y, x), merged) for x, cell in enumerate(row)) for y, row in grid[depth:]]
    if not body:
        return None
    columns = zip(*(row for _, row in grid[:depth]), strict=False)
    header = [_header(list(parts)) for parts in columns]
    place = next((x for x, head in enumerate(header) if head in words("tables")["unit_columns"]), None)
    units = tuple(row[place] if place is not None and place < len(row) else "" for row in body)
    shared = unit if place is None else ""
    return SourceTable(title, tuple(_with_unit(head, shared) for head in header), tuple(body), units)


def table_lines(table: SourceTable) -> list[str]:
    """Each row as a sentence that repeats the header: 区：南山；基站（个）：9800。"""
    units = table.units or ("",) * len(table.rows)
    return [_sentence(table.header, row, unit) for row, unit in zip(table.rows, units, strict=True)]


def caption_and_unit(lines: Sequence[str]) -> tuple[str, str]:
    """The name of a table and the unit of its numbers, from the lines right above it."""
    above = [line.strip() for line in lines[-2:]]
    unit = _UNIT_LINE.fullmatch(above[-1]) if above else None
    if unit:
        above.pop()
    name = above[-1] if above else ""
    named = len(name) <= _LONGEST_CAPTION and not name.endswith(("。", "："))
    return name if named else "", unit["unit"] if unit else ""


def is_number(cell: str) -> bool:
    """Whether a cell holds one number and nothing else; a year is none."""
    plain = half_width(cell.strip().lstrip("-−－+"))
    return bool(ARABIC.fullmatch(plain.rstrip("%"))) and not _YEAR.fullmatch(plain)


def _header_depth(rows: list[list[str]]) -> int:
    """How many rows stand above the first that has a number beside its first cell."""
    for depth, row in enumerate(rows[: _MOST_HEADER_ROWS + 1]):
        if depth and any(is_number(cell) for cell in row[1:]):
            return depth
    return 1


def _once(cell: str, place: tuple[int, int], merged: Container[tuple[int, int]]) -> str:
    return "" if place in merged and is_number(cell) else cell


def _header(parts: list[str]) -> str:
    """The header of a column: its parts from above to below, each once, its unit last."""
    parts = list(dict.fromkeys(part for part in parts if part))
    if not any(unit_in(part) for part in parts):
        parts = ["".join(parts)]  # a unit may be broken over two lines
    units = {
        found[1] or found[2] for part in parts for found in _ANY_UNIT.finditer(part) if _names_unit(found)
    }
    named = "".join(_ANY_UNIT.sub(_kept_unless_unit, part) for part in parts)
    # Two units in one header: whose the numbers are is not for us to guess.
    return f"{named}（{units.pop()}）" if len(units) == 1 else f"{named}（{_UNKNOWN}）" if units else named


def _names_unit(found: re.Match[str]) -> bool:
    """区（市）县: only a bracket that holds a unit, or that says that none is known, is taken out of a header."""
    return bool(found[2]) or found[1] == _UNKNOWN or is_unit(found[1])


def _kept_unless_unit(found: re.Match[str]) -> str:
    return "" if _names_unit(found) else found[0]


def unit_in(head: str) -> re.Match[str] | None:
    """The unit at the end of a header."""
    found = _UNIT.search(head)
    return found if found and _names_unit(found) else None


def _with_unit(head: str, unit: str) -> str:
    not_counted = re.search(any_of(words("tables")["not_counted"]), head)
    return head if not unit or not_counted or unit_in(head) else f"{head}（{unit}）"


def _sentence(header: tuple[str, ...], row: tuple[str, ...], unit: str) -> str:
    said = []
    for head, cell in zip(header, row, strict=False):
        own = unit if unit and is_number(cell) and not unit_in(head) else ""
        said += [f"{_bare(head, cell)}：{cell}{own}"] if cell else []
    return "；".join(said) + "。"


def _bare(head: str, cell: str) -> str:
    """The header of a cell in words goes without the unit that only numbers have."""
    found = unit_in(head)
    return head if is_number(cell) or found is None else head[: found.start()]
