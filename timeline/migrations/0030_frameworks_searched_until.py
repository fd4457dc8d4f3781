from django.db import migrations, models

_HELP = "Only where somebody searched for it apart from the whole record."


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0029_identity_of_the_demo"),
    ]

    operations = [
        migrations.AddField(
            model_name=model,
            name="searched_until",
            field=models.DateField(
                blank=True,
                help_text=_HELP,
                null=True,
                verbose_name="sources searched until",
            ),
        )
        for model in ("framework", "historicalframework")
    ]
