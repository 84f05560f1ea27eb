"""What holds of the nodes of a plan on these data, as far as the text of a query depends on it: widths, signs, unknowns.

Thresholds move none of this as long as no number changes its width, so that a what-if keeps its query.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from mangrove.rulebook.engines.bounds import Interval, Ranged, Sized, interval
from mangrove.rulebook.engines.plan import Node, Plan, TooWide
from mangrove.rulebook.interpret import at_least, every, opposite, some
from mangrove.vocabulary.dates import years_after, years_between

#: Past this an integer takes 128 bits, and past the second not even they are trusted.
HUGE, DEEP = 1 << 62, 1 << 126
#: A value that is the same for all rows.
Scalar = int | bool | None


class Known(Ranged, Protocol):
    @property
    def known(self) -> object | None:
        """``None`` where every value is known."""


class Extents(Protocol):
    """How far the data go, and where they have gaps."""

    def column(self, entity: str, name: str, /) -> Known: ...
    def family(self, child: str, link: str, /) -> Sized: ...
    def all_linked(self, entity: str, link: str, /) -> bool: ...


@dataclass(frozen=True)
class Facts:
    """Sets of nodes. ``risky`` may have rows that 126 bits do not hold, found at one of ``deep``, and only pass it on."""

    huge: frozenset[int]
    deep: frozenset[int]
    risky: frozenset[int]
    unknown: frozenset[int]
    signed: frozenset[int]
    #: Least and greatest of two that are always the same one: (node, that one).
    decided: tuple[tuple[int, int], ...] = ()


def scalars(plan: Plan, values: Sequence[int | None], needed: Sequence[int]) -> dict[int, Scalar]:
    """The nodes that are the same for all rows, worked out once. Raises :class:`TooWide` past 126 bits."""
    found: dict[int, Scalar] = {}
    for index in needed:
        node = plan.nodes[index]
        if not node.entity:
            found[index] = value = scalar(node, found, values)
            if value is not None and abs(value) >= DEEP:
                raise TooWide("a number of more than 126 bits")
    return found


def scalar(node: Node, found: Mapping[int, Scalar], values: Sequence[int | None]) -> Scalar:
    if node.op == "param":
        return values[int(node.detail[0])]
    args = [found[one] for one in node.args]
    if node.op in OPEN:
        return OPEN[node.op](node, *args)
    return None if None in args else CLOSED[node.op](*args)


def divide(way: Callable[[int, int], int]) -> Callable[[int, int], int]:
    """Of sizes; the sign comes back after."""
    return lambda a, b: way(abs(a), b) * (1 if a >= 0 else -1)


#: What looks at unknowns itself, and what is unknown when a part is.
OPEN: dict[str, Callable[..., Scalar]] = {
    "and": lambda _node, *parts: every(parts), "or": lambda _node, *parts: some(parts),
    "not": lambda _node, a: opposite(a), "at_least": lambda node, *parts: at_least(int(node.detail[0]), parts),
    "select": lambda _node, c, a, b: None if c is None else a if c else b,
    "which": lambda _node, c, a, b: None if c is None else a if c else b,
    "sure": lambda _node, a: None if a is None else True, "or_zero": lambda _node, a: a or 0,
    "nonzero": lambda _node, a: a or None,
}  # fmt: skip
CLOSED: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg, "abs": abs,
    "sign": lambda a: (a > 0) - (a < 0), "min": min, "max": max,
    "divide_half_up": divide(lambda a, b: (2 * a + b) // (2 * b)), "divide_down": divide(lambda a, b: a // b),
    "divide_up": divide(lambda a, b: -(-a // b)),
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "years_between": lambda a, b: years_between(date.fromordinal(a), date.fromordinal(b)),
    "years_after": lambda a, years: years_after(date.fromordinal(a), years).toordinal(),
}  # fmt: skip


def facts(plan: Plan, extents: Extents, fixed: Mapping[int, Scalar], needed: Sequence[int]) -> Facts:
    ranges: dict[int, Interval] = {}
    huge, deep, risky, unknown = set[int](), set[int](), set[int](), set[int]()
    for index in needed:
        node = plan.nodes[index]
        low, high = exact(node, ranges, extents) if node.entity else same(fixed[index])
        size = max(abs(low), abs(high))
        if size > HUGE:
            huge.add(index)
        if size > DEEP:
            deep.add(index)
        if index in deep or any(one in risky for one in node.args):
            risky.add(index)
        ranges[index] = (max(low, -DEEP), min(high, DEEP))
        if may_lack(node, index, unknown, ranges, extents, fixed):
            unknown.add(index)
    # What is blanked for its width is unknown as far as the query goes.
    unknown |= risky
    signed = frozenset(index for index, (low, _high) in ranges.items() if low < 0)
    decided = tuple(
        (index, one) for index in needed if (one := always(plan.nodes[index], ranges, unknown)) is not None
    )
    return Facts(frozenset(huge), frozenset(deep), frozenset(risky), frozenset(unknown), signed, decided)


def always(node: Node, ranges: Mapping[int, Interval], unknown: set[int]) -> int | None:
    """Which of two the greatest or the least of them is, whatever the row."""
    if node.op not in ("min", "max") or not node.entity:
        return None
    for one, other in (node.args, node.args[::-1]):
        (low, high), (other_low, other_high) = ranges[one], ranges[other]
        beaten = low >= other_high if node.op == "max" else high <= other_low
        if beaten and other not in unknown:
            return one
    return None


def simplified(plan: Plan, told: Facts) -> Plan:
    """The same plan without the choices that are decided already: no amount below zero is cut off at zero."""
    into: dict[int, int] = {}
    for index, one in told.decided:
        into[index] = into.get(one, one)
    if not into:
        return plan
    nodes = [replace(node, args=tuple(into.get(one, one) for one in node.args)) for node in plan.nodes]
    steps = ("uncapped", "capped", "ungated", "result")
    compiled = [
        replace(
            one, **{name: into.get(node, node) for name in steps if (node := getattr(one, name)) is not None}
        )
        for one in plan.compiled
    ]
    return replace(plan, nodes=nodes, compiled=compiled)


def same(value: Scalar) -> Interval:
    return int(value or 0), int(value or 0)


def exact(node: Node, ranges: dict[int, Interval], extents: Extents) -> Interval:
    """An interval, and for quotients that what is not below zero stays so."""
    low, high = interval(node, ranges, extents, ())
    if node.op.startswith("divide") and ranges[node.args[0]][0] >= 0:
        low = 0
    return low, high


def may_lack(
    node: Node,
    index: int,
    unknown: set[int],
    ranges: Mapping[int, Interval],
    extents: Extents,
    fixed: Mapping[int, Scalar],
) -> bool:
    """Whether a row may have no value. ``unknown`` holds the arguments that may."""
    if not node.entity:
        return fixed[index] is None
    if node.op == "load":
        return extents.column(node.entity, str(node.detail[0])).known is not None
    if node.op == "or_zero":
        return False
    inherited = any(one in unknown for one in node.args)
    if node.op == "up":
        return inherited or not extents.all_linked(node.entity, str(node.detail[0]))
    if node.op == "gather":
        return inherited or node.detail[2] in ("min_of", "max_of")
    if node.op == "nonzero":
        low, high = ranges[node.args[0]]
        return inherited or low <= 0 <= high
    return inherited or node.op == "years_after"
