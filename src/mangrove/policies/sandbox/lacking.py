"""Which things cannot be decided yet, and what is missing of each: the first of them by name, the others counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mangrove.policies.sandbox.answering import Answer
from mangrove.policies.sandbox.naming import clause_label
from mangrove.policies.sandbox.owners import owners
from mangrove.registry.models import Organisation, User
from mangrove.rulebook.engines.results import LACKS
from mangrove.rulebook.explaining.lacking import missing
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
    with found.city.lock:
        rows = list(waiting(found))
        deciding = Trying(results.measure, results.people, results.run)
        data = [
            data_of(deciding, clause, results.people.thing(clause.entity, row)) for clause, row in rows[:MOST]
        ]
        places = [
            (clause.entity, str(results.snapshot.tables[clause.entity].keys[row]))
            for clause, row in rows[:MOST]
        ]
    known = owners(found, places, reader)
    labels = [clause_label(found.asked.measure, clause) for clause, _row in rows]
    first = [
        Lacking(label, known[place].name, known[place].firm, lacks)
        for label, place, lacks in zip(labels, places, data, strict=False)
    ]
    return Told(first, len(rows) - len(first))


def waiting(found: Answer) -> Iterator[tuple[Clause, int]]:
    """The rows that a paid step cannot decide, in the order of the measure and of their keys."""
    for step in found.after.steps:
        standing = found.results.clauses[step.clause.id].standing
        yield from ((step.clause, int(row)) for row in np.flatnonzero(standing == LACKS))


def data_of(deciding: Trying, clause: Clause, thing: Thing) -> list[str]:
    """What is missing that could change the result; where nothing could, what must be known all the same."""
    saying = Saying(deciding.measure, "zh" if in_chinese() else "en", (clause.entity, thing.key))
    lacks = missing(deciding.outcome(deciding.clauses[clause.id], thing), thing, deciding)
    wanted = [one for one in lacks if one.matters] or lacks
    return list(dict.fromkeys(saying.field_name(one.entity, one.field) for one in wanted))
