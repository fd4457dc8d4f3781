from collections import defaultdict

from django.db import migrations, models

from timeline.core.folding import Said, search_form
from timeline.core.stemming import language_of

BATCH = 1000


def refold(apps, schema_editor):
    """Write what events and commitments are found by in its new form, with stems."""
    of_commitments(apps)
    of_events(apps)


def bilingual(row, *names):
    return [
        Said(getattr(row, f"{name}_{code}"), language_of(code))
        for name in names
        for code in ("fr", "en")
    ]


def batches(rows):
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def of_commitments(apps):
    Commitment = apps.get_model("timeline", "Commitment")
    for batch in batches(Commitment.objects):
        for row in batch:
            row.folded_title = search_form(*bilingual(row, "title"))
            row.folded_text = search_form(*bilingual(row, "title", "wording"))
        Commitment.objects.bulk_update(batch, ["folded_title", "folded_text"], batch_size=200)


def of_events(apps):
    Event = apps.get_model("timeline", "Event")
    for batch in batches(Event.objects.select_related("place")):
        keys = [row.pk for row in batch]
        quotations, names = quotations_of(apps, keys), names_of(apps, keys)
        for row in batch:
            titles = bilingual(row, "title")
            more = bilingual(row, "summary", "venue")
            if row.place is not None:
                more += [Said(row.place.name_fr), Said(row.place.name_en)]
            quoted = quotations[row.pk]
            row.folded_title = search_form(*titles)
            row.folded_quotation = search_form(*quoted)
            row.folded_text = search_form(*titles, *quoted, *more, *names[row.pk])
        Event.objects.bulk_update(
            batch, ["folded_title", "folded_quotation", "folded_text"], batch_size=200
        )


def quotations_of(apps, events):
    quotations = defaultdict(list)
    rows = apps.get_model("timeline", "Statement").objects.filter(event__in=events)
    for row in rows.order_by("event", "position", "pk"):
        quotations[row.event_id] += [
            Said(row.text, language_of(row.language)),
            *bilingual(row, "translation"),
        ]
    return quotations


def names_of(apps, events):
    """The names of people, then of parties, that an event's page names."""
    names = defaultdict(list)
    for holder, linked, columns in (
        ("Person", ("Attendance", "Statement"), ("name_fr", "name_en")),
        ("Party", ("Involvement",), ("name_fr", "name_en", "short_fr", "short_en")),
    ):
        field = holder.lower()
        links = defaultdict(set)
        for model in linked:
            rows = apps.get_model("timeline", model).objects.filter(event__in=events).order_by()
            for event, key in rows.values_list("event", field):
                links[event].add(key)
        keys = set().union(*links.values())
        called = defaultdict(list)
        rows = apps.get_model("timeline", holder).objects.filter(pk__in=keys)
        for key, *known in rows.values_list("pk", *columns):
            called[key] += known
        rows = apps.get_model("timeline", f"{holder}Name").objects.order_by("pk")
        for key, name in rows.filter(**{f"{field}__in": keys}).values_list(field, "name"):
            called[key].append(name)
        for event, known in links.items():
            names[event] += [Said(name) for key in sorted(known) for name in called[key]]
    return names


class Migration(migrations.Migration):
    dependencies = [("timeline", "0005_revisions_of_events")]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="folded_quotation",
                field=models.TextField(blank=True, default="", editable=False),
            )
            for model in ("event", "historicalevent")
        ),
        migrations.RunPython(refold, migrations.RunPython.noop),
    ]
