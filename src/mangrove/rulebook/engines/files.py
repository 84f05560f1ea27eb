"""A population that stays where it is: Parquet, CSV and Arrow read by DuckDB itself, so that it may be larger than memory.

Columns go by id or Chinese name and mean what they mean to :mod:`arrow`: integers at the declared scale, decimals in the
field's unit; in a CSV plain numbers in the field's unit, days as 2021-08-30, 是 and 否. Nothing else is guessed: what does not
read is refused with its first value.
"""

# ruff: noqa: S608 - names and words from the vocabulary are quoted
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mangrove.rulebook.engines.days import EPOCH
from mangrove.rulebook.engines.layout import Layout
from mangrove.rulebook.engines.sql import field_column, link_column, table_name
from mangrove.rulebook.engines.sqlwords import quoted
from mangrove.rulebook.engines.warehouse import connect, named_only
from mangrove.rulebook.problems import Place, Problem, Problems, unknown
from mangrove.vocabulary.model import BOOLEANS, Entity, Field, Relation, Vocabulary, find, known_names

NUMBERS = frozenset({"integer", "decimal", "money", "ratio"})
WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)
#: Digits before the point that a decimal may have.
DIGITS = 20


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Extent:
    """``known`` is ``None`` where every value is."""

    range: tuple[int, int]
    known: bool | None


@dataclass(frozen=True)
class Family:
    largest: int


