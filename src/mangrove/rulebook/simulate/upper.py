"""The most that a step may still come to for each row, where something is not known: for the upper end of a cost.

An amount that is known but whose conditions, or whose place under a quota, are not: that amount. One that is not known: the lowest known cap, and for a
choice or a total also what its members may come to. Where neither says anything the row is not bounded, and is counted.

A total that pays what is settled and skips what is not (``unknown: skip``) may still rise, so its rows stay open as long
as one of its members is. A clause whose own formula reads such a total as a plain number is taken at its word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from mangrove.rulebook.decide import in_fen
from mangrove.rulebook.engines.columns import Ints, Truths
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import FAILS, LACKS, ClauseResult, Money, Results
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.language.typed import Constant, Gathered, Use
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.rulebook.simulate.money import HALF, WIDEST, paid_of

#: Stands for "no bound"; greater than any amount that an engine holds.
NO_BOUND = WIDEST


@dataclass(frozen=True)
class Upper:
    """Fen by row: what is paid where ``sure``, else the most it may be; :data:`NO_BOUND` where nothing says."""

    fen: Ints
    sure: Truths

    @property
    def bounded(self) -> Truths:
        return self.fen < NO_BOUND


class Uppers:
    """The bounds of the clauses of one answer, each found once."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.found: dict[str, Upper] = {}
        self.ceilings: Results | None = None

    def of(self, clause: Clause) -> Upper:
        if clause.id not in self.found:
            self.found[clause.id] = self.bound(clause)
        return self.found[clause.id]

    def bound(self, clause: Clause) -> Upper:
        result = self.results.clauses[clause.id]
        fen = capped_small(result)
        sure = (result.standing != LACKS) & ~self.waiting(clause)
        loose = self.loose(clause)
        if loose is not None:
            sure &= ~loose | (result.standing == FAILS)
        open_rows = ~sure
        if open_rows.any():
            most = np.minimum(self.lowest_cap(clause), self.of_members(clause))
            known = known_money(result.ungated, result)
            if loose is not None:
                known = known & ~loose
            fen = np.where(open_rows, np.where(known, small(result.ungated, len(result)), most), fen)
            tight = known_money(result.capped, result) & open_rows & ~known
            if loose is not None:
                tight &= ~loose
            fen = np.where(tight, np.minimum(fen, small(result.capped, len(result))), fen)
        return Upper(fen.astype(np.int64), sure)

    def waiting(self, clause: Clause) -> Truths:
        """Rows that qualify, and of which it is not known whether a quota has room for them."""
        result = self.results.clauses[clause.id]
        found = np.zeros(len(result), bool)
        if result.selection is not None and result.selection.waiting:
            row_of = self.results.snapshot.tables[clause.entity].row_of
            found[[row_of[key] for key in result.selection.waiting]] = True
        return found

    def loose(self, clause: Clause) -> Truths | None:
        """Rows whose known amount may still change because a member is skipped while it is not known."""
        found: Truths | None = None
        for id in clause.members:
            member = self.results.measure.clause(id)
            upper, result = self.of(member), self.results.clauses[id]
            soft = ~upper.sure if is_settled(clause) else ~upper.sure & (result.standing != LACKS)
            if soft.any():
                one = self.to_parent(clause, member, soft.astype(np.int64)) > 0
                found = one if found is None else found | one
        return found

    def of_members(self, clause: Clause) -> Ints:
        """What a choice or a total may come to before its own caps."""
        rows = len(self.results.clauses[clause.id])
        if not clause.members:
            return np.full(rows, NO_BOUND, np.int64)
        found = np.zeros(rows, np.int64)
        join: Callable[[Ints, Ints], Ints] = np.maximum if clause.keep in ("highest", "first") else saturated
        for id in clause.members:
            member = self.results.measure.clause(id)
            found = join(found, self.to_parent(clause, member, self.of(member).fen))
        return found

    def to_parent(self, clause: Clause, member: Clause, fen: Ints) -> Ints:
        """Sums over the children where the member is for them, the rows themselves where it is for the same thing."""
        if member.entity == clause.entity:
            return fen
        parents = self.results.snapshot.link(member.entity, link_of(clause, member))
        belongs = parents >= 0
        high = np.zeros(len(self.results.clauses[clause.id]), np.int64)
        low = high.copy()
        np.add.at(high, parents[belongs], fen[belongs] >> HALF)
        np.add.at(low, parents[belongs], fen[belongs] & ((1 << HALF) - 1))
        high += low >> HALF
        return np.where(high >= NO_BOUND >> HALF, NO_BOUND, (high << HALF) + (low & ((1 << HALF) - 1)))

    def lowest_cap(self, clause: Clause) -> Ints:
        """By row, of the caps that are known; never below 0."""
        lowest = np.full(len(self.results.clauses[clause.id]), NO_BOUND, np.int64)
        for number, cap in enumerate(clause.caps):
            lowest = np.minimum(lowest, self.cap(clause, number, cap))
        return np.maximum(lowest, 0)

    def cap(self, clause: Clause, number: int, cap: Formula) -> Ints:
        if isinstance(cap.meaning, Constant) and isinstance(cap.meaning.value, Fraction):
            return np.array(min(in_fen(cap.meaning.value) or 0, NO_BOUND), np.int64)
        if self.ceilings is None:
            measure = with_ceilings(self.results.measure)
            self.ceilings = Vector(lower(measure), self.results.snapshot).run(self.results.run)
        result = self.ceilings.clauses[ceiling_id(clause, number)]
        return np.where(known_money(result.uncapped, result), small(result.uncapped, len(result)), NO_BOUND)


def saturated(a: Ints, b: Ints) -> Ints:
    """Sums that stop at :data:`NO_BOUND`; both are at most that."""
    return np.where(a >= NO_BOUND - b, NO_BOUND, a + b)


def is_settled(clause: Clause) -> bool:
    """Whether a total skips members that are not known."""
    nodes = clause.amount.meaning.walk() if clause.amount else ()
    return any(isinstance(node, Use) and node.name.startswith("settled(") for node in nodes)


def link_of(clause: Clause, member: Clause) -> str:
    assert clause.amount is not None
    gathered = (node for node in clause.amount.meaning.walk() if isinstance(node, Gathered))
    return next(node.link for node in gathered if node.child == member.entity)


def ceiling_id(clause: Clause, number: int) -> str:
    return f"{clause.id} cap {number}"


def with_ceilings(measure: Measure) -> Measure:
    """The measure with a clause more for each cap that is no written number: what it comes to for every row."""
    more = [
        replace(
            clause, id=ceiling_id(clause, number), conditions=(), amount=cap, caps=(), less=None, members=()
        )
        for clause in measure.clauses
        for number, cap in enumerate(clause.caps)
        if not isinstance(cap.meaning, Constant)
    ]
    return replace(measure, clauses=(*measure.clauses, *more))


def capped_small(result: ClauseResult) -> Ints:
    """What is paid; a row that no int64 holds stands as no bound."""
    paid = paid_of(result)
    fen = paid.small.copy()
    fen[list(paid.big)] = NO_BOUND
    return fen


def known_money(money: Money | None, result: ClauseResult) -> Truths:
    """Rows whose amount is known and held; those that the interpreter answered do not count."""
    if money is None:
        return np.zeros(len(result), bool)
    known = np.ones(len(result), bool) if money.known is None else money.known.copy()
    known[list(result.beyond)] = False
    return known


def small(money: Money | None, rows: int) -> Ints:
    return np.zeros(rows, np.int64) if money is None else money.fen
