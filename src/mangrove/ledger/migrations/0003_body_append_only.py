"""A body is written once, and emptied once, by the act that withholds it; the database refuses anything else.

The body is what the event says: without its text no seal can be shown to cover it, so it is not deleted either.
"""

from django.db import migrations

WITHHELD = (
    "OLD.withheld_by_id IS NULL AND NEW.withheld_by_id IS NOT NULL"
    " AND NEW.event_id = OLD.event_id AND NEW.text = '' AND NEW.salt = ''"
)
SQLITE = (
    f"""
CREATE TRIGGER ledger_body_append_only BEFORE UPDATE ON ledger_body WHEN NOT ({WITHHELD})
BEGIN SELECT RAISE(ABORT, 'append-only: this is written once'); END;
""",
    """
CREATE TRIGGER ledger_body_no_delete BEFORE DELETE ON ledger_body
BEGIN SELECT RAISE(ABORT, 'append-only: this is written once'); END;
""",
)
POSTGRESQL = (
    f"""
CREATE TRIGGER ledger_body_append_only BEFORE UPDATE ON ledger_body
FOR EACH ROW WHEN (NOT ({WITHHELD})) EXECUTE FUNCTION written_once();
""",
    """
CREATE TRIGGER ledger_body_no_delete BEFORE DELETE ON ledger_body
FOR EACH ROW EXECUTE FUNCTION written_once();
""",
)


def bar_changes(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def allow_changes(apps, schema_editor):
    on = " ON ledger_body" if schema_editor.connection.vendor == "postgresql" else ""
    for trigger in ("ledger_body_append_only", "ledger_body_no_delete"):
        schema_editor.execute(f"DROP TRIGGER {trigger}{on}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [migrations.RunPython(bar_changes, allow_changes)]
