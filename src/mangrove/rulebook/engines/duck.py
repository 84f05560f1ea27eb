"""The DuckDB engine: one query for each kind of thing, on the columns of a snapshot or on files that memory cannot hold."""

# ruff: noqa: S608 - names from the vocabulary are quoted, numbers are bound
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.facts import Facts, Scalar, facts, scalars, simplified
from mangrove.rulebook.engines.layout import Layout, Place
from mangrove.rulebook.engines.plan import Compiled, Plan, TooWide
from mangrove.rulebook.engines.results import Interpreted, Results, all_interpreted, patch
from mangrove.rulebook.engines.sql import Emitter, Statement
from mangrove.rulebook.engines.sqlresults import Array, Telling, nodes_told, selected
from mangrove.rulebook.engines.warehouse import Stock

#: Numbers of a measure changed by a what-if.
Constants = Mapping[str, Fraction | date]


@dataclass
class Prepared:
    """The texts of a run: relations to store first, then one query for each kind of thing."""

    stores: dict[Place, str]
    queries: dict[str, str]
    tellings: dict[str, list[Telling]]


class Duck:
    """One plan on one snapshot. ``tell`` as in :data:`~mangrove.rulebook.engines.sqlresults.TELLS`; ``only`` some clauses."""

    def __init__(
        self,
        plan: Plan,
        snapshot: Snapshot,
        *,
        tell: str = "all",
        only: Sequence[str] | None = None,
        threads: int | None = None,
        memory_limit: str | None = None,
        stock: Stock | None = None,
    ) -> None:
        self.plan, self.snapshot, self.tell = plan, snapshot, tell
        self.stock = stock or Stock(snapshot, threads=threads, memory_limit=memory_limit)
        self.wanted = [clause for clause in plan.measure.clauses if only is None or clause.id in only]
        named = {clause.id for clause in self.wanted}
        self.compiled = [one for one in plan.compiled if one.clause.id in named]
        self.needed = plan.needed([node for one in self.compiled for node in one.outputs()])
        self.prepared: dict[tuple[Facts, tuple[bool, ...]], Prepared] = {}

    def run(self, run: Run = Run(), constants: Constants | None = None) -> Results:  # noqa: B008 a frozen value
        """What the clauses came to for every row."""
        measure = self.plan.measure.with_constants(constants) if constants else self.plan.measure
        interpreted = Interpreted(measure, self.snapshot, run)
        results = Results(measure, self.snapshot, run)
        try:
            found = self.answers(self.plan.bind(run, self.snapshot.texts, constants))
        except TooWide:
            found = {}
        for clause in self.wanted:
            if clause.id not in found:
                results.clauses[clause.id] = all_interpreted(clause, self.snapshot, interpreted)
                results.interpreted += len(results.clauses[clause.id])
                continue
            telling, columns = found[clause.id]
            result, far = telling.read(columns, len(self.snapshot.tables[clause.entity]))
            patch(result, (int(row) for row in far), interpreted)
            results.interpreted += len(far)
            results.clauses[clause.id] = result
        return results

    # --- texts -------------------------------------------------------------------------------------------------------

    def texts(self, values: Sequence[int | None]) -> tuple[Prepared, dict[str, Scalar]]:
        """The texts for these numbers, kept as long as the numbers leave widths alone; and the numbers to bind."""
        fixed = scalars(self.plan, values, self.needed)
        told = facts(self.plan, self.stock, fixed, self.needed)
        wide = tuple(abs(value or 0) > 1 << 62 for value in fixed.values())
        if (told, wide) not in self.prepared:
            self.prepared[told, wide] = self.prepare(told, fixed)
        return self.prepared[told, wide], {f"n{index}": value for index, value in fixed.items()}

    def prepare(self, told: Facts, fixed: Mapping[int, Scalar]) -> Prepared:
        plan = simplified(self.plan, told)
        named = {one.clause.id for one in self.compiled}
        by_entity: dict[str, list[tuple[int, Compiled]]] = {}
        for number, one in enumerate(plan.compiled):
            if one.clause.id in named:
                by_entity.setdefault(one.clause.entity, []).append((number, one))
        taken_up = {one for clause in plan.measure.clauses for one in clause.members}
        asked = [
            node
            for members in by_entity.values()
            for _n, one in members
            for node in nodes_told(one, self.tell, taken_up)
        ]
        layout = Layout(plan, told, list(by_entity), frozenset(asked), plan.needed(asked))
        emitter = Emitter(layout, fixed, self.stock.largest(layout), self.stock.linked(layout))
        tellings = {
            entity: [Telling(emitter, one, number, self.tell, taken_up) for number, one in members]
            for entity, members in by_entity.items()
        }
        stores = self.stores(emitter, tellings)
        return Prepared(
            stores, {entity: self.query(emitter, entity, told) for entity, told in tellings.items()}, tellings
        )

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

    def query(self, emitter: Emitter, entity: str, tellings: Sequence[Telling]) -> str:
        statement, place = Statement(), emitter.layout.last(entity)
        columns = (
            [name for one in tellings for name in one.columns]
            if place in emitter.stored
            else selected(tellings)
        )
        relation = emitter.relation(place, statement)
        return statement.text(f"SELECT {', '.join(['k', *columns])} FROM {relation}")

    # --- answers -----------------------------------------------------------------------------------------------------

    def answers(self, values: Sequence[int | None]) -> dict[str, tuple[Telling, dict[str, Array]]]:
        """By clause: how it is told, and the columns of its kind of thing in the order of the snapshot's rows."""
        prepared, bound = self.texts(values)
        for place, text in prepared.stores.items():
            self.stock.execute(f'CREATE OR REPLACE TEMP TABLE "{place[0]}_{place[1]}" AS {text}', bound)
        found: dict[str, tuple[Telling, dict[str, Array]]] = {}
        for entity, text in prepared.queries.items():
            columns = in_order(self.stock.execute(text, bound).fetchnumpy())
            found |= {one.compiled.clause.id: (one, columns) for one in prepared.tellings[entity]}
        for place in prepared.stores:
            self.stock.execute(f'DROP TABLE "{place[0]}_{place[1]}"', {})
        return found


def in_order(columns: dict[str, Any]) -> dict[str, Any]:
    """By row number; a query keeps no order of its own."""
    rows = np.asarray(columns.pop("k"))
    if (rows[1:] > rows[:-1]).all():
        return columns
    order = np.argsort(rows)
    return {name: column[order] for name, column in columns.items()}
