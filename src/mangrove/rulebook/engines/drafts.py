"""The SQL of a plan on some data, written once for all runs whose numbers leave widths alone."""

# ruff: noqa: S608 - names from the vocabulary are quoted, numbers are bound
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from mangrove.rulebook.engines.bounds import Sized
from mangrove.rulebook.engines.facts import HUGE, Extents, Facts, Scalar, facts, scalars, simplified
from mangrove.rulebook.engines.layout import Layout, Place
from mangrove.rulebook.engines.plan import Compiled, Plan
from mangrove.rulebook.engines.sql import Emitter, Statement
from mangrove.rulebook.engines.sqlresults import Telling, nodes_told, selected


class Warehouse(Extents, Protocol):
    """A database with the relations that queries begin with."""

    def require(self, layout: Layout, /) -> None:
        """See to it that every field and link that the layout reads is there."""


@dataclass
class Draft:
    """The texts of a run: relations to store first, then one query for each kind of thing."""

    stores: dict[Place, str]
    queries: dict[str, str]
    tellings: dict[str, list[Telling]]


@dataclass
class Drafts:
    """``compiled``: the clauses that are wanted. ``tell`` as in :data:`~mangrove.rulebook.engines.sqlresults.TELLS`.

    ``spelled``: texts are compared as texts and not as numbers.
    """

    plan: Plan
    compiled: Sequence[Compiled]
    warehouse: Warehouse
    tell: str
    spelled: bool = False
    made: dict[tuple[Facts, tuple[bool, ...]], Draft] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.needed = self.plan.needed([node for one in self.compiled for node in one.outputs()])

    def of(self, values: Sequence[int | None]) -> tuple[Draft, dict[str, Scalar]]:
        """The draft for the numbers of a run, and what to bind. Raises :class:`~mangrove.rulebook.engines.plan.TooWide`."""
        fixed = scalars(self.plan, values, self.needed)
        told = facts(self.plan, self.warehouse, fixed, self.needed)
        wide = tuple(abs(value or 0) > HUGE for value in fixed.values())
        if (told, wide) not in self.made:
            self.made[told, wide] = self.draft(told, fixed)
        return self.made[told, wide], {f"n{index}": value for index, value in fixed.items()}

    def draft(self, told: Facts, fixed: Mapping[int, Scalar]) -> Draft:
        plan = simplified(self.plan, told)
        taken_up = {one for clause in plan.measure.clauses for one in clause.members}
        by_entity = self.by_entity(plan)
        members = [one for numbered in by_entity.values() for one in numbered.values()]
        asked = [node for one in members for node in nodes_told(one, self.tell, taken_up)]
        layout = Layout(plan, told, list(by_entity), frozenset(asked), plan.needed(asked))
        self.warehouse.require(layout)
        emitter = Emitter(layout, fixed, self.families(layout), self.linked(layout), self.spelled_nodes)
        tellings = {
            entity: [Telling(emitter, one, number, self.tell, taken_up) for number, one in numbered.items()]
            for entity, numbered in by_entity.items()
        }
        stores = self.stores(emitter, tellings)
        queries = {entity: query(emitter, entity, one) for entity, one in tellings.items()}
        return Draft(stores, queries, tellings)

    @cached_property
    def spelled_nodes(self) -> frozenset[int]:
        """Those bound as texts."""
        return texts_of(self.plan, self.needed) if self.spelled else frozenset()

    def by_entity(self, plan: Plan) -> dict[str, dict[int, Compiled]]:
        """The wanted clauses by their place in the plan, as they are in the simplified one."""
        wanted = {one.clause.id for one in self.compiled}
        found: dict[str, dict[int, Compiled]] = {}
        for number, one in enumerate(plan.compiled):
            if one.clause.id in wanted:
                found.setdefault(one.clause.entity, {})[number] = one
        return found

    def families(self, layout: Layout) -> dict[tuple[str, str], Sized]:
        gathers = (
            layout.plan.nodes[one].detail for one in layout.joined if layout.plan.nodes[one].op == "gather"
        )
        return {
            (str(one[0]), str(one[1])): self.warehouse.family(str(one[0]), str(one[1])) for one in gathers
        }

    def linked(self, layout: Layout) -> frozenset[tuple[str, str]]:
        """Links on the way that no row lacks."""
        ups = (layout.plan.nodes[one] for one in layout.joined if layout.plan.nodes[one].op == "up")
        links = {(one.entity, str(one.detail[0])) for one in ups}
        return frozenset(one for one in links if self.warehouse.all_linked(*one))

    def stores(self, emitter: Emitter, tellings: Mapping[str, Sequence[Telling]]) -> dict[Place, str]:
        """Relations with joins that several queries read become tables; the last of a kind of thing holds what is told of it."""
        found: dict[Place, str] = {}
        layout = emitter.layout
        for place in layout.places if len(tellings) > 1 else []:
            is_last = place[0] in tellings and layout.last(place[0]) == place
            if place[1] and emitter.readers(place) + is_last > 1:
                told = selected(tellings[place[0]]) if is_last else None
                found[place] = emitter.kept(place, told)
                emitter.stored.add(place)
        return found


def query(emitter: Emitter, entity: str, tellings: Sequence[Telling]) -> str:
    statement, place = Statement(), emitter.layout.last(entity)
    names = [name for one in tellings for name in one.columns]
    columns = names if place in emitter.stored else selected(tellings)
    relation = emitter.relation(place, statement)
    return statement.text(f"SELECT {', '.join(['k', *columns])} FROM {relation}")


def texts_of(plan: Plan, needed: Sequence[int]) -> frozenset[int]:
    """The nodes that are texts and the same for all rows."""
    found: set[int] = set()
    for index in needed:
        node = plan.nodes[index]
        is_text = node.op == "param" and plan.parameters[int(node.detail[0])].kind == "text"
        chosen = node.op == "select" and not node.entity and node.args[1] in found
        if is_text or chosen:
            found.add(index)
    return frozenset(found)
