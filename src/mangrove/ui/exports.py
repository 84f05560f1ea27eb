"""Real .xlsx and .csv out of a declared table: who exported, when and under which filter stand above the rows."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from mangrove.ui.tables import Column, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_LINES = 4
CELL_LIMIT = 32_767
CHUNK = 1000
NARROW, WIDE = 12, 28
#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def excel_response(
    request: HttpRequest,
    table: Table,
    rows: Any,
    filters: str = "",
    told: Callable[[Iterable[Any]], Iterable[Any]] = iter,
    notes: Sequence[str] = (),
) -> HttpResponse:
    """The file as a download named after the table and the moment; ``filters`` says what was filtered, in words.

    ``notes``: what the numbers mean, a line each above the rows. ``told`` gives the sorted rows on with what their columns need besides, a stretch at a time.
    """
    ordered = told(stream(table.sorted(rows, request.GET)))
    content = workbook(table, ordered, who=str(request.user), filters=filters, notes=notes)
    return HttpResponse(content, content_type=XLSX, headers=downloaded(table, "xlsx"))


def csv_response(
    request: HttpRequest,
    table: Table,
    rows: Any,
    filters: str = "",
    told: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> HttpResponse:
    """The same as CSV in UTF-8, with the mark by which Excel knows it."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerows([harmless(line)] for line in head_lines(table, str(request.user), filters))
    writer.writerow([column.head for column in table.columns])
    for row in told(stream(table.sorted(rows, request.GET))):
        writer.writerow([harmless(column.exported(row)) for column in table.columns])
    content = codecs.BOM_UTF8 + file.getvalue().encode()
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=downloaded(table, "csv"))


def harmless(value: Any) -> Any:
    """A spreadsheet takes no text of ours for a formula: an apostrophe stands before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def downloaded(table: Table, extension: str) -> dict[str, str]:
    name = f"{table.caption}_{timezone.localtime():%Y%m%d_%H%M}.{extension}"
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def workbook(table: Table, rows: Any, *, who: str, filters: str = "", notes: Sequence[str] = ()) -> bytes:
    """All of ``rows`` as an .xlsx file; memory stays flat however many there are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(table.caption)[:31])
    lay_out(sheet, table, HEAD_LINES + len(notes))
    for line in (*head_lines(table, who, filters), *notes):
        sheet.append([text_cell(sheet, line)])
    sheet.append([text_cell(sheet, column.head, bold=True) for column in table.columns])
    for row in stream(rows):
        sheet.append([value_cell(sheet, column, row) for column in table.columns])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def head_lines(table: Table, who: str, filters: str) -> list[str]:
    return [
        str(table.caption),
        _("导出人：%(who)s") % {"who": who},
        _("导出时间：%(when)s（北京时间）") % {"when": f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"},
        _("筛选条件：%(filters)s") % {"filters": filters or _("无")},
    ]


def lay_out(sheet: WriteOnlyWorksheet, table: Table, lines: int = HEAD_LINES) -> None:
    """Heads stay in sight on screen and are repeated on each printed page; ``lines`` stand above them."""
    sheet.freeze_panes = f"A{lines + 2}"
    sheet.print_title_rows = f"{lines + 1}:{lines + 1}"
    for position, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = NARROW if column.numeric else WIDE


def stream(rows: Any) -> Iterator[Any]:
    source: Iterable[Any] = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows
    return iter(source)


def value_cell(sheet: WriteOnlyWorksheet, column: Column, row: Any) -> Any:
    value = column.exported(row)
    if isinstance(value, str):
        return text_cell(sheet, value)
    return formatted(sheet, value, column.number_format) if column.number_format else value


def formatted(sheet: WriteOnlyWorksheet, value: Any, number_format: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    return cell


def text_cell(sheet: WriteOnlyWorksheet, text: str, bold: bool = False) -> WriteOnlyCell:
    """Text that Excel can never take for a formula: typed as text, and quoted so that editing keeps it text."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_LIMIT])
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA)
    if bold:
        cell.font = Font(bold=True)
    return cell
