"""The database itself refuses to change a written event or seal, whoever asks."""

from django.db import migrations

from mangrove.ledger.written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        written_once(
            "ledger_event",
            "ledger_seal",
        ),
    ]
