"""The interpreter: one thing at a time, exact, three-valued. It is the oracle that every faster engine is held against.

``None`` is unknown. An unknown part makes the whole unknown, except where it cannot matter: no and unknown is no, yes or
unknown is yes. Nothing gathered from no rows: count and sum are 0, the least and the greatest are unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from mangrove.rulebook.language import typed
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import START, Problem
from mangrove.vocabulary.dates import years_after, years_between

#: What an expression comes to; quantities are in base units.
Value = Fraction | date | str | bool | None
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


#: What a name comes to for a thing: a definition, the result of a clause, a date of the run.
Named = Callable[[Thing, str], Value]


def evaluate(
    node: typed.Typed, thing: Thing, population: Population, given: Mapping[str, Value] | None = None
) -> Value:
    """What ``node`` comes to for ``thing``; ``given`` holds what names come to, the same for every thing."""
    known = given or {}
    return Interpreter(population, thing, lambda _thing, name: known[name]).value(node)


def every(parts: Iterable[Value]) -> bool | None:
    """Kleene's and: one no decides, and the rest is not looked at."""
    known = True
    for one in parts:
        if one is False:
            return False
        known = known and one is not None
    return True if known else None


def some(parts: Iterable[Value]) -> bool | None:
    """Kleene's or: one yes decides, and the rest is not looked at."""
    known = True
    for one in parts:
        if one is True:
            return True
        known = known and one is not None
    return False if known else None


def at_least(least: int, parts: Iterable[Value]) -> bool | None:
    """Kleene's *at least n of*: unknown only while those not known could still decide."""
    found = list(parts)
    if found.count(True) >= least:
        return True
    return None if found.count(True) + found.count(None) >= least else False


def opposite(value: Value) -> bool | None:
    return None if value is None else not value


def round_to(value: Fraction, step: Fraction, way: str) -> Fraction:
    """``value`` in whole steps: ``half_up`` (a half away from zero), ``down`` (towards zero) or ``up`` (away from it)."""
    size = abs(value) / step
    whole = int(size)
    rest = size - whole
    more = rest >= Fraction(1, 2) if way == "half_up" else rest > 0 if way == "up" else False
    return (whole + more) * step * (1 if value >= 0 else -1)


def chosen(condition: Value, yes: Value, no: Value) -> Value:
    return None if condition is None else yes if condition else no


def later(day: date, years: int) -> date | None:
    """The same day ``years`` later; beyond the calendar, years 1 to 9999, there is none to be known."""
    return years_after(day, years) if date.min.year <= day.year + years <= date.max.year else None


#: A number of more bits is a mistake in a rule, and would only cost time.
MOST_BITS = 1024
#: Functions of known arguments; ``if`` alone looks at arguments that may be unknown.
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "min": min, "max": max, "round_to": round_to,
    "years_between": lambda start, end: Fraction(years_between(start, end)),
    "days_between": lambda start, end: Fraction((end - start).days),
    "years_after": lambda day, years: later(day, int(years)),
}  # fmt: skip


