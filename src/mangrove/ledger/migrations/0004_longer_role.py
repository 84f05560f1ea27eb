"""The role of an actor may be the name of an organisation, and is as long.

SQLite makes the table anew to change a column and loses its trigger; so the trigger is taken off and put on again.
"""

from importlib import import_module

from django.db import migrations, models

from mangrove.ledger.written_once import written_once

EVENTS = written_once("ledger_event", "ledger_seal")
BODIES = import_module("mangrove.ledger.migrations.0003_body_append_only")


def take_off(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        BODIES.allow_changes(apps, schema_editor)
        EVENTS.reverse_code(apps, schema_editor)


def put_on(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        EVENTS.code(apps, schema_editor)
        BODIES.bar_changes(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_body_append_only")]
    operations = [
        migrations.RunPython(take_off, put_on),
        migrations.AlterField(
            model_name="event", name="actor_role", field=models.CharField(blank=True, max_length=200)
        ),
        migrations.RunPython(put_on, take_off),
    ]
