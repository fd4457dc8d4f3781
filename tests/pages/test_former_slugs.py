"""The former slug or code of any noun redirects, as a page and as the value of a filter."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions import merging
from timeline.actions.publication import keep_former_address
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventSector,
    FormerSlug,
    Framework,
    Instrument,
    Party,
    Person,
    Place,
    Sector,
)

pytestmark = pytest.mark.django_db

FILTERED = ("", "embed/", "data/", "events.ics", "commitments/", "picture.svg", "card.png")

PAGES = {
    *(("event", "events/{}/"), ("event", "events/{}.png")),
    *(("commitment", "commitments/{}/"), ("framework", "frameworks/{}/")),
    *(("framework", "frameworks/{}.ics"), ("party", "parties/{}/")),
    *(("sector", "sectors/{}/"), ("person", "people/{}/"), ("instrument", "instruments/{}/")),
    ("place", "places/{}/"),
}

FILTERS = {
    *(("party", "party"), ("party", "obligor"), ("party", "beneficiary"), ("sector", "sector")),
    *(("person", "person"), ("place", "place"), ("framework", "framework")),
    ("instrument", "instrument"),
}

MODELS: dict[str, tuple[type[Model], str]] = {
    "event": (Event, "slug"),
    "commitment": (Commitment, "slug"),
    "framework": (Framework, "slug"),
    "instrument": (Instrument, "slug"),
    "party": (Party, "code"),
    "sector": (Sector, "slug"),
    "person": (Person, "slug"),
    "place": (Place, "slug"),
}


@pytest.fixture
def records() -> None:
    """Published records of each noun with the slug 'first'."""
    party = make.a_bloc("first", name_en="Bloc")
    framework = make.a_framework(
        party, make.a_state("ml"), slug="first", publication="published", published_at=WHEN
    )
    event = make.an_event(
        parties=(party,), slug="first", framework=framework, place=make.a_place("first"),
        publication="published", published_at=WHEN,
    )  # fmt: skip
    Attendance.objects.create(event=event, person=make.a_person("first"), party=party)
    EventSector.objects.create(event=event, sector=make.a_sector("first"))
    make.a_commitment(event, slug="first", publication="published", published_at=WHEN)
    make.a_text(party, slug="first", publication="published", published_at=WHEN)


WHEN = "2025-05-01T00:00:00Z"


def rename(kind: str, before: str, after: str) -> None:
    model, column = MODELS[kind]
    record = model._default_manager.get(**{column: before})
    setattr(record, column, after)
    record.save()
    keep_former_address(record=record, former=before)


def status(client: Client, address: str) -> int:
    response = client.get(address)
    return response.status_code


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(("kind", "page"), sorted(PAGES))
def test_page_of_a_former_slug_leads_to_the_present_one(
    client: Client, kind: str, page: str
) -> None:
    rename(kind, "first", "second")
    rename(kind, "second", "third")
    # Files accept only the parameters that they know.
    query = "" if page.endswith((".png", ".ics")) else "?asof=2025-06-01"
    for former in ("first", "second"):
        response = client.get(f"/en/{page.format(former)}{query}")
        where = f"/en/{page.format('third')}{query}"
        assert (response.status_code, response["Location"]) == (302, where)
        assert "no-cache" in response["Cache-Control"]
    rename(kind, "third", "first")
    assert status(client, f"/en/{page.format('first')}") == 200
    for former in ("second", "third"):
        assert client.get(f"/en/{page.format(former)}")["Location"].startswith(
            f"/en/{page.format('first')}"
        )


def filtered() -> Iterator[Any]:
    """Each parameter on one page, and each page and file by one parameter; all by all in a soak."""
    for kind, parameter in sorted(FILTERS):
        if parameter in ("obligor", "beneficiary"):
            yield pytest.param(kind, parameter, ("commitments/",))
        else:
            soak = () if parameter == "party" else pytest.mark.soak
            yield pytest.param(kind, parameter, FILTERED[:1])
            yield pytest.param(kind, parameter, FILTERED[1:], marks=soak)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(("kind", "parameter", "files"), list(filtered()))
def test_former_slug_is_read_as_the_present_one_in_filters(
    client: Client, kind: str, parameter: str, files: tuple[str, ...]
) -> None:
    rename(kind, "first", "second")
    rename(kind, "second", "third")
    for file in files:
        for former in ("first", "second"):
            assert status(client, f"/en/{file}?{parameter}={former}") == 200, file
    htmx: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
    place = "/en/commitments/" if parameter in ("obligor", "beneficiary") else "/en/"
    response = client.get(f"{place}?{parameter}=first&{parameter}=third", **htmx)
    assert response["HX-Push-Url"] == f"{place}?{parameter}=third"
    page = Page(client.get(f"{place}?{parameter}=first"))
    assert f"{parameter}=first" not in page.root.xpath("string(//main)")
    assert page.root.xpath(f"//input[@name='{parameter}'][@value='first']") == []


@pytest.mark.usefixtures("records")
def test_new_record_wins_a_former_slug_once_readers_may_see_it(client: Client) -> None:
    rename("party", "first", "second")
    rename("event", "first", "second")
    bloc = make.a_bloc("first", name_en="Another bloc")
    draft = make.an_event(slug="first", title_en="Another event", parties=(bloc,))
    assert client.get("/en/parties/first/")["Location"] == "/en/parties/second/"
    assert client.get("/en/events/first/")["Location"] == "/en/events/second/"
    assert Page(client.get("/en/?party=first")).titles != []
    Event.objects.filter(pk=draft.pk).update(publication="published")
    assert "Another bloc" in Page(client.get("/en/parties/first/")).text("//h1")
    assert "Another event" in Page(client.get("/en/events/first/")).text("//h1")
    assert Page(client.get("/en/?party=first")).titles == ["Another event"]


def test_slug_that_readers_never_saw_leads_nowhere(client: Client) -> None:
    party = make.a_bloc("first")
    make.an_event(slug="first", parties=(party,))
    make.a_sector("first")
    for kind in ("party", "event", "sector"):
        rename(kind, "first", "second")
    assert not FormerSlug.objects.exists()
    Event.objects.update(publication="published")
    assert status(client, "/en/parties/first/") == status(client, "/en/events/first/") == 404
    assert status(client, "/en/?party=first") == 400


@pytest.mark.usefixtures("records")
def test_former_slug_of_what_was_hidden_again_leads_nowhere(client: Client) -> None:
    rename("party", "first", "second")
    rename("commitment", "first", "second")
    Framework.objects.update(publication="withdrawn", withdrawn_reason_en="Wrong.")
    Event.objects.update(publication="withdrawn", withdrawn_reason_en="Wrong.")
    Instrument.objects.update(publication="withdrawn", withdrawn_reason_en="Wrong.")
    assert status(client, "/en/parties/first/") == 404
    assert status(client, "/en/?party=first") == 400
    assert client.get("/en/commitments/first/", follow=True).status_code == 410


def test_number_of_a_source_that_was_merged_leads_to_the_one_kept(client: Client) -> None:
    kept, other = make.a_source(), make.a_source()
    event = make.an_event(title_en="Talks", publication="published")
    Citation.objects.create(event=event, source=other)
    merging.merge(kept=kept, other=other, choices={})
    response = client.get(f"/en/sources/{other.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/en/sources/{kept.pk}/")
    assert "no-cache" in response["Cache-Control"]
    assert Page(client.get(f"/en/?source={other.pk}")).titles == ["Talks"]
    htmx: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
    response = client.get(f"/en/?source={other.pk}", **htmx)
    assert response["HX-Push-Url"] == f"/en/?source={kept.pk}"
    assert status(client, "/en/sources/999/") == 404


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("kind", "page"),
    [("event", "events"), ("party", "parties"), ("person", "people"), ("place", "places")],
)
def test_record_that_was_merged_leads_to_the_one_kept(client: Client, kind: str, page: str) -> None:
    model, column = MODELS[kind]
    other = model._default_manager.get(**{column: "first"})
    kept: Any
    match kind:
        case "event":
            kept = make.an_event(slug="kept", publication="published", published_at=WHEN)
        case "party":
            kept = make.a_bloc("kept")
        case "place":
            kept = make.a_place("kept")
        case _:
            kept = make.a_person("kept")
    merging.merge(kept=kept, other=other, choices={})
    assert client.get(f"/en/{page}/first/")["Location"] == f"/en/{page}/kept/"
    assert status(client, f"/en/{page}/kept/") == 200
