"""Spreadsheets as people send them, as lines of text cells: CSV in UTF-8 or GB18030, and Excel workbooks.

What a person sees in a cell is what is read: a merged cell counts for each cell that it covers, numbers keep their digits,
days become 2021-08-30. A formula is refused: what it shows depends on a program that is not here.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

#: Rows and cells beyond which a sheet is no list of things; bounds what a reader of a file may be made to hold.
MOST_ROWS, MOST_CELLS = 200_000, 5_000_000
#: Excel keeps fifteen digits of a number; a code of eighteen must be text.
EXACT_IN_EXCEL = 10**15
ZIP = b"PK\x03\x04"


class Unreadable(ValueError):
    """A file that is no table: said in one Chinese sentence that says what to do."""


@dataclass(frozen=True)
class Line:
    """One row: its number as the spreadsheet counts it, and its cells as text, blanks trimmed."""

    number: int
    cells: tuple[str, ...]

    def __bool__(self) -> bool:
        return any(self.cells)


@dataclass(frozen=True)
class Table:
    """What was read: ``lines`` with something in them, ``notes`` on how it was understood, ``problems`` cell by cell."""

    lines: tuple[Line, ...]
    sha256: str
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def read_table(content: bytes) -> Table:
    """By its bytes, not by its name. Raises :class:`Unreadable`."""
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(ZIP):
        return read_workbook(content, sha256)
    return read_text(content, sha256)


# --- CSV ---------------------------------------------------------------------------------------------------------


def read_text(content: bytes, sha256: str) -> Table:
    text, notes = decoded(content)
    if "\0" in text:
        raise Unreadable("文件里有空字符，不是 CSV；请用 Excel 另存为“CSV UTF-8”或 .xlsx 后再传。")
    first = text.partition("\n")[0]
    separator = max(",\t;，", key=first.count) if any(mark in first for mark in "\t;") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines = []
    try:
        for cells in reader:
            lines.append(Line(reader.line_num, tuple(cell.strip() for cell in cells)))
            if len(lines) > MOST_ROWS:
                raise Unreadable(f"超过{MOST_ROWS}行；请分几个文件导入。")
    except csv.Error as error:
        raise Unreadable(f"第{reader.line_num}行读不出来（{error}）；请检查这一行的引号。") from error
    return Table(tuple(line for line in lines if line), sha256, notes)


def decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """UTF-8, with or without a mark; UTF-16 where its mark says so; else GB18030, as Excel saves CSV in China."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16"), ("按 UTF-16 编码读取。",)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    try:
        return content.decode("gb18030"), ("按 GB18030 编码读取。",)
    except UnicodeDecodeError:
        raise Unreadable(f"第{line}行既不是 UTF-8 也不是 GB18030 编码；请另存为“CSV UTF-8”后再传。") from None


# --- Excel -------------------------------------------------------------------------------------------------------


def read_workbook(content: bytes, sha256: str) -> Table:
    """The one sheet with something in it; two such sheets are a question that only the sender can answer.

    Hostile XML is refused by defusedxml, which openpyxl uses where it is installed.
    """
    try:
        book = load_workbook(io.BytesIO(content), data_only=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise Unreadable(
            "不是可读的 Excel 工作簿（.xlsx）；旧格式 .xls 或加密的文件请另存后再传。"
        ) from error
    sheets = [sheet for sheet in book.worksheets if any_value(sheet)]
    if not sheets:
        raise Unreadable("工作簿里没有内容。")
    if len(sheets) > 1:
        names = "、".join(f"“{sheet.title}”" for sheet in sheets)
        raise Unreadable(f"工作簿里有内容的工作表不止一张：{names}；请只留要导入的一张。")
    return read_worksheet(sheets[0], sha256)


def any_value(sheet: Worksheet) -> bool:
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


def read_worksheet(sheet: Worksheet, sha256: str) -> Table:
    if sheet.max_row > MOST_ROWS or sheet.max_row * sheet.max_column > MOST_CELLS:
        raise Unreadable(
            f"工作表太大（{sheet.max_row}行×{sheet.max_column}列）；请删去多余的空行空列，或分几个文件。"
        )
    covered = merged(sheet)
    problems: list[str] = []
    lines = tuple(
        Line(number, tuple(cell_texts(row, covered, problems)))
        for number, row in enumerate(sheet.iter_rows(), start=1)
    )
    return Table(tuple(line for line in lines if line), sha256, tuple(notes_on(sheet)), tuple(problems))


def merged(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """What stands in each cell that a merged one covers."""
    return {
        (row, column): sheet.cell(area.min_row, area.min_col).value
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def notes_on(sheet: Worksheet) -> Iterator[str]:
    if count := len(sheet.merged_cells.ranges):
        yield f"有{count}处合并单元格，所盖的每一格都按合并后的内容读取。"
    hidden = sum(1 for row in sheet.row_dimensions.values() if row.hidden)
    if hidden:
        yield f"有{hidden}行是隐藏的，也一并读取。"


def cell_texts(row: Iterable[Any], covered: dict[tuple[int, int], Any], problems: list[str]) -> Iterator[str]:
    for cell in row:
        value = covered.get((cell.row, cell.column), cell.value)
        if cell.data_type == "f":
            place = f"第{cell.row}行{get_column_letter(cell.column)}列"
            problems.append(f"{place}：是公式；请复制后“选择性粘贴—数值”再导入。")
            value = None
        elif cell.data_type == "e":
            problems.append(f"第{cell.row}行{get_column_letter(cell.column)}列：是错误值“{value}”；请改正。")
            value = None
        elif isinstance(value, int | float) and abs(value) >= EXACT_IN_EXCEL:
            place = f"第{cell.row}行{get_column_letter(cell.column)}列"
            problems.append(f"{place}：数字超过15位，Excel 已丢掉末几位；请把这一列设为文本，重新填写。")
        yield text_of(value)


def text_of(value: Any) -> str:
    """As a person reads it. A number comes out with all its digits and never as 1e+17."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        whole = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if whole else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value).strip()
