"""The NumPy engine: every node of a plan as one array. Answers at once, without compiling, and remembers what a what-if keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.choosing import with_quotas
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.bounds import wide_nodes
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.plan import Compiled, Plan, Tell, TooWide
from mangrove.rulebook.engines.results import (
    ClauseResult,
    Interpreted,
    Money,
    Results,
    all_interpreted,
    mask_type,
    patch,
    told_clauses,
)
from mangrove.rulebook.engines.steps import Step
from mangrove.rulebook.engines.values import Array, Truth, Value, either_place, whole

MONEY = ("uncapped", "capped", "ungated", "result")


class Vector:
    """One plan on one snapshot. ``keep`` remembers every node for the next run, at the price of its memory."""

    def __init__(self, plan: Plan, snapshot: Snapshot, *, keep: bool = False, tell: Tell = "all") -> None:
        self.plan, self.snapshot, self.keep, self.tell = plan, snapshot, keep, tell
        self.told = plan.told(tell)
        outputs = [one for compiled in self.told for one in compiled.outputs(tell)]
        self.needed = plan.needed(outputs)
        self.outputs = set(outputs)
        self.memory: dict[int, Value] = {}
        self.before: dict[str, ClauseResult] = {}
        self.values: list[int | None] = []
        self.depends = dependencies(plan, self.needed)
        self.last_use = last_uses(plan, self.needed)

    def run(self, run: Run = Run(), constants: Mapping[str, Fraction | date] | None = None) -> Results:  # noqa: B008 a frozen value
        """What every clause came to for every row; ``constants`` are numbers of the measure changed by a what-if."""
        measure = self.plan.measure.with_constants(constants) if constants else self.plan.measure
        interpreted = Interpreted(measure, self.snapshot, run)
        results = Results(measure, self.snapshot, run)
        try:
            fresh = self.evaluate(self.plan.bind(run, self.snapshot.texts, constants))
        except TooWide:
            for clause in told_clauses(measure, self.tell):
                results.clauses[clause.id] = all_interpreted(clause, self.snapshot, interpreted)
            return with_quotas(results)
        compiled = {one.clause.id: one for one in self.told}
        for clause in told_clauses(measure, self.tell):
            if clause.id in compiled:
                found = self.again(compiled[clause.id], fresh) or self.packed(compiled[clause.id])
                results.interpreted += self.mend(found, compiled[clause.id], interpreted)
            else:
                found = all_interpreted(clause, self.snapshot, interpreted)
                results.interpreted += len(found)
            results.clauses[clause.id] = replace(found, clause=clause)
        self.before = dict(results.clauses) if self.keep else {}
        if not self.keep:
            self.memory.clear()
        return with_quotas(results)

    def again(self, compiled: Compiled, fresh: set[int]) -> ClauseResult | None:
        """What the clause came to in the run before, where nothing that it says has changed since."""
        outputs = compiled.outputs(self.tell)
        if fresh.intersection(outputs) or any(self.memory[one].risky is not None for one in outputs):
            return None
        return self.before.get(compiled.clause.id)

    def evaluate(self, values: list[int | None]) -> set[int]:
        """Every needed node into :attr:`memory`; those that depend on nothing that changed stay. Which are new."""
        fresh = set[int]()
        changed = {n for n, value in enumerate(values) if n >= len(self.values) or self.values[n] != value}
        wide = wide_nodes(self.plan, self.snapshot, values, self.needed)
        step = Step(self.plan, self.snapshot, values, self.memory, wide)
        if not self.keep:
            self.memory.clear()
        with np.errstate(all="ignore"):  # what does not fit is watched, not warned of
            for index in self.needed:
                if index not in self.memory or self.depends[index] & changed:
                    self.memory[index] = step.value(index)
                    fresh.add(index)
                if not self.keep:
                    self.forget(self.last_use.get(index, ()))
        self.values = values
        return fresh

    def forget(self, done: Iterable[int]) -> None:
        for index in done:
            if index not in self.outputs:
                del self.memory[index]

    # --- results ---------------------------------------------------------------------------------------------------

    def packed(self, compiled: Compiled) -> ClauseResult:
        rows = len(self.snapshot.tables[compiled.clause.entity])
        met, meets = self.truth(compiled.met), self.truth(compiled.meets)
        # 2 where neither is known, 1 where it is met, 0 where a condition fails
        standing = whole(2 - meets.yes.view(np.int8) - 2 * met.nos.view(np.int8), rows)
        failed, unsure = self.masks(compiled, rows)
        result = ClauseResult(compiled.clause, standing, failed, unsure)
        for name in MONEY if self.tell == "all" else ("result",):
            index = getattr(compiled, name)
            if index is not None:
                setattr(result, name, self.money(index, rows))
        if compiled.binding is not None and self.tell != "paid":
            result.binding = self.binding(compiled.binding, rows)
        return result

    def truth(self, index: int) -> Truth:
        found = self.memory[index]
        assert isinstance(found, Truth)
        return found

    def masks(self, compiled: Compiled, rows: int) -> tuple[Array, Array]:
        conditions = compiled.conditions if self.tell != "paid" else ()
        kind = mask_type(len(compiled.conditions))
        holds, fails, sure = Marks(kind, rows), Marks(kind, rows), 0
        for bit, index in enumerate(conditions):
            one = self.truth(index)
            holds.mark(one.yes, bit)
            if one.no is None:
                sure |= 1 << bit
            else:
                fails.mark(one.no, bit)
        failed = fails.bits | (~holds.bits & kind(sure))
        return failed, ~(holds.bits | failed) & kind((1 << len(conditions)) - 1)

    def money(self, index: int, rows: int) -> Money:
        one = self.memory[index]
        return Money(whole(one.values, rows), None if one.known is None else whole(one.known, rows))

    def binding(self, index: int, rows: int) -> npt.NDArray[np.int8]:
        one = self.memory[index]
        cap = whole(one.values, rows)
        return cap if one.known is None else either_place(one.known, cap, np.array(-1, np.int8))

    def mend(self, found: ClauseResult, compiled: Compiled, interpreted: Interpreted) -> int:
        """Let the interpreter answer the rows that int64 does not hold; how many."""
        risky = [self.memory[one].risky for one in compiled.outputs(self.tell)]
        masks = [one for one in risky if one is not None]
        if not masks:
            return 0
        rows = np.flatnonzero(whole(np.logical_or.reduce(np.broadcast_arrays(*masks)), len(found)))
        found.standing = found.standing.copy()
        patch(found, (int(row) for row in rows), interpreted)
        return len(rows)


class Marks:
    """A bit for each condition. The room to work in is made once: new pages for every bit cost more than setting it."""

    def __init__(self, kind: type[np.unsignedinteger[Any]], rows: int) -> None:
        self.kind, self.bits, self.room = kind, np.zeros(rows, kind), np.empty(rows, kind)

    def mark(self, where: Array, bit: int) -> None:
        """Set the bit where something holds."""
        np.multiply(where.view(np.uint8), self.kind(1 << bit), out=self.room)
        self.bits |= self.room


def dependencies(plan: Plan, needed: Sequence[int]) -> dict[int, frozenset[int]]:
    """The parameters that each node depends on."""
    made: list[frozenset[int]] = []
    for n, one in enumerate(plan.parameters):
        made.append(frozenset({n}).union(*(made[part] for part in one.args)))
    found: dict[int, frozenset[int]] = {}
    for index in needed:
        node = plan.nodes[index]
        own = made[int(node.detail[0])] if node.op == "param" else frozenset()
        found[index] = own.union(*(found[one] for one in node.args if one >= 0))
    return found


def last_uses(plan: Plan, needed: Sequence[int]) -> dict[int, list[int]]:
    """For each node, those that nothing after it reads."""
    last = {one: index for index in needed for one in (index, *plan.nodes[index].args) if one >= 0}
    found: dict[int, list[int]] = {}
    for node, reader in last.items():
        found.setdefault(reader, []).append(node)
    return found
