"""The search texts of events, which are updated when something on their pages is written."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests import factories as make
from timeline.actions import events, memberships, search
from timeline.core.folding import REVISION, parse_query
from timeline.database.fulltext import SearchField
from timeline.index import fulltext_lookup
from timeline.models import (
    Attendance,
    Event,
    Party,
    PartyName,
    PersonName,
    RecordVersion,
    Sector,
    Source,
    Statement,
)

pytestmark = pytest.mark.django_db


def found_by(beginning: str) -> list[str]:
    """Return the slugs of the events whose text has a word with this beginning."""
    rows = Event.objects.filter(folded_text__contains=f" {beginning}").order_by("slug")
    return list(rows.values_list("slug", flat=True))


def test_event_is_found_by_all_that_its_page_says() -> None:
    mali, aes = make.a_state("ml", name_fr="Mali"), make.a_bloc("aes", short_fr="ConfAES")
    PartyName.objects.create(party=aes, name="Alliance of Sahel States", language="en", kind="full")
    make.a_membership(mali, aes)
    person = make.a_person("lavrov", name_fr="Sergueï Lavrov")
    PersonName.objects.create(person=person, name="Lavroff", language="fr")
    event = make.an_event(
        parties=(aes,),
        slug="e",
        title_fr="Première session",
        summary_en="Consultations opened",
        venue_fr="Hôtel",
        place=make.a_place("moscow", name_fr="Moscou"),
    )
    speaker = make.a_person("diop", name_en="Abdoulaye Diop")
    Statement.objects.create(
        event=event, person=speaker, language="ru", text="Слово", translation_fr="Un mot d’été"
    )
    Attendance.objects.create(event=event, person=person, party=mali)
    events.refresh_derived(events=[event.pk])
    queries = (
        *("premiere", "consultations", "hotel", "moscou", "moscow", "слово", "mot d ete"),
        *("mali", "confaes", "alliance of sahel", "serguei", "lavroff", "diop"),
    )
    assert [query for query in queries if found_by(query) != ["e"]] == []


def test_phrase_does_not_run_from_one_text_into_the_next() -> None:
    make.an_event(slug="e", title_fr="Un sommet", title_en="A summit")
    assert (found_by("un sommet"), found_by("sommet a")) == (["e"], [])


def test_event_is_not_found_by_its_former_texts() -> None:
    event = make.an_event(slug="e", title_en="Visit")
    event.title_en = "Summit"
    event.save()
    events.refresh_derived(events=[event.pk])
    assert (found_by("visit"), found_by("summit")) == ([], ["e"])


def test_event_is_found_by_a_member_while_it_belongs() -> None:
    mali, aes = make.a_state("ml", name_en="Mali"), make.a_bloc("aes")
    make.an_event(slug="e", parties=(aes,))
    membership = make.a_membership(mali, aes, "2023-09-16")
    before = found_by("mali")
    memberships.remove(membership=membership)
    assert (before, found_by("mali")) == (["e"], [])


def test_events_that_name_a_record_are_known() -> None:
    mali, aes, other = make.a_state("ml"), make.a_bloc("aes"), make.a_state("tg")
    make.a_membership(mali, aes)
    place, person, speaker = make.a_place(), make.a_person(), make.a_person("diop")
    through = make.an_event(parties=(aes,))
    there = make.an_event(place=place)
    Attendance.objects.create(event=through, person=person, party=mali)
    Statement.objects.create(event=there, person=speaker, language="fr", text="Oui")
    events_by_record = [
        search.events_naming(parties=[mali.pk]),
        search.events_naming(parties=[other.pk]),
        search.events_naming(people=[person.pk]),
        search.events_naming(people=[speaker.pk]),
        search.events_naming(places=[place.pk]),
    ]
    assert events_by_record == [[through.pk], [], [through.pk], [there.pk], [there.pk]]


def test_only_what_differs_is_written() -> None:
    event = make.an_event(slug="e")
    entries = event.history.count()
    Event.objects.filter(pk=event.pk).update(folded_text="stale")
    assert (search.refresh(), search.refresh()) == ([event.pk], [])
    assert event.history.count() == entries


def test_many_events_are_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [make.an_event().pk for _ in range(5)]
    Event.objects.update(folded_text="stale")
    monkeypatch.setattr(search, "_READ_BATCH", 2)
    assert search.refresh(events=keys) == keys
    assert found_by("meeting") == list(
        Event.objects.order_by("slug").values_list("slug", flat=True)
    )


def test_check_names_what_differs_and_exits_1_and_changes_nothing() -> None:
    make.an_event(slug="e", title_en="Visit")
    Event.objects.update(folded_text="stale")
    output = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("rebuild_search", "--check", stdout=output)
    assert (stopped.value.code, output.getvalue()) == (1, "e: differs.\n")
    assert found_by("visit") == []
    mended = StringIO()
    call_command("rebuild_search", stdout=mended)
    assert (mended.getvalue(), found_by("visit")) == ("e: brought up to date.\n", ["e"])
    Party.objects.filter(code=make.a_state("ml").code).update(folded_names="stale")
    second_output = StringIO()
    with pytest.raises(SystemExit):
        call_command("rebuild_search", "--check", stdout=second_output)
    assert second_output.getvalue() == f"party {Party.objects.get().pk}: differs.\n"
    call_command("rebuild_search", stdout=StringIO())
    again = StringIO()
    call_command("rebuild_search", "--check", stdout=again)
    assert again.getvalue() == "The searched text is as the record says; nothing differs.\n"


@pytest.fixture
def stale(transactional_db: None) -> None:
    """A record with search texts of another revision of the code."""
    for number in range(5):
        make.an_event(slug=f"e{number}", title_fr="Négociations", title_en="Meeting")
    make.a_sector(name_fr="Énergie")
    PartyName.objects.create(party=make.a_state("ru"), name="Россия", language="ru", kind="full")
    make.a_source(title="Été")
    Event.objects.update(folded_title="stale", folded_text="stale")
    Sector.objects.update(folded_names="")
    PartyName.objects.update(folded_name="")
    Source.objects.update(sort_title="stale", folded_text="")
    RecordVersion.objects.update(search_forms=REVISION - 1)


def forms() -> tuple[str, ...]:
    return (
        *Event.objects.order_by("pk").values_list("folded_title", flat=True),
        *Sector.objects.values_list("folded_names", flat=True),
        *PartyName.objects.values_list("folded_name", flat=True),
        *Source.objects.values_list("sort_title", flat=True),
        *Source.objects.values_list("folded_text", flat=True),
    )


MADE_ANEW = (
    *[" negociations ~ meeting ~ ~fnegoci ~emeet "] * 5,
    " energie ~ trade ~ ~fenerg ~etrade ",
    " россия ~ ~rроссия ~rросс ",
    *("ete", " ete "),
)


@pytest.mark.usefixtures("stale")
def test_search_texts_of_another_revision_are_made_again_once_after_migrating() -> None:
    era = RecordVersion.objects.get().epoch
    call_command("migrate", verbosity=0)
    assert forms() == MADE_ANEW
    assert RecordVersion.objects.get().search_forms == REVISION
    assert RecordVersion.objects.get().epoch != era
    assert len(fulltext_lookup.keys(parse_query("négocier").terms[0], SearchField.TEXT)) == 5
    Sector.objects.update(folded_names="kept")
    call_command("migrate", verbosity=0)
    assert Sector.objects.get().folded_names == "kept"


@pytest.mark.usefixtures("stale")
def test_interrupted_making_of_search_texts_starts_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_WRITE_BATCH", 2)

    def stop(line: str) -> None:
        raise KeyboardInterrupt(line)

    monkeypatch.setattr(search, "_REPORT_EVERY", 3)
    with pytest.raises(KeyboardInterrupt, match="3 of 5 events"):
        search.recompute_forms(stop)
    assert forms().count("stale") == 1
    call_command("migrate", verbosity=0)
    assert (forms(), RecordVersion.objects.get().search_forms) == (MADE_ANEW, REVISION)
