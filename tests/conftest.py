"""Shared by all tests: a real database on disk, and a fresh place for files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import translation
from hypothesis import settings as property_settings
from pytest_django import DjangoDbBlocker, Settings

from chromium import browser  # noqa: F401 -- a fixture of every folder below

# The same examples every time, so that a run tells about the change and not about the day; a slow machine is no failure.
# MANGROVE_EXPLORE=1 looks for new ones.
property_settings.register_profile("steady", derandomize=True, deadline=None)
property_settings.register_profile("explore", deadline=None)
property_settings.load_profile("explore" if os.environ.get("MANGROVE_EXPLORE") else "steady")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite is tested as it runs: a WAL file, not memory, so that threads and processes really meet in it."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
        database["OPTIONS"]["init_command"] = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
        )
    else:
        database.setdefault("TEST", {})["NAME"] = f"test_mangrove_{os.getpid()}"


def take_off(trigger: str, table: str) -> None:
    """Take a guard of the database off, as somebody with full rights would."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}{on}")


@pytest.fixture
def unguarded_bodies(db: None) -> None:
    """What the ledger's events say can be changed."""
    take_off("ledger_body_append_only", "ledger_body")


def emptied(style: object, tables: Collection[str], **how: bool) -> list[str]:
    """Empties tables as TRUNCATE does, triggers and keys unasked, but sooner: half a thousand tests end with it."""
    deletes = "".join(f"DELETE FROM {connection.ops.quote_name(table)};" for table in sorted(tables))
    return [f"SET session_replication_role = replica;{deletes}SET session_replication_role = origin;"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """After a test with real transactions Django empties the tables, on SQLite by DELETE, which the ledger refuses."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            take_off("ledger_body_no_delete", "ledger_body")
        else:
            connection.ops.sql_flush = emptied  # type: ignore[method-assign]
    # Emptied tables need no rights of Django's kind made anew, half a thousand times: no room asks for any.
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> Path:
    """Each test keeps its uploads and chain heads in its own folder."""
    settings.MANGROVE_VAR = tmp_path / "var"
    settings.MEDIA_ROOT = tmp_path / "var" / "files"
    return tmp_path


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """A page asked for in English leaves its language behind in the thread; no test finds another's."""
    translation.deactivate()
    yield
    translation.deactivate()
