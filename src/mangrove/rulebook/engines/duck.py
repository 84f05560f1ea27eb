"""The DuckDB engine on the columns of a snapshot: one query for each kind of thing. Larger than memory: :mod:`lake`."""

# ruff: noqa: S608 - names from the vocabulary are quoted, numbers are bound
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from mangrove.rulebook.choosing import with_quotas
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.drafts import Drafts
from mangrove.rulebook.engines.plan import Plan, TooWide
from mangrove.rulebook.engines.results import Interpreted, Results, all_interpreted, patch
from mangrove.rulebook.engines.sql import table_of
from mangrove.rulebook.engines.sqlresults import Array, Telling
from mangrove.rulebook.engines.warehouse import Stock

#: Numbers of a measure changed by a what-if.
Constants = Mapping[str, Fraction | date]
#: By clause: how it is told, and the columns of its kind of thing in the order of the snapshot's rows.
Answers = dict[str, tuple[Telling, dict[str, Array]]]


class Duck:
    """One plan on one snapshot. ``tell`` as in :data:`~mangrove.rulebook.engines.sqlresults.TELLS`; ``only`` some clauses.

    Plans on the same snapshot may share a ``stock``; without one, ``threads`` and ``memory_limit`` are for this plan's own.
    """

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
        self.plan, self.snapshot = plan, snapshot
        self.stock = stock or Stock(snapshot, threads=threads, memory_limit=memory_limit)
        self.wanted = [clause for clause in plan.measure.clauses if only is None or clause.id in only]
        named = {clause.id for clause in self.wanted}
        compiled = [one for one in plan.compiled if one.clause.id in named]
        self.drafts = Drafts(plan, compiled, self.stock, tell)

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
        return with_quotas(results)

    def answers(self, values: Sequence[int | None]) -> Answers:
        draft, bound = self.drafts.of(values)
        for place, text in draft.stores.items():
            self.stock.execute(f"CREATE OR REPLACE TEMP TABLE {table_of(place)} AS {text}", bound)
        found: Answers = {}
        for entity, text in draft.queries.items():
            columns = in_order(self.stock.execute(text, bound).fetchnumpy())
            found |= {one.compiled.clause.id: (one, columns) for one in draft.tellings[entity]}
        for place in draft.stores:
            self.stock.execute(f"DROP TABLE {table_of(place)}", {})
        return found


def in_order(columns: dict[str, Any]) -> dict[str, Any]:
    """By row number; a query keeps no order of its own."""
    rows = np.asarray(columns.pop("k"))
    if (rows[1:] > rows[:-1]).all():
        return columns
    order = np.argsort(rows)
    return {name: column[order] for name, column in columns.items()}
