"""What one can be interested in: kinds of things, split by their directions; and the clauses that each brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.policies.calculator.offer import Offered
from mangrove.policies.measures.library import compiled
from mangrove.registry.labels import said
from mangrove.registry.records.facts import leads_to
from mangrove.rulebook.decide import Deciding, Standing
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.texts.needed import read_by

ORGANISATION = "organisation"
Place = tuple[str, str]


@dataclass(frozen=True)
class Topic:
    """A kind of thing, and of those with directions one word of them."""

    entity: str
    word: str = ""

    @property
    def id(self) -> str:
        return f"{self.entity}.{self.word}" if self.word else self.entity

    def place(self, firm: str) -> Place:
        """The thing that is asked about: the firm itself, or one of its own for each topic."""
        return (ORGANISATION, firm) if self.entity == ORGANISATION else (self.entity, self.id)

    def fields(self, by: Mapping[str, str]) -> dict[str, str]:
        return {by[self.entity]: self.word} if self.word else {}

    def label(self, by: Mapping[str, str]) -> str:
        if self.entity == ORGANISATION:
            return _("本单位")
        field = vocabulary.entity(self.entity).fields.get(by.get(self.entity, ""))
        if not self.word or field is None or field.enum is None:
            return said(vocabulary.entity(self.entity))
        return said(field.enum.words[self.word])


@dataclass(frozen=True)
class Target:
    """A clause to be answered for one thing."""

    clause: Clause
    place: Place


def topics(offered: Iterable[Offered], by: Mapping[str, str]) -> list[Topic]:
    """All that some clause is about, in the order of the vocabulary."""
    found = {
        one for row, _measure in offered for one in topics_of(row.sha256, row.text, tuple(sorted(by.items())))
    }
    return sorted(found, key=lambda one: place_in_vocabulary(one, by))


def place_in_vocabulary(one: Topic, by: Mapping[str, str]) -> tuple[int, int]:
    entities = list(vocabulary.vocabulary().entities)
    field = vocabulary.entity(one.entity).fields.get(by.get(one.entity, ""))
    words = list(field.enum.words) if field is not None and field.enum is not None else []
    return entities.index(one.entity), words.index(one.word) if one.word in words else -1


@lru_cache(maxsize=400)
def topics_of(sha256: str, text: str, by: tuple[tuple[str, str], ...]) -> frozenset[Topic]:
    measure = compiled(sha256, text)
    return frozenset(one for clause in measure.clauses for one in topics_for(measure, clause, dict(by)))


def topics_for(measure: Measure, clause: Clause, by: Mapping[str, str]) -> Iterator[Topic]:
    """Of a clause that asks for a direction, those that it does not rule out."""
    field = by.get(clause.entity)
    enum = measure.vocabulary.entities[clause.entity].fields[field].enum if field else None
    if field is None or enum is None:
        yield Topic(clause.entity)
    elif (clause.entity, field) in read_by(measure, clause):
        every = (Topic(clause.entity, word) for word in enum.words)
        yield from (one for one in every if not ruled_out(measure, clause, one, by))


def ruled_out(measure: Measure, clause: Clause, topic: Topic, by: Mapping[str, str]) -> bool:
    """Whether the direction alone, nothing else being known, keeps it out of the clause."""
    firm = Thing(ORGANISATION, "firm")
    about = measure.vocabulary.entities[topic.entity].about
    own = Thing(*topic.place("firm"), topic.fields(by), {about: "firm"} if about else {})
    things = [firm] if topic.entity == ORGANISATION else [firm, own]
    people = Population(things, leads_to(measure.vocabulary))
    return Deciding(measure, people).outcome(clause, things[-1]).standing == Standing.FAILS


def targets(measure: Measure, chosen: Sequence[Topic], firm: str, by: Mapping[str, str]) -> list[Target]:
    """The clauses of the measure that these topics bring, and the totals that take their money over."""
    own = [
        Target(clause, topic.place(firm))
        for topic in chosen
        for clause in measure.clauses
        if clause.entity == topic.entity and (not topic.word or not ruled_out(measure, clause, topic, by))
    ]
    listed = {one.clause.id for one in own}
    taking = [
        Target(one, (ORGANISATION, firm))
        for one in measure.clauses
        if one.entity == ORGANISATION and one.id not in listed and listed & set(one.members)
    ]
    return own + taking
