"""How far each of many rows is off, in the unit of the condition: the difference of its two sides as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.building import Builder
from mangrove.rulebook.engines.columns import Column, Ints, Snapshot, Table, Truths
from mangrove.rulebook.engines.lower import Expressions, Lowering, NotPlanned
from mangrove.rulebook.engines.plan import Compiled, Plan, TooWide
from mangrove.rulebook.engines.results import ClauseResult, Results
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.explaining.parts import Gap, sides, way
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.types import DAY, Type
from mangrove.rulebook.language.wording import is_end_of_days
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.rulebook.problems import START
from mangrove.rulebook.texts.combining import NOTHING

#: The numbers and days of a measure by name.
Numbers = Mapping[str, Any]
#: What the clause is called whose money is a difference.
NAME = "difference"


class RowsOf(Snapshot):
    """A snapshot of which one table has only some rows; everything above and below them is whole."""

    def __init__(self, base: Snapshot, entity: str, rows: Ints) -> None:
        self.base, self.entity, self.rows = base, entity, rows
        self.vocabulary, self.texts, self.families = base.vocabulary, base.texts, base.families
        # Nobody asks for the keys of a difference; to copy a million of them costs more than all else.
        self.tables = {**base.tables, entity: Table(entity, np.broadcast_to(np.array(""), (len(rows),)))}

    def column(self, entity: str, name: str) -> Column:
        if entity != self.entity:
            return self.base.column(entity, name)
        own = self.tables[entity].columns
        if name not in own:
            column = self.base.column(entity, name)
            known = None if column.known is None else column.known[self.rows]
            own[name] = Column(column.values[self.rows], known)
        return own[name]

    def link(self, entity: str, name: str) -> Ints:
        found = self.base.link(entity, name)
        return found[self.rows] if entity == self.entity else found


@dataclass(frozen=True)
class Differences:
    """Of each row, how far the value is above what is asked: ``top`` over ``bottom``; ``known`` where it can be told."""

    top: Ints
    bottom: Ints
    known: Truths
    kind: Type

    def sizes(self) -> npt.NDArray[np.float64]:
        """To rank by; what is not known is last."""
        found = np.abs(self.top / self.bottom)
        return np.where(self.known, found, np.inf)

    def gap(self, place: int) -> Gap | None:
        if not self.known[place]:
            return None
        size = Fraction(int(self.top[place]), int(self.bottom[place]))
        return Gap(abs(size), self.kind, way(size))


class Gaps:
    """The differences of the conditions of one answer. What no plan can say has none."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.lowering = Lowering(results.measure)
        self.constants = {name: one.value for name, one in results.measure.constants().items()}
        for clause in results.measure.clauses:
            try:
                self.lowering.clause(clause)
            except NotPlanned:
                continue

    def of(self, clause: Clause, condition: int, rows: Ints) -> Differences | None:
        """For these rows; ``None`` for words and groups, and for what does not fit the engine."""
        node = clause.conditions[condition].meaning
        pairs = differing(node)
        try:
            found = [self.difference(clause.entity, value, asked, rows) for value, asked in pairs]
        except (NotPlanned, TooWide):
            return None
        if len(found) == 2:
            return outer(*found)
        return found[0] if found else None

    def difference(self, entity: str, value: typed.Typed, asked: typed.Typed, rows: Ints) -> Differences:
        at, build = Expressions(self.lowering, entity), self.lowering.build
        if value.type == DAY:
            return self.evaluated(build.op("sub", at.node(value), at.node(asked)), None, entity, rows, DAY)
        ratio = at.ratio(typed.Arithmetic(value.type, 0, "-", value, asked))
        under = build.of(ratio.bottom) if ratio.by_row is None else ratio.by_row
        return self.evaluated(ratio.top, under, entity, rows, value.type)

    def evaluated(self, top: int, bottom: int | None, entity: str, rows: Ints, kind: Type) -> Differences:
        """Only for these rows, unless something is gathered for them."""
        plan = AsClause(self.results.measure, self.constants, entity, self.lowering.build, top, bottom)
        whole = self.results.snapshot
        snapshot = whole if plan.needs_all(entity) else RowsOf(whole, entity, rows)
        found = Vector(plan, snapshot).run(self.results.run).clauses[NAME]
        here = rows if snapshot is whole else np.arange(len(rows))
        return differences(found, here, kind)


class AsClause(Plan):
    """A plan with one clause, whose money before and after its cap are the top and the bottom of a fraction."""

    def __init__(
        self, measure: Measure, constants: Numbers, entity: str, build: Builder, top: int, bottom: int | None
    ) -> None:
        nothing = Formula("", START, NOTHING)
        clause = Clause(NAME, "", "", "", entity, (), nothing, (), START)
        super().__init__(replace(measure, clauses=(clause,)), build.nodes, build.parameters)
        self.constants = constants
        true = build.true()
        self.compiled = [Compiled(clause, (), true, true, uncapped=top, capped=bottom)]

    def needs_all(self, entity: str) -> bool:
        """Whether a row of this kind depends on more than itself and what stands above it."""
        nodes = [self.nodes[one] for one in self.needed(self.compiled[0].outputs())]
        return any(one.op == "gather" and one.entity == entity for one in nodes) or any(
            one.op == "up" and one.entity != entity for one in nodes
        )

    def bind(
        self, run: Run, texts: Mapping[str, int], values: Mapping[str, Fraction | date] | None = None
    ) -> list[int | None]:
        """With the numbers of the whole measure, of which this clause is no part."""
        return super().bind(run, texts, self.constants)


def differences(found: ClauseResult, rows: Ints, kind: Type) -> Differences:
    """What the interpreter had to answer is not known here."""
    assert found.uncapped is not None
    known = np.ones(len(found), bool) if found.uncapped.known is None else found.uncapped.known.copy()
    bottom = np.ones(len(found), np.int64) if found.capped is None else found.capped.fen
    if found.capped is not None and found.capped.known is not None:
        known &= found.capped.known
    known[list(found.beyond)] = False
    return Differences(found.uncapped.fen[rows], np.where(known, bottom, 1)[rows], known[rows], kind)


def differing(node: typed.Typed) -> list[tuple[typed.Typed, typed.Typed]]:
    """The value and the bound of a comparison of numbers or days; of a range both ends."""
    found = sides(node)
    if found is None or not found[1].type.is_ordered:
        return []
    _kind, value, asked = found
    if isinstance(node, typed.Comparison):
        return [(value, asked[0])] if node.sign != "!=" else []
    if isinstance(node, typed.Between) and node.wanted:
        # A measure that nobody saw begin or end has the calendar's own ends.
        return [(value, one) for one in asked if not is_end_of_days(one)]
    return []


def outer(low: Differences, high: Differences) -> Differences:
    """Below the lower end, or above the upper one."""
    below = low.top < 0
    top = np.where(below, low.top, np.maximum(high.top, 0))
    return Differences(top, np.where(below, low.bottom, high.bottom), low.known & high.known, low.kind)
