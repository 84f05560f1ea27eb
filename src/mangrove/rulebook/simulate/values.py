"""Changes as an officer writes them: ``门槛=500万元``, ``demo.cap=0万元..500万元/50``; read by the language's own parser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from mangrove.rulebook.interpret import evaluate, round_to
from mangrove.rulebook.language.check import check
from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.scope import Scope
from mangrove.rulebook.language.typed import Constant, Function, Use
from mangrove.rulebook.language.types import MONEY, Type
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Place, Problem, unknown
from mangrove.rulebook.texts.literals import forgotten_percent, is_bare, rates, refuse_negative
from mangrove.rulebook.texts.nodes import Words
from mangrove.vocabulary.model import Entity, Vocabulary

NOBODY = Thing("", "")
MOST_POINTS = 10_000


def changed(measure: Measure, written: str, option: str = "--set") -> tuple[str, Fraction | date]:
    """The name and the new value of ``name=value``. Raises :class:`Problem`."""
    name, equals, text = written.partition("=")
    if not equals or not text.strip():
        zh, en = "写法是 名称=值，例如 门槛=500万元。", "Write it as name=value, such as threshold=500万元."
        raise Problem("no_value", Place(option, 1, 1), zh, en)
    found = constant(measure, name.strip(), Place(option, 1, 1))
    place = Place(option, 1, len(name) + 2)
    new = value(text, found.type, measure.vocabulary, place)
    refuse_unfit(measure, found.name, new, place)
    refuse_misread(measure, found, text, new, place)
    return found.name, new


def refuse_unfit(measure: Measure, name: str, new: Fraction | date, place: Place) -> None:
    """What the checker asks of a written number holds for a changed one. Raises :class:`Problem`."""
    nodes = (node for formula in measure.formulas() for node in formula.meaning.walk())
    for node in nodes:
        if not isinstance(node, Function) or node.name not in UNFIT or isinstance(new, date):
            continue
        unfit, zh, en = UNFIT[node.name]
        named = (one.name for one in node.arguments[1:] if isinstance(one, Constant))
        if name in named and unfit(new):
            raise Problem("unfit_number", place, zh, en)


def refuse_misread(
    measure: Measure, changed: Constant, text: str, new: Fraction | date, place: Place
) -> None:
    """30 where 30% is meant, and a cap below zero: refused here as in a file. Raises :class:`Problem`."""
    if isinstance(new, date):
        return
    shares = (one.name for formula in measure.formulas() for one in rates(formula.meaning))
    if new > 1 and is_bare(text) and changed.name in shares:
        raise forgotten_percent(new, place)
    for clause in measure.clauses:
        for part, formula in clause.formulas():
            alone = formula.meaning
            if isinstance(alone, Constant) and alone.name == changed.name and not part.startswith("when"):
                refuse_negative(Words(text.strip(), place), replace(alone, value=new), changed.name)


UNFIT: dict[str, tuple[Callable[[Fraction], bool], str, str]] = {
    "round_to": (lambda new: new <= 0, "取整的步长须大于零。", "What is rounded to must be above zero."),
    "years_after": (lambda new: new.denominator != 1, "年数须是整数。", "Years must be a whole number."),
}


def constant(measure: Measure, name: str, place: Place) -> Constant:
    """The number or day of that name. Raises :class:`Problem` naming the nearest."""
    known = measure.constants()
    if name not in known:
        raise unknown(place, ("可改的数", "number to change"), name, known)
    return known[name]


def value(text: str, kind: Type, vocabulary: Vocabulary, place: Place) -> Fraction | date:
    """A number or a day of a type, in base units. Raises :class:`Problem` at its place in the text."""
    nothing = Scope(vocabulary, Entity("", "", "", (), {}, {}))
    meaning = check(parse(text, place), nothing, text, place)
    uses = any(isinstance(node, Use) for node in meaning.walk())
    found = None if uses else evaluate(meaning, NOBODY, Population([], {}))
    if meaning.type != kind or not isinstance(found, Fraction | date):
        is_what = "不是写定的值" if uses else f"是{meaning.type.zh}"
        zh = f"这里应为写定的{kind.zh}，“{text.strip()}”{is_what}。"
        en = f"{kind.en.capitalize()} is wanted here; “{text.strip()}” is {'no written value' if uses else meaning.type.en}."
        raise Problem("wrong_type", place, zh, en)
    return found


# --- a row of values -----------------------------------------------------------------------------------------------


def points(measure: Measure, written: str, option: str = "--curve") -> tuple[Constant, list[Fraction | date]]:
    """``name=low..high/50``: the constant, and ``low`` with 50 equal steps above it. Raises :class:`Problem`.

    Money is rounded to the fen, days to the day; values that come out alike stand once.
    """
    name, _equals, text = written.partition("=")
    ends, _slash, count = text.rpartition("/")
    low, dots, high = ends.partition("..")
    if not dots or not (count.isascii() and count.isdecimal()) or not 1 <= int(count) <= MOST_POINTS:
        zh = "写法是 名称=低..高/段数，例如 demo.cap=0万元..500万元/50。"
        en = "Write it as name=low..high/steps, such as demo.cap=0万元..500万元/50."
        raise Problem("no_range", Place(option, 1, 1), zh, en)
    found = constant(measure, name.strip(), Place(option, 1, 1))
    at = len(name) + 2
    begin = value(low, found.type, measure.vocabulary, Place(option, 1, at))
    end = value(high, found.type, measure.vocabulary, Place(option, 1, at + len(low) + 2))
    values = list(dict.fromkeys(between(begin, end, int(count), found.type)))
    for one in values:
        refuse_unfit(measure, found.name, one, Place(option, 1, at))
    for one, written in ((begin, low), (end, high)):
        refuse_misread(measure, found, written, one, Place(option, 1, at))
    return found, values


def between(low: Fraction | date, high: Fraction | date, steps: int, kind: Type) -> Iterator[Fraction | date]:
    if isinstance(low, date) and isinstance(high, date):
        days = Fraction((high - low).days)
        for n in range(steps + 1):
            yield low + timedelta(days=int(round_to(days * n / steps, Fraction(1), "half_up")))
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        for n in range(steps + 1):
            exact = low + (high - low) * n / steps
            yield round_to(exact, Fraction(1), "half_up") if kind == MONEY else exact
