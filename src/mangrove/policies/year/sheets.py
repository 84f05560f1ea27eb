"""Files as people would hand them in: rows of an entity as CSV, a list of expenses as a spreadsheet. The same rows, the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

from mangrove import vocabulary
from mangrove.policies.year.projects import YUAN, Line, yuan
from mangrove.registry.records.kept import EVERYWHERE, SYNTHETIC
from mangrove.vocabulary.model import Entity, Field

#: Of ``expense_line`` what a list has a column for.
COLUMNS = (
    "number", "content", "equipment", "declared", "audited", "input_tax", "voucher", "contract", "contract_on", "seller",
    "invoice_code", "invoice", "invoice_on", "bank_slip", "paid_on", "listed_in_form",
)  # fmt: skip
#: Written into every file, so that a file made again is the same file.
MADE = datetime(2025, 1, 1)  # noqa: DTZ001 -- a spreadsheet knows no zones
#: One in ten thousand: how ratios are kept.
RATIO = 10_000


def rows_file(entity: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """CSV with the heads of the vocabulary; an empty cell says nothing. Each row says that it is synthetic, where its kind can."""
    told = vocabulary.entity(entity)
    says = not told.own_table or SYNTHETIC in told.fields
    rows = [{**row, SYNTHETIC: True} for row in rows] if says else rows
    columns = list(dict.fromkeys(id for row in rows for id in row))
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(
        [told.relations[id].zh if id in told.relations else field_of(told, id).zh for id in columns]
    )
    writer.writerows([cell(told, id, row.get(id)) for id in columns] for row in rows)
    return file.getvalue().encode()


def field_of(entity: Entity, id: str) -> Field:
    """Every file may say where a row comes from and that it is synthetic."""
    return entity.fields[id] if id in entity.fields else EVERYWHERE[id]


def cell(entity: Entity, id: str, value: Any) -> str:
    if value is None or id in entity.relations:
        return value or ""
    field = field_of(entity, id)
    if field.type == "money":
        return yuan(value) if value >= 0 else f"-{yuan(-value)}"
    if field.type == "ratio":
        return f"{value * 100 // RATIO}.{value % 100:02d}%"
    if isinstance(value, bool):
        return "是" if value else "否"
    return field.enum.word(value).zh if field.enum else str(value)


def expenses_file(lines: Iterable[Line]) -> bytes:
    """The list of expenses as Excel, with the heads of the vocabulary and money in yuan."""
    entity, book = vocabulary.entity("expense_line"), Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([head(entity, id) for id in COLUMNS])
    for one in lines:
        sheet.append(
            [
                expense_cell(getattr(one, id)) if id not in MONEY else decimal(getattr(one, id))
                for id in COLUMNS
            ]
        )
    book.properties.created = book.properties.modified = MADE
    file = io.BytesIO()
    book.save(file)
    return repacked(file.getvalue())


MONEY = ("declared", "audited", "input_tax")


def head(entity: Entity, id: str) -> str:
    return f"{entity.fields[id].zh}（元）" if id in MONEY else entity.fields[id].zh


def decimal(fen: int) -> str:
    return f"{fen // YUAN}.{fen % YUAN:02d}"


def expense_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else value


def repacked(content: bytes) -> bytes:
    """The archive with one day for all its members: it would else hold the minute at which it was written."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), member(old, name))
    return file.getvalue()


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    content = archive.read(name)
    if name != "docProps/core.xml":
        return content
    head, found, rest = content.partition(b"<dcterms:modified")
    if not found:
        return content
    start, stamp, end = rest.partition(b">")
    return (
        head + found + start + stamp + MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + end[end.index(b"<") :]
    )


def pdf(words: str) -> bytes:
    """A page of PDF that says that it is synthetic (ASCII); the smallest that a reader opens."""
    drawn = f"BT /F 18 Tf 72 720 Td (SYNTHETIC) Tj 0 -28 Td ({words}) Tj ET".encode("ascii")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(out),
    )  # fmt: skip
