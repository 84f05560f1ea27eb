"""One node of a plan after another, as arrays of all rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mangrove.rulebook.engines import days
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.gathering import Gathering
from mangrove.rulebook.engines.plan import Node, Plan
from mangrove.rulebook.engines.values import (
    NOTHING_KNOWN,
    Array,
    Mask,
    Number,
    Truth,
    Value,
    beyond,
    both,
    either,
    either_place,
    truth,
)


class Step:
    """Evaluates a node from ``memory``. ``wide`` nodes are watched for what int64 does not hold."""

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
        return self.plain(index, node, args) if own is None else own(self, node, args, index in self.wide)

    def plain(self, index: int, node: Node, args: list[Value]) -> Value:
        """Unknown when a part is."""
        known, risky = both(*(one.known for one in args)), either(*(one.risky for one in args))
        parts = [one.values for one in args]
        if node.is_truth:
            # A plain number takes the type of the column it is compared with; an array of one would widen the column.
            plain = [part if part.ndim else part.item() for part in parts]
            return truth(np.asarray(PLAIN[node.op](*plain)), known, risky)
        # Days are stored in 32 bits; a difference of two of them is reckoned with.
        values = np.asarray(PLAIN[node.op](*parts)).astype(np.int64, copy=False)
        if index in self.wide:
            risky = either(risky, beyond(PLAIN[node.op], parts))
        return Number(values, known, risky)

    # --- leaves ----------------------------------------------------------------------------------------------------

    def param(self, node: Node, _args: list[Value], _wide: bool) -> Value:
        value = self.parameters[int(node.detail[0])]
        if value is None:
            return Number(np.array(0, np.int64), NOTHING_KNOWN)
        return Number(np.array(value, np.int64))

    def load(self, node: Node, _args: list[Value], wide: bool) -> Value:
        column = self.snapshot.column(node.entity, str(node.detail[0]))
        if node.is_truth:
            return truth(column.values.astype(bool, copy=False), column.known)
        return Number(column.values, column.known, beyond(np.positive, [column.values]) if wide else None)

    def up(self, node: Node, args: list[Value], _wide: bool) -> Value:
        """What the thing that a link leads to comes to; unknown where the link is."""
        link, above = str(node.detail[0]), args[0]
        ends = self.snapshot.link(node.entity, link)
        to = self.snapshot.vocabulary.entities[node.entity].relations[link].to
        if not len(self.snapshot.tables[to]):
            nothing = np.zeros(len(ends), bool)
            return Truth(nothing, nothing) if node.is_truth else Number(nothing.astype(np.int64), nothing)
        linked = None if not len(ends) or ends.min() >= 0 else ends >= 0

        def taken(array: Array) -> Array:
            return array[ends] if array.ndim else array

        def marked(mask: Mask) -> Mask:
            return None if mask is None else taken(mask)

        if isinstance(above, Truth):
            if linked is None:
                return Truth(taken(above.yes), marked(above.no), marked(above.risky))
            return Truth(taken(above.yes) & linked, taken(above.nos) & linked, marked(above.risky))
        return Number(taken(above.values), both(linked, marked(above.known)), marked(above.risky))

    def gather(self, node: Node, _args: list[Value], wide: bool) -> Value:
        child, link, function = (str(one) for one in node.detail)
        value = self.memory[node.args[0]] if node.args[0] >= 0 else None
        where = self.memory[node.args[1]] if node.args[1] >= 0 else None
        assert not isinstance(value, Truth) and not isinstance(where, Number)
        family, rows = self.snapshot.family(child, link), len(self.snapshot.tables[child])
        return Gathering(family, rows, value, where).made(function, wide)

    # --- Kleene ----------------------------------------------------------------------------------------------------

    def also(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a, b = truths(args)
        no = None if a.no is None and b.no is None else a.nos | b.nos
        return Truth(a.yes & b.yes, no, either(a.risky, b.risky))

    def otherwise(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a, b = truths(args)
        no = None if a.no is None and b.no is None else a.nos & b.nos
        return Truth(a.yes | b.yes, no, either(a.risky, b.risky))

    def opposite(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        (a,) = truths(args)
        return Truth(a.nos, None if a.no is None else a.yes, a.risky)

    def at_least(self, node: Node, args: list[Value], _wide: bool) -> Value:
        """No once so many are no that the rest cannot make it up."""
        parts, least = truths(args), int(node.detail[0])
        yes = sum((one.yes.astype(np.int64) for one in parts), np.array(0)) >= least
        risky = either(*(one.risky for one in parts))
        if all(one.no is None for one in parts):
            return Truth(yes, None, risky)
        no = sum((one.nos.astype(np.int64) for one in parts), np.array(0)) > len(parts) - least
        return Truth(yes, no, risky)

    def select(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        condition, yes, no = args
        assert isinstance(condition, Truth)
        risky = either(*(one.risky for one in args))
        if isinstance(yes, Truth) and isinstance(no, Truth):
            chosen = (condition.yes & yes.yes) | (condition.nos & no.yes)
            sure = condition.no is None and yes.no is None and no.no is None
            rest = None if sure else (condition.yes & yes.nos) | (condition.nos & no.nos)
            return Truth(chosen, rest, risky)
        known: Mask = condition.known
        if yes.known is not None or no.known is not None:
            known = (condition.yes & there(yes)) | (condition.nos & there(no))
        return Number(chosen_values(condition.yes, yes.values, no.values), known, risky)

    def which(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        """A byte holds the place of a cap."""
        condition, yes, no = args
        values = either_place(
            condition.values, yes.values.astype(np.int8), no.values.astype(np.int8, copy=False)
        )
        known = both(condition.known, no.known)
        return Number(values, known, either(condition.risky, no.risky))

    def sure(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        """Yes where it is known, and never no."""
        known = args[0].known
        return Truth(np.array(True) if known is None else known, NOTHING_KNOWN, args[0].risky)

    def or_zero(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a = args[0]
        return Number(a.values if a.known is None else a.values * a.known, None, a.risky)

    def nonzero(self, _node: Node, args: list[Value], _wide: bool) -> Value:
        a = args[0]
        some = a.values != 0
        return a if some.all() else Number(a.values, both(a.known, some), a.risky)

    def divided(self, node: Node, args: list[Value], _wide: bool) -> Value:
        """Away from zero by ``node``'s way. Divisors that are not known may be nothing; one stands in for them."""
        top, under = args
        known, risky = both(top.known, under.known), either(top.risky, under.risky)
        sound = under.known is None and risky is None
        divisor = under.values if sound else np.where(under.values == 0, 1, under.values)
        signed = bool(top.values.size and top.values.min() < 0)
        size = np.abs(top.values) if signed else top.values
        quotient = size // divisor
        rest = size - quotient * divisor
        if node.op == "divide_half_up":
            quotient += rest >= divisor - rest
        elif node.op == "divide_up":
            quotient += rest > 0
        return Number(np.where(top.values < 0, -quotient, quotient) if signed else quotient, known, risky)


