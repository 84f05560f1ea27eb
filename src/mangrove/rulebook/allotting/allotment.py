"""A portfolio on a population: what the measures come to becomes dues, the dues are chosen among and paid from pots. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np

from mangrove.rulebook.allotting.allot import Allotment, Amounts, Bounds, Due, allot, class_of
from mangrove.rulebook.allotting.portfolio import Portfolio, PotRule
from mangrove.rulebook.allotting.portfolio import Shelf as Steps
from mangrove.rulebook.allotting.pots import Allocation, Key
from mangrove.rulebook.engines.columns import ColumnPopulation, Snapshot
from mangrove.rulebook.engines.results import FAILS, LACKS, ClauseResult, Results
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Stored, Thing
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.simulate.data import joint
from mangrove.rulebook.simulate.money import paid_of
from mangrove.rulebook.simulate.upper import NO_BOUND, Uppers
from mangrove.vocabulary.model import Vocabulary

# --- the measures together --------------------------------------------------------------------------------------------


def steps_of(measures: Iterable[Measure]) -> Steps:
    """What a portfolio may name of these: the steps that pay, each with the kind of its thing."""
    return {one.id: {clause.id: clause.entity for clause in one.paid()} for one in measures}


def words_of(measures: Sequence[Measure], otherwise: Vocabulary) -> Vocabulary:
    """One vocabulary with the inputs of all. Raises :class:`Problem` at the measure whose input is unlike another's."""
    known: list[Measure] = []
    found = otherwise
    for one in measures:
        try:
            found = joint([*known, one])
        except Problem as problem:
            before = "、".join(each.id for each in known)
            zh = f"措施“{one.id}”与 {before} 不能一起算：{problem.zh}"
            en = f"“{one.id}” cannot be run together with {before}: {problem.en}"
            raise Problem(problem.code, one.version.place, zh, en) from None
        known.append(one)
    return found


# --- rows as things, read where they are looked at --------------------------------------------------------------------


class Rows(ColumnPopulation):
    """The things of a snapshot. Of a hundred thousand ranked by one field only that field is read, and in one go."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self.things = Named(self)
        self.read: dict[tuple[str, tuple[str, ...]], list[Stored]] = {}

    def thing(self, entity: str, row: int) -> Thing:
        key = str(self.snapshot.tables[entity].keys[row])
        return Thing(entity, key, FieldsOf(self, entity, row), LinksOf(self, entity, row))

    def along(self, thing: Thing, steps: tuple[str, ...]) -> Stored:
        assert isinstance(thing.fields, FieldsOf)
        place = thing.entity, steps
        if place not in self.read:
            self.read[place] = self.all_along(*place)
        return self.read[place][thing.fields.row]

    def all_along(self, entity: str, steps: tuple[str, ...]) -> list[Stored]:
        """For every row what stands at the end of the links; unknown where the column did not come."""
        *links, last = steps
        rows = np.arange(len(self.snapshot.tables[entity]))
        for link in links:
            rows = np.where(rows < 0, -1, self.snapshot.link(entity, link)[rows])
            entity = self.leads_to[entity, link]
        column = self.snapshot.tables[entity].columns.get(last)
        if column is None or not (rows >= 0).any():
            return [None] * len(rows)
        known = rows >= 0 if column.known is None else (rows >= 0) & column.known[rows]
        stored = self.words[entity, last]
        values = column.values[rows].tolist()
        return [
            stored(one) if is_known else None for one, is_known in zip(values, known.tolist(), strict=True)
        ]


class Named(dict[tuple[str, str], Thing]):
    """Things by kind and key, each made when it is first asked for."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self.rows = rows

    def __missing__(self, place: tuple[str, str]) -> Thing:
        entity, key = place
        made = self[place] = self.rows.thing(entity, self.rows.snapshot.tables[entity].row_of[key])
        return made


class FieldsOf(Mapping[str, Stored]):
    __slots__ = ("entity", "row", "rows")

    def __init__(self, rows: Rows, entity: str, row: int) -> None:
        self.rows, self.entity, self.row = rows, entity, row

    def __getitem__(self, name: str) -> Stored:
        column = self.rows.snapshot.tables[self.entity].columns[name]
        return self.rows.stored(self.entity, name, column, self.row)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows.snapshot.tables[self.entity].columns)

    def __len__(self) -> int:
        return len(self.rows.snapshot.tables[self.entity].columns)


