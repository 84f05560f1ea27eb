"""What the pages show, gathered from models and engines; templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import slug_re
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.figures.decisions import relation
from mangrove.figures.labels import (
    as_figure,
    decimal,
    definition_link,
    figure_text,
    name,
    period_text,
    period_words,
    qualifier_word,
    record_amount,
    record_unit,
    rounding_words,
    rule,
    scale_words,
    source_words,
    status_tag,
    unit_word,
)
from mangrove.figures.lineage import Node, in_full
from mangrove.figures.models import Definition, Kind, Source, Value
from mangrove.figures.tables import (
    CONFLICTS,
    OTHER_SOURCES,
    OTHER_WAYS,
    VALUES,
    Beside,
    Kept,
    Standing,
    records,
)
from mangrove.figures.values import (
    Book,
    compatible,
    exact,
    newest,
    printed,
    read_book,
    readable_values,
)
from mangrove.ledger.models import Event
from mangrove.ui import charts
from mangrove.ui.components import Fact, Figure, Moment, moments
from mangrove.ui.languages import beside, in_chinese, in_words, strung
from mangrove.ui.numbers import grouped
from mangrove.ui.tables import TablePage
from mangrove.vocabulary.units import convert

NOTHING_ASKED = QueryDict()
#: How many values a line of the history names.
MOST_SAID = 8


def standings(definitions: Iterable[Definition], on: date) -> list[Standing]:
    """Each definition with the value to print on ``on``; as many queries for many as for one."""
    wanted = list(definitions)
    book = read_book(on=on, definitions=[definition.pk for definition in wanted])
    return [standing(definition, book) for definition in wanted]


def standing(definition: Definition, book: Book) -> Standing:
    sources = {
        value.source_id for conflict in book.conflicts(definition.pk) for value in conflict.values
    }  # fmt: skip
    return Standing(definition, book.latest(definition.pk), len(sources))


def contradicted(on: date) -> list[str]:
    """The ids of definitions whose sources contradict one another.

    Read are only those with several sources for a date that do not all say the same; whether two bounds can both be true
    is then decided as everywhere.
    """
    cut = ("definition", "dimensions", "start", "end")
    several = (
        Value.objects.order_by().values(*cut)
        .annotate(
            sources=Count("source", distinct=True), words=Count("qualifier", distinct=True),
            least=Min("amount"), most=Max("amount"),
        ).filter(sources__gt=1)
    )  # fmt: skip
    # A ratio is compared by its exact quotient, which its rounded amount may hide.
    differing = Q(least__lt=F("most")) | Q(words__gt=1) | Q(definition__kind=Kind.RATIO)
    book = read_book(on=on, definitions={row["definition"] for row in several.filter(differing)})
    return sorted({conflict.definition.pk for conflict in book.conflicts()})


def definition_facts(one: Definition) -> list[Fact]:
    facts = [
        Fact(_("概念"), name(one.concept)),
        Fact(_("类别"), one.get_kind_display()),
        Fact(_("单位"), unit_word(one.unit), scale_words(one)),
        Fact(_("取整"), rounding_words(one)),
        Fact(_("总体"), one.population),
        Fact(_("编号"), one.pk),
    ]
    if one.numerator and one.denominator:
        facts.append(Fact(_("分子"), definition_link(one.numerator)))
        facts.append(Fact(_("分母"), definition_link(one.denominator), _("不封顶")))
    return facts


def rule_facts(one: Definition) -> list[Fact]:
    """The counting rule in both languages, and the sources in the order in which they are preferred."""
    titles = {source.pk: source.title for source in Source.objects.filter(pk__in=one.source_order)}
    order = " › ".join(titles[id] for id in one.source_order if id in titles)
    return [
        Fact(_("中文"), one.rule_zh),
        Fact(_("英文"), one.rule_en),
        Fact(_("来源先后"), order or _("已核的在前，其余按编号"), _("同一时点有几个来源时，印排在前面的")),
    ]


def values_of(definition: Definition) -> list[Kept]:
    """Every revision of every value, the newest period first, then by source, the newest revision first."""
    rows = (
        readable_values()
        .filter(definition=definition)
        .annotate(records=Count("rows"))
        .order_by("-end", "-start", "dimensions", "source_id", "-revision")
    )
    found = list(rows)
    current = {value.pk for value in newest(found)}
    return [Kept(value, value.pk in current, value.records) for value in found]


def conflict_page(book: Book, definition: Definition) -> TablePage | None:
    """What the sources say, side by side; the first of each date is the one that letters print."""
    lines = [
        Beside(value, preferred=value is conflict.values[0])
        for conflict in book.conflicts(definition.pk)
        for value in conflict.values
    ]
    return CONFLICTS.page(lines, NOTHING_ASKED) if lines else None


def other_ways(definition: Definition, on: date) -> TablePage | None:
    """The same concept under other counting rules: neither in conflict nor the same."""
    same = Definition.objects.filter(concept=definition.concept_id).exclude(pk=definition.pk)
    found = standings(same.select_related("concept"), on)
    return OTHER_WAYS.page(found, NOTHING_ASKED) if found else None


def chart(definition: Definition, book: Book) -> charts.Chart | None:
    """The course of the preferred values; ``None`` with fewer than two periods. A bound says so beside its date."""
    series = course(book.values(definition.pk))
    if len(series) < 2:
        return None
    title = _("%(name)s的变化（%(unit)s）") % {
        "name": name(definition),
        "unit": unit_word(definition.display_unit),
    }
    points = [(label(value), in_display(value)) for value in series]
    if definition.kind == Kind.STOCK:
        return charts.line(
            title, [charts.Point(*point) for point in points], unit_word(definition.display_unit)
        )
    return charts.bars(title, [charts.Bar(*point) for point in points], unit_word(definition.display_unit))


def course(values: Sequence[Value]) -> list[Value]:
    """The preferred value of each period, the oldest first; ``values`` are best first within a period."""
    first: dict[Any, Value] = {}
    for value in values:
        first.setdefault(value.period, value)
    return [first[period] for period in sorted(first, key=lambda period: (period.end, period.start))]


def label(value: Value) -> str:
    if in_chinese():
        return f"{value.period}{value.qualifier}"
    return " ".join(filter(None, [period_text(value.period, "M"), qualifier_word(value.qualifier)]))


def in_display(value: Value) -> Decimal:
    """The amount in the display unit with all its digits, as a chart draws it."""
    return decimal(convert(exact(value).value, value.definition.unit, value.definition.display_unit))


def history(definition: Definition, kept: Sequence[Kept]) -> list[Moment]:
    """Each act that stated values of this definition, with what it stated; newest first."""
    stated: dict[int, list[Value]] = {}
    for row in kept:
        stated.setdefault(row.value.event_id, []).append(row.value)
    own = Event.objects.filter(room="figures", kind="definition", object_id=definition.pk)
    events = {event.pk: event for event in [*own, *Event.objects.filter(pk__in=stated)]}
    ordered = sorted(events.values(), key=lambda event: event.pk, reverse=True)
    return [
        replace(moment, detail=words_of(stated.get(event.pk, [])))
        for event, moment in zip(ordered, moments(ordered), strict=True)
    ]


def words_of(values: Sequence[Value]) -> str:
    """What one act stated; of a long list the first, for all of them stand in the table of values."""
    said = [
        f"{period_words(value)} {beside(figure_text(in_full(value)), value.source.title)}"
        for value in values[:MOST_SAID]
    ]
    if len(values) > MOST_SAID:
        said.append(_("共%(n)s个数值") % {"n": len(values)})
    return strung(said)


@dataclass(frozen=True)
class NodeView:
    """One value of the tree as the page draws it; ``records`` and ``total`` where it was counted from records.

    ``more`` says that the page shows only the first of them; ``export_href`` leads to all.
    """

    label: str
    role: str
    figure: Figure
    period: str
    source: str
    status: Any
    synthetic: bool
    records: TablePage | None
    total: str
    export_href: str
    children: tuple[NodeView, ...]

    @property
    def more(self) -> bool:
        return self.records is not None and self.records.pages > 1


def node_view(node: Node) -> NodeView:
    value = node.value
    return NodeView(
        name(value.definition), in_words(node.role_words), as_figure(value, node.printed, linked=bool(node.role)), period_words(value),
        value.source.title, status_tag(value.source.status), node.synthetic,
        records_page(node), total_words(node),
        reverse("figures:records_export", args=[value.pk]), tuple(node_view(child) for child in node.children),
    )  # fmt: skip


def records_page(node: Node) -> TablePage | None:
    """The records; their source is left out where it is the value's own, which stands above them."""
    if not node.rows:
        return None
    sources = any(row.source_id != node.value.source_id for row in node.rows)
    return records(node.value.definition, sources=sources).page(node.rows, NOTHING_ASKED)


