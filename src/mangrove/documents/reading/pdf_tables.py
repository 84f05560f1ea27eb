"""Tables of a PDF: lines that stand in columns. What does not fit the columns is left as lines, and nothing is guessed."""

from __future__ import annotations

import re

from mangrove.documents.reading.pdf_lines import Line, Piece
from mangrove.documents.reading.tables import is_number

_CAPTION = re.compile(r"附?表\s?[\d一二三四五六七八九十]*[:：]?")
_FEWEST_NUMBER_ROWS = 2


def parts(lines: list[Line]) -> list[list[Line]]:
    """The lines cut where a run of lines with gaps in them begins or ends."""
    found: list[list[Line]] = []
    for line in lines:
        if found and _gapped(found[-1][-1]) == _gapped(line):
            found[-1].append(line)
        elif found and _gapped(found[-1][-1]) and _hangs_below(found[-1], line):
            found[-1][-1] = _with_rest(found[-1][-1], line)
        else:
            found.append([line])
    return found


def cells_of(lines: list[Line]) -> list[list[str]]:
    """The cells of a table, row by row; empty where the lines are none.

    The columns are those of the rows with the most cells; at least two rows must have a number beside their first cell.
    """
    bands = _bands(lines)
    grid = [_row(line, bands) for line in lines]
    numbers = sum(any(is_number(cell) for cell in row[1:]) for row in grid)
    return grid if len(bands) > 1 and numbers >= _FEWEST_NUMBER_ROWS and not is_number(grid[0][-1]) else []


def _gapped(line: Line) -> bool:
    """Whether a line stands in columns; 表1 with its name behind a gap does not."""
    return len(line.pieces) > 1 and not _CAPTION.fullmatch(line.pieces[0].text)


def _hangs_below(rows: list[Line], line: Line) -> bool:
    """The rest of a cell that was broken in two: it stands under a column other than the first."""
    return line.left > rows[-1].pieces[0].right and line.right <= rows[-1].right + line.size


def _with_rest(row: Line, line: Line) -> Line:
    place = max(range(len(row.pieces)), key=lambda x: _overlap(row.pieces[x], line.left, line.right))
    old = row.pieces[place]
    pieces = (
        *row.pieces[:place],
        Piece(old.text + line.text, old.left, old.right),
        *row.pieces[place + 1 :],
    )
    return Line(" ".join(piece.text for piece in pieces), row.left, row.right, row.size, pieces)


def _bands(lines: list[Line]) -> list[tuple[float, float]]:
    """The left and right edges of the columns."""
    most = max(len(line.pieces) for line in lines)
    full = [line.pieces for line in lines if len(line.pieces) == most]
    return [(min(row[x].left for row in full), max(row[x].right for row in full)) for x in range(most)]


def _row(line: Line, bands: list[tuple[float, float]]) -> list[str]:
    """The line's pieces under the columns that they overlap most; a header over two columns stands in both."""
    row = [""] * len(bands)
    for piece in line.pieces:
        over = [x for x, (left, right) in enumerate(bands) if _overlap(piece, left, right) > 0]
        for x in over or [min(range(len(bands)), key=lambda x: abs(bands[x][0] - piece.left))]:
            row[x] += piece.text
    return row


def _overlap(piece: Piece, left: float, right: float) -> float:
    return min(piece.right, right) - max(piece.left, left)
