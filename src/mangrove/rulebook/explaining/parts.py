"""One condition unfolded: its parts, what the case has, what is asked, how far it is off, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mangrove.rulebook.decide import Outcome, Standing
from mangrove.rulebook.explaining.trying import Trying, clause_in
from mangrove.rulebook.interpret import Value
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.types import Type
from mangrove.rulebook.measures import Clause, Definition
from mangrove.rulebook.population import Stored, Thing

#: The field that says where a row comes from, where the data carry it.
SOURCE = "source"


@dataclass(frozen=True)
class Datum:
    """A stored value that a condition rests on. ``value`` is ``None`` where it is not known; ``source`` as the row has it.

    Where a link on the way leads nowhere, ``field`` is the link and ``is_link`` is set.
    """

    entity: str
    key: str
    field: str
    value: Stored
    source: Stored = None
    is_link: bool = False


@dataclass(frozen=True)
class Rows:
    """What an aggregate gathered: how many rows, how many of them belong, and of how many that is not known."""

    entity: str
    count: int
    belong: int
    unsure: int


@dataclass(frozen=True)
class Gap:
    """How far off, in base units or days. ``short``: more is needed, ``over``: less, ``off``: another value, ``edge``: on it."""

    size: Fraction
    kind: Type
    way: str


@dataclass(frozen=True)
class Rest:
    """A definition, an earlier clause or a date of the run that a condition rests on, and what it says for this case."""

    name: str
    entity: str
    key: str
    value: Value
    kind: Type
    definition: Definition | None = None
    clause: Clause | None = None
    standing: Standing | None = None
    parts: tuple[Part, ...] = ()
    data: tuple[Datum, ...] = ()
    rows: tuple[Rows, ...] = ()
    rests: tuple[Rest, ...] = ()


@dataclass(frozen=True)
class Part:
    """``kind``: compare, range, list, truth, rows, or a group: all, any, at_least, not. ``written`` is empty inside groups."""

    kind: str
    node: typed.Typed
    entity: str
    written: str
    holds: bool | None
    has: Value = None
    asked: tuple[Value, ...] = ()
    gap: Gap | None = None
    least: int = 0
    parts: tuple[Part, ...] = ()
    data: tuple[Datum, ...] = ()
    rows: tuple[Rows, ...] = ()
    rests: tuple[Rest, ...] = ()

    def leaves(self) -> Iterator[Part]:
        """The parts that are no groups, from the first to the last."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


class Unfolding:
    """Each condition and each name is unfolded once for each thing, however many clauses use it."""

    def __init__(self, deciding: Trying) -> None:
        self.deciding = deciding
        self.rests: dict[tuple[str, str, str], Rest] = {}
        self.parts: dict[tuple[str, str, str], tuple[Part, ...]] = {}

    def of_clause(self, outcome: Outcome, thing: Thing) -> tuple[Part, ...]:
        """The conditions of a clause for this thing."""
        place = thing.entity, thing.key, outcome.clause.id
        if place not in self.parts:
            found = (self.part(one.condition.meaning, thing, one.condition.text) for one in outcome.answers)
            self.parts[place] = tuple(found)
        return self.parts[place]

    def part(self, node: typed.Typed, thing: Thing, written: str = "") -> Part:
        holds = self.deciding.of(node, thing)
        assert holds is None or isinstance(holds, bool)
        if group := group_of(node):
            kind, parts, least = group
            inner = tuple(self.part(one, thing) for one in parts)
            return Part(kind, node, thing.entity, written, holds, least=least, parts=inner)
        kind, has, asked, gap = self.compared(node, thing, holds)
        data, rows, rests = self.grounds(node, thing)
        return Part(kind, node, thing.entity, written, holds, has, asked, gap, 0, (), data, rows, rests)

    def compared(
        self, node: typed.Typed, thing: Thing, holds: bool | None
    ) -> tuple[str, Value, tuple[Value, ...], Gap | None]:
        """The kind of the condition, what the case has, what is asked, and the gap where it fails."""
        found = sides(node)
        if found is None:
            return "rows" if isinstance(node, typed.Gathered) else "truth", holds, (), None
        kind, value, others = found
        has = self.deciding.of(value, thing)
        asked = tuple(self.deciding.of(one, thing) for one in others)
        return kind, has, asked, gap(node, has, asked) if holds is False else None

    # --- what it rests on ----------------------------------------------------------------------------------------------

    def grounds(
        self, node: typed.Typed, thing: Thing
    ) -> tuple[tuple[Datum, ...], tuple[Rows, ...], tuple[Rest, ...]]:
        """The stored data, the aggregates and the names right under an expression; rows of an aggregate are only counted."""
        data, rows, rests = dict[Datum, None](), list[Rows](), dict[tuple[str, str, str], Rest]()
        for one in above_rows(node):
            if isinstance(one, typed.Column):
                data[self.datum(one, thing)] = None
            elif isinstance(one, typed.Gathered):
                rows.append(self.gathered(one, thing))
            elif isinstance(one, typed.Use | typed.Above):
                rest = self.rest(one, thing)
                rests[rest.entity, rest.key, rest.name] = rest
        return tuple(data), tuple(rows), tuple(rests.values())

    def datum(self, node: typed.Column, thing: Thing) -> Datum:
        at, link = self.reached(thing, node.steps[:-1])
        if link:
            return Datum(at.entity, at.key, link, None, is_link=True)
        field = node.steps[-1]
        source = at.fields.get(SOURCE)
        return Datum(at.entity, at.key, field, at.fields.get(field), None if field == SOURCE else source)

    def reached(self, thing: Thing, links: Sequence[str]) -> tuple[Thing, str]:
        """The thing that links lead to; or the last one that is known, and the link that is not."""
        for link in links:
            found = self.deciding.population.linked(thing, link)
            if found is None:
                return thing, link
            thing = found
        return thing, ""

    def gathered(self, node: typed.Gathered, thing: Thing) -> Rows:
        children = self.deciding.population.children(thing, node.child, node.link)
        if node.where is None:
            return Rows(node.child, len(children), len(children), 0)
        where = [self.deciding.of(node.where, child) for child in children]
        return Rows(node.child, len(children), where.count(True), where.count(None))

    def rest(self, node: typed.Use | typed.Above, thing: Thing) -> Rest:
        use = node
        if isinstance(node, typed.Above):
            thing, link = self.reached(thing, node.links)
            if link:
                gone = Datum(thing.entity, thing.key, link, None, is_link=True)
                return Rest(node.of.name, thing.entity, thing.key, None, node.type, data=(gone,))
            use = node.of
        assert isinstance(use, typed.Use)
        place = thing.entity, thing.key, use.name
        if place not in self.rests:
            self.rests[place] = self.of_name(use, thing)
        return self.rests[place]

    def of_name(self, use: typed.Use, thing: Thing) -> Rest:
        name, value = use.name, self.deciding.named(thing, use.name)
        definition = self.deciding.definitions.get((thing.entity, name))
        if definition:
            return self.of_definition(definition, thing, value)
        clause = self.deciding.clauses.get(clause_in(name))
        if clause is None:
            return Rest(name, thing.entity, thing.key, value, use.type)
        outcome = self.deciding.outcome(clause, thing)
        parts = self.of_clause(outcome, thing)
        return Rest(name, thing.entity, thing.key, value, use.type, None, clause, outcome.standing, parts)

    def of_definition(self, one: Definition, thing: Thing, value: Value) -> Rest:
        meaning = one.formula.meaning
        if meaning.type.name == "truth":
            parts = (self.part(meaning, thing, one.formula.text),)
            return Rest(one.name, thing.entity, thing.key, value, meaning.type, one, parts=parts)
        data, rows, rests = self.grounds(meaning, thing)
        return Rest(
            one.name, thing.entity, thing.key, value, meaning.type, one, data=data, rows=rows, rests=rests
        )


