"""Under which mean a claim went to experts is never changed, not even round the models."""

from django.db import migrations

from mangrove.ledger.written_once import written_once


class Migration(migrations.Migration):
    dependencies = [("policies", "0007_expert_review")]
    operations = [written_once("policies_claimreview")]
