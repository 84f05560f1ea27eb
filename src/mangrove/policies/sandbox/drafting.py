"""A scenario as the text of a draft: the numbers replaced where they stand, every other character as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import yaml
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.refusals import Refusal
from mangrove.policies.sandbox.forms import number_or_day
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.replaying import asked_of
from mangrove.rulebook.language.lexer import Token, tokens
from mangrove.rulebook.language.typed import Constant
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Place, Problem, Problems
from mangrove.rulebook.showing import number
from mangrove.rulebook.simulate.telling import Teller
from mangrove.rulebook.simulate.values import value
from mangrove.rulebook.texts.reader import load_text

HERE = Place("", 1, 1)
#: Keys whose words are prose: a number in them is no number of the rule.
PROSE = {"measure", "id", "article", "text", "text_status", "note", "source", "inputs", "status"}
Numbers = Mapping[str, Fraction | date]


@dataclass(frozen=True)
class Stretch:
    """A written number: its characters from ``begin`` to before ``end``, and the number and unit that they say."""

    begin: int
    end: int
    token: Token

    def alike(self, old: Constant, new: Fraction | date) -> str:
        """The new number in the unit of the old one; empty where that has no end."""
        if (
            not isinstance(new, Fraction)
            or not isinstance(old.value, Fraction)
            or not isinstance(self.token.value, Fraction)
        ):
            return ""
        amount = new * self.token.value / abs(old.value) if old.value else Fraction(0)
        said = number(amount)
        return "" if "/" in said or not amount else f"{said}{self.token.unit}"


def draft_text(scenario: Scenario) -> str:
    """The YAML of the measure with the scenario's numbers. Raises :class:`Refusal` where one stands nowhere by itself."""
    asked = asked_of(scenario)
    return rewritten(scenario.rule.text, asked.changes, asked.typed)


def rewritten(text: str, changes: Numbers, typed: Mapping[str, str]) -> str:
    for name, new in changes.items():
        text = with_number(text, name, new, typed.get(name, ""))
    return text


def with_number(text: str, name: str, new: Fraction | date, typed: str) -> str:
    """Each place where the old number stands is tried; the right one gives the same measure with that one number changed."""
    measure = load_text(text, vocabulary.vocabulary())
    old = measure.constants()[name]
    if old.value == new:
        return text
    wanted = {**values_of(measure), name: new}
    for place in places(text, old, measure):
        for words in literals(measure, old, new, typed, place):
            found = text[: place.begin] + words + text[place.end :]
            if says(found, wanted):
                return found
    raise Refusal(
        _("“%(name)s”在原文里找不到单独的一处，或新的数写不成一个带单位的数，不能自动改。") % {"name": name},
        code="policies.number_not_written", where=name,
        remedy=_("请改用能写尽的数（例如 33.33%%），或把它写进 parameters 并起名，或在草案里手工修改。") % {},
    )  # fmt: skip


def says(text: str, wanted: Numbers) -> bool:
    try:
        return values_of(load_text(text, vocabulary.vocabulary())) == wanted
    except (Problem, Problems):
        return False


def values_of(measure: Measure) -> Numbers:
    return {name: number_or_day(one) for name, one in measure.constants().items()}


def literals(
    measure: Measure, old: Constant, new: Fraction | date, typed: str, place: Stretch
) -> Iterator[str]:
    """As it was typed, in the unit that stands there, and as the house writes it: those that are one number of that value."""
    for words in (typed.strip(), place.alike(old, new), Teller(measure.vocabulary).constant(old, new)):
        if is_literal(words) and means(measure, old, words) == new:
            yield words


def is_literal(words: str) -> bool:
    """One number with its unit and its sign, or one day."""
    try:
        kinds = [one.kind for one in tokens(words.removeprefix("-"), HERE)]
    except Problem:
        return False
    return kinds in (["number", "end"], ["date", "end"])


def means(measure: Measure, old: Constant, words: str) -> Fraction | date | None:
    try:
        return value(words, old.type, measure.vocabulary, HERE)
    except Problem:
        return None


# --- where the old number may stand --------------------------------------------------------------------------------------


def places(text: str, old: Constant, measure: Measure) -> Iterator[Stretch]:
    """Every written number with that value in the rules, sign included, in the order of the text."""
    for node in scalars(yaml.compose(text, Loader=yaml.SafeLoader)):
        begin, end = node.start_mark.index, node.end_mark.index
        yield from numbers_in(text[begin:end], begin, old, measure)


def scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from scalars(one)
    elif isinstance(node, yaml.MappingNode):
        for key, held in node.value:
            if key.value not in PROSE:
                yield from scalars(held)


def numbers_in(raw: str, at: int, old: Constant, measure: Measure) -> Iterator[Stretch]:
    """``raw`` as it stands in the file; quotes around it are blanked so that it reads as an expression."""
    for one in words_of(raw):
        if one.kind in ("number", "date"):
            signed = isinstance(old.value, Fraction) and old.value < 0
            begin = raw.rfind("-", 0, one.at) if signed else one.at
            if means(measure, old, raw[begin : one.at + len(one.typed)]) == old.value:
                yield Stretch(at + begin, at + one.at + len(one.typed), one)


def words_of(raw: str) -> list[Token]:
    quoted = raw[:1] in "'\"" and raw[:1] == raw[-1:]
    bare = (
        f" {raw[1:-1]} "
        if quoted
        else raw.removeprefix(">-").rjust(len(raw))
        if raw.startswith(">-")
        else raw
    )
    try:
        return tokens(bare, HERE)
    except Problem:
        return []
