"""Near misses of a population against a loop over its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.explaining.near import NearMisses, near_misses

from .engines.test_differential import case


def by_loop(results: Results) -> list[NearMisses]:
    found = []
    for id, result in results.clauses.items():
        rows = [result.row(row) for row in range(len(result))]
        for condition in range(len(result.clause.conditions)):
            alone = [one for one in rows if one.failed == 1 << condition and not one.unsure]
            stakes = [one.ungated for one in alone] if result.clause.amount else []
            known = [fen for fen in stakes if fen is not None]
            if alone:
                found.append(NearMisses(id, condition, len(alone), sum(known), len(stakes) - len(known)))
    return found


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_they_are_what_a_loop_finds(seed: int, tmp_path: Path) -> None:
    one = case(seed, tmp_path)
    if one is None:
        return
    snapshot = from_population(one.population, one.measure.vocabulary)
    results = Vector(lower(one.measure), snapshot).run(one.run)
    assert near_misses(results) == by_loop(results)
