"""The functions of the language: how each is written, how many arguments it takes, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mangrove.rulebook.language.typed import Constant, Typed
from mangrove.rulebook.language.types import DAY, NUMBER, TRUTH, Type

#: How a number is cut to a step: the nearest with a half away from zero, towards zero, or away from it.
ROUNDINGS = ("half_up", "down", "up")


@dataclass(frozen=True)
class Signature:
    """``form`` shows how the function is written; ``gives`` is the type for these arguments, ``None`` if they do not fit."""

    form: str
    least: int
    most: int | None
    gives: Callable[[Sequence[Typed]], Type | None]

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)


def like_the_first(arguments: Sequence[Typed]) -> Type | None:
    """All of one ordered type."""
    first = arguments[0].type
    return first if first.is_ordered and all(one.type == first for one in arguments) else None


def chosen(arguments: Sequence[Typed]) -> Type | None:
    condition, yes, no = (one.type for one in arguments)
    return yes if condition == TRUTH and yes == no else None


def time_between(arguments: Sequence[Typed]) -> Type | None:
    return NUMBER if all(one.type == DAY for one in arguments) else None


def shifted(arguments: Sequence[Typed]) -> Type | None:
    day, years = arguments
    return DAY if day.type == DAY and years.type == NUMBER and is_whole(years) else None


def is_whole(years: Typed) -> bool:
    """Years to go on or back are a written whole number."""
    return isinstance(years, Constant) and isinstance(years.value, Fraction) and years.value.denominator == 1


def rounded(arguments: Sequence[Typed]) -> Type | None:
    value, step, way = arguments
    fits = value.type.is_quantity and step.type == value.type and is_positive(step)
    return value.type if fits and isinstance(way, Constant) and way.value in ROUNDINGS else None


def is_positive(step: Typed) -> bool:
    """A step to round to must be a written number above zero."""
    return isinstance(step, Constant) and isinstance(step.value, Fraction) and step.value > 0


FUNCTIONS = {
    "min": Signature("min(a, b, …)", 2, None, like_the_first),
    "max": Signature("max(a, b, …)", 2, None, like_the_first),
    "if": Signature("if(条件, 甲, 乙)", 3, 3, chosen),
    "years_between": Signature("years_between(起日, 止日)", 2, 2, time_between),
    "days_between": Signature("days_between(起日, 止日)", 2, 2, time_between),
    "years_after": Signature("years_after(日期, 3)", 2, 2, shifted),
    "round_to": Signature('round_to(数, 1万元, "down")', 3, 3, rounded),
}