def group_of(node: typed.Typed) -> tuple[str, tuple[typed.Typed, ...], int] | None:
    """A group's kind, parts, and for *at least n of* the n."""
    match node:
        case typed.All(of=parts):
            return "all", parts, 0
        case typed.Some(of=parts):
            return "any", parts, 0
        case typed.AtLeast(of=parts, least=least):
            return "at_least", parts, least
        case typed.No(of=part):
            return "not", (part,), 0
    return None


def sides(node: typed.Typed) -> tuple[str, typed.Typed, tuple[typed.Typed, ...]] | None:
    """What a comparison compares: the kind, the value of the case, and what is asked of it."""
    match node:
        case typed.Comparison(left=typed.Constant() as asked, right=value):
            return "compare", value, (asked,)
        case typed.Comparison(left=value, right=asked):
            return "compare", value, (asked,)
        case typed.Between(value=value, low=low, high=high):
            return "range", value, (low, high)
        case typed.Among(value=value, choices=choices):
            return "list", value, choices
    return None


def above_rows(node: typed.Typed) -> Iterator[typed.Typed]:
    """The node and all below it, but nothing of what an aggregate asks of its rows, or of what belongs to a thing above."""
    yield node
    if not isinstance(node, typed.Gathered | typed.Above):
        for part in node.parts():
            yield from above_rows(part)


# --- how far off -----------------------------------------------------------------------------------------------------


def gap(node: typed.Typed, has: Value, asked: Sequence[Value]) -> Gap | None:
    """``None`` for words, texts, and values that must only be others."""
    kind = sides(node)[1].type  # type: ignore[index]
    if not kind.is_ordered or has is None or None in asked:
        return None
    if isinstance(node, typed.Among):
        return nearest(kind, has, asked) if node.wanted else None
    if isinstance(node, typed.Between):
        return outside(kind, has, *asked) if node.wanted else None
    assert isinstance(node, typed.Comparison)
    if node.sign == "!=":
        return None
    if node.sign == "==":
        return nearest(kind, has, asked)
    size = distance(has, asked[0])
    return Gap(abs(size), kind, way(size))


def nearest(kind: Type, has: Value, asked: Sequence[Value]) -> Gap:
    return Gap(min(abs(distance(has, one)) for one in asked), kind, "off")


def outside(kind: Type, has: Value, low: Value, high: Value) -> Gap:
    below, above = distance(has, low), distance(has, high)
    size = below if below < 0 else max(above, Fraction(0))
    return Gap(abs(size), kind, way(size))


def way(size: Fraction) -> str:
    return "short" if size < 0 else "over" if size else "edge"


def distance(has: Value, asked: Value) -> Fraction:
    """How far the case is above what is asked; days between dates."""
    if isinstance(has, date) and isinstance(asked, date):
        return Fraction((has - asked).days)
    assert isinstance(has, Fraction) and isinstance(asked, Fraction)
    return has - asked
