"""The lines of a claim's expenses with what the audit found; its export comes in again as a corrected list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.policies.claims.audit import Audit, LineFinding, reasons
from mangrove.policies.claims.expense_sheets import expense_entity
from mangrove.policies.claims.models import Expense
from mangrove.registry.labels import label
from mangrove.rulebook.decide import Standing
from mangrove.ui.components import Short, Tag, Tone
from mangrove.ui.languages import in_chinese, strung
from mangrove.ui.numbers import FEN_PER_YUAN, yuan
from mangrove.ui.tables import Column, Table

YUAN = gettext_lazy("元")
WORDS = {
    Standing.MEETS: gettext_lazy("认定"), Standing.FAILS: gettext_lazy("不认定"), Standing.LACKS: gettext_lazy("缺数据"),
}  # fmt: skip
TONES: dict[Standing, Tone] = {Standing.MEETS: "good", Standing.FAILS: "bad", Standing.LACKS: "warn"}


@dataclass(frozen=True)
class AuditRow:
    """A line as it is listed; without an audit (no rule, say) it is listed all the same."""

    line: Expense
    finding: LineFinding | None = None
    why: str = ""


def rows_of(audit: Audit) -> list[AuditRow]:
    language = "zh" if in_chinese() else "en"
    return [AuditRow(one.line, one, strung(reasons(one, audit, language))) for one in audit.lines]


def own(id: str, **more: Any) -> Column:
    """A column of the list itself, under the vocabulary's name of it."""
    return Column(
        id, label(expense_entity().fields[id]), **{"cell": lambda row: getattr(row.line, id) or None, **more}
    )


def number(id: str, **more: Any) -> Column:
    """What must not be broken over two lines."""
    return own(
        id, cell=lambda row: short(getattr(row.line, id)), export=lambda row: getattr(row.line, id), **more
    )


def short(value: Any) -> Short | None:
    return Short(str(value)) if value else None


def money(id: str, **more: Any) -> Column:
    return amount(id, label(expense_entity().fields[id]), lambda row: getattr(row.line, id), **more)


def amount(key: str, words: Any, of: Callable[[AuditRow], int | None], **more: Any) -> Column:
    """What is not known is 缺数据 on the page and empty in the file, never zero."""
    return Column(
        key, words, unit=YUAN, numeric=True, absent=gettext_lazy("缺数据"),
        cell=lambda row: None if of(row) is None else yuan(of(row) or 0),
        export=lambda row: None if of(row) is None else Decimal(of(row) or 0) / FEN_PER_YUAN,
        **more,
    )  # fmt: skip


def truth(id: str, **more: Any) -> Column:
    return own(id, cell=lambda row: said(getattr(row.line, id)), **more)


def said(value: bool | None) -> str | None:
    return None if value is None else _("是") if value else _("否")


def standing(row: AuditRow) -> Tag | None:
    if row.finding and row.finding.waits:
        return Tag(_("待核实"), "warn")
    return Tag(WORDS[row.finding.standing], TONES[row.finding.standing]) if row.finding else None


LINES = Table(
    "expenses",
    gettext_lazy("费用支出清单"),
    [
        Column("number", label(expense_entity().fields["number"]), numeric=True, cell=lambda row: row.line.number),
        own("content"),
        money("declared"),
        money("audited"),
        money("input_tax"),
        amount("recognised", gettext_lazy("认定金额"), lambda row: row.finding.recognised if row.finding else None),
        Column("standing", gettext_lazy("结论"), cell=standing),
        Column("reasons", gettext_lazy("理由"), cell=lambda row: row.why or None),
        number("invoice_on"),
        own("seller", on_page=False),
        number("contract", on_page=False),
        number("invoice", on_page=False),
        truth("equipment", on_page=False),
        number("voucher", on_page=False),
        number("bank_slip", on_page=False),
        own("contract_on", on_page=False),
        own("invoice_code", on_page=False),
        money("invoice_amount", on_page=False),
        own("paid_on", on_page=False),
        truth("listed_in_form", on_page=False),
    ],
    empty=gettext_lazy("先读入申报所附的清单，或上传更正的清单。"),
)  # fmt: skip
