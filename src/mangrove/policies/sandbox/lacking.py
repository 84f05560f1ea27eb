"""Which things cannot be decided yet, and what is missing of each: the first of them by name, the others counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mangrove.policies.sandbox.answering import Answer
from mangrove.policies.sandbox.naming import clause_label
from mangrove.policies.sandbox.owners import Place, owners
from mangrove.registry.models import Organisation, User
from mangrove.rulebook.engines.results import LACKS
from mangrove.rulebook.explaining.lacking import wanted
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.explaining.trying import Trying
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.population import Thing
from mangrove.ui.languages import in_chinese

#: Of all clauses together.
MOST = 10


@dataclass(frozen=True)
class Lacking:
    """One thing that a clause cannot decide: what it is called, whose it is, and the data that it waits for."""

    clause: str
    name: Any
    firm: Organisation | None
    data: Sequence[str]

    @property
    def waits(self) -> str:
        return ("、" if in_chinese() else ", ").join(self.data)


@dataclass(frozen=True)
class Told:
    """The first ones, and how many there are besides."""

    first: Sequence[Lacking]
    more: int


def lacking(found: Answer, reader: User) -> Told:
    results = found.results
    waiting = {step.clause.id: rows_waiting(found, step.clause) for step in found.after.steps}
    steps = [step.clause for step in found.after.steps]
    first = [(clause, int(row)) for clause in steps for row in waiting[clause.id][:MOST]][:MOST]
    with found.city.lock:
        deciding = Trying(results.measure, results.people, results.run)
        data = [data_of(deciding, clause, results.people.thing(clause.entity, row)) for clause, row in first]
    places = [place_of(found, clause, row) for clause, row in first]
    known = owners(found, places, reader)
    named = [
        Lacking(clause_label(found.asked.measure, clause), known[place].name, known[place].firm, lacks)
        for (clause, _row), place, lacks in zip(first, places, data, strict=True)
    ]
    return Told(named, sum(len(rows) for rows in waiting.values()) - len(named))


def rows_waiting(found: Answer, clause: Clause) -> np.ndarray:
    """The rows that a clause cannot decide, in the order of their keys."""
    return np.flatnonzero(found.results.clauses[clause.id].standing == LACKS)


def place_of(found: Answer, clause: Clause, row: int) -> Place:
    return clause.entity, str(found.results.snapshot.tables[clause.entity].keys[row])


def data_of(deciding: Trying, clause: Clause, thing: Thing) -> list[str]:
    """The names of what is missing."""
    saying = Saying(deciding.measure, "zh" if in_chinese() else "en", (clause.entity, thing.key))
    lacks = wanted(deciding.outcome(deciding.clauses[clause.id], thing), thing, deciding)
    return list(dict.fromkeys(saying.field_name(one.entity, one.field) for one in lacks))
