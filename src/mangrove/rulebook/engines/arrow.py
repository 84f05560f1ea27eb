"""Populations as they come in bulk: Arrow tables and all that speaks Arrow (Polars, DuckDB, pandas), Parquet, CSV.

Keys and links are resolved here, once: a key given twice, a link to nothing, a column that nobody declared are refused with
the first rows that have them. Tables that did not come, and in Arrow and Parquet columns too, are unknown throughout.
A CSV is read as :func:`mangrove.rulebook.texts.tables.read_population` reads it, required columns and all, only faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mangrove.rulebook.engines.arrowvalues import (
    LARGE,
    NAMED,
    LineOf,
    Source,
    column_of,
    from_line,
    is_text,
    plain,
    trimmed,
    typed,
    written,
)
from mangrove.rulebook.engines.columns import Column, Ints, Snapshot, Table, Texts
from mangrove.rulebook.engines.csvtable import csv_line, read_csv, unreadable
from mangrove.rulebook.problems import Place, Problem, Problems, shortened, unknown
from mangrove.rulebook.texts.tables import data_files
from mangrove.vocabulary.heads import Head, UnfitUnit, head_of, named, parted
from mangrove.vocabulary.model import Entity, Field, Relation, Vocabulary, find, known_names

ENTITY, COLUMN = ("对象", "thing"), ("字段或关联", "field or link")
Reader = Callable[[Field, Any, Source], Column]


def from_arrow(data: Mapping[str, Any], vocabulary: Vocabulary) -> Snapshot:
    """From tables by entity (id or Chinese name): a ``pyarrow.Table``, a ``RecordBatchReader``, or whatever has
    ``__arrow_c_stream__``. Integers are at the declared scale, decimals in the field's unit. Raises :class:`Problems`.
    """
    assembly = Assembly(vocabulary, typed)
    for name, given in data.items():
        entity = find(vocabulary.entities, name)
        if entity is None:
            known = known_names(vocabulary.entities.values())
            assembly.problems.append(unknown(Place(name, 1, 1), ENTITY, name, known))
        else:
            assembly.add(entity, as_table(given), entity.id, from_line(1))
    return assembly.snapshot()


def from_parquet(folder: Path, vocabulary: Vocabulary) -> Snapshot:
    """From ``<entity>.parquet`` files, each as :func:`from_arrow` takes it. Raises :class:`Problems`."""
    assembly = Assembly(vocabulary, typed)
    for entity, path in assembly.files(folder, ".parquet"):
        try:
            assembly.add(entity, pq.read_table(path), path.name, from_line(1))
        except (pa.ArrowException, OSError) as error:
            assembly.problems.append(unreadable(path.name, error))
            assembly.lost.add(entity.id)
    return assembly.snapshot()


def from_csv(folder: Path, vocabulary: Vocabulary) -> Snapshot:
    """From ``<entity>.csv`` files as people write them. Raises :class:`Problems`."""
    assembly = Assembly(vocabulary, written)
    for entity, path in assembly.files(folder, ".csv"):
        table = assembly.telling(read_csv, path)
        if table is None:
            assembly.lost.add(entity.id)
        else:
            assembly.add(entity, table, path.name, csv_line(path), strict=True)
    return assembly.snapshot()


def as_table(given: Any) -> Any:
    if isinstance(given, pa.RecordBatchReader):
        return given.read_all()
    return pa.table(given)


# --- tables of one vocabulary -------------------------------------------------------------------------------------------


@dataclass
class Part:
    """One table on its way: its columns by id, its keys as texts. ``strict``: as people write it, required columns filled."""

    entity: Entity
    file: str
    line_of: LineOf
    table: Table
    strict: bool = False
    arrays: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    keys: Any = None


@dataclass
class Assembly:
    vocabulary: Vocabulary
    reader: Reader
    problems: list[Problem] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    #: Kinds of things whose file does not read: what leads to them is not told to lead to nothing.
    lost: set[str] = field(default_factory=set)
    texts: Texts = field(default_factory=Texts)

    def telling(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """The result, or ``None`` after keeping what is wrong."""
        try:
            return act(*arguments)
        except Problem as problem:
            self.problems.append(problem)
        except Problems as problems:
            self.problems += problems.problems
        return None

    def files(self, folder: Path, suffix: str) -> list[tuple[Entity, Path]]:
        found, problems = data_files(folder, self.vocabulary, suffix)
        self.problems += problems
        return found

    def add(self, entity: Entity, table: Any, file: str, line_of: LineOf, *, strict: bool = False) -> None:
        """``strict``: required columns must be there and filled."""
        part = Part(entity, file, line_of, Table(entity.id, np.array([], dtype=object)), strict)
        for number, (name, array) in enumerate(zip(table.column_names, table.columns, strict=True), start=1):
            self.telling(self.place, part, name, number, array)
        if strict and not any(one.place.file == file for one in self.problems):
            self.require(part)
        for id in part.arrays:
            if id in entity.fields:
                self.telling(self.column, part, entity.fields[id])
        self.telling(self.key, part)
        self.parts[entity.id] = part

    def place(self, part: Part, name: str, number: int, array: Any) -> None:
        """Find what a column is: a link or else a field."""
        entity, place = part.entity, Place(part.file, 1, number)
        head = self.head(part, name, place)
        found = head.of
        if found.id in part.arrays:
            zh, en = f"“{name}”有两列。", f"There are two columns “{name}”."
            raise Problem("column_twice", place, zh, en)
        part.numbers[found.id], part.heads[found.id] = number, head
        is_late = found.id in entity.fields and entity.fields[found.id].type == "text"
        is_late = is_late and found.id not in entity.key and is_text(array)
        part.arrays[found.id], part.names[found.id] = array if is_late else plain(array), name

    def head(self, part: Part, name: str, place: Place) -> Head:
        """Only people write a unit behind the name; elsewhere the type says how a number is kept."""
        entity = part.entity
        try:
            found = named(entity, name)
            plain = Head(found) if found else None
            head = head_of(entity, name) if part.strict else plain
        except UnfitUnit as error:
            raise Problem("unfit_unit", place, error.zh, error.en) from error
        if head is None:
            known = [*known_names(entity.relations.values()), *known_names(entity.fields.values())]
            raise unknown(place, COLUMN, parted(name)[0] if part.strict else name, known)
        return head

    def require(self, part: Part) -> None:
        declared: list[Field | Relation] = [*part.entity.fields.values(), *part.entity.relations.values()]
        needed = [one for one in declared if one.required]
        if missing := [one for one in needed if one.id not in part.arrays]:
            zh = f"缺列“{'”“'.join(one.zh for one in missing)}”。"
            en = f"Missing columns: {', '.join(one.id for one in missing)}."
            self.problems.append(Problem("missing_column", Place(part.file, 1, 1), zh, en))
        for one in needed:
            array = part.arrays.get(one.id)
            if array is not None and array.null_count:
                rows = np.flatnonzero(~np.asarray(array.is_valid()))
                zh = f"“{one.zh}”不能为空（共 {len(rows)} 行）。"
                en = f"“{one.en}” must be filled in ({len(rows)} rows in all)."
                self.problems.append(self.source(part, one.id).problem("empty", rows, zh, en))

    def source(self, part: Part, id: str) -> Source:
        name, number = part.names.get(id, id), part.numbers.get(id, 1)
        return Source(part.file, name, part.line_of, self.texts, number, part.heads.get(id))

    def column(self, part: Part, one: Field) -> None:
        array, source = part.arrays[one.id], self.source(part, one.id)
        if one.type == "text" and (is_text(array) or pa.types.is_integer(array.type)):
            part.table.columns.promise(one.id, lambda: self.reader(one, plain(array), source))  # type: ignore[attr-defined]
        elif one.type != "text" or one.id not in part.entity.key:  # of a key it is told there
            part.table.columns[one.id] = self.reader(one, array, source)

    # --- keys and links --------------------------------------------------------------------------------------------

    def key(self, part: Part) -> None:
        entity = part.entity
        if missing := [one for one in entity.key if one not in part.arrays]:
            zh, en = f"缺主键列“{'、'.join(missing)}”。", f"The key column is missing: {', '.join(missing)}."
            raise Problem("no_key", Place(part.file, 1, 1), zh, en)
        texts = [self.key_part(part, one) for one in entity.key]
        keys = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, pa.scalar("/", LARGE))
        source = self.source(part, entity.key[0])
        if keys.null_count:
            rows = np.flatnonzero(~np.asarray(keys.is_valid()))
            raise source.problem("no_key", rows, "主键是空的。", "The key is empty.")
        part.keys = keys
        part.table.keys = keys.to_numpy(zero_copy_only=False)
        self.refuse_repeated(keys, source)

    def refuse_repeated(self, keys: Any, source: Source) -> None:
        found = keys.dictionary_encode()
        if len(found.dictionary) == len(keys):
            return
        places = np.asarray(found.indices)
        again = np.ones(len(keys), bool)
        again[np.unique(places, return_index=True)[1]] = False
        rows = np.flatnonzero(again)
        said = keys.take(pa.array(rows[:NAMED])).to_pylist()
        zh = f"主键与前面的行相同：{'、'.join(said)}（共 {len(rows)} 行）。"
        en = f"The key is that of an earlier row: {', '.join(said)} ({len(rows)} rows in all)."
        raise source.problem("duplicate_key", rows, zh, en)

    def key_part(self, part: Part, id: str) -> Any:
        """A part of the key as text: as it is stored, of a link the key that it leads to."""
        one = part.entity.fields.get(id)
        array = part.arrays[id]
        if one is None or one.type == "text":
            return self.as_key(part, id, array)
        column = part.table.columns.get(id)
        if column is None:  # told already
            raise Problem(
                "no_key",
                Place(part.file, 1, 1),
                f"主键列“{id}”读不出。",
                f"The key column {id} does not read.",
            )
        said = pa.array([stored_text(one, int(value)) for value in np.unique(column.values)], LARGE)
        places = np.searchsorted(np.unique(column.values), column.values)
        return pc.if_else(
            pa.array(np.ones(len(array), bool) if column.known is None else column.known),
            said.take(pa.array(places)),
            None,
        )

    def as_key(self, part: Part, id: str, array: Any) -> Any:
        if is_text(array):
            return trimmed(array)
        if pa.types.is_integer(array.type) or pa.types.is_null(array.type):
            return array.cast(LARGE)
        zh, en = (
            f"类型是 {array.type}，标识应为文字或整数。",
            f"The type is {array.type}; keys are text or integers.",
        )
        raise self.source(part, id).problem("wrong_type", (), zh, en)

    def links(self, part: Part) -> Iterator[tuple[str, Ints]]:
        for link in part.entity.relations.values():
            if link.id in part.arrays:
                found = self.telling(self.link, part, link)
                if found is not None:
                    yield link.id, found

    def link(self, part: Part, link: Relation) -> Ints:
        ends = self.as_key(part, link.id, part.arrays[link.id])
        parent = self.parts.get(link.to)
        if link.to in self.lost or (parent is not None and parent.keys is None):
            raise Problem("follows", Place(part.file, 1, 1), "", "")  # its keys are told already
        known = pa.array([], LARGE) if parent is None else parent.keys
        rows = pc.index_in(ends, value_set=known)
        if rows.null_count > ends.null_count:
            lost = np.flatnonzero(np.asarray(rows.is_null()) & np.asarray(ends.is_valid()))
            said = ends.take(pa.array(lost)).unique().to_pylist()
            zh = f"指向不存在的{self.vocabulary.entities[link.to].zh}：{'、'.join(said[:NAMED])}（共 {len(lost)} 行）。"
            en = f"Leads to no {link.to}: {', '.join(said[:NAMED])} ({len(lost)} rows in all)."
            raise self.source(part, link.id).problem("orphan", lost, zh, en)
        found = column_of(rows)
        return found.values if found.known is None else np.where(found.known, found.values, -1)

    def snapshot(self) -> Snapshot:
        for part in self.parts.values():
            part.table.links |= dict(self.links(part))
        told = [one for one in self.problems if one.code != "follows"]
        if told:
            raise Problems(shortened(told))
        return Snapshot([part.table for part in self.parts.values()], self.vocabulary, self.texts)


def stored_text(field: Field, value: int) -> str:
    """The integer of a column as the stored value is written in a key."""
    if field.enum:
        return list(field.enum.words)[value]
    if field.type == "date":
        return str(date.fromordinal(value)) if value else ""
    return str(bool(value)) if field.type == "boolean" else str(value)
