"""Reading figures: the value to use now, other sources beside it, and where a value comes from.

A :class:`Book` is every current value on a day, as known at a time, read in a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import chain

from django.db.models import Prefetch, QuerySet

from mangrove.figures.decisions import Exact, Form, as_printed, relation
from mangrove.figures.models import Definition, Kind, Role, Value, ValueInput
from mangrove.figures.periods import Period
from mangrove.vocabulary.units import convert

NO_DIMENSIONS = "{}"


@dataclass(frozen=True)
class Conflict:
    """One counting rule and one date, yet sources that cannot all be right: shown side by side, never averaged."""

    definition: Definition
    period: Period
    dimensions: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Book:
    """Definitions and their current values (the newest revision of each source and period), best first."""

    on: date
    known_at: datetime | None
    definitions: dict[str, Definition]
    current: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    def until(self, on: date) -> Book:
        """The same book as it stood on an earlier day, without the periods that were not over; read from no database."""
        over = {
            id: tuple(value for value in values if value.end <= on) for id, values in self.current.items()
        }
        return replace(self, on=on, current=over)

    def values(self, definition_id: str, dimensions: str = NO_DIMENSIONS) -> tuple[Value, ...]:
        """All current values of one cut, newest period first, the preferred source first within a period."""
        return tuple(value for value in self.current.get(definition_id, ()) if value.dimensions == dimensions)

    def latest(
        self, definition_id: str, period: Period | None = None, dimensions: str = NO_DIMENSIONS
    ) -> Value | None:
        """The value to print: of ``period`` when given, else of the newest period that is over on the book's day.

        A stock without a value of just that period gives its newest one inside it (30 August for 2021).
        """
        values = self.values(definition_id, dimensions)
        if period is None:
            return values[0] if values else None
        same = (value for value in values if value.period == period)
        inside = (
            value for value in values if value.definition.kind == Kind.STOCK and period.covers(value.period)
        )
        return next(chain(same, inside), None)

    def beside(self, value: Value) -> tuple[Value, ...]:
        """What other sources say of the same definition, cut and period."""
        return tuple(
            other
            for other in self.values(value.definition_id, value.dimensions)
            if other.period == value.period and other.pk != value.pk
        )

    def other_ways(self, definition: Definition) -> list[Definition]:
        """The same concept under other counting rules (另一口径): not in conflict, but not the same either."""
        same = (d for d in self.definitions.values() if d.concept_id == definition.concept_id)
        return [other for other in same if other.pk != definition.pk]

    def conflicts(self, definition_id: str | None = None) -> list[Conflict]:
        """Every conflict, in the order of definitions, newest period first."""
        wanted = [definition_id] if definition_id else list(self.definitions)
        found = (conflict for id in wanted for conflict in self.conflicts_of(self.definitions[id]))
        return [conflict for conflict in found if disagree(conflict.values)]

    def conflicts_of(self, definition: Definition) -> list[Conflict]:
        groups: dict[tuple[Period, str], list[Value]] = defaultdict(list)
        for value in self.current.get(definition.pk, ()):
            groups[value.period, value.dimensions].append(value)
        return [Conflict(definition, period, cut, tuple(values)) for (period, cut), values in groups.items()]


def read_book(
    *, on: date, known_at: datetime | None = None, definitions: Iterable[str] | None = None
) -> Book:
    """The book of ``on`` (periods that are over by then) as it was known at ``known_at`` (now when ``None``)."""
    chosen = Definition.objects.select_related("concept", "numerator", "denominator")
    if definitions is not None:
        chosen = chosen.filter(pk__in=list(definitions))
    by_id = {definition.pk: definition for definition in chosen.order_by("order", "pk")}
    rows = readable_values().filter(definition__in=by_id, end__lte=on)
    if known_at is not None:
        rows = rows.filter(event__recorded_at__lte=known_at)
    return Book(on, known_at, by_id, best_first(newest(rows), by_id))


def readable_values() -> QuerySet[Value]:
    """Values with all that :func:`exact` and the pages ask of them."""
    inputs = ValueInput.objects.select_related("input__definition", "input__source").order_by("-role")
    return Value.objects.select_related("definition", "source", "event").prefetch_related(
        Prefetch("inputs", queryset=inputs)
    )


def newest(rows: Iterable[Value]) -> list[Value]:
    """The last revision of each definition, cut, period and source."""
    last: dict[tuple[str, str, Period, str], Value] = {}
    for value in rows:
        key = (value.definition_id, value.dimensions, value.period, value.source_id)
        if key not in last or last[key].revision < value.revision:
            last[key] = value
    return list(last.values())


def best_first(values: Iterable[Value], definitions: dict[str, Definition]) -> dict[str, tuple[Value, ...]]:
    grouped: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        grouped[value.definition_id].append(value)
    return {
        id: tuple(sorted(found, key=lambda value: preference(value, definitions[id])))
        for id, found in sorted(grouped.items())
    }


def preference(value: Value, definition: Definition) -> tuple[int, int, bool, int, str, str]:
    """Newest period; then sources held in hand (已核); then the definition's own order; then the source id."""
    order = definition.source_order
    rank = order.index(value.source_id) if value.source_id in order else len(order)
    return (
        -value.end.toordinal(), -value.start.toordinal(), not value.source.verified,
        rank, value.source_id, value.dimensions,
    )  # fmt: skip


def disagree(values: tuple[Value, ...]) -> bool:
    """Whether sources differ in what they say; a bound (超4.8万) and a count that it allows do not."""
    pairs = ((a, b) for i, a in enumerate(values) for b in values[i + 1 :])
    return any(not compatible(exact(a), exact(b)) for a, b in pairs)


#: Sorted so that of two different kinds, the first must lie below the second.
ORDER = ("above", "exact", "below", "about")


def compatible(a: Exact, b: Exact) -> bool:
    """Whether both can be true of one number: 超4.8万 and 48,012 can, 超4.6万 and 30,591 cannot."""
    first, second = sorted((a, b), key=lambda one: ORDER.index(relation(one.qualifier)))
    kinds = relation(first.qualifier), relation(second.qualifier)
    if kinds == ("exact", "exact"):
        return first.value == second.value
    if kinds[0] == kinds[1] or "about" in kinds:
        return True
    return first.value < second.value


def exact(value: Value) -> Exact:
    """What the value is worth: a ratio divided from its inputs afresh and never clamped, else the amount as it stands."""
    parts = {link.role: link.input for link in value.inputs.all()}
    definition = value.definition
    if definition.kind == Kind.RATIO and parts:
        share = divided(parts[Role.NUMERATOR], parts[Role.DENOMINATOR])
        return Exact(convert(share, "倍", definition.unit), definition.unit)
    return Exact(Fraction(value.amount, 10**definition.scale), definition.unit, value.qualifier)


def divided(numerator: Value, denominator: Value) -> Fraction:
    above, below = numerator.definition, denominator.definition
    whole = convert(Fraction(denominator.amount, 10**below.scale), below.unit, above.unit)
    return Fraction(numerator.amount, 10**above.scale) / whole


def form_of(definition: Definition) -> Form:
    return Form(definition.display_unit, definition.decimals, definition.qualifier)


def printed(value: Value, form: Form | None = None) -> str:
    """The value in the definition's own form, or another."""
    return as_printed(exact(value), form or form_of(value.definition))
