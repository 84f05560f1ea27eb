"""How large the integers of a plan can get on these data: which nodes need more than 62 bits.

Intervals of Python integers, from the least and greatest value of each column and from the parameters of the run. Where a
node may leave 62 bits, an engine watches it row by row, and the interpreter answers the rows that do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.plan import Node, Plan

Interval = tuple[int, int]
#: Past this an engine does not trust int64; half of what it holds, so that a float can tell.
WIDEST = 1 << 62
DAYS = (0, 4_000_000)


class Ranged(Protocol):
    @property
    def range(self) -> Interval: ...


class Sized(Protocol):
    """``largest``: the most children that one parent has."""

    @property
    def largest(self) -> int: ...


class Extents(Protocol):
    """What intervals need to know of the data; a :class:`Snapshot` says it, and so does a database."""

    def column(self, entity: str, name: str, /) -> Ranged: ...
    def family(self, child: str, link: str, /) -> Sized: ...


def wide_nodes(
    plan: Plan, snapshot: Snapshot, values: Sequence[int | None], needed: Sequence[int]
) -> frozenset[int]:
    """The nodes whose value may be wider than :data:`WIDEST` on these data."""
    found: dict[int, Interval] = {}
    wide = set()
    for index in needed:
        low, high = interval(plan.nodes[index], found, snapshot, values)
        if max(abs(low), abs(high)) > WIDEST:
            wide.add(index)
        # What is wider is not used: those rows are answered elsewhere.
        found[index] = (max(low, -WIDEST), min(high, WIDEST))
    return frozenset(wide)


def interval(
    node: Node, found: dict[int, Interval], snapshot: Extents, values: Sequence[int | None]
) -> Interval:
    if node.is_truth:
        return 0, 1
    if node.op == "param":
        value = values[int(node.detail[0])] or 0
        return value, value
    if node.op == "load":
        return snapshot.column(node.entity, str(node.detail[0])).range
    if node.op == "gather":
        return gathered(node, found, snapshot)
    return RULES[node.op](*(found[one] for one in node.args))


def gathered(node: Node, found: dict[int, Interval], snapshot: Extents) -> Interval:
    child, link, function = (str(one) for one in node.detail)
    most = snapshot.family(child, link).largest
    if function == "count" or node.args[0] < 0:
        return 0, most
    low, high = found[node.args[0]]
    return (min(0, low * most), max(0, high * most)) if function == "sum" else (low, high)


def product(a: Interval, b: Interval) -> Interval:
    ends = [x * y for x in a for y in b]
    return min(ends), max(ends)


def quotient(a: Interval, b: Interval) -> Interval:
    """Rounding goes at most one further from zero; divisors are at least 1."""
    least = max(1, b[0])
    return min(0, a[0]) // least - 1, max(0, a[1]) // least + 1


def either(_condition: Interval, a: Interval, b: Interval) -> Interval:
    return min(a[0], b[0]), max(a[1], b[1])


def size(a: Interval) -> Interval:
    return 0, max(abs(a[0]), abs(a[1]))


RULES: dict[str, Callable[..., Interval]] = {
    "up": lambda a: a, "or_zero": lambda a: (min(0, a[0]), max(0, a[1])), "nonzero": lambda a: a,
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]), "sub": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "mul": product, "neg": lambda a: (-a[1], -a[0]), "abs": size, "sign": lambda a: (-1, 1),
    "min": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])), "max": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "divide_half_up": quotient, "divide_down": quotient, "divide_up": quotient, "select": either, "which": either,
    "years_between": lambda a, b: (-10_000, 10_000), "years_after": lambda a, b: DAYS,
}  # fmt: skip
