"""Numbers begin anew with each meeting in many cities: a number is taken once a kind and meeting."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proposals", "0004_what_was_sent")]
    operations = [
        migrations.RemoveConstraint(model_name="proposal", name="proposals_number_once_a_kind"),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                fields=("kind", "meeting", "number"), name="proposals_number_once_a_meeting"
            ),
        ),
    ]
