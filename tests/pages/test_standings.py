"""Suspended, observing and associated parties on events, parties, lists and past days."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions import memberships
from timeline.models import Event, Membership, Party

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


def event_page(client: Client, slug: str) -> Page:
    return Page(client.get(f"/en/events/{slug}/"))


def party_page(client: Client, code: str, query: str = "") -> Page:
    return Page(client.get(f"/en/parties/{code}/{query}"))


@pytest.fixture
def bloc() -> Party:
    return make.a_bloc("ecowas", short_en="ECOWAS")


@pytest.fixture
def mali(bloc: Party) -> Party:
    """A member from 1975 on, suspended on 30 May 2021, outside since 29 January 2025."""
    state = make.a_state("ml", name_en="Mali")
    make.an_event(**SHOWN, slug="named", parties=(state, bloc), date="1976")
    row = make.a_membership(state, bloc, "1975-05-28", "2025-01-29")
    memberships.suspend(membership=row, on="2021-05-30")
    return state


def summit(bloc: Party, date: str, **values: Any) -> Event:
    return make.an_event(**{**SHOWN, "parties": (bloc,), "date": date, "kind": "summit", **values})


@pytest.mark.parametrize(
    ("date", "via", "apart"),
    [
        ("2019-06-29", "Through a bloc, members that day: Mali (via ECOWAS)", None),
        ("2024-07-07", None, "Members suspended that day: Mali (ECOWAS, since 30 May 2021)"),
        (
            "2021-05",
            "Through a bloc, members that day: Mali (possibly via ECOWAS)",
            "Members suspended that day: Mali (possibly ECOWAS, since 30 May 2021)",
        ),
        ("2025-01-29", None, None),
    ],
)
def test_page_of_an_event_names_who_was_suspended_that_day(
    client: Client, bloc: Party, mali: Party, date: str, via: str | None, apart: str | None
) -> None:
    summit(bloc, date, slug="summit")
    assert event_page(client, "summit").texts("//aside//p[@class='via']") == [
        text for text in (via, apart) if text
    ]


def test_members_are_named_in_the_order_of_their_names(client: Client, bloc: Party) -> None:
    union = make.a_bloc("african-union", short_en="African Union")
    for code, name in (("tg", "Togo"), ("bj", "Benin")):
        state = make.a_state(code, name_en=name)
        for group in (bloc, union):
            make.a_membership(state, group, "1975-05-28")
    summit(bloc, "2019-06-29", slug="summit", parties=(bloc, union))
    assert event_page(client, "summit").texts("//aside//p[@class='via']") == [
        "Through a bloc, members that day: Benin (via African Union), Benin (via ECOWAS), "
        "Togo (via African Union), Togo (via ECOWAS)"
    ]


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        ("observer", "Observers of a bloc that day: Chad (ECOWAS, since 2011)"),
        ("associate", "Associates of a bloc that day: Chad (ECOWAS, since 2011)"),
    ],
)
def test_observers_and_associates_are_named_apart(
    client: Client, bloc: Party, standing: str, sentence: str
) -> None:
    chad = make.a_state("td", name_en="Chad")
    make.an_event(**SHOWN, parties=(chad,))
    make.a_membership(chad, bloc, "2011", standing=standing)
    summit(bloc, "2019-06-29", slug="summit")
    assert event_page(client, "summit").texts("//aside//p[@class='via']") == [sentence]


def test_suspended_party_that_readers_may_not_see_is_not_named(client: Client, bloc: Party) -> None:
    hidden = make.a_state("zz", name_en="Hidden")
    row = make.a_membership(hidden, bloc, "2000")
    memberships.suspend(membership=row, on="2021-05-30")
    summit(bloc, "2022", slug="summit")
    page = client.get("/en/events/summit/").content.decode()
    assert "Hidden" not in page


def test_bloc_that_is_only_addressed_has_nobody_suspended(
    client: Client, bloc: Party, mali: Party
) -> None:
    event = make.an_event(**SHOWN, host=mali, date="2024-01-28", slug="act")
    event.participations.create(party=bloc, role="addressee")
    page = event_page(client, "act")
    assert page.texts("//aside//p[@class='via']") == []
    assert page.texts("//aside//dt") == ["Host", "Addressee"]


def test_filter_finds_a_party_by_its_bloc_only_while_it_is_a_member(
    client: Client, bloc: Party, mali: Party
) -> None:
    for date in ("2019-06-29", "2024-07-07"):
        summit(bloc, date, title_en=f"Summit of {date}")
    titles = Page(client.get("/en/?party=ml&kind=summit")).titles
    assert titles == ["Summit of 2019-06-29"]


def test_party_s_page_says_each_spell_and_left_only_at_the_last(
    client: Client, bloc: Party, mali: Party
) -> None:
    sentences = (
        "member from 28 May 1975 to 29 May 2021 "
        "suspended from 30 May 2021 to 28 January 2025 (left on 29 January 2025)"
    )
    assert party_page(client, "ml").texts("//ul[@class='plain belongings']/li") == [
        f"ECOWAS {sentences}"
    ]
    assert party_page(client, "ecowas").texts("//ul[@class='plain belongings']/li") == [
        f"Mali {sentences}"
    ]


def test_past_day_knows_no_later_suspension(client: Client, bloc: Party, mali: Party) -> None:
    page = party_page(client, "ml", "?asof=2020-01-01")
    assert page.texts("//ul[@class='plain belongings']/li") == ["ECOWAS member since 28 May 1975"]


@pytest.fixture
def decided(mali: Party) -> Callable[..., Event]:
    """Make the event at which Mali's suspension was decided."""

    def name(**values: Any) -> Event:
        event = make.an_event(**{"slug": "coup", "title_en": "A coup", **values})
        Membership.objects.filter(standing="suspended").update(start_event=event)
        Membership.objects.filter(standing="member").update(end_event=event)
        return event

    return name


