"""The visitor's case as a population: the firm, one thing for each topic, and the rows that the clauses gather.

Nothing of it is kept: it is built anew from the answers each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from mangrove import vocabulary
from mangrove.policies.calculator.offer import Offer
from mangrove.policies.calculator.topics import ORGANISATION, Place, Target, Topic
from mangrove.rulebook.language.typed import Gathered, Typed
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Stored, Thing
from mangrove.rulebook.texts.needed import leading_to

#: Whether it has been granted, as if it were a field of the thing.
HELD = "held"
#: Rows of a kind that are gathered for a thing: the kind, the link, the kind of the thing.
Gathering = tuple[str, str, str]


@dataclass(frozen=True)
class Ask:
    """One datum that can be asked: a field of a thing; with no field, how many such things there are."""

    entity: str
    key: str
    field: str

    @property
    def counts(self) -> bool:
        return not self.field

    @property
    def holds(self) -> bool:
        """Whether one has been granted the thing at all."""
        return self.field == HELD


#: ``None``: the visitor does not know.
Answers = Mapping[Ask, Stored]


@dataclass(frozen=True)
class Start:
    """What is so before anything is answered. ``known``: what the registry has of a firm that signed in."""

    topics: tuple[Topic, ...]
    offer: Offer
    day: date
    firm: str = "firm"
    known: tuple[Thing, ...] = ()

    @cached_property
    def held(self) -> Mapping[Place, tuple[Place, ...]]:
        """By the place of a topic that pays only who has been granted it, those that the registry says the firm has."""
        granted = [one for one in self.topics if one.entity in self.offer.granted]
        found = {one.place(self.firm): tuple(self.recorded(one)) for one in granted}
        return {place: things for place, things in found.items() if things}

    def recorded(self, topic: Topic) -> Iterator[Place]:
        own, words = owned(topic.entity, self.firm).items(), topic.fields(self.offer.topics).items()
        for one in self.known:
            if one.entity == topic.entity and own <= one.links.items() and words <= one.fields.items():
                yield one.entity, one.key

    def places(self, place: Place) -> tuple[Place, ...]:
        """Of a topic's place: what the registry has of the firm, else the place itself, to be asked about."""
        return self.held.get(place, (place,))


@dataclass(frozen=True)
class Situation:
    """``rows`` are made up for what is gathered, each with the ask for its number; ``open``: numbers not answered yet.

    ``waiting``: what says of which kind a thing is, where nobody has said yet that one was granted it; asked as that.
    ``own`` are the firm and the things of the topics; other things are the registry's, and are taken as they are.
    """

    things: Mapping[Place, Thing]
    own: frozenset[Place]
    rows: Mapping[Place, Ask]
    open: frozenset[Ask]
    waiting: frozenset[Ask] = frozenset()

    def may_ask(self, entity: str, key: str) -> bool:
        return (entity, key) in self.rows or (entity, key) in self.own

    def asked_as(self, entity: str, key: str, field: str) -> Ask:
        """Rows that are alike are asked about together."""
        row = self.rows.get((entity, key))
        if Ask(entity, key, field) in self.waiting:
            return Ask(entity, key, HELD)
        return Ask(entity, row.key if row else key, field)


def situation(start: Start, measure: Measure, targets: Sequence[Target], answers: Answers) -> Situation:
    things = answered(own_things(start, answers), answers)
    parents = [things[place] for place in asked_about(start)]
    wanted = sorted({one for target in targets for one in gathered_by(measure, target)})
    asks = [
        (number_of(child, link, parent), link, parent)
        for child, link, above in wanted
        for parent in parents
        if parent.entity == above and not has(things, child, link, parent)
    ]
    rows: dict[Place, Ask] = {}
    for ask, link, parent in asks:
        for one in rows_like(start, ask, link, parent, answers):
            things[one.entity, one.key], rows[one.entity, one.key] = one, ask
    unanswered = frozenset(ask for ask, _link, _parent in asks if answers.get(ask) is None)
    own = frozenset(asked_about(start)) - {
        place for place, said in granted(start, answers).items() if said is False
    }
    return Situation(things, own, rows, unanswered, waiting(start, answers))


