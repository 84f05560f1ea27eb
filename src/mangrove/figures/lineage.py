"""Where a value comes from: the values it was divided from, the values that bear it out, the records counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mangrove.figures.decisions import Form
from mangrove.figures.models import Kind, Role, Value, ValueRow
from mangrove.figures.values import compatible, exact, newest, printed, readable_values
from mangrove.vocabulary.units import convert, unit

#: A fen is this many places behind the point of a 万亿元; nothing finer is kept.
FINEST = 14

WORDS = {Role.NUMERATOR: "分子", Role.DENOMINATOR: "分母", "": "", "support": "佐证"}


@dataclass(frozen=True)
class Node:
    """One value in the tree. ``role`` is numerator, denominator, support, or empty for the root.

    ``rows`` are the records it was counted from; their amounts add up to the value's.
    """

    value: Value
    role: str
    printed: str
    rows: tuple[ValueRow, ...]
    children: tuple[Node, ...]

    @property
    def role_words(self) -> str:
        return WORDS[self.role]

    @property
    def synthetic(self) -> bool:
        return self.value.source.synthetic or any(row.source.synthetic for row in self.rows)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """This node and all below it, with their depth, in the order to show them."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)

    @property
    def arithmetic(self) -> str:
        return arithmetic(self.value)


def lineage(value: Value) -> Node:
    """The tree of ``value`` down to its records."""
    return node(value, "", supported=True)


def node(value: Value, role: str, *, supported: bool) -> Node:
    rows = tuple(value.rows.select_related("source").order_by("position"))
    children = [node(link.input, link.role, supported=True) for link in value.inputs.all()]
    if supported and not rows and value.definition.kind != Kind.RATIO:
        children += [node(other, "support", supported=False) for other in supporters(value)]
    return Node(value, role, in_full(value), rows, tuple(children))


def supporters(value: Value) -> list[Value]:
    """Other sources' newest values of the same cut and date that carry records and can be true together with this one."""
    same = readable_values().filter(
        definition_id=value.definition_id, dimensions=value.dimensions,
        start=value.start, end=value.end, rows__isnull=False,
    ).exclude(source_id=value.source_id).distinct()  # fmt: skip
    found = sorted(newest(same), key=lambda other: other.source_id)
    return [other for other in found if compatible(exact(value), exact(other))]


def arithmetic(value: Value) -> str:
    """The division in figures: ``5349.18亿元 ÷ 8932.6亿元 = 59.8838%``; empty for what was not divided."""
    parts = {link.role: link.input for link in value.inputs.all()}
    if not parts:
        return ""
    return f"{in_full(parts[Role.NUMERATOR])} ÷ {in_full(parts[Role.DENOMINATOR])} = {in_full(value)}"


def in_full(value: Value) -> str:
    """The value with all its digits: counts in their own unit, money in its display unit, a ratio to its scale."""
    definition = value.definition
    if definition.kind == Kind.RATIO or unit(definition.unit).dimension == "计数":
        return printed(value, Form(definition.unit, definition.scale))
    worth = convert(exact(value).value, definition.unit, definition.display_unit)
    decimals = definition.decimals
    while (worth * 10**decimals).denominator != 1 and decimals < FINEST:
        decimals += 1
    return printed(value, Form(definition.display_unit, decimals))
