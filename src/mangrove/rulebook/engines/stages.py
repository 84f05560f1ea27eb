"""In which passes over which rows a plan is run: children before what is gathered from them, parents before what leads up.

A stage is one pass over the rows of one kind of thing. Between stages only this is kept: what was gathered for a parent,
and what a child will look up. Everything else is worked out again where it is wanted, which is cheaper than memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from mangrove.rulebook.engines.plan import Compiled, Node, Plan, Tell


@dataclass(frozen=True)
class Facts:
    """What is known of the data before the first row: it decides which checks a pass needs at all.

    ``nullable`` are the loads and links that have unknowns, ``unsaid`` the parameters that the run does not say, ``wide``
    the nodes that may leave 62 bits.
    """

    nullable: frozenset[int] = frozenset()
    unsaid: frozenset[int] = frozenset()
    wide: frozenset[int] = frozenset()


@dataclass
class Stage:
    """``keeps`` are nodes that children look up, ``gathers`` what is added up for parents, ``clauses`` the results."""

    entity: str
    level: int
    keeps: list[int] = field(default_factory=list)
    gathers: list[int] = field(default_factory=list)
    clauses: list[Compiled] = field(default_factory=list)


class Staging:
    def __init__(self, plan: Plan, facts: Facts, tell: Tell) -> None:
        self.plan, self.facts, self.tell = plan, facts, tell
        self.clauses = plan.told(tell)
        self.needed = plan.needed([one for compiled in self.clauses for one in compiled.outputs(tell)])
        self.levels = self.find_levels()
        self.unknown = self.spread(self.can_be_unknown)
        self.risky = self.spread(lambda node, found: any(one in found for one in node.args), facts.wide)

    def find_levels(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for index in self.needed:
            node = self.plan.nodes[index]
            below = max((found[one] for one in node.args if one >= 0), default=0)
            found[index] = below + self.crosses(node)
        return found

    def crosses(self, node: Node) -> bool:
        """Whether its argument must have been worked out in an earlier pass."""
        if node.op != "up":
            return node.op == "gather"
        above = self.plan.nodes[node.args[0]]
        return bool(above.entity) and above.op != "load"

    def spread(self, holds: Callable[[Node, set[int]], bool], start: Iterable[int] = ()) -> frozenset[int]:
        found = set(start)
        for index in self.needed:
            node = self.plan.nodes[index]
            if (
                index in found
                or holds(node, found)
                or (
                    node.op in ("load", "up")
                    and index in self.facts.nullable
                    and holds == self.can_be_unknown
                )
            ):
                found.add(index)
        return frozenset(found)

    def can_be_unknown(self, node: Node, found: set[int]) -> bool:
        if node.op == "param":
            return int(node.detail[0]) in self.facts.unsaid
        if node.op == "gather":
            return self.gather_unknown(node, found)
        if node.op == "or_zero":
            return False
        return node.op == "nonzero" or any(one in found for one in node.args)

    def gather_unknown(self, node: Node, found: set[int]) -> bool:
        value, where = node.args
        function = node.detail[2]
        return function in ("min_of", "max_of") or where in found or (function == "sum" and value in found)

    @cached_property
    def stages(self) -> list[Stage]:
        """In an order in which each finds what it needs."""
        found: dict[tuple[int, str], Stage] = {}

        def stage(entity: str, level: int) -> Stage:
            return found.setdefault((level, entity), Stage(entity, level))

        for index in self.needed:
            node = self.plan.nodes[index]
            if node.op == "gather":
                below = max((self.levels[one] for one in node.args if one >= 0), default=0)
                stage(str(node.detail[0]), below).gathers.append(index)
            elif self.crosses(node):
                source = self.plan.nodes[node.args[0]]
                kept = stage(source.entity, self.levels[node.args[0]]).keeps
                if node.args[0] not in kept:
                    kept.append(node.args[0])
        for entity, compiled in self.by_entity().items():
            last = max(self.levels[one] for each in compiled for one in each.outputs(self.tell))
            stage(entity, last).clauses += compiled
        return [found[key] for key in sorted(found)]

    def by_entity(self) -> dict[str, list[Compiled]]:
        found: dict[str, list[Compiled]] = {}
        for one in self.clauses:
            found.setdefault(one.clause.entity, []).append(one)
        return found

    def wanted(self, stage: Stage, kept: set[int]) -> list[int]:
        """The nodes of a pass, each after its arguments; what was ``kept`` by an earlier one is only read."""
        outputs = [one for compiled in stage.clauses for one in compiled.outputs(self.tell)]
        gathered = [one for index in stage.gathers for one in self.plan.nodes[index].args if one >= 0]
        return self.closure([*outputs, *gathered, *stage.keeps], kept)

    def closure(self, outputs: Iterable[int], kept: set[int]) -> list[int]:
        seen, left = set[int](), list(outputs)
        while left:
            index = left.pop()
            if index not in seen:
                seen.add(index)
                node = self.plan.nodes[index]
                if index not in kept:
                    left += [one for one in node.args if self.is_at_hand(node, one)]
        return sorted(seen)

    def is_at_hand(self, node: Node, argument: int) -> bool:
        """Whether an argument is worked out for the same row: that of the thing above only where it is the same for all."""
        return node.op != "gather" and (node.op != "up" or not self.plan.nodes[argument].entity)


# --- rows that add nothing --------------------------------------------------------------------------------------------


def guard_of(plan: Plan, stage: Stage) -> int | None:
    """A truth without which a row of this pass adds nothing to any parent; ``None`` where the pass does anything else."""
    if stage.clauses or stage.keeps or not stage.gathers:
        return None
    needed = frozenset[int].intersection(*(gather_needs(plan, index) for index in stage.gathers))
    return max(needed, default=None)


def gather_needs(plan: Plan, index: int) -> frozenset[int]:
    node = plan.nodes[index]
    value, where = node.args
    found = needs(plan, where) if where >= 0 else frozenset()
    if node.detail[2] == "all":
        return frozenset()
    return found | needs(plan, value) if node.detail[2] == "sum" else found


def needs(plan: Plan, index: int) -> frozenset[int]:
    """Truths that must not be no for this node to be anything but no, or nothing; whatever else is unknown."""
    node = plan.nodes[index]
    own = frozenset({index}) if node.is_truth else frozenset()
    if node.op == "and":
        return own.union(*(needs(plan, one) for one in node.args))
    if node.op in ("or", "min", "max", "add"):
        return own | frozenset[int].intersection(*(needs(plan, one) for one in node.args))
    if node.op == "select" and is_nothing(plan, node.args[2]):
        return own | needs(plan, node.args[0])
    return frozenset(range(len(plan.nodes))) if is_nothing(plan, index) else own


def is_nothing(plan: Plan, index: int) -> bool:
    """A written 0, which is nothing whatever is no."""
    node = plan.nodes[index]
    one = plan.parameters[int(node.detail[0])] if node.op == "param" else None
    return one is not None and one.kind == "fixed" and one.detail == 0
