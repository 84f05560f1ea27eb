"""What a node comes to for all rows: numbers with what is known of them, or truths as yes and no; and what int64 cannot hold.

Arrays of one row each, or of no dimension where all rows have the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.engines.bounds import WIDEST

Array = npt.NDArray[Any]
#: ``None`` says the same as an array that is true throughout (of ``known``) or false throughout (of ``risky``).
Mask = npt.NDArray[np.bool_] | None
NOTHING_KNOWN = np.array(False)


@dataclass(frozen=True)
class Number:
    """``risky`` rows mean nothing: the interpreter answers them."""

    values: Array
    known: Mask = None
    risky: Mask = None


@dataclass(frozen=True)
class Truth:
    """Where it is yes and where it is no; neither where it is not known. ``no`` is ``None`` where all the rest is no."""

    yes: Array
    no: Mask = None
    risky: Mask = None

    @property
    def values(self) -> Array:
        return self.yes

    @cached_property
    def nos(self) -> Array:
        return ~self.yes if self.no is None else self.no

    @cached_property
    def known(self) -> Mask:
        return None if self.no is None else self.yes | self.no


Value: TypeAlias = Number | Truth


def truth(values: Array, known: Mask, risky: Mask = None) -> Truth:
    """From yes and no where it is known."""
    if known is None:
        return Truth(values, None, risky)
    yes = values & known
    return Truth(yes, known ^ yes, risky)


def both(*masks: Mask) -> Mask:
    """Known where all are."""
    found: Mask = None
    for one in masks:
        found = one if found is None else found if one is None else found & one
    return found


def either(*masks: Mask) -> Mask:
    """Risky where one is."""
    found: Mask = None
    for one in masks:
        found = one if found is None else found if one is None else found | one
    return found


def beyond(floats: Callable[..., Array], parts: list[Array]) -> Mask:
    """The rows that int64 may not hold, as a float tells; ``None`` where there are none."""
    found = np.abs(floats(*(part.astype(np.float64) for part in parts))) >= float(WIDEST)
    return found if found.any() else None


def either_place(where: Array, yes: Array, no: Array) -> Array:
    """``np.where`` for places of caps, in bytes: where one side is the same for all, reckoning is much faster than choosing."""
    return where.view(np.int8) * (yes - no) + no


def whole(array: Array, rows: int) -> Array:
    """What is the same for all rows, said for each."""
    return array if array.ndim else np.full(rows, array)
