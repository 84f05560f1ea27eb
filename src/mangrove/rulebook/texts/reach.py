"""Clauses that nobody can reach: conditions on one datum that cannot all hold, told when the file is read.

Only what can be seen from written numbers, days and words: ``总投资 >= 10万元`` beside ``总投资 < 5万元``, a date outside the
time of the version, a word that another condition excludes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mangrove.rulebook.interpret import COMPARE
from mangrove.rulebook.language.typed import (
    Above,
    All,
    Among,
    Between,
    Column,
    Comparison,
    Constant,
    No,
    Typed,
    Use,
)
from mangrove.rulebook.language.types import TRUTH
from mangrove.rulebook.measures import Formula
from mangrove.rulebook.problems import Problem

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
Subject = tuple[object, ...]


@dataclass(frozen=True)
class Bound:
    """That ``subject`` is ``sign`` one of ``values``; only ``==`` and ``!=`` have several."""

    subject: Subject
    sign: str
    values: tuple[Any, ...]
    formula: Formula


def refuse_unreachable(conditions: Iterable[Formula]) -> None:
    """Raises :class:`Problem` at the first condition that cannot hold, alone or with those before it."""
    seen: dict[Subject, list[Bound]] = {}
    for formula in conditions:
        for bound in bounds(formula.meaning, formula, wanted=True):
            before = seen.setdefault(bound.subject, [])
            if not possible([*before, bound]):
                raise unreachable(bound, before)
            before.append(bound)


def unreachable(bound: Bound, before: list[Bound]) -> Problem:
    others = [one.formula for one in before if one.formula is not bound.formula]
    pair = [one.formula for one in before if not possible([one, bound]) and one.formula is not bound.formula]
    text, place = bound.formula.text, bound.formula.place
    if not others:
        zh = f"“{text}”不可能成立，这一条永远用不到。"
        en = f"“{text}” can never hold; this clause is never reached."
    else:
        other = (pair or others)[0]
        zh = f"“{text}”与第 {other.place.line} 行的“{other.text}”不能同时成立，这一条永远用不到。"
        en = f"“{text}” and “{other.text}” on line {other.place.line} cannot both hold; this clause is never reached."
    return Problem("unreachable", place, zh, en)


def bounds(node: Typed, formula: Formula, *, wanted: bool) -> Iterator[Bound]:
    """What must be so for ``node`` to come out as ``wanted``; what cannot be told in bounds is passed over."""
    match node:
        case All(of=parts) if wanted:
            for part in parts:
                yield from bounds(part, formula, wanted=True)
        case No(of=part):
            yield from bounds(part, formula, wanted=not wanted)
        case Comparison():
            yield from compared(node, formula, wanted=wanted)
        case Among(value=value, choices=choices) if all(isinstance(one, Constant) for one in choices):
            yield from some(value, "==" if node.wanted == wanted else "!=", choices, formula)
        case Between(value=value) if node.wanted == wanted:
            yield from some(value, ">=" if node.low_closed else ">", (node.low,), formula)
            yield from some(value, "<=" if node.high_closed else "<", (node.high,), formula)
        case Column() | Use() | Above() if node.type == TRUTH:
            yield Bound(subject(node), "==", (wanted,), formula)
        case Constant(type=kind, value=value) if kind == TRUTH:
            if wanted != value:
                yield Bound(("constant", formula.place), "==", (), formula)


def compared(node: Comparison, formula: Formula, *, wanted: bool) -> Iterator[Bound]:
    sign = node.sign if wanted else OPPOSITE[node.sign]
    left, right = node.left, node.right
    if isinstance(left, Constant) and isinstance(right, Constant):
        if not COMPARE[sign](left.value, right.value):
            yield Bound(("constant", formula.place), "==", (), formula)
    elif isinstance(left, Constant):
        yield from some(right, FLIPPED[sign], (left,), formula)
    else:
        yield from some(left, sign, (right,), formula)


def some(value: Typed, sign: str, ends: tuple[Typed, ...], formula: Formula) -> Iterator[Bound]:
    if isinstance(value, Column | Use | Above):
        written = tuple(one.value for one in ends if isinstance(one, Constant))
        if len(written) == len(ends):
            yield Bound(subject(value), sign, written, formula)


def subject(node: Typed) -> Subject:
    if isinstance(node, Column):
        return ("column", *node.steps)
    if isinstance(node, Above):
        return ("above", *node.links, node.of.name)
    assert isinstance(node, Use)
    return ("use", node.name)


def possible(found: list[Bound]) -> bool:
    """Whether some value fits all of these."""
    listed = [one.values for one in found if one.sign == "=="]
    if listed:
        return any(all(fits(value, one) for one in found) for value in listed[0])
    lows = [(one.values[0], one.sign == ">") for one in found if one.sign in (">", ">=")]
    highs = [(one.values[0], one.sign == "<") for one in found if one.sign in ("<", "<=")]
    if not lows or not highs:
        return True
    # Of equal ends the open one is the narrower.
    low, low_open = max(lows)
    high, high_open = min(highs, key=lambda end: (end[0], not end[1]))
    return bool(low < high or (low == high and not low_open and not high_open))


def fits(value: Any, bound: Bound) -> bool:
    if bound.sign == "==":
        return value in bound.values
    if bound.sign == "!=":
        return value not in bound.values
    return COMPARE[bound.sign](value, bound.values[0])
