"""The list of expenses (费用支出清单) as people send it, read into lines; every mistake names its row and column. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.intake.hooks import Reading, TablePaper
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import Expense
from mangrove.registry.importing.reading import Read, Wrong, empty, find_heads, read_rows
from mangrove.ui.languages import strung
from mangrove.ui.numbers import yuan
from mangrove.vocabulary.cells import Line, Table, Unreadable, read_table
from mangrove.vocabulary.heads import Head
from mangrove.vocabulary.model import Entity, Field
from mangrove.vocabulary.sheets import Row

#: Without these columns a line says nothing.
MUST = ("content", "declared")
#: What an audit finds of a line.
FOUND = ("audited", "listed_in_form")
#: How a row begins that adds up the others, and is no expense.
TOTALS = ("合计", "总计", "小计", "total", "subtotal")
#: Of the entity what a list itself says; the rest follows from these.
COLUMNS = (
    "number", "content", "equipment", "declared", "audited", "input_tax", "voucher", "contract", "contract_on", "seller",
    "invoice_code", "invoice", "invoice_on", "invoice_amount", "bank_slip", "paid_on", "listed_in_form",
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """What a sheet says: ``lines`` are fields of :class:`Expense`. Where anything is ``wrong`` nothing of it is taken."""

    lines: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    wrong: tuple[Wrong, ...]
    sha256: str
    empty: bool = False

    @property
    def declared(self) -> int:
        return sum(one["declared"] for one in self.lines)


def expense_entity() -> Entity:
    return vocabulary.entity("expense_line")


def entity_read() -> Entity:
    """The vocabulary's expense with the columns that a list has; what stands in others is told and not taken."""
    whole = expense_entity()
    fields = {
        id: replace(one, required=False) if id == "number" else one
        for id, one in whole.fields.items()
        if id in COLUMNS
    }
    return replace(whole, fields=fields, relations={})


def read_list(content: bytes) -> Listed:
    """A list by its bytes: Excel, or CSV in UTF-8 or GB18030."""
    try:
        table = read_table(content)
    except Unreadable as error:
        return Listed((), (), (Wrong(0, "", str(error)),), "")
    entity = entity_read()
    body = replace(table, lines=tuple(line for line in table.lines if not adds_up(line)))
    read = read_rows(body, entity, MUST)
    wrong = [
        *read.wrong,
        *merged_money(table, entity),
        *(wrong for row in read.rows for wrong in empty(row, entity, MUST)),
    ]
    nothing = not read.rows and not wrong
    if nothing:
        wrong.append(Wrong(0, "", _("清单里没有一行费用。")))
    lines = [] if wrong else numbered(read)
    return Listed(
        tuple(lines), tuple(notes(table, body, read)), tuple(wrong) or repeated(lines), table.sha256, nothing
    )


def columns_asked() -> tuple[list[Field], list[Field]]:
    """What a firm fills in, and which of it it must; what the audit finds is not for it to fill in."""
    fields = expense_entity().fields
    return [fields[id] for id in COLUMNS if id not in FOUND], [fields[id] for id in MUST]


def read_costs(content: bytes) -> Reading:
    """What the applicant is told of the list at once, while it can still be mended."""
    listed = read_list(content)
    wrong = [place_words(one) for one in sorted(listed.wrong, key=lambda one: one.line)]
    money = yuan(listed.declared)
    said = (
        ""
        if wrong
        else _("读到 %(n)s 行，申报金额合计 %(money)s 元。") % {"n": len(listed.lines), "money": money}
    )
    return Reading(strung(filter(None, (said, *listed.notes))), tuple(wrong), listed.empty)


def place_words(one: Wrong) -> str:
    if not one.line:
        return one.what
    return _("第%(line)s行%(column)s：%(what)s") % {"line": one.line, "column": one.column, "what": one.what}


#: How a form's list of expenses is read as soon as it is handed in.
COSTS = TablePaper(read_costs, "policies:blank_list")