def total_words(node: Node) -> str:
    """The sum of the records beside the value: equal, for an act that would make them differ is refused."""
    if not node.rows:
        return ""
    definition = node.value.definition
    total = record_amount(sum(row.amount for row in node.rows), definition)
    words = {"n": len(node.rows), "total": grouped(total), "unit": unit_word(record_unit(definition))}
    return _("%(n)s条明细合计%(total)s%(unit)s，与数值相同。") % words


def arithmetic_words(node: Node) -> str:
    """``5349.18亿元 ÷ 8932.6亿元 = 59.8838% → 59.9%``, or how a count becomes what letters print."""
    shown = printed(node.value)
    begun = node.arithmetic or node.printed
    return figure_text(f"{begun} → {shown}" if node.printed != shown else node.arithmetic)


def value_facts(value: Value) -> list[Fact]:
    source, definition = value.source, value.definition
    facts = [
        Fact(_("指标"), definition_link(definition)),
        Fact(_("时点"), period_words(value)),
        Fact(_("计数规则"), rule(definition), definition.get_rule_status_display()),
        Fact(_("来源"), source_words(source), f"{source.publisher} {source.published or ''}".strip()),
        Fact(_("修订"), _("第%(n)s次") % {"n": value.revision}),
    ]
    if source.note:
        facts.insert(4, Fact(_("来源说明"), source.note))
    if value.note:
        facts.append(Fact(_("备注"), value.note))
    return [*facts, *bound_fact(value)]


