"""What was published, saved, handed in or found is never changed, not even round the models."""

from django.db import migrations

from mangrove.ledger.written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        written_once(
            "intake_formversion",
            "intake_revision",
            "intake_submission",
            "intake_enclosure",
            "intake_formalcheck",
        ),
    ]
