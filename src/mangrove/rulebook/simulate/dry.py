"""The day on which a pot runs dry, when claims are paid in full in the order of a date of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.results import LACKS, Results
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.problems import START, Place, unknown
from mangrove.rulebook.simulate.groups import grouping
from mangrove.rulebook.simulate.money import paid_of
from mangrove.rulebook.simulate.takeup import TakeUp
from mangrove.vocabulary.model import find, known_names

EVERYBODY = TakeUp()


class Asked(NamedTuple):
    """What one thing is paid under one step, and the day by which it is served; in the order of service."""

    day: date
    entity: str
    key: str
    step: str
    fen: int
    share: Fraction


@dataclass(frozen=True)
class Dry:
    """``day``: the first claim of that day (:attr:`first_unpaid`) no longer fits; ``None`` while all fit.

    ``paid`` and ``left`` are exact fen before it: with a take-up of less than all, the share of each claim that is
    expected to come. ``undated`` claims (and their fen) stand in no order and are not served here; ``lacking`` claims
    have no amount yet.
    """

    pot: int
    day: date | None
    first_unpaid: Asked | None
    paid: Fraction
    served: int
    unserved: int
    undated: int
    undated_fen: int
    lacking: int

    @property
    def left(self) -> Fraction:
        return self.pot - self.paid


def dry(
    results: Results, pot: int, date_field: str, assumed: TakeUp = EVERYBODY, place: Place = START
) -> Dry:
    """``pot`` in fen. Claims of one day are served by kind and key. Raises :class:`Problem` for no such date field."""
    steps = results.measure.paid()
    dates = {clause.entity: day_field(results.snapshot, clause.entity, date_field) for clause in steps}
    if not any(dates.values()):
        kinds = [results.snapshot.vocabulary.entities[one] for one in dates]
        days = [one for kind in kinds for one in kind.fields.values() if one.type == "date"]
        raise unknown(place, ("日期字段", "date field"), date_field, known_names(days))
    claims = [one for clause in steps for one in claims_of(results, clause, dates[clause.entity], assumed)]
    dated = sorted(one for one in claims if one.day != date.max)
    lacking = sum(int((results.clauses[one.id].standing == LACKS).sum()) for one in steps)
    return served(dated, [one for one in claims if one.day == date.max], pot, lacking)


def served(dated: Sequence[Asked], undated: Sequence[Asked], pot: int, lacking: int) -> Dry:
    paid, first, count = Fraction(0), None, 0
    for one in dated:
        expected = one.fen * one.share
        if paid + expected > pot:
            first = one
            break
        paid, count = paid + expected, count + 1
    return Dry(
        pot, first.day if first else None, first, paid, count, len(dated) - count,
        len(undated), sum(one.fen for one in undated), lacking,
    )  # fmt: skip


def day_field(snapshot: Snapshot, entity: str, name: str) -> str:
    found = find(snapshot.vocabulary.entities[entity].fields, name)
    return found.id if found is not None and found.type == "date" else ""


def claims_of(results: Results, clause: Clause, field: str, assumed: TakeUp) -> Iterator[Asked]:
    """Those that are paid something; an unknown day stands as the last there is."""
    table, paid = results.snapshot.tables[clause.entity], paid_of(results.clauses[clause.id])
    groups = grouping(results.snapshot, clause.entity, assumed.by)
    shares = [assumed.share(group) for group in groups.groups]
    column = results.snapshot.column(clause.entity, field) if field else None
    for row in np.flatnonzero(paid.positive()):
        known = column is not None and (column.known is None or bool(column.known[row]))
        day = date.fromordinal(int(column.values[row])) if known and column is not None else date.max
        yield Asked(
            day, clause.entity, str(table.keys[row]), clause.id, paid.at(int(row)), shares[groups.codes[row]]
        )