class LinksOf(Mapping[str, str]):
    """A link that is not known is not there."""

    __slots__ = ("entity", "row", "rows")

    def __init__(self, rows: Rows, entity: str, row: int) -> None:
        self.rows, self.entity, self.row = rows, entity, row

    def __getitem__(self, name: str) -> str:
        end = self.rows.snapshot.tables[self.entity].links[name][self.row]
        if end < 0:
            raise KeyError(name)
        return str(self.rows.snapshot.tables[self.rows.leads_to[self.entity, name]].keys[end])

    def __iter__(self) -> Iterator[str]:
        ends = self.rows.snapshot.tables[self.entity].links
        return (name for name, rows in ends.items() if rows[self.row] >= 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)


# --- dues -------------------------------------------------------------------------------------------------------------


@dataclass
class Dues:
    """What each step comes to for whom it is met or open, in fen; ``None`` is not known, ``reserves`` the most it can be.

    ``fell``: no place was left under the quota named, so nothing is due. ``waiting``: whether there is one is not known.
    ``unranked``: came last under its quota, something that it is ranked by being not known.
    ``rising``: known and due now, but more may be when what is skipped becomes known (``None``: no bound).
    """

    amounts: dict[Due, int | None] = field(default_factory=dict)
    reserves: dict[Due, int] = field(default_factory=dict)
    fell: dict[Due, str] = field(default_factory=dict)
    waiting: set[Due] = field(default_factory=set)
    unranked: set[Due] = field(default_factory=set)
    rising: dict[Due, int | None] = field(default_factory=dict)


def dues_of(results: Iterable[Results]) -> Dues:
    dues = Dues()
    for one in results:
        uppers = Uppers(one)
        for clause in one.measure.paid():
            add(dues, one, one.clauses[clause.id], uppers)
    return dues


def add(dues: Dues, results: Results, found: ClauseResult, uppers: Uppers) -> None:
    """Rows that fail are no dues."""
    # What it would be if a place were found: who fell, or waits, is told apart below.
    clause, paid, upper = found.clause, paid_of(replace(found, chosen=None)), uppers.of(found.clause)
    keys = results.snapshot.tables[clause.entity].keys
    for row in np.flatnonzero(found.standing != FAILS).tolist():
        due = Due(results.measure.id, clause.id, clause.entity, str(keys[row]))
        most = int(upper.fen[row])
        if found.standing[row] == LACKS:
            dues.amounts[due] = None
            if most < NO_BOUND:
                dues.reserves[due] = most
            continue
        dues.amounts[due] = paid.at(row)
        if not upper.sure[row]:
            dues.rising[due] = most if most < NO_BOUND else None
    if found.selection is not None:
        select(dues, found, results.measure.id)


def select(dues: Dues, found: ClauseResult, measure: str) -> None:
    """Who fell to a full quota is due nothing; who waits keeps his place, and its money is held."""
    assert found.selection is not None
    of = measure, found.clause.id, found.clause.entity
    for key, quota in found.selection.fell.items():
        dues.amounts[Due(*of, key)] = 0
        dues.fell[Due(*of, key)] = quota
    for key in found.selection.waiting:
        due = Due(*of, key)
        if (fen := dues.amounts[due]) is not None:
            # The most that it may be is held; that it may rise from nothing is what waiting means.
            dues.amounts[due], most = None, dues.rising.pop(due, fen)
            if most is not None:
                dues.reserves[due] = most
        dues.waiting.add(due)
    dues.unranked |= {Due(*of, key) for key in found.selection.unranked}


# --- what came of it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassTotal:
    asked: int = 0
    paid: int = 0
    dues: int = 0


@dataclass(frozen=True)
class PotTotal:
    """``held_for`` is what unknown amounts could come to here at most, of which ``reserved`` is held. All in fen."""

    rule: PotRule
    found: Allocation
    asked: int
    paid: int
    held_for: int
    reserved: int
    classes: tuple[ClassTotal, ...]


@dataclass(frozen=True)
class StepTotal:
    """Of the amounts that are known: ``asked`` = ``paid`` + ``removed`` + ``gave_way`` + ``open`` (not yet decided)."""

    dues: int = 0
    asked: int = 0
    paid: int = 0
    removed: int = 0
    gave_way: int = 0
    open: int = 0
    unknown: int = 0
    reserved: int = 0


