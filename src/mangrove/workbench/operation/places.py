"""A fresh place for a drill: a folder and a database of its own, gone afterwards; never the house's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from mangrove.ledger.refusals import Refusal
from mangrove.workbench.operation.databases import Postgres, house_database

Environment = Mapping[str, str]


@contextmanager
def fresh_place(folder: Path) -> Iterator[Environment]:
    """The environment of a process that lives there, on the same kind of database as the house."""
    folder.mkdir(parents=True)
    said = {"MANGROVE_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "mangrove.workbench.settings"}
    database = house_database()
    if isinstance(database, Postgres):
        with fresh_database(database) as address:
            yield os.environ | said | {"MANGROVE_DATABASE": address}
    else:
        yield os.environ | said | {"MANGROVE_DATABASE": ""}


@contextmanager
def fresh_database(database: Postgres) -> Iterator[str]:
    name = f"mangrove_drill_{secrets.token_hex(4)}"
    try:
        with database.connected(autocommit=True) as live:
            live.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except psycopg.Error as error:
        raise Refusal(
            f"建不了演练用的数据库：{str(error).strip()}", code="operation.no_database", where="PostgreSQL",
            remedy="请用有 CREATEDB 权限的账号演练，例如另设 MANGROVE_DATABASE 指向同一个库、不同的用户。",
        ) from error  # fmt: skip
    try:
        yield address_of(database, name)
    finally:
        with database.connected(autocommit=True) as live:
            live.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def address_of(database: Postgres, name: str) -> str:
    said = {key: quote(text, safe="") for key, text in database.environment().items()}
    password = f":{said['PGPASSWORD']}" if "PGPASSWORD" in said else ""
    port = f":{said['PGPORT']}" if "PGPORT" in said else ""
    return f"postgresql://{said.get('PGUSER', '')}{password}@{said.get('PGHOST', '')}{port}/{name}"
