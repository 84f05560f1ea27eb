"""The database itself refuses to change a written value, its inputs or its rows, whoever asks."""

from django.db import migrations

TABLES = ("figures_value", "figures_valueinput", "figures_valuerow")

SQLITE = """
CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'figure values are written once'); END;
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION figures_written_once() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'figure values are written once'; END; $$ LANGUAGE plpgsql;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION figures_written_once();
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
        schema_editor.execute((f"DROP TRIGGER {table}_written_once" + on).format(table=table))


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial")]
    operations = [migrations.RunPython(bar_updates, allow_updates)]