def bound_fact(value: Value) -> list[Fact]:
    if relation(value.qualifier) == "exact":
        return []
    words = _("来源写的是“%(word)s”，这是界限而不是确数，不参与除法") % {
        "word": qualifier_word(value.qualifier)
    }
    return [Fact(_("限定"), words)]


def other_sources(value: Value) -> TablePage | None:
    """What other sources say of the same rule, cut and date, whatever day it is."""
    same = readable_values().filter(
        definition=value.definition_id, dimensions=value.dimensions, start=value.start, end=value.end
    ).exclude(source=value.source_id)  # fmt: skip
    found = sorted(newest(same), key=lambda other: other.source_id)
    lines = [Beside(other, False, compatible(exact(value), exact(other))) for other in found]
    return OTHER_SOURCES.page(lines, NOTHING_ASKED) if lines else None


def superseded_by(value: Value) -> Value | None:
    """The newest revision, where this is not it."""
    return (
        Value.objects.filter(
            definition=value.definition_id, dimensions=value.dimensions, start=value.start, end=value.end,
            source=value.source_id, revision__gt=value.revision,
        ).order_by("-revision").first()
    )  # fmt: skip


def divided_from(value: Value) -> QuerySet[Value]:
    """The ratios that were divided from just this revision."""
    return readable_values().filter(inputs__input=value).order_by("definition__order", "pk")


def with_values(page: TablePage, on: date) -> TablePage:
    """The page of definitions with the values of just these definitions."""
    return replace(page, objects=standings(page.objects, on))


def value_words(value: Value) -> str:
    return f"{value.definition.zh} {period_words(value)} {in_full(value)}；{source_words(value.source)}"


def suggested(asked: str) -> dict[str, str]:
    """What the form starts from when a definition was chosen: nothing but the definition, for every number has its own date."""
    return {"definition": asked} if chosen(asked) else {}


def chosen(asked: Any) -> Definition | None:
    """The definition that an address or a form names, if there is one of that id."""
    known = Definition.objects.select_related("concept")
    return known.filter(pk=asked).first() if slug_re.match(str(asked or "")) else None


def current_values(definition: Definition) -> TablePage:
    """What is known now of the definition that a value is to be stated of, the newest period first."""
    kept = [row for row in values_of(definition) if row.current]
    return VALUES.page(kept, NOTHING_ASKED)
