"""Fen of many rows, and their exact sums: int64 where it holds a row, Python integers for totals and for rows beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mangrove.rulebook.engines.columns import Ints, Truths
from mangrove.rulebook.engines.results import MEETS, ClauseResult, Results

#: A row that does not stay under this is kept as a Python integer.
WIDEST = 1 << 62
#: A number is summed in two halves, so that no sum of fewer than 2**31 rows can wrap.
HALF = 31
#: Sums of fewer than 2**16 clauses are watched without their lowest bits.
WATCHED = 16


@dataclass(frozen=True)
class Fen:
    """Fen by row. ``big`` has the rows that an int64 may not hold; they stand as 0 in ``small``."""

    small: Ints
    big: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.small)

    def at(self, row: int) -> int:
        return self.big.get(row, int(self.small[row]))

    def total(self) -> int:
        return whole_sum(self.small) + sum(self.big.values())

    def by(self, codes: Ints, count: int) -> list[int]:
        """The sums of the rows of each code; ``codes`` run from 0 to ``count`` - 1."""
        found = sums_by(self.small, codes, count)
        for row, fen in self.big.items():
            found[int(codes[row])] += fen
        return found

    def positive(self) -> Truths:
        found = self.small > 0
        for row, fen in self.big.items():
            found[row] = fen > 0
        return found


def whole_sum(values: Ints) -> int:
    if no_sum_wraps(values):
        return int(values.sum())
    return (int((values >> HALF).sum()) << HALF) + int((values & ((1 << HALF) - 1)).sum())


def no_sum_wraps(values: Ints) -> bool:
    """Whether an int64 holds the sum of any of them."""
    if not len(values):
        return True
    return max(int(values.max()), -int(values.min())) * len(values) < WIDEST


def sums_by(values: Ints, codes: Ints, count: int) -> list[int]:
    if no_sum_wraps(values):
        found = np.zeros(count, np.int64)
        np.add.at(found, codes, values)
        return [int(one) for one in found]
    high, low = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(high, codes, values >> HALF)
    np.add.at(low, codes, values & ((1 << HALF) - 1))
    return [(int(above) << HALF) + int(below) for above, below in zip(high, low, strict=True)]


def count_by(where: Truths, codes: Ints, count: int) -> list[int]:
    return [int(one) for one in np.bincount(codes[where], minlength=count)]


def paid_under(results: Results, id: str) -> Fen:
    """What each row is paid now under a clause; worked out once."""
    if ("under", id) not in results.remembered:
        results.remembered["under", id] = paid_of(results.clauses[id])
    found: Fen = results.remembered["under", id]
    return found


def paid_of(result: ClauseResult) -> Fen:
    """What each row is paid now: 0 where a clause fails or lacks a datum, and where it is not chosen under a quota."""
    if result.result is None:
        return Fen(np.zeros(len(result), np.int64))
    small = np.where(result.standing == MEETS, result.result.fen, 0).astype(np.int64, copy=False)
    big = {}
    for row, told in result.beyond.items():
        fen = told.fen or 0
        small[row] = fen if fen < WIDEST else 0
        if fen >= WIDEST:
            big[row] = fen
    if result.chosen is None:
        return Fen(small, big)
    return Fen(
        np.where(result.chosen, small, 0), {row: fen for row, fen in big.items() if result.chosen[row]}
    )


def added(parts: Sequence[Fen], rows: int) -> Fen:
    """Row by row; what several clauses pay is never below 0."""
    if len(parts) == 1:
        return parts[0]
    watch, small = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    for one in parts:
        watch += (one.small >> WATCHED) + 1
        small += one.small
    wide = {row for one in parts for row in one.big}
    wide |= {int(row) for row in np.flatnonzero(watch >= WIDEST >> WATCHED)}
    big = {row: sum(one.at(row) for one in parts) for row in wide}
    small[list(wide)] = 0
    return Fen(small, big)
