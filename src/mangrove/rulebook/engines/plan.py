"""A measure as integer steps that every fast engine runs: one assignment a node, each node once, for one kind of thing.

Numbers are int64 in base units over a denominator that is the same for all rows; only a division by a column has one for
each row. Numbers written in the measure are parameters, so that changing a threshold changes no plan: the plan depends
on the structure of the rules alone, and :attr:`Plan.structure` names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal

from mangrove.rulebook.decide import Run
from mangrove.rulebook.measures import Clause, Measure

#: What a node can do; arguments are nodes, for ``up`` and ``gather`` nodes of another kind of thing.
#:   param       detail (parameter,)              the same for all rows
#:   load        detail (field,)                  a stored column
#:   up          args (node,), detail (link,)     what the thing that a link leads to comes to
#:   gather      args (value?, where?), detail (child, link, function)
#:   add sub mul neg abs sign min max             integers; unknown when a part is
#:   divide_half_up divide_down divide_up         args (number, divisor above 0): whole quotient; unknown when the divisor is 0
#:   eq ne lt le                                  truths from integers
#:   and or not, at_least detail (n,)             Kleene
#:   select      args (truth, yes, no)            unknown where the truth is
#:   which       the same for the places of caps, which an engine may keep in fewer bits
#:   sure        args (any,)                      yes where it is known, else unknown
#:   or_zero     args (integer,)                  itself where it is known, else 0
#:   nonzero     args (integer,)                  itself, unknown where it is 0
#:   years_between, years_after                   days as ordinals
TRUTHS = frozenset({"eq", "ne", "lt", "le", "and", "or", "not", "at_least", "sure"})


@dataclass(frozen=True)
class Node:
    """``is_truth`` tells yes and no from integers. ``entity`` is empty for what is the same for all rows."""

    op: str
    entity: str
    args: tuple[int, ...] = ()
    detail: tuple[str | int, ...] = ()
    is_truth: bool = False


@dataclass(frozen=True)
class Parameter:
    """An integer of a run: a written number (its numerator or denominator, or whole), a date of the run, or made of others.

    ``kind``: fixed (detail value), whole / top / bottom (detail name of a constant), run (detail name), text (detail),
    lcm, product, quotient, size, sign, first_day, last_day (args).
    """

    kind: str
    detail: str | int = ""
    args: tuple[int, ...] = ()


#: How much an answer says: what is paid by the clauses that pay; of every clause which conditions fail and which cap binds
#: as well; and the money of each step of the caps.
Tell = Literal["paid", "reasons", "all"]


@dataclass(frozen=True)
class Compiled:
    """The nodes of one clause. Money in fen; ``None`` for a clause without an amount.

    ``met`` is all conditions; ``meets`` also that the amount is known; ``result`` what is paid, 0 where the clause fails.
    """

    clause: Clause
    conditions: tuple[int, ...]
    met: int
    meets: int
    uncapped: int | None = None
    capped: int | None = None
    ungated: int | None = None
    binding: int | None = None
    result: int | None = None

    def outputs(self, tell: Tell = "all") -> tuple[int, ...]:
        """The nodes that an answer of this detail needs."""
        found: list[int | None] = [self.met, self.meets, self.result]
        if tell != "paid":
            found += [*self.conditions, self.binding]
        if tell == "all":
            found += [self.uncapped, self.capped, self.ungated]
        return tuple(one for one in found if one is not None)


class TooWide(ArithmeticError):
    """A parameter of more than 62 bits, or one that no plan of this structure takes."""


@dataclass
class Plan:
    measure: Measure
    nodes: list[Node] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    compiled: list[Compiled] = field(default_factory=list)
    #: Clauses that only the interpreter can run, with those that need them: a sum of fractions with unlike divisors.
    left_out: set[str] = field(default_factory=set)

    @cached_property
    def structure(self) -> str:
        """The same for two measures that differ in numbers only. Clauses go by their place, not their name."""
        said = repr(
            (self.nodes, [(p.kind, p.args) for p in self.parameters], [c.outputs() for c in self.compiled])
        )
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def told(self, tell: Tell) -> list[Compiled]:
        """The clauses that an answer of this detail speaks of."""
        if tell != "paid":
            return self.compiled
        paying = {clause.id for clause in self.measure.paid()}
        return [one for one in self.compiled if one.clause.id in paying]

    def needed(self, outputs: Sequence[int]) -> list[int]:
        """The nodes that lead to these, in an order in which each comes after its arguments."""
        seen, left = set[int](), list(outputs)
        while left:
            node = left.pop()
            if node not in seen:
                seen.add(node)
                left += [one for one in self.nodes[node].args if one >= 0]
        return sorted(seen)

    def bind(
        self, run: Run, texts: Mapping[str, int], values: Mapping[str, Fraction | date] | None = None
    ) -> list[int | None]:
        """The integers of a run, ``None`` where the run does not say. ``values`` are what a what-if changes.

        Raises :class:`TooWide` where they do not fit the plan.
        """
        constants = {name: one.value for name, one in self.measure.constants().items()} | dict(values or {})
        found: list[int | None] = []
        for one in self.parameters:
            found.append(bound(one, found, constants, run, texts))
        if any(value is not None and abs(value) >= 1 << 62 for value in found):
            raise TooWide
        return found


def bound(
    one: Parameter,
    found: list[int | None],
    constants: Mapping[str, object],
    run: Run,
    texts: Mapping[str, int],
) -> int | None:
    if one.kind == "fixed":
        return int(one.detail)
    if one.kind == "text":
        return texts.get(str(one.detail), -1)
    if one.kind == "run":
        said = run.named()[str(one.detail)]
        return None if said is None else whole(said)
    if one.kind in PARTS:
        return PARTS[one.kind](constants[str(one.detail)])
    args = [value for index in one.args if (value := found[index]) is not None]
    return None if len(args) < len(one.args) else MADE[one.kind](*args)


def whole(value: object) -> int:
    """A number without a fraction, or a day as its ordinal."""
    if isinstance(value, date):
        return value.toordinal()
    if not isinstance(value, Fraction) or value.denominator != 1:
        raise TooWide(f"{value} is not whole")
    return value.numerator


def top(value: object) -> int:
    assert isinstance(value, Fraction)
    return value.numerator


def bottom(value: object) -> int:
    assert isinstance(value, Fraction)
    return value.denominator


def size(value: int) -> int:
    """Of a divisor: a what-if that makes it nothing has no answer."""
    if value == 0:
        raise TooWide("a divisor of nothing")
    return abs(value)


def first_day(years: int) -> int:
    """From which day on the day that many years later is still in the calendar; past the last one where none is."""
    year = max(date.min.year, date.min.year - years)
    return date(year, 1, 1).toordinal() if year <= date.max.year else date.max.toordinal() + 1


def last_day(years: int) -> int:
    year = min(date.max.year, date.max.year - years)
    return date(year, 12, 31).toordinal() if year >= date.min.year else 0


PARTS = {"whole": whole, "top": top, "bottom": bottom}
MADE: dict[str, Callable[..., int]] = {
    "lcm": lcm, "product": lambda a, b: a * b, "quotient": lambda a, b: a // b,
    "size": size, "sign": lambda a: 1 if a > 0 else -1, "first_day": first_day, "last_day": last_day,
}  # fmt: skip
