"""An expression as a tree. Every node knows where it stands (``at``), so that a refusal can point at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Literal

CompareSign = Literal["==", "!=", "<", "<=", ">", ">="]
SumSign = Literal["+", "-", "*", "/"]
TierSign = Literal["<", "<=", ""]


@dataclass(frozen=True)
class Node:
    at: int

    def parts(self) -> Iterator[Node]:
        """The nodes right below this one, in the order of the text."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (item for item in value if isinstance(item, Node))

    def walk(self) -> Iterator[Node]:
        yield self
        for part in self.parts():
            yield from part.walk()


@dataclass(frozen=True)
class Number(Node):
    """``1万元``: the exact number as written and its unit, empty for a bare number."""

    value: Fraction
    unit: str = ""


@dataclass(frozen=True)
class Day(Node):
    value: date


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True)
class Name(Node):
    """``项目.投资``: the steps from the thing that a clause is for, or one name of a definition, input or parameter."""

    steps: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.steps)


@dataclass(frozen=True)
class Negative(Node):
    of: Node


@dataclass(frozen=True)
class Sum(Node):
    """``left sign right`` with one of ``+ - * /``."""

    sign: SumSign
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    sign: CompareSign
    left: Node
    right: Node


@dataclass(frozen=True)
class OneOf(Node):
    """``区域 in [沿海, 乡村]``; ``wanted`` is false for ``not in``."""

    value: Node
    choices: tuple[Node, ...]
    wanted: bool


@dataclass(frozen=True)
class Within(Node):
    """``日期 in [2022-01-01 .. 2023-01-01)``; each end may be closed or open."""

    value: Node
    low: Node
    high: Node
    low_closed: bool
    high_closed: bool
    wanted: bool


@dataclass(frozen=True)
class Not(Node):
    of: Node


@dataclass(frozen=True)
class Both(Node):
    """``and`` over two or more."""

    of: tuple[Node, ...]


@dataclass(frozen=True)
class Either(Node):
    """``or`` over two or more."""

    of: tuple[Node, ...]


@dataclass(frozen=True)
class Call(Node):
    """``min(a, b)``."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Tier(Node):
    """One step of a ladder: below ``until``, or up to it with ``<=``; ``else`` has no sign and no ``until``."""

    sign: TierSign
    until: Node | None
    value: Node


@dataclass(frozen=True)
class Tiers(Node):
    """``tiers(x; <1000万元: 10%, <5000万元: 15%, else: 20%)``."""

    value: Node
    steps: tuple[Tier, ...]


@dataclass(frozen=True)
class Option(Node):
    """One row of a match; ``word`` is ``None`` for ``else``."""

    word: Node | None
    value: Node


@dataclass(frozen=True)
class Match(Node):
    """``match(级别; 市级: 200万元, 省级: 300万元, else: 100万元)``."""

    value: Node
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Aggregate(Node):
    """``sum(投资 of 项目 where 合格)``; ``value`` is ``None`` for ``count(项目 where …)``, ``any`` and ``all``."""

    function: str
    value: Node | None
    over: Name
    where: Node | None
