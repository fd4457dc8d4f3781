"""Cards are cached for a revision of their event, and never older than the record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils.translation import override

from tests import factories as make
from tests.caches import clear_caches
from tests.parsed_page import TODAY, Page
from timeline.database import version
from timeline.models import (
    Citation,
    Commitment,
    Event,
    EventSector,
    Framework,
    Office,
    Participation,
    Party,
    PartyName,
    Person,
    Place,
    Sector,
    Source,
    Statement,
)
from timeline.pages import _cards as kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    clear_caches()


@pytest.fixture
def event() -> Event:
    """A published event with everything that a card can show."""
    mali, russia = make.a_state("ml"), make.a_state("ru")
    place = make.a_place("moscow", party=russia)
    framework = make.a_framework(russia, mali, publication="published")
    row = make.an_event(
        parties=(mali,), host=russia, publication="published", place=place, framework=framework
    )
    EventSector.objects.create(event=row, sector=make.a_sector("energy"))
    lavrov = make.a_person("lavrov")
    office = Office.objects.create(person=lavrov, title_en="Minister", starts="2004")
    Statement.objects.create(
        event=row, person=lavrov, party=russia, office=office, language="en", text="We agreed."
    )
    source = make.a_source(publisher="TASS")
    Citation.objects.create(event=row, source=source, field="date", value_given="2025-04-04")
    make.a_commitment(row, publication="published")
    return row


def cards(*ids: int) -> dict[int, kept.CardMarkup]:
    return kept.cards(kept.read(ids))


def shown(event: Event) -> str:
    return cards(event.pk)[event.pk].html(TODAY, "/?sector=")


def all_of(model: Any, **values: Any) -> Callable[[Event], object]:
    """Return a change of all rows of a model by SQL."""
    return lambda event: model.objects.update(**values)


CHANGES: dict[str, Callable[[Event], object]] = {
    "title": all_of(Event, title_en="Other", title_fr="Autre"),
    "date": lambda event: Event.objects.filter(pk=event.pk).update(date="2024-01"),
    "kind": all_of(Event, kind="summit"),
    "state": all_of(Event, state="cancelled"),
    "participation": lambda event: Participation.objects.create(
        event=event, party=make.a_state("ne")
    ),
    "no participation": lambda event: event.participations.all().delete(),
    "name of a party": all_of(Party, name_en="Renamed", name_fr="Renommée"),
    "former name of a party": lambda event: [
        PartyName.objects.create(
            party=event.participations.get(role="host").party,
            **{"name": "Former", "language": language, "kind": "short", "ends": "2026"},
        )
        for language in ("fr", "en")
    ],
    "name of a sector": all_of(Sector, name_en="Renamed", name_fr="Renommé"),
    "parent of a sector": lambda event: Sector.objects.update(parent=make.a_sector("trade")),
    "name of the place": all_of(Place, name_en="Kazan", name_fr="Kazan"),
    "another place": lambda event: make.also_at(event, make.a_place("bamako")),
    "no place": lambda event: event.place_links.all().delete(),
    "words of a statement": all_of(Statement, text="We did not."),
    "name of a person": all_of(Person, name_en="Sergey", name_fr="Sergueï"),
    "title of an office": all_of(Office, title_en="Envoy", title_fr="Envoyé"),
    "value of a citation": all_of(Citation, value_given="2025-04-05"),
    "another source": lambda event: Citation.objects.create(event=event, source=make.a_source()),
    "publisher of a source": all_of(Source, publisher="AFP"),
    "number of commitments": all_of(Commitment, publication="draft"),
    "title of the framework": all_of(Framework, title_en="Other", title_fr="Autre"),
    "framework no longer public": all_of(Framework, publication="draft"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_card_is_made_again_when_anything_that_it_shows_changes(
    event: Event, change: Callable[[Event], object]
) -> None:
    before = {}
    for language in ("fr", "en"):
        with override(language):
            before[language] = shown(event)
    change(event)
    for language in ("fr", "en"):
        with override(language):
            after = shown(event)
            with transaction.atomic():
                assert after == shown(event)
            assert after != before[language]


def test_card_that_nothing_touched_is_not_read_again(
    event: Event, django_assert_num_queries: Any
) -> None:
    first = shown(event)
    make.an_event(publication="published")
    with version.one_version(), django_assert_num_queries(3):
        again = cards(event.pk)
    assert again[event.pk].html(TODAY, "/?sector=") == first


@pytest.mark.parametrize("count", [1, 3])
def test_missing_cards_are_read_in_as_many_queries_however_many(
    event: Event, django_assert_num_queries: Any, count: int
) -> None:
    ids = [event.pk, *(make.an_event(parties=(make.a_state(c),)).pk for c in "abc"[: count - 1])]
    make.also_at(event, *(make.a_place(f"place-{number}") for number in range(count)))
    with version.one_version(), django_assert_num_queries(11):
        assert list(cards(*ids)) == ids


@pytest.mark.usefixtures("in_english")
def test_card_made_in_a_transaction_is_kept_for_nobody(event: Event) -> None:
    with transaction.atomic():
        Event.objects.filter(pk=event.pk).update(title_en="Never")
        assert "Never" in shown(event)
        transaction.set_rollback(True)
    assert "Never" not in shown(event)


def test_event_that_is_gone_has_no_card(event: Event) -> None:
    other = make.an_event(publication="published")
    ids = [other.pk, event.pk]
    assert list(cards(*ids)) == ids
    Event.objects.filter(pk=other.pk).delete()
    assert list(cards(*ids)) == [event.pk]


def test_cache_that_fails_breaks_no_page(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise OSError("unreachable")

    whole = shown(event)
    monkeypatch.setattr(cache, "get_many", fail)
    monkeypatch.setattr(cache, "set_many", fail)
    assert shown(event) == whole


def test_unconfirmed_and_upcoming_turn_with_the_day(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(state="planned")
    with override("en"):
        card = cards(event.pk)[event.pk]
    last = event.latest
    following = last.replace(day=last.day + 1)
    assert (card.is_upcoming(last), card.is_upcoming(following)) == (True, False)
    assert "no source seen since" not in card.html(last, "/?sector=")
    assert "Planned for 3 April 2025; no source seen since." in card.html(following, "/?sector=")


def test_tag_narrows_the_list_that_its_card_is_in(client: Client, event: Event) -> None:
    # The second answer is made of the card that the first one left in the cache.
    assert {
        address: Page(client.get(address)).root.xpath("//p[@class='tags'][@data-swap]/a/@href")
        for address in ("/en/", "/en/?party=ml&order=oldest", "/en/embed/?party=ml")
    } == {
        "/en/": ["/en/?sector=energy"],
        "/en/?party=ml&order=oldest": ["/en/?party=ml&order=oldest&sector=energy"],
        "/en/embed/?party=ml": ["/en/?party=ml&sector=energy"],
    }
    page = Page(client.get(f"/en/events/{event.slug}/"))
    assert page.root.xpath("//a[@class='tag']/@href") == ["/en/sectors/energy/"]
