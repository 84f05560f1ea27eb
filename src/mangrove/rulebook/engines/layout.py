"""Where each step of a plan stands in SQL: in which relation, which ones become columns, which are said in place.

A relation is one kind of thing in one *round*: round 0 needs its own columns only; what comes from another kind of thing
(a link, children) stands one round after what it is made from. Each round of a kind of thing builds on the one before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from mangrove.rulebook.engines.facts import Facts
from mangrove.rulebook.engines.plan import Plan
from mangrove.rulebook.engines.sqlwords import OFTEN

#: The kind of thing and the round.
Place = tuple[str, int]
#: What a relation hands on: nodes by number, risks of nodes as ``-1 - node``, links by name.
Item = int | str
JOINED = frozenset({"up", "gather"})
#: Texts nest so far and no further; DuckDB refuses at 1000.
DEEPEST = 40


def risk(node: int) -> int:
    return -1 - node


@dataclass
class Layout:
    """``outputs`` are what is asked of the plan, for things of ``entities``; ``needed`` all that leads there, arguments first."""

    plan: Plan
    facts: Facts
    entities: Sequence[str]
    outputs: frozenset[int]
    needed: Sequence[int]

    @cached_property
    def own(self) -> list[int]:
        """The nodes that differ from row to row."""
        return [one for one in self.needed if self.plan.nodes[one].entity]

    def args(self, index: int) -> list[int]:
        """Arguments that differ from row to row."""
        return [one for one in self.plan.nodes[index].args if one >= 0 and self.plan.nodes[one].entity]

    @cached_property
    def round_of(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for index in self.own:
            latest = max((found[one] for one in self.args(index)), default=0)
            found[index] = latest + (self.plan.nodes[index].op in JOINED)
        return found

    def place(self, index: int) -> Place:
        return self.plan.nodes[index].entity, self.round_of[index]

    @cached_property
    def columns(self) -> frozenset[int]:
        """Nodes that stand in a column of their own; the others are said where they are used, once."""
        found = set(self.outputs).intersection(self.own)
        uses = self.uses()
        depth: dict[int, int] = {}
        for index in self.own:
            nested = max((depth[one] for one in self.args(index)), default=0) + 1
            own_op = self.plan.nodes[index].op
            if own_op in JOINED or own_op == "load" or uses[index] > 1 or nested > DEEPEST:
                found.add(index)
            depth[index] = 0 if index in found else nested
        return frozenset(found | self.facts.risky.intersection(self.own) | self.elsewhere())

    def uses(self) -> Counter[int]:
        found: Counter[int] = Counter()
        for index in self.own:
            often = 2 if self.plan.nodes[index].op in OFTEN or index in self.facts.risky else 1
            for one in self.args(index):
                found[one] += often
        return found

    def elsewhere(self) -> set[int]:
        """Nodes that another relation reads."""
        return {one for index in self.own for one in self.args(index) if self.place(one) != self.place(index)}

    # --- relations ---------------------------------------------------------------------------------------------------

    @cached_property
    def places(self) -> list[Place]:
        """All relations, those that others build on first."""
        found = {self.place(index) for index in self.own} | {(self.linked(one), 0) for one in self.joined}
        found |= {(entity, 0) for entity in (*(one for one, _turn in found), *self.entities)}
        return sorted(found, key=lambda one: (one[1], one[0]))

    @cached_property
    def joined(self) -> list[int]:
        return [index for index in self.own if self.plan.nodes[index].op in JOINED]

    def linked(self, index: int) -> str:
        """The kind of thing that a node looks up or gathers."""
        node = self.plan.nodes[index]
        if node.op == "gather":
            return str(node.detail[0])
        return self.plan.measure.vocabulary.entities[node.entity].relations[str(node.detail[0])].to

    def source(self, index: int) -> Place:
        """The relation that a joined node reads."""
        return self.at(self.linked(index), self.round_of[index] - 1)

    def at(self, entity: str, turn: int) -> Place:
        """The last relation of that kind of thing up to that round."""
        return entity, max(one for kind, one in self.places if kind == entity and one <= turn)

    def before(self, place: Place) -> Place | None:
        return self.at(place[0], place[1] - 1) if place[1] else None

    def last(self, entity: str) -> Place:
        return self.at(entity, self.places[-1][1])

    def members(self, place: Place) -> list[int]:
        return [index for index in self.own if self.place(index) == place]

    @cached_property
    def handed(self) -> dict[Place, set[Item]]:
        """What each relation must offer to those after it, and to whoever reads the outputs."""
        return self.flow(self.outputs.intersection(self.own))

    @cached_property
    def lent(self) -> dict[Place, set[Item]]:
        """What each relation must offer to other relations."""
        return self.flow(())

    def flow(self, outputs: Iterable[int]) -> dict[Place, set[Item]]:
        found: dict[Place, set[Item]] = {place: set() for place in self.places}
        for index in outputs:
            found[self.last(self.plan.nodes[index].entity)] |= self.items([index])
        for place in reversed(self.places):
            for index in self.members(place):
                self.ask(index, place, found)
            before = self.before(place)
            if before:
                found[before] |= {one for one in found[place] if not self.made_at(one, place)}
        return found

    def ask(self, index: int, place: Place, found: dict[Place, set[Item]]) -> None:
        """Enter what one node reads of other relations."""
        node, before = self.plan.nodes[index], self.before(place)
        if node.op in JOINED:
            found[self.source(index)] |= self.items(self.args(index))
            if node.op == "gather":
                found[self.source(index)].add(str(node.detail[1]))
            elif before:
                found[before].add(str(node.detail[0]))
        elif before:
            earlier = [one for one in self.args(index) if self.place(one) != place]
            found[before] |= self.items(earlier)

    def items(self, nodes: Iterable[int]) -> set[Item]:
        found: set[Item] = set(nodes)
        return found | {risk(one) for one in found if one in self.facts.risky and isinstance(one, int)}

    def made_at(self, item: Item, place: Place) -> bool:
        if isinstance(item, str):
            return False
        return self.place(item if item >= 0 else -1 - item) == place

    def layer_of(self, place: Place) -> dict[int, int]:
        """How many columns of the same relation stand before each of its columns, one made from the other."""
        found: dict[int, int] = {}
        for index in self.members(place):
            node = self.plan.nodes[index]
            inside = [] if node.op in JOINED else [one for one in self.args(index) if one in found]
            base = node.op in JOINED or node.op == "load"
            latest = max((found[one] for one in inside), default=0)
            # Of what is said in place: the layer of what it reads.
            found[index] = 0 if base else latest + (index in self.columns)
        return found
