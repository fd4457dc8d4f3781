"""The effect of migrations on existing rows."""

import datetime as dt
import re
from collections import Counter
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from tests import factories as make
from timeline.actions import events, involvement
from timeline.database.install import install, uninstall_before_migrate
from timeline.fields import EDTFField
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Correction,
    Event,
    EventPlace,
    EventStep,
    Framework,
    Instrument,
    InstrumentStep,
    Involvement,
    Membership,
    MembershipRemark,
    Office,
    Participation,
    Party,
    PartyName,
    Source,
    StatusUpdate,
)

MODELS = (
    *(Commitment, Event, EventStep, Framework, Membership, Office, Party, PartyName, Source),
    StatusUpdate,
)
FIRST_MONTHS = {21: 3, 22: 6, 23: 9, 24: 12}
LATER_MODELS = (EventPlace, Instrument, InstrumentStep, MembershipRemark)
ADDED_LATER = {("commitment", "made_on")}
"""Dates of which no row had one yet when seasons were derived anew."""


def dated(model: type[models.Model]) -> list[EDTFField]:
    return [field for field in model._meta.get_fields() if isinstance(field, EDTFField)]


def northern(text: str) -> dict[str, dt.date]:
    """Return the days of a season as they were derived before hemispheres were distinguished."""
    year, code = int(text[:4]), int(text[5:7])
    last = {21: (year, 5, 31), 22: (year, 8, 31), 23: (year, 11, 30), 24: (year + 1, 2, 28)}
    return {"first": dt.date(year, FIRST_MONTHS[code], 1), "last": dt.date(*last[code])}


def test_migration_knows_every_date_of_the_record() -> None:
    seasons = import_module("timeline.migrations.0010_seasons_of_either_hemisphere")
    tables = {
        (model, date): (*bounds, sure)
        for model, dates in seasons.DATES.items()
        for date, *bounds, sure in dates
    }
    assert tables == {
        (str(model._meta.model_name), field.name): (*field.bounds, field.sure or None)
        for model in apps.get_app_config("timeline").get_models()
        if not hasattr(model, "history_object") and model not in LATER_MODELS
        for field in dated(model)
        if field.bounds and (model._meta.model_name, field.name) not in ADDED_LATER
    }


def derived(model: type[models.Model]) -> list[Any]:
    names = [name for field in dated(model) for name in (field.name, *field.derived)]
    return list(model._default_manager.order_by("pk").values_list("pk", *names))


@pytest.mark.django_db(transaction=True)
def test_seasons_are_derived_again_with_who_took_part() -> None:
    mali, niger = make.a_state("ml"), make.a_state("ne")
    union, alliance = make.a_bloc("au"), make.a_bloc("aes")
    make.a_membership(mali, union, "2020-24", "2025-21")
    make.a_membership(niger, union, "1963-05-25", "2025-04-03")
    make.a_membership(niger, union, "2025-04-03")
    make.a_membership(niger, alliance, "2025-24~")
    Party.objects.filter(pk=union.pk).update(founded="1963-22")
    for party in Party.objects.all():
        party.save()
    for number, date in enumerate(
        ("2025-22", "2025-04-02/2025-04-04", "2025-10-01", "2025-07-15", "2025-21/2026-22?")
    ):
        event = Event.objects.create(
            slug=f"e-{number}", kind="summit", title_en="E", date=date, state="planned"
        )
        Participation.objects.create(event=event, party=union)
        Participation.objects.create(event=event, party=alliance)
        events.refresh_derived(events=[event.pk])
    involved = Involvement.objects.get(event__slug="e-1", party=niger, via=union)
    Attendance.objects.create(event=involved.event, person=make.a_person(), party=niger)
    ways = set(Involvement.objects.values_list("event", "party", "via", "membership", "possibly"))
    before = {model: derived(model) for model in MODELS}

    seasons = import_module("timeline.migrations.0010_seasons_of_either_hemisphere")
    uninstall_before_migrate(using="default", plan=("something",))
    _later_column("SET DEFAULT false")
    try:
        with connection.schema_editor() as editor:
            _as_it_was()
            assert {model: derived(model) for model in MODELS} != before
            assert len(Involvement.objects.all()) < len(ways)
            seasons.derive(apps, editor)
    finally:
        _later_column("DROP DEFAULT")
        install(connection)
    assert {model: derived(model) for model in MODELS} == before
    rows = set(Involvement.objects.values_list("event", "party", "via", "membership", "possibly"))
    assert rows == ways
    assert list(involvement.differing()) == []