def test_what_changed_who_belongs_is_linked_and_not_counted(
    client: Client, mali: Party, decided: Callable[..., Event]
) -> None:
    decided(**SHOWN, date="2021-05-30")
    page = party_page(client, "ecowas")
    assert page.root.xpath(
        "//h2[.='What changed who belongs to it']/following::ul[1]//a/@href"
    ) == ["/en/events/coup/"]
    assert page.titles == []
    spells = page.root.xpath("//ul[@class='plain belongings']//a[.='A coup']/@href")
    assert spells == ["/en/events/coup/", "/en/events/coup/"]
    assert page.texts("//ol[@class='spells']/li/ul/li") == ["end: A coup", "start: A coup"]


def test_draft_at_which_it_was_decided_is_named_nowhere(
    client: Client, mali: Party, decided: Callable[..., Event]
) -> None:
    decided(date="2021-05-30")
    for code in ("ml", "ecowas"):
        assert "A coup" not in client.get(f"/en/parties/{code}/").content.decode()


def test_suspended_member_is_not_proposed_as_host(client: Client, bloc: Party, mali: Party) -> None:
    russia, niger = make.a_state("ru"), make.a_state("ne", name_en="Niger")
    make.a_membership(niger, bloc, "1975-05-28")
    framework = make.a_framework(russia, bloc, slug="talks", cadence_months=12, **SHOWN)
    make.an_event(
        **SHOWN, host=russia, parties=(bloc,), framework=framework, takes_turn=True,
        date="2022-04-03",
    )  # fmt: skip
    make.an_event(**SHOWN, parties=(niger,))
    page = client.get("/en/frameworks/talks/").content.decode()
    assert "Niger" in page
    assert "Mali" not in page


def test_queries_of_an_event_page_do_not_grow_with_who_was_suspended(
    client: Client, bloc: Party, mali: Party
) -> None:
    summit(bloc, "2024-07-07", slug="summit")
    counts = []
    for number in (1, 3):
        for code in ("aa", "bb")[: number - 1]:
            state = make.a_state(code)
            make.an_event(**SHOWN, parties=(state,))
            memberships.suspend(membership=make.a_membership(state, bloc, "2000"), on="2021")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"/en/events/summit/?n={number}")
        counts.append(len(captured))
    assert counts[0] == counts[1]
