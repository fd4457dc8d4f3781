"""Name the columns of the record's version as the web and databases do."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timeline", "0013_follow_ups_of_an_event")]

    operations = [
        migrations.RenameField("recordversion", "token", "etag"),
        migrations.RenameField("recordversion", "era", "epoch"),
        migrations.RenameField("recordversion", "wording", "labels_revision"),
    ]
