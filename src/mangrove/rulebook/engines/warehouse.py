"""A DuckDB connection that holds a population: shut off from the network, with what the text of a query must know of it."""

# ruff: noqa: S608 - names from the vocabulary are quoted, numbers are bound
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np

from mangrove.rulebook.engines.columns import Column, Family, Snapshot, Table
from mangrove.rulebook.engines.layout import Layout
from mangrove.rulebook.engines.sql import field_column, link_column, table_name

#: Nothing is fetched from anywhere; what cannot be answered is said and not guessed.
SETTINGS: dict[str, Any] = {
    "autoinstall_known_extensions": False, "autoload_known_extensions": False,
    "error_on_division_by_zero": False,
}  # fmt: skip
NAMES = re.compile(r"\$(n\d+)\b")


def connect(threads: int | None = None, memory_limit: str | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory. ``memory_limit`` as DuckDB writes it, such as 4GB."""
    chosen = {"threads": threads, "memory_limit": memory_limit}
    return duckdb.connect(
        config=SETTINGS | {name: value for name, value in chosen.items() if value is not None}
    )


def named_only(text: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """DuckDB takes the parameters that a text names, and no others."""
    return {name: values[name] for name in NAMES.findall(text)}


class Stock:
    """The tables of a snapshot in DuckDB, loaded when a query first needs them; rows and links are row numbers."""

    def __init__(
        self, snapshot: Snapshot, *, threads: int | None = None, memory_limit: str | None = None
    ) -> None:
        self.snapshot = snapshot
        self.connection = connect(threads, memory_limit)
        for entity, table in snapshot.tables.items():
            self.load(entity, table)

    def execute(self, text: str, values: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(text, named_only(text, values))

    # --- what queries must know ----------------------------------------------------------------------------------

    def column(self, entity: str, name: str) -> Column:
        return self.snapshot.column(entity, name)

    def family(self, child: str, link: str) -> Family:
        return self.snapshot.family(child, link)

    def all_linked(self, entity: str, link: str) -> bool:
        ends = self.snapshot.link(entity, link)
        return bool(len(ends) == 0 or ends.min() >= 0)

    def largest(self, layout: Layout) -> dict[tuple[str, str], int]:
        gathers = (layout.plan.nodes[one] for one in layout.joined if layout.plan.nodes[one].op == "gather")
        families = {(str(one.detail[0]), str(one.detail[1])) for one in gathers}
        return {one: self.family(*one).largest for one in families}

    def linked(self, layout: Layout) -> frozenset[tuple[str, str]]:
        """Links on the way that no row lacks."""
        ups = (layout.plan.nodes[one] for one in layout.joined if layout.plan.nodes[one].op == "up")
        links = {(one.entity, str(one.detail[0])) for one in ups}
        return frozenset(one for one in links if self.all_linked(*one))

    # --- loading -------------------------------------------------------------------------------------------------

    def load(self, entity: str, table: Table) -> None:
        import pyarrow as pa

        columns: dict[str, Any] = {"k": pa.array(np.arange(len(table), dtype=np.int64))}
        casts = ["k"]
        declared = self.snapshot.vocabulary.entities[entity]
        for name, field in declared.fields.items():
            column = self.snapshot.column(entity, name)
            gaps = None if column.known is None else ~column.known
            columns["f_" + name] = pa.array(column.values, mask=gaps)
            casts.append(field_column(name) + ("::BOOLEAN" if field.type == "boolean" else ""))
        for name in declared.relations:
            ends = self.snapshot.link(entity, name)
            columns["l_" + name] = pa.array(ends, mask=ends < 0)
            casts.append(link_column(name))
        self.connection.register("arrived", pa.table(columns))
        chosen = ", ".join(f"{one} AS {one.removesuffix('::BOOLEAN')}" for one in casts)
        self.connection.execute(f"CREATE TABLE {table_name(entity)} AS SELECT {chosen} FROM arrived")
        self.connection.unregister("arrived")
