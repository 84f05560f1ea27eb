"""What a clause comes to for one thing: does it qualify, how much, and what the cap took away. Pure and exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from mangrove.rulebook.interpret import Value, evaluate, every, round_to
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.rulebook.population import Population, Thing

FEN = Fraction(1)


class Standing(StrEnum):
    """Three answers, never two: what is not known is not refused, and not paid."""

    MEETS = "符合"
    FAILS = "不符合"
    LACKS = "缺数据"


@dataclass(frozen=True)
class Answer:
    """One condition and whether it holds; ``None``: a datum is missing."""

    condition: Formula
    holds: bool | None


@dataclass(frozen=True)
class Outcome:
    """``fen`` is what is paid; before the cap it was ``uncapped``. Both ``None`` where they are not known.

    What is not met pays 0; what lacks a datum pays nothing yet and is not known.
    """

    clause: Clause
    standing: Standing
    answers: tuple[Answer, ...]
    uncapped: int | None
    fen: int | None

    @property
    def removed(self) -> int:
        """What the cap really took away, in fen; nothing where nothing is paid."""
        if self.standing != Standing.MEETS or self.uncapped is None or self.fen is None:
            return 0
        return max(0, self.uncapped - self.fen)


def decide(measure: Measure, thing: Thing, population: Population) -> list[Outcome]:
    """The outcome of every clause that is for this kind of thing, in the order of the measure."""
    given = definitions(measure, thing, population)
    return [
        outcome(clause, thing, population, given)
        for clause in measure.clauses
        if clause.entity == thing.entity
    ]


def definitions(measure: Measure, thing: Thing, population: Population) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for one in measure.definitions:
        if one.entity == thing.entity:
            given[one.name] = evaluate(one.formula.meaning, thing, population, given)
    return given


def outcome(clause: Clause, thing: Thing, population: Population, given: Mapping[str, Value]) -> Outcome:
    def value(formula: Formula | None) -> Value:
        return evaluate(formula.meaning, thing, population, given) if formula else None

    answers = tuple(Answer(one, value(one)) for one in clause.conditions)  # type: ignore[arg-type]
    met = every(answer.holds for answer in answers)
    uncapped = in_fen(value(clause.amount))
    fen = capped(uncapped, in_fen(value(clause.cap)), has_cap=clause.cap is not None)
    standing = standing_of(met, unknown=clause.amount is not None and fen is None)
    return Outcome(clause, standing, answers, uncapped, paid(standing, fen))


def standing_of(met: bool | None, *, unknown: bool) -> Standing:
    if met is False:
        return Standing.FAILS
    return Standing.LACKS if met is None or unknown else Standing.MEETS


def paid(standing: Standing, fen: int | None) -> int | None:
    return 0 if standing == Standing.FAILS else None if standing == Standing.LACKS else fen


def in_fen(value: Value) -> int | None:
    """Money is rounded once, where a clause ends: to the fen, a half away from zero."""
    return None if value is None else int(round_to(Fraction(value), FEN, "half_up"))  # type: ignore[arg-type]


def capped(fen: int | None, cap: int | None, *, has_cap: bool) -> int | None:
    """A cap that is not known leaves the amount unknown; it never disappears in silence. Nobody pays less than nothing."""
    if fen is None or (has_cap and cap is None):
        return None
    return max(0, fen if cap is None else min(fen, cap))
