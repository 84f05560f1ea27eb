"""One case explained, clause by clause: what was asked, what the case has, what is lacking, what the cap took away.

As data (:class:`Told`) and as text in Chinese or English.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from mangrove.rulebook import typed
from mangrove.rulebook.decide import Answer, Deciding, Outcome, Run, Standing
from mangrove.rulebook.interpret import Interpreter, Value
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.showing import shown
from mangrove.rulebook.types import MONEY
from mangrove.vocabulary.model import Vocabulary

VERDICTS = {True: ("符合", "met"), False: ("不符合", "not met"), None: ("缺数据", "unknown")}
STANDINGS = {
    Standing.MEETS: "qualifies",
    Standing.FAILS: "does not qualify",
    Standing.LACKS: "a datum is missing",
}


@dataclass(frozen=True)
class Told:
    """One condition: its words, whether it holds; for a comparison what the case has, what is asked, and the gap.

    ``gap`` is what the case falls short by, or is over, in base units; ``None`` where there is none to speak of.
    """

    answer: Answer
    has: Value
    asked: Value
    gap: Fraction | None


@dataclass(frozen=True)
class Explained:
    outcome: Outcome
    told: tuple[Told, ...]


def explain(measure: Measure, thing: Thing, population: Population, run: Run = Run()) -> list[Explained]:  # noqa: B008 a frozen value
    """Every clause that is for this kind of thing, in the order of the measure."""
    deciding = Deciding(measure, population, run)
    return [
        Explained(one, tuple(tell(answer, thing, deciding) for answer in one.answers))
        for one in deciding.all_of(thing)
    ]


def tell(answer: Answer, thing: Thing, deciding: Deciding) -> Told:
    meaning = answer.condition.meaning
    if not isinstance(meaning, typed.Comparison):
        return Told(answer, None, None, None)
    sides = (
        (meaning.right, meaning.left)
        if isinstance(meaning.left, typed.Constant)
        else (meaning.left, meaning.right)
    )
    has, asked = (Interpreter(deciding.population, thing, deciding.named).value(side) for side in sides)
    gap = abs(asked - has) if isinstance(has, Fraction) and isinstance(asked, Fraction) else None
    return Told(answer, has, asked, (gap or None) if answer.holds is False else None)


def as_text(
    measure: Measure, explained: list[Explained], vocabulary: Vocabulary, language: str = "zh"
) -> str:
    """The explanation to read: the article, each condition, the money."""
    return "\n".join(line for one in explained for line in lines(measure, one, vocabulary, language))


def lines(measure: Measure, one: Explained, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    english, clause = language.startswith("en"), one.outcome.clause
    standing = STANDINGS[one.outcome.standing] if english else one.outcome.standing
    yield f"{measure.name} {clause.article}（{clause.text_status}，{measure.version.status}）：{standing}"
    yield f"  {clause.text}"
    for told in one.told:
        yield f"  {VERDICTS[told.answer.holds][english]}  {told.answer.condition.text}{detail(told, vocabulary, language)}"
    if clause.amount is not None:
        yield f"  {paid(one.outcome, vocabulary, language)}"


def detail(told: Told, vocabulary: Vocabulary, language: str) -> str:
    meaning = told.answer.condition.meaning
    if not isinstance(meaning, typed.Comparison):
        return ""
    has = shown(told.has, meaning.left.type, vocabulary, language)
    if told.gap is None:
        return f" (is {has})" if language.startswith("en") else f"（实为{has}）"
    gap = shown(told.gap, meaning.left.type, vocabulary, language)
    return f" (is {has}, off by {gap})" if language.startswith("en") else f"（实为{has}，差{gap}）"


def paid(outcome: Outcome, vocabulary: Vocabulary, language: str) -> str:
    def words(fen: int | None) -> str:
        return shown(None if fen is None else Fraction(fen), MONEY, vocabulary, language)

    if language.startswith("en"):
        cut = (
            f"; the cap took {words(outcome.removed)} of {words(outcome.uncapped)}" if outcome.removed else ""
        )
        return f"Pays {words(outcome.fen)}{cut}"
    cut = f"：算得{words(outcome.uncapped)}，封顶减去{words(outcome.removed)}" if outcome.removed else ""
    return f"应得{words(outcome.fen)}{cut}"