def adds_up(line: Line) -> bool:
    first = next((cell for cell in line.cells if cell), "")
    return "".join(first.split()).rstrip(":：").lower() in TOTALS


def notes(table: Table, body: Table, read: Read) -> Iterator[str]:
    yield from read.notes
    if left := len(table.lines) - len(body.lines):
        yield _("%(n)s 行合计没有读入。") % {"n": left}


def merged_money(table: Table, entity: Entity) -> list[Wrong]:
    """A merged amount would count once for every row that it covers, so it is refused."""
    heads = find_heads(table.lines, entity)
    if heads is None:
        return []
    place, columns = heads
    below = table.lines[place].number
    return [
        Wrong(first, columns[at - 1].of.zh, _("第 %(first)s 至 %(last)s 行合并成一格；金额须逐行填写。") % {"first": first, "last": last})
        for left, first, right, last in table.merged
        for at in range(left, right + 1)
        if last > first > below and is_money(columns.get(at - 1))
    ]  # fmt: skip


def is_money(head: Head | None) -> bool:
    """What is added up; the amount of an invoice is not, and belongs to each of its lines."""
    return (
        head is not None
        and isinstance(head.of, Field)
        and head.of.type == "money"
        and head.of.id != "invoice_amount"
    )


def numbered(read: Read) -> list[dict[str, Any]]:
    """Rows in their order; where the list has no numbers of its own they are numbered as they come."""
    own = all(row.values.get("number") is not None for row in read.rows)
    return [
        {**fields_of(row), "number": row.values["number"] if own else n} for n, row in enumerate(read.rows, 1)
    ]


def fields_of(row: Row) -> dict[str, Any]:
    """What is not filled in stays unknown; texts are empty, and a list that does not say so is the form's own."""
    said = {id: row.values.get(id) for id in COLUMNS}
    texts = {id: said[id] or "" for id in COLUMNS if isinstance(said[id], str) or text_column(id)}
    listed = said["listed_in_form"]
    return {**said, **texts, "listed_in_form": True if listed is None else listed}


def text_column(id: str) -> bool:
    return expense_entity().fields[id].type == "text"


def repeated(lines: Iterable[Mapping[str, Any]]) -> tuple[Wrong, ...]:
    """What the database would not take: a number given twice, an amount below zero, a text too long."""
    lines = list(lines)
    twice = [n for n, times in Counter(one["number"] for one in lines).items() if times > 1]
    found = [Wrong(n, field("number"), _("行号 %(n)s 出现了两次。") % {"n": n}) for n in sorted(twice)]
    return (*found, *(wrong for one in lines for wrong in unfit(one)))


def unfit(line: Mapping[str, Any]) -> Iterator[Wrong]:
    for id in ("declared", "audited", "input_tax", "invoice_amount"):
        if (line[id] or 0) < 0:
            yield Wrong(line["number"], field(id), _("金额不能小于零。"))
    for id in COLUMNS:
        most = Expense._meta.get_field(id).max_length  # type: ignore[union-attr]
        if most and len(line[id] or "") > most:
            yield Wrong(line["number"], field(id), _("最多 %(n)s 个字。") % {"n": most})
    if line["number"] < 0:
        yield Wrong(line["number"], field("number"), _("行号不能小于零。"))


def field(id: str) -> str:
    return expense_entity().fields[id].zh


def refuse_wrong(listed: Listed, where: str) -> None:
    """All or nothing. Raises :class:`Refusal` naming the first of the mistakes."""
    if not listed.wrong:
        return
    first = min(listed.wrong, key=lambda one: one.line)
    place = (
        _("第%(line)s行%(column)s") % {"line": first.line, "column": first.column} if first.line else where
    )
    raise Refusal(
        _("费用支出清单有 %(n)s 处错误，一行也没有读入。第一处：%(what)s") % {"n": len(listed.wrong), "what": first.what},
        code="policies.expenses_wrong", where=place, rule=_("清单读不出的，不能通过专项审计"),
        remedy=_("请逐行更正后上传更正的清单，并写明更正的理由。"),
    )  # fmt: skip
