"""What was published, judged and checked is never changed, not even round the models."""

from django.db import migrations

from mangrove.ledger.written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]
    operations = [
        written_once(
            "policies_ruletext",
            "policies_judgement",
            "policies_check",
        ),
    ]
