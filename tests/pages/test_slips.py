"""Mistaken names find their bearers and are shown to editors, and to no reader."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter
from django.utils.translation import override

from tests import factories as make
from tests.parsed_page import Page
from timeline import urls
from timeline.actions import search
from timeline.models import (
    Attendance,
    Citation,
    CommitmentParty,
    EventSector,
    Framework,
    Instrument,
    InstrumentParty,
    Party,
    PartyName,
    Person,
    PersonName,
    Side,
    Source,
)

pytestmark = pytest.mark.django_db

OF_PERSON, OF_PARTY = "Zqslipone", "Zqsliptwo"

SEEN = frozenset({"talks", "promise", "council", "pact", "ml", "aes", "diop", "moscow", "trade"})
"""The slugs of a record of each noun."""


@pytest.fixture(autouse=True)
def bearers() -> tuple[Person, Party]:
    """A person and a bloc at a public event, each with a slip; the bloc's was cited and ended."""
    mali, aes = make.a_state("ml"), make.a_bloc("aes")
    make.a_membership(mali, aes)
    geneva = make.a_place()
    event = make.an_event(slug="talks", parties=(aes,), place=geneva, publication="published")
    EventSector.objects.create(event=event, sector=make.a_sector("trade"))
    diop = make.a_person("diop")
    Attendance.objects.create(event=event, person=diop, party=aes)
    promise = make.a_commitment(event, slug="promise", publication="published")
    CommitmentParty.objects.create(commitment=promise, party=aes, role="obligor")
    council = Framework.objects.create(
        slug="council", title_en="Council", rotation="not_stated", publication="published"
    )
    Side.objects.create(framework=council, party=aes, position=1)
    pact = Instrument.objects.create(
        slug="pact", kind="treaty", title_en="Pact", date="2025-04-03", publication="published"
    )
    InstrumentParty.objects.create(instrument=pact, party=aes)
    PersonName.objects.create(person=diop, name=OF_PERSON, language="fr", slip=True)
    slip = PartyName.objects.create(
        party=aes,
        name=OF_PARTY,
        language="en",
        kind="official",
        starts="2023",
        ends="2026",
        slip=True,
    )
    source = make.a_source()
    Citation.objects.create(source=source, party_name=slip)
    Citation.objects.create(source=source, event=event, field="date")
    search.refresh(events=[event.pk])
    return diop, aes


def addresses(language: str) -> Iterator[str]:
    """Every public address, with every slug and the source that it may take."""
    key = Source.objects.get().pk
    with override(language):
        for pattern in urls.urlpatterns:
            assert isinstance(pattern, URLPattern)
            takes = pattern.pattern.converters
            is_number = isinstance(takes.get("slug"), IntConverter)
            values = [key] if is_number else sorted(SEEN) if takes else [None]
            more: dict[str, Any] = {"second": "ml", "number": 1, "suffix": "csl.json"}
            others = [more[name] for name in takes if name in more]
            for value in values:
                own = [value, *others] if value else []
                if "noun" in takes and "slug" not in takes:
                    yield reverse(f"timeline:{pattern.name}", args=["event", *others])
                    continue
                if "noun" not in takes:
                    yield reverse(f"timeline:{pattern.name}", args=own)
                    continue
                for noun in ("event", "party", "person"):
                    if re.fullmatch(takes["noun"].regex, urls.FOLDERS[noun]):
                        yield reverse(f"timeline:{pattern.name}", args=[noun, *own])
    for look in ("lanes", "matrix", "map"):
        yield f"/{language}/?view={look}"
        yield f"/{language}/picture.svg?view={look}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_and_no_file_says_a_slip(client: Client, language: str) -> None:
    answered = set()
    for address in addresses(language):
        response = client.get(address)
        if response.status_code == 200:
            answered.add(address)
            body = b"".join(response) if response.streaming else response.content
            assert b"zqslip" not in body.replace(b"\r\n ", b"").lower(), address
    assert len(answered) > 30


@pytest.mark.parametrize("words", [OF_PERSON, OF_PARTY])
def test_event_is_found_by_a_slip(client: Client, words: str) -> None:
    assert Page(client.get(f"/en/?q={words}")).texts("//h3/a") != []


def test_text_is_found_by_a_slip_of_its_party(client: Client) -> None:
    assert "Pact" in Page(client.get(f"/en/instruments/?q={OF_PARTY}")).text("//main")


def test_fact_under_a_slip_is_not_counted_for_readers(client: Client) -> None:
    page = Page(client.get(f"/en/sources/{Source.objects.get().pk}/"))
    assert "1 fact" in page.texts("//p[@class='soft']")


def test_name_is_shown_until_it_is_marked_as_a_slip(
    client: Client, bearers: tuple[Person, Party]
) -> None:
    PersonName.objects.update(slip=False)
    PartyName.objects.update(slip=False)
    person, party = bearers
    assert OF_PERSON in Page(client.get(f"/en/people/{person.slug}/")).text("//article")
    assert OF_PARTY in Page(client.get(f"/en/parties/{party.code}/")).text("//aside")
    assert OF_PARTY in Page(client.get("/en/events/talks/")).text("//main")


@pytest.mark.parametrize(("words", "noun"), [(OF_PERSON, "person"), (OF_PARTY, "party")])
def test_editor_finds_the_bearer_by_a_slip_and_sees_it(
    admin_client: Client, bearers: tuple[Person, Party], words: str, noun: str
) -> None:
    found = admin_client.get(reverse(f"admin:timeline_{noun}_changelist") + f"?q={words}")
    record = bearers[noun == "party"]
    address = reverse(f"admin:timeline_{noun}_change", args=[record.pk])
    assert address in found.content.decode()
    form = Page(admin_client.get(address))
    assert form.root.xpath("//input[@name='names-0-name']/@value") == [words]
    assert form.root.xpath("//input[@name='names-0-slip']/@checked") == ["checked"]
