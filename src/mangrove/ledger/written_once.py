"""Tables that are written once: the database itself refuses an update, whoever asks and whatever goes round the models.

Deletion is not barred (a test database must be emptied); verification names what is missing.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'append-only: this is written once'); END;
"""
#: Made again by each room, so that none hangs on the migrations of another.
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION written_once() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only: this is written once'; END; $$ LANGUAGE plpgsql;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION written_once();
"""


def written_once(*tables: str) -> migrations.RunPython:
    """The operation of a migration that bars updates of these tables."""

    def bar(_apps: Any, schema_editor: Any) -> None:
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        if on_postgresql:
            schema_editor.execute(POSTGRESQL_FUNCTION)
        for table in tables:
            schema_editor.execute((POSTGRESQL if on_postgresql else SQLITE).format(table=table))

    def allow(_apps: Any, schema_editor: Any) -> None:
        for table in tables:
            on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER {table}_append_only{on}")

    return migrations.RunPython(bar, allow)
