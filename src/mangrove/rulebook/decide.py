"""What a clause comes to for one thing: does it qualify, how much, and what the caps took away. Pure and exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from mangrove.rulebook.interpret import Interpreter, Value, every, round_to
from mangrove.rulebook.measures import Clause, Definition, Formula, Measure
from mangrove.rulebook.population import Population, Thing

FEN = Fraction(1)


class Standing(StrEnum):
    """Three answers, never two: what is not known is not refused, and not paid."""

    MEETS = "符合"
    FAILS = "不符合"
    LACKS = "缺数据"


@dataclass(frozen=True)
class Run:
    """The day for which is decided, and the year whose budget pays; an expression that uses one needs it."""

    decide_on: date | None = None
    budget_year: int | None = None

    def named(self) -> dict[str, Value]:
        year = self.budget_year
        return {"decide_on": self.decide_on, "budget_year": None if year is None else Fraction(year)}


@dataclass(frozen=True)
class Answer:
    """One condition and whether it holds; ``None``: a datum is missing."""

    condition: Formula
    holds: bool | None


@dataclass(frozen=True)
class Outcome:
    """``fen`` is what is paid; before the caps it was ``uncapped``, after them ``capped``. ``None`` where not known.

    What is not met pays 0; what lacks a datum pays nothing yet and is not known. ``capped``, ``less`` and ``ungated`` (what
    would be paid if all conditions held) are told whether or not the conditions hold. ``binding`` is the place among the
    clause's caps of the lowest (the first of equals) where it cuts.
    """

    clause: Clause
    standing: Standing
    answers: tuple[Answer, ...]
    uncapped: int | None
    capped: int | None
    less: int | None
    ungated: int | None
    fen: int | None
    binding: int | None

    @property
    def removed(self) -> int:
        """What the caps really took away, in fen; nothing where nothing is paid."""
        if self.standing != Standing.MEETS or self.uncapped is None or self.capped is None:
            return 0
        return max(0, self.uncapped - self.capped)

    @property
    def binding_cap(self) -> Formula | None:
        """The cap that cut what is paid."""
        return self.clause.caps[self.binding] if self.binding is not None and self.removed else None


@dataclass
class Deciding:
    """Outcomes of the things of one population, each found once. Names never lead in a circle: they come in order."""

    measure: Measure
    population: Population
    run: Run = Run()
    known: dict[tuple[str, str, str], Value] = field(default_factory=dict)
    outcomes: dict[tuple[str, str, str], Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.named_of_run = self.run.named()
        self.definitions: Mapping[tuple[str, str], Definition] = {
            (one.entity, one.name): one for one in self.measure.definitions
        }
        self.clauses = {one.id: one for one in self.measure.clauses}

    def value(self, formula: Formula, thing: Thing) -> Value:
        return Interpreter(self.population, thing, self.named).value(formula.meaning)

    def named(self, thing: Thing, name: str) -> Value:
        """A definition of its kind of thing, a date of the run, or what a clause came to."""
        if name in self.named_of_run:
            return self.named_of_run[name]
        place = (thing.entity, thing.key, name)
        if place not in self.known:
            definition = self.definitions.get((thing.entity, name))
            found = self.value(definition.formula, thing) if definition else self.result(thing, name)
            self.known[place] = found
        return self.known[place]

    def result(self, thing: Thing, name: str) -> Value:
        """``station``, ``meets(station)`` or ``settled(station)``."""
        asked, bracket, rest = name.partition("(")
        outcome = self.outcome(self.clauses[rest[:-1] if bracket else name], thing)
        if asked == "settled":
            return Fraction(outcome.fen or 0)
        if bracket or outcome.clause.amount is None:
            return None if outcome.standing == Standing.LACKS else outcome.standing == Standing.MEETS
        return None if outcome.fen is None else Fraction(outcome.fen)

    def outcome(self, clause: Clause, thing: Thing) -> Outcome:
        place = (thing.entity, thing.key, clause.id)
        if place not in self.outcomes:
            self.outcomes[place] = self.decided(clause, thing)
        return self.outcomes[place]

    def decided(self, clause: Clause, thing: Thing) -> Outcome:
        answers = tuple(Answer(one, self.value(one, thing)) for one in clause.conditions)  # type: ignore[arg-type]
        met = every(answer.holds for answer in answers)
        uncapped = in_fen(self.value(clause.amount, thing)) if clause.amount else None
        caps = [in_fen(self.value(one, thing)) for one in clause.caps]
        less = in_fen(self.value(clause.less, thing)) if clause.less else 0
        capped = least(uncapped, caps)
        ungated = None if capped is None or less is None else max(0, capped - max(0, less))
        standing = standing_of(met, unknown=clause.amount is not None and ungated is None)
        return Outcome(
            clause, standing, answers, uncapped, capped, less, ungated,
            fen=paid(standing, ungated), binding=binding(uncapped, caps),
        )  # fmt: skip

    def all_of(self, thing: Thing) -> list[Outcome]:
        """The outcome of every clause that is for this kind of thing, in the order of the measure."""
        return [self.outcome(one, thing) for one in self.measure.clauses if one.entity == thing.entity]


def decide(measure: Measure, thing: Thing, population: Population, run: Run = Run()) -> list[Outcome]:  # noqa: B008 a frozen value
    return Deciding(measure, population, run).all_of(thing)


def standing_of(met: bool | None, *, unknown: bool) -> Standing:
    if met is False:
        return Standing.FAILS
    return Standing.LACKS if met is None or unknown else Standing.MEETS


def paid(standing: Standing, fen: int | None) -> int | None:
    return 0 if standing == Standing.FAILS else None if standing == Standing.LACKS else fen


def in_fen(value: Value) -> int | None:
    """Money is rounded once, where a clause ends: to the fen, a half away from zero."""
    if isinstance(value, Fraction) and value.denominator != 1:
        value = round_to(value, FEN, "half_up")
    return None if value is None else int(value)  # type: ignore[arg-type]


def least(fen: int | None, caps: list[int | None]) -> int | None:
    """A cap that is not known leaves the amount unknown; it never disappears in silence. Nobody pays less than nothing."""
    if fen is None or None in caps:
        return None
    return max(0, min([fen, *caps]))  # type: ignore[type-var]


def binding(fen: int | None, caps: list[int | None]) -> int | None:
    if fen is None or None in caps or not caps:
        return None
    lowest = min(caps)  # type: ignore[type-var]
    return caps.index(lowest) if lowest < fen else None  # type: ignore[operator]
