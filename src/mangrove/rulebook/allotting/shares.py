"""Whole parts by weights, exactly: the largest remainders take what the floors leave. Integers only, no rounding errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

N = TypeVar("N")


def split(fen: int, weights: Mapping[N, int]) -> dict[N, int]:
    """Who bears how much of ``fen``: every fen given out, ties in the order of declaration.

    Raises ``ValueError`` for less than nothing to split, a weight below zero, and weights that are all zero.
    """
    if fen < 0:
        raise ValueError(f"金额 {fen} 分小于零，不能分担。")
    parts = largest_remainder(fen, list(weights.values()))
    return dict(zip(weights, parts, strict=True))


def largest_remainder(total: int, weights: Sequence[int], room: Sequence[int] | None = None) -> list[int]:
    """``total`` indivisible units by weight; nobody is further than one unit from his exact share.

    The floors first; then one unit each by remainder, the largest first, ties to the earlier. ``room`` is the most that
    each can take: who is full is passed over, and what nobody can take is not given out. Raises ``ValueError``.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(f"权数 {list(weights)} 须不小于零，且不全为零。")
    parts, rests = map(list, zip(*(divmod(total * weight, whole) for weight in weights), strict=True))
    left = total - sum(parts)
    by_rest = sorted(range(len(parts)), key=lambda index: -rests[index])
    # Whose share is a whole number stays at it, even where others are full.
    takers = [index for index in by_rest if rests[index] and (room is None or parts[index] < room[index])]
    for index in takers[:left]:
        parts[index] += 1
    return parts
