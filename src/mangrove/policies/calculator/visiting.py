"""One visit: who asks, about what, what is answered; and from that the next questions and the results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.policies.calculator.answers import Typed, read, typed
from mangrove.policies.calculator.asking import Matter, Question, next_questions, trying_of
from mangrove.policies.calculator.offer import Offered, offer, offered
from mangrove.policies.calculator.onward import Onward, onward, open_windows
from mangrove.policies.calculator.situation import Answers, Ask, Situation, Start, granted
from mangrove.policies.calculator.telling import (
    Said,
    Told,
    explaining_of,
    not_granted,
    saying,
    status_tag,
    told,
)
from mangrove.policies.calculator.topics import ORGANISATION, Target, Topic, targets, topics
from mangrove.policies.claims.workflow import APPLICANT
from mangrove.policies.measures.models import RuleText
from mangrove.registry.labels import said
from mangrove.registry.models import User
from mangrove.registry.records.facts import facts_of
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Thing
from mangrove.ui.languages import beside


@dataclass(frozen=True)
class Visit:
    """``choices`` are all topics on offer. ``answers`` are those of ``typed`` that can be read."""

    offered: tuple[Offered, ...]
    choices: tuple[Topic, ...]
    typed: Typed
    answers: Answers
    start: Start

    @property
    def matters(self) -> list[Matter]:
        every = [Matter(measure, tuple(self.targets_of(measure))) for _row, measure in self.offered]
        return [one for one in every if one.targets]

    def targets_of(self, measure: Any) -> list[Any]:
        """What the registry has of the firm stands in for the topic that one is only interested in."""
        found = targets(measure, self.start.topics, self.start.firm, self.start.offer.topics)
        return [Target(one.clause, place) for one in found for place in self.start.places(one.place)]

    def questions(self) -> list[Question]:
        return next_questions(self.start, self.matters, self.answers)


def visit(user: Any, query: QueryDict) -> Visit:
    day, found = timezone.localdate(), offer()
    measures = tuple(offered(day))
    choices = tuple(topics(measures, found.topics))
    said_ = typed(query, choices)
    firm, known = known_of(user, day)
    start = Start(said_.topics, found, day, firm, known)
    return Visit(measures, choices, said_, still_asked(start, read(said_, found.most_rows)), start)


def still_asked(start: Start, answers: Answers) -> Answers:
    """Whether one holds what the registry has is not up to the visitor."""
    return {
        ask: value
        for ask, value in answers.items()
        if not (ask.holds and (ask.entity, ask.key) in start.held)
    }


def known_of(user: Any, day: date) -> tuple[str, tuple[Thing, ...]]:
    """What the registry knows of the firm of who signed in as an applicant; of anybody else nothing."""
    if not (isinstance(user, User) and user.has_role(APPLICANT) and user.body is not None):
        return "firm", ()
    return user.body.id, tuple(facts_of(user.body.id, timezone.now()).things.values())


# --- results -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClauseResult:
    id: str
    told: Told
    onward: Onward


@dataclass(frozen=True)
class MeasureResult:
    """``row`` is its place in the library."""

    row: RuleText
    status: Any
    source: str
    clauses: tuple[ClauseResult, ...]


def results(one: Visit, user: Any) -> list[MeasureResult]:
    windows = open_windows(timezone.now())
    rows = {measure.id: row for row, measure in one.offered}
    return [
        MeasureResult(
            rows[matter.measure.id], status_tag(matter.measure), matter.measure.version.source,
            tuple(clauses_of(one, matter, windows, user)),
        )
        for matter in one.matters
    ]  # fmt: skip


def clauses_of(one: Visit, matter: Matter, windows: Any, user: Any) -> Iterator[ClauseResult]:
    found, trying = trying_of(one.start, matter, one.answers)
    explaining, say = explaining_of(trying), saying_of(one, matter.measure, found)
    denied = {place for place, said in granted(one.start, one.answers).items() if said is False}
    for target in matter.targets:
        thing, id = found.things[target.place], target.clause.id
        answer = told(target.clause, thing, explaining, say, thing_name(one.start, target.place))
        place = f"{matter.measure.id}-{id}-{one.matters.index(matter)}-{thing.key}".replace(".", "-")
        if target.place in denied:
            yield ClauseResult(
                place, not_granted(answer, say), Onward(None, _("这一条付给已获认定的单位；请先取得认定。"))
            )
        else:
            yield ClauseResult(place, answer, onward(matter.measure, id, windows, user, answer))


def saying_of(one: Visit, measure: Measure, found: Situation) -> Said:
    unsaid = frozenset(ask.entity for ask in found.open)
    waiting = frozenset((ask.entity, ask.key, ask.field) for ask in found.waiting)
    identity = frozenset(one.start.offer.identity)
    return replace(saying(measure), unsaid=unsaid, waiting=waiting, identity=identity)


def thing_name(start: Start, place: tuple[str, str]) -> str:
    """What the visitor calls it: the firm, or the direction that was chosen."""
    own = topic_at(start, place)
    if own is None:
        return said(vocabulary.entity(place[0]))
    several = len(start.places(own.place(start.firm))) > 1
    return beside(own.label(start.offer.topics), place[1] if several else "")


def topic_at(start: Start, place: tuple[str, str]) -> Topic | None:
    return next((one for one in start.topics if place in start.places(one.place(start.firm))), None)


def counted(found: Sequence[MeasureResult]) -> dict[str, int]:
    every = [one.told.standing.name for measure in found for one in measure.clauses]
    return {name: every.count(name) for name in ("MEETS", "LACKS", "FAILS")}


# --- what a question is about ------------------------------------------------------------------------------------------


def about(start: Start, ask: Ask) -> str:
    """The heading over questions about one thing."""
    entity = vocabulary.entity(ask.entity)
    own = topic_at(start, (ask.entity, ask.key))
    if own is not None and own.word:
        return beside(thing_name(start, (ask.entity, ask.key)), said(entity))
    if (ask.entity, ask.key) == (ORGANISATION, start.firm):
        return firm_name(start)
    return said(entity)


def firm_name(start: Start) -> str:
    known = next((one for one in start.known if (one.entity, one.key) == (ORGANISATION, start.firm)), None)
    return str(known.fields.get("name")) if known else said(vocabulary.entity(ORGANISATION))
