"""Spreadsheets as people send them, as lines of text cells: CSV in UTF-8 or GB18030, and Excel workbooks.

What a person sees in a cell is what is read: a merged cell counts for each cell that it covers, numbers keep their digits,
days become 2021-08-30. A formula is refused: what it shows depends on a program that is not here.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

#: Beyond these a sheet is no list of things; they bound what a reader of a file may be made to hold.
MOST_ROWS, MOST_COLUMNS, MOST_MERGED = 200_000, 500, 1_000_000
MOST_UNPACKED, MOST_MEMBERS = 200 * 1024 * 1024, 5_000
MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
#: (least column, least row, greatest column, greatest row) of a merged area.
Area = tuple[int, int, int, int]
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
    """What was read: ``lines`` with something in them, ``notes`` on how it was understood, ``problems`` cell by cell.

    ``merged``: the areas of which every cell says what the first one does.
    """

    lines: tuple[Line, ...]
    sha256: str
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    merged: tuple[Area, ...] = ()


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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
    lines = []
    try:
        # Rows as a spreadsheet counts them, whatever breaks are in a cell
        for number, cells in enumerate(reader, start=1):
            refuse_size(number, len(cells))
            lines.append(Line(number, tuple(cell.strip() for cell in cells)))
    except csv.Error as error:
        raise Unreadable(
            f"第{reader.line_num}行读不出来；请检查这一行的引号，以及有没有过长的格。"
        ) from error
    return Table(tuple(line for line in lines if line), sha256, notes)


def separator(text: str) -> str:
    """What parts the most cells in one of the first lines: a title may stand above the heads."""
    first = text[:20_000].splitlines()[:10]
    return max(",\t;，", key=lambda mark: max((line.count(mark) for line in first), default=0))


def decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """UTF-8, with or without a mark; UTF-16 where its mark says so; else GB18030, as Excel saves CSV in China."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), ("按 UTF-16 编码读取。",)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    try:
        return content.decode("gb18030"), ("按 GB18030 编码读取。",)
    except UnicodeDecodeError:
        raise Unreadable(f"第{line}行既不是 UTF-8 也不是 GB18030 编码；请另存为“CSV UTF-8”后再传。") from None


def refuse_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise Unreadable(f"超过{MOST_ROWS}行；请删去多余的空行，或分几个文件导入。")
    if columns > MOST_COLUMNS:
        raise Unreadable(f"第{rows}行有{columns}格；最多{MOST_COLUMNS}列，请删去多余的列。")


# --- Excel -------------------------------------------------------------------------------------------------------


def read_workbook(content: bytes, sha256: str) -> Table:
    """The one visible sheet with something in it; two such sheets are a question that only the sender can answer.

    Rows are streamed and counted as they come: how large a sheet says it is, or unpacks to, is never taken at its word.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_bomb(archive)
            book = load_workbook(io.BytesIO(content), read_only=True)
            return read_book(book, archive, sha256)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # whatever a broken file makes its readers stumble over
        raise Unreadable(
            "不是可读的 Excel 工作簿（.xlsx）；旧格式 .xls 或加密的文件请另存后再传。"
        ) from error


def refuse_bomb(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise Unreadable("工作簿展开后太大；请删去图片、多余的行列和工作表，或分几个文件。")


def read_book(book: Any, archive: zipfile.ZipFile, sha256: str) -> Table:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what it says of its size may be wrong
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and any_value(sheet)]
    if not seen:
        raise Unreadable("工作簿里没有内容。")
    if len(seen) > 1:
        names = "、".join(f"“{sheet.title}”" for sheet in seen)
        raise Unreadable(f"工作簿里有内容的工作表不止一张：{names}；请只留要导入的一张。")
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    notes = [f"隐藏的工作表“{'”“'.join(hidden)}”没有读取。"] if hidden else []
    return read_worksheet(seen[0], merges(archive, seen[0]), sha256, notes)


def any_value(sheet: Any) -> bool:
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


def merges(archive: zipfile.ZipFile, sheet: Any) -> list[Area]:
    """The merged areas, which a streamed sheet does not tell: (least column, least row, greatest column, greatest row)."""
    xml = archive.read(sheet._worksheet_path.lstrip("/"))
    areas = [range_boundaries(found.decode()) for found in MERGED.findall(xml)]
    if sum((right - left + 1) * (low - top + 1) for left, top, right, low in areas) > MOST_MERGED:
        raise Unreadable("合并的单元格太多；请取消整列、整表的合并后再传。")
    return areas


def read_worksheet(sheet: Any, areas: list[Area], sha256: str, notes: list[str]) -> Table:
    problems: list[str] = []
    covering, lines = Covering(areas), list[Line]()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        texts = [cell_text(cell, number, at, problems) for at, cell in enumerate(row, start=1)]
        line = Line(number, tuple(covering.filled(number, texts)))
        if line:
            refuse_size(len(lines) + 1, max(at for at, text in enumerate(line.cells, start=1) if text))
            lines.append(line)
    if areas:
        notes = [*notes, f"有{len(areas)}处合并单元格，所盖的每一格都按合并后的内容读取。"]
    return Table(tuple(lines), sha256, tuple(notes), tuple(problems), tuple(areas))


class Covering:
    """What stands in the cells that a merged one covers; rows come in their order, so its text is known first."""

    def __init__(self, areas: list[Area]) -> None:
        self.areas = sorted(areas, key=lambda area: area[1])
        self.texts: dict[Area, str] = {}
        self.open: list[Area] = []

    def filled(self, number: int, texts: list[str]) -> list[str]:
        while self.areas and self.areas[0][1] <= number:
            self.open.append(self.areas.pop(0))
        self.open = [area for area in self.open if area[3] >= number]
        for area in self.open:
            left, top, right, _low = area
            texts += [""] * (right - len(texts))
            if number == top:
                self.texts[area] = texts[left - 1]
            texts[left - 1 : right] = [self.texts[area]] * (right - left + 1)
        return texts


def cell_text(cell: Any, row: int, column: int, problems: list[str]) -> str:
    value, place = cell.value, f"第{row}行{get_column_letter(column)}列"
    if cell.data_type == "f":
        problems.append(f"{place}：是公式；请复制后“选择性粘贴—数值”再导入。")
        return ""
    if cell.data_type == "e":
        problems.append(f"{place}：是错误值“{value}”；请改正。")
        return ""
    if isinstance(value, int | float) and abs(value) >= EXACT_IN_EXCEL:
        problems.append(f"{place}：数字超过15位，Excel 已丢掉末几位；请把这一列设为文本，重新填写。")
    return text_of(value)


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