@dataclass
class Arrived:
    """One table as it came: what each declared column is called there, and its type."""

    entity: Entity
    relation: str
    written: bool
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A column as text without blanks around; only blanks is nothing."""
        if name not in self.columns:
            return None
        return f"nullif(trim({quoted(self.columns[name][0])}::VARCHAR), '')"

    def value(self, one: Field) -> str:
        """A field as the integer, truth or text that a plan computes with; NULL where it does not read."""
        none = "BOOLEAN" if one.type == "boolean" else "VARCHAR" if one.type == "text" else "BIGINT"
        if one.id not in self.columns:
            return f"NULL::{none}"
        name, kind = self.columns[one.id]
        return VALUES["number" if one.type in NUMBERS else one.type](self, one, quoted(name), kind)

    def key(self) -> str:
        parts = [self.key_part(name) for name in self.entity.key]
        return parts[0] if len(parts) == 1 else f"concat_ws('/', {', '.join(parts)})"

    def key_part(self, name: str) -> str:
        """As it is stored, of a link the key that it leads to."""
        one = self.entity.fields.get(name)
        if name not in self.columns:
            raise Problem(
                "no_key",
                Place(self.entity.id, 1, 1),
                f"缺主键列“{name}”。",
                f"The key column {name} is missing.",
            )
        if one is None or one.type in ("text", "date"):
            return str(self.text(name))
        if one.type == "enum" and one.enum:
            words = ", ".join(literal(word) for word in one.enum.words)
            return f"([{words}])[{self.value(one)} + 1]"
        if one.type == "boolean":
            return f"CASE WHEN {self.value(one)} THEN 'True' WHEN NOT {self.value(one)} THEN 'False' END"
        return f"({self.value(one)})::VARCHAR"


# --- one value -------------------------------------------------------------------------------------------------------


def number(table: Arrived, one: Field, name: str, kind: str) -> str:
    if table.written:
        return from_text(one, f"trim({name})")
    if kind in WHOLE:
        return f"TRY_CAST({name} AS BIGINT)"
    if not kind.startswith("DECIMAL"):
        raise wrong_type(table, one, kind)
    return f"CASE WHEN {exact(one, name)} = {name} THEN {scaled(one, name)} END"


def from_text(one: Field, text: str) -> str:
    finest = rf"(\.[0-9]{{0,{one.scale}}}0*)?"
    fits = f"regexp_full_match({text}, '[+-]?[0-9]{{1,17}}{finest}')"
    return f"CASE WHEN {fits} THEN {scaled(one, text)} END"


def exact(one: Field, text: str) -> str:
    return f"TRY_CAST({text} AS DECIMAL({DIGITS + one.scale}, {one.scale}))"


def scaled(one: Field, text: str) -> str:
    power = f"{10**one.scale}::DECIMAL({one.scale + 1}, 0)"
    return f"TRY_CAST({exact(one, text)} * {power} AS BIGINT)"


def day(table: Arrived, one: Field, name: str, kind: str) -> str:
    if not table.written and kind != "DATE":
        raise wrong_type(table, one, kind)
    if table.written:
        fits = f"regexp_full_match(trim({name}), '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
        name = f"CASE WHEN {fits} THEN TRY_CAST(trim({name}) AS DATE) END"
    return f"(({name}) - DATE '1970-01-01' + {EPOCH})"


def truth(table: Arrived, one: Field, name: str, kind: str) -> str:
    if table.written:
        return f"CASE trim({name}) {' '.join(f'WHEN {literal(said)} THEN {value}' for said, value in BOOLEANS.items())} END"
    if kind != "BOOLEAN":
        raise wrong_type(table, one, kind)
    return name


def word(table: Arrived, one: Field, name: str, _kind: str) -> str:
    assert one.enum is not None
    places = list(one.enum.words)
    said = {way: n for n, id in enumerate(places) for way in (one.enum.words[id].zh, id)}
    return f"CASE {table.text(one.id)} {' '.join(f'WHEN {literal(way)} THEN {n}' for way, n in said.items())} END::BIGINT"


def text(table: Arrived, one: Field, name: str, _kind: str) -> str:
    return str(table.text(one.id)) if table.written else f"{name}::VARCHAR"


VALUES: dict[str, Callable[[Arrived, Field, str, str], str]] = {
    "number": number, "date": day, "boolean": truth, "enum": word, "text": text,
}  # fmt: skip


def wrong_type(table: Arrived, one: Field, kind: str) -> Problem:
    zh = f"“{one.zh}”的类型是 {kind}，这里不收。"
    en = f"“{one.en}” has the type {kind}, which is not taken here."
    return Problem("wrong_type", Place(table.entity.id, 1, 1), zh, en)


# --- all tables ------------------------------------------------------------------------------------------------------


class Files:
    """Relations over files (``.parquet``, ``.csv``; a path may hold ``*``) and Arrow tables, by entity.

    Raises :class:`Problems` for what :mod:`arrow` refuses too: strange columns, keys twice or missing, links to nothing. What
    is more than ``memory_limit`` goes to the folder ``spill``.
    """

    def __init__(
        self,
        sources: Mapping[str, Any],
        vocabulary: Vocabulary,
        *,
        threads: int | None = None,
        memory_limit: str | None = None,
        spill: Path | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.connection = connect(threads, memory_limit, spill)
        self.tables: dict[str, Arrived] = {}
        problems: list[Problem] = []
        for entity in vocabulary.entities.values():
            try:
                self.tables[entity.id] = self.arrive(entity, sources.get(entity.id))
                self.view(entity)
            except Problem as problem:
                problems.append(problem)
        if problems or (
            problems := [one for entity in sources for one in self.checked(vocabulary.entity(entity))]
        ):
            raise Problems(problems)
        self.column, self.family = cache(self.extent), cache(self.counted)
        self.all_linked = cache(self.linked)

    def execute(self, text: str, values: Mapping[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(text, named_only(text, values or {}))

    def only(self, text: str) -> tuple[Any, ...]:
        found = self.execute(text).fetchone()
        assert found is not None
        return found

    # --- arriving ----------------------------------------------------------------------------------------------------

    def arrive(self, entity: Entity, source: Any) -> Arrived:
        """Find what the columns of a table are; one that did not come has no rows."""
        if source is None:
            return Arrived(entity, "(SELECT 1 WHERE false)", False)
        is_file = isinstance(source, (str, Path))
        written = is_file and str(source).endswith(".csv")
        if is_file:
            options = ", all_varchar = true, header = true, nullstr = ''" if written else ""
            relation = f"{'read_csv' if written else 'read_parquet'}({literal(str(source))}{options})"
        else:
            relation = quoted("came_" + entity.id)
            self.connection.register("came_" + entity.id, source)
        table = Arrived(entity, relation, written)
        for name, kind, *_rest in self.execute(f"DESCRIBE FROM {relation}").fetchall():
            one = declared(entity, name)
            table.columns[one.id] = name, kind
        return table

    def view(self, entity: Entity) -> None:
        """The relation ``in_<entity>``; the key of a kind of thing that did not come is nothing."""
        table = self.tables[entity.id]
        key = table.key() if table.columns else "NULL::VARCHAR"
        columns = [f"{key} AS k"]
        columns += [f"{table.value(one)} AS {field_column(one.id)}" for one in entity.fields.values()]
        columns += [f"{table.text(one) or 'NULL::VARCHAR'} AS {link_column(one)}" for one in entity.relations]
        text = f"CREATE VIEW {table_name(entity.id)} AS SELECT {', '.join(columns)} FROM {table.relation}"
        self.execute(text)

    # --- what is refused ---------------------------------------------------------------------------------------------

    def checked(self, entity: Entity) -> Iterator[Problem]:
        table, view = self.tables[entity.id], table_name(entity.id)
        rows, keys, different = self.only(f"SELECT count(*), count(k), count(DISTINCT k) FROM {view}")
        if keys < rows or different < keys:
            zh = f"有 {rows - keys} 行没有主键，{keys - different} 行的主键重复。"
            en = f"{rows - keys} rows have no key, {keys - different} the key of another row."
            yield Problem("duplicate_key" if keys == rows else "no_key", Place(entity.id, 1, 1), zh, en)
        for one in entity.fields.values():
            if one.id in table.columns and one.type != "text":
                yield from self.unread(table, one)
        for link in entity.relations.values():
            if link.id in table.columns:
                yield from self.orphans(entity, link)

    def unread(self, table: Arrived, one: Field) -> Iterator[Problem]:
        said = table.text(one.id)
        lost = f"FROM {table.relation} WHERE {said} IS NOT NULL AND ({table.value(one)}) IS NULL"
        count, first = self.only(f"SELECT count(*), any_value({said}) {lost}")
        if count:
            zh = f"“{one.zh}”有 {count} 个值读不出，例如“{first}”。"
            en = f"“{one.en}” has {count} values that do not read, such as “{first}”."
            yield Problem("bad_data", Place(table.entity.id, 1, 1), zh, en)

    def orphans(self, entity: Entity, link: Relation) -> Iterator[Problem]:
        here, there = table_name(entity.id), table_name(link.to)
        name = link_column(link.id)
        lost = f"FROM {here} c ANTI JOIN {there} p ON p.k = c.{name} WHERE c.{name} IS NOT NULL"
        count, first = self.only(f"SELECT count(*), any_value(c.{name}) {lost}")
        if count:
            zh = f"“{link.zh}”有 {count} 行指向不存在的对象，例如“{first}”。"
            en = f"“{link.en}” leads to nothing in {count} rows, such as “{first}”."
            yield Problem("orphan", Place(entity.id, 1, 1), zh, en)

    # --- what queries must know --------------------------------------------------------------------------------------

    def require(self, _layout: Layout) -> None:
        """Everything is there already: a view reads the columns that are asked of it."""

    def extent(self, entity: str, name: str) -> Extent:
        column, view = field_column(name), table_name(entity)
        kind = self.vocabulary.entities[entity].fields[name].type
        ends = "0, 0" if kind in ("text", "boolean") else f"min({column}), max({column})"
        rows, known, low, high = self.only(f"SELECT count(*), count({column}), {ends} FROM {view}")
        return Extent((low or 0, high or 0), None if known == rows else False)

    def counted(self, child: str, link: str) -> Family:
        by = link_column(link)
        groups = f"SELECT count(*) AS members FROM {table_name(child)} WHERE {by} IS NOT NULL GROUP BY {by}"
        return Family(self.only(f"SELECT coalesce(max(members), 0) FROM ({groups})")[0])

    def linked(self, entity: str, link: str) -> bool:
        rows, ends = self.only(f"SELECT count(*), count({link_column(link)}) FROM {table_name(entity)}")
        return bool(rows == ends)


def declared(entity: Entity, name: str) -> Field | Relation:
    found = find(entity.relations, name) or find(entity.fields, name)
    if found is None:
        known = [*known_names(entity.relations.values()), *known_names(entity.fields.values())]
        raise unknown(Place(entity.id, 1, 1), ("字段或关联", "field or link"), name, known)
    return found
