"""What a measure costs and whom it reaches: by clause, by group and in all; known now, and at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mangrove.rulebook.engines.columns import Truths
from mangrove.rulebook.engines.results import FAILS, LACKS, MEETS, Results
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.simulate.groups import Group, grouping, joined, refuse_unknown
from mangrove.rulebook.simulate.money import Fen, added, count_by, paid_under, whole_sum
from mangrove.rulebook.simulate.upper import Uppers


@dataclass(frozen=True)
class Cost:
    """Fen. ``low`` is known now. ``high``: with every open row at its bound; ``unbounded`` open rows have none."""

    low: int = 0
    high: int = 0
    open: int = 0
    unbounded: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.low + other.low,
            self.high + other.high,
            self.open + other.open,
            self.unbounded + other.unbounded,
        )


@dataclass(frozen=True)
class StepTotal:
    """One paid step: its cost, how many it pays, and how many rows qualify, do not, and lack a datum."""

    clause: Clause
    cost: Cost
    beneficiaries: int
    meets: int
    fails: int
    lacks: int


@dataclass(frozen=True)
class GroupTotal:
    group: Group
    fen: int
    beneficiaries: int
    lacks: int


@dataclass(frozen=True)
class Totals:
    """``beneficiaries``: things paid anything, each once, over all kinds of things."""

    steps: tuple[StepTotal, ...]
    cost: Cost
    beneficiaries: int
    groups: tuple[GroupTotal, ...] = ()

    @property
    def fen(self) -> int:
        return self.cost.low


def totals(results: Results, by: str = "") -> Totals:
    """``by`` groups things by a path such as ``所在区``. Raises :class:`Problem` where none of them has that."""
    uppers = Uppers(results)
    steps = tuple(step_total(results, clause, uppers) for clause in results.measure.paid())
    cost = sum((one.cost for one in steps), Cost())
    kinds = paid_kinds(results)
    people = sum(int(paid_by(results, kind).positive().sum()) for kind in kinds)
    refuse_unknown(results.snapshot, kinds, by)
    return Totals(steps, cost, people, tuple(group_totals(results, by)) if by else ())


def step_total(results: Results, clause: Clause, uppers: Uppers) -> StepTotal:
    result = results.clauses[clause.id]
    paid, upper = paid_under(results, clause.id), uppers.of(clause)
    open_rows = ~upper.sure
    more = np.where(open_rows & upper.bounded, upper.fen - paid.small, 0)
    cost = Cost(
        paid.total(),
        paid.total() + whole_sum(more),
        int(open_rows.sum()),
        int((open_rows & ~upper.bounded).sum()),
    )
    counts = (int((result.standing == code).sum()) for code in (MEETS, FAILS, LACKS))
    return StepTotal(clause, cost, int(paid.positive().sum()), *counts)


# --- by kind of thing and by group ---------------------------------------------------------------------------------


def paid_kinds(results: Results) -> list[str]:
    """The kinds of things that the paid steps are for, in the order of the measure."""
    return list(dict.fromkeys(clause.entity for clause in results.measure.paid()))


def paid_by(results: Results, kind: str) -> Fen:
    """What each thing of a kind is paid by all steps that are for it; worked out once."""
    if ("paid", kind) not in results.remembered:
        parts = [paid_under(results, one.id) for one in results.measure.paid() if one.entity == kind]
        results.remembered["paid", kind] = added(parts, len(results.snapshot.tables[kind]))
    found: Fen = results.remembered["paid", kind]
    return found


def lacking(results: Results, kind: str) -> Truths:
    """The things of a kind for which a paid step lacks a datum."""
    found = np.zeros(len(results.snapshot.tables[kind]), bool)
    for clause in results.measure.paid():
        if clause.entity == kind:
            found |= results.clauses[clause.id].standing == LACKS
    return found


def group_totals(results: Results, by: str) -> Iterator[GroupTotal]:
    found: dict[str, tuple[int, int, int]] = {}
    seen: list[Group] = []
    for kind in paid_kinds(results):
        groups = grouping(results.snapshot, kind, by)
        count, paid = len(groups.groups), paid_by(results, kind)
        fen = paid.by(groups.codes, count)
        people = count_by(paid.positive(), groups.codes, count)
        unsure = count_by(lacking(results, kind), groups.codes, count)
        seen += groups.groups
        for group, *own in zip(groups.groups, fen, people, unsure, strict=True):
            before = found.get(group.id, (0, 0, 0))
            found[group.id] = (before[0] + own[0], before[1] + own[1], before[2] + own[2])
    for group in joined(seen):
        yield GroupTotal(group, *found[group.id])
