"""What a match came to, counted by firms: who qualifies, who does not, and which data keep the rest from being decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mangrove.policies.sandbox.grouping import FIRM, firms_of
from mangrove.rulebook.engines.columns import Ints, Snapshot, Truths
from mangrove.rulebook.engines.results import LACKS, Results
from mangrove.rulebook.explaining.lacking import wanted
from mangrove.rulebook.explaining.trying import Trying
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.population import Thing
from mangrove.rulebook.texts.needed import read_by

#: The kind of a thing and a field or link of it.
Datum = tuple[str, str]
#: What is so of a firm by its best thing: it has none, none of them qualifies, one waits for a datum, one is paid.
NONE, FAILING, WAITING, QUALIFYING = range(4)


@dataclass(frozen=True)
class Tally:
    """Every firm counts once: ``meets`` + ``fails`` + ``lacks`` are all firms. ``without``: of those that fail, those with no such thing.

    ``data``: for how many firms that cannot be decided a datum is missing; a firm can lack several.
    """

    meets: int
    fails: int
    lacks: int
    without: int
    data: Mapping[Datum, int]

    @property
    def as_json(self) -> dict[str, Any]:
        listed = sorted(self.data.items(), key=lambda one: (-one[1], one[0]))
        return {
            "meets": self.meets,
            "fails": self.fails,
            "lacks": self.lacks,
            "without": self.without,
            "data": [[*datum, count] for datum, count in listed],
        }


def tally_from(told: Mapping[str, Any]) -> Tally:
    data = {(entity, field): int(count) for entity, field, count in told["data"]}
    return Tally(told["meets"], told["fails"], told["lacks"], told["without"], data)


def tallied(results: Results, clause: Clause, paid: Ints) -> Tally:
    """``paid``: the fen that the match found for each thing; from nothing else it is known who is offered something."""
    snapshot = results.snapshot
    owner, standing = firms_of(snapshot, clause.entity), results.clauses[clause.id].standing
    best = np.where(are_firms(snapshot), NONE, -1)
    reached = np.select([paid > 0, standing == LACKS], [QUALIFYING, WAITING], FAILING)
    owned = owner >= 0
    np.maximum.at(best, owner[owned], reached[owned])
    waiting = np.flatnonzero(owned & (standing == LACKS) & (best[owner] == WAITING))
    counts = {code: int((best == code).sum()) for code in range(NONE, QUALIFYING + 1)}
    return Tally(
        meets=counts[QUALIFYING], fails=counts[FAILING] + counts[NONE], lacks=counts[WAITING], without=counts[NONE],
        data=missing_by(results, clause, waiting.tolist(), owner),
    )  # fmt: skip


def are_firms(snapshot: Snapshot) -> Truths:
    """Of all bodies those that are enterprises; others count once they hold such a thing."""
    kinds = snapshot.vocabulary.entities[FIRM].fields["kind"].enum
    assert kinds is not None
    column = snapshot.column(FIRM, "kind")
    found = column.values == list(kinds.words).index("firm")
    return found if column.known is None else found & column.known


def missing_by(results: Results, clause: Clause, rows: Sequence[int], owner: Ints) -> dict[Datum, int]:
    """For how many firms each datum is missing. Things that are alike in all that the clause reads are looked into once."""
    looking = Looking(results, clause)
    found = {(int(owner[row]), datum) for row in rows for datum in looking.data_of(row)}
    return dict(Counter(datum for _firm, datum in found))


class Looking:
    """What the interpreter says is missing of the things of one clause."""

    def __init__(self, results: Results, clause: Clause) -> None:
        self.people, self.clause = results.people, clause
        self.deciding = Trying(results.measure, results.people, results.run)
        read = read_by(results.measure, clause)
        own = sorted(name for entity, name in read if entity == clause.entity)
        self.own = own if all(entity == clause.entity for entity, _name in read) else None
        self.known: dict[object, frozenset[Datum]] = {}

    def data_of(self, row: int) -> frozenset[Datum]:
        thing = self.people.thing(self.clause.entity, row)
        alike = thing.key if self.own is None else tuple(thing.fields.get(name) for name in self.own)
        if alike not in self.known:
            self.known[alike] = self.missing(thing)
        return self.known[alike]

    def missing(self, thing: Thing) -> frozenset[Datum]:
        outcome = self.deciding.outcome(self.deciding.clauses[self.clause.id], thing)
        return frozenset((one.entity, one.field) for one in wanted(outcome, thing, self.deciding))
