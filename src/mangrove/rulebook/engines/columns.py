"""A population as columns: int64 at declared scales, true unknowns, children in order of their parents.

Words are their place in the list, days their ordinal, truths 0 and 1, texts a number in one dictionary for all tables.
Comes from Arrow tables (:func:`from_arrow`) or from a plain :class:`~mangrove.rulebook.population.Population`.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.vocabulary.model import Entity, Field, Vocabulary

Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """``known`` is ``None`` where every value is; what stands where it is not known means nothing."""

    values: npt.NDArray[Any]
    known: Truths | None = None

    @cached_property
    def range(self) -> tuple[int, int]:
        """The least and the greatest known value; nothing known is (0, 0)."""
        found = self.values if self.known is None else self.values[self.known]
        return (int(found.min()), int(found.max())) if len(found) else (0, 0)


@dataclass(frozen=True)
class Family:
    """Children in the order of their parents: those of parent ``p`` are ``order[starts[p]:starts[p + 1]]``.

    ``order`` is ``None`` where the children stand in that order already; those without a known parent come first, before
    ``starts[0]``.
    """

    starts: Ints
    order: Ints | None
    parents: Ints

    @cached_property
    def largest(self) -> int:
        return int(np.diff(self.starts).max(initial=0))


class Texts(dict[str, int]):
    """The number of each text, the same in all tables. Columns of texts may be made late, so one that a rule asks for
    gets its number when it is asked for.
    """

    def code(self, text: str) -> int:
        return self.setdefault(text, len(self))

    def get(self, text: str, _default: object = None) -> int:
        return self.code(text)


class Columns(UserDict[str, Column]):
    """Columns by field, some of them made when they are first looked at: texts of a million rows are seldom asked for."""

    def __init__(self) -> None:
        self.later: dict[str, Callable[[], Column]] = {}
        super().__init__()

    def promise(self, name: str, make: Callable[[], Column]) -> None:
        self.later[name] = make
        self.data[name] = NOT_MADE

    def __getitem__(self, name: str) -> Column:
        if name in self.later:
            self.data[name] = self.later.pop(name)()
        return self.data[name]


NOT_MADE = Column(np.zeros(0, np.int64))


@dataclass
class Table:
    """``keys`` name the rows. ``links`` lead to rows of other tables; -1 is not known."""

    entity: str
    keys: npt.NDArray[Any]
    columns: MutableMapping[str, Column] = field(default_factory=Columns)
    links: dict[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {str(key): row for row, key in enumerate(self.keys)}


class Snapshot:
    """Tables of a vocabulary. A table or column that did not come is unknown throughout."""

    def __init__(
        self, tables: Iterable[Table], vocabulary: Vocabulary, texts: dict[str, int] | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self.texts = Texts(texts or {}) if not isinstance(texts, Texts) else texts
        self.tables = {table.entity: table for table in tables}
        for entity in vocabulary.entities:
            self.tables.setdefault(entity, Table(entity, np.array([], dtype=object)))
        self.families: dict[tuple[str, str], Family] = {}
        self.narrowed: dict[tuple[str, str], Column] = {}
        self.by_number: list[str] = []

    def column(self, entity: str, name: str) -> Column:
        """The column as engines read it: what is never reckoned with takes no more bytes than it needs."""
        if (entity, name) not in self.narrowed:
            table = self.tables[entity]
            if name not in table.columns:
                rows = len(table)
                table.columns[name] = Column(np.zeros(rows, np.int64), np.zeros(rows, bool))
            field = self.vocabulary.entities[entity].fields[name]
            self.narrowed[entity, name] = narrow(field, table.columns[name])
        return self.narrowed[entity, name]

    def link(self, entity: str, name: str) -> Ints:
        table = self.tables[entity]
        return table.links.setdefault(name, np.full(len(table), -1, np.int64))

    def family(self, child: str, link: str) -> Family:
        """The children of each row that ``link`` leads to; found once."""
        if (child, link) not in self.families:
            to = self.vocabulary.entities[child].relations[link].to
            self.families[child, link] = family(self.link(child, link), len(self.tables[to]))
        return self.families[child, link]


def narrow(field: Field, column: Column) -> Column:
    kind = NARROW.get(field.type)
    if kind is None or (field.enum and len(field.enum.words) > np.iinfo(np.int8).max):
        return column
    return Column(column.values.astype(kind, copy=False), column.known)


#: Truths, words by their place in the list, days by their ordinal.
NARROW: dict[str, type[np.generic]] = {"boolean": np.bool_, "enum": np.int8, "date": np.int32}


def family(parents: Ints, count: int) -> Family:
    in_order = bool((parents[:-1] <= parents[1:]).all()) if len(parents) else True
    order = None if in_order else np.argsort(parents, kind="stable").astype(np.int64)
    sizes = np.bincount(parents[parents >= 0], minlength=count) if len(parents) else np.zeros(count, np.int64)
    without = int((parents < 0).sum())
    starts = np.concatenate([[without], without + np.cumsum(sizes)]).astype(np.int64)
    return Family(starts, order, parents)


# --- from things ---------------------------------------------------------------------------------------------------


def code(field: Field, value: Stored, texts: dict[str, int]) -> int:
    """A stored value as the integer of a column."""
    if field.enum:
        return list(field.enum.words).index(str(value))
    if isinstance(value, str):
        return texts.setdefault(value, len(texts))
    return value.toordinal() if isinstance(value, date) else int(value or 0)


def from_population(population: Population, vocabulary: Vocabulary) -> Snapshot:
    """The rows of each table in the order of their keys."""
    by_entity: dict[str, list[Thing]] = {entity: [] for entity in vocabulary.entities}
    for thing in sorted(population.things.values(), key=lambda one: one.key):
        by_entity[thing.entity].append(thing)
    texts = Texts()
    rows = {(one.entity, one.key): n for things in by_entity.values() for n, one in enumerate(things)}
    tables = [
        table_of(vocabulary.entities[entity], things, texts, rows)
        for entity, things in by_entity.items()
        if things
    ]
    return Snapshot(tables, vocabulary, texts)


def table_of(
    entity: Entity, things: list[Thing], texts: dict[str, int], rows: Mapping[tuple[str, str], int]
) -> Table:
    table = Table(entity.id, np.array([one.key for one in things], dtype=object))
    for name, one in entity.fields.items():
        stored = [thing.fields.get(name) for thing in things]
        values = np.array(
            [0 if value is None else code(one, value, texts) for value in stored], dtype=np.int64
        )
        known = np.array([value is not None for value in stored])
        table.columns[name] = Column(values, None if known.all() else known)
    for name, link in entity.relations.items():
        ends = [thing.links.get(name) for thing in things]
        table.links[name] = np.array(
            [-1 if key is None else rows[link.to, key] for key in ends], dtype=np.int64
        )
    return table


# --- back to things, for the rows that the interpreter answers ------------------------------------------------------


class ColumnPopulation(Population):
    """The rows of a snapshot as things, made when they are asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        links = (
            (entity.id, link)
            for entity in snapshot.vocabulary.entities.values()
            for link in entity.relations.values()
        )
        self.leads_to = {(entity, link.id): link.to for entity, link in links}
        self.words = {
            (entity.id, name): decoder(one, snapshot)
            for entity in snapshot.vocabulary.entities.values()
            for name, one in entity.fields.items()
        }
        self.made: dict[tuple[str, int], Thing] = {}

    def thing(self, entity: str, row: int) -> Thing:
        if (entity, row) not in self.made:
            table = self.snapshot.tables[entity]
            fields = {name: self.stored(entity, name, column, row) for name, column in table.columns.items()}
            links = {
                name: str(self.snapshot.tables[self.leads_to[entity, name]].keys[ends[row]])
                for name, ends in table.links.items()
                if ends[row] >= 0
            }
            self.made[entity, row] = Thing(entity, str(table.keys[row]), fields, links)
        return self.made[entity, row]

    def stored(self, entity: str, name: str, column: Column, row: int) -> Stored:
        if column.known is not None and not column.known[row]:
            return None
        return self.words[entity, name](int(column.values[row]))

    def named(self, entity: str, key: str) -> Thing | None:
        row = self.snapshot.tables[entity].row_of.get(key)
        return None if row is None else self.thing(entity, row)

    def linked(self, thing: Thing, link: str) -> Thing | None:
        key = thing.links.get(link)
        return None if key is None else self.named(self.leads_to[thing.entity, link], key)

    def children(self, thing: Thing, child: str, link: str) -> list[Thing]:
        row = self.snapshot.tables[thing.entity].row_of[thing.key]
        found = self.snapshot.family(child, link)
        places = range(int(found.starts[row]), int(found.starts[row + 1]))
        rows = places if found.order is None else found.order[places.start : places.stop]
        return [self.thing(child, int(one)) for one in rows]


def decoder(field: Field, snapshot: Snapshot) -> Callable[[int], Stored]:
    """From the integer of a column to the stored value."""
    if field.enum:
        words = list(field.enum.words)
        return lambda value: words[value]
    if field.type == "text":
        return lambda value: texts_of(snapshot)[value]
    if field.type == "date":
        return date.fromordinal
    return bool if field.type == "boolean" else int


def texts_of(snapshot: Snapshot) -> list[str]:
    """The texts by number; made again only when there are more."""
    if len(snapshot.by_number) < len(snapshot.texts):
        snapshot.by_number = list(snapshot.texts)
    return snapshot.by_number
