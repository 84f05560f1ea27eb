"""The numbers of a measure as an officer sees them: what each is called, how it is written, and in which article it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mangrove.policies.sandbox.naming import clause_label, labels, part_label, shares
from mangrove.rulebook.interpret import Value
from mangrove.rulebook.language.typed import Constant
from mangrove.rulebook.language.types import MONEY
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.showing import number
from mangrove.rulebook.showing import shown as worded
from mangrove.rulebook.simulate.telling import Teller, percent
from mangrove.rulebook.simulate.values import value
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.units import known_units

HERE = Place("", 1, 1)


@dataclass(frozen=True)
class Part:
    """A piece of a measure with the numbers that first stand in it: an article, or the definitions before them.

    ``rules``: what each formula is for, and the formula.
    """

    clause: Clause | None
    rules: Sequence[tuple[str, str]]
    names: Sequence[str]


def teller(measure: Measure) -> Teller:
    return Teller(measure.vocabulary, "zh" if in_chinese() else "en")


def shown(measure: Measure, one: Constant, new: Fraction | date | None = None) -> str:
    """In the reader's language."""
    return in_words(teller(measure), measure, one, one.value if new is None else new)


def written(measure: Measure, one: Constant) -> str:
    """As the rule language reads it again; empty where no short form does."""
    said = in_words(Teller(measure.vocabulary), measure, one, one.value)
    try:
        return said if value(said, one.type, measure.vocabulary, HERE) == one.value else ""
    except Problem:
        return ""


def in_words(telling: Teller, measure: Measure, one: Constant, said: Value) -> str:
    """A number that is written as a percentage stays one, and nothing of money or of a price still has its unit."""
    if not isinstance(said, Fraction):
        return telling.constant(one, said)
    if not one.type.detail and one.name in shares(measure):
        return percent(said)
    if one.type == MONEY and not said:
        return worded(said, one.type, measure.vocabulary, telling.language)
    return with_unit(said, one, telling) or telling.constant(one, said)


def with_unit(said: Fraction, one: Constant, telling: Teller) -> str:
    """In a unit of its kind, where the base has no name of its own (元/千瓦时); empty where it has."""
    units = [
        unit
        for unit in known_units().by_name.values()
        if one.type.detail and unit.dimension == one.type.detail
    ]
    if not units or any(unit.factor == 1 for unit in units):
        return ""
    return f"{number(said / units[0].factor)}{telling.pick(units[0].zh, f' {units[0].en}')}"


def label(measure: Measure, name: str) -> str:
    """A parameter by its own name; another by where it stands and what it bounds."""
    return labels(measure).get(name, name)


def called(measure: Measure, name: str) -> str:
    """With its article, where it is not a parameter: 第三条 上限."""
    id, dot, _part = name.partition("#")[0].partition(".")
    clause = next((one for one in measure.clauses if dot and one.id == id), None)
    said = label(measure, name)
    return f"{clause_label(measure, clause)} {said}" if clause else said


def parts(measure: Measure) -> list[Part]:
    """Definitions first, then the articles; each number where it first stands."""
    seen: set[str] = set()
    rules = [(one.name, one.formula.text) for one in measure.definitions]
    found = (
        [Part(None, rules, new_names([one.formula for one in measure.definitions], seen))] if rules else []
    )
    for clause in measure.clauses:
        formulas = list(clause.formulas())
        rules = [(part_label(part), one.text) for part, one in formulas if one.text]
        found.append(Part(clause, rules, new_names([one for _part, one in formulas], seen)))
    return found


def new_names(formulas: Sequence[Formula], seen: set[str]) -> list[str]:
    found = list(dict.fromkeys(name for one in formulas for name in names_in(one) if name not in seen))
    seen.update(found)
    return found


def names_in(formula: Formula) -> Iterator[str]:
    yield from (one.name for one in formula.meaning.walk() if isinstance(one, Constant) and one.name)
