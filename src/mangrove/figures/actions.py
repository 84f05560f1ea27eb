"""What people do to figures: state a value. A value is never edited; a different amount is a new revision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mangrove.figures import labels
from mangrove.figures.listeners import tell
from mangrove.figures.models import Definition, Role, Source, Value, ValueInput, ValueRow
from mangrove.figures.periods import Period
from mangrove.figures.sources import refuse_later_than_source
from mangrove.figures.values import exact, read_book
from mangrove.ledger.actions import record
from mangrove.ledger.hashing import canonical
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import in_words
from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.quantity import format_number, parse_number, round_half_away
from mangrove.vocabulary.units import convert, known_units

#: The source of a ratio that this system divided itself.
COMPUTED = "computed"
#: What the database keeps of an amount: a signed integer of eight bytes, at the definition's scale.
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Row:
    """A record to keep under a value; ``amount`` is in the unit in which the value is stated."""

    dataset: str
    key: str
    label: str
    amount: Decimal
    source: str


@dataclass(frozen=True)
class Stated:
    """What somebody says a figure is. ``unit`` empty means the definition's own; ``where`` is named in refusals.

    ``rows`` of ``None`` say nothing about records, an empty sequence says that there are none.
    """

    definition: str
    period: Period
    amount: Decimal
    source: str
    unit: str = ""
    qualifier: str = ""
    dimensions: Mapping[str, str] | None = None
    rows: Sequence[Row] | None = ()
    note: str = ""
    where: str = ""


@dataclass(frozen=True)
class Written:
    """The current value after the act, and whether the act wrote it; ``words`` says so in Chinese, and what followed."""

    value: Value
    changed: bool
    words: str


@transaction.atomic
def set_value(
    definition: str,
    *,
    as_of: Period,
    amount: Decimal,
    source: str,
    by: Actor,
    on: date,
    why: str = "",
    unit: str = "",
    qualifier: str = "",
    dimensions: Mapping[str, str] | None = None,
    rows: Sequence[Row] | None = None,
    note: str = "",
) -> Written:
    """State one value; ratios that divide it are divided again under the same event.

    Raises :class:`Refusal` for an unknown definition, source, unit, qualifier or dimension, a time that began after the
    source was published, an amount finer than the definition's scale, and rows that do not add up. The same amount as before writes nothing and says so.
    """
    stated = Stated(definition, as_of, amount, source, unit, qualifier, dimensions, rows, note)
    draft = drafted(stated)
    lock(draft.definition)
    before = standing(draft)
    if before is not None and same(before, draft, stated):
        return Written(
            before,
            False,
            _("“%(figure)s”%(period)s的数值没有变化，未生成新修订。")
            % {"figure": labels.name(draft.definition), "period": labels.period_text(draft.period)},
        )
    told = payload(draft, draft_rows(draft, stated))
    event = record("figures.set_value", subject=draft.definition.ref, by=by, on=on, why=why, payload=told)
    value = write(draft, stated, before, event)
    written = [value, *divide_dependents([value], event)]
    followed = tell(by=by, on=on, why=why, definitions={one.definition_id for one in written})
    words = _("“%(figure)s”%(period)s已记为第%(revision)s次修订。") % {
        "figure": labels.name(draft.definition),
        "period": labels.period_text(draft.period),
        "revision": value.revision,
    }
    return Written(value, True, "".join([words, *followed]))


def lock(definition: Definition) -> None:
    """Until the act is over nobody else revises this figure, nor the ratios that it is part of."""
    hold_matching(Q(pk=definition.pk) | Q(numerator=definition.pk) | Q(denominator=definition.pk))


def hold(definitions: Iterable[str]) -> None:
    """Until the caller's transaction is over nobody revises these figures; what is read after this stands."""
    hold_matching(Q(pk__in=set(definitions)))


def hold_matching(wanted: Q) -> None:
    list(Definition.objects.select_for_update().filter(wanted).order_by("pk").values_list("pk"))


def lock_all() -> None:
    """Until the act is over nobody else revises any figure."""
    list(Definition.objects.select_for_update().order_by("pk").values_list("pk"))


def amount_of(text: str) -> Decimal:
    """The amount that somebody typed: plain digits, full-width ones and thousands commas allowed. Raises :class:`Refusal`."""
    try:
        number = parse_number(text)
    except ValueError as error:
        raise Refusal(
            _("“%(text)s”不是数值。") % {"text": text}, code="figures.amount", where=_("数值"), remedy=_("请写成 48650 或 5349.18，单位另填。")
        ) from error  # fmt: skip
    return Decimal(number.numerator) / Decimal(number.denominator)


def drafted(stated: Stated) -> Value:
    """The unsaved value that ``stated`` describes; raises :class:`Refusal`."""
    definition = known_definition(stated.definition, stated.where)
    source = Source.objects.filter(pk=stated.source).first()
    if source is None or stated.source == COMPUTED:
        known = Source.objects.exclude(pk=COMPUTED).values_list("pk", flat=True)
        raise unknown(_("来源"), stated.source, known, stated.where)
    refuse_unknown_qualifier(stated.qualifier, stated.where)
    refuse_later_than_source(definition, stated.period, source, stated.where)
    return Value(
        definition=definition, dimensions=cut(definition, stated), start=stated.period.start, end=stated.period.end,
        amount=scaled(stated.amount, stated.unit, definition, stated.where),
        qualifier=stated.qualifier, source=source, note=stated.note,
    )  # fmt: skip


