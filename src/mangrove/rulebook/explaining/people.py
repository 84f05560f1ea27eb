"""A whole population explained: how many each condition leaves, whom one condition alone keeps out, and what is at stake.

From the masks of an answer, vectorised: a row is never looked at by itself, apart from those few that are told by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Ints
from mangrove.rulebook.engines.results import FAILS, LACKS, MEETS, ClauseResult, Results
from mangrove.rulebook.explaining.gaps import Gaps
from mangrove.rulebook.explaining.parts import Gap
from mangrove.rulebook.explaining.stakes import Owners, Stake, Stakes, first, paid, sums
from mangrove.rulebook.explaining.trying import clause_in
from mangrove.rulebook.language import typed
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.simulate.groups import Group, Grouping, grouping
from mangrove.rulebook.simulate.money import count_by, paid_of


@dataclass(frozen=True)
class Near:
    """A row that one condition alone keeps out. ``at`` is the thing that the condition is about; ``fen`` what it would get."""

    key: str
    at: str
    gap: Gap | None
    fen: int | None


@dataclass(frozen=True)
class Sole:
    """Rows for which only condition ``condition`` is not met, and nothing is unknown; the nearest first.

    ``clause`` is whose condition it is. Where it asks for an earlier clause, ``under`` says which of its conditions fails
    alone and names the nearest, and ``several`` how many rows fail more than one of them.
    """

    clause: Clause
    condition: int
    count: int
    stake: Stake
    near: tuple[Near, ...]
    under: tuple[Sole, ...] = ()
    several: int = 0


@dataclass(frozen=True)
class Step:
    """After condition ``condition`` and all before it: ``left`` meet them all, ``undecided`` fail none but lack a datum."""

    condition: int
    left: int
    undecided: int


@dataclass(frozen=True)
class Unsure:
    """``count`` rows lack a datum for this condition; for ``waiting`` of them nothing else fails, and ``stake`` waits."""

    condition: int
    count: int
    waiting: int
    stake: Stake


@dataclass(frozen=True)
class GroupLine:
    """One district, one size. ``soles`` are count and fen at stake by condition."""

    group: Group
    meets: int
    fails: int
    lacks: int
    paid: int
    soles: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ClausePeople:
    clause: Clause
    rows: int
    meets: int
    fails: int
    lacks: int
    paid: int
    steps: tuple[Step, ...]
    soles: tuple[Sole, ...]
    unsure: tuple[Unsure, ...]
    amount_unknown: int
    groups: tuple[GroupLine, ...]


@dataclass(frozen=True)
class People:
    measure: Measure
    run: Run
    by: str
    clauses: tuple[ClausePeople, ...]


def explain(results: Results, only: Iterable[str] = (), by: str = "") -> People:
    """Every clause, or ``only`` those; in groups ``by`` a path such as 所在区 or 申报单位.类别 where one is given."""
    wanted = set(only)
    explaining = Explaining(results, by)
    clauses = [one for one in results.measure.clauses if not wanted or one.id in wanted]
    return People(results.measure, results.run, by, tuple(explaining.clause(one) for one in clauses))


@dataclass(frozen=True)
class Masks:
    """Bit ``n`` for condition ``n``, also for the rows that the interpreter answered."""

    failed: npt.NDArray[Any]
    unsure: npt.NDArray[Any]

    @cached_property
    def any_unsure(self) -> bool:
        return bool(self.unsure.any())

    @cached_property
    def sole(self) -> npt.NDArray[np.bool_]:
        """Exactly one condition not met, and none unknown."""
        failed = self.failed
        one = (failed & (failed - failed.dtype.type(1))) == 0
        one &= failed != 0
        if self.any_unsure:
            one &= self.unsure == 0
        return one

    def bit(self, condition: int) -> Any:
        return self.failed.dtype.type(1 << condition)

    def through(self, condition: int) -> Any:
        return self.failed.dtype.type((1 << condition + 1) - 1)


def masks(result: ClauseResult) -> Masks:
    failed, unsure = result.failed, result.unsure
    if result.beyond:
        failed, unsure = failed.copy(), unsure.copy()
        for row, told in result.beyond.items():
            failed[row], unsure[row] = told.failed, told.unsure
    return Masks(failed, unsure)


class Explaining:
    def __init__(self, results: Results, by: str) -> None:
        self.results, self.by = results, by
        self.gaps: Gaps | None = None
        self.masks: dict[str, Masks] = {}

    def clause(self, clause: Clause) -> ClausePeople:
        result = self.results.clauses[clause.id]
        bits, stakes = self.masks_of(clause.id), Stakes(result)
        sole = stakes.owners(np.flatnonzero(bits.sole))
        meets, fails, lacks = (
            int(np.count_nonzero(result.standing == code)) for code in (MEETS, FAILS, LACKS)
        )
        return ClausePeople(
            clause, len(result), meets, fails, lacks, paid=paid(result),
            steps=tuple(steps(clause, bits)),
            soles=tuple(self.soles(clause, sole, stakes)),
            unsure=tuple(unsure(clause, bits, stakes)),
            amount_unknown=lacks - waiting(bits) if lacks else 0,
            groups=tuple(self.groups(clause, result, bits, sole.rows, stakes)),
        )  # fmt: skip

    def masks_of(self, id: str) -> Masks:
        """Kept, for clauses that ask for this one."""
        if id not in self.masks:
            self.masks[id] = masks(self.results.clauses[id])
        return self.masks[id]

    # --- whom one condition alone keeps out ----------------------------------------------------------------------------

    def soles(self, clause: Clause, those: Owners, stakes: Stakes) -> Iterator[Sole]:
        """``those`` fail one condition of this clause alone. Sorted once, each condition is a slice of them."""
        bits = self.masks_of(clause.id)
        failed = bits.failed[those.at]
        if len(failed) and failed.min() != failed.max():
            order = np.argsort(failed, kind="stable")
            failed, those = failed[order], those.some(order)
        for condition in range(len(clause.conditions)):
            bit = bits.bit(condition)
            first, last = (int(np.searchsorted(failed, bit, side)) for side in ("left", "right"))
            if first < last:
                here = those.some(slice(first, last))
                under, several = self.under(clause, condition, here, stakes)
                near = () if under else tuple(self.nearest(clause, condition, here, stakes))
                yield Sole(clause, condition, len(here), stakes.of(here), near, under, several)

    def under(
        self, clause: Clause, condition: int, those: Owners, stakes: Stakes
    ) -> tuple[tuple[Sole, ...], int]:
        """Where the condition asks for an earlier clause: which condition of that one fails alone, and for how many several."""
        node = clause.conditions[condition].meaning
        use = node.of if isinstance(node, typed.Above) else node
        inner = self.results.measure.clauses if isinstance(use, typed.Use) else ()
        asked = [one for one in inner if isinstance(use, typed.Use) and one.id == clause_in(use.name)]
        if not asked:
            return (), 0
        at = self.linked(clause.entity, node, those.at)
        here = np.flatnonzero(self.masks_of(asked[0].id).sole[at])
        found = tuple(self.soles(asked[0], those.moved(at).some(here), stakes))
        return found, len(those) - len(here)

    def linked(self, entity: str, node: typed.Typed, rows: Ints) -> Ints:
        """The rows that links lead to; they are known where the clause there is known to fail."""
        for link in node.links if isinstance(node, typed.Above) else ():
            rows = self.results.snapshot.link(entity, link)[rows]
            entity = self.results.snapshot.vocabulary.entities[entity].relations[link].to
        return rows

    def nearest(self, clause: Clause, condition: int, those: Owners, stakes: Stakes) -> Iterator[Near]:
        """By the gap, then by the money at stake, then in the order of the rows."""
        self.gaps = self.gaps or Gaps(self.results)
        differences = self.gaps.of(clause, condition, those.at)
        sizes = None if differences is None else differences.sizes()
        table, own = self.results.snapshot.tables[clause.entity], self.results.snapshot.tables[stakes.entity]
        for place in first(sizes, those.fen):
            gap = None if differences is None else differences.gap(place)
            key, at = str(own.keys[those.rows[place]]), str(table.keys[those.at[place]])
            yield Near(key, at, gap, stakes.at(int(those.rows[place])))

    # --- by group ------------------------------------------------------------------------------------------------------

    def groups(
        self, clause: Clause, result: ClauseResult, bits: Masks, sole: Ints, stakes: Stakes
    ) -> Iterator[GroupLine]:
        if not self.by:
            return
        found: Grouping = grouping(self.results.snapshot, clause.entity, self.by)
        count = len(found.groups)
        standings = [count_by(result.standing == code, found.codes, count) for code in (MEETS, FAILS, LACKS)]
        fen = paid_of(result)
        paid = sums(fen.small, found.codes, count)
        for row, more in fen.big.items():
            paid[int(found.codes[row])] += more
        conditions = range(len(clause.conditions))
        alone = [by_group(sole[bits.failed[sole] == bits.bit(n)], found, stakes) for n in conditions]
        for n, group in enumerate(found.groups):
            numbers = (standings[0][n], standings[1][n], standings[2][n], paid[n])
            yield GroupLine(group, *numbers, tuple(one[n] for one in alone))


def waiting(bits: Masks) -> int:
    """Rows of which no condition fails, and one is not known."""
    return int(np.count_nonzero((bits.failed == 0) & (bits.unsure != 0))) if bits.any_unsure else 0


def steps(clause: Clause, bits: Masks) -> Iterator[Step]:
    """The funnel, in the order in which the measure names the conditions."""
    for n in range(len(clause.conditions)):
        through = bits.through(n)
        stays = (bits.failed & through) == 0
        kept = int(np.count_nonzero(stays))
        open_ones = int(np.count_nonzero(stays & ((bits.unsure & through) != 0))) if bits.any_unsure else 0
        yield Step(n, kept - open_ones, open_ones)


def unsure(clause: Clause, bits: Masks, stakes: Stakes) -> Iterator[Unsure]:
    if not bits.any_unsure:
        return
    those = stakes.owners(np.flatnonzero((bits.failed == 0) & (bits.unsure != 0)))
    missing = bits.unsure[those.rows]
    for n in range(len(clause.conditions)):
        count = int(np.count_nonzero(bits.unsure & bits.bit(n)))
        if count:
            here = those.some(np.flatnonzero(missing & bits.bit(n)))
            yield Unsure(n, count, len(here), stakes.of(here))


def by_group(rows: Ints, found: Grouping, stakes: Stakes) -> list[tuple[int, int]]:
    codes, count = found.codes[rows], len(found.groups)
    counts = np.bincount(codes, minlength=count)
    fen = sums(stakes.plain(rows)[0], codes, count)
    for row, more in stakes.big.items():
        if more and row in rows:
            fen[int(found.codes[row])] += more
    return [(int(one), money) for one, money in zip(counts, fen, strict=True)]
