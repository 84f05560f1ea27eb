"""Tables that a text lays out in columns by tabs, bars or blanks, under a header that names units: 基站（万个）.

Only what has such a header is taken for a table, so that prose and lists are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mangrove.documents.reading.passages import Span, paragraphs
from mangrove.documents.reading.source import SourceTable
from mangrove.documents.reading.tables import caption_and_unit, is_number, table_of, unit_in

_CELLS = (re.compile(r"[^|｜]+"), re.compile(r"[^\t]+"), re.compile(r"[^ \u3000]+"))
_RULE = re.compile(r"[\s|｜:+\-—─=]+")
_PROSE = re.compile(r"[。；，：？！]")
#: A line longer than this is no header.
_LONGEST_HEADER = 200


@dataclass(frozen=True)
class Grid:
    """The cells of a header and of the rows under it, as places in the text; ``above`` are the lines before it."""

    header: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]
    above: tuple[str, ...]


def find_grids(text: str) -> list[Grid]:
    """Every table of the text, in order."""
    lines, found, place = paragraphs(text), list[Grid](), 0
    while place < len(lines):
        grid = _grid(text, lines, place)
        found += [grid] if grid else []
        place += 1 + (len(grid.rows) if grid else 0)
    return found


def unit_places(text: str) -> dict[int, Span]:
    """Where a cell's number begins, to the place of its unit in the header of its column."""
    return {
        cell.start: unit
        for grid in find_grids(text)
        for row in grid.rows
        for head, cell in zip(grid.header, row, strict=True)
        if is_number(cell.of(text)) and (unit := _unit_place(text, head))
    }


def tables_in(text: str) -> Iterator[SourceTable]:
    """The same tables for the sums."""
    for grid in find_grids(text):
        cells = [[cell.of(text) for cell in row] for row in (grid.header, *grid.rows)]
        table = table_of(cells, *caption_and_unit(grid.above))
        if table is not None:
            yield table


def _grid(text: str, lines: Sequence[Span], place: int) -> Grid | None:
    header = lines[place].of(text)
    if len(header) > _LONGEST_HEADER or _PROSE.search(header):
        return None
    for pattern in _CELLS:
        cells = _cells(text, lines[place], pattern)
        if len(cells) > 1 and _is_header(text, cells):
            rows = tuple(_rows(text, lines[place + 1 :], pattern, len(cells)))
            above = tuple(line.of(text) for line in lines[max(0, place - 2) : place])
            return Grid(cells, rows, above) if rows else None
    return None


def _is_header(text: str, cells: Sequence[Span]) -> bool:
    heads = [cell.of(text) for cell in cells]
    return any(unit_in(head) for head in heads) and not any(is_number(head) for head in heads)


def _rows(
    text: str, lines: Sequence[Span], pattern: re.Pattern[str], width: int
) -> Iterator[tuple[Span, ...]]:
    for line in lines:
        if _RULE.fullmatch(line.of(text)):
            continue
        cells = _cells(text, line, pattern)
        if len(cells) != width or not any(is_number(cell.of(text)) for cell in cells):
            return
        yield cells


def _cells(text: str, line: Span, pattern: re.Pattern[str]) -> tuple[Span, ...]:
    """The cells without the blanks around them; what stands outside the outer bars is none."""
    spans = []
    for match in pattern.finditer(text, line.start, line.end):
        inside = match[0].strip()
        if inside:
            start = match.start() + match[0].index(inside)
            spans.append(Span(start, start + len(inside)))
    return tuple(spans)


def _unit_place(text: str, head: Span) -> Span | None:
    found = unit_in(head.of(text))
    if found is None:
        return None
    group = 1 if found[1] else 2
    return Span(head.start + found.start(group), head.start + found.end(group))