def chosen_values(where: Array, yes: Array, no: Array) -> Array:
    """``np.where``; where a side is the same for all rows, reckoned: no processor guesses which rows qualify, and wrong guesses
    cost more. A difference that wraps around is right again after the sum."""
    if yes.ndim and no.ndim or not where.ndim:
        return np.where(where, yes, no)
    return yes * where if not no.ndim and not no else (yes - no) * where + no


def there(value: Value) -> Array | bool:
    return True if value.known is None else value.known


def truths(args: list[Value]) -> list[Truth]:
    assert all(isinstance(one, Truth) for one in args)
    return args  # type: ignore[return-value]


SPECIAL: dict[str, Callable[[Step, Node, list[Value], bool], Value]] = {
    "param": Step.param, "load": Step.load, "up": Step.up, "gather": Step.gather,
    "and": Step.also, "or": Step.otherwise, "not": Step.opposite, "at_least": Step.at_least,
    "select": Step.select, "which": Step.which, "sure": Step.sure, "or_zero": Step.or_zero, "nonzero": Step.nonzero,
    "divide_half_up": Step.divided, "divide_down": Step.divided, "divide_up": Step.divided,
}  # fmt: skip
PLAIN: dict[str, Callable[..., Array]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "neg": np.negative, "abs": np.abs, "sign": np.sign,
    "min": np.minimum, "max": np.maximum, "eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal,
    "years_between": days.years_between, "years_after": days.years_after,
}  # fmt: skip
