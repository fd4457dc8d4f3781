from django.db import migrations, models
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from timeline.fields import FoldedField
from timeline.migrations._columns import AddColumn

_HELP = (
    "The part of the name under which indexes list the person, as it stands in the name: "
    "“Traoré” of Ibrahim Traoré, “Xi” of Xi Jinping. Left empty, it is the whole name."
)


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0030_frameworks_searched_until"),
    ]

    operations = [
        *(
            AddColumn(
                model_name=model,
                name=name,
                field=models.CharField(
                    blank=True, help_text=_HELP, max_length=160, verbose_name=verbose_name
                ),
            )
            for model in ("person", "historicalperson")
            for name, verbose_name in (
                ("family_fr", "family name in French"),
                ("family_en", "family name in English"),
            )
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="sort_fr",
                field=FoldedField(of=("family_fr", "name_fr", "family_en", "name_en")),
            )
            for model in ("person", "historicalperson")
        ),
        migrations.AlterModelOptions(
            name="person",
            options={
                "ordering": ("sort_fr", "folded_names", "pk"),
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    GreaterThan(StrIndex("name_fr", "family_fr"), 0),
                    GreaterThan(StrIndex("name_en", "family_en"), 0),
                ),
                name="person_family_name_in_name",
                violation_error_message="The family name is a part of the name in its language: write it as it stands there, or leave it empty.",
            ),
        ),
    ]
