"""The index in use: a base in memory that follows the record and is never older than it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests import factories as make
from tests.threads import elsewhere
from timeline.actions import search
from timeline.actions.events import refresh_derived
from timeline.core.question import Question
from timeline.database import triggers, version
from timeline.index import current, fulltext_lookup, incremental, loader
from timeline.index.incremental import LiveIndex
from timeline.index.sql import SqlIndex
from timeline.index.state import IndexState
from timeline.models import Event, EventSector, Framework, Party

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = dt.date(2026, 6, 1)


@pytest.fixture
def index(tmp_path: Path) -> LiveIndex:
    return LiveIndex(tmp_path / "index")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what was read of the record for an answer: whole bases, and changed events."""
    sources: list[str] = []

    def noted(name: str) -> None:
        read: Callable[..., Any] = getattr(loader, name)

        def wrapped(*args: Any) -> Any:
            sources.append(name)
            return read(*args)

        monkeypatch.setattr(loader, name, wrapped)

    noted("read")
    noted("read_some")
    return sources


@pytest.fixture
def no_plain_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_options: object) -> None:
        raise AssertionError("plain SQL was asked")

    monkeypatch.setattr(SqlIndex, "answer", refused)


def an_event(**values: Any) -> Event:
    event = make.an_event(publication="published", **values)
    search.refresh(events=[event.pk])
    return event


def total(index: LiveIndex, **filters: Any) -> int:
    return index.answer(Question(**filters), today=TODAY).total


def test_answer_follows_every_change_at_once(index: LiveIndex, no_plain_sql: None) -> None:
    assert total(index) == 0
    first = an_event(title_en="Energy talks")
    assert (total(index), total(index, q="energy")) == (1, 1)
    an_event(title_en="Visit")
    assert (total(index), total(index, q="energy")) == (2, 1)
    Event.objects.filter(pk=first.pk).update(publication="draft")
    assert (total(index), total(index, q="energy")) == (1, 0)
    first.delete()
    assert [*index.matching(Question(), today=TODAY)] == [
        *Event.objects.values_list("pk", flat=True)
    ]


def test_base_is_read_once_and_then_only_what_has_changed(
    index: LiveIndex, reads: list[str], no_plain_sql: None
) -> None:
    event = an_event()
    assert total(index) == total(index) == 1
    assert reads == ["read", "read_some"]
    EventSector.objects.create(event=event, sector=make.a_sector("energy"))
    for _ in range(3):
        assert total(index, sectors=("energy",)) == 1
    assert reads == ["read", "read_some", "read_some"]


def test_answer_from_memory_makes_one_query(
    index: LiveIndex, django_assert_num_queries: Any
) -> None:
    an_event(title_en="Energy talks")
    total(index, q="energy")
    with django_assert_num_queries(1):
        assert total(index) == 1
    with django_assert_num_queries(1):
        assert total(index, q="energy") == 1


def test_addressees_are_left_out_in_the_base_and_among_what_has_changed(
    index: LiveIndex, no_plain_sql: None
) -> None:
    algeria, aes = make.a_state("dz"), make.a_bloc("aes")
    make.a_membership(algeria, aes)

    def act(*parties: Party) -> None:
        event = make.an_event(publication="published", parties=parties)
        event.participations.create(party=algeria, role="addressee")
        refresh_derived(events=[event.pk])

    def found(**filters: Any) -> tuple[int, int, int]:
        question = Question(met=True, **filters)
        answer = index.answer(question, today=TODAY)
        crossed = index.pair_counts(question, ("party", ["dz"]), ("party", ["aes"]))
        return answer.total, answer.options["party"].get("dz", 0), crossed.get(("dz", "aes"), 0)

    act()
    act(aes)
    assert total(index) == 2
    for more in (0, 1, 2):
        assert total(index, parties=("dz",)) == 2 + 2 * more
        assert found(parties=("dz",)) == (1 + more, 1 + more, 1 + more)
        assert found(parties=("dz",), direct=True) == (0, 0, 0)
        assert found() == (2 + 2 * more, 1 + more, 1 + more)
        act()
        act(aes)
    assert index.answer(Question(met=True), today=TODAY).indirect["dz"] == 4


