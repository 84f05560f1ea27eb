"""Which question comes next: one whose answer can still change the standing or the money of a clause not yet decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mangrove.policies.calculator.situation import Answers, Ask, Situation, Start, situation
from mangrove.policies.calculator.topics import Target
from mangrove.registry.records.facts import leads_to
from mangrove.rulebook.decide import Outcome, Run, Standing
from mangrove.rulebook.explaining.lacking import Missing, told, unknown_formulas
from mangrove.rulebook.explaining.trying import Grounds, Trying
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population

CONDITION, MONEY = 0, 1


@dataclass(frozen=True)
class Matter:
    """A measure with the clauses of it that are looked into."""

    measure: Measure
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Question:
    """``rank``: whether a condition waits for it, or only the money."""

    ask: Ask
    rank: int


def run_of(start: Start) -> Run:
    return Run(start.day, start.day.year)


def trying_of(start: Start, matter: Matter, answers: Answers) -> tuple[Situation, Trying]:
    found = situation(start, matter.measure, matter.targets, answers)
    return found, deciding(start, matter, found)


def deciding(start: Start, matter: Matter, found: Situation, grounds: Grounds | None = None) -> Trying:
    people = Population(found.things.values(), leads_to(matter.measure.vocabulary))
    return Trying(matter.measure, people, run_of(start), grounds=grounds)


def next_questions(start: Start, matters: Sequence[Matter], answers: Answers) -> list[Question]:
    """The first few that matter now, about one thing; none: all is decided that the visitor can decide."""
    found: dict[Ask, int] = {}
    for matter in matters:
        for one in questions(start, matter, answers):
            found[one.ask] = min(one.rank, found.get(one.ask, one.rank))
    return first_group([Question(ask, rank) for ask, rank in found.items()], start.offer.each_page)


def first_group(every: Sequence[Question], most: int) -> list[Question]:
    """Whether one has it at all, then conditions before money: who is out is asked no more."""
    if not every:
        return []
    if held := [one for one in every if one.ask.holds]:
        return held[:most]
    first = min(every, key=lambda one: one.rank)
    same = [one for one in every if together(one, first)]
    return same[:most]


def together(one: Question, other: Question) -> bool:
    return (one.ask.entity, one.ask.key, one.rank) == (other.ask.entity, other.ask.key, other.rank)


def questions(start: Start, matter: Matter, answers: Answers) -> list[Question]:
    """All that matter now, in the order of the clauses."""
    found, trying = trying_of(start, matter, answers)
    fields = list(of_fields(matter, found, trying, answers))
    return [*fields, *of_numbers(start, matter, answers, found, trying)] or list(
        left_over(matter, found, trying, answers)
    )


def of_fields(matter: Matter, found: Situation, trying: Trying, answers: Answers) -> Iterator[Question]:
    for outcome, one, rank in missing_in(matter, found, trying):
        if one.matters and outcome.standing == Standing.LACKS:
            yield from asked(one, rank, found, answers)


def left_over(matter: Matter, found: Situation, trying: Trying, answers: Answers) -> Iterator[Question]:
    """What makes no difference to the money, yet without it nobody can say that the clause is met."""
    listed = list(missing_in(matter, found, trying))
    judged = {outcome.clause.id for outcome, one, _rank in listed if one.by}
    for outcome, one, rank in listed:
        if one.waits and outcome.clause.id not in judged:
            yield from asked(one, rank, found, answers)


def missing_in(matter: Matter, found: Situation, trying: Trying) -> Iterator[tuple[Outcome, Missing, int]]:
    for target in matter.targets:
        thing = found.things[target.place]
        outcome = trying.outcome(target.clause, thing)
        conditions = [id(one.condition) for one in outcome.answers]
        for formula, stake in unknown_formulas(outcome, thing, trying):
            rank = CONDITION if id(formula) in conditions else MONEY
            for one in told(formula, stake, outcome.standing == Standing.LACKS, thing, trying):
                yield outcome, one, rank


def asked(one: Missing, rank: int, found: Situation, answers: Answers) -> Iterator[Question]:
    """What people judge is not asked, and what was asked is not asked again. Of rows their number comes first."""
    if one.by or one.is_link or not one.entity:
        return
    for key in one.keys:
        number = found.rows.get((one.entity, key))
        ask = number if number in found.open and number else found.asked_as(one.entity, key, one.field)
        if ask not in answers and found.may_ask(one.entity, key):
            yield Question(ask, rank)


def of_numbers(
    start: Start, matter: Matter, answers: Answers, found: Situation, trying: Trying
) -> Iterator[Question]:
    """How many there are matters where none or two come to something else than one."""
    now = outcomes(matter, found, trying)
    for ask in sorted(found.open - answers.keys(), key=lambda one: (one.entity, one.key)):
        for count in (0, 2):
            other = situation(start, matter.measure, matter.targets, {**answers, ask: count})
            then = outcomes(matter, other, deciding(start, matter, other, trying.grounds))
            if told_apart(now) != told_apart(then):
                yield Question(ask, MONEY if standings(then) == standings(now) else CONDITION)
                break


def outcomes(matter: Matter, found: Situation, trying: Trying) -> list[Outcome]:
    return [trying.outcome(one.clause, found.things[one.place]) for one in matter.targets]


def told_apart(found: Sequence[Outcome]) -> list[Outcome | None]:
    """Who is out is out, whatever the money would have been."""
    return [None if one.standing == Standing.FAILS else one for one in found]


def standings(found: Sequence[Outcome]) -> list[Standing]:
    return [one.standing for one in found]
