"""What was saved, asked, reviewed, evaluated and published is never changed, not even round the models."""

from django.db import migrations

from mangrove.ledger.written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("policies", "0005_issuing")]
    operations = [
        written_once(
            "policies_drafttext",
            "policies_seeking",
            "policies_review",
            "policies_publication",
            "policies_evaluation",
            "policies_guide",
        ),
    ]
