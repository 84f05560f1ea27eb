"""What the clauses came to for every row: standings, money and reasons as arrays; text is made for one case on demand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.allotting.quotas import Selection
from mangrove.rulebook.decide import Deciding, Outcome, Run, Standing
from mangrove.rulebook.engines.columns import ColumnPopulation, Ints, Snapshot, Truths
from mangrove.rulebook.engines.plan import Tell
from mangrove.rulebook.measures import Clause, Measure

FAILS, MEETS, LACKS = 0, 1, 2
STANDINGS = {FAILS: Standing.FAILS, MEETS: Standing.MEETS, LACKS: Standing.LACKS}
CODES = {standing: code for code, standing in STANDINGS.items()}


@dataclass(frozen=True)
class Money:
    """Fen of every row; ``known`` is ``None`` where every one is known."""

    fen: Ints
    known: Truths | None = None

    def at(self, row: int) -> int | None:
        return None if self.known is not None and not self.known[row] else int(self.fen[row])


@dataclass(frozen=True)
class Row:
    """One row of a clause in plain numbers; the same from every engine and from the interpreter.

    Bit ``n`` of ``failed`` and ``unsure`` is condition ``n`` of the clause.
    """

    standing: Standing
    fen: int | None
    uncapped: int | None
    capped: int | None
    ungated: int | None
    binding: int | None
    failed: int
    unsure: int


@dataclass
class ClauseResult:
    """``standing`` is 0 fails, 1 meets, 2 lacks. ``binding`` is the place of the cap that cuts, -1 for none."""

    clause: Clause
    standing: npt.NDArray[np.int8]
    failed: npt.NDArray[Any]
    unsure: npt.NDArray[Any]
    uncapped: Money | None = None
    capped: Money | None = None
    ungated: Money | None = None
    result: Money | None = None
    binding: npt.NDArray[np.int8] | None = None
    #: Rows whose numbers do not fit an int64, as the interpreter has them.
    beyond: dict[int, Row] = field(default_factory=dict)
    #: Of a clause under a quota: who is chosen, row by row and in words.
    chosen: Truths | None = None
    selection: Selection | None = None

    def __len__(self) -> int:
        return len(self.standing)

    def row(self, row: int) -> Row:
        if row in self.beyond:
            return self.beyond[row]
        uncapped, capped, ungated, fen = (
            None if money is None else money.at(row)
            for money in (self.uncapped, self.capped, self.ungated, self.result)
        )
        cap = -1 if self.binding is None else int(self.binding[row])
        return Row(
            STANDINGS[int(self.standing[row])], fen, uncapped, capped, ungated, None if cap < 0 else cap,
            int(self.failed[row]), int(self.unsure[row]),
        )  # fmt: skip

    def paid(self) -> Ints:
        """Fen that each row is paid now; what is not known, or not chosen under a quota, is not paid."""
        if self.result is None:
            return np.zeros(len(self), np.int64)
        fen = np.where(self.standing == MEETS, self.result.fen, 0)
        for row, told in self.beyond.items():
            if told.fen is not None:
                fen[row] = told.fen  # OverflowError rather than a wrong number
        return fen if self.chosen is None else np.where(self.chosen, fen, 0)


@dataclass
class Results:
    """By clause id, in the order of the measure."""

    measure: Measure
    snapshot: Snapshot
    run: Run
    clauses: dict[str, ClauseResult] = field(default_factory=dict)
    #: How many rows the interpreter had to answer because int64 does not hold them.
    interpreted: int = 0
    #: What was worked out of them and is asked for again, under names that whoever works it out gives.
    remembered: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def people(self) -> ColumnPopulation:
        return ColumnPopulation(self.snapshot)


def told_clauses(measure: Measure, tell: Tell) -> list[Clause]:
    return measure.paid() if tell == "paid" else list(measure.clauses)


def mask_type(bits: int) -> type[np.unsignedinteger[Any]]:
    """The smallest that holds a bit for each condition."""
    return next(
        kind
        for size, kind in ((8, np.uint8), (16, np.uint16), (32, np.uint32), (64, np.uint64))
        if bits <= size
    )


def row_of(outcome: Outcome) -> Row:
    """What the interpreter found, in the form of the engines."""
    failed = sum(1 << n for n, answer in enumerate(outcome.answers) if answer.holds is False)
    unsure = sum(1 << n for n, answer in enumerate(outcome.answers) if answer.holds is None)
    has_money = outcome.clause.amount is not None
    fen = outcome.fen if has_money else None
    return Row(
        outcome.standing, fen, outcome.uncapped, outcome.capped, outcome.ungated if has_money else None,
        outcome.binding, failed, unsure,
    )  # fmt: skip


class Interpreted:
    """The interpreter over the rows of a snapshot, for what an engine cannot hold; nothing is made before the first row."""

    def __init__(self, measure: Measure, snapshot: Snapshot, run: Run) -> None:
        self.measure, self.snapshot, self.of_run = measure, snapshot, run

    @cached_property
    def people(self) -> ColumnPopulation:
        return ColumnPopulation(self.snapshot)

    @cached_property
    def deciding(self) -> Deciding:
        return Deciding(self.measure, self.people, self.of_run)

    def row(self, clause: Clause, row: int) -> Row:
        # A what-if has other numbers than the clause of the plan.
        return row_of(
            self.deciding.outcome(self.deciding.clauses[clause.id], self.people.thing(clause.entity, row))
        )


def patch(result: ClauseResult, rows: Iterable[int], interpreted: Interpreted) -> None:
    """Replace these rows by what the interpreter says."""
    for row in rows:
        told = interpreted.row(result.clause, int(row))
        result.standing[row] = CODES[told.standing]
        result.beyond[int(row)] = told


def all_interpreted(clause: Clause, snapshot: Snapshot, interpreted: Interpreted) -> ClauseResult:
    """A clause that no plan can say, row by row."""
    rows = len(snapshot.tables[clause.entity])
    masks = np.zeros(rows, np.uint64)
    money = Money(np.zeros(rows, np.int64), np.zeros(rows, bool))
    result = ClauseResult(clause, np.zeros(rows, np.int8), masks, masks, result=money)
    patch(result, range(rows), interpreted)
    return result