def test_renamed_values_are_known_at_once(index: LiveIndex, no_plain_sql: None) -> None:
    framework = make.a_framework(slug="talks", publication="published")
    an_event(parties=(make.a_state("ml"),), framework=framework)
    assert index.answer(Question(), today=TODAY).options["framework"] == {"talks": 1}
    Framework.objects.update(slug="dialogue")
    Party.objects.update(code="mli")
    answer = index.answer(Question(), today=TODAY)
    assert answer.options["framework"] == {"dialogue": 1}
    assert answer.options["party"] == {"mli": 1}
    Framework.objects.update(publication="draft")
    assert index.answer(Question(), today=TODAY).options["framework"] == {}


def test_transaction_sees_its_own_changes_and_nobody_else_does(index: LiveIndex) -> None:
    with transaction.atomic():
        an_event()
        assert total(index) == 1
        transaction.set_rollback(True)
    assert total(index) == 0


def test_words_looked_up_before_a_change_are_not_used_for_what_changed(
    index: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_event(title_en="Energy talks")
    other = an_event(title_en="Talks")
    assert total(index, q="talks") == 2
    original = fulltext_lookup.keys

    def disturbed(term: Any, zone: Any) -> Any:
        result = original(term, zone)
        elsewhere(lambda: Event.objects.filter(pk=other.pk).update(folded_text=" energy "))
        return result

    monkeypatch.setattr(fulltext_lookup, "keys", disturbed)
    answer = index.answer(Question(q="energy"), today=TODAY)
    assert answer.total == 1
    assert (total(index, q="energy"), total(index, q="talks")) == (2, 1)


def test_reader_left_behind_is_answered_from_the_version_that_it_sees(index: LiveIndex) -> None:
    an_event(title_en="Energy talks")
    other = an_event(title_en="Talks")
    assert total(index) == 2

    def change() -> None:
        Event.objects.filter(pk=other.pk).update(folded_text=" energy ")
        an_event(title_en="Talks on energy")
        assert (total(index, q="energy"), total(index, q="talks")) == (3, 2)

    with version.one_version():
        assert version.current() is not None
        elsewhere(change)
        assert (total(index), total(index, q="energy"), total(index, q="talks")) == (2, 1, 2)
    assert (total(index), total(index, q="energy"), total(index, q="talks")) == (3, 3, 2)


def test_reader_left_behind_leaves_the_later_state_to_others(
    index: LiveIndex, reads: list[str]
) -> None:
    an_event()
    assert total(index) == 1

    def change() -> None:
        an_event()
        assert total(index) == 2

    with version.one_version():
        assert version.current() is not None
        elsewhere(change)
        assert total(index) == 1
    before = len(reads)
    assert total(index) == 2
    assert len(reads) == before


def test_reader_left_behind_by_a_new_base_is_answered_from_its_version(
    index: LiveIndex, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "MERGE_AFTER", 1)
    an_event()
    assert total(index) == 1

    def change() -> None:
        for expected in (2, 3, 4):
            an_event()
            assert total(index) == expected

    with version.one_version():
        assert version.current() is not None
        elsewhere(change)
        assert total(index) == 1
    assert total(index) == 4
    assert reads.count("read") == 1


def test_many_changes_become_a_part_of_the_base(
    index: LiveIndex, reads: list[str], monkeypatch: pytest.MonkeyPatch, no_plain_sql: None
) -> None:
    monkeypatch.setattr(incremental, "MERGE_AFTER", 3)
    an_event()
    assert total(index) == 1
    for expected in range(2, 9):
        an_event()
        assert total(index) == expected
    state = index.refreshed()
    assert state is not None
    assert len(state.base.segment) + len(state.changed.segment) - len(state.deleted) == 8
    assert len(state.base.segment) > 1
    assert reads.count("read") == 1


def test_too_many_changes_are_read_in_the_background_while_plain_sql_answers(
    index: LiveIndex, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    an_event()
    assert total(index) == 1
    monkeypatch.setattr(incremental, "REREAD_AFTER", 2)
    for _ in range(4):
        an_event()
    assert total(index) == 5
    assert finished(index).base.segment.events.keys.size == 5
    assert total(index) == 5
    assert reads.count("read") == 2


def finished(index: LiveIndex) -> IndexState:
    """Return the state of the index once its background work is done."""
    if index._worker is not None:
        index._worker.join(timeout=30)
    state = index.refreshed()
    assert state is not None
    return state


def test_large_base_is_made_in_the_background_and_kept(
    index: LiveIndex, tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "SMALL_RECORD", 1)
    an_event()
    an_event()
    assert total(index) == 2
    assert len(finished(index).base.segment) == 2
    assert reads.count("read") == 1
    an_event()
    restarted = LiveIndex(tmp_path / "index")
    assert total(restarted) == 3
    assert reads.count("read") == 1


def test_common_words_of_a_large_record_are_looked_up_ahead(
    index: LiveIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "SMALL_RECORD", 1)
    monkeypatch.setattr(
        fulltext_lookup, "common_words", lambda least: ["energy"] if least == 0 else []
    )
    terms: list[str] = []
    looked_up = fulltext_lookup.keys

    def noted(term: Any, zone: Any) -> Any:
        terms.append(term.text)
        return looked_up(term, zone)

    monkeypatch.setattr(fulltext_lookup, "keys", noted)
    an_event(title_en="Energy talks")
    an_event(title_en="Visit")
    assert total(index) == 2
    finished(index)
    assert terms == ["energy"]
    assert total(index, q="energy") == 1
    assert terms == ["energy"]
    restarted = LiveIndex(tmp_path / "index")
    assert total(restarted) == 2
    finished(restarted)
    assert terms == ["energy", "energy"]


def test_new_era_of_the_record_makes_a_new_base(index: LiveIndex, reads: list[str]) -> None:
    event = an_event()
    assert total(index) == 1
    triggers.uninstall(connection)
    Event.objects.filter(pk=event.pk).update(publication="draft")
    triggers.install(connection)
    assert total(index) == 0
    assert reads.count("read") == 2


def test_older_record_put_back_makes_a_new_base(index: LiveIndex, reads: list[str]) -> None:
    event = an_event()
    assert total(index) == 1
    with connection.cursor() as cursor:
        triggers.uninstall(connection)
        cursor.execute("UPDATE timeline_event SET publication = 'draft' WHERE id = %s", [event.pk])
        cursor.execute("UPDATE timeline_recordversion SET number = number - 1, etag = 'other'")
    assert total(index) == 0
    triggers.install(connection)


def test_base_that_cannot_be_made_leaves_plain_sql_answering(
    index: LiveIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(incremental, "SMALL_RECORD", 0)

    def fails() -> None:
        raise OSError("no memory")

    monkeypatch.setattr(incremental, "read_base", fails)
    an_event()
    assert total(index) == 1
    assert index._worker is not None
    index._worker.join(timeout=30)
    assert total(index) == 1
    assert "plain SQL answers meanwhile" in caplog.text


def test_plain_sql_answers_from_one_state(
    index: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_event()
    monkeypatch.setattr(LiveIndex, "_state_of", lambda _self, _seen: None)
    answer = SqlIndex.answer

    def disturbed(plain: SqlIndex, question: Question, *, today: dt.date) -> Any:
        before = answer(plain, question, today=today)
        elsewhere(an_event)
        assert answer(plain, question, today=today) == before
        return before

    monkeypatch.setattr(SqlIndex, "answer", disturbed)
    assert total(index) == 1


def test_check_finds_nothing_where_both_agree(
    own_demo: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_index", questions=60)
    assert capsys.readouterr().out == "60 questions have one answer.\n"


def test_check_names_what_differs_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    an_event()
    current.current.cache_clear()
    monkeypatch.setattr(IndexState, "_indirect", lambda *_: {"zz": 1})
    with pytest.raises(CommandError, match="answered in two ways"):
        call_command("check_index", questions=3)
    assert "differs: no filter: indirect: {'zz': 1} in memory" in capsys.readouterr().out


def test_build_keeps_an_index_that_is_loaded(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str], reads: list[str]
) -> None:
    settings.VAR_DIR = tmp_path
    an_event()
    call_command("build_index")
    assert capsys.readouterr().out == "1 events are in the index.\n"
    assert total(LiveIndex(tmp_path / "index")) == 1
    assert reads.count("read") == 1


def test_large_record_without_a_kept_base_wants_one(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    an_event()
    assert not incremental.needs_base(current.folder())
    monkeypatch.setattr(incremental, "SMALL_RECORD", 0)
    assert incremental.needs_base(current.folder())
    call_command("build_index", verbosity=0)
    assert not incremental.needs_base(current.folder())
    an_event()
    assert not incremental.needs_base(current.folder())
