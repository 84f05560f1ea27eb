"""Builds a plan: every node once, and small simplifications that need no numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from mangrove.rulebook.engines.plan import TRUTHS, Node, Parameter


@dataclass
class Builder:
    nodes: list[Node] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    at: dict[Node, int] = field(default_factory=dict)
    parameter_at: dict[Parameter, int] = field(default_factory=dict)

    def node(self, node: Node) -> int:
        if node not in self.at:
            self.at[node] = len(self.nodes)
            self.nodes.append(node)
        return self.at[node]

    # --- parameters ----------------------------------------------------------------------------------------------

    def parameter(self, kind: str, detail: str | int = "", *args: int) -> int:
        one = Parameter(kind, detail, args)
        if one not in self.parameter_at:
            self.parameter_at[one] = len(self.parameters)
            self.parameters.append(one)
        return self.parameter_at[one]

    def fixed(self, value: int) -> int:
        return self.parameter("fixed", value)

    def fixed_value(self, parameter: int) -> int | None:
        one = self.parameters[parameter]
        return int(one.detail) if one.kind == "fixed" else None

    def may_lack(self, parameter: int) -> bool:
        """Whether a run may leave it unsaid. Such a divisor belongs to its rows: what else a choice offers stays known."""
        one = self.parameters[parameter]
        return one.kind == "run" or any(self.may_lack(part) for part in one.args)

    def product(self, a: int, b: int) -> int:
        for one, other in ((a, b), (b, a)):
            if self.fixed_value(one) == 1:
                return other
        x, y = self.fixed_value(a), self.fixed_value(b)
        return self.fixed(x * y) if x is not None and y is not None else self.parameter("product", "", a, b)

    def lcm(self, a: int, b: int) -> int:
        if a == b or self.fixed_value(b) == 1:
            return a
        return b if self.fixed_value(a) == 1 else self.parameter("lcm", "", a, b)

    def quotient(self, a: int, b: int) -> int:
        """Of two that divide without rest."""
        if a == b:
            return self.fixed(1)
        return a if self.fixed_value(b) == 1 else self.parameter("quotient", "", a, b)

    # --- nodes ---------------------------------------------------------------------------------------------------

    def of(self, parameter: int) -> int:
        return self.node(Node("param", "", (), (parameter,)))

    def number(self, value: int) -> int:
        return self.of(self.fixed(value))

    def op(self, op: str, *args: int, detail: tuple[str | int, ...] = ()) -> int:
        """An operation on nodes of one kind of thing, or on what is the same for all."""
        entity = next((self.nodes[one].entity for one in args if self.nodes[one].entity), "")
        is_truth = op in TRUTHS or (op == "select" and self.nodes[args[1]].is_truth)
        return self.node(Node(op, entity, args, detail, is_truth))

    def is_number(self, node: int, value: int) -> bool:
        one = self.nodes[node]
        return one.op == "param" and self.fixed_value(int(one.detail[0])) == value

    def times(self, node: int, parameter: int) -> int:
        """A node multiplied by a parameter."""
        return node if self.fixed_value(parameter) == 1 else self.op("mul", node, self.of(parameter))

    def multiplied(self, a: int, b: int) -> int:
        if self.is_number(a, 1):
            return b
        return a if self.is_number(b, 1) else self.op("mul", a, b)

    def every(self, nodes: list[int]) -> int:
        if not nodes:
            return self.true()
        found = nodes[0]
        for one in nodes[1:]:
            found = self.op("and", found, one)
        return found

    def some(self, nodes: list[int]) -> int:
        found = nodes[0]
        for one in nodes[1:]:
            found = self.op("or", found, one)
        return found

    def true(self) -> int:
        return self.op("eq", self.number(0), self.number(0))
