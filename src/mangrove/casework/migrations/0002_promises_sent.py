from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="promisesource", name="sent_on", field=models.DateField(null=True)
        ),
    ]
