"""Pages of sources: their kinds, who carries them, and their archived copies."""

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.core.codes import SourceKind
from timeline.models import Citation, Event, Source

pytestmark = pytest.mark.django_db


def cited(**values: str) -> Source:
    source = make.a_source(title="A text", **values)
    event = make.an_event(slug="talks", publication="published")
    Citation.objects.create(source=source, event=event, field="date")
    return source


def test_carrier_is_named_on_every_page_that_names_the_publisher(client: Client) -> None:
    source = cited(publisher="AFP", carried_by="Le Sahel", kind="independent")
    (listed,) = Page(client.get("/en/sources/")).texts("//main//ul[@class='index']/li/small")
    assert listed == "AFP, carried by Le Sahel · Independent press · 1 citation"
    facts = Page(client.get(f"/fr/sources/{source.pk}/")).texts("//aside//dl/*")
    assert facts[:4] == ["Éditeur", "AFP", "Repris par", "Le Sahel"]
    (line,) = Page(client.get("/fr/events/talks/")).texts("//ol[@class='sources']/li/p")
    assert line == "A text · AFP, repris par Le Sahel · Presse indépendante · document"


def test_carrier_is_named_without_a_publisher(client: Client) -> None:
    cited(carried_by="Le Sahel", kind="joint")
    (line,) = Page(client.get("/en/events/talks/")).texts("//ol[@class='sources']/li/p")
    assert line == "A text · carried by Le Sahel · Joint text · document"


def test_nothing_is_said_of_copies_for_which_nobody_looked(client: Client) -> None:
    source = cited()
    assert Page(client.get(f"/en/sources/{source.pk}/")).texts("//aside//dt") == ["Address"]
    Source.objects.update(no_archive_reason_en="The archive refuses this site.")
    assert Page(client.get(f"/en/sources/{source.pk}/")).texts("//aside//dl/*")[2:] == [
        "Archived copy",
        "The archive refuses this site.",
    ]


@pytest.mark.parametrize("kind", SourceKind)
def test_events_are_found_by_every_kind_of_source(client: Client, kind: SourceKind) -> None:
    cited(kind=kind.value)
    make.an_event(publication="published")
    found = Event.objects.get(slug="talks")
    for other in SourceKind:
        page = Page(client.get(f"/en/?source_kind={other}"))
        titles = page.texts("//h3/a")
        assert titles == ([found.title_en] if other == kind else [])
