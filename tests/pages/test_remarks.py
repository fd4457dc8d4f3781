"""That joining or leaving a bloc was announced and notified is said beside the spell."""

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions import memberships
from timeline.models import Citation, Event, Membership, MembershipRemark

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


@pytest.fixture
def announced() -> Event:
    return make.an_event(**SHOWN, slug="act", title_en="Act", title_fr="Acte", date="2024-01-28")


@pytest.fixture
def spell(announced: Event) -> Membership:
    """Mali in ECOWAS until 28 January 2025; its withdrawal was announced and notified before."""
    mali, bloc = make.a_state("ml", name_en="Mali"), make.a_bloc("ecowas", name_en="ECOWAS")
    make.an_event(**SHOWN, parties=(mali, bloc), date="1980")
    row = make.a_membership(mali, bloc, "1975-05-28", "2025-01-29")
    row.remarks.create(kind="leaving_notified", date="2024-01-29")
    row.remarks.create(kind="leaving_announced", date="2024-01-28", event=announced)
    return row


def said(client: Client, code: str = "ml", query: str = "", language: str = "en") -> list[str]:
    """Return the lines below the spells of a party's page."""
    page = Page(client.get(f"/{language}/parties/{code}/{query}"))
    return page.texts("//ol[@class='spells']/li/ul/li")


LEFT = ["withdrawal announced 28 January 2024 (Act)", "withdrawal notified 29 January 2024"]


@pytest.mark.parametrize(("code", "other"), [("ml", "ECOWAS"), ("ecowas", "Mali")])
def test_both_pages_say_what_was_announced_and_notified(
    client: Client, spell: Membership, code: str, other: str
) -> None:
    assert said(client, code) == LEFT
    page = Page(client.get(f"/en/parties/{code}/"))
    assert page.texts("//ul[@class='plain belongings']/li") == [
        f"{other} member from 28 May 1975 to 28 January 2025 (left on 29 January 2025) "
        + " ".join(LEFT)
    ]


def test_remarks_are_said_in_french_with_the_gender_of_what_they_are_of(
    client: Client, spell: Membership
) -> None:
    spell.remarks.create(kind="joining_announced", date="1975-05")
    spell.remarks.create(kind="joining_notified", date="1975-06~")
    assert said(client, language="fr") == [
        "adhésion annoncée en mai 1975",
        "adhésion notifiée vers juin 1975",
        "retrait annoncé le 28 janvier 2024 (Acte)",
        "retrait notifié le 29 janvier 2024",
    ]


def test_source_of_a_remark_stands_beside_it(client: Client, spell: Membership) -> None:
    source = make.a_source(publisher="SenePlus")
    notified = spell.remarks.get(kind="leaving_notified")
    Citation.objects.create(membership_remark=notified, source=source)
    assert said(client) == [LEFT[0], f"{LEFT[1]}source 1"]
    lines = Page(client.get("/en/parties/ml/")).texts("//li[@id='s1']/ul/li")
    assert lines == [
        "ECOWAS, announced or notified ↩ · stated, confidence: high Stated: the source says it "
        "itself. High confidence: the source is plain, and close to what it tells."
    ]
    assert client.get(f"/en/sources/{source.pk}/").status_code == 200


def test_event_that_readers_may_not_see_is_not_named(
    client: Client, spell: Membership, announced: Event
) -> None:
    Event.objects.filter(pk=announced.pk).update(publication="draft")
    assert said(client) == ["withdrawal announced 28 January 2024", LEFT[1]]


def test_remark_dated_later_is_not_known_as_of_a_day(client: Client, spell: Membership) -> None:
    assert said(client, query="?asof=2024-01-28") == LEFT[:1]
    assert said(client, query="?asof=2024-01-27") == []


def test_remarks_of_leaving_go_with_the_end_when_a_member_is_suspended(
    spell: Membership,
) -> None:
    spell.remarks.create(kind="joining_announced", date="1975")
    suspended = memberships.suspend(membership=spell, on="2021-05-30")
    kinds = [sorted(row.remarks.values_list("kind", flat=True)) for row in (spell, suspended)]
    assert kinds == [["joining_announced"], ["leaving_announced", "leaving_notified"]]
    assert MembershipRemark.history.filter(history_type="~").count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_party_asks_the_same_however_many_remarks(
    client: Client, spell: Membership, django_assert_num_queries: Any, count: int
) -> None:
    source = make.a_source()
    spell.remarks.all().delete()
    for day in range(1, count + 1):
        remark = spell.remarks.create(kind="leaving_announced", date=f"2024-01-0{day}")
        Citation.objects.create(membership_remark=remark, source=source)
    client.get("/en/parties/ml/")
    with django_assert_num_queries(52):
        client.get("/en/parties/ml/")
