"""The NumPy engine: every node of a plan as one array. Answers at once, without compiling, and remembers what a what-if keeps."""

from __future__ import annotations

from collections import defaultdict
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
        self.rooms: dict[tuple[int, type[np.unsignedinteger[Any]]], Array] = {}
        self.paying = {clause.id for clause in plan.measure.paid()}
        self.needed = plan.needed([one for compiled in self.told for one in self.outputs(compiled)])
        #: A clause is packed as soon as the last of its nodes is there, so that those need not be kept to the end.
        self.ends: dict[int, list[Compiled]] = defaultdict(list)
        for compiled in self.told:
            self.ends[max(self.outputs(compiled))].append(compiled)
        self.memory: dict[int, Value] = {}
        self.before: dict[str, ClauseResult] = {}
        self.values: list[int | None] = []
        self.depends = dependencies(plan, self.needed)
        readers: dict[int, int] = {}
        for end in sorted(self.ends):
            readers |= {one: end for compiled in self.ends[end] for one in self.outputs(compiled)}
        self.last_use = last_uses(plan, self.needed, readers)

    def outputs(self, compiled: Compiled) -> tuple[int, ...]:
        """The nodes that a clause is packed from. Money that a choice or a total takes over is told only with all the rest."""
        found = compiled.outputs(self.tell)
        if self.tell == "reasons" and compiled.clause.id not in self.paying:
            return tuple(one for one in found if one != compiled.result)
        return found

    def run(self, run: Run = Run(), constants: Mapping[str, Fraction | date] | None = None) -> Results:  # noqa: B008 a frozen value
        """What every clause came to for every row; ``constants`` are numbers of the measure changed by a what-if."""
        measure = self.plan.measure.with_constants(constants) if constants else self.plan.measure
        interpreted = Interpreted(measure, self.snapshot, run)
        results = Results(measure, self.snapshot, run)
        try:
            bound = self.plan.bind(run, self.snapshot.texts, constants)
        except TooWide:
            for clause in told_clauses(measure, self.tell):
                results.clauses[clause.id] = all_interpreted(clause, self.snapshot, interpreted)
            return with_quotas(results)
        packed = self.evaluate(bound, interpreted, results)
        for clause in told_clauses(measure, self.tell):
            found = packed.get(clause.id)
            if found is None:
                found = all_interpreted(clause, self.snapshot, interpreted)
                results.interpreted += len(found)
            results.clauses[clause.id] = replace(found, clause=clause)
        self.before = dict(results.clauses) if self.keep else {}
        return with_quotas(results)

    def evaluate(
        self, values: list[int | None], interpreted: Interpreted, results: Results
    ) -> dict[str, ClauseResult]:
        """Every needed node; those that depend on nothing that changed stay. By clause id what each came to."""
        changed = {n for n, value in enumerate(values) if n >= len(self.values) or self.values[n] != value}
        step = Step(
            self.plan,
            self.snapshot,
            values,
            self.memory,
            wide_nodes(self.plan, self.snapshot, values, self.needed),
        )
        packed, fresh = dict[str, ClauseResult](), set[int]()
        with np.errstate(all="ignore"):  # what does not fit is watched, not warned of
            for index in self.needed:
                if index not in self.memory or self.depends[index] & changed:
                    self.memory[index] = step.value(index)
                    fresh.add(index)
                for compiled in self.ends.get(index, ()):
                    found = self.again(compiled, fresh) or self.packed(compiled)
                    results.interpreted += self.mend(found, compiled, interpreted)
                    packed[compiled.clause.id] = found
                if not self.keep:
                    self.forget(self.last_use.get(index, ()))
        self.values = values
        return packed

    def again(self, compiled: Compiled, fresh: set[int]) -> ClauseResult | None:
        """What the clause came to in the run before, where nothing that it says has changed since."""
        outputs = self.outputs(compiled)
        if fresh.intersection(outputs) or any(self.memory[one].risky is not None for one in outputs):
            return None
        return self.before.get(compiled.clause.id)

    def forget(self, done: Iterable[int]) -> None:
        for index in done:
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
            if index in self.outputs(compiled):
                setattr(result, name, self.money(index, rows))
        if compiled.binding is not None and self.tell != "paid":
            result.binding = self.binding(compiled.binding, rows)
        return result

    def truth(self, index: int) -> Truth:
        found = self.memory[index]
        assert isinstance(found, Truth)
        return found

    def masks(self, compiled: Compiled, rows: int) -> tuple[Array, Array]:
        """(the conditions that fail, those not known), a bit for each."""
        kind = mask_type(len(compiled.conditions))
        failed, unsure = np.zeros(rows, kind), np.zeros(rows, kind)
        room, sure, told = self.room(rows, kind), 0, 0
        for bit, index in enumerate(compiled.conditions if self.tell != "paid" else ()):
            one, told = self.truth(index), told | 1 << bit
            mark(unsure, one.yes, kind(1 << bit), room)  # for now: which hold
            if one.no is None:
                sure |= 1 << bit
            else:
                mark(failed, one.no, kind(1 << bit), room)
        if sure:
            np.bitwise_or(
                failed, np.bitwise_and(np.invert(unsure, out=room), kind(sure), out=room), out=failed
            )
        np.bitwise_xor(np.bitwise_or(unsure, failed, out=unsure), kind(told), out=unsure)
        return failed, unsure

    def room(self, rows: int, kind: type[np.unsignedinteger[Any]]) -> Array:
        """Where a mask is worked on, kept for the next: new pages for every bit would cost more than setting it."""
        if (rows, kind) not in self.rooms:
            self.rooms[rows, kind] = np.empty(rows, kind)
        return self.rooms[rows, kind]

    def money(self, index: int, rows: int) -> Money:
        one = self.memory[index]
        return Money(whole(one.values, rows), None if one.known is None else whole(one.known, rows))

    def binding(self, index: int, rows: int) -> npt.NDArray[np.int8]:
        one = self.memory[index]
        cap = whole(one.values, rows)
        return cap if one.known is None else either_place(one.known, cap, np.array(-1, np.int8))

    def mend(self, found: ClauseResult, compiled: Compiled, interpreted: Interpreted) -> int:
        """Let the interpreter answer the rows that int64 does not hold; how many."""
        risky = [self.memory[one].risky for one in self.outputs(compiled)]
        masks = [one for one in risky if one is not None]
        if not masks:
            return 0
        rows = np.flatnonzero(whole(np.logical_or.reduce(np.broadcast_arrays(*masks)), len(found)))
        found.standing = found.standing.copy()
        patch(found, (int(row) for row in rows), interpreted)
        return len(rows)


def mark(mask: Array, where: Array, bit: np.unsignedinteger[Any], room: Array) -> None:
    """Set one bit of a mask where something holds."""
    np.multiply(where.view(np.uint8), bit, out=room)
    np.bitwise_or(mask, room, out=mask)


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


def last_uses(plan: Plan, needed: Sequence[int], packing: Mapping[int, int]) -> dict[int, list[int]]:
    """For each node, those that nothing after it reads; ``packing``: where a clause is packed from a node."""
    last = {one: index for index in needed for one in (index, *plan.nodes[index].args) if one >= 0}
    found: dict[int, list[int]] = {}
    for node, reader in last.items():
        found.setdefault(max(reader, packing.get(node, -1)), []).append(node)
    return found