def _later_column(change: str) -> None:
    """Change a column that the migration does not know and writes no value for.

    On SQLite its default stays in the table.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE timeline_involvement ALTER COLUMN addressee {change}")


def _as_it_was() -> None:
    """Restore the former days of seasons and the former involvements."""
    for model in MODELS:
        for field in dated(model):
            for row in model._default_manager.exclude(**{field.name: None}):
                date = getattr(row, field.name)
                start, slash, end = date.text.partition("/")
                columns: dict[str, Any] = {}
                if field.bounds and start[4:7] in ("-21", "-22", "-23", "-24") and len(start) < 9:
                    columns[field.bounds[0]] = northern(start)["first"]
                    ends = end if slash else start
                    columns[field.bounds[1]] = northern(ends)["last"]
                    if field.sure:
                        columns[field.sure] = not (date.uncertain or date.approximate)
                if columns:
                    model._default_manager.filter(pk=row.pk).update(**columns)
    # Formerly each membership was checked by itself, and each season was three months long.
    touching = Involvement.objects.filter(event__slug="e-1", via__code="au", party__code="ne")
    touching.update(possibly=True)
    Involvement.objects.filter(event__slug="e-0", via__code="aes").delete()
    Involvement.objects.filter(event__slug="e-3", party__code="ml").delete()


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_place_of_an_event_becomes_a_row_with_its_history() -> None:
    before = [("timeline", "0019_natures_of_commitments")]
    try:
        call_command("migrate", *before[0], verbosity=0)
        old = MigrationExecutor(connection).loader.project_state(before).apps
        gone = _events_with_places(old)
    finally:
        call_command("migrate", verbosity=0)
    rows = EventPlace.objects.order_by("event__slug")
    assert list(rows.values_list("event__slug", "place__slug", "venue_en", "days")) == [
        ("moved", "bamako", "Palace", None),
        ("plain", "moscow", "", None),
        ("venue-alone", None, "Villa", None),
    ]
    entries = EventPlace.history.order_by("history_date", "history_id")
    keys = {row.pk: row.event.slug for row in rows.select_related("event")} | gone
    assert [
        (keys[entry.id], entry.history_type, entry.place and entry.place.slug, entry.venue_en)
        for entry in entries
    ] == [
        ("moved", "+", "moscow", ""),
        ("moved", "~", "bamako", "Palace"),
        ("deleted", "+", "bamako", ""),
        ("deleted", "-", "bamako", ""),
        ("emptied", "+", None, "Villa"),
        ("emptied", "-", None, "Villa"),
    ]
    moved = Event.objects.get(slug="moved")
    made = EventPlace.objects.create(event=moved, place=make.a_place("niamey"), position=1)
    assert made.pk > max(keys)
    try:
        call_command("migrate", *before[0], verbosity=0)
        given_back = old.get_model("timeline", "Event").objects.order_by("slug")
        assert list(given_back.values_list("slug", "place__slug", "venue_en")) == [
            ("emptied", None, ""),
            ("moved", "bamako", "Palace"),
            ("plain", "moscow", ""),
            ("venue-alone", None, "Villa"),
        ]
    finally:
        call_command("migrate", verbosity=0)


def _events_with_places(old: Any) -> dict[int, str]:
    """Write events as the release before did, with their histories; return those that are gone."""
    event, entry, place = (
        old.get_model("timeline", name) for name in ("Event", "HistoricalEvent", "Place")
    )
    moscow, bamako = (
        place.objects.create(slug=slug, name_en=slug) for slug in ("moscow", "bamako")
    )
    said = {"kind": "visit", "title_en": "Visit", "date": "2025-04-03"}
    told: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "moved": [
            ("+", {}),
            ("~", {"place": moscow}),
            ("~", {"place": moscow, "title_en": "Another title"}),
            ("~", {"place": bamako, "venue_en": "Palace"}),
        ],
        "deleted": [("+", {"place": bamako}), ("-", {"place": bamako})],
        "emptied": [("+", {"venue_en": "Villa"}), ("~", {})],
        "plain": [],
        "venue-alone": [],
    }
    last = {"plain": {"place": moscow}, "venue-alone": {"venue_en": "Villa"}}
    gone = {}
    hours = iter(range(24))
    for slug, entries in told.items():
        made = event.objects.create(
            slug=slug, **{**said, **(entries[-1][1] if entries else last[slug])}
        )
        for kind, values in entries:
            made_at = dt.datetime(2026, 1, 1, next(hours), tzinfo=dt.UTC)
            columns = {"id": made.pk, "slug": slug, "history_date": made_at, "history_type": kind}
            entry.objects.create(**{**said, **columns, **values})
        if entries and entries[-1][0] == "-":
            gone[made.pk] = slug
            made.delete()
        elif slug == "emptied":
            gone[made.pk] = slug
    return gone


ABOUT_TEXTS = ("instrument_id", "instrument_step_id", "article")
"""Columns that name texts, in the tables of what was recorded before them."""


def recorded() -> dict[str, list[Any]]:
    """Return what is recorded of events, commitments, citations and corrections, with histories."""
    record: tuple[Any, ...] = (Citation, Correction, Commitment, Event)
    models = [model for row in record for model in (row, row.history.model)]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_what_was_recorded_before_texts_stays_as_it_is() -> None:
    event = make.an_event(host=make.a_state("ru"), publication="published")
    commitment = make.a_commitment(event, title_en="Promise", due="2025-12")
    commitment.title_en = "Promise kept"
    commitment.save()
    source = make.a_source(no_archive_reason_en="none")
    gone = Citation.objects.create(source=source, event=event, field="place")
    gone.delete()
    for field, cited in (
        ("title", {"event": event}),
        ("title", {"commitment": commitment}),
        ("name", {"party": event.parties.get()}),
    ):
        citation = Citation.objects.create(source=source, excerpt="Ils s’engagent.", **cited)
        citation.field = field
        citation.save()
    Correction.objects.create(event=event, made_on="2025-05-02", text_en="Wrong day.")
    before = recorded()
    rebuilt: Counter[str] = Counter()

    def count_rebuilt(execute: Any, sql: str, *args: Any) -> Any:
        rebuilt.update(re.findall(r'CREATE TABLE "new__timeline_(\w+)"', sql))
        return execute(sql, *args)

    try:
        call_command("migrate", "timeline", "0022", verbosity=0)
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, "timeline_commitment")
            assert {column.name for column in columns}.isdisjoint(ABOUT_TEXTS)
        with connection.execute_wrapper(count_rebuilt):
            call_command("migrate", "timeline", "0023", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    after = recorded()
    assert after == before
    about_texts = {
        row[name] for rows in after.values() for row in rows for name in row if name in ABOUT_TEXTS
    }
    assert about_texts == {None, ""}
    # SQLite writes a table again for a change of its constraints; that of the texts is empty.
    del rebuilt["instrument"]
    once = ("citation", "correction", "commitment") if connection.vendor == "sqlite" else ()
    assert rebuilt == dict.fromkeys(once, 1)
    text = make.a_text(make.a_state("ml"), make.a_state("ne"))
    Citation.objects.create(source=source, instrument=text)
    with pytest.raises(IntegrityError, match="citation_of_exactly_one"), transaction.atomic():
        Citation.objects.filter(event=event).update(instrument=text)
    with pytest.raises(IntegrityError, match="commitment_article_of_a_text"), transaction.atomic():
        Commitment.objects.update(article="art. 6")
