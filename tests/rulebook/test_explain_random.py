"""Random measures on random data: what is explained, of one case and of all, is what a loop over the interpreter finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from mangrove.rulebook.decide import Deciding, Outcome, Run, Standing
from mangrove.rulebook.explaining import case_html, case_text
from mangrove.rulebook.explaining.case import ClauseCase, explain
from mangrove.rulebook.explaining.flips import Flip
from mangrove.rulebook.explaining.parts import gap, sides
from mangrove.rulebook.explaining.people import ClausePeople, Sole
from mangrove.rulebook.explaining.stakes import MOST_NEAR
from mangrove.rulebook.interpret import Interpreter
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problems
from mangrove.rulebook.texts.reader import load

from .engines import random_snapshots
from .engines.random_rulebooks import draft, text_of
from .engines.random_words import words
from .test_explain_population import explained

SEEDS = range(40)


@pytest.mark.parametrize("seed", range(25))
def test_random_cases_are_explained_as_they_are_decided(seed: int, tmp_path: Path) -> None:
    """Whatever the language lets one write: the outcome is the interpreter's, every flip holds when decided afresh."""
    path = tmp_path / "random.yaml"
    path.write_text(text_of(draft(seed)), encoding="utf-8")
    try:
        measure = load(path, words())
    except Problems:
        return  # a text that the language refuses
    r = Random(seed)
    people, run = random_snapshots.population(r, measure.vocabulary), random_snapshots.run(r)
    deciding = Deciding(measure, people, run)
    for thing in list(people.things.values())[:30]:
        found = explain(measure, thing, people, run)
        for each in found.clauses:
            assert each.outcome == deciding.outcome(each.clause, thing)
            assert [part.holds for part in each.parts] == [answer.holds for answer in each.outcome.answers]
            for flip in each.flips:
                assert_turns(measure, people, run, thing, each, flip)
        assert case_text.as_text(found) and case_html.page(found, "en")


def assert_turns(
    measure: Measure, people: Population, run: Run, thing: Thing, each: ClauseCase, flip: Flip
) -> None:
    if any(change.name for change in flip.changes):
        return  # a definition that no one field makes
    things = dict(people.things)
    for change in flip.changes:
        at = things[change.place]
        things[change.place] = replace(at, fields={**at.fields, change.field: change.to})  # type: ignore[dict-item]
    changed = Population(things.values(), people.leads_to)
    outcome = Deciding(measure, changed, run).outcome(each.clause, things[thing.entity, thing.key])
    assert all(answer.holds for answer in outcome.answers)
    assert outcome.standing == flip.standing


def outcomes(
    measure: Measure, clause: Clause, population: Population, run: Run
) -> list[tuple[Thing, Outcome]]:
    """In the order of the rows of a snapshot."""
    deciding = Deciding(measure, population, run)
    things = sorted(
        (one for one in population.things.values() if one.entity == clause.entity), key=lambda one: one.key
    )
    return [(one, deciding.outcome(clause, one)) for one in things]


def alone(outcome: Outcome) -> int | None:
    """The place of the one condition that fails, where no other does and none is unknown."""
    broken = [n for n, answer in enumerate(outcome.answers) if answer.holds is not True]
    return broken[0] if len(broken) == 1 and outcome.answers[broken[0]].holds is False else None


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_of_a_random_measure_are_those_of_a_loop(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "random.yaml"
    path.write_text(text_of(draft(seed)), encoding="utf-8")
    try:
        measure = load(path, words())
    except Problems:
        return  # a text that the language refuses, such as a clause that is never reached
    r = Random(seed)
    population, run = random_snapshots.population(r, measure.vocabulary), random_snapshots.run(r)
    for found in explained(measure, population, run).clauses:
        rows = outcomes(measure, found.clause, population, run)
        assert_counts(found, [one for _thing, one in rows])
        assert_soles(found, rows, measure, population, run)
        assert_unsure(found, [one for _thing, one in rows])


def assert_counts(found: ClausePeople, rows: list[Outcome]) -> None:
    standings = [one.standing for one in rows]
    assert (found.rows, found.meets) == (len(rows), standings.count(Standing.MEETS))
    assert (found.fails, found.lacks) == (standings.count(Standing.FAILS), standings.count(Standing.LACKS))
    if found.clause.amount is not None:
        assert found.paid == sum(one.fen or 0 for one in rows)
    for n, step in enumerate(found.steps):
        through = [[answer.holds for answer in one.answers[: n + 1]] for one in rows]
        assert step.left == sum(all(one) for one in through)
        assert step.undecided == sum(False not in one and None in one for one in through)
    nothing = [one for one in rows if all(answer.holds for answer in one.answers)]
    assert found.amount_unknown == sum(one.standing == Standing.LACKS for one in nothing)


def assert_soles(
    found: ClausePeople, rows: list[tuple[Thing, Outcome]], measure: Measure, population: Population, run: Run
) -> None:
    by_condition: dict[int, list[tuple[Thing, Outcome]]] = {}
    for thing, outcome in rows:
        if (n := alone(outcome)) is not None:
            by_condition.setdefault(n, []).append((thing, outcome))
    assert [one.condition for one in found.soles] == sorted(by_condition)
    for sole in found.soles:
        those = by_condition[sole.condition]
        assert sole.count == len(those)
        assert (sole.stake.fen, sole.stake.unknown) == staked(found.clause, [one for _thing, one in those])
        assert {near.key for near in sole.near} <= {thing.key for thing, _outcome in those}
        assert len(sole.near) == (0 if sole.under else min(len(those), MOST_NEAR))
        assert_nearest(sole, those, measure, population, run)


def assert_nearest(
    sole: Sole, those: list[tuple[Thing, Outcome]], measure: Measure, population: Population, run: Run
) -> None:
    """The gap is what the interpreter says, and nobody who is not told is nearer."""
    gaps = {thing.key: gap_of(sole, thing, measure, population, run) for thing, _outcome in those}
    told = {near.key: near.gap for near in sole.near if near.gap is not None}
    for key, one in told.items():
        assert gaps[key] == one.size
    others = [one for key, one in gaps.items() if key not in {near.key for near in sole.near}]
    known = [one for one in others if one is not None]
    if told and len(told) == len(sole.near) and known and measure is not None:
        assert max(one.size for one in told.values()) <= min(known)


def gap_of(sole: Sole, thing: Thing, measure: Measure, population: Population, run: Run) -> Fraction | None:
    node = sole.clause.conditions[sole.condition].meaning
    found = sides(node)
    if found is None:
        return None
    interpreter = Interpreter(population, thing, Deciding(measure, population, run).named)
    one = gap(node, interpreter.value(found[1]), [interpreter.value(each) for each in found[2]])
    return None if one is None else one.size


def staked(clause: Clause, those: Iterable[Outcome]) -> tuple[int, int]:
    if clause.amount is None:
        return 0, 0
    fen = [one.ungated for one in those]
    return sum(one or 0 for one in fen), fen.count(None)


def assert_unsure(found: ClausePeople, rows: list[Outcome]) -> None:
    told = {one.condition: one for one in found.unsure}
    for n in range(len(found.clause.conditions)):
        those = [one for one in rows if one.answers[n].holds is None]
        waiting = [one for one in those if all(answer.holds is not False for answer in one.answers)]
        if not those:
            assert n not in told
            continue
        stake = told[n].stake
        assert (told[n].count, told[n].waiting) == (len(those), len(waiting))
        assert (stake.fen, stake.unknown) == staked(found.clause, waiting)
