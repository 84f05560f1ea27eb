"""A registration that was a mistake can be withdrawn, and its number is free again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proposals", "0005_number_once_a_meeting")]
    operations = [
        migrations.AddField("proposal", "withdrawn", models.BooleanField(default=False)),
        migrations.RemoveConstraint(model_name="proposal", name="proposals_number_once_a_meeting"),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                fields=("kind", "meeting", "number"),
                condition=models.Q(withdrawn=False),
                name="proposals_number_once_a_meeting",
            ),
        ),
    ]
