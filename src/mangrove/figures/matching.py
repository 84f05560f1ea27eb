"""Which figure a printed number of a text is about: by unit, by the words of its clause and sentence, by its date.

The value plays no part: a wrong number must find the figure that it gets wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mangrove.documents.reading.passages import Span, around, sentences
from mangrove.documents.reading.quantities import Quantity
from mangrove.figures.models import Definition, Kind, Value
from mangrove.figures.periods import Period
from mangrove.figures.values import Book
from mangrove.vocabulary.units import known_units

#: Farther than any word of a sentence; what has no word in the clause ranks after all that have.
FAR = 10_000
#: What stands before a number that holds for each of something: 每万人拥有基站, 平均每平方公里.
PER = re.compile(r"每[^，。；、：\d]{1,8}$")


@dataclass(frozen=True)
class Match:
    """The figure found; ``value`` is ``None`` where it has no amount for that date, ``why`` then says so."""

    definition: Definition
    value: Value | None
    why: str = ""


@dataclass(frozen=True)
class Context:
    """A quantity with the clause and the sentence around it, as offsets into the text."""

    quantity: Quantity
    text: str
    clause: Span
    sentence: Span

    def nearest(self, words: Iterable[str]) -> tuple[int, int]:
        """Of the words that stand in the clause: how far the nearest is from the number, and minus its length."""
        found = (
            (self.gap(place, place + len(word)), -len(word))
            for word in words
            for place in occurrences(self.text, word, self.clause)
        )
        return min(found, default=(FAR, 0))

    def gap(self, start: int, end: int) -> int:
        return max(self.quantity.start - end, start - self.quantity.end, 0)

    def has(self, words: Iterable[str], span: Span) -> bool:
        inside = span.of(self.text)
        return any(word in inside for word in words)


def contexts(text: str, quantities: Iterable[Quantity]) -> list[Context]:
    """Each quantity with its surroundings."""
    spans = sentences(text)
    return [
        Context(q, text, clause_span(text, q), around(spans, q.start) or Span(q.start, q.end))
        for q in quantities
    ]


def clause_span(text: str, quantity: Quantity) -> Span:
    start = text.find(
        quantity.clause, max(0, quantity.end - len(quantity.clause)), quantity.start + len(quantity.clause)
    )
    if start < 0:
        return Span(quantity.start, quantity.end)
    return Span(start, start + len(quantity.clause))


def occurrences(text: str, word: str, span: Span) -> list[int]:
    places, place = [], text.find(word, span.start, span.end)
    while place >= 0:
        places.append(place)
        place = text.find(word, place + 1, span.end)
    return places


def match(context: Context, book: Book) -> Match | None:
    """The figure that the number is about, or ``None``.

    A definition comes into question when its unit is of the same dimension, a name of its concept stands in the sentence,
    and one of its cues, if it has any, in the clause. Of several, the one whose own cue matched, whose concept is named
    in the clause, whose word stands nearest and is longest; then the order of declaration.
    """
    fitting = [definition for definition in book.definitions.values() if in_question(context, definition)]
    if not fitting:
        return None
    definition = min(fitting, key=lambda one: closeness(context, one))
    value, why = value_for(definition, context.quantity.as_of, book)
    return Match(definition, value, why)


def in_question(context: Context, definition: Definition) -> bool:
    if not same_dimension(context.quantity.printed_unit, definition.unit) or counted_per(context):
        return False
    named = context.has(definition.concept.aliases, context.sentence)
    return named and (not definition.cues or context.has(definition.cues, context.clause))


def counted_per(context: Context) -> bool:
    """每万人33.2个: a number for each of something is no count of ours; no figure is kept that way."""
    head = context.text[max(0, context.quantity.start - 12) : context.quantity.start]
    return PER.search(head) is not None


def same_dimension(printed_unit: str, unit: str) -> bool:
    """Whether the printed unit can be converted; a unit that the vocabulary does not know never can."""
    known = known_units().by_name
    return printed_unit in known and known[printed_unit].dimension == known[unit].dimension


def closeness(context: Context, definition: Definition) -> tuple[bool, bool, int, int, int]:
    aliases = definition.concept.aliases
    distance, length = context.nearest([*definition.cues, *aliases])
    return not definition.cues, not context.has(aliases, context.clause), distance, length, definition.order


def value_for(definition: Definition, as_of: str, book: Book) -> tuple[Value | None, str]:
    """The value of the date that the text gives; a stock not counted since keeps its last count and says so."""
    asked = read_period(as_of)
    value = book.latest(definition.pk, asked)
    if value is not None or asked is None:
        return value, "" if value else "此指标还没有数值。"
    if definition.kind == Kind.STOCK:
        earlier = next((v for v in book.values(definition.pk) if v.end <= asked.end), None)
        if earlier is not None:
            return earlier, f"指标最近的时点是{earlier.period}。"
    return None, f"此指标没有{asked}的数值。"


def read_period(as_of: str) -> Period | None:
    """What the reader says of the date; one that is not a day, month or year counts as not said."""
    try:
        return Period.parse(as_of)
    except ValueError:
        return None
