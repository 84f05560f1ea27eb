"""The database itself refuses to change a written value, its inputs or its rows, whoever asks."""

from django.db import migrations

from mangrove.ledger.written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial")]
    operations = [
        written_once(
            "figures_value",
            "figures_valueinput",
            "figures_valuerow",
        ),
    ]
