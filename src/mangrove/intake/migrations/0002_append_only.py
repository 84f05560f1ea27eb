"""What was published, saved, handed in or found is never changed, not even round the models."""

from django.db import migrations

TABLES = ("intake_formversion", "intake_revision", "intake_submission", "intake_enclosure", "intake_formalcheck")
SQLITE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'this is written once'); END;
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION intake_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'this is written once'; END; $$ LANGUAGE plpgsql;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION intake_append_only();
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
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(bar_updates, allow_updates)]
