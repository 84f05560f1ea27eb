"""The file for the treasury: its columns are data (``rulebooks/funding/treasury.yaml``), the same orders give the same bytes."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Mapping

from django.db.models import QuerySet

from mangrove.funding.models import PaymentOrder
from mangrove.funding.rules import rules
from mangrove.ui.exports import harmless


def plain_yuan(fen: int) -> str:
    """``123456`` → ``1234.56``: a number for a machine, without separators."""
    return f"{fen // 100}.{fen % 100:02d}"


#: What a column of the layout may hold.
FIELDS: Mapping[str, Callable[[PaymentOrder], str]] = {
    "number": lambda order: order.number,
    "budget_year": lambda order: str(order.award.pot.budget_year),
    "document_number": lambda order: order.award.pot.document_number,
    "payee": lambda order: order.payee,
    "bank": lambda order: order.bank,
    "account": lambda order: order.account,
    "yuan": lambda order: plain_yuan(order.amount),
    "purpose": lambda order: order.award.title,
}


def treasury_file(orders: QuerySet[PaymentOrder]) -> bytes:
    """CSV in UTF-8 with the mark by which spreadsheets know it. An account is text, so that no digit is lost."""
    columns = rules("treasury")["columns"]
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column["head"] for column in columns])
    for order in orders.select_related("award__pot").iterator(chunk_size=1000):
        writer.writerow([harmless(FIELDS[column["field"]](order)) for column in columns])
    return codecs.BOM_UTF8 + file.getvalue().encode()
