"""Requests, which one side makes of another, are shown apart from undertakings."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions.commitments import check_roles, create_first_update
from timeline.models import Commitment, Event, Party
from timeline.queries import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


@pytest.fixture
def parties() -> tuple[Party, Party]:
    """Russia and the AES, to which Mali belongs."""
    aes = make.a_bloc("aes", short_en="AES")
    make.a_membership(make.a_state("ml"), aes)
    return make.a_state("ru", name_en="Russia"), aes


@pytest.fixture
def event(parties: tuple[Party, Party]) -> Event:
    return make.an_event(
        **SHOWN, host=parties[0], parties=(parties[1],), slug="talks", title_en="Talks"
    )


@pytest.fixture
def request_(event: Event, parties: tuple[Party, Party]) -> Commitment:
    """Make a request for support by the AES to Russia."""
    commitment = make.a_commitment(
        event, **SHOWN, slug="support", title_en="Support expected", nature="request"
    )
    commitment.party_links.create(party=parties[1], role="asker")
    commitment.party_links.create(party=parties[0], role="asked")
    return commitment


@pytest.fixture
def undertaking(event: Event, parties: tuple[Party, Party], request_: Commitment) -> Commitment:
    """Make an undertaking by Russia that answers it."""
    commitment = make.a_commitment(
        event, **SHOWN, slug="promised", title_en="Support promised", answers=request_
    )
    commitment.party_links.create(party=parties[0], role="obligor")
    commitment.party_links.create(party=parties[1], role="beneficiary")
    return commitment


def found(client: Client, query: str = "") -> list[str]:
    page = Page(client.get(f"/en/commitments/?{query}"))
    return page.texts("//li[@class='promise']//h3")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Support promised"]),
        ("nature=undertaking", ["Support promised"]),
        ("nature=request", ["Support expected"]),
        ("nature=any", ["Support promised", "Support expected"]),
        ("nature=any&party=ml", ["Support promised", "Support expected"]),
        ("nature=request&party=ml&direct=1", []),
        ("nature=request&party=ru", ["Support expected"]),
        ("nature=request&obligor=ru", []),
        ("nature=any&status=announced", ["Support promised"]),
    ],
)
def test_ledger_shows_undertakings_and_requests_on_demand(
    client: Client, undertaking: Commitment, query: str, titles: list[str]
) -> None:
    assert sorted(found(client, query)) == sorted(titles)


def test_every_count_obeys(client: Client, undertaking: Commitment) -> None:
    assert Page(client.get("/en/commitments/")).text("//h2[@id='found']") == "1 commitment"
    page = Page(client.get("/en/commitments/?nature=any"))
    assert page.text("//h2[@id='found']") == "2 commitments"
    assert page.counts("status") == {"announced": 1}
    assert ledger.total() == 1
    (foot,) = Page(client.get("/en/")).texts("//div[@class='foot']/a[1]")
    assert foot == "1 commitment"


def test_request_is_neither_overdue_nor_quiet_nor_scored(
    client: Client, request_: Commitment
) -> None:
    assert create_first_update(commitment=request_) is None
    page = Page(client.get("/en/commitments/?nature=request"))
    assert page.texts("//li[@class='promise']//*[@class='flag']") == []
    assert page.texts("//li[@class='promise']//*[@class='state']") == ["Request"]
    assert page.root.xpath("//*[@class='score']") == []
    assert found(client, "nature=request&quiet=1") == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/en/commitments/?nature=any", "Commitments including requests."),
        ("/fr/commitments/?nature=any", "Engagements y compris les demandes."),
        (
            "/fr/commitments/?nature=request&asof=2025-06-01",
            "Demandes à la date du 1er juin 2025.",
        ),
        ("/fr/instruments/?asof=2025-06-01", "Textes à la date du 1er juin 2025."),
    ],
)
def test_sentence_reads_as_one_whatever_comes_first(
    client: Client, address: str, said: str
) -> None:
    assert Page(client.get(address)).text("//p[@class='sentence']") == said


def test_natures_link_to_each_other(client: Client, undertaking: Commitment) -> None:
    page = Page(client.get("/en/commitments/?party=ru"))
    links = page.root.xpath("//nav[@class='views']/a")
    assert [(link.text, link.get("aria-current")) for link in links] == [
        ("Undertakings", "true"),
        ("Requests", None),
        ("Both", None),
    ]
    assert [link.get("href").partition("?")[2] for link in links] == [
        "party=ru",
        "party=ru&nature=request",
        "party=ru&nature=any",
    ]


def test_unknown_nature_is_refused_by_name(client: Client) -> None:
    response = client.get("/en/commitments/?nature=wish")
    assert response.status_code == 400
    assert "Undertakings or requests" in response.content.decode()


def test_pages_say_what_it_is_and_who_answered(client: Client, undertaking: Commitment) -> None:
    page_of_request = Page(client.get("/en/commitments/support/"))
    assert page_of_request.texts("//div[@class='meta']//*[@class='state']") == ["Request"]
    assert "Answered by: Support promised" in page_of_request.text("//article")
    assert "History" not in page_of_request.text("//article")
    assert page_of_request.texts("//dt[.='From → to']/following-sibling::dd[1]") == [
        "AES ⇢ asks Russia"
    ]
    answer = Page(client.get("/en/commitments/promised/"))
    assert "Answers the request: Support expected" in answer.text("//article")
    event = Page(client.get("/en/events/talks/"))
    assert event.texts("//section[@aria-labelledby='commitments']//h3") == ["Support promised"]
    assert event.texts("//section[@aria-labelledby='requests']//h3") == ["Support expected"]


def test_draft_that_answers_is_named_nowhere(
    client: Client, request_: Commitment, event: Event
) -> None:
    make.a_commitment(event, title_en="Support promised", answers=request_)
    assert "Support promised" not in client.get("/en/commitments/support/").content.decode()


def test_answers_and_requests_of_later_days_are_not_named_before(
    client: Client, undertaking: Commitment, request_: Commitment
) -> None:
    Commitment.objects.filter(pk=undertaking.pk).update(
        made_on="2025-06-01", made_earliest="2025-06-01", made_latest="2025-06-01"
    )

    def named(slug: str, day: str) -> bool:
        said = Page(client.get(f"/en/commitments/{slug}/?asof={day}")).text("//article")
        return "Answers the request: Support" in said or "Answered by: Support" in said

    assert (named("support", "2025-05-31"), named("support", "2025-06-01")) == (False, True)
    Commitment.objects.filter(pk=undertaking.pk).update(
        made_on=None, made_earliest=None, made_latest=None
    )
    Commitment.objects.filter(pk=request_.pk).update(
        made_on="2025-06-01", made_earliest="2025-06-01", made_latest="2025-06-01"
    )
    assert (named("promised", "2025-05-31"), named("promised", "2025-06-01")) == (False, True)


def test_steps_of_what_turned_out_to_be_a_request_are_no_news(
    client: Client, undertaking: Commitment, request_: Commitment
) -> None:
    listed = "//section[h2='Commitments']//li"
    assert len(Page(client.get("/en/")).texts(listed)) == 1
    undertaking.nature, undertaking.answers = "request", None
    undertaking.save()
    assert undertaking.updates.exists()
    assert Page(client.get("/en/")).texts(listed) == []


def test_request_with_nobody_asked_is_refused(request_: Commitment) -> None:
    check_roles(commitment=request_)
    request_.party_links.filter(role="asked").delete()
    with pytest.raises(ValidationError, match="list who is asked among its parties"):
        check_roles(commitment=request_)


def test_roles_fit_the_nature(request_: Commitment, undertaking: Commitment) -> None:
    request_.party_links.create(party=make.a_state("bf"), role="obligor")
    undertaking.party_links.create(party=make.a_state("ne"), role="asker")
    for commitment in (request_, undertaking):
        with pytest.raises(ValidationError, match="Change the roles or the nature"):
            check_roles(commitment=commitment)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"mutual": True}, "A request binds nobody"),
        ({"due": "2026"}, "A request binds nobody"),
    ],
)
def test_request_binds_nobody(request_: Commitment, values: dict[str, Any], sentence: str) -> None:
    for name, value in values.items():
        setattr(request_, name, value)
    with pytest.raises(ValidationError, match=sentence):
        request_.full_clean()


def test_only_a_request_is_answered(undertaking: Commitment, event: Event) -> None:
    other = make.a_commitment(event, answers=undertaking)
    with pytest.raises(ValidationError, match="only requests are answered"):
        other.full_clean()


def test_thread_holds_one_nature(request_: Commitment, undertaking: Commitment) -> None:
    undertaking.restates, undertaking.restatement = request_, "same"
    with pytest.raises(ValidationError, match="An undertaking takes up an undertaking"):
        undertaking.full_clean()