def known_definition(id: str, where: str = "") -> Definition:
    """The definition of that id or Chinese name; raises :class:`Refusal` with the nearest name."""
    found = Definition.objects.filter(Q(pk=id) | Q(zh=id)).select_related("numerator", "denominator").first()
    if found is None:
        names = [name for pair in Definition.objects.values_list("pk", "zh") for name in pair]
        raise unknown(_("指标"), id, names, where)
    return found


def unknown(what: str, word: str, known: Iterable[str], where: str) -> Refusal:
    """The refusal of a name that does not exist, with the nearest that does."""
    return Refusal(
        _("没有%(what)s“%(word)s”%(hint)s") % {"what": what, "word": word, "hint": labels.did_you_mean(word, known)},
        code="figures.unknown", where=where, rule=_("指标与口径须先定义"),
        remedy=_("请改用已定义的名称，或先在口径表中补上定义。"),
    )  # fmt: skip


def refuse_unknown_qualifier(word: str, where: str) -> None:
    if word and word not in known_units().qualifiers:
        raise unknown(_("限定词"), word, sorted(known_units().qualifiers), where)


def cut(definition: Definition, stated: Stated) -> str:
    """The dimensions as canonical JSON; every key must be one that the definition declares."""
    chosen = dict(stated.dimensions or {})
    for key in sorted(chosen):
        if key not in definition.dimensions:
            raise unknown(
                _("“%(figure)s”的维度") % {"figure": labels.name(definition)},
                key,
                definition.dimensions,
                stated.where,
            )
    return canonical(chosen)


def scaled(amount: Decimal, unit: str, definition: Definition, where: str) -> int:
    """The amount as an integer at the definition's scale; refuses what would have to be rounded, or is no amount."""
    refuse_no_amount(amount, where)
    try:
        inside = convert(Fraction(amount), unit or definition.unit, definition.unit)
    except (UnknownWord, ValueError) as error:
        raise Refusal(
            in_words(error), code="figures.unit", where=where, rule=_("“%(figure)s”以%(unit)s计") % {"figure": labels.name(definition), "unit": labels.unit_word(definition.unit)},
            remedy=_("请改用可换算的单位。"),
        ) from error  # fmt: skip
    whole = inside * 10**definition.scale
    if whole.denominator != 1:
        raise Refusal(
            _("%(amount)s%(unit)s比“%(figure)s”的精度更细。") % {"amount": amount, "unit": unit, "figure": labels.name(definition)}, code="figures.too_fine", where=where,
            rule=_("此指标记到%(unit)s的小数点后%(scale)s位") % {"unit": labels.unit_word(definition.unit), "scale": definition.scale}, remedy=_("请先按口径取整，或修订口径的精度。"),
        )  # fmt: skip
    if abs(whole.numerator) > LARGEST:
        raise too_large(where)
    return whole.numerator


def refuse_no_amount(amount: Decimal, where: str) -> None:
    """Before any exact arithmetic: 1E+999999999 would be a fraction of a thousand million digits."""
    if not amount.is_finite():
        raise Refusal(
            _("“%(amount)s”不是数值。") % {"amount": amount},
            code="figures.amount",
            where=where,
            remedy=_("请写成 48650 或 5349.18。"),
        )
    if amount and not -LARGEST.bit_length() < amount.adjusted() < LARGEST.bit_length():
        raise too_large(where)


def too_large(where: str) -> Refusal:
    return Refusal(
        _("数值太大，超出了能记录的范围。"), code="figures.too_large", where=where, rule=_("折成口径的最小单位后不得超过%(most)s") % {"most": LARGEST},
        remedy=_("请核对位数和单位；单位是不是多写了“万”或“亿”。"),
    )  # fmt: skip


def standing(draft: Value) -> Value | None:
    """The newest revision of the same definition, cut, period and source."""
    return revisions(draft).first()


def revisions(draft: Value) -> QuerySet[Value]:
    """All that was ever stated of the same definition, cut, period and source, the newest first."""
    return Value.objects.filter(
        definition=draft.definition, dimensions=draft.dimensions,
        start=draft.start, end=draft.end, source=draft.source,
    ).order_by("-revision")  # fmt: skip


def same(before: Value, draft: Value, stated: Stated) -> bool:
    kept = before.amount == draft.amount and before.qualifier == draft.qualifier
    if stated.rows is None or not kept:
        return kept
    return row_keys(before.rows.all()) == row_keys(draft_rows(draft, stated))


def row_keys(rows: Iterable[ValueRow]) -> list[tuple[str, str, str, int, str]]:
    return [(row.dataset, row.key, row.label, row.amount, row.source_id) for row in rows]


