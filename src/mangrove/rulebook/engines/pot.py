"""A pot shared out pro rata over many: exact in int64 arrays, by a float's guess and an exact look at what is left over."""

from __future__ import annotations

import numpy as np

from mangrove.rulebook.allotting.shares import largest_remainder
from mangrove.rulebook.engines.columns import Ints

#: Up to here a float's guess of a quotient is off by no more than one, and what is left over fits an int64.
MOST_TOTAL, MOST_PART = 1 << 58, 1 << 50
#: Rests are told apart by so many steps before any are sorted.
STEPS = 4096


def total_of(asked: Ints) -> int:
    """The exact sum, also where an int64 does not hold it."""
    if len(asked) and int(asked.max()) < (1 << 62) // len(asked):
        return int(asked.sum())
    return (int((asked >> 31).sum()) << 31) + int((asked & 0x7FFFFFFF).sum())


def pro_rata(asked: Ints, pot: int) -> Ints:
    """What each gets in fen of a pot for which more is asked: whole fen by largest remainder, ties to the earlier row.

    ``asked`` is at least 0. Everything is given out; where less is asked than there is, everybody gets what he asked.
    """
    total = total_of(asked)
    if total <= pot:
        return asked.copy()
    if total >= MOST_TOTAL or pot >= MOST_TOTAL or int(asked.max()) >= MOST_PART:
        return np.array(largest_remainder(pot, [int(one) for one in asked]), np.int64)
    given, rest = parts(asked, pot, total)
    left = pot - int(given.sum())
    if left:
        given[largest(rest, left, total)] += 1
    return given


def parts(asked: Ints, pot: int, total: int) -> tuple[Ints, Ints]:
    """``divmod(asked * pot, total)``: the products wrap around, what is left over does not."""
    with np.errstate(over="ignore"):
        given = (asked * (pot / total)).astype(np.int64)
        rest = asked * pot - given * total
    low = rest < 0
    if low.any():
        given -= low
        rest += low * total
    high = rest >= total
    if high.any():
        given += high
        rest -= high * total
    return given, rest


def largest(rest: Ints, count: int, total: int) -> Ints:
    """The rows of the largest rests, among equals the earlier; all rests are below ``total``."""
    steps = (rest * (STEPS / total)).astype(np.int16)  # rounding keeps the order
    above = np.cumsum(np.bincount(steps, minlength=STEPS + 1)[::-1])[::-1]
    step = int(np.flatnonzero(above >= count)[-1])
    sure = np.flatnonzero(steps > step)
    close = np.flatnonzero(steps == step)
    wanted = count - len(sure)
    bound = np.sort(rest[close])[len(close) - wanted]
    higher = close[rest[close] > bound]
    equal = close[rest[close] == bound][: wanted - len(higher)]
    return np.concatenate([sure, higher, equal])
