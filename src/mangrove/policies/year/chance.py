"""Chance that a seed settles, in integers only: no float decides anything, and the same seed gives the same year everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

Any_ = TypeVar("Any_")
#: Steps between two percentiles.
FINE = 1000
#: One in how many.
THOUSAND = 1000


def at_percentile(table: Sequence[Sequence[int]], place: int) -> int:
    """The value at ``place``, in thousandths of a percent, on straight lines between the pairs of the table."""
    for (low, least), (high, most) in zip(table, table[1:], strict=False):
        if place <= high * FINE:
            return least + (most - least) * (place - low * FINE) // ((high - low) * FINE)
    return table[-1][1]


def drawn(chance: Random, table: Sequence[Sequence[int]]) -> int:
    return at_percentile(table, chance.randrange(100 * FINE + 1))


def happens(chance: Random, permille: int) -> bool:
    return chance.randrange(THOUSAND) < permille


def one_of(chance: Random, among: Sequence[Any_]) -> Any_:
    return among[chance.randrange(len(among))]


def between(chance: Random, ends: Sequence[int]) -> int:
    """Both ends may come up."""
    return chance.randrange(ends[0], ends[1] + 1)


def day_between(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))
