"""The empty file of an import: its heads in the language of who asks, and lists to choose words from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mangrove.registry.importing.kinds import Importing
from mangrove.registry.labels import said, unit_word
from mangrove.ui.exports import WIDE, XLSX
from mangrove.ui.languages import beside
from mangrove.vocabulary.model import Field, Relation

#: Characters that Excel takes in the list of a cell.
LIST_AT_MOST = 255
#: Rows under the heads that offer the list.
ROWS = 2000


def empty_response(one: Importing) -> HttpResponse:
    return workbook_response(str(one.label), empty_workbook(one.columns, one.needs))


def workbook_response(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.xlsx"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def empty_workbook(columns: Iterable[Field | Relation], needs: Callable[[Field | Relation], bool]) -> bytes:
    """Heads alone, a star at those that a new row must fill."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(1, place, head_of(column) + ("*" if needs(column) else ""))
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = WIDE
        offer(sheet, get_column_letter(place), choices(column))
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def head_of(one: Field | Relation) -> str:
    """The name with the unit of its plain numbers, as imports read it and exports write it."""
    return beside(said(one), unit_word(one))


def choices(one: Field | Relation) -> list[str]:
    if not isinstance(one, Field) or one.enum is None:
        return []
    return [said(word) for word in one.enum.words.values()]


def offer(sheet: Worksheet, letter: str, words: Iterable[str]) -> None:
    """A list to choose from, where Excel holds it: a comma parts its words."""
    told = list(words)
    formula = '"' + ",".join(told) + '"'
    if not told or len(formula) > LIST_AT_MOST or any("," in word or '"' in word for word in told):
        return
    list_of = DataValidation(type="list", formula1=formula, allow_blank=True)
    list_of.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(list_of)