@dataclass(frozen=True)
class Outcome:
    """``dues`` as they came, before choices and pots; ``allotment`` what became of them."""

    portfolio: Portfolio
    dues: Dues
    allotment: Allotment
    population: Rows

    @cached_property
    def below(self) -> set[Due]:
        """Who got nothing at all, being under a minimum award somewhere."""
        awards, reserved = self.allotment.awards, self.allotment.reserved
        low = {key for pot in self.allotment.pots for key in pot.below}
        return {
            due
            for due in self.allotment.chosen.amounts
            if due in low and not (awards.get(due) or reserved.get(due))
        }

    @cached_property
    def unclassed(self) -> dict[str, list[Due]]:
        """By pot, whom a class not known may cost something."""
        amounts = self.allotment.chosen.amounts
        return {
            pot: [due for due in found if amounts[due] != 0]
            for pot, found in self.allotment.unclassed.items()
        }

    def unranked(self, one: PotTotal) -> list[Due]:
        """Of a pot that pays in order, who came last because something that orders it is not known."""
        return self.all_unranked[one.rule.pot.id]

    @cached_property
    def all_unranked(self) -> dict[str, list[Due]]:
        """By pot; found once, as the list of all dues asks for it too."""
        return {one.rule.pot.id: list(self.unranked_in(one)) for one in self.pots}

    def unranked_in(self, one: PotTotal) -> Iterator[Due]:
        rule, amounts, things = one.rule, self.allotment.chosen.amounts, self.population.things
        if rule.pot.cut != "in_order" or not rule.ties.falling:
            return
        for key in (*one.found.awards, *one.found.reserved):
            due = cast(Due, key)
            if amounts[due] != 0 and None in rule.ties.values(things[due.thing], self.population):
                yield due

    def class_in(self, rule: PotRule, due: Due) -> int:
        """0 where all are one class."""
        return class_of(rule, self.population.things[due.thing], self.population) if rule.classes else 0

    @cached_property
    def pots(self) -> tuple[PotTotal, ...]:
        held: Counter[Due] = Counter()
        return tuple(
            self.pot(rule, found, held)
            for rule, found in zip(self.portfolio.pots, self.allotment.pots, strict=True)
        )

    def pot(self, rule: PotRule, found: Allocation, held: Counter[Due]) -> PotTotal:
        """``held`` is what earlier pots hold for each unknown amount; this pot adds its own."""
        bounds = self.allotment.chosen.reserves
        reserved = by_due(found.reserved)
        held_for = sum(bounds[due] - held[due] for due in reserved)
        held.update(reserved)
        return PotTotal(
            rule=rule,
            found=found,
            asked=sum(found.awards.values()) + sum(found.removed.values()),
            paid=sum(found.awards.values()),
            held_for=held_for,
            reserved=sum(reserved.values()),
            classes=tuple(self.classes(rule, found)) if rule.classes else (),
        )

    def classes(self, rule: PotRule, found: Allocation) -> list[ClassTotal]:
        assert rule.classes is not None
        totals = [[0, 0, 0] for _ in range(rule.classes.last + 1)]
        for due, fen in by_due(found.awards).items():
            one = totals[self.class_in(rule, due)]
            for place, more in enumerate((fen + found.removed[due], fen, 1)):
                one[place] += more
        return [ClassTotal(*one) for one in totals]

    @cached_property
    def steps(self) -> dict[str, StepTotal]:
        """By step, all of the portfolio."""
        sums: dict[str, Counter[str]] = {step: Counter() for step in self.portfolio.steps}
        for due in self.dues.amounts:
            step = sums[due.name]
            for part, fen in self.parts(due):
                step[part] += fen
        return {step: StepTotal(**found) for step, found in sums.items()}

    def parts(self, due: Due) -> Iterator[tuple[str, int]]:
        """What one due adds to the sums of its step."""
        fen, found = self.dues.amounts[due], self.allotment
        yield "dues", 1
        yield "reserved", found.reserved.get(due, 0)
        if fen is None:
            yield "unknown", 1
            return
        paid = found.awards.get(due, 0)
        yield "asked", fen
        yield "paid", paid
        if fen != paid:
            chosen = found.chosen
            yield (
                "gave_way" if due in chosen.lost else "open" if due in chosen.undecided else "removed",
                fen - paid,
            )


def allotted(portfolio: Portfolio, results: Sequence[Results], snapshot: Snapshot) -> Outcome:
    """Every due of the measures, who gave way to what, and what the pots pay."""
    dues, population = dues_of(results), Rows(snapshot)
    found = allot(portfolio, cast(Amounts, dues.amounts), population, cast(Bounds, dues.reserves))
    return Outcome(portfolio, dues, found, population)


def by_due(fen: Mapping[Key, int]) -> Mapping[Due, int]:
    """The keys of claims that :mod:`allotting` makes are dues."""
    return cast(Mapping[Due, int], fen)