class Interpreter:
    def __init__(self, population: Population, thing: Thing, named: Named) -> None:
        self.population, self.thing, self.named = population, thing, named

    def value(self, node: typed.Typed) -> Value:
        return RULES[type(node)](self, node)

    def constant(self, node: typed.Constant) -> Value:
        return node.value

    def column(self, node: typed.Column) -> Value:
        thing = self.reached(node.steps[:-1])
        stored = thing.fields.get(node.steps[-1]) if thing else None
        if not isinstance(stored, int) or not node.type.is_quantity:
            return stored  # type: ignore[return-value]
        return Fraction(stored) if node.factor == 1 else stored * node.factor

    def reached(self, links: Sequence[str]) -> Thing | None:
        thing: Thing | None = self.thing
        for link in links:
            thing = self.population.linked(thing, link) if thing else None
        return thing

    def above(self, node: typed.Above) -> Value:
        thing = self.reached(node.links)
        return None if thing is None else self.named(thing, node.of.name)

    def use(self, node: typed.Use) -> Value:
        return self.named(self.thing, node.name)

    def minus(self, node: typed.Minus) -> Value:
        return self.known((node.of,), operator.neg)

    def arithmetic(self, node: typed.Arithmetic) -> Value:
        """Division by zero comes to nothing known."""
        left, right = self.value(node.left), self.value(node.right)
        if left is None or right is None or (node.sign == "/" and right == 0):
            return None
        result: Fraction = ARITHMETIC[node.sign](left, right)
        if max(result.numerator.bit_length(), result.denominator.bit_length()) > MOST_BITS:
            zh = "算出来的数大得没有意义；请检查这个式子。"
            en = "The number is too large to mean anything; check this expression."
            raise Problem("too_large", START, zh, en)
        return result

    def comparison(self, node: typed.Comparison) -> Value:
        return self.known((node.left, node.right), COMPARE[node.sign])

    def among(self, node: typed.Among) -> Value:
        value = self.value(node.value)
        found = some(same(value, self.value(choice)) for choice in node.choices)
        return found if node.wanted else opposite(found)

    def between(self, node: typed.Between) -> Value:
        above = self.known((node.low, node.value), operator.le if node.low_closed else operator.lt)
        below = self.known((node.value, node.high), operator.le if node.high_closed else operator.lt)
        found = every((above, below))
        return found if node.wanted else opposite(found)

    def no(self, node: typed.No) -> Value:
        return opposite(self.value(node.of))

    def all(self, node: typed.All) -> Value:
        return every(self.value(part) for part in node.of)

    def some(self, node: typed.Some) -> Value:
        return some(self.value(part) for part in node.of)

    def at_least(self, node: typed.AtLeast) -> Value:
        return at_least(node.least, (self.value(part) for part in node.of))

    def function(self, node: typed.Function) -> Value:
        if node.name == "if":
            return chosen(*(self.value(one) for one in node.arguments))
        return self.known(node.arguments, FUNCTIONS[node.name])

    def ladder(self, node: typed.Ladder) -> Value:
        value = self.value(node.value)
        if value is None:
            return None
        fits = (
            step
            for step in node.steps
            if step.until is None or COMPARE[step.sign](value, self.value(step.until))
        )
        return self.value(next(fits).value)

    def table(self, node: typed.Table) -> Value:
        value = self.value(node.value)
        if value is None:
            return None
        fits = (row for row in node.rows if row.word is None or self.value(row.word) == value)
        return self.value(next(fits).value)

    def gathered(self, node: typed.Gathered) -> Value:
        rows = [
            Interpreter(self.population, child, self.named)
            for child in self.population.children(self.thing, node.child, node.link)
        ]
        wanted = [True if node.where is None else row.value(node.where) for row in rows]
        if node.function == "any":
            return some(wanted)
        if node.function == "all":
            return every(wanted)
        if None in wanted:
            return None
        chosen_rows = [row for row, kept in zip(rows, wanted, strict=True) if kept]
        if node.function == "count" or node.value is None:
            return Fraction(len(chosen_rows))
        return gather(node.function, [row.value(node.value) for row in chosen_rows])

    def known(self, parts: Sequence[typed.Typed], of: Callable[..., Value]) -> Value:
        """``of`` the values of these parts; unknown when one of them is."""
        values = []
        for part in parts:
            value = self.value(part)
            if value is None:
                return None
            values.append(value)
        return of(*values)


def same(value: Value, choice: Value) -> bool | None:
    return None if value is None or choice is None else value == choice


def gather(function: str, values: Sequence[Any]) -> Value:
    if any(value is None for value in values):  # ``None in`` would ask every fraction whether it equals None
        return None
    if function == "sum":
        return sum(values, Fraction(0))
    return (min if function == "min_of" else max)(values, default=None)


#: A table rather than a dispatch that makes a bound method of each rule: that would be half the time of a trial.
RULES: dict[type[typed.Typed], Callable[[Interpreter, Any], Value]] = {
    typed.Constant: Interpreter.constant, typed.Column: Interpreter.column, typed.Above: Interpreter.above,
    typed.Use: Interpreter.use, typed.Minus: Interpreter.minus, typed.Arithmetic: Interpreter.arithmetic,
    typed.Comparison: Interpreter.comparison, typed.Among: Interpreter.among, typed.Between: Interpreter.between,
    typed.No: Interpreter.no, typed.All: Interpreter.all, typed.Some: Interpreter.some,
    typed.AtLeast: Interpreter.at_least, typed.Function: Interpreter.function, typed.Ladder: Interpreter.ladder,
    typed.Table: Interpreter.table, typed.Gathered: Interpreter.gathered,
}  # fmt: skip
