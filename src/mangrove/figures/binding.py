"""Live figures in a draft: ``{{基站总数}}`` stands for a figure, and is printed from its value.

A placeholder names a definition by id or Chinese name, then options behind bars::

    {{基站总数}}                       the newest value, in the definition's own form
    {{基站总数|时点=2020-08}}            the value of that period            (also as_of=)
    {{基站总数|显示=超0.0万个}}           one decimal, in 万个, saying 超 where true   (also show=)

The text keeps its placeholders until it is signed; :func:`freeze` keeps what was printed, and :func:`difference` tells
which frozen figures would print differently today.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from mangrove.figures import labels
from mangrove.figures.decisions import Form
from mangrove.figures.lineage import in_full
from mangrove.figures.models import Definition, Value
from mangrove.figures.periods import Period
from mangrove.figures.values import Book, exact, form_of, printed, read_book, readable_values
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import in_words
from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.quantity import parse_quantity
from mangrove.vocabulary.units import unit

PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")
BRACES = re.compile(r"\{\{|\}\}")
OPTIONS = {"时点": "as_of", "as_of": "as_of", "显示": "show", "show": "show"}


@dataclass(frozen=True)
class Placeholder:
    """One placeholder of a draft: where it stands, whom it names, for when, and how to print it."""

    start: int
    end: int
    name: str
    as_of: Period | None
    show: Form | None
    where: str


@dataclass(frozen=True)
class BoundSpan:
    """What a placeholder became: ``text[start:end] == printed`` in the resolved text."""

    start: int
    end: int
    value_id: int
    printed: str
    placeholder: str


@dataclass(frozen=True)
class Resolved:
    """A draft with its figures printed."""

    text: str
    spans: tuple[BoundSpan, ...]


@dataclass(frozen=True)
class Frozen:
    """One figure as it was signed; all text and integers, so that any model or JSON can keep it."""

    position: int
    start: int
    end: int
    placeholder: str
    value_id: int
    printed: str


@dataclass(frozen=True)
class Change:
    """A frozen figure that would print differently, or behind which the amount changed."""

    frozen: Frozen
    was: str
    now: str
    was_value: int
    now_value: int | None
    why: str


def placeholders(text: str) -> list[Placeholder]:
    """The placeholders in their order; raises :class:`Refusal` for one that is unclosed or badly written."""
    found = list(PLACEHOLDER.finditer(text))
    refuse_stray_braces(text, found)
    return [read(match, place_in(text, match.start())) for match in found]


def place_in(text: str, offset: int) -> str:
    """Line and column as a writer counts them, from 1."""
    before = text[:offset]
    return _("第 %(line)s 行第 %(column)s 字") % {
        "line": before.count("\n") + 1, "column": offset - before.rfind("\n"),
    }  # fmt: skip


def refuse_stray_braces(text: str, found: list[re.Match[str]]) -> None:
    whole = {place for match in found for place in (match.start(), match.end() - 2)}
    stray = next((match for match in BRACES.finditer(text) if match.start() not in whole), None)
    if stray is not None:
        raise Refusal(
            _("“%(brace)s”没有配成一对。") % {"brace": stray.group()}, code="figures.placeholder_unclosed",
            where=place_in(text, stray.start()), remedy=_("占位符写成 {{指标名}}，中间不换行。"),
        )  # fmt: skip


def read(found: re.Match[str], place: str) -> Placeholder:
    name, *options = (part.strip() for part in found[1].split("|"))
    where = f"{place}“{found[0]}”"
    said: dict[str, str] = {}
    for option in options:
        key, equals, text = (part.strip() for part in option.partition("="))
        if not equals or key not in OPTIONS or OPTIONS[key] in said:
            raise badly_written(
                _("看不懂选项“%(option)s”%(hint)s")
                % {"option": option, "hint": labels.did_you_mean(key, OPTIONS)},
                where,
            )
        said[OPTIONS[key]] = text
    period, form = read_period(said, where), read_form(said, where)
    return Placeholder(found.start(), found.end(), name, period, form, where)


def read_period(said: dict[str, str], where: str) -> Period | None:
    try:
        return Period.parse(said["as_of"]) if "as_of" in said else None
    except ValueError as error:
        raise badly_written(in_words(error), where) from error


def read_form(said: dict[str, str], where: str) -> Form | None:
    """``超0.0万个`` as a form: the zeros show the places."""
    if "show" not in said:
        return None
    try:
        pattern = parse_quantity(said["show"])
    except (ValueError, UnknownWord) as error:
        raise badly_written(_("显示格式有误：%(error)s") % {"error": in_words(error)}, where) from error
    if pattern.value:
        raise badly_written(_("显示格式“%(show)s”里的数字只能是0。") % {"show": said["show"]}, where)
    return Form(pattern.unit, pattern.decimals, pattern.qualifier)


def badly_written(what: str, where: str) -> Refusal:
    return Refusal(
        what, code="figures.placeholder_form", where=where,
        remedy=_("例：{{基站总数|时点=2020|显示=超0.0万个}}。"),
    )  # fmt: skip


def resolve(text: str, *, on: date, known_at: datetime | None = None) -> Resolved:
    """Print every placeholder of ``text`` from the values of ``on``, as known at ``known_at`` (now when ``None``).

    Raises :class:`Refusal` with the position: no such definition (with the nearest), no value yet, a form whose unit
    does not fit.
    """
    book = read_book(on=on, known_at=known_at)
    pieces: list[str] = []
    spans: list[BoundSpan] = []
    place = length = 0
    for item in placeholders(text):
        value = bound_value(item, book)
        shown = printed(value, item.show or form_of(value.definition))
        pieces += [text[place : item.start], shown]
        start = length + item.start - place
        length = start + len(shown)
        spans.append(BoundSpan(start, length, value.pk, shown, text[item.start : item.end]))
        place = item.end
    return Resolved("".join([*pieces, text[place:]]), tuple(spans))


def bound_value(item: Placeholder, book: Book) -> Value:
    """The value that a placeholder stands for; raises :class:`Refusal`."""
    definition = named(item, book)
    refuse_unfit(item, definition)
    value = book.latest(definition.pk, item.as_of)
    if value is None:
        asked = str(item.as_of) if item.as_of else _("截至%(on)s") % {"on": book.on}
        raise Refusal(
            _("指标“%(figure)s”%(asked)s没有数值。") % {"figure": labels.name(definition), "asked": asked}, code="figures.no_value", where=item.where,
            rule=_("缺数据不得写成零"), remedy=_("请先录入数值，或改用已有数值的时点。"),
        )  # fmt: skip
    return value


def named(item: Placeholder, book: Book) -> Definition:
    names = {definition.zh: definition for definition in book.definitions.values()}
    names |= book.definitions
    if item.name not in names:
        raise Refusal(
            _("没有指标“%(name)s”%(hint)s") % {"name": item.name, "hint": labels.did_you_mean(item.name, names)}, code="figures.unknown", where=item.where,
            remedy=_("请从指标与口径表中选用名称或编号。"),
        )  # fmt: skip
    return names[item.name]


def refuse_unfit(item: Placeholder, definition: Definition) -> None:
    if item.show is None:
        return
    if (
        unit(item.show.unit or definition.unit).dimension != unit(definition.unit).dimension
        or not item.show.unit
    ):
        raise badly_written(
            _("指标“%(figure)s”以%(display_unit)s计，不能按“%(unit)s”显示。")
            % {
                "figure": labels.name(definition),
                "display_unit": labels.unit_word(definition.display_unit),
                "unit": item.show.unit,
            },
            item.where,
        )


def freeze(resolved: Resolved) -> tuple[Frozen, ...]:
    """What to keep at sign-off: one row a figure, in the order of the text."""
    return tuple(
        Frozen(position, span.start, span.end, span.placeholder, span.value_id, span.printed)
        for position, span in enumerate(resolved.spans, start=1)
    )


def differences(texts: Sequence[tuple[date, tuple[Frozen, ...]]]) -> list[list[Change]]:
    """Of each text, signed on its day, the figures that stand otherwise for that day now than they were frozen.

    Printed otherwise, or worth something else behind the same print; in the order of the text. The figures are read
    once, however many texts there are.
    """
    if not texts:
        return []
    book = read_book(on=max(on for on, _frozen in texts))
    books = {on: book.until(on) for on, _frozen in texts}
    before = readable_values().in_bulk({row.value_id for _on, frozen in texts for row in frozen})
    with translation.override("zh-hans"):  # a report is kept, and what is kept is in Chinese
        return [difference(frozen, books[on], before) for on, frozen in texts]


def difference(frozen: tuple[Frozen, ...], book: Book, before: Mapping[int, Value]) -> list[Change]:
    changes = [changed(row, before[row.value_id], book) for row in frozen]
    return [change for change in changes if change is not None]


def changed(row: Frozen, was: Value, book: Book) -> Change | None:
    (item,) = placeholders(row.placeholder)
    try:
        value = bound_value(item, book)
    except Refusal as refusal:
        return Change(row, row.printed, "", row.value_id, None, refusal.what)
    now = printed(value, item.show or form_of(value.definition))
    if now == row.printed and exact(was) == exact(value):
        return None
    why = why_changed(was, value) + worth_changed(was, value, now == row.printed)
    return Change(row, row.printed, now, row.value_id, value.pk, why)


def worth_changed(was: Value, now: Value, printed_alike: bool) -> str:
    """The amounts with all their digits, for a print may hide the difference: 超4.8万 stands for 48,012 and 48,650."""
    if exact(was) == exact(now):
        return ""
    words = f"数值由{in_full(was)}改为{in_full(now)}"
    return f"{words}，按此印法文字不变。" if printed_alike else f"{words}。"


def why_changed(was: Value, now: Value) -> str:
    """In one sentence what is new about ``now``."""
    if was.pk == now.pk:
        return "口径的显示方式改了。"
    if was.period != now.period:
        return f"已有新时点的数值：{now.period}（原为{was.period}）。"
    if was.source_id != now.source_id:
        return f"改用来源“{now.source.title}”（原为“{was.source.title}”）。"
    return f"同一来源有了第{now.revision}次修订（原为第{was.revision}次）。"
