"""The database itself refuses to change a written event or seal, whoever asks.

Deletion is not barred here (a test database must be emptied); verification names a missing event.
"""

from django.db import migrations

TABLES = ("ledger_event", "ledger_seal")

SQLITE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only'; END; $$ LANGUAGE plpgsql;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
"""


def bar_updates(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
    template = POSTGRESQL if vendor == "postgresql" else SQLITE
    for table in TABLES:
        schema_editor.execute(template.format(table=table))


def allow_updates(apps, schema_editor):
    on = " ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_append_only" + on.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(bar_updates, allow_updates)]
