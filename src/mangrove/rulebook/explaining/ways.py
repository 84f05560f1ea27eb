"""What would have to be so: the smallest changes of stored data that make a condition hold (or not hold).

Each way is a set of changes. They are candidates: :mod:`flips` decides the case again with each and keeps what is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice, product
from math import ceil, floor
from typing import cast

from mangrove.rulebook.explaining.parts import above_rows
from mangrove.rulebook.explaining.trying import Change, Trying, change, clause_in
from mangrove.rulebook.interpret import Value
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.tree import CompareSign
from mangrove.rulebook.language.types import DAY, TRUTH, Type
from mangrove.rulebook.population import Stored, Thing

Way = tuple[Change, ...]
#: More changes than these at once are no advice.
MOST_CHANGES = 3
#: Ways kept for one condition, and rows of an aggregate that are looked at.
MOST_WAYS, MOST_ROWS = 6, 5
#: Fields inside one expression that are tried.
MOST_FIELDS = 3
OPPOSITE: dict[CompareSign, CompareSign] = {
    ">=": "<",
    "<": ">=",
    ">": "<=",
    "<=": ">",
    "==": "!=",
    "!=": "==",
}
FLIPPED: dict[CompareSign, CompareSign] = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "==", "!=": "!="}
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


class Ways:
    """The ways of each condition are looked for once, however many clauses use it."""

    def __init__(self, deciding: Trying) -> None:
        self.deciding = deciding
        self.named_once: dict[tuple[str, str, str, bool], list[Way]] = {}

    def to(self, node: typed.Typed, thing: Thing, wanted: bool = True) -> list[Way]:
        """The ways to make it come out so; one without changes where it does already, none where there is no way."""
        if self.deciding.of(node, thing) is wanted:
            return [()]
        return fewest(self.found(node, thing, wanted))

    def found(self, node: typed.Typed, thing: Thing, wanted: bool) -> Iterable[Way]:
        match node:
            case typed.No(of=part):
                return self.to(part, thing, not wanted)
            case typed.All(of=parts):
                return self.of_many(parts, len(parts) if wanted else 1, thing, wanted)
            case typed.Some(of=parts):
                return self.of_many(parts, 1 if wanted else len(parts), thing, wanted)
            case typed.AtLeast(of=parts, least=least):
                return self.of_many(parts, least if wanted else len(parts) - least + 1, thing, wanted)
            case typed.Between():
                return self.between(node, thing, wanted)
            case typed.Gathered():
                return self.of_rows(node, thing, wanted)
            case typed.Use() | typed.Above():
                return self.named(node, thing, wanted)
        return self.compared(node, thing, wanted)

    def of_many(self, parts: Iterable[typed.Typed], least: int, thing: Thing, wanted: bool) -> Iterator[Way]:
        """``least`` of the parts come out as wanted."""
        each = [self.to(part, thing, wanted) for part in parts]
        missing = least - each.count([()])
        open_ones = [ways for ways in each if ways and ways != [()]]
        if missing > MOST_CHANGES or len(open_ones) < missing:
            return
        if missing == 1:
            yield from (way for ways in open_ones for way in ways)
        elif missing == len(open_ones):
            yield from joined(open_ones)
        else:
            cheapest = sorted(open_ones, key=lambda ways: effort(ways[0]))
            yield from joined(cheapest[:missing])

    def named(self, node: typed.Use | typed.Above, thing: Thing, wanted: bool) -> Iterable[Way]:
        """A definition is what its expression is; an earlier clause is met where all of its conditions are."""
        use = node.of if isinstance(node, typed.Above) else node
        for link in node.links if isinstance(node, typed.Above) else ():
            found = self.deciding.population.linked(thing, link)
            if found is None:
                return []
            thing = found
        place = thing.entity, thing.key, use.name, wanted
        if place not in self.named_once:
            self.named_once[place] = fewest(self.of_name(use.name, thing, wanted))
        return self.named_once[place]

    def of_name(self, name: str, thing: Thing, wanted: bool) -> Iterable[Way]:
        definition = self.deciding.definitions.get((thing.entity, name))
        if definition:
            return self.to(definition.formula.meaning, thing, wanted)
        clause = self.deciding.clauses.get(clause_in(name))
        if clause is None:
            return []
        parts = [one.meaning for one in clause.conditions]
        return self.of_many(parts, len(parts) if wanted else 1, thing, wanted)

    def of_rows(self, node: typed.Gathered, thing: Thing, wanted: bool) -> Iterable[Way]:
        """``any`` wants one more row, ``all`` wants every one; the reverse to make them fail."""
        if node.where is None or node.function not in ("any", "all"):
            return []
        children = self.deciding.population.children(thing, node.child, node.link)
        least = 1 if (node.function == "any") == wanted else len(children)
        each = [self.to(node.where, child, wanted) for child in children[: MOST_ROWS if least == 1 else None]]
        if least == 1:
            return (way for ways in each for way in ways)
        open_ones = [ways for ways in each if ways != [()]]
        return joined(open_ones) if 0 < len(open_ones) <= MOST_CHANGES else []

    def between(self, node: typed.Between, thing: Thing, wanted: bool) -> Iterable[Way]:
        low: CompareSign = ">=" if node.low_closed else ">"
        high: CompareSign = "<=" if node.high_closed else "<"
        ends = (
            typed.Comparison(TRUTH, node.at, low, node.value, node.low),
            typed.Comparison(TRUTH, node.at, high, node.value, node.high),
        )
        inside = wanted == node.wanted
        # From outside a range one end is wrong; to leave it either end will do.
        return [way for one in ends for way in self.to(one, thing, inside) if way]

    # --- one comparison --------------------------------------------------------------------------------------------------

    def compared(self, node: typed.Typed, thing: Thing, wanted: bool) -> Iterable[Way]:
        match node:
            case typed.Column(type=kind) if kind == TRUTH:
                return self.set_to(node, thing, [wanted])
            case typed.Among(value=value, choices=choices) if wanted == node.wanted:
                asked = [self.deciding.of(one, thing) for one in choices]
                return self.set_to(value, thing, asked)
            case typed.Comparison(left=left, right=right, sign=sign):
                sign = sign if wanted else OPPOSITE[sign]
                if isinstance(left, typed.Constant):
                    left, right, sign = right, left, FLIPPED[sign]
                if left.type.is_ordered:
                    return self.ordered(node, left, right, sign, thing, wanted)
                if sign == "==":
                    return self.set_to(left, thing, [self.deciding.of(right, thing)])
                return self.set_to(left, thing, self.others(left, self.deciding.of(right, thing)))
        return []

    def others(self, node: typed.Typed, not_this: Value) -> list[Value]:
        """Of two words the other; of more, nobody can say which is meant."""
        if node.type == TRUTH:
            return [not not_this]
        words = (
            self.deciding.measure.vocabulary.enums[node.type.detail].words if node.type.name == "word" else {}
        )
        left = [word for word in words if word != not_this]
        return list(left) if len(left) == 1 else []

    def set_to(self, node: typed.Typed, thing: Thing, values: Iterable[Value]) -> list[Way]:
        """A stored field takes one of these values."""
        at = self.holder(node, thing)
        if at is None or not isinstance(node, typed.Column):
            return []
        stored = [stored_as(value, node, "==") for value in values if value is not None]
        return [(change(at, node.steps[-1], one),) for one in stored if one is not None]

    def ordered(
        self,
        node: typed.Comparison,
        left: typed.Typed,
        right: typed.Typed,
        sign: CompareSign,
        thing: Thing,
        wanted: bool,
    ) -> Iterator[Way]:
        """Move one side over the other: a field that stands alone exactly, one inside an expression by search."""
        for one, other, turned in ((left, right, sign), (right, left, FLIPPED[sign])):
            asked = self.deciding.of(other, thing)
            if asked is None:
                continue
            at = self.holder(one, thing)
            if at is not None and isinstance(one, typed.Column):
                to = stored_as(asked, one, turned)
                if to is not None:
                    yield (change(at, one.steps[-1], to),)
                continue
            yield from self.inside(one, node, thing, wanted)
            if isinstance(one, typed.Use):
                yield from self.whole_name(one, asked, turned, thing)

    def whole_name(self, one: typed.Use, asked: Value, sign: CompareSign, thing: Thing) -> Iterator[Way]:
        """A definition that no one field makes: what it would have to come to."""
        if (thing.entity, one.name) not in self.deciding.definitions or any(self.fields_under(one, thing)):
            return
        was, to = self.deciding.named(thing, one.name), over(asked, sign, is_count(one, self.deciding))
        if to is not None:
            yield (Change(thing, (thing.entity, thing.key), "", was, to, one.name),)

    def holder(self, node: typed.Typed, thing: Thing) -> Thing | None:
        """The thing whose field this is."""
        if not isinstance(node, typed.Column):
            return None
        at: Thing | None = thing
        for link in node.steps[:-1]:
            at = self.deciding.population.linked(at, link) if at else None
        return at

    # --- a field inside an expression ------------------------------------------------------------------------------------

    def fields_under(self, node: typed.Typed, thing: Thing) -> Iterator[tuple[typed.Column, Thing]]:
        """Ordered fields that an expression rests on, through definitions of the same thing."""
        for one in above_rows(node):
            if isinstance(one, typed.Column) and one.type.is_ordered:
                at = self.holder(one, thing)
                if at is not None:
                    yield one, at
            elif isinstance(one, typed.Use) and (thing.entity, one.name) in self.deciding.definitions:
                meaning = self.deciding.definitions[thing.entity, one.name].formula.meaning
                yield from self.fields_under(meaning, thing)

    def inside(self, side: typed.Typed, node: typed.Comparison, thing: Thing, wanted: bool) -> Iterator[Way]:
        """The least that one field must move, all others as they are; only where the condition turns just there."""
        if isinstance(side, typed.Column | typed.Constant):
            return
        seen = set[tuple[str, str, str]]()
        for column, at in islice(self.fields_under(side, thing), MOST_FIELDS):
            place = at.entity, at.key, column.steps[-1]
            if place not in seen and (was := at.fields.get(column.steps[-1])) is not None:
                seen.add(place)
                turn = Turning(self.deciding, node, thing, wanted, at, column)
                if (to := turn.point(was)) is not None:
                    yield (change(at, column.steps[-1], to),)


class Turning:
    """Where a condition turns as one field moves: a number straight, a day by search."""

    #: Doublings of a search among days: some ninety years.
    FAR = 15

    def __init__(
        self, deciding: Trying, node: typed.Comparison, thing: Thing, wanted: bool, at: Thing,
        column: typed.Column,
    ) -> None:  # fmt: skip
        self.deciding, self.node, self.thing, self.wanted = deciding, node, thing, wanted
        self.at, self.column = at, column

    def point(self, was: Stored) -> Stored:
        """The nearest value at which it comes out as wanted; ``None`` where there is none, or the field moves nothing."""
        start = was.toordinal() if isinstance(was, date) else int(cast(int, was))
        if self.column.type == DAY:
            both = [one for way in (1, -1) if (one := self.towards(start, way)) is not None]
            found = min(both, key=lambda one: abs(one - start), default=None)
            return None if found is None else date.fromordinal(found)
        return self.straight(start)

    def straight(self, start: int) -> int | None:
        """Along the line that the condition follows here; twice, for what bends a little (a part of a whole)."""
        at = start
        for _again in range(2):
            here = self.above(at)
            slope = self.above(at + 1) - here
            if not slope:
                return None
            at -= int(here / slope)
            for near in (at - 1, at, at + 1):
                if self.turns(near) and not self.turns(near - 1 if near > start else near + 1):
                    return near
        return None

    def above(self, value: int) -> Fraction:
        """How far the left side is above the right with this value; 0 where that is not known."""
        trial = self.trial(value)
        left, right = (trial.of(side, self.thing_then) for side in (self.node.left, self.node.right))
        return left - right if isinstance(left, Fraction) and isinstance(right, Fraction) else Fraction(0)

    def towards(self, start: int, way: int) -> int | None:
        step, bad = 1, start
        for _doubling in range(self.FAR):
            good = start + way * step
            if self.column.type == DAY and not FIRST_DAY.toordinal() <= good <= LAST_DAY.toordinal():
                return None
            if self.turns(good):
                return self.halved(bad, good)
            bad, step = good, step * 2
        return None

    def halved(self, bad: int, good: int) -> int:
        while abs(good - bad) > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if self.turns(middle) else (good, middle)
        return good

    def trial(self, value: int) -> Trying:
        to = date.fromordinal(value) if self.column.type == DAY else value
        trial = self.deciding.with_changes([change(self.at, self.column.steps[-1], to)])
        self.thing_then = trial.now(self.thing)
        return trial

    def turns(self, value: int) -> bool:
        return self.trial(value).of(self.node, self.thing_then) is self.wanted


def stored_as(value: Value, node: typed.Column, sign: CompareSign) -> Stored:
    """The stored value nearest to ``value`` that stands to it by ``sign``; ``None`` where there is none."""
    if not isinstance(value, Fraction):
        return over(value, sign, False) if isinstance(value, date) else value if sign == "==" else None  # type: ignore[return-value]
    exact = value / node.factor
    if sign == "==":
        return int(exact) if exact.denominator == 1 else None
    steps = {
        ">=": ceil(exact),
        ">": floor(exact) + 1,
        "<=": floor(exact),
        "<": ceil(exact) - 1,
        "!=": floor(exact) + 1,
    }
    return steps[sign]


def over(value: Value, sign: CompareSign, whole: bool) -> Value:
    """The value nearest to ``value`` that stands to it by ``sign``; for quantities only where it belongs, or is a count."""
    if isinstance(value, date):
        days = {">": 1, "<": -1, "!=": 1}.get(sign, 0)
        return value + timedelta(days=days) if date.min < value < date.max or not days else None
    if not isinstance(value, Fraction):
        return None
    if whole:
        return Fraction(cast(int, stored_as(value, typed.Column(Type("quantity"), 0, ("",)), sign) or 0))
    return value if sign in (">=", "<=", "==") else None


def is_count(one: typed.Use, deciding: Trying) -> bool:
    meanings = [found.formula.meaning for found in deciding.measure.definitions if found.name == one.name]
    return any(isinstance(meaning, typed.Gathered) and meaning.function == "count" for meaning in meanings)


# --- sets of changes -----------------------------------------------------------------------------------------------------


def joined(parts: list[list[Way]]) -> Iterator[Way]:
    """One way of each, together; those that want two things of one field are left out."""
    for picked in islice(product(*(ways[:MOST_WAYS] for ways in parts)), MOST_WAYS * MOST_WAYS):
        together = merged(picked)
        if together is not None and len(together) <= MOST_CHANGES:
            yield together


def merged(picked: Iterable[Way]) -> Way | None:
    """Of two changes of one field that go the same way, the further; ``None`` where they contradict each other."""
    found: dict[tuple[str, str, str], Change] = {}
    for one in (one for way in picked for one in way):
        place = (*one.place, one.field or one.name)
        other = found.get(place)
        if other is None or other.to == one.to:
            found[place] = one
        elif distance_of(other) * distance_of(one) > 0:
            found[place] = max(other, one, key=lambda each: abs(distance_of(each)))
        else:
            return None
    return tuple(found.values())


def distance_of(one: Change) -> float:
    """How far a value moves; 0 for words, texts and what is not known."""
    was, to = one.was, one.to
    if isinstance(was, date) and isinstance(to, date):
        return float((to - was).days)
    if isinstance(was, int | Fraction) and isinstance(to, int | Fraction) and not isinstance(was, bool):
        return float(to - was)
    return 0.0


def effort(way: Way) -> tuple[int, float]:
    """Fewer changes first, then the smaller part of what is there; a word that becomes another counts as a whole."""
    return len(way), sum(relative(one) for one in way)


def relative(one: Change) -> float:
    far = abs(distance_of(one))
    if not far:
        return 1.0
    if isinstance(one.was, date):
        return far / 3650
    return far / max(abs(float(one.was)), abs(float(one.to)), 1.0)  # type: ignore[arg-type]


def fewest(ways: Iterable[Way]) -> list[Way]:
    found = [way for way in dict.fromkeys(ways) if 0 < len(way) <= MOST_CHANGES]
    return sorted(found, key=effort)[:MOST_WAYS]
