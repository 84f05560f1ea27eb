"""The same question to the interpreter and to an engine: every row of every clause must get the same answer."""

from __future__ import annotations

from collections.abc import Callable

from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.columns import Snapshot, from_population
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import Results, row_of
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population

#: Runs a measure on a snapshot.
Engine = Callable[[Measure, Snapshot, Run], Results]


def by_numpy(measure: Measure, snapshot: Snapshot, run: Run) -> Results:
    from mangrove.rulebook.engines.vector import Vector

    return Vector(lower(measure), snapshot).run(run)


def by_duckdb(measure: Measure, snapshot: Snapshot, run: Run) -> Results:
    from mangrove.rulebook.engines.duck import Duck

    return Duck(lower(measure), snapshot, threads=1).run(run)


def by_numba(measure: Measure, snapshot: Snapshot, run: Run) -> Results:
    from mangrove.rulebook.engines.fused import Fused

    return Fused(lower(measure), snapshot, "all").run(run)


def differences(measure: Measure, population: Population, run: Run, engine: Engine) -> list[str]:
    """Every row that an engine answers otherwise than the interpreter, in words."""
    snapshot = from_population(population, measure.vocabulary)
    results = engine(measure, snapshot, run)
    deciding = Deciding(measure, population, run)
    found = []
    for clause in measure.clauses:
        table, result = snapshot.tables[clause.entity], results.clauses[clause.id]
        assert len(result) == len(table)
        for row, key in enumerate(table.keys):
            wanted = row_of(deciding.outcome(clause, population.things[clause.entity, str(key)]))
            if (came := result.row(row)) != wanted:
                found.append(f"{clause.id} {key}: wanted {wanted}, came {came}")
    return found
