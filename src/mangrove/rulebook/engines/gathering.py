"""What belongs to each parent, in columns: sums and counts by running totals, the least and the greatest by segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangrove.rulebook.engines.bounds import WIDEST
from mangrove.rulebook.engines.columns import Family
from mangrove.rulebook.engines.values import Array, Mask, Number, Truth, Value, both, either, whole


@dataclass
class Gathering:
    """``rows`` children; ``value`` is what is gathered of those of which ``where`` holds."""

    family: Family
    rows: int
    value: Number | None
    where: Truth | None

    def made(self, function: str, wide: bool) -> Value:
        """``wide``: the sum of a parent may leave 62 bits."""
        risky = self.per_parent(either(*(one.risky for one in (self.value, self.where) if one)))
        if function in ("any", "all"):
            return self.truth(function, risky)
        kept = None if self.where is None else self.where.yes
        unsure = self.unsure(kept, counting=function == "count" or self.value is None)
        known = None if unsure is None else ~unsure
        if function == "count" or self.value is None:
            return Number(self.count(kept), known, risky)
        values = whole(self.value.values, self.rows)
        if function == "sum":
            return self.sum(values if kept is None else values * kept, known, risky, wide)
        return self.extreme(function, values, kept, known, risky)

    def in_order(self, array: Array) -> Array:
        array = whole(array, self.rows)
        return array if self.family.order is None else array[self.family.order]

    def total(self, array: Array) -> Array:
        """Sums by parent. A running total may wrap around; the differences are right as long as a parent's sum fits."""
        kind = np.int32 if array.dtype == bool else array.dtype  # fewer than two thousand million children
        running = np.zeros(self.rows + 1, kind)
        np.cumsum(self.in_order(array), out=running[1:])
        starts = self.family.starts
        return running[starts[1:]] - running[starts[:-1]]

    def per_parent(self, array: Mask) -> Mask:
        """The parents of which one child is marked; ``None`` where there is none."""
        if array is None:
            return None
        found = self.total(array) > 0
        return found if found.any() else None

    def count(self, kept: Mask) -> Array:
        found = np.diff(self.family.starts) if kept is None else self.total(kept)
        return found.astype(np.int64, copy=False)

    def unsure(self, kept: Mask, *, counting: bool) -> Mask:
        """Where a child that may belong, or what it comes to, is not known."""
        found: Mask = None
        if self.where is not None and self.where.known is not None:
            found = ~self.where.known
        if not counting and self.value is not None and self.value.known is not None:
            blank = ~self.value.known if kept is None else ~self.value.known & kept
            found = blank if found is None else found | blank
        return self.per_parent(found)

    def truth(self, function: str, risky: Mask) -> Truth:
        """any and all: one that decides is enough, whatever is not known."""
        where = self.where or Truth(np.array(True))
        decides = self.total(where.yes if function == "any" else where.nos) > 0
        unsure = None if where.known is None else self.per_parent(~where.known)
        rest = None if unsure is None else ~(decides | unsure)
        if function == "any":
            return Truth(decides, rest, risky)
        return Truth(~decides if rest is None else rest, None if rest is None else decides, risky)

    def sum(self, values: Array, known: Mask, risky: Mask, wide: bool) -> Number:
        if wide:
            size = self.total(np.abs(values.astype(np.float64))) >= float(WIDEST)
            risky = either(risky, size if size.any() else None)
        return Number(self.total(values), known, risky)

    def extreme(self, function: str, values: Array, kept: Mask, known: Mask, risky: Mask) -> Number:
        """Of none at all it is not known."""
        least, limits = function == "min_of", np.iinfo(np.int64)
        if kept is not None:
            values = np.where(kept, values, limits.max if least else limits.min)
        starts, has = self.family.starts, np.diff(self.family.starts) > 0
        found = np.zeros(len(has), np.int64)
        if has.any():
            reduce = (np.minimum if least else np.maximum).reduceat
            found[has] = reduce(self.in_order(values)[: starts[-1]], starts[:-1][has])
        some = self.count(kept) > 0
        return Number(found, both(known, None if some.all() else some), risky)
