"""Loading a corpus restores triggers and indexes, and a failure leaves nothing behind."""

import pytest
from django.db import connection

from bench.corpus import involvement
from bench.corpus import load as corpus_load
from tests.schema import schema
from timeline.models import Event, Party, Sector


def load(events: int, seed: int) -> None:
    corpus_load.load(events=events, seed=seed, say=lambda text: None)


@pytest.mark.django_db(transaction=True)
def test_corpora_of_two_seeds_stand_side_by_side() -> None:
    before = schema()
    load(60, 1)
    load(40, 2)
    assert (Event.objects.count(), Party.objects.count(), Sector.objects.count()) == (100, 440, 27)
    assert schema() == before
    connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_interrupted_corpus_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_keys: int) -> int:
        raise KeyboardInterrupt

    write_as_the_site()
    before = schema(), settings_of_the_file()
    monkeypatch.setattr(corpus_load, "resolve_new", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(30, 3)
    assert (schema(), settings_of_the_file()) == before
    assert (Event.objects.count(), Party.objects.count(), Sector.objects.count()) == (0, 0, 0)
    monkeypatch.setattr(corpus_load, "resolve_new", involvement.resolve_new)
    load(30, 3)
    assert Event.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_corpus_is_made_beside_somebody_who_reads() -> None:
    beside = connection.copy()
    try:
        with beside.cursor() as reader:
            write_as_the_site()
            before = settings_of_the_file()
            reader.execute("SELECT COUNT(*) FROM timeline_event")
            assert reader.fetchone() == (0,)
            load(30, 4)
            reader.execute("SELECT COUNT(*) FROM timeline_event")
            assert reader.fetchone() == (30,)
            assert settings_of_the_file() == before
    finally:
        beside.close()


def write_as_the_site() -> None:
    """Wait for the disk, as tests need not."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")


def settings_of_the_file() -> list[object]:
    """Return SQLite's settings for its file, which loading changes and must restore."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        names = ("journal_mode", "synchronous", "foreign_keys", "cache_size")
        return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
