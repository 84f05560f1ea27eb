"""The same case with a datum changed: decided afresh by the interpreter, without touching the population.

What does not rest on the changed datum is carried over, so that a trial costs what it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mangrove.rulebook.decide import Deciding, Outcome, Run
from mangrove.rulebook.interpret import RULES, Interpreter, Value
from mangrove.rulebook.language import typed
from mangrove.rulebook.measures import Clause, Formula, Measure
from mangrove.rulebook.population import Population, Stored, Thing

#: (entity, field), or (entity, name) of a definition or clause.
Ground = tuple[str, str]
Place = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One datum, from what is stored to what would have to be; ``was`` is ``None`` where it is not known.

    With ``name`` it is a definition that changes, in base units: no one field makes it.
    """

    thing: Thing = field(compare=False, repr=False)
    place: Place
    field: str
    was: Stored | Value
    to: Stored | Value
    name: str = ""

    @property
    def ground(self) -> Ground:
        return self.place[0], self.field or self.name


def change(thing: Thing, at: str, to: Stored | Value) -> Change:
    """A field of the thing becomes ``to``."""
    return Change(thing, (thing.entity, thing.key), at, thing.fields.get(at), to)


class Overlaid(Population):
    """A population in which a few things are other than they are."""

    def __init__(self, base: Population, instead: Mapping[Place, Thing]) -> None:
        self.base, self.instead = base, instead
        self.leads_to = base.leads_to
        self.were: dict[Place, Thing] = {}

    def now(self, thing: Thing) -> Thing:
        found = self.instead.get((thing.entity, thing.key))
        if found is None:
            return thing
        if found is not thing:
            self.were[thing.entity, thing.key] = thing
        return found

    def before(self, thing: Thing) -> Thing:
        return self.were.get((thing.entity, thing.key), thing)

    def linked(self, thing: Thing, link: str) -> Thing | None:
        found = self.base.linked(thing, link)
        return None if found is None else self.now(found)

    def children(self, thing: Thing, child: str, link: str) -> list[Thing]:
        return [self.now(one) for one in self.base.children(thing, child, link)]


