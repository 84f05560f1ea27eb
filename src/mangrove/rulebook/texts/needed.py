"""What a measure reads of its data: the files, and in each the columns that it uses or that must be there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mangrove.rulebook.language.typed import Above, Column, Gathered, Typed, Use
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.vocabulary.heads import named
from mangrove.vocabulary.model import Entity, Field, Relation
from mangrove.vocabulary.sheets import declared as columns_of

#: A kind of thing, and the id of a field or link of it.
Used = tuple[str, str]


@dataclass(frozen=True)
class Need:
    """One column. ``by`` is the role that judges it, empty for what the vocabulary declares."""

    of: Field | Relation
    by: str = ""

    @property
    def required(self) -> bool:
        """Otherwise it may be left empty, and is then not known."""
        return self.of.required


@dataclass(frozen=True)
class File:
    """The data of one kind of thing."""

    entity: Entity
    columns: tuple[Need, ...]


def needed(measure: Measure) -> list[File]:
    """In the order of the vocabulary: the key, what must be filled, what the measure uses."""
    entities = measure.vocabulary.entities
    found = {(entity, "") for entity in (one.entity for one in measure.clauses)} | set(used(measure))
    while True:
        links = {(entity, id) for entity, _id in found for id in always(entities[entity])}
        # What a link leads to must be there, or it leads to nothing.
        ends = {(entities[e].relations[id].to, "") for e, id in found | links if id in entities[e].relations}
        if links | ends <= found:
            break
        found |= links | ends
    return [
        File(entity, tuple(Need(one, judge(measure, id, one.id)) for one in ordered(entity, found)))
        for id, entity in entities.items()
        if (id, "") in found
    ]


def always(entity: Entity) -> Iterator[str]:
    """Ids of what every file of the kind must have, and nothing, which stands for the file itself."""
    yield ""
    yield from entity.key
    yield from (one.id for one in columns_of(entity) if one.required)


def ordered(entity: Entity, found: set[Used]) -> list[Field | Relation]:
    """The key first; then what must be filled; in each the order of the vocabulary."""
    own = [one for one in columns_of(entity) if (entity.id, one.id) in found]
    return sorted(own, key=lambda one: (one.id not in entity.key, not one.required))


def judge(measure: Measure, entity: str, id: str) -> str:
    return next((one.by for one in measure.inputs if (one.entity, one.name) == (entity, id)), "")


# --- what its formulas use ----------------------------------------------------------------------------------------------


def used(measure: Measure) -> Iterator[Used]:
    """What a person judges, what formulas name, and by what versions and quotas go."""
    yield from ((one.entity, one.name) for one in measure.inputs)
    for one in measure.definitions:
        yield from of_node(one.formula.meaning, one.entity, measure)
    for clause in measure.clauses:
        for _part, formula in clause.formulas():
            yield from of_node(formula.meaning, clause.entity, measure)
        yield from declared(clause.entity, (measure.version.decided_by,), measure)
    for quota in measure.quotas:
        names = (*quota.per, *(name for name, _falling in quota.order))
        yield from declared(measure.clause(quota.of).entity, names, measure)


def declared(entity: str, names: tuple[str, ...], measure: Measure) -> Iterator[Used]:
    """Those names that are a field or link of the kind; others are dates of the run or clauses."""
    for name in names:
        found = named(measure.vocabulary.entities[entity], name)
        if found is not None:
            yield entity, found.id


def of_node(node: Typed, entity: str, measure: Measure) -> Iterator[Used]:
    """Of a node and all below it, for a thing of this kind."""
    if isinstance(node, Column | Above):
        links = node.links if isinstance(node, Above) else node.steps
        yield from along(entity, links, measure)
    if isinstance(node, Gathered):
        entity = node.child
        yield entity, node.link
    for part in node.parts():
        yield from of_node(part, entity, measure)


def along(entity: str, steps: tuple[str, ...], measure: Measure) -> Iterator[Used]:
    for step in steps:
        yield entity, step
        relations = measure.vocabulary.entities[entity].relations
        entity = relations[step].to if step in relations else entity


# --- what one clause uses -----------------------------------------------------------------------------------------------


def read_by(measure: Measure, clause: Clause) -> set[Used]:
    """What this clause reads, by itself and by way of definitions and earlier clauses; its quotas and version too."""
    found = set(declared(clause.entity, (measure.version.decided_by,), measure))
    for quota in measure.quotas:
        if quota.of == clause.id:
            names = (*quota.per, *(name for name, _falling in quota.order))
            found |= set(declared(clause.entity, names, measure))
    for formula, entity in leading_to(measure, clause):
        found |= set(of_node(formula.meaning, entity, measure))
    return found


def leading_to(measure: Measure, clause: Clause) -> Iterator[tuple[Formula, str]]:
    """The formulas of the clause, and those of whatever they name, each once, with the kind of thing that they are about."""
    definitions = {one.name: one for one in measure.definitions}
    clauses = {one.id: one for one in measure.clauses}
    waiting, seen = [clause.id], {clause.id}
    while waiting:
        name = waiting.pop()
        one = clauses.get(name)
        if one is None and name not in definitions:
            continue  # a date of the run
        about = one.entity if one else definitions[name].entity
        written = [each for _part, each in one.formulas()] if one else [definitions[name].formula]
        for formula in written:
            yield formula, about
            named_in = {bare(node.name) for node in formula.meaning.walk() if isinstance(node, Use)}
            waiting += sorted(named_in - seen)
            seen |= named_in
        waiting += [member for member in (one.members if one else ()) if member not in seen]
        seen |= set(one.members if one else ())


def bare(name: str) -> str:
    """The clause of ``meets(clause)`` and ``settled(clause)``."""
    return name.partition("(")[2][:-1] if name.endswith(")") else name
