"""Written numbers that read well and mean nonsense: 30 where 30% was meant, a cap below zero."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from mangrove.rulebook.language.lexer import NARROW
from mangrove.rulebook.language.scope import Scope
from mangrove.rulebook.language.typed import (
    Above,
    Arithmetic,
    Between,
    Column,
    Comparison,
    Constant,
    Function,
    Gathered,
    Ladder,
    Table,
    Typed,
    Use,
)
from mangrove.rulebook.language.types import MONEY, NUMBER, TRUTH
from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.showing import number
from mangrove.rulebook.texts.nodes import Words
from mangrove.vocabulary.model import Entity, Vocabulary

#: A number alone, without a unit behind it.
BARE = re.compile(r"\s*[0-9]+(?:\.[0-9]+)?(?![0-9.%‰A-Za-z\u4e00-\u9fff])")
PERCENTS = ("%", "‰")
#: Functions that hand on one of their arguments: each of them is a rate where the whole is.
HANDING_ON = ("if", "min", "max")


def rates(node: Typed) -> Iterator[Constant]:
    """The written numbers of which money that somebody has is a part: 30% of ``30% * 总投资``.

    Written money may be taken as often as one likes (``1万元 * 3``), and a condition may ask for 1.5 times what is owed.
    """
    if node.type == TRUTH:
        return
    if isinstance(node, Arithmetic) and node.sign == "*" and node.type == MONEY:
        for base, rate in ((node.left, node.right), (node.right, node.left)):
            if rate.type == NUMBER and is_given(base):
                yield from handed_on(rate)
    for part in node.parts():
        yield from rates(part)


def is_given(money: Typed) -> bool:
    return any(isinstance(one, Column | Use | Above | Gathered) and one.type == MONEY for one in money.walk())


def handed_on(rate: Typed) -> Iterator[Constant]:
    """The numbers to one of which a rate comes."""
    if isinstance(rate, Constant):
        yield rate
    elif isinstance(rate, Ladder):
        parts: Iterable[Typed] = (one.value for one in rate.steps)
        yield from (each for part in parts for each in handed_on(part))
    elif isinstance(rate, Table):
        yield from (each for row in rate.rows for each in handed_on(row.value))
    elif isinstance(rate, Function) and rate.name in HANDING_ON:
        yield from (each for one in rate.arguments if one.type == NUMBER for each in handed_on(one))


def bounds_of_shares(node: Typed, entity: Entity, vocabulary: Vocabulary) -> Iterator[Constant]:
    """The written numbers beside a field that is kept in percent."""
    if isinstance(node, Comparison | Between) and any(
        in_percent(one, entity, vocabulary) for one in node.parts()
    ):
        yield from (one for one in node.parts() if isinstance(one, Constant))
    inside = vocabulary.entities[node.child] if isinstance(node, Gathered) else entity
    for part in node.parts():
        yield from bounds_of_shares(part, inside, vocabulary)


def in_percent(node: Typed, entity: Entity, vocabulary: Vocabulary) -> bool:
    if not isinstance(node, Column):
        return False
    for link in node.steps[:-1]:
        entity = vocabulary.entities[entity.relations[link].to]
    field = entity.fields[node.steps[-1]]
    return field.unit is not None and field.unit.zh in PERCENTS


def is_bare(text: str, at: int = 0) -> bool:
    """Whether the number written there has neither a percent sign nor any other unit."""
    return BARE.match(text.translate(NARROW), at) is not None


def forgotten_percent(value: Fraction, place: Place) -> Problem:
    said, hundredfold = number(value), number(value * 100)
    zh = f"“{said}”是 {hundredfold}%；是百分之{said}请写“{said}%”，真是 {said} 倍请写“{hundredfold}%”。"
    en = f"“{said}” is {hundredfold}%; write “{said}%”, or “{hundredfold}%” if {said} times is meant."
    return Problem("forgotten_percent", place, zh, en)


def without_percent(
    written: Words, meaning: Typed, scope: Scope, parameters: Mapping[str, Words]
) -> Iterator[Problem]:
    """Shares above one that are written as plain numbers; of a parameter, told where the parameter stands."""
    for one in (*rates(meaning), *bounds_of_shares(meaning, scope.entity, scope.vocabulary)):
        if not isinstance(one.value, Fraction) or one.value <= 1:
            continue
        words, at = (parameters[one.name], 0) if one.name else (written, one.at)
        if is_bare(words.text, at):
            yield forgotten_percent(one.value, words.at(at))


def refuse_negative(words: Words, meaning: Typed, key: str) -> None:
    """Nobody is paid less than nothing; who writes it means something else."""
    if isinstance(meaning, Constant) and isinstance(meaning.value, Fraction) and meaning.value < 0:
        zh = f"“{key}”不能小于零，却是“{words.text}”；请去掉负号。"
        en = f"“{key}” cannot be below zero, this is “{words.text}”; take the minus sign away."
        raise Problem("below_zero", words.place, zh, en)
