"""The cost over many values of one number. A cap that stands alone is answered for all values by one sorted running total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from mangrove.rulebook.decide import in_fen
from mangrove.rulebook.engines.columns import Ints
from mangrove.rulebook.engines.results import MEETS, Results
from mangrove.rulebook.language.typed import Constant, Typed, Use
from mangrove.rulebook.language.types import MONEY
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.simulate.engine import Simulator
from mangrove.rulebook.simulate.money import HALF, WIDEST, added, paid_of
from mangrove.rulebook.simulate.totals import paid_by, paid_kinds


@dataclass(frozen=True)
class Point:
    """``value`` in base units; ``fen`` paid now by all paid steps; ``beneficiaries``: things paid anything."""

    value: Fraction | date
    fen: int
    beneficiaries: int


def curve(simulator: Simulator, name: str, values: Sequence[Fraction | date]) -> list[Point]:
    """One point for each value, in the order given. Raises ``KeyError`` for a name that stands nowhere."""
    clause = lone_cap(simulator.measure, name)
    if clause is not None:
        found = by_running_total(simulator, clause, name, values)
        if found is not None:
            return found
    return by_engine(simulator, name, values)


def by_engine(simulator: Simulator, name: str, values: Sequence[Fraction | date]) -> list[Point]:
    """Each value asked of the kept engine."""
    found = []
    for value in values:
        results = simulator.results({name: value})
        paid = [paid_by(results, kind) for kind in paid_kinds(results)]
        people = sum(int(one.positive().sum()) for one in paid)
        found.append(Point(value, sum(one.total() for one in paid), people))
    return found


# --- a cap that stands alone -----------------------------------------------------------------------------------------


def lone_cap(measure: Measure, name: str) -> Clause | None:
    """The paid clause of which this number is one cap, where it stands nowhere else and nothing else reads the clause."""
    places = [
        (clause, part)
        for clause in measure.clauses
        for part, formula in clause.formulas()
        for node in formula.meaning.walk()
        if isinstance(node, Constant) and node.name == name
    ]
    if len(places) != 1 or any(name in constants(one.formula.meaning) for one in measure.definitions):
        return None
    clause, part = places[0]
    whole = any(isinstance(one.meaning, Constant) and one.meaning.name == name for one in clause.caps)
    alone = whole and clause.less is None and not measure.quotas and not is_read(measure, clause)
    return clause if alone and part.startswith("cap") and clause in measure.paid() else None


def constants(meaning: Typed) -> set[str]:
    return {node.name for node in meaning.walk() if isinstance(node, Constant)}


def is_read(measure: Measure, clause: Clause) -> bool:
    names = {clause.id, f"meets({clause.id})", f"settled({clause.id})"}
    return any(
        isinstance(node, Use) and node.name in names
        for formula in measure.formulas()
        for node in formula.meaning.walk()
    )


def by_running_total(
    simulator: Simulator, clause: Clause, name: str, values: Sequence[Fraction | date]
) -> list[Point] | None:
    """``None`` where a row does not fit an int64, or the cap is no money: the engine is asked instead.

    With the cap out of the way each row comes to some amount; under a cap of c those up to c stay as they are and
    the others come to c. Sorted once, a running total has the first and a count the others.
    """
    if simulator.measure.constants()[name].type != MONEY:
        return None
    results = simulator.results({name: Fraction(WIDEST - 1)})
    result = results.clauses[clause.id]
    if result.beyond or result.result is None:
        return None
    capped = Capped(np.sort(result.result.fen[result.standing == MEETS]))
    rest = sum(
        paid_of(results.clauses[one.id]).total() for one in results.measure.paid() if one.id != clause.id
    )
    few, many = people(results, clause, with_clause=False), people(results, clause, with_clause=True)
    caps = [max(0, in_fen(value) or 0) for value in values if isinstance(value, Fraction)]
    return [
        Point(value, capped.total(cap) + rest, many if cap else few)
        for value, cap in zip(values, caps, strict=True)
    ]


class Capped:
    """Sums of sorted amounts (fen, from 0) under any cap, each in the time of one search."""

    def __init__(self, amounts: Ints) -> None:
        self.amounts = amounts
        self.high, self.low = np.cumsum(amounts >> HALF), np.cumsum(amounts & ((1 << HALF) - 1))

    def total(self, cap: int) -> int:
        below = int(np.searchsorted(self.amounts, min(cap, WIDEST)))
        fen = (int(self.high[below - 1]) << HALF) + int(self.low[below - 1]) if below else 0
        return fen + (len(self.amounts) - below) * cap


def people(results: Results, clause: Clause, *, with_clause: bool) -> int:
    """Things paid anything, with or without what the clause pays."""
    found = 0
    for kind in paid_kinds(results):
        steps = [one for one in results.measure.paid() if one.entity == kind]
        parts = [paid_of(results.clauses[one.id]) for one in steps if with_clause or one.id != clause.id]
        found += int(added(parts, len(results.snapshot.tables[kind])).positive().sum())
    return found
