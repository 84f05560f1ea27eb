"""The questions asked are enough, and none is asked whose answer could not matter: held against trying everything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from mangrove import vocabulary
from mangrove.policies.calculator.asking import Matter, next_questions
from mangrove.policies.calculator.offer import offer
from mangrove.policies.calculator.situation import Ask, Start
from mangrove.policies.calculator.topics import Topic, targets, topics_for
from mangrove.rulebook.decide import Standing
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.texts.reader import load_text
from mangrove.vocabulary.model import Field

from . import asking_oracle as oracle

DAY = date(2026, 3, 1)
LIVES = 4
#: So many conditions must meet at once that trying at random does not find where the answer matters.
TOO_LARGE = {("sz_tech_centre", "organisation")}


def read(id: str) -> Measure:
    path = Path(settings.MANGROVE_RULEBOOKS) / "measures" / id / f"{id}.yaml"
    return load_text(path.read_text(encoding="utf-8"), vocabulary.vocabulary())


def every_topic(measure: Measure) -> list[Topic]:
    by = offer().topics
    return sorted({one for clause in measure.clauses for one in topics_for(measure, clause, by)}, key=str)


def cases() -> Iterator[tuple[str, str]]:
    for id in offer().measures:
        yield from ((id, one.id) for one in every_topic(read(id)))


def begun(measure: Measure, topic_id: str) -> tuple[Start, Matter]:
    topic = next(one for one in every_topic(measure) if one.id == topic_id)
    start = Start((topic,), offer(), DAY)
    return start, Matter(measure, tuple(targets(measure, [topic], start.firm, offer().topics)))


@pytest.mark.parametrize(("id", "topic"), list(cases()))
def test_what_is_asked_could_matter_and_is_enough(id: str, topic: str) -> None:
    measure = read(id)
    start, matter = begun(measure, topic)
    for n in range(LIVES):
        dice = random.Random(f"{id} {topic} {n}")  # noqa: S311 -- a made-up visitor
        answers: dict[Ask, object] = {}
        while asked := next_questions(start, [matter], answers):  # type: ignore[arg-type]
            for one in asked if (id, topic) not in TOO_LARGE else ():
                assert oracle.could_matter(matter, start, answers, one.ask, dice), one  # type: ignore[arg-type]
            answers |= {one.ask: dice.choice(oracle.values(matter, one.ask, start)) for one in asked}
        assert_enough(matter, start, answers, dice)


def assert_enough(matter: Matter, start: Start, answers: dict, dice: random.Random) -> None:  # type: ignore[type-arg]
    """With what people judge made up, nothing is left open; and nothing that was not asked could change it."""
    judged = {(one.entity, one.name) for one in matter.measure.inputs}
    for _time in range(3):
        rest = oracle.blanks(matter, start, answers)
        own = {
            ask: dice.choice(oracle.values(matter, ask, start))
            for ask in rest
            if (ask.entity, ask.field) in judged
        }
        found = oracle.results(matter, start, {**answers, **own})
        assert all(standing != Standing.LACKS for standing, _fen in found), rest
        for _try in range(20):
            assert (
                oracle.results(matter, start, oracle.filled(matter, start, {**answers, **own}, dice)) == found
            )


def test_who_is_out_is_asked_no_more() -> None:
    """A network year of 2021 is no matter of the article; how many ports were built is not asked."""
    start, matter = begun(read("sz_infrastructure_2022"), "network_year")
    year = next(one.ask for one in next_questions(start, [matter], {}) if one.ask.field == "year")
    assert next_questions(start, [matter], {year: 2021}) == []
    assert next_questions(start, [matter], {year: 2022}) != []


def test_what_people_judge_is_not_asked() -> None:
    start, matter = begun(read("sz_5g_chain_2022"), "support_project.network_chip")
    asked = next_questions(start, [matter], {})
    assert [one.ask.field for one in asked] == ["class"]
    assert next_questions(start, [matter], {asked[0].ask: "general"}) == []


def test_of_rows_their_number_is_asked_first() -> None:
    start, matter = begun(read("sz_infrastructure_2022"), "organisation")
    first = next_questions(start, [matter], {})
    assert [(one.ask.entity, one.ask.counts) for one in first] == [("station", True)]
    assert next_questions(start, [matter], {first[0].ask: 0}) == []
    then = next_questions(start, [matter], {first[0].ask: 3})
    assert {one.ask.field for one in then} == {"setting", "accepted"}


def test_what_the_visitor_does_not_know_is_not_asked_again() -> None:
    start, matter = begun(read("sz_5g_chain_2022"), "support_project.network_chip")
    asked = next_questions(start, [matter], {})
    assert next_questions(start, [matter], {asked[0].ask: None}) == []


def fields() -> list[Field]:
    return [field for entity in vocabulary.vocabulary().entities.values() for field in entity.fields.values()]


def test_no_question_is_about_a_person() -> None:
    personal = {field.id for field in fields() if field.personal}
    for id, topic in cases():
        start, matter = begun(read(id), topic)
        assert not personal & {ask.field for ask in oracle.blanks(matter, start, {})}
