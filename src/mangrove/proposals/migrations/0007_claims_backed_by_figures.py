"""What stands behind a claim is registered with the figures, once, and no longer beside each claim."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("proposals", "0006_withdrawn")]
    operations = [
        migrations.RemoveField("claim", "source"),
        migrations.RemoveField("claim", "status"),
    ]
