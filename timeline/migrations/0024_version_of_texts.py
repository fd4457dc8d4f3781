from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timeline", "0023_texts_between_parties")]

    operations = [
        migrations.AddField(
            model_name="recordversion",
            name="instruments",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
