"""A DuckDB connection that holds a population: shut off from the network, with what the text of a query must know of it."""

# ruff: noqa: S608 - names from the vocabulary are quoted
from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from mangrove.rulebook.engines.columns import Column, Family, Snapshot
from mangrove.rulebook.engines.layout import Layout
from mangrove.rulebook.engines.sql import field_column, link_column, table_name

#: Nothing is fetched from anywhere.
SETTINGS: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
NAMES = re.compile(r"\$(n\d+)\b")


def connect(
    threads: int | None = None, memory_limit: str | None = None, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A database in memory. ``memory_limit`` as DuckDB writes it, such as 4GB; what is more goes to the folder ``spill``."""
    chosen = {
        "threads": threads,
        "memory_limit": memory_limit,
        "temp_directory": str(spill) if spill else None,
    }
    config = SETTINGS | {name: value for name, value in chosen.items() if value is not None}
    return duckdb.connect(config=config)


def named_only(text: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """DuckDB takes the parameters that a text names, and no others."""
    return {name: values[name] for name in NAMES.findall(text)}


def read_columns(layout: Layout) -> dict[str, tuple[set[str], set[str]]]:
    """The fields and the links that a layout reads, by kind of thing."""
    found: dict[str, tuple[set[str], set[str]]] = {
        entity: (set(), {one for one in layout.handed[entity, turn] if isinstance(one, str)})
        for entity, turn in layout.places
        if turn == 0
    }
    for index in layout.own:
        node = layout.plan.nodes[index]
        if node.op == "load":
            found[node.entity][0].add(str(node.detail[0]))
    return found


class Stock:
    """The tables of a snapshot in DuckDB, each column from when a query first needs it; keys and links are row numbers."""

    def __init__(
        self, snapshot: Snapshot, *, threads: int | None = None, memory_limit: str | None = None
    ) -> None:
        self.snapshot = snapshot
        self.connection = connect(threads, memory_limit)
        self.connection.execute("SET enable_external_access = false")
        self.has: dict[str, tuple[set[str], set[str]]] = {}

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

    # --- loading -------------------------------------------------------------------------------------------------

    def require(self, layout: Layout) -> None:
        for entity, (fields, links) in read_columns(layout).items():
            has_fields, has_links = self.has.get(entity, (set(), set()))
            if entity not in self.has or fields - has_fields or links - has_links:
                self.has[entity] = fields | has_fields, links | has_links
                self.load(entity, *self.has[entity])

    def load(self, entity: str, fields: set[str], links: set[str]) -> None:
        import pyarrow as pa

        rows = len(self.snapshot.tables[entity])
        columns: dict[str, Any] = {"k": pa.array(np.arange(rows, dtype=np.int64))}
        casts = ["k"]
        for name in sorted(fields):
            column = self.snapshot.column(entity, name)
            is_truth = self.snapshot.vocabulary.entities[entity].fields[name].type == "boolean"
            gaps = None if column.known is None else ~column.known
            columns["f_" + name] = pa.array(column.values, mask=gaps)
            casts.append(f"{field_column(name)}{'::BOOLEAN' if is_truth else ''} AS {field_column(name)}")
        for name in sorted(links):
            ends = self.snapshot.link(entity, name)
            columns["l_" + name] = pa.array(ends, mask=ends < 0)
            casts.append(link_column(name))
        self.connection.register("arrived", pa.table(columns))
        text = f"CREATE OR REPLACE TABLE {table_name(entity)} AS SELECT {', '.join(casts)} FROM arrived"
        self.connection.execute(text)
        self.connection.unregister("arrived")
