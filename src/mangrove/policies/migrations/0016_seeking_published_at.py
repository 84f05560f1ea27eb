"""Where a public round was published, if not here.

SQLite makes the table anew to add the column and loses its trigger; so the trigger is taken off and put on again.
"""

from django.db import migrations, models

from mangrove.ledger.written_once import written_once

SEEKINGS = written_once("policies_seeking")


def take_off(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        SEEKINGS.reverse_code(apps, schema_editor)


def put_on(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        SEEKINGS.code(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("policies", "0015_expense_keys")]
    operations = [
        migrations.RunPython(take_off, put_on),
        migrations.AddField(
            model_name="seeking", name="published_at", field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.RunPython(put_on, take_off),
    ]
