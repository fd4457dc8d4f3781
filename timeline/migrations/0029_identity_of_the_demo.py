from django.db import migrations

from timeline.ingest.demo import FOLDER
from timeline.ingest.demo.files import read

FOUNDING = "ru-aes-consultations-moscow-2025"


def say_that_it_is_an_example(apps, schema_editor):
    """Give a site that shows the demo, and nothing that editors entered, the demo's identity.

    Any other site stays without one until its keepers write it. The texts are those that loading
    the demo into a new site gives it, as far as the columns are known here.
    """
    alias = schema_editor.connection.alias
    model = apps.get_model("timeline", "Identity")
    published = apps.get_model("timeline", "Event").objects.using(alias)
    published = published.filter(publication="published")
    histories = apps.get_model("timeline", "HistoricalEvent").objects.using(alias)
    by_editors = histories.filter(history_type="+", history_user__isnull=False)
    if (
        not published.filter(slug=FOUNDING).exists()
        or published.filter(pk__in=by_editors.values("id")).exists()
        or model.objects.using(alias).exists()
    ):
        return
    known = {field.name for field in model._meta.get_fields()}
    for record in read(FOLDER / "identity.yaml"):
        values = {name: value for name, value in record.items() if name in known}
        model.objects.using(alias).create(**values)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0028_merges")]

    operations = [migrations.RunPython(say_that_it_is_an_example, migrations.RunPython.noop)]
