"""The numbers of a measure as an officer sees them: what each is called, how it is written, and in which article it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from mangrove.rulebook.language.typed import Constant
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.simulate.telling import Teller
from mangrove.rulebook.simulate.values import value
from mangrove.ui.languages import beside, in_chinese

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
    return teller(measure).constant(one, new)


def written(measure: Measure, one: Constant) -> str:
    """As the rule language reads it again; empty where no short form does."""
    said = Teller(measure.vocabulary).constant(one)
    try:
        return said if value(said, one.type, measure.vocabulary, HERE) == one.value else ""
    except Problem:
        return ""


def label(measure: Measure, name: str) -> str:
    """A parameter by its own name; another by where it stands: 上限, 条件 1（第2个数）."""
    where, _sign, count = name.partition("#")
    _clause, dot, part = where.partition(".")
    alone = sum(one.partition("#")[0] == where for one in measure.constants()) == 1
    note = "" if alone or not count else _("第%(n)s个数") % {"n": count}
    return beside(part_label(part) if dot else where, note)


def part_label(part: str) -> str:
    """``when2`` is the second condition."""
    kind = part.rstrip("0123456789")
    words = {"when": _("条件"), "amount": _("算式"), "cap": _("上限"), "less": _("扣减")}
    number = part.removeprefix(kind)
    return f"{words.get(kind, kind)} {number}" if number else words.get(kind, kind)


def called(measure: Measure, name: str) -> str:
    """With its article, where it is not a parameter: 第三条 上限."""
    id, dot, _part = name.partition("#")[0].partition(".")
    clause = next((one for one in measure.clauses if dot and one.id == id), None)
    said = label(measure, name)
    return f"{clause.article or clause.id} {said}" if clause else said


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
