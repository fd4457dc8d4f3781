"""Events that begin, end or announce memberships, and the blocs that only such events name."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.parsed_page import Page
from timeline.models import Citation, Event, MembershipRemark, Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LINES = "//section[@aria-labelledby='belongings']/ul/li"


@pytest.fixture
def bloc() -> Party:
    return make.a_bloc("oif", name_en="La Francophonie")


@pytest.fixture
def left() -> Event:
    """A published event of Mali, which names no bloc."""
    return make.an_event(
        slug="left", parties=(make.a_state("ml", name_en="Mali"),), publication="published"
    )


def lines(client: Client, event: Event) -> list[str]:
    return [
        " ".join(text.split())
        for text in Page(client.get(f"/en/events/{event.slug}/")).texts(LINES)
    ]


def test_page_of_an_event_says_who_joined_and_left_at_it(
    client: Client, bloc: Party, left: Event
) -> None:
    mali = Party.objects.get(code="ml")
    spell = make.a_membership(mali, bloc, "1970-03-20", "2025-04-03", end_event=left)
    Citation.objects.create(source=make.a_source(), membership=spell, field="ends")
    make.a_membership(make.a_state("ne", name_en="Niger"), bloc, "1970", start_event=left)
    make.a_membership(make.a_state("bf"), bloc, "1970")
    assert lines(client, left) == [
        "Mali member from 20 March 1970 to 2 April 2025 (left on 3 April 2025)source 1",
        "Niger member since 1970",
    ]


def test_page_of_an_event_says_what_was_announced_at_it_and_nothing_else(
    client: Client, bloc: Party, left: Event
) -> None:
    spell = make.a_membership(Party.objects.get(code="ml"), bloc, "1970")
    for kind, event in (("leaving_announced", left), ("leaving_notified", None)):
        MembershipRemark.objects.create(membership=spell, kind=kind, date="2025-04-03", event=event)
    assert lines(client, left) == ["Mali member since 1970 withdrawal announced 3 April 2025"]


def test_former_spell_that_another_follows_does_not_say_that_its_party_left(
    client: Client, bloc: Party, left: Event
) -> None:
    mali = Party.objects.get(code="ml")
    make.a_membership(mali, bloc, "1970", "2025-04-03", end_event=left)
    make.a_membership(mali, bloc, "2025-04-03", standing="suspended")
    assert lines(client, left) == ["Mali member from 1970 to 2 April 2025"]


@pytest.mark.parametrize("how", ["start_event", "end_event", "remark"])
def test_bloc_is_public_once_a_published_event_changed_who_belongs_to_it(
    client: Client, bloc: Party, left: Event, how: str
) -> None:
    values: dict[str, Any] = {} if how == "remark" else {how: left}
    spell = make.a_membership(Party.objects.get(code="ml"), bloc, "1970", "2025-04-03", **values)
    if how == "remark":
        MembershipRemark.objects.create(
            membership=spell, kind="leaving_announced", date="2025-03-17", event=left
        )
    page = Page(client.get("/en/parties/oif/"))
    assert page.status == 200
    assert "/en/events/left/" in page.root.xpath("//article//a/@href")
    entry = Page(client.get("/en/parties/")).text("//ul[@class='index']/li[contains(., 'Franco')]")
    assert " ".join(entry.split()) == "La Francophonie Bloc"


def test_bloc_of_a_draft_or_of_no_event_stays_hidden(
    client: Client, bloc: Party, left: Event
) -> None:
    make.a_membership(Party.objects.get(code="ml"), bloc, "1970", "2025-04-03", end_event=left)
    Event.objects.update(publication="draft")
    make.an_event(slug="other", parties=(Party.objects.get(code="ml"),), publication="published")
    assert client.get("/en/parties/oif/").status_code == 404
    Event.objects.filter(slug="left").update(publication="published")
    assert client.get("/en/parties/oif/").status_code == 200


def test_number_of_queries_does_not_hang_on_how_many_joined(
    client: Client, bloc: Party, left: Event
) -> None:
    def join(code: str) -> None:
        spell = make.a_membership(make.a_state(code), bloc, "1970", start_event=left)
        Citation.objects.create(source=make.a_source(), membership=spell, field="starts")
        MembershipRemark.objects.create(
            membership=spell, kind="joining_announced", date="1970", event=left
        )

    join("bf")
    with CaptureQueriesContext(connection) as few:
        client.get("/en/events/left/")
    join("ne")
    join("td")
    with CaptureQueriesContext(connection) as more:
        client.get("/en/events/left/")
    assert len(more) == len(few)
