"""A CSV as one Arrow table of texts, with its ragged rows told by their lines, and the lines on which its rows stand."""

from __future__ import annotations

import codecs
import csv
from array import array
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from mangrove.rulebook.engines.arrowvalues import LARGE, LineOf
from mangrove.rulebook.problems import Place, Problem, Problems

#: So many cells of a ragged row are shown.
SHOWN = 40
#: A row of nothing else is empty.
BLANKS = ', \t\r\n"'


def unreadable(file: str, error: Exception) -> Problem:
    said = str(error).splitlines()[0][:200]
    zh, en = f"文件读不了：{said}。", f"The file cannot be read: {said}."
    return Problem("unreadable", Place(file, 1, 1), zh, en)


def read_csv(path: Path) -> Any:
    """All columns as texts, the empty ones unknown; rows that are all empty are passed over. Raises :class:`Problems`."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        names = next(csv.reader(opened), [])
    if not names:
        return pa.table({})
    refuse_other_encoding(path)
    wrong: list[Any] = []

    def remember(row: Any) -> str:
        if row.text.strip(BLANKS) and not wrong:
            wrong.append(row)
        return "skip"

    table = parsed(path, len(names), remember)
    if wrong:
        raise Problems(ragged(path, len(names)) or [otherwise_ragged(path.name, wrong[0])])
    return without_empty(table.rename_columns(names))


def parsed(path: Path, width: int, remember: Callable[[Any], str]) -> Any:
    # Repeated heads are told later; here every column needs a name of its own.
    names = [str(n) for n in range(width)]
    try:
        return pacsv.read_csv(
            path,
            pacsv.ReadOptions(column_names=names, skip_rows_after_names=1),
            pacsv.ParseOptions(newlines_in_values=has_quotes(path), invalid_row_handler=remember),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, LARGE), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid as error:
        # A head alone without an end of its line is not read.
        if next(rows_below_head(path), None) is None:
            return pa.table({name: pa.array([], LARGE) for name in names})
        raise unreadable(path.name, error) from error


def without_empty(table: Any) -> Any:
    if not all(column.null_count for column in table.columns):
        return table
    some = np.zeros(len(table), bool)
    for column in table.columns:
        some |= np.asarray(column.is_valid())
    return table if some.all() else table.filter(pa.array(some))


# --- which line --------------------------------------------------------------------------------------------------------


def rows_below_head(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it ends; empty rows are none."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.reader(opened)
        next(reader, None)
        yield from ((reader.line_num, cells) for cells in reader if any(cells))


def ragged(path: Path, width: int) -> list[Problem]:
    """Rows with more or fewer cells than the head: what read them quickly does not know their lines."""
    found = ((line, cells) for line, cells in rows_below_head(path) if len(cells) != width)
    return [ragged_row(path.name, line, cells, width) for line, cells in found]


def ragged_row(file: str, line: int, cells: list[str], width: int) -> Problem:
    said, place = ",".join(cells)[:SHOWN], Place(file, line, min(len(cells), width) + 1)
    zh = f"第 {line} 行应有{width}格，现有{len(cells)}格（“{said}”）。"
    en = f"Row {line}: {width} cells wanted, {len(cells)} found (“{said}”)."
    return Problem("bad_rows", place, zh, en)


def otherwise_ragged(file: str, row: Any) -> Problem:
    """Where the two readers of CSV do not take the same for a row."""
    said, wanted, found = row.text[:SHOWN], row.expected_columns, row.actual_columns
    zh = f"有一行应有{wanted}格，现有{found}格（“{said}”）；请检查引号。"
    en = f"In a row {wanted} cells are wanted, {found} found (“{said}”); look at its quotes."
    return Problem("bad_rows", Place(file, row.number or 1, 1), zh, en)


def csv_line(path: Path) -> LineOf:
    """The line of the file on which a row of data ends. Looked for only where there is a problem, and then for all rows."""

    @cache
    def lines() -> array[int]:
        return array("q", (line for line, _cells in rows_below_head(path)))

    return lambda row: lines()[row] if row < len(lines()) else 1


# --- before it is read --------------------------------------------------------------------------------------------------


def refuse_other_encoding(path: Path) -> None:
    """Told before anything is read: a spreadsheet program's plain “CSV” is not UTF-8."""
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as opened:
        while block := opened.read(1 << 20):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                line += block[: error.start].count(b"\n")
                zh = "文件不是 UTF-8 编码；请在 Excel 里另存为“CSV UTF-8（逗号分隔）”。"
                en = "The file is not in UTF-8; in Excel save it as “CSV UTF-8 (comma delimited)”."
                raise Problem("not_utf8", Place(path.name, line, 1), zh, en) from None
            line += block.count(b"\n")


def has_quotes(path: Path) -> bool:
    """Whether a cell might hold a line break; to allow for that costs a third of the time."""
    with path.open("rb") as opened:
        while block := opened.read(1 << 20):
            if b'"' in block:
                return True
    return False
