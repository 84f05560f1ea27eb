"""The two databases that Mangrove runs on: a consistent copy beside writers, and putting such a copy in place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import psycopg
from django.db import connection, connections

from mangrove.workbench.operation import excused
from mangrove.workbench.operation.programs import run
from mangrove.workbench.operation.reading import PostgresReader, Reader, SqliteReader


class Sqlite:
    kind: ClassVar[str] = "sqlite"
    file: ClassVar[str] = "database.sqlite3"

    @property
    def path(self) -> Path:
        return Path(connection.settings_dict["NAME"])

    @contextmanager
    def copied(self, to: Path) -> Iterator[Reader]:
        """Copy in one step, which sees one moment however many write meanwhile; then read the copy."""
        address = f"file:{quote(str(self.path))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as live, closing(sqlite3.connect(to)) as copy:
            live.backup(copy)
            leave_out(copy)
        sync(to)
        with reading_file(to) as reader:
            yield reader

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """What is in place; an absent file is an empty database."""
        if not self.path.exists():
            with closing(sqlite3.connect(":memory:")) as nothing:
                yield SqliteReader(nothing)
            return
        with reading_file(self.path) as reader:
            yield reader

    def clear(self, aside: Path) -> None:
        connections.close_all()
        for path in self.path.parent.glob(f"{self.path.name}*"):
            path.rename(aside / path.name)

    def put(self, source: Path) -> None:
        """Written beside, synced, and renamed: there is no moment with half a database in place."""
        connections.close_all()
        draft = self.path.with_name(f"{self.path.name}-restoring")
        draft.write_bytes(b"")
        draft.chmod(0o600)
        with closing(sqlite3.connect(source)) as kept, closing(sqlite3.connect(draft)) as copy:
            kept.backup(copy)
        sync(draft)
        draft.replace(self.path)
        sync(self.path.parent)


def leave_out(copy: sqlite3.Connection) -> None:
    """Empty the excused tables so that nothing of their rows stays in the file, and make it one file by itself."""
    copy.execute("PRAGMA journal_mode=DELETE")
    copy.execute("PRAGMA secure_delete=ON")
    known = SqliteReader(copy).tables()
    for table in excused.TABLES:
        if table in known:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- a name of ours
    copy.commit()


@contextmanager
def reading_file(path: Path) -> Iterator[Reader]:
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as opened:
        yield SqliteReader(opened)


def sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class Postgres:
    kind: ClassVar[str] = "postgresql"
    file: ClassVar[str] = "database.dump"

    def environment(self) -> Mapping[str, str]:
        """How the programs of PostgreSQL are told where to connect."""
        names = {
            "PGHOST": "HOST",
            "PGPORT": "PORT",
            "PGUSER": "USER",
            "PGPASSWORD": "PASSWORD",
            "PGDATABASE": "NAME",
        }
        said = connection.settings_dict
        return {name: str(said[key]) for name, key in names.items() if said[key]}

    def connected(self, **more: Any) -> Any:
        names = {
            "PGHOST": "host",
            "PGPORT": "port",
            "PGUSER": "user",
            "PGPASSWORD": "password",
            "PGDATABASE": "dbname",
        }
        given = {names[name]: text for name, text in self.environment().items()}
        return psycopg.connect(**given | more)

    @contextmanager
    def copied(self, to: Path) -> Iterator[Reader]:
        """The dump and all that is read of it here are of one exported snapshot."""
        left_out = [f"--exclude-table-data={table}" for table in excused.TABLES]
        with self.connected() as live:
            live.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            live.read_only = True
            reader = PostgresReader(live)
            ((snapshot,),) = reader.rows("SELECT pg_export_snapshot()")
            arguments = ["-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={to}"]
            run("pg_dump", [*arguments, *left_out], self.environment())
            sync(to)
            yield reader

    @contextmanager
    def read(self) -> Iterator[Reader]:
        with self.connected() as live:
            yield PostgresReader(live)

    def clear(self, aside: Path) -> None:
        """Empty the schema; what was there is dumped aside first."""
        connections.close_all()
        run("pg_dump", ["-Fc", f"--file={aside / self.file}"], self.environment())
        with self.connected(autocommit=True) as live:
            live.execute("DROP SCHEMA public CASCADE")
            live.execute("CREATE SCHEMA public")

    def put(self, source: Path) -> None:
        """All of it in one transaction, or nothing."""
        connections.close_all()
        arguments = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        name = self.environment()["PGDATABASE"]
        run("pg_restore", [*arguments, f"--dbname={name}", str(source)], self.environment())


Database = Sqlite | Postgres


def house_database() -> Database:
    """The database that the settings name."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()