def draft_rows(draft: Value, stated: Stated) -> list[ValueRow]:
    return [
        ValueRow(
            value=draft, position=position, dataset=row.dataset, key=row.key, label=row.label,
            amount=scaled(row.amount, stated.unit, draft.definition, f"{row.dataset} {row.key}"), source_id=row.source,
        )
        for position, row in enumerate(stated.rows or (), start=1)
    ]  # fmt: skip


def write(draft: Value, stated: Stated, before: Value | None, event: Event) -> Value:
    """Save the draft as the next revision, with its rows."""
    rows = draft_rows(draft, stated)
    refuse_bad_rows(draft, rows, stated.where)
    draft.revision = before.revision + 1 if before else 1
    draft.event = event
    draft.save(force_insert=True)
    ValueRow.objects.bulk_create(rows)
    return draft


def refuse_bad_rows(draft: Value, rows: list[ValueRow], where: str) -> None:
    known = set(Source.objects.values_list("pk", flat=True))
    for row in rows:
        if row.source_id not in known:
            raise unknown(_("来源"), row.source_id, sorted(known), f"{row.dataset} {row.key}")
    if len({(row.dataset, row.key) for row in rows}) < len(rows):
        raise Refusal(
            _("明细中有重复的键。"), code="figures.row_twice", where=where, remedy=_("每条明细只列一次。")
        )
    total = sum(row.amount for row in rows)
    if rows and total != draft.amount:
        raise Refusal(
            _("“%(figure)s”的明细合计%(total)s，与数值%(amount)s相差%(gap)s。") % {"figure": labels.name(draft.definition), "total": total, "amount": draft.amount, "gap": total - draft.amount},
            code="figures.rows_do_not_add_up", where=where, rule=_("明细合计须等于数值"),
            remedy=_("请补齐或更正明细，或更正数值。"),
        )  # fmt: skip


def divide_dependents(values: Sequence[Value], event: Event) -> list[Value]:
    """Divide again every ratio that one of ``values`` is part of; returns the ratios that were written."""
    touched = [value.definition_id for value in values]
    ratios = Definition.objects.filter(Q(numerator__in=touched) | Q(denominator__in=touched)).order_by(
        "order", "pk"
    )
    cuts = sorted({(value.start, value.end, value.dimensions) for value in values})
    written = [
        divide(ratio, Period(start, end), dimensions, event)
        for ratio in ratios
        for start, end, dimensions in cuts
    ]
    return [value for value in written if value is not None]


def divide(ratio: Definition, period: Period, dimensions: str, event: Event) -> Value | None:
    """Write the ratio of the values now preferred; ``None`` when a part is missing, zero, a bound, or nothing changed."""
    book = read_book(on=period.end, definitions=[str(ratio.numerator_id), str(ratio.denominator_id)])
    above = book.latest(str(ratio.numerator_id), period, dimensions)
    below = book.latest(str(ratio.denominator_id), period, dimensions)
    if above is None or below is None or below.amount == 0 or above.qualifier or below.qualifier:
        return None
    draft = Value(
        definition=ratio, dimensions=dimensions, start=period.start, end=period.end,
        source=Source.objects.get(pk=COMPUTED), event=event, amount=0,
    )  # fmt: skip
    before = standing(draft)
    if before is not None and set(before.inputs.values_list("input_id", flat=True)) == {above.pk, below.pk}:
        return None
    return save_ratio(draft, before, above, below)


def save_ratio(draft: Value, before: Value | None, above: Value, below: Value) -> Value:
    draft.amount = quotient(draft.definition, above, below)
    if abs(draft.amount) > LARGEST:
        raise too_large(_("由此算出的“%(figure)s”") % {"figure": labels.name(draft.definition)})
    draft.revision = before.revision + 1 if before else 1
    draft.save(force_insert=True)
    parts = ((Role.NUMERATOR, above), (Role.DENOMINATOR, below))
    ValueInput.objects.bulk_create(ValueInput(value=draft, role=role, input=part) for role, part in parts)
    return draft


def quotient(ratio: Definition, above: Value, below: Value) -> int:
    """Rounded to the ratio's scale, for lists; printing divides the inputs afresh."""
    top, bottom = exact(above), exact(below)
    share = top.value / convert(bottom.value, bottom.unit, top.unit)
    return round_half_away(convert(share, "倍", ratio.unit) * 10**ratio.scale)


def payload(value: Value, rows: Sequence[ValueRow]) -> dict[str, str]:
    """All that a value says, as the ledger keeps it; the records under it by their hash."""
    amount = format_number(Fraction(value.amount, 10**value.definition.scale), value.definition.scale)
    return {
        "definition": value.definition_id, "dimensions": value.dimensions, "period": str(value.period),
        "amount": amount, "unit": value.definition.unit, "qualifier": value.qualifier, "source": value.source_id,
        "records": records_hash(rows), "note": value.note,
    }  # fmt: skip


def records_hash(rows: Sequence[ValueRow]) -> str:
    """SHA-256 over dataset, key, label, amount and source of each record, in their order."""
    return hashlib.sha256(canonical({"rows": row_keys(rows)}).encode()).hexdigest()
