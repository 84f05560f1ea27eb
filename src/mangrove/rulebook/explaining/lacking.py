"""Which missing datum matters: whether any value of it could change the result, and how much money waits for it.

What is known already stays as it is whatever the missing turns out to be, so only a clause that lacks a datum is looked
into. Each condition that is not known is evaluated with values tried for what it lacks: both of yes and no, every word,
and for numbers and days both sides of every bound written there, nothing, and very much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from mangrove.rulebook.decide import Outcome, Standing, in_fen
from mangrove.rulebook.explaining.parts import group_of
from mangrove.rulebook.explaining.trying import Change, Trying, change, clause_in
from mangrove.rulebook.interpret import Value
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.scope import base_factor
from mangrove.rulebook.language.types import DAY, TEXT, TRUTH, type_of
from mangrove.rulebook.measures import Clause, Formula
from mangrove.rulebook.population import Stored, Thing
from mangrove.rulebook.simulate.upper import is_settled, link_of

#: Of the others, while one datum is tried: all at their first value, all at their second, and so on.
BASES = 3
#: Rows of an aggregate that are looked into.
MOST_ROWS = 50
#: Values tried for one datum.
MOST_VALUES = 12
VERY_MUCH = 10**15


@dataclass(frozen=True)
class Missing:
    """A field, link or date of the run that is not known, of one thing or of several rows.

    ``waits``: the clause cannot be decided without it, even where its value makes no difference.
    ``stake`` is the most that waits for it in fen, ``None`` where nothing bounds it; ``by`` is who judges it.
    """

    entity: str
    keys: tuple[str, ...]
    field: str
    is_link: bool
    matters: bool
    stake: int | None
    by: str = ""
    waits: bool = False


@dataclass
class Blank:
    """The same field of one or more things, tried with one value for all of them."""

    entity: str
    field: str
    is_link: bool = False
    things: dict[str, Thing] = made(default_factory=dict)


def missing(outcome: Outcome, thing: Thing, deciding: Trying) -> tuple[Missing, ...]:
    """What the clause lacks: first what matters, by the money that waits, unbounded first."""
    found: dict[tuple[str, str], Missing] = {}
    for formula, stake in unknown_formulas(outcome, thing, deciding):
        for one in told(formula, stake, outcome.standing == Standing.LACKS, thing, deciding):
            place = one.entity, one.field
            found[place] = better(found.get(place), one)
    return tuple(
        sorted(found.values(), key=lambda one: (not one.matters, one.stake is not None, -(one.stake or 0)))
    )


def wanted(outcome: Outcome, thing: Thing, deciding: Trying) -> list[Missing]:
    """What is missing that could change the result; where nothing could, what must be known all the same."""
    lacks = missing(outcome, thing, deciding)
    return [one for one in lacks if one.matters] or list(lacks)


def better(one: Missing | None, other: Missing) -> Missing:
    """Of the same datum in two formulas: all its keys, and the one that matters or has more money waiting."""
    if one is None:
        return other
    keys = tuple(dict.fromkeys([*one.keys, *other.keys]))
    first, second = (
        (one, other)
        if (one.matters, one.stake is None) >= (other.matters, other.stake is None)
        else (other, one)
    )
    stake = first.stake
    if stake is not None and second.stake is not None and second.matters:
        stake = max(stake, second.stake)
    return Missing(
        first.entity, keys, first.field, first.is_link, first.matters, stake, first.by, first.waits
    )


def unknown_formulas(
    outcome: Outcome, thing: Thing, deciding: Trying
) -> Iterator[tuple[Formula, int | None]]:
    """Each formula of the clause that is not known, with the most that waits for it."""
    clause = outcome.clause
    waits = at_stake(outcome, thing, deciding)
    for answer in outcome.answers:
        if answer.holds is None:
            yield answer.condition, waits
    for part in (clause.amount, *clause.caps, clause.less):
        if part is not None and deciding.value(part, thing) is None:
            yield part, waits


def at_stake(outcome: Outcome, thing: Thing, deciding: Trying) -> int | None:
    """What would be paid if all held; else the most that the known caps and the members leave; nothing without an amount.

    The same bound as :class:`~mangrove.rulebook.simulate.upper.Uppers` finds for all rows at once.
    """
    clause = outcome.clause
    if clause.amount is None:
        return 0
    caps = [in_fen(deciding.value(one, thing)) for one in clause.caps]
    # What a total pays meanwhile, skipping members that are not known, may still rise.
    if not is_settled(clause):
        if outcome.ungated is not None:
            return outcome.ungated
        caps.append(outcome.capped)
    bounds = [max(0, cap) for cap in caps if cap is not None]
    if clause.members:
        each = [of_member(deciding.clauses[id], clause, thing, deciding) for id in clause.members]
        known = [fen for fen in each if fen is not None]
        if len(known) == len(each):
            bounds.append(max(known) if clause.keep in ("highest", "first") else sum(known))
    return min(bounds, default=None)


def of_member(member: Clause, taker: Clause, thing: Thing, deciding: Trying) -> int | None:
    """The most that one member may come to, of all the things below where it is for those; ``None`` without a bound."""
    things = [thing]
    if member.entity != taker.entity:
        link = link_of(taker, member)
        things = list(deciding.population.children(thing, member.entity, link))
    total = 0
    for one in things:
        outcome = deciding.outcome(member, one)
        fen = 0 if outcome.standing == Standing.FAILS else at_stake(outcome, one, deciding)
        if fen is None:
            return None
        total += fen
    return total


def told(
    formula: Formula, stake: int | None, is_open: bool, thing: Thing, deciding: Trying
) -> Iterator[Missing]:
    """The data that a formula lacks, each with whether it matters."""
    judges = {(one.entity, one.name): one.by for one in deciding.measure.inputs}
    for leaf, at in leaves(formula.meaning, thing, deciding):
        blanks = Blanks(deciding)
        blanks.under(leaf, at)
        listed = list(blanks.found.values())
        deciding_ones = decisive(listed, leaf, at, deciding) if is_open else set()
        for one in listed:
            place = one.entity, one.field
            yield Missing(
                *(one.entity, tuple(one.things), one.field, one.is_link),
                matters=place in deciding_ones, stake=stake, by=judges.get(place, ""), waits=is_open,
            )  # fmt: skip


def leaves(node: typed.Typed, thing: Thing, deciding: Trying) -> Iterator[tuple[typed.Typed, Thing]]:
    """The comparisons and sums under a formula that are not known, each with its thing.

    Of a group that is not known each unknown part can decide it; of an aggregate, each unknown row.
    """
    if deciding.of(node, thing) is not None:
        return
    under = list(unknown_under(node, thing, deciding))
    if not under:
        yield node, thing
    for part, at in under:
        yield from leaves(part, at, deciding)


def unknown_under(node: typed.Typed, thing: Thing, deciding: Trying) -> Iterator[tuple[typed.Typed, Thing]]:
    """The parts of a group, what a name stands for, the rows of an aggregate; nothing for what is tried as a whole."""
    group = group_of(node)
    if group is not None:
        yield from ((part, thing) for part in group[1])
    elif isinstance(node, typed.Use):
        yield from ((one.meaning, thing) for one in deciding.grounds.formulas(thing.entity, node.name))
    elif isinstance(node, typed.Gathered):
        for child in deciding.population.children(thing, node.child, node.link)[:MOST_ROWS]:
            yield from ((inner, child) for inner in (node.where, node.value) if inner is not None)
    elif isinstance(node, typed.Arithmetic | typed.Comparison) and any_rows(node):
        yield from ((part, thing) for part in node.parts())


def any_rows(node: typed.Typed) -> bool:
    return any(isinstance(one, typed.Gathered) for one in node.walk())


class Blanks:
    """The data that are not known under an expression, through definitions, clauses, links and rows."""

    def __init__(self, deciding: Trying) -> None:
        self.deciding = deciding
        self.found: dict[tuple[str, str], Blank] = {}

    def add(self, entity: str, field: str, thing: Thing | None, is_link: bool = False) -> None:
        blank = self.found.setdefault((entity, field), Blank(entity, field, is_link))
        if thing is not None:
            blank.things[thing.key] = thing

    def under(self, node: typed.Typed, thing: Thing) -> None:
        if self.deciding.of(node, thing) is not None and node.type.name == "truth":
            return  # it is known without them
        match node:
            case typed.Column(steps=steps):
                at = self.followed(thing, steps[:-1])
                if at is not None and at.fields.get(steps[-1]) is None:
                    self.add(at.entity, steps[-1], at)
            case typed.Use(name=name):
                self.named(name, thing)
            case typed.Above(links=links, of=of):
                at = self.followed(thing, links)
                if at is not None:
                    self.named(of.name, at)
            case typed.Gathered():
                self.rows(node, thing)
            case _:
                for part in node.parts():
                    self.under_part(part, thing)

    def under_part(self, part: typed.Typed, thing: Thing) -> None:
        """Rows and steps of tables and ladders are no values themselves."""
        if isinstance(part, typed.Step | typed.Row):
            for one in part.parts():
                self.under(one, thing)
        else:
            self.under(part, thing)

    def followed(self, thing: Thing, links: Sequence[str]) -> Thing | None:
        for link in links:
            found = self.deciding.population.linked(thing, link)
            if found is None:
                self.add(thing.entity, link, thing, is_link=True)
                return None
            thing = found
        return thing

    def named(self, name: str, thing: Thing) -> None:
        if self.deciding.named(thing, name) is not None:
            return
        if name in self.deciding.named_of_run:
            self.add("", name, None)
        for formula in self.deciding.grounds.formulas(thing.entity, name):
            self.under(formula.meaning, thing)

    def rows(self, node: typed.Gathered, thing: Thing) -> None:
        for child in self.deciding.population.children(thing, node.child, node.link)[:MOST_ROWS]:
            for part in (node.where, node.value):
                if part is not None and self.deciding.of(part, child) is None:
                    self.under(part, child)


# --- trying values -------------------------------------------------------------------------------------------------------


def decisive(listed: list[Blank], node: typed.Typed, thing: Thing, deciding: Trying) -> set[tuple[str, str]]:
    """The data of which some value, with the others at their least or their most, changes what the expression comes to.

    A link or a date of the run cannot be tried and is taken to matter.
    """
    found = {(one.entity, one.field) for one in listed if one.is_link or not one.things}
    open_ones = [one for one in listed if not one.is_link and one.things]
    values = [candidates(one, node, deciding) for one in open_ones]

    def result(picked: Sequence[int]) -> Value:
        chosen = [
            (one, values[n][place]) for n, (one, place) in enumerate(zip(open_ones, picked, strict=True))
        ]
        trial = deciding.with_changes(changes for blank, value in chosen for changes in filled(blank, value))
        return trial.of(node, trial.now(thing))

    bases = [[min(n, len(one) - 1) for one in values] for n in range(BASES)]
    firsts = [result(base) for base in bases] if open_ones else []
    for n, one in enumerate(open_ones):
        if varies(n, bases, firsts, len(values[n]), result):
            found.add((one.entity, one.field))
    return found


def varies(
    n: int,
    bases: Sequence[list[int]],
    firsts: Sequence[Value],
    count: int,
    result: Callable[[Sequence[int]], Value],
) -> bool:
    """Whether changing only datum ``n`` changes what comes out; stops at the first that does."""
    return any(
        result([*base[:n], place, *base[n + 1 :]]) != first
        for base, first in zip(bases, firsts, strict=True)
        for place in range(count)
        if place != base[n]
    )


def filled(blank: Blank, value: Stored) -> Iterator[Change]:
    for thing in blank.things.values():
        yield change(thing, blank.field, value)


def candidates(blank: Blank, node: typed.Typed, deciding: Trying) -> Sequence[Stored]:
    """Values to try: those at which a formula of the measure could turn, and the ends of what the field may hold."""
    one = deciding.measure.vocabulary.entities[blank.entity].fields[blank.field]
    kind = type_of(one)
    if kind == TRUTH:
        return [True, False]
    if one.enum:
        return list(one.enum.words)
    written = written_values(node, deciding)
    if kind == TEXT:
        return [*(value for value in written if isinstance(value, str)), "\0"][:MOST_VALUES]
    if kind == DAY:
        days = [near for value in written if isinstance(value, date) for near in around(value)]
        return list(dict.fromkeys([date(1900, 1, 1), date(2200, 1, 1), *days]))[:MOST_VALUES]
    return numbers(written, blank, deciding, base_factor(one))


def numbers(written: Sequence[Value], blank: Blank, deciding: Trying, factor: Fraction) -> Sequence[Stored]:
    limits = {
        (one.entity, one.name): (one.low, one.high) for one in deciding.measure.inputs if one.low is not None
    }
    bounds = limits.get((blank.entity, blank.field))
    if bounds is not None:
        low, high = (floor((end or Fraction(0)) / factor) for end in bounds)
    else:
        low, high = 0, VERY_MUCH
    ends: list[int] = [low, high]
    for value in written:
        if isinstance(value, Fraction):
            ends += [floor(value / factor) + n for n in (-1, 0, 1)]
    return [one for one in dict.fromkeys(ends) if low <= one <= high][:MOST_VALUES]


def around(day: date) -> list[date]:
    if not date.min < day < date.max:
        return []
    return [day - timedelta(days=1), day, day + timedelta(days=1)]


def written_values(top: typed.Typed, deciding: Trying) -> list[Value]:
    """The constants of an expression and of what it uses, each once, and the dates of the run."""
    found: dict[Value, None] = {}
    seen = set[str]()

    def gather(node: typed.Typed) -> None:
        for one in node.walk():
            if isinstance(one, typed.Constant):
                found[one.value] = None
            elif isinstance(one, typed.Use) and one.name not in seen:
                seen.add(one.name)
                for under in formulas_named(one.name, deciding):
                    gather(under.meaning)

    gather(top)
    for value in deciding.named_of_run.values():
        found[value] = None
    return list(found)


def formulas_named(name: str, deciding: Trying) -> Iterator[Formula]:
    """Whatever thing the name is of."""
    yield from (one.formula for one in deciding.measure.definitions if one.name == name)
    clause: Clause | None = deciding.clauses.get(clause_in(name))
    if clause is not None:
        yield from (formula for _part, formula in clause.formulas())
