"""The slow way: the interpreter on the changed measure, thing by thing, in plain loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from mangrove.rulebook.decide import Deciding, Outcome, Run, Standing
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing


def outcomes(
    measure: Measure, people: Population, changes: Mapping[str, Any] | None = None, run: Run = Run()  # noqa: B008
) -> dict[tuple[str, str], Outcome]:  # fmt: skip
    """By step and key, of the paid steps."""
    deciding = Deciding(measure.with_constants(changes or {}), people, run)
    return {
        (clause.id, thing.key): deciding.outcome(clause, thing)
        for clause in deciding.measure.paid()
        for thing in people.things.values()
        if thing.entity == clause.entity
    }


def fen(outcome: Outcome) -> int:
    return (outcome.fen or 0) if outcome.standing == Standing.MEETS else 0


def cost(measure: Measure, people: Population, changes: Mapping[str, Any] | None = None) -> int:
    return sum(fen(one) for one in outcomes(measure, people, changes).values())


def by_thing(
    measure: Measure, people: Population, changes: Mapping[str, Any] | None = None
) -> dict[tuple[str, str], tuple[int, bool]]:
    """What each thing is paid by all paid steps for it, and whether one of them lacks a datum."""
    paid: dict[tuple[str, str], int] = defaultdict(int)
    open_things: dict[tuple[str, str], bool] = defaultdict(bool)
    for (_step, key), one in outcomes(measure, people, changes).items():
        place = (one.clause.entity, key)
        paid[place] += fen(one)
        open_things[place] |= one.standing == Standing.LACKS
    return {place: (paid[place], open_things[place]) for place in paid}


def district_of(thing: Thing) -> str:
    return thing.links.get("district", "")
