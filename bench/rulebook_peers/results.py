"""What an engine gives back, and how two answers are compared row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Reasons:
    """Per row of its entity, for one clause; see POLICY.md."""

    standing: Array
    false: Array
    unknown: Array
    binding: Array


@dataclass(frozen=True)
class Near:
    """``sole``: the one condition that is false (−1: not a near miss). ``stake``: fen if it were met (−1: not known)."""

    sole: Array
    stake: Array


@dataclass(frozen=True)
class Result:
    """``entitled``, ``lacks`` and ``paid`` in the order of the firms; ``reasons`` by clause, ``near`` by gate, where asked for."""

    entitled: Array
    lacks: Array
    paid: Array
    reasons: dict[str, Reasons] | None = None
    near: dict[str, Near] | None = None


#: An engine gets ready once, untimed (columns into its own form, kernels compiled), and is then run as often as wanted.
Run = Callable[[], Result]


def rows_off(one: Result, other: Result) -> dict[str, int]:
    """For each result, reason and near miss that both have: the number of rows that differ."""
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in ("entitled", "lacks", "paid")}
    for kind in ("reasons", "near"):
        ours, theirs = getattr(one, kind) or {}, getattr(other, kind) or {}
        for clause in ours.keys() & theirs.keys():
            for name in vars(ours[clause]):
                pairs[f"{clause}.{name}"] = (getattr(ours[clause], name), getattr(theirs[clause], name))
    return {name: int(np.count_nonzero(a != b)) for name, (a, b) in pairs.items()}
