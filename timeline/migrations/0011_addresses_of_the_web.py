"""Only addresses of the web: what else stands as a source's address is moved to its notes."""

import django.utils.timezone
from django.db import migrations, models

_SCHEMES = ("http://", "https://")
_SAID = {
    "fr": "Adresse saisie, qui n’est pas une adresse web : ",
    "en": "Address as entered, which is no web address: ",
}
_NO_COPY = {
    "fr": "L’adresse saisie n’était pas une adresse web.",
    "en": "The address entered was no web address.",
}
_CHANGED = (
    *("url", "archive_url", "note_fr", "note_en", "no_archive_reason_fr", "no_archive_reason_en"),
)


def _of_the_web(name):
    return (
        models.Q((name, ""))
        | models.Q((f"{name}__istartswith", "http://"))
        | models.Q((f"{name}__istartswith", "https://"))
    )


def move_other_addresses(apps, schema_editor):
    """Keep what was entered as words of both notes, and what became of it in the history."""
    rows = apps.get_model("timeline", "Source").objects.using(schema_editor.connection.alias)
    past = apps.get_model("timeline", "HistoricalSource").objects.using(
        schema_editor.connection.alias
    )
    columns = [field.attname for field in rows.model._meta.concrete_fields]
    for source in rows.exclude(_of_the_web("url") & _of_the_web("archive_url")):
        for name in ("url", "archive_url"):
            address = getattr(source, name)
            if address and not address.lower().startswith(_SCHEMES):
                setattr(source, name, "")
                for language, said in _SAID.items():
                    note = getattr(source, f"note_{language}")
                    setattr(source, f"note_{language}", f"{note}\n{said}{address}".strip())
        kept = source.archive_url or source.archive_file
        if not (kept or source.no_archive_reason_fr or source.no_archive_reason_en):
            source.no_archive_reason_fr, source.no_archive_reason_en = (
                _NO_COPY["fr"],
                _NO_COPY["en"],
            )
        source.save(update_fields=_CHANGED)
        past.create(
            **{name: getattr(source, name) for name in columns},
            history_type="~",
            history_date=django.utils.timezone.now(),
        )
    if schema_editor.connection.vendor == "postgresql":
        # A table is not altered while checks of its keys are still to come.
        schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0010_seasons_of_either_hemisphere"),
    ]

    operations = [
        migrations.RunPython(move_other_addresses, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=_of_the_web("url"),
                name="source_address_of_the_web",
                violation_error_message="A web address begins with http:// or https://.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=_of_the_web("archive_url"),
                name="source_archive_of_the_web",
                violation_error_message="A web address begins with http:// or https://.",
            ),
        ),
    ]
