"""Near misses in one look: how many one condition alone keeps out of a clause, and the money that hangs on it.

Cheap enough to stand beside every answer; :mod:`people` names who they are and how much each is short.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mangrove.rulebook.engines.columns import Ints
from mangrove.rulebook.engines.pot import total_of
from mangrove.rulebook.engines.results import ClauseResult, Results
from mangrove.rulebook.explaining.people import masks


@dataclass(frozen=True)
class NearMisses:
    """``count`` things fail this condition (its place in the clause) alone, and lack no datum of another.

    ``fen`` is what they would be paid if it held, as far as that is known; of ``open`` of them it is not.
    """

    clause: str
    condition: int
    count: int
    fen: int
    open: int


def near_misses(results: Results) -> list[NearMisses]:
    """For each clause in order each condition that keeps somebody out; needs an answer that tells all."""
    return [one for result in results.clauses.values() for one in of_clause(result)]


def of_clause(result: ClauseResult) -> Iterator[NearMisses]:
    bits = masks(result)
    rows = np.flatnonzero(bits.sole)
    failed = bits.failed[rows]
    for condition in range(len(result.clause.conditions)):
        here = rows[failed == bits.bit(condition)]
        if len(here):
            yield NearMisses(result.clause.id, condition, len(here), *stake(result, here))


def stake(result: ClauseResult, rows: Ints) -> tuple[int, int]:
    """Fen known, and of how many rows it is not; rows beyond int64 one by one."""
    money = result.ungated
    if result.clause.amount is None:
        return 0, 0
    if result.beyond or money is None:
        told = [result.row(int(row)).ungated for row in rows]
        return sum(one for one in told if one is not None), told.count(None)
    known = rows if money.known is None else rows[money.known[rows]]
    return total_of(money.fen[known]), len(rows) - len(known)
