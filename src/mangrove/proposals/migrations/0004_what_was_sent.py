"""Promises of letters that were sent before this was kept; and a deputy's name is as long as an account's."""

from django.db import migrations, models


def mark_sent(apps, schema_editor):
    sources = apps.get_model("casework", "PromiseSource").objects
    for letter, on in apps.get_model("proposals", "Delivery").objects.values_list("letter", "on").distinct():
        sent = sources.filter(letter_room="proposals", letter_kind="signed_letter", letter_id=str(letter))
        sent.update(sent_on=on)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0003_letter_numbers"), ("casework", "0002_promises_sent")]
    operations = [
        migrations.AlterField(
            model_name="rating", name="deputy_name", field=models.CharField(max_length=150)
        ),
        migrations.RunPython(mark_sent, migrations.RunPython.noop),
    ]
