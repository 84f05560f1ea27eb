"""A whole population explained: how many each condition leaves, whom one condition alone keeps out, and what is at stake.

From the masks of an answer, vectorised: a row is never looked at by itself, apart from those few that are told by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook import typed
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Ints
from mangrove.rulebook.engines.results import FAILS, LACKS, MEETS, ClauseResult, Results
from mangrove.rulebook.explaining.gaps import Gaps
from mangrove.rulebook.explaining.parts import Gap
from mangrove.rulebook.explaining.trying import clause_in
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.simulate.groups import Group, Grouping, followed, grouping
from mangrove.rulebook.simulate.money import count_by, paid_of, whole_sum

#: Rows told by name for each condition.
MOST_NEAR = 10


@dataclass(frozen=True)
class Stake:
    """Money in fen that would be paid, and of how many rows it is not known."""

    fen: int
    unknown: int


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

    ``clause`` is whose condition it is. Where it asks for an earlier clause, ``under`` says which of its conditions fail
    alone, and ``several`` how many rows fail more than one of them.
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

    @property
    def sole(self) -> npt.NDArray[np.bool_]:
        """Exactly one condition not met, and none unknown."""
        failed = self.failed
        one = (failed & (failed - failed.dtype.type(1))) == 0
        return one & (failed != 0) & (self.unsure == 0)

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

    def clause(self, clause: Clause) -> ClausePeople:
        result = self.results.clauses[clause.id]
        bits, stakes = masks(result), Stakes(result)
        sole = np.flatnonzero(bits.sole)
        meets, fails, lacks = (
            int(np.count_nonzero(result.standing == code)) for code in (MEETS, FAILS, LACKS)
        )
        nothing = (bits.failed == 0) & (bits.unsure == 0)
        return ClausePeople(
            clause, len(result), meets, fails, lacks, paid=paid_of(result).total(),
            steps=tuple(steps(clause, bits)),
            soles=tuple(self.soles(clause, bits, sole, sole, stakes)),
            unsure=tuple(unsure(clause, bits, stakes)),
            amount_unknown=int(np.count_nonzero(nothing & (result.standing == LACKS))),
            groups=tuple(self.groups(clause, result, bits, sole, stakes)),
        )  # fmt: skip

    # --- whom one condition alone keeps out ----------------------------------------------------------------------------

    def soles(self, clause: Clause, bits: Masks, rows: Ints, owners: Ints, stakes: Stakes) -> Iterator[Sole]:
        """``rows`` of this clause fail one condition alone; ``owners`` are the rows whose money is at stake for each."""
        failed = bits.failed[rows]
        for condition in range(len(clause.conditions)):
            here = np.flatnonzero(failed == bits.bit(condition))
            at = rows[here]
            whose = at if owners is rows else owners[here]
            if len(at):
                stake, fen = stakes.of(whose)
                near = tuple(self.nearest(clause, condition, at, whose, fen, stakes))
                under, several = self.under(clause, condition, at, whose, stakes)
                yield Sole(clause, condition, len(at), stake, near, under, several)

    def under(
        self, clause: Clause, condition: int, rows: Ints, owners: Ints, stakes: Stakes
    ) -> tuple[tuple[Sole, ...], int]:
        """Where the condition asks for an earlier clause: which condition of that one fails alone, and for how many several."""
        node = clause.conditions[condition].meaning
        use = node.of if isinstance(node, typed.Above) else node
        inner = self.results.measure.clauses if isinstance(use, typed.Use) else ()
        asked = [one for one in inner if isinstance(use, typed.Use) and one.id == clause_in(use.name)]
        if not asked:
            return (), 0
        rows = self.linked(clause.entity, node, rows)
        bits = masks(self.results.clauses[asked[0].id])
        here = bits.sole[rows]
        found = tuple(self.soles(asked[0], bits, rows[here], owners[here], stakes))
        return found, int(np.count_nonzero(~here))

    def linked(self, entity: str, node: typed.Typed, rows: Ints) -> Ints:
        """The rows that links lead to; they are known where the clause there is known to fail."""
        for link in node.links if isinstance(node, typed.Above) else ():
            rows = followed(rows, self.results.snapshot.link(entity, link))
            entity = self.results.snapshot.vocabulary.entities[entity].relations[link].to
        return rows

    def nearest(
        self, clause: Clause, condition: int, rows: Ints, owners: Ints, fen: Ints, stakes: Stakes
    ) -> Iterator[Near]:
        """By the gap, then by the money at stake, then in the order of the rows."""
        self.gaps = self.gaps or Gaps(self.results)
        differences = self.gaps.of(clause, condition, rows)
        sizes = None if differences is None else differences.sizes()
        table, own = self.results.snapshot.tables[clause.entity], self.results.snapshot.tables[stakes.entity]
        for place in first(sizes, fen):
            gap = None if differences is None else differences.gap(place)
            key, at = str(own.keys[owners[place]]), str(table.keys[rows[place]])
            yield Near(key, at, gap, stakes.at(int(owners[place])))

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


class Stakes:
    """What each row would be paid if all conditions held."""

    def __init__(self, result: ClauseResult) -> None:
        self.entity = result.clause.entity
        money = result.ungated
        self.has_money = result.clause.amount is not None
        self.small = np.zeros(len(result), np.int64) if money is None else money.fen
        self.known = None if money is None else money.known
        self.big: dict[int, int | None] = {row: told.ungated for row, told in result.beyond.items()}

    def at(self, row: int) -> int | None:
        if not self.has_money:
            return None
        if row in self.big:
            return self.big[row]
        return None if self.known is not None and not self.known[row] else int(self.small[row])

    def of(self, rows: Ints) -> tuple[Stake, Ints]:
        """The exact sum over rows, each of which counts; and fen by row, 0 where an int64 does not hold them or nobody knows."""
        fen, known = self.plain(rows)
        if not self.has_money:
            return Stake(0, 0), fen
        big = [self.big[int(row)] for row in rows if int(row) in self.big] if self.big else []
        unknown = 0 if known is None else int(np.count_nonzero(~known)) - len(big) + big.count(None)
        return Stake(whole_sum(fen) + sum(one or 0 for one in big), unknown), fen

    def plain(self, rows: Ints) -> tuple[Ints, npt.NDArray[np.bool_] | None]:
        """Fen by row, and where they are known so; ``None`` where all are."""
        if self.known is None and not self.big:
            return self.small[rows], None
        known = np.ones(len(rows), bool) if self.known is None else self.known[rows]
        if self.big:
            known = known & ~np.isin(rows, np.fromiter(self.big, np.int64, len(self.big)))
        return np.where(known, self.small[rows], 0), known


def steps(clause: Clause, bits: Masks) -> Iterator[Step]:
    """The funnel, in the order in which the measure names the conditions."""
    has_unsure = bool(bits.unsure.any())
    for n in range(len(clause.conditions)):
        through = bits.through(n)
        stays = (bits.failed & through) == 0
        kept = int(np.count_nonzero(stays))
        open_ones = int(np.count_nonzero(stays & ((bits.unsure & through) != 0))) if has_unsure else 0
        yield Step(n, kept - open_ones, open_ones)


def unsure(clause: Clause, bits: Masks, stakes: Stakes) -> Iterator[Unsure]:
    if not bits.unsure.any():
        return
    waiting = np.flatnonzero((bits.failed == 0) & (bits.unsure != 0))
    missing = bits.unsure[waiting]
    for n in range(len(clause.conditions)):
        count = int(np.count_nonzero(bits.unsure & bits.bit(n)))
        here = waiting[(missing & bits.bit(n)) != 0]
        if count:
            yield Unsure(n, count, len(here), stakes.of(here)[0])


def by_group(rows: Ints, found: Grouping, stakes: Stakes) -> list[tuple[int, int]]:
    codes, count = found.codes[rows], len(found.groups)
    counts = np.bincount(codes, minlength=count)
    fen = sums(stakes.plain(rows)[0], codes, count)
    for row, more in stakes.big.items():
        if more and row in rows:
            fen[int(found.codes[row])] += more
    return [(int(one), money) for one, money in zip(counts, fen, strict=True)]


def sums(fen: Ints, codes: Ints, count: int) -> list[int]:
    """Exact sums by code. In three parts of 21 bits: a float holds the sum of each for two thousand million rows."""
    parts = [np.bincount(codes, (fen >> 21 * n) & ((1 << 21) - 1), minlength=count) for n in range(3)]
    return [sum(int(part[code]) << 21 * n for n, part in enumerate(parts)) for code in range(count)]


def first(sizes: npt.NDArray[np.float64] | None, fen: Ints) -> list[int]:
    """The places of the nearest, of these the dearest, of these the first."""
    chosen = tied(-fen, np.arange(len(fen)), MOST_NEAR) if sizes is None else nearest_places(sizes, fen)
    order = (chosen, -fen[chosen]) if sizes is None else (chosen, -fen[chosen], sizes[chosen])
    return [int(one) for one in chosen[np.lexsort(order)]]


def nearest_places(sizes: npt.NDArray[np.float64], fen: Ints) -> Ints:
    if len(sizes) <= MOST_NEAR:
        return np.arange(len(sizes))
    bound = np.partition(sizes, MOST_NEAR - 1)[MOST_NEAR - 1]
    nearer, equal = np.flatnonzero(sizes < bound), np.flatnonzero(sizes == bound)
    return np.concatenate([nearer, tied(-fen[equal], equal, MOST_NEAR - len(nearer))])


def tied(order: Ints, places: Ints, room: int) -> Ints:
    """Of places alike so far, the least by ``order``, and of these the first."""
    if len(places) <= room:
        return places
    bound = np.partition(order, room - 1)[room - 1]
    less, equal = places[order < bound], places[order == bound]
    return np.concatenate([less, equal[: room - len(less)]])
