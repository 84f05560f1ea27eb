"""The day on which a pot runs dry, when claims are paid in full in the order of a date of theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from mangrove.rulebook.engines.columns import Ints, Snapshot
from mangrove.rulebook.engines.results import LACKS, Results
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.problems import START, Place, unknown
from mangrove.rulebook.simulate.groups import grouping
from mangrove.rulebook.simulate.money import Fen, paid_under
from mangrove.rulebook.simulate.takeup import TakeUp
from mangrove.vocabulary.model import find, known_names

EVERYBODY = TakeUp()
#: Stands for a day that is not known, behind all others.
LAST = date.max.toordinal()


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
    results: Results, pot: int, date_field: str, assumed: TakeUp = EVERYBODY, place: Place = START,
    only: Collection[str] | None = None,
) -> Dry:  # fmt: skip
    """``pot`` in fen; ``only``: the steps that ask it, all where not given. Claims of one day are served by kind and key.

    Raises :class:`Problem` for no such date field.
    """
    steps = [one for one in results.measure.paid() if only is None or one.id in only]
    dates = {clause.entity: day_field(results.snapshot, clause.entity, date_field) for clause in steps}
    if not any(dates.values()):
        kinds = [results.snapshot.vocabulary.entities[one] for one in dates]
        days = [one for kind in kinds for one in kind.fields.values() if one.type == "date"]
        raise unknown(place, ("日期字段", "date field"), date_field, known_names(days))
    queues = [Queue(results, clause, dates[clause.entity], assumed) for clause in steps]
    lacking = sum(int((results.clauses[one.id].standing == LACKS).sum()) for one in steps)
    return served(queues, pot, lacking)


class Queue:
    """The claims under one step that are paid something; a day that is not known stands as the last there is."""

    def __init__(self, results: Results, clause: Clause, field: str, assumed: TakeUp) -> None:
        self.clause, self.table = clause, results.snapshot.tables[clause.entity]
        self.paid = paid_under(results, clause.id)
        self.rows = np.flatnonzero(self.paid.positive())
        groups = grouping(results.snapshot, clause.entity, assumed.by)
        self.shares, self.codes = [assumed.share(one) for one in groups.groups], groups.codes
        self.days = days_of(results.snapshot, clause.entity, field)[self.rows]

    def by_day(self) -> Iterator[tuple[int, int, int, Fraction]]:
        """Of each day that has claims: the day, how many, their fen, and the fen expected."""
        first, wide = int(self.days.min(initial=LAST)), len(self.shares)
        known = self.days < LAST
        span = (
            int(self.days[known].max(initial=first)) - first + 2
        )  # the last place is for those without a day
        codes = np.where(known, self.days - first, span - 1) * wide + self.codes[self.rows]
        own = Fen(self.paid.small[self.rows], {n: self.paid.big[row] for n, row in self.wide_rows()})
        fen, count = own.by(codes, span * wide), np.bincount(codes, minlength=span * wide)
        for n in np.flatnonzero(count.reshape(span, wide).sum(axis=1)):
            parts = range(n * wide, (n + 1) * wide)
            expected = sum((self.shares[one - n * wide] * fen[one] for one in parts if fen[one]), Fraction(0))
            day = LAST if n == span - 1 else first + int(n)
            yield day, int(sum(count[one] for one in parts)), sum(fen[one] for one in parts), expected

    def wide_rows(self) -> Iterator[tuple[int, int]]:
        """The place among the claims of each row that no int64 holds, and the row."""
        for row in self.paid.big:
            yield from ((int(n), row) for n in np.flatnonzero(self.rows == row))

    def of_day(self, day: int) -> Iterator[Asked]:
        for row in self.rows[self.days == day]:
            share = self.shares[self.codes[row]]
            key, fen = str(self.table.keys[row]), self.paid.at(int(row))
            yield Asked(date.fromordinal(day), self.clause.entity, key, self.clause.id, fen, share)


def served(queues: Sequence[Queue], pot: int, lacking: int) -> Dry:
    """Whole days first; only within the day on which the pot runs dry are claims looked at one by one."""
    counts, fen, expected = Counter[int](), Counter[int](), dict[int, Fraction]()
    for queue in queues:
        for day, count, asked, hoped in queue.by_day():
            counts[day] += count
            fen[day] += asked
            expected[day] = expected.get(day, Fraction(0)) + hoped
    undated, undated_fen = counts.pop(LAST, 0), fen.pop(LAST, 0)
    paid, done, first = Fraction(0), 0, None
    for day in sorted(counts):
        if paid + expected[day] <= pot:
            paid, done = paid + expected[day], done + counts[day]
            continue
        paid, done, first = within(
            sorted(one for queue in queues for one in queue.of_day(day)), paid, done, pot
        )
        break
    return Dry(
        pot, first.day if first else None, first, paid, done, counts.total() - done, undated, undated_fen, lacking
    )  # fmt: skip


def within(
    claims: Sequence[Asked], paid: Fraction, done: int, pot: int
) -> tuple[Fraction, int, Asked | None]:
    for one in claims:
        if paid + one.fen * one.share > pot:
            return paid, done, one
        paid, done = paid + one.fen * one.share, done + 1
    return paid, done, None


def day_field(snapshot: Snapshot, entity: str, name: str) -> str:
    found = find(snapshot.vocabulary.entities[entity].fields, name)
    return found.id if found is not None and found.type == "date" else ""


def days_of(snapshot: Snapshot, entity: str, field: str) -> Ints:
    """The day of every row as its ordinal."""
    rows = len(snapshot.tables[entity])
    if not field:
        return np.full(rows, LAST, np.int64)
    column = snapshot.column(entity, field)
    days = column.values.astype(np.int64)
    return days if column.known is None else np.where(column.known, days, LAST)
