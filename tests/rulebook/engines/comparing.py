"""The same question to the interpreter and to an engine: every row of every clause must get the same answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.columns import Snapshot, from_population
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import Results, Row, row_of
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


def by_passes(measure: Measure, snapshot: Snapshot, run: Run) -> Results:
    """The passes of the Numba engine, run by Python as they are written: the same text, without a minute of compiling."""
    return plain_passes()(lower(measure), snapshot, "all").run(run)


@cache
def plain_passes() -> Any:
    from mangrove.rulebook.engines import compiled
    from mangrove.rulebook.engines.fused import Fused

    names = {name: getattr(compiled, name) for name in compiled.__all__ if name != "njit"}
    names = {name: one.py_func for name, one in names.items()}

    class Plain(Fused):
        def compiled(self, kernel: Any) -> Any:
            _import, text = kernel.text.split("\n", 1)
            found: dict[str, Any] = {**names, "njit": lambda **_how: lambda function: function}
            exec(text, found)  # a text of our own making

            def run(*arguments: Any) -> None:
                with np.errstate(all="ignore"):  # as compiled code does; what does not fit is watched
                    found[kernel.name](*arguments)

            return run

    return Plain


#: Every engine that runs a plan. ``numba`` alone takes its time, compiling.
ENGINES: dict[str, Engine] = {
    "numpy": by_numpy, "passes": by_passes, "duckdb": by_duckdb, "numba": by_numba,
}  # fmt: skip
Rows = dict[tuple[str, int], Row]
#: Runs one plan on one snapshot again and again, with numbers changed.
Again = Callable[[Run, Mapping[str, Fraction | date]], Results]


def kept(measure: Measure, snapshot: Snapshot) -> dict[str, Again]:
    """An engine of each kind, for several runs on the same data; the first keeps what it has worked out."""
    from mangrove.rulebook.engines.duck import Duck
    from mangrove.rulebook.engines.vector import Vector

    return {
        "numpy": Vector(lower(measure), snapshot, keep=True).run,
        "passes": plain_passes()(lower(measure), snapshot, "all").run,
        "duckdb": Duck(lower(measure), snapshot, threads=1).run,
    }


def answers(measure: Measure, population: Population, run: Run, snapshot: Snapshot) -> Rows:
    """What the interpreter says of every row of every clause."""
    deciding = Deciding(measure, population, run)
    return {
        (clause.id, row): row_of(deciding.outcome(clause, population.things[clause.entity, str(key)]))
        for clause in measure.clauses
        for row, key in enumerate(snapshot.tables[clause.entity].keys)
    }


def unlike(wanted: Rows, results: Results) -> list[str]:
    """The rows that came out otherwise, in words."""
    for clause in results.measure.clauses:
        assert len(results.clauses[clause.id]) == len(results.snapshot.tables[clause.entity])
    found = []
    for (id, row), told in wanted.items():
        result = results.clauses[id]
        if (came := result.row(row)) != told:
            key = results.snapshot.tables[result.clause.entity].keys[row]
            found.append(f"{id} {key}: wanted {told}, came {came}")
    return found


def differences(measure: Measure, population: Population, run: Run, engine: Engine) -> list[str]:
    """Every row that an engine answers otherwise than the interpreter, in words."""
    snapshot = from_population(population, measure.vocabulary)
    return unlike(answers(measure, population, run, snapshot), engine(measure, snapshot, run))
