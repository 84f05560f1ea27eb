"""What a database holds, in a form that two databases can be compared by: rows and a hash for each table."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from mangrove.workbench.operation import excused


@dataclass(frozen=True)
class Content:
    """``sha256`` covers every row of the table, in the order of its key."""

    rows: int
    sha256: str


class Reader(Protocol):
    """One moment of a database."""

    def tables(self) -> list[str]: ...
    def content(self, table: str) -> Content: ...
    def rows(self, query: str) -> list[tuple[Any, ...]]: ...


def contents(reader: Reader) -> dict[str, Content]:
    """Every table that a backup keeps."""
    return {table: reader.content(table) for table in reader.tables() if table not in excused.TABLES}


class SqliteReader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def tables(self) -> list[str]:
        named = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return sorted(name for (name,) in named)

    def content(self, table: str) -> Content:
        digest, count = hashlib.sha256(), 0
        for row in self.ordered(table):
            digest.update(repr(row).encode())
            count += 1
        return Content(count, digest.hexdigest())

    def ordered(self, table: str) -> Iterator[tuple[Any, ...]]:
        columns = self.rows(f'PRAGMA table_info("{table}")')
        key = [f'"{name}"' for _place, name, *_rest, position in columns if position]
        query = f'SELECT * FROM "{table}" ORDER BY {", ".join(key) or "rowid"}'  # noqa: S608 -- names are the database's own
        yield from self.connection.execute(query)


class PostgresReader:
    """Times are read in UTC; keys are ordered by their characters, so that no collation of a server matters."""

    KEY = """
        SELECT quote_ident(a.attname) FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
        WHERE i.indisprimary AND i.indrelid = %s::regclass ORDER BY a.attnum"""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        connection.execute("SET TIME ZONE 'UTC'")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found

    def tables(self) -> list[str]:
        named = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return sorted(name for (name,) in named)

    def content(self, table: str) -> Content:
        key = [name for (name,) in self.connection.execute(self.KEY, [f'"{table}"']).fetchall()]
        by = ", ".join(f'{name}::text COLLATE "C"' for name in key or ["t"])
        digest = hashlib.sha256()
        with self.connection.cursor() as cursor:
            query = f'COPY (SELECT * FROM "{table}" t ORDER BY {by}) TO STDOUT'  # noqa: S608 -- names are the database's own
            with cursor.copy(query) as copy:
                for part in copy:
                    digest.update(part)
            return Content(cursor.rowcount, digest.hexdigest())