def granted(start: Start, answers: Answers) -> dict[Place, Stored]:
    """Of the topics that pay only who has been granted the thing, whether the visitor says to have been; not of what is recorded."""
    places = (one.place(start.firm) for one in start.topics if one.entity in start.offer.granted)
    return {place: answers.get(Ask(*place, HELD)) for place in places if place not in start.held}


def waiting(start: Start, answers: Answers) -> frozenset[Ask]:
    not_yet = [place for place, said in granted(start, answers).items() if said is not True]
    return frozenset(Ask(*place, start.offer.topics.get(place[0], "")) for place in not_yet)


def asked_about(start: Start) -> list[Place]:
    """The firm, and the thing of each topic; what else the registry knows is taken as it is."""
    own = [place for one in start.topics for place in start.places(one.place(start.firm))]
    return list(dict.fromkeys([(ORGANISATION, start.firm), *own]))


def own_things(start: Start, answers: Answers) -> dict[Place, Thing]:
    things = {(one.entity, one.key): one for one in start.known}
    things.setdefault((ORGANISATION, start.firm), Thing(ORGANISATION, start.firm))
    for topic in start.topics:
        if topic.entity != ORGANISATION and topic.place(start.firm) not in start.held:
            one = thing_of(topic, start, answers)
            things[one.entity, one.key] = one
    return things


def thing_of(topic: Topic, start: Start, answers: Answers) -> Thing:
    """Being interested in a title is not having it: of which kind it is holds once somebody says that it was granted."""
    entity = vocabulary.entity(topic.entity)
    fields: dict[str, Stored] = {id: start.day for id in start.offer.today if id in entity.fields}
    if granted(start, answers).get(topic.place(start.firm), True) is True:
        fields |= topic.fields(start.offer.topics)
    return Thing(*topic.place(start.firm), fields, owned(topic.entity, start.firm))


def owned(entity: str, firm: str) -> dict[str, str]:
    about = vocabulary.entity(entity).about
    return {about: firm} if about else {}


def answered(things: dict[Place, Thing], answers: Answers) -> dict[Place, Thing]:
    for ask, value in answers.items():
        one = things.get((ask.entity, ask.key))
        if one is not None and not ask.counts and not ask.holds:
            things[ask.entity, ask.key] = replace(one, fields={**one.fields, ask.field: value})
    return things


# --- rows that a clause gathers -----------------------------------------------------------------------------------------


def gathered_by(measure: Measure, target: Target) -> Iterator[Gathering]:
    for formula, entity in leading_to(measure, target.clause):
        yield from gatherings(formula.meaning, entity)


def gatherings(node: Typed, entity: str) -> Iterator[Gathering]:
    if isinstance(node, Gathered):
        yield node.child, node.link, entity
        entity = node.child
    for part in node.parts():
        yield from gatherings(part, entity)


def number_of(child: str, link: str, parent: Thing) -> Ask:
    return Ask(child, f"{link}.{parent.key}", "")


def has(things: Mapping[Place, Thing], child: str, link: str, parent: Thing) -> bool:
    """Whether it is known already which rows there are."""
    return any(one.entity == child and one.links.get(link) == parent.key for one in things.values())


def rows_like(start: Start, ask: Ask, link: str, parent: Thing, answers: Answers) -> Iterator[Thing]:
    """As many as there are, all alike; one while that is not known."""
    fields = {
        one.field: value
        for one, value in answers.items()
        if (one.entity, one.key) == (ask.entity, ask.key) and not one.counts
    }
    count = answers.get(ask, 1)
    count = 1 if count is None else count
    assert isinstance(count, int)
    links = {**owned(ask.entity, start.firm), link: parent.key}
    for n in range(1, count + 1):
        yield Thing(ask.entity, f"{ask.key}#{n}", fields, links)
