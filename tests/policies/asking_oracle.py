"""By trying everything: whether the answer to a question could still matter. Knows nothing of how questions are chosen."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from mangrove.policies.calculator.answers import HOLDING
from mangrove.policies.calculator.asking import Matter, run_of
from mangrove.policies.calculator.situation import Ask, Start, granted, situation
from mangrove.registry.records.facts import leads_to
from mangrove.rulebook.decide import Deciding, Standing
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.scope import base_factor
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.population import Population, Stored
from mangrove.rulebook.texts.needed import leading_to, read_by
from mangrove.vocabulary.model import Field

#: Numbers of things that are alike.
COUNTS = (0, 1, 2)
#: Of many values, how many are tried with one way of filling in all else.
MOST_TRIED = 6


def domain(matter: Matter, field: Field, start: Start) -> list[Stored]:
    """Both of yes and no, every word, and for numbers and days each written bound and one to both sides of it."""
    if field.type == "boolean":
        return [True, False]
    if field.enum is not None:
        return list(field.enum.words)
    written = {
        node.value
        for target in matter.targets
        for formula, _entity in leading_to(matter.measure, target.clause)
        for node in formula.meaning.walk()
        if isinstance(node, typed.Constant)
    }
    if field.type == "date":
        days = {one for one in written if isinstance(one, date)} | {start.day}
        near = {one + timedelta(days=n) for one in days for n in (-1, 0, 1)}
        years = {
            one.replace(year=one.year + n, day=min(one.day, 28)) for one in days for n in (-6, -3, -1, 1)
        }
        return sorted(near | years)
    factor = base_factor(field)
    whole = {int(one / factor) for one in written if isinstance(one, Fraction)}
    return sorted({one + n for one in whole | {0, 10**9} for n in (-1, 0, 1) if one + n >= 0})


def field_of(matter: Matter, ask: Ask) -> Field:
    if ask.holds:
        return HOLDING
    return matter.measure.vocabulary.entities[ask.entity].fields[ask.field]


def values(matter: Matter, ask: Ask, start: Start) -> Sequence[Stored]:
    return COUNTS if ask.counts else domain(matter, field_of(matter, ask), start)


def results(matter: Matter, start: Start, answers: Mapping[Ask, Stored]) -> list[Any]:
    found = situation(start, matter.measure, matter.targets, answers)
    people = Population(found.things.values(), leads_to(matter.measure.vocabulary))
    deciding = Deciding(matter.measure, people, run_of(start))
    denied = {place for place, said in granted(start, answers).items() if said is False}
    every = [(one, deciding.outcome(one.clause, found.things[one.place])) for one in matter.targets]
    return [
        (Standing.FAILS, 0) if target.place in denied else (one.standing, one.fen) for target, one in every
    ]


#: Found once: (measure, clause) → what the clause reads.
READ: dict[tuple[str, str], set[tuple[str, str]]] = {}


def data_of(matter: Matter, clause: Clause) -> set[tuple[str, str]]:
    place = matter.measure.id, clause.id
    if place not in READ:
        READ[place] = read_by(matter.measure, clause)
    return READ[place]


def blanks(matter: Matter, start: Start, answers: Mapping[Ask, Stored]) -> list[Ask]:
    """All that some clause reads and nobody has said, inputs of people among them."""
    found = situation(start, matter.measure, matter.targets, answers)
    read = {one for target in matter.targets for one in data_of(matter, target.clause)}
    entities = matter.measure.vocabulary.entities
    fields = {
        found.asked_as(entity, key, id): None
        for (entity, key), thing in found.things.items()
        for of, id in sorted(read)
        if of == entity and id in entities[entity].fields and thing.fields.get(id) is None
    }
    return [*sorted(found.open, key=str), *fields]


def filled(
    matter: Matter, start: Start, answers: Mapping[Ask, Stored], dice: random.Random
) -> dict[Ask, Stored]:
    """The answers with everything else made up, numbers first, since they say which rows there are."""
    said = {ask: value for ask, value in answers.items() if value is not None}
    while open_ones := [ask for ask in blanks(matter, start, said) if ask not in said]:
        said |= {ask: dice.choice(values(matter, ask, start)) for ask in open_ones[:1]}
    return said


def completions(
    matter: Matter, start: Start, answers: Mapping[Ask, Stored], ask: Ask, dice: random.Random, most: int
) -> Iterator[list[list[Any]]]:
    """For some ways of filling in all else, what each answer to this question leads to."""
    for _try in range(most):
        rest = {one: value for one, value in filled(matter, start, answers, dice).items() if one != ask}
        every = values(matter, ask, start)
        tried = dice.sample(every, min(len(every), MOST_TRIED))
        yield [
            results(matter, start, filled(matter, start, {**rest, ask: one}, random.Random(1)))  # noqa: S311
            for one in tried
        ]


def could_matter(
    matter: Matter,
    start: Start,
    answers: Mapping[Ask, Stored],
    ask: Ask,
    dice: random.Random,
    most: int = 400,
) -> bool:
    return any(
        any(one != each[0] for one in each) for each in completions(matter, start, answers, ask, dice, most)
    )