@dataclass
class Grounds:
    """On which fields and names an expression rests, whatever the data; found once for each node."""

    measure: Measure
    #: The nodes are kept with what was found, so that their ids stay theirs.
    found: dict[tuple[int, str], tuple[typed.Typed, frozenset[Ground]]] = field(default_factory=dict)
    named: dict[Ground, frozenset[Ground]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.definitions = {(one.entity, one.name): one for one in self.measure.definitions}
        self.clauses = {one.id: one for one in self.measure.clauses}
        self.entities = self.measure.vocabulary.entities

    def of(self, node: typed.Typed, entity: str) -> frozenset[Ground]:
        if (id(node), entity) not in self.found:
            self.found[id(node), entity] = node, frozenset(self.gather(node, entity))
        return self.found[id(node), entity][1]

    def gather(self, node: typed.Typed, entity: str) -> Iterable[Ground]:
        if isinstance(node, typed.Column):
            yield self.end(entity, node.steps[:-1]), node.steps[-1]
        elif isinstance(node, typed.Use):
            yield from self.of_name(entity, node.name)
        elif isinstance(node, typed.Above):
            yield from self.of_name(self.end(entity, node.links), node.of.name)
        else:
            inner = node.child if isinstance(node, typed.Gathered) else entity
            for part in node.parts():
                yield from self.of(part, inner)

    def end(self, entity: str, links: Iterable[str]) -> str:
        for link in links:
            entity = self.entities[entity].relations[link].to
        return entity

    def of_name(self, entity: str, name: str) -> frozenset[Ground]:
        if (entity, name) not in self.named:
            formulas = self.formulas(entity, name)
            under = (ground for one in formulas for ground in self.of(one.meaning, entity))
            self.named[entity, name] = frozenset([(entity, name), *under])
        return self.named[entity, name]

    def formulas(self, entity: str, name: str) -> list[Formula]:
        definition = self.definitions.get((entity, name))
        if definition:
            return [definition.formula]
        clause = self.clauses.get(clause_in(name))
        return [formula for _part, formula in clause.formulas()] if clause else []


def clause_in(name: str) -> str:
    """``station`` of ``station``, ``meets(station)`` and ``settled(station)``."""
    return name.partition("(")[2][:-1] if "(" in name else name


class Trying(Deciding):
    """A :class:`Deciding` that remembers aggregates too, and of which a trial can be made.

    A trial asks the one it was made of for whatever does not rest on what was ``touched``.
    """

    def __init__(
        self,
        measure: Measure,
        population: Population,
        run: Run,
        of: Trying | None = None,
        grounds: Grounds | None = None,
    ) -> None:
        self.measure, self.population, self.run = measure, population, run
        self.known, self.outcomes = {}, {}
        self.gathered: dict[tuple[str, str, int], Value] = {}
        self.base, self.touched = of, set[Ground]()
        if of is None:
            self.__post_init__()
            self.grounds = grounds or Grounds(measure)
        else:
            self.named_of_run, self.definitions, self.clauses = of.named_of_run, of.definitions, of.clauses
            self.grounds = of.grounds

    def value(self, formula: Formula, thing: Thing) -> Value:
        return self.of(formula.meaning, thing)

    def of(self, node: typed.Typed, thing: Thing) -> Value:
        return Recalling(self, thing).value(node)

    def with_changes(self, changes: Iterable[Change]) -> Trying:
        """Decided afresh with these data. Names that are changed come to what the change says."""
        changed = list(changes)
        instead: dict[Place, Thing] = {}
        for one in changed:
            if one.field:
                now = instead.get(one.place, one.thing)
                instead[one.place] = replace(now, fields={**now.fields, one.field: one.to})  # type: ignore[dict-item]
        trial = Trying(self.measure, Overlaid(self.population, instead), self.run, self)
        trial.touched = {one.ground for one in changed}
        trial.known = {(*one.place, one.name): one.to for one in changed if one.name}  # type: ignore[misc]
        return trial

    def named(self, thing: Thing, name: str) -> Value:
        place = thing.entity, thing.key, name
        if self.base is None or place in self.known or name in self.named_of_run:
            return super().named(thing, name)
        if self.grounds.of_name(thing.entity, name).isdisjoint(self.touched):
            return self.base.named(self.before(thing), name)
        return super().named(thing, name)

    def outcome(self, clause: Clause, thing: Thing) -> Outcome:
        if self.base is None or not self.grounds.of_name(clause.entity, clause.id).isdisjoint(self.touched):
            return super().outcome(clause, thing)
        return self.base.outcome(clause, self.before(thing))

    def before(self, thing: Thing) -> Thing:
        """The thing as it was before this trial."""
        assert isinstance(self.population, Overlaid)
        return self.population.before(thing)

    def now(self, thing: Thing) -> Thing:
        """The thing as this trial has it."""
        return self.population.now(thing) if isinstance(self.population, Overlaid) else thing

    def rows_of(self, node: typed.Gathered, thing: Thing) -> Value:
        """What an aggregate comes to, made once."""
        key = thing.entity, thing.key, id(node)
        if key not in self.gathered:
            grounds = self.grounds.of(node, thing.entity)
            if self.base is not None and grounds.isdisjoint(self.touched):
                return self.base.rows_of(node, self.before(thing))
            self.gathered[key] = Interpreter(self.population, thing, self.named).value(node)
        return self.gathered[key]


class Recalling(Interpreter):
    """Aggregates over the same rows are made once."""

    def __init__(self, deciding: Trying, thing: Thing) -> None:
        super().__init__(deciding.population, thing, deciding.named)
        self.deciding = deciding

    def value(self, node: typed.Typed) -> Value:
        if isinstance(node, typed.Gathered):
            return self.deciding.rows_of(node, self.thing)
        return RULES[type(node)](self, node)
