"""The NumPy engine: every node of a plan as one array. Answers at once, without compiling, and remembers what a what-if keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines import days
from mangrove.rulebook.engines.bounds import WIDEST, wide_nodes
from mangrove.rulebook.engines.columns import Family, Snapshot
from mangrove.rulebook.engines.plan import Compiled, Node, Plan, Tell, TooWide
from mangrove.rulebook.engines.results import (
    FAILS,
    LACKS,
    MEETS,
    ClauseResult,
    Interpreted,
    Money,
    Results,
    all_interpreted,
    mask_type,
    patch,
    told_clauses,
)

MONEY = ("uncapped", "capped", "ungated", "result")
Array = npt.NDArray[Any]
Known = npt.NDArray[np.bool_] | None


@dataclass(frozen=True)
class Value:
    """Numbers or truths of all rows (or one for all), where they are known, and where int64 does not hold them.

    A truth that is not known is stored as no, so that *and* is right without looking. ``risky`` rows mean nothing.
    """

    values: Array
    known: Known = None
    risky: Known = None


class Vector:
    """One plan on one snapshot. ``keep`` remembers every node for the next run, at the price of its memory."""

    def __init__(self, plan: Plan, snapshot: Snapshot, *, keep: bool = False, tell: Tell = "all") -> None:
        self.plan, self.snapshot, self.keep, self.tell = plan, snapshot, keep, tell
        self.told = plan.told(tell)
        outputs = [one for compiled in self.told for one in compiled.outputs(tell)]
        self.needed = plan.needed(outputs)
        self.outputs = set(outputs)
        self.memory: dict[int, Value] = {}
        self.values: list[int | None] = []
        self.depends = dependencies(plan, self.needed)
        self.last_use = last_uses(plan, self.needed)

    def run(self, run: Run = Run(), constants: Mapping[str, Fraction | date] | None = None) -> Results:  # noqa: B008 a frozen value
        """What every clause came to for every row; ``constants`` are numbers of the measure changed by a what-if."""
        measure = self.plan.measure.with_constants(constants) if constants else self.plan.measure
        interpreted = Interpreted(measure, self.snapshot, run)
        results = Results(measure, self.snapshot, run)
        try:
            self.evaluate(self.plan.bind(run, self.snapshot.texts, constants))
        except TooWide:
            for clause in measure.clauses:
                results.clauses[clause.id] = all_interpreted(clause, self.snapshot, interpreted)
            return results
        compiled = {one.clause.id: one for one in self.told}
        for clause in told_clauses(measure, self.tell):
            if clause.id in compiled:
                found = self.packed(compiled[clause.id])
                results.interpreted += self.mend(found, compiled[clause.id], interpreted)
            else:
                found = all_interpreted(clause, self.snapshot, interpreted)
                results.interpreted += len(found)
            results.clauses[clause.id] = found
        if not self.keep:
            self.memory.clear()
        return results

    def evaluate(self, values: list[int | None]) -> None:
        """Every needed node into :attr:`memory`; those that depend on nothing that changed stay."""
        changed = {n for n, value in enumerate(values) if n >= len(self.values) or self.values[n] != value}
        wide = wide_nodes(self.plan, self.snapshot, values, self.needed)
        step = Step(self.plan, self.snapshot, values, self.memory, wide)
        if not self.keep:
            self.memory.clear()
        with np.errstate(all="ignore"):  # what does not fit is watched, not warned of
            for index in self.needed:
                if index not in self.memory or self.depends[index] & changed:
                    self.memory[index] = step.value(index)
                if not self.keep:
                    self.forget(self.last_use.get(index, ()))
        self.values = values

    def forget(self, done: Iterable[int]) -> None:
        for index in done:
            if index not in self.outputs:
                del self.memory[index]

    # --- results ---------------------------------------------------------------------------------------------------

    def packed(self, compiled: Compiled) -> ClauseResult:
        rows = len(self.snapshot.tables[compiled.clause.entity])
        met, meets = self.memory[compiled.met], self.memory[compiled.meets]
        standing = np.full(rows, LACKS, np.int8)
        standing[whole(canonical(~met.values, met.known), rows)] = FAILS
        standing[whole(meets.values, rows)] = MEETS
        failed, unsure = self.masks(compiled, rows)
        result = ClauseResult(compiled.clause, standing, failed, unsure)
        for name in MONEY if self.tell == "all" else ("result",):
            index = getattr(compiled, name)
            if index is not None:
                setattr(result, name, self.money(index, rows))
        if compiled.binding is not None and self.tell != "paid":
            result.binding = self.binding(compiled.binding, rows)
        return result

    def masks(self, compiled: Compiled, rows: int) -> tuple[Array, Array]:
        kind = mask_type(len(compiled.conditions))
        failed, unsure = np.zeros(rows, kind), np.zeros(rows, kind)
        for bit, index in enumerate(compiled.conditions if self.tell != "paid" else ()):
            one = self.memory[index]
            no = ~one.values if one.known is None else ~one.values & one.known
            failed |= no.astype(kind) << kind(bit)
            if one.known is not None:
                unsure |= (~one.known).astype(kind) << kind(bit)
        return failed, unsure

    def money(self, index: int, rows: int) -> Money:
        one = self.memory[index]
        return Money(whole(one.values, rows), None if one.known is None else whole(one.known, rows))

    def binding(self, index: int, rows: int) -> npt.NDArray[np.int8]:
        one = self.memory[index]
        cap = whole(one.values, rows).astype(np.int8)
        if one.known is not None:
            cap[~whole(one.known, rows)] = -1
        return cap

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


def whole(array: Array, rows: int) -> Array:
    """What is the same for all rows, said for each."""
    return array if array.ndim else np.full(rows, array)


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


# --- one node --------------------------------------------------------------------------------------------------------


def both(*known: Known) -> Known:
    """Known where all are."""
    found: Known = None
    for one in known:
        found = one if found is None else found if one is None else found & one
    return found


def either(*risky: Known) -> Known:
    found: Known = None
    for one in risky:
        found = one if found is None else found if one is None else found | one
    return found


def canonical(values: Array, known: Known) -> Array:
    return values if known is None else values & known


class Step:
    """Evaluates one node after another into ``memory``."""

    def __init__(
        self,
        plan: Plan,
        snapshot: Snapshot,
        values: Sequence[int | None],
        memory: dict[int, Value],
        wide: frozenset[int],
    ) -> None:
        self.plan, self.snapshot, self.parameters = plan, snapshot, values
        self.memory, self.wide = memory, wide

    def value(self, index: int) -> Value:
        node = self.plan.nodes[index]
        args = [self.memory[one] for one in node.args if one >= 0]
        own = SPECIAL.get(node.op)
        if own is not None:
            return own(self, node, args, index in self.wide)
        known, risky = both(*(one.known for one in args)), either(*(one.risky for one in args))
        parts = [one.values for one in args]
        # A plain number takes the type of the column that it is compared with; an array of one would widen the column.
        plain = [one.item() if node.is_truth and not one.ndim else one for one in parts]
        values = np.asarray(PLAIN[node.op](*plain))
        if index in self.wide:
            risky = either(risky, beyond(FLOATS[node.op], parts))
        return Value(canonical(values, known) if node.is_truth else values, known, risky)

    # --- leaves ----------------------------------------------------------------------------------------------------

    def param(self, node: Node, _args: list[Value], _wide: bool) -> Value:
        value = self.parameters[int(node.detail[0])]
        if value is None:
            return Value(np.array(0, np.int64), np.array(False))
        return Value(np.array(value, np.int64))

    def load(self, node: Node, _args: list[Value], wide: bool) -> Value:
        column = self.snapshot.column(node.entity, str(node.detail[0]))
        if node.is_truth:
            return Value(canonical(column.values.astype(bool, copy=False), column.known), column.known)
        return Value(column.values, column.known, beyond(np.positive, [column.values]) if wide else None)

    def up(self, node: Node, args: list[Value], _wide: bool) -> Value:
        """What the thing that a link leads to comes to; unknown where the link is."""
        ends = self.snapshot.link(node.entity, str(node.detail[0]))
        above = args[0]
        to = self.snapshot.vocabulary.entities[node.entity].relations[str(node.detail[0])].to
        if not len(self.snapshot.tables[to]):
            return Value(np.zeros(len(ends), bool if node.is_truth else np.int64), np.zeros(len(ends), bool))
        linked = None if not len(ends) or ends.min() >= 0 else ends >= 0

        def taken(array: Known) -> Known:
            return array if array is None or not array.ndim else array[ends]

        known = both(linked, taken(above.known))
        values = taken(above.values)
        assert values is not None
        return Value(canonical(values, known) if node.is_truth else values, known, taken(above.risky))

    def gather(self, node: Node, args: list[Value], wide: bool) -> Value:
        child, link, function = (str(one) for one in node.detail)
        found = self.snapshot.family(child, link)
        value = self.memory[node.args[0]] if node.args[0] >= 0 else None
        where = self.memory[node.args[1]] if node.args[1] >= 0 else None
        return Gathering(found, len(self.snapshot.tables[child]), value, where).made(function, wide)

    # --- Kleene ----------------------------------------------------------------------------------------------------

    def also(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a, b = args
        values, risky = a.values & b.values, either(a.risky, b.risky)
        if a.known is None and b.known is None:
            return Value(values, None, risky)
        no = [~one.values if one.known is None else ~one.values & one.known for one in args]
        return Value(values, values | no[0] | no[1], risky)

    def otherwise(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a, b = args
        values, known = a.values | b.values, both(a.known, b.known)
        return Value(values, None if known is None else values | known, either(a.risky, b.risky))

    def opposite(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a = args[0]
        return Value(canonical(~a.values, a.known), a.known, a.risky)

    def at_least(self, node: Node, args: list[Value], _wide: bool) -> Value:
        least, risky = int(node.detail[0]), either(*(one.risky for one in args))
        yes = sum((one.values.astype(np.int64) for one in args), np.array(0))
        unsure = [(~one.known).astype(np.int64) for one in args if one.known is not None]
        values = yes >= least
        return Value(values, values | (yes + sum(unsure) < least) if unsure else None, risky)

    def select(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        condition, yes, no = args
        known: Known = None
        if yes.known is not None or no.known is not None:
            parts = [np.array(True) if one.known is None else one.known for one in (yes, no)]
            known = np.where(condition.values, *parts)
        known = both(condition.known, known)
        values = np.where(condition.values, yes.values, no.values)
        if values.dtype == bool:
            values = canonical(values, known)
        return Value(values, known, either(*(one.risky for one in args)))

    def sure(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a = args[0]
        return Value(np.array(True) if a.known is None else a.known, a.known, a.risky)

    def or_zero(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a = args[0]
        return Value(a.values if a.known is None else np.where(a.known, a.values, 0), None, a.risky)

    def nonzero(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a = args[0]
        some = a.values != 0
        return a if some.all() else Value(a.values, both(a.known, some), a.risky)

    def divided(self, node: Node, args: list[Value], _wide: bool) -> Value:
        """Away from zero by ``node``'s way. Divisors that are not known may be nothing; one stands in for them."""
        top, under = args
        known, risky = both(top.known, under.known), either(top.risky, under.risky)
        sound = under.known is None and risky is None
        divisor = under.values if sound else np.where(under.values == 0, 1, under.values)
        size = np.abs(top.values)
        quotient = size // divisor
        rest = size - quotient * divisor
        if node.op == "divide_half_up":
            quotient += rest >= divisor - rest
        elif node.op == "divide_up":
            quotient += rest > 0
        return Value(np.where(top.values < 0, -quotient, quotient), known, risky)


