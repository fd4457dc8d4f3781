"""The command that adds a synthetic corpus, on real databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from tests import factories as make
from tests import rows
from tests.schema import schema
from timeline.models import (
    Citation,
    Commitment,
    Event,
    Involvement,
    Membership,
    Party,
    RecordVersion,
    Sector,
)

EVENTS = 1500


def make_events(*words: str) -> str:
    output = StringIO()
    call_command("make_events", *words, stdout=output)
    return output.getvalue()


@pytest.fixture(scope="module")
def corpus(swept: None, demo_rows: Any, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A corpus beside an existing record, for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        rows.put_back(demo_rows)
        events, before = Event.objects.count(), schema()
        version = RecordVersion.objects.values().get()
        output = make_events(str(EVENTS), "--seed", "7")
        yield {"events": events, "schema": before, "version": version, "output": output}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_corpus_stands_beside_what_was_there(corpus: dict[str, Any]) -> None:
    assert Event.objects.filter(slug__startswith="s7-").published().count() == EVENTS
    assert Event.objects.count() == corpus["events"] + EVENTS
    assert Party.objects.filter(code__startswith="s7-").count() == 220
    assert Sector.objects.count() == 27
    connection.check_constraints()


@pytest.mark.django_db
def test_indexes_keys_and_triggers_are_all_there_again(corpus: dict[str, Any]) -> None:
    assert schema() == corpus["schema"]


@pytest.mark.django_db
def test_record_has_another_version_and_epoch(corpus: dict[str, Any]) -> None:
    version = RecordVersion.objects.values().get()
    assert version["etag"] != corpus["version"]["etag"]
    assert version["epoch"] != corpus["version"]["epoch"]


@pytest.mark.django_db
def test_command_says_how_far_it_is(corpus: dict[str, Any]) -> None:
    assert f"{EVENTS} of {EVENTS} events" in corpus["output"]


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["rebuild_involvement", "rebuild_search"])
def test_what_is_derived_is_as_the_record_says(corpus: dict[str, Any], command: str) -> None:
    output = StringIO()
    call_command(command, "--check", stdout=output)
    assert output.getvalue().endswith("nothing differs.\n")


@pytest.mark.django_db
def test_blocs_bring_most_of_those_who_took_part(corpus: dict[str, Any]) -> None:
    rows = Involvement.objects.filter(event__slug__startswith="s7-")
    assert 12 <= rows.count() / EVENTS <= 20
    assert rows.filter(via=None).count() / EVENTS == pytest.approx(4, abs=0.2)
    assert rows.filter(possibly=True).exists()


@pytest.mark.django_db
def test_rows_obey_the_rules_of_their_models(corpus: dict[str, Any]) -> None:
    events = Event.objects.filter(slug__startswith="s7-")
    for made_of in (events, Membership.objects.all(), Commitment.objects.filter(event__in=events)):
        for row in made_of.order_by("-pk")[:60]:
            row.full_clean()


@pytest.mark.django_db
def test_next_row_gets_a_key_of_its_own(corpus: dict[str, Any]) -> None:
    event = make.an_event()
    assert event.pk > max(Event.objects.exclude(pk=event.pk).values_list("pk", flat=True))
    assert Citation.objects.create(source=make.a_source(), event=event).pk


@pytest.mark.django_db
def test_pages_show_the_corpus(corpus: dict[str, Any], client: Client) -> None:
    event = Event.objects.filter(slug__startswith="s7-", date__contains="-").last()
    assert event is not None
    for page in ("/fr/", "/en/?party=s7-" + made_code(), f"/fr/events/{event.slug}/"):
        assert client.get(page).status_code == 200, page


def made_code() -> str:
    party = Party.objects.filter(code__startswith="s7-", kind="bloc").order_by("pk").first()
    assert party is not None
    return party.code.removeprefix("s7-")


@pytest.mark.django_db
def test_quiet_corpus_says_nothing(corpus: dict[str, Any]) -> None:
    assert make_events("10", "--seed", "8", "--quiet") == ""


@pytest.mark.django_db
def test_seed_is_taken_once(corpus: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="already holds events of seed 7; take another seed"):
        make_events("10", "--seed", "7")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("0",), "The number of events runs from 1 to 10000000, not 0."),
        (("10000001",), "The number of events runs from 1 to 10000000, not 10000001."),
        (("1", "--seed", "-1"), "The seed runs from 0 to 1000000000, not -1."),
    ],
)
def test_number_or_seed_out_of_bounds_is_refused(words: tuple[str, ...], sentence: str) -> None:
    before = Event.objects.count()
    with pytest.raises(CommandError) as refused:
        make_events(*words)
    assert (str(refused.value), Event.objects.count()) == (sentence, before)


def test_missing_bench_is_reported_in_a_sentence(tmp_path: Path) -> None:
    for name in ("config", "timeline"):
        (tmp_path / name).symlink_to(settings.BASE_DIR / name)
    result = subprocess.run(
        [sys.executable, "-m", "django", "make_events", "10"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: make_events needs the folder 'bench' beside ")
    assert result.stderr.count("\n") == 1
