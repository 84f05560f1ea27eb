"""Money at stake for many rows: exact sums, groups, and the few that are told by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.engines.columns import Ints
from mangrove.rulebook.engines.results import ClauseResult
from mangrove.rulebook.simulate.money import paid_of, whole_sum

#: Rows told by name for each condition.
MOST_NEAR = 10


@dataclass(frozen=True)
class Stake:
    """Money in fen that would be paid, and of how many rows it is not known."""

    fen: int
    unknown: int


@dataclass(frozen=True)
class Owners:
    """Rows at which a condition is looked at, each with the row whose money is at stake, the fen, and where they are known."""

    at: Ints
    rows: Ints
    fen: Ints
    known: npt.NDArray[np.bool_] | None

    def __len__(self) -> int:
        return len(self.at)

    def some(self, places: Any) -> Owners:
        """Those at these places, which may be a slice."""
        at = self.at[places]
        rows = at if self.rows is self.at else self.rows[places]
        return Owners(at, rows, self.fen[places], None if self.known is None else self.known[places])

    def moved(self, at: Ints) -> Owners:
        return Owners(at, self.rows, self.fen, self.known)


class Stakes:
    """What each row would be paid if all conditions held."""

    def __init__(self, result: ClauseResult) -> None:
        self.entity = result.clause.entity
        money = result.ungated
        self.has_money = result.clause.amount is not None
        self.small = np.zeros(len(result), np.int64) if money is None else money.fen
        # An answer that tells only what is paid does not say what would be.
        self.known = np.zeros(len(result), bool) if money is None else money.known
        self.big: dict[int, int | None] = {row: told.ungated for row, told in result.beyond.items()}

    def at(self, row: int) -> int | None:
        if not self.has_money:
            return None
        if row in self.big:
            return self.big[row]
        return None if self.known is not None and not self.known[row] else int(self.small[row])

    def owners(self, rows: Ints) -> Owners:
        return Owners(rows, rows, *self.plain(rows))

    def of(self, those: Owners) -> Stake:
        """The exact sum, each owner counting."""
        if not self.has_money:
            return Stake(0, 0)
        big = [self.big[int(row)] for row in those.rows if int(row) in self.big] if self.big else []
        unknown = 0 if those.known is None else len(those) - int(np.count_nonzero(those.known))
        return Stake(summed(those.fen) + sum(one or 0 for one in big), unknown - len(big) + big.count(None))

    def plain(self, rows: Ints) -> tuple[Ints, npt.NDArray[np.bool_] | None]:
        """Fen by row, 0 where an int64 does not hold them or nobody knows; and where they are known so."""
        if self.known is None and not self.big:
            return self.small[rows], None
        known = np.ones(len(rows), bool) if self.known is None else self.known[rows]
        if self.big:
            known = known & ~np.isin(rows, np.fromiter(self.big, np.int64, len(self.big)))
        return np.where(known, self.small[rows], 0), known


def summed(fen: Ints) -> int:
    """Exactly: at once where the sum cannot leave an int64, else in halves."""
    if len(fen) and max(int(fen.max()), -int(fen.min())) < (1 << 62) // len(fen):
        return int(fen.sum())
    return whole_sum(fen)


def paid(result: ClauseResult) -> int:
    """What all rows are paid now. What fails is paid nothing already."""
    money = result.result
    if money is None or result.beyond or result.chosen is not None:
        return paid_of(result).total()
    return summed(money.fen if money.known is None else money.fen[money.known])


def sums(fen: Ints, codes: Ints, count: int) -> list[int]:
    """Exact sums by code. In three parts of 21 bits: a float holds the sum of each for two thousand million rows."""
    parts = [np.bincount(codes, (fen >> 21 * n) & ((1 << 21) - 1), minlength=count) for n in range(3)]
    return [sum(int(part[code]) << 21 * n for n, part in enumerate(parts)) for code in range(count)]


# --- the nearest ---------------------------------------------------------------------------------------------------------


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
