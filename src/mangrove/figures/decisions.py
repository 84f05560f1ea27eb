"""How a figure is printed, and whether a printed number agrees with it. Pure; exact fractions throughout.

Printed numbers are judged at their own last printed place, here called the *step* (for 4.8 the step is 0.1).
With the true value ``v`` and the printed number ``p`` in the printed unit:

=============  ==========================================================================================
超、逾、余       agrees when ``p < v < p + step``; equality is not 超
以上            agrees when ``p <= v < p + step``: 以上 includes the number itself (民法典第一千二百五十九条)
近、不足         agrees when ``p - step < v < p``
约、左右         agrees when ``|v - p| < step``
no qualifier   agrees when ``v``, rounded half away from zero to the printed places, is ``p``
=============  ==========================================================================================

A number without qualifier that is not the rounding of ``v`` but its cutting-off is 截断未四舍五入. So an 超 that is true
but loose (超4.8万 for 5.3万) does not agree: the letter could say more, and a reader would take it for less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, trunc
from typing import Protocol

from mangrove.vocabulary.quantity import format_quantity, round_half_away
from mangrove.vocabulary.units import convert, known_units


class Verdict(StrEnum):
    """What the figure check says of one printed number."""

    AGREES = "一致"
    WITHIN = "在“超·约·近”之内"
    TRUNCATED = "截断未四舍五入"
    DIFFERS = "不一致"
    NO_FIGURE = "无此指标"

    @property
    def good(self) -> bool:
        return self in {Verdict.AGREES, Verdict.WITHIN}


class Printed(Protocol):
    """A number as a text prints it; :class:`mangrove.documents.reading.quantities.Quantity` is one."""

    @property
    def printed_value(self) -> Decimal: ...
    @property
    def printed_unit(self) -> str: ...
    @property
    def decimals(self) -> int: ...
    @property
    def qualifier(self) -> str: ...


@dataclass(frozen=True)
class Exact:
    """What a figure is worth: ``value`` in ``unit``, exactly. With a ``qualifier`` it is the bound its source gave."""

    value: Fraction
    unit: str
    qualifier: str = ""


@dataclass(frozen=True)
class Form:
    """How to print: the unit, the places behind the point, and the qualifier to use where it would be true."""

    unit: str
    decimals: int
    qualifier: str = ""


@dataclass(frozen=True)
class Judgement:
    """A verdict, the number that the text should have had, and the reason in one Chinese sentence."""

    verdict: Verdict
    expected: str
    why: str


INCLUSIVE = "以上"


def relation(qualifier: str) -> str:
    """``above``, ``below``, ``about`` or ``exact``; no qualifier and an unknown one are exact."""
    word = known_units().qualifiers.get(qualifier)
    return word.relation if word else "exact"


def as_printed(exact: Exact, form: Form) -> str:
    """The figure in words and digits: ``超4.8万个``, ``5349.18亿元``, ``59.9%``.

    The source's own qualifier goes before the form's. With 超 the number is cut down, with 近 cut up, otherwise rounded
    half away from zero; a qualifier that would not be true of an exact value is left out.
    """
    value = convert(exact.value, exact.unit, form.unit)
    qualifier = exact.qualifier or form.qualifier
    shown = to_step(value, form.decimals, STEPS[relation(qualifier)])
    if shown == value and not exact.qualifier:
        qualifier = ""
    return format_quantity(shown, form.unit, form.decimals, qualifier)


def to_step(value: Fraction, decimals: int, whole: Callable[[Fraction], int]) -> Fraction:
    """``value`` brought to ``decimals`` places by ``whole``, which makes an integer of a fraction."""
    return Fraction(whole(value * 10**decimals), 10**decimals)


STEPS: dict[str, Callable[[Fraction], int]] = {
    "above": floor,
    "below": ceil,
    "about": round_half_away,
    "exact": round_half_away,
}


def agree(printed: Printed, exact: Exact, *, whole: bool = False) -> Judgement:
    """Judge ``printed`` against ``exact``; raises ``ValueError`` when their units have nothing in common.

    ``whole``: what is expected is a count, and has no places behind the point however many the text printed.
    """
    unit = printed.printed_unit or exact.unit
    value = convert(exact.value, exact.unit, unit)
    p, step = Fraction(printed.printed_value), Fraction(1, 10**printed.decimals)
    verdict, why = judge(value, p, step, printed.qualifier, exact.qualifier)
    expected = as_printed(exact, Form(unit, 0 if whole else printed.decimals, printed.qualifier))
    return Judgement(verdict, expected, why)


def judge(value: Fraction, p: Fraction, step: Fraction, said: str, bound: str) -> tuple[Verdict, str]:
    if relation(bound) != "exact":
        return against_bound(value, p, step, said, bound)
    if relation(said) != "exact":
        return against_qualifier(value, p, step, said)
    return against_exact(value, p, step)


def against_exact(value: Fraction, p: Fraction, step: Fraction) -> tuple[Verdict, str]:
    if round_half_away(value / step) * step == p:
        return Verdict.AGREES, "按所印位数四舍五入后相同。"
    if trunc(value / step) * step == p:
        return Verdict.TRUNCATED, "所印数字是直接截断的，没有四舍五入。"
    return Verdict.DIFFERS, "与指标数值不同。"


def against_qualifier(value: Fraction, p: Fraction, step: Fraction, said: str) -> tuple[Verdict, str]:
    if holds(value, p, step, said):
        return Verdict.WITHIN, f"“{said}”成立，且相差不到所印末位的一个单位。"
    if relation(said) != "about" and value == p:
        return Verdict.DIFFERS, f"指标数值恰为此数，“{said}”不成立。"
    return Verdict.DIFFERS, f"不在“{said}”之内，或相差超过所印末位的一个单位。"


def holds(value: Fraction, p: Fraction, step: Fraction, said: str) -> bool:
    above = p < value < p + step or (said == INCLUSIVE and value == p)
    below = p - step < value < p
    return {"above": above, "below": below, "about": abs(value - p) < step}[relation(said)]


def against_bound(value: Fraction, p: Fraction, step: Fraction, said: str, bound: str) -> tuple[Verdict, str]:
    """A source that says 超 gives a bound: the text must say the same, at the bound or cut down from it."""
    if relation(said) != relation(bound):
        return Verdict.DIFFERS, f"来源的数字带“{bound}”，此处{f'写成“{said}”' if said else '写成了确数'}。"
    if value == p:
        return Verdict.AGREES, f"与来源相同，都带“{said}”的意思。"
    if holds(value, p, step, said):
        return Verdict.WITHIN, f"来源的数字更细，“{said}”成立。"
    return Verdict.DIFFERS, "与来源的数字不同。"
