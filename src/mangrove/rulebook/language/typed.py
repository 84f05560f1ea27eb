"""An expression whose names are resolved and whose types agree: what the engines run. Made only by :mod:`check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from typing import Any

from mangrove.rulebook.language.tree import CompareSign, SumSign, TierSign
from mangrove.rulebook.language.types import Type


@dataclass(frozen=True)
class Typed:
    """``at`` is where the node stands in the text of its clause, for explanations that point at it."""

    type: Type
    at: int

    def parts(self) -> Iterator[Typed]:
        """The nodes right below this one, in the order of the text."""
        for name in part_names(type(self)):
            value = getattr(self, name)
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, Typed):
                    yield item

    def walk(self) -> Iterator[Typed]:
        """This node and all below it, in the order of the text."""
        yield self
        for part in self.parts():
            yield from part.walk()


#: Found once for each kind of node: a what-if walks every tree of a measure.
PARTS: dict[type[Typed], tuple[str, ...]] = {}


def part_names(kind: type[Typed]) -> tuple[str, ...]:
    """What a node of this kind is made of, besides its type and place."""
    if kind not in PARTS:
        PARTS[kind] = tuple(one.name for one in fields(kind) if one.name not in ("type", "at"))
    return PARTS[kind]


def rebuilt(node: Typed, change: Callable[[Typed], Typed]) -> Typed:
    """The same tree with ``change`` made to every node, from the leaves up and in the order of the text.

    What is not changed stays the same object.
    """

    def part(value: object) -> object:
        if isinstance(value, Typed):
            return rebuilt(value, change)
        if isinstance(value, tuple):
            new = tuple(part(item) for item in value)
            return value if all(a is b for a, b in zip(value, new, strict=True)) else new
        return value

    old = {name: getattr(node, name) for name in part_names(type(node))}
    new: dict[str, Any] = {name: part(value) for name, value in old.items()}
    changed = any(old[name] is not new[name] for name in old)
    return change(replace(node, **new) if changed else node)


@dataclass(frozen=True)
class Constant(Typed):
    """An exact number in the base unit of its dimension, a day, a text, the id of a word, or yes or no.

    ``name`` is by which a what-if changes it: a parameter's own, or where it stands (``station.cap``).
    """

    value: Fraction | date | str | bool
    name: str = ""


@dataclass(frozen=True)
class Column(Typed):
    """A field of the thing at hand, reached over to-one links: ids, the field last. ``factor`` makes it base units."""

    steps: tuple[str, ...]
    factor: Fraction = Fraction(1)


@dataclass(frozen=True)
class Use(Typed):
    """A definition, what an earlier clause came to (its id), whether it is met (``meets(id)``), or a date of the run.

    ``settled(id)`` is what a clause pays where that is known and nothing where it is not: a total may say so.
    """

    name: str


@dataclass(frozen=True)
class Above(Typed):
    """What a name comes to for the thing that these links lead to; unknown where a link is."""

    links: tuple[str, ...]
    of: Use


@dataclass(frozen=True)
class Minus(Typed):
    of: Typed


@dataclass(frozen=True)
class Arithmetic(Typed):
    sign: SumSign
    left: Typed
    right: Typed


@dataclass(frozen=True)
class Comparison(Typed):
    sign: CompareSign
    left: Typed
    right: Typed


@dataclass(frozen=True)
class Among(Typed):
    value: Typed
    choices: tuple[Typed, ...]
    wanted: bool


@dataclass(frozen=True)
class Between(Typed):
    value: Typed
    low: Typed
    high: Typed
    low_closed: bool
    high_closed: bool
    wanted: bool


@dataclass(frozen=True)
class No(Typed):
    of: Typed


@dataclass(frozen=True)
class All(Typed):
    of: tuple[Typed, ...]


@dataclass(frozen=True)
class Some(Typed):
    of: tuple[Typed, ...]


@dataclass(frozen=True)
class AtLeast(Typed):
    """Yes when ``least`` of these hold, no when fewer hold or may hold."""

    least: int
    of: tuple[Typed, ...]


@dataclass(frozen=True)
class Function(Typed):
    name: str
    arguments: tuple[Typed, ...]


@dataclass(frozen=True)
class Step(Typed):
    """One step of a ladder; the last has no ``until``."""

    sign: TierSign
    until: Typed | None
    value: Typed


@dataclass(frozen=True)
class Ladder(Typed):
    value: Typed
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Row(Typed):
    """One row of a match; the row for all else has no ``word``."""

    word: Typed | None
    value: Typed


@dataclass(frozen=True)
class Table(Typed):
    value: Typed
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Gathered(Typed):
    """An aggregate over the rows of ``child`` whose link ``link`` leads to the thing at hand."""

    function: str
    child: str
    link: str
    value: Typed | None
    where: Typed | None
