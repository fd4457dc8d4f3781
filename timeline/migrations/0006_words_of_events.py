from django.db import migrations, models


class Migration(migrations.Migration):
    """The search form of quotations; all search forms are made anew after the migrate."""

    dependencies = [("timeline", "0005_revisions_of_events")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="folded_quotation",
            field=models.TextField(blank=True, default="", editable=False),
        )
        for model in ("event", "historicalevent")
    ]