def beyond(floats: Callable[..., Array], parts: list[Array]) -> Known:
    """The rows that int64 may not hold, as a float tells; ``None`` where there are none."""
    found = np.abs(floats(*(part.astype(np.float64) for part in parts))) >= float(WIDEST)
    return found if found.any() else None


@dataclass
class Gathering:
    """What belongs to each parent: sums and counts by running totals, the least and greatest by segments."""

    family: Family
    rows: int
    value: Value | None
    where: Value | None

    def made(self, function: str, wide: bool) -> Value:
        risky = self.per_parent(either(*(one.risky for one in (self.value, self.where) if one)))
        if function in ("any", "all"):
            return self.truth(function, risky)
        kept = None if self.where is None else self.where.values
        unsure = self.unsure(kept, counting=function == "count" or self.value is None)
        known = None if unsure is None else ~unsure
        if function == "count" or self.value is None:
            return Value(self.count(kept), known, risky)
        values = whole(self.value.values, self.rows)
        if function == "sum":
            return self.sum(values if kept is None else np.where(kept, values, 0), known, risky, wide)
        return self.extreme(function, values, kept, known, risky)

    def in_order(self, array: Array) -> Array:
        array = whole(array, self.rows)
        return array if self.family.order is None else array[self.family.order]

    def total(self, array: Array) -> Array:
        """Sums by parent. A running total may wrap around; the differences are right as long as a parent's sum fits."""
        running = np.zeros(self.rows + 1, array.dtype if array.dtype != bool else np.int64)
        np.cumsum(self.in_order(array), out=running[1:])
        starts = self.family.starts
        return running[starts[1:]] - running[starts[:-1]]

    def per_parent(self, array: Known) -> Known:
        if array is None:
            return None
        found = self.total(array) > 0
        return found if found.any() else None

    def count(self, kept: Known) -> Array:
        return np.diff(self.family.starts) if kept is None else self.total(kept)

    def unsure(self, kept: Known, *, counting: bool) -> Known:
        """Where a row that may belong, or what it comes to, is not known."""
        found: Known = None
        if self.where is not None and self.where.known is not None:
            found = ~self.where.known
        if not counting and self.value is not None and self.value.known is not None:
            blank = ~self.value.known if kept is None else ~self.value.known & kept
            found = blank if found is None else found | blank
        return self.per_parent(found)

    def truth(self, function: str, risky: Known) -> Value:
        """any and all: one that decides is enough, whatever is not known."""
        assert self.where is not None or function == "any"
        where = self.where or Value(np.array(True))
        yes = where.values
        no = ~yes if where.known is None else ~yes & where.known
        decides = self.total(yes if function == "any" else no) > 0
        unsure = None if where.known is None else self.per_parent(~where.known)
        values = decides if function == "any" else ~decides
        if unsure is None:
            return Value(values, None, risky)
        known = decides | ~unsure
        return Value(values & known, known, risky)

    def sum(self, values: Array, known: Known, risky: Known, wide: bool) -> Value:
        if wide:
            size = self.total(np.abs(values.astype(np.float64))) >= float(WIDEST)
            risky = either(risky, size if size.any() else None)
        return Value(self.total(values), known, risky)

    def extreme(self, function: str, values: Array, kept: Known, known: Known, risky: Known) -> Value:
        """Of none at all it is not known."""
        least = function == "min_of"
        limits = np.iinfo(np.int64)
        if kept is not None:
            values = np.where(kept, values, limits.max if least else limits.min)
        starts, has = self.family.starts, np.diff(self.family.starts) > 0
        found = np.zeros(len(has), np.int64)
        if has.any():
            reduce = (np.minimum if least else np.maximum).reduceat
            found[has] = reduce(self.in_order(values)[: starts[-1]], starts[:-1][has])
        some = self.count(kept) > 0
        return Value(found, both(known, None if some.all() else some), risky)


SPECIAL: dict[str, Callable[[Step, Node, list[Value], bool], Value]] = {
    "param": Step.param, "load": Step.load, "up": Step.up, "gather": Step.gather,
    "and": Step.also, "or": Step.otherwise, "not": Step.opposite, "at_least": Step.at_least,
    "select": Step.select, "sure": Step.sure, "or_zero": Step.or_zero, "nonzero": Step.nonzero,
    "divide_half_up": Step.divided, "divide_down": Step.divided, "divide_up": Step.divided,
}  # fmt: skip
PLAIN: dict[str, Callable[..., Array]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "neg": np.negative, "abs": np.abs, "sign": np.sign,
    "min": np.minimum, "max": np.maximum, "eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal,
    "years_between": days.years_between, "years_after": days.years_after,
}  # fmt: skip
#: What to try in floats where an int64 may not hold the result; the rest only passes on what it is given.
FLOATS: dict[str, Callable[..., Array]] = PLAIN
