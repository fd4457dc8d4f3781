"""The full-text index follows every change of events, and is rebuilt once if it does not."""

from collections.abc import Callable, Iterable

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from tests import factories as make
from timeline.actions.events import refresh_derived
from timeline.core.folding import MAX_SEARCH_TEXT, LanguageText, parse_query, search_text
from timeline.database import fulltext
from timeline.database.fulltext import SearchField
from timeline.database.install import install, uninstall_before_migrate
from timeline.index import fulltext_lookup
from timeline.models import Event, PartyName, PersonName, Statement

pytestmark = pytest.mark.django_db(transaction=True)

only_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps its indexes itself"
)


def found(word: str) -> list[int]:
    (term,) = parse_query(f"{word}.")
    return fulltext_lookup.keys(term, SearchField.TEXT).tolist()


def say(event: Event, form: str) -> None:
    Event.objects.filter(pk=event.pk).update(folded_text=form)


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Iterable[str]]:
    """Return the statements that rebuild the index in one more installation."""

    def ensure() -> list[str]:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            fulltext.install(connection)
        return [query["sql"] for query in captured.captured_queries if "rebuild" in query["sql"]]

    return ensure


def test_event_is_found_by_what_it_says_now() -> None:
    event, other = make.an_event(title_en="Visit"), make.an_event(title_en="Summit")
    assert (found("visit"), found("summit")) == ([event.pk], [other.pk])
    say(event, " summit ")
    assert (found("visit"), found("summit")) == ([], [event.pk, other.pk])
    Event.objects.filter(pk=event.pk).update(duration_en="Two days")
    assert found("summit") == [event.pk, other.pk]
    other.delete()
    assert found("summit") == [event.pk]


def test_change_that_is_taken_back_leaves_what_is_found() -> None:
    event = make.an_event(title_en="Visit")
    with transaction.atomic():
        say(event, " summit ")
        assert found("visit") == []
        transaction.set_rollback(True)
    assert (found("visit"), found("summit")) == ([event.pk], [])


def test_emptied_database_finds_nothing_and_then_what_is_new() -> None:
    make.an_event(title_en="Visit")
    call_command("flush", interactive=False, verbosity=0)
    assert found("visit") == []
    event = make.an_event(title_en="Visit")
    assert found("visit") == [event.pk]


def test_index_is_rebuilt_once_after_a_bulk_load() -> None:
    first, gone = make.an_event(title_en="Visit"), make.an_event(title_en="Visit")
    fulltext.uninstall(connection)
    rows = [
        Event(slug=f"e{n}", date="2025", kind="visit", title_en="Visit", folded_text=" visit ")
        for n in range(3)
    ]
    Event.objects.bulk_create(rows)
    gone.delete()
    say(first, " summit ")
    fulltext.install(connection)
    assert found("visit") == [row.pk for row in rows]
    assert found("summit") == [first.pk]
    say(rows[0], " summit ")
    assert found("visit") == [row.pk for row in rows[1:]]


@only_sqlite
def test_existing_index_is_not_rebuilt(made_anew: Callable[[], list[str]]) -> None:
    assert made_anew() == []
    fulltext.uninstall(connection)
    assert (len(made_anew()), made_anew()) == (1, [])


@only_sqlite
def test_migrations_rebuild_the_index_only_where_they_remake_the_table_of_events(
    made_anew: Callable[[], list[str]],
) -> None:
    event = make.an_event(title_en="Visit")
    state = MigrationLoader(connection).project_state().apps
    for model, rebuilds in (("Party", 0), ("Event", 1)):
        uninstall_before_migrate(using="default", plan=("something",))
        try:
            with connection.schema_editor() as editor:
                editor._remake_table(state.get_model("timeline", model))  # type: ignore[attr-defined]
            say(event, " summit ")
            assert len(made_anew()) == rebuilds
        finally:
            install(connection)
        assert (found("visit"), found("summit")) == ([], [event.pk])
        say(event, " visit ")
        assert (found("visit"), found("summit")) == ([event.pk], [])


@only_sqlite
@pytest.mark.parametrize("name", ["timeline_eventsearch", "timeline_eventword"])
def test_index_made_otherwise_is_made_again(name: str) -> None:
    event = make.an_event(title_en="Visit")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE timeline_eventword")
        cursor.execute("DROP TABLE timeline_eventsearch")
        cursor.execute(
            "CREATE VIRTUAL TABLE timeline_eventsearch USING fts5(folded_text, content='')"
        )
    fulltext.install(connection)
    assert (found("visit"), fulltext_lookup.common_words(1)[:1] != []) == ([event.pk], True)


def test_longest_text_is_found_by_each_word_that_counts() -> None:
    event = make.an_event(title_en="Visit")
    form = search_text(LanguageText(" ".join(f"𞤢{'𞤣' * 30}{number}" for number in range(20_000))))
    say(event, form)
    words = form.split()
    assert (len(form) <= MAX_SEARCH_TEXT, len(words) > 6000) == (True, True)
    assert [word for word in words[::500] if found(word) != [event.pk]] == []


def test_blanks_of_a_text_written_by_hand_do_not_matter() -> None:
    event = make.an_event(title_en="Visit")
    say(event, "  summit   opened ")
    assert (found("summit"), found("opened")) == ([event.pk], [event.pk])


# Migrations do not change any more; the gate takes a record over from a later one, in
# tests/models/test_migrations.py.
@pytest.mark.soak
def test_migration_folds_existing_records_again() -> None:
    mali, aes = make.a_state("ml", name_fr="Mali"), make.a_bloc("aes", short_fr="AES")
    make.a_membership(mali, aes)
    PartyName.objects.create(party=aes, name="AGS", language="en", kind="short")
    speaker = make.a_person("lavrov", name_fr="Sergueï Lavrov")
    PersonName.objects.create(person=speaker, name="Лавров", language="ru")
    place = make.a_place("moscow", name_fr="Moscou")
    event = make.an_event(
        parties=(aes,), title_fr="Consultations", venue_en="Hotel", place=place, summary_fr="Été"
    )
    values = {"person": speaker, "language": "ru", "translation_fr": "Nous aiderons"}
    Statement.objects.create(event=event, text="Поможем", **values)
    Statement.objects.create(event=event, text="Да", position=1, **values)
    commitment = make.a_commitment(event, title_fr="Aides", wording_en="They help")
    refresh_derived(events=[event.pk])
    columns = "folded_title", "folded_quotation", "folded_text"
    before = (
        Event.objects.values_list(*columns).get(),
        (commitment.folded_title, commitment.folded_text),
    )
    try:
        call_command("migrate", "timeline", "0005", verbosity=0)
        with connection.cursor() as cursor:
            for table in ("timeline_event", "timeline_commitment"):
                cursor.execute(f"UPDATE {table} SET folded_title = ' x ', folded_text = ' x '")  # noqa: S608
    finally:
        call_command("migrate", verbosity=0)
    commitment.refresh_from_db()
    after = (
        Event.objects.values_list(*columns).get(),
        (commitment.folded_title, commitment.folded_text),
    )
    assert after == before
    assert [found(word) for word in ("aider", "лавров", "ags", "x")] == [[event.pk]] * 3 + [[]]
