"""The list of texts at ``instruments/``: its filters, its counts, and past days."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import a_state, a_step, a_text
from tests.parsed_page import Page
from timeline.actions.publication import keep_former_address
from timeline.core.codes import InstrumentState, PartyStatus
from timeline.core.question import InstrumentQuestion
from timeline.models import Instrument, InstrumentStep, Party
from timeline.queries import instrument_list, instruments
from timeline.queries.as_of import AsOf

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


@pytest.fixture
def texts() -> None:
    """Three texts: one in force for Mali alone, one that is waited for, one that does not bind."""
    mali = a_state("ml", name_en="Mali", name_fr="Mali")
    russia = a_state("ru", name_en="Russia", name_fr="Russie")
    niger = a_state("ne", name_en="Niger", name_fr="Niger")
    charter = a_text(
        mali, niger, kind="charter", title_en="Charter", date="2023-09-16", slug="charter", **SHOWN
    )
    for party in (mali, niger):
        a_step(charter, "signed", party, "2023-09-16")
    a_step(charter, "ratified", mali, "2024-03")
    a_step(charter, "in_force_for", mali, "2024-06-01")
    treaty = a_text(mali, russia, title_en="Treaty on energy", date="2025-06-23", **SHOWN)
    a_step(treaty, "signed", mali, "2025-06-23")
    a_step(treaty, "signed", russia, "2025-06-23")
    statement = a_text(
        mali, russia, niger, kind="joint_statement", title_en="Statement", date="2025-04-03",
        binds="not_legally", **SHOWN,
    )  # fmt: skip
    a_step(statement, "adopted", mali, "2025-04-03")
    a_text(mali, title_en="A draft", date="2026")


def listed(client: Client, query: str = "", language: str = "en", **headers: str) -> Page:
    return Page(client.get(f"/{language}/instruments/{query}", headers=headers or None))


def titles(page: Page) -> list[str]:
    return page.texts("//ol[@class='ledger']/li//h3")


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Treaty on energy", "Statement", "Charter"]),
        ("?order=oldest", ["Charter", "Statement", "Treaty on energy"]),
        ("?party=ne", ["Statement", "Charter"]),
        ("?party=ml&party=ru", ["Treaty on energy", "Statement"]),
        ("?kind=charter&kind=joint_statement", ["Statement", "Charter"]),
        ("?state=in_force", ["Charter"]),
        ("?state=not_binding", ["Statement"]),
        ("?state=ended", []),
        ("?binds=by_ratification", ["Treaty on energy", "Charter"]),
        ("?status=bound", ["Charter"]),
        ("?status=bound&party=ml", ["Charter"]),
        ("?status=bound&party=ne", []),
        ("?status=signed", ["Treaty on energy", "Charter"]),
        ("?status=signed&party=ml", ["Treaty on energy"]),
        ("?waiting=1", ["Treaty on energy", "Charter"]),
        ("?waiting=1&party=ru", ["Treaty on energy"]),
        ("?from=2025-04&to=2025-04", ["Statement"]),
        ("?q=energy", ["Treaty on energy"]),
        ("?q=niger", ["Statement", "Charter"]),
        ("?q=niger+charter", ["Charter"]),
        ("?asof=2025-01-01", ["Charter"]),
        ("?asof=2025-05-01&waiting=1", ["Charter"]),
        ("?asof=2024-05-31&state=in_force", []),
        ("?asof=2024-05-31&status=consented", ["Charter"]),
        ("?colour=red&sector=nope", ["Treaty on energy", "Statement", "Charter"]),
    ],
)
def test_list_has_what_its_filters_find(client: Client, query: str, found: list[str]) -> None:
    page = listed(client, query)
    assert page.status == 200
    assert titles(page) == found
    assert page.text("//*[@id='found']").split()[0] == str(len(found))
    assert titles(listed(client, query, **{"HX-Request": "true"})) == found


@pytest.mark.usefixtures("texts")
def test_options_say_how_many_they_would_find(client: Client) -> None:
    page = listed(client, "?party=ru")
    assert {
        name: page.counts(name) for name in ("party", "status", "state", "kind", "binds", "waiting")
    } == {
        "party": {"ru": 2, "ml": 2, "ne": 1},
        "status": {"signed": 1},
        "state": {"open": 1, "not_binding": 1},
        "kind": {"treaty": 1, "joint_statement": 1},
        "binds": {"by_ratification": 1, "not_legally": 1},
        "waiting": {"1": 1},
    }
    years = listed(client).texts("//nav[@class='years']/a")
    assert years == ["2023 1", "2025 2"]


@pytest.mark.usefixtures("texts")
def test_row_says_who_stands_where_and_who_is_waited_for(client: Client) -> None:
    (row,) = listed(client, "?kind=charter").texts("//ol[@class='ledger']/li")
    assert row == (
        "Charter In force for: Mali Signed, no consent seen: Niger "
        "⚑ no source seen for a ratification: Niger "
        "In force since 1 June 2024 Charter16 Sep 2023"
    )
    (row,) = listed(client, "?kind=charter", "fr").texts("//ol[@class='ledger']/li")
    assert "En vigueur pour : Mali" in row
    assert "depuis le 1er juin 2024" in row


@pytest.mark.usefixtures("texts")
def test_page_says_its_filters_as_chips_and_in_a_sentence(client: Client) -> None:
    page = listed(client, "?party=ml&party=ru&status=signed&waiting=1&asof=2026-11-01")
    assert page.root.xpath("//a[@class='chip']/@href") == [
        "/en/instruments/?party=ru&status=signed&waiting=1&asof=2026-11-01",
        "/en/instruments/?party=ml&status=signed&waiting=1&asof=2026-11-01",
        "/en/instruments/?party=ml&party=ru&waiting=1&asof=2026-11-01",
        "/en/instruments/?party=ml&party=ru&status=signed&asof=2026-11-01",
        "/en/instruments/?party=ml&party=ru&status=signed&waiting=1",
    ]
    assert page.text("//p[@class='sentence']") == (
        "Texts with Mali and Russia, the status of each: Signed, waiting for the ratification of "
        "each, as of 1 November 2026."
    )
    assert "As of 1 November 2026" in page.text("//div[@class='note asof']")
    links = page.root.xpath("//ol[@class='ledger']//h3/a/@href")
    assert all(link.endswith("?asof=2026-11-01") for link in links)


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("status=agreed", "Status of the party"),
        ("state=held", "State of the text"),
        ("party=zz", "Country or bloc"),
        ("binds=never", "How it binds"),
        ("waiting=2", "Waiting"),
        ("from=soon", "From"),
        ("asof=2999-01-01", "As of a day"),
        ("order=relevance", "Order"),
        ("after=x", "Page"),
    ],
)
def test_unreadable_value_is_named_and_the_form_kept(client: Client, query: str, name: str) -> None:
    page = listed(client, f"?kind=charter&q=charter&{query}".replace("q=charter&order", "order"))
    assert page.status == 400
    assert page.texts("//div[@id='problems']//li/strong") == [name]
    assert page.root.xpath("boolean(//input[@id='kind-charter'][@checked])")
    assert titles(page) == []


@pytest.mark.usefixtures("texts")
def test_swap_pushes_the_canonical_address(client: Client) -> None:
    query = "?order=newest&from=04/2025&colour=red&party=ml"
    response = client.get(f"/en/instruments/{query}", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == "/en/instruments/?party=ml&from=2025-04"
    assert "<html" not in response.content.decode()
    assert "2 texts found" in " ".join(response.content.decode().split())


@pytest.mark.usefixtures("texts")
def test_former_code_of_a_party_is_read_as_the_present_one(client: Client) -> None:
    party = Party.objects.get(code="ru")
    party.code = "rus"
    party.save()
    keep_former_address(record=party, former="ru")
    assert titles(listed(client, "?party=ru")) == ["Treaty on energy", "Statement"]


def test_list_asks_as_many_queries_of_three_texts_as_of_one(client: Client) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ("/en/instruments/", "/en/instruments/?q=text&asof=2025-01-01")
    mali, russia = a_state("ml"), a_state("ru")

    def add() -> None:
        text = a_text(mali, russia, title_en="A text", **SHOWN)
        a_step(text, "signed", mali)
        a_step(text, "signed", russia)

    add()
    one = [queries(address) for address in addresses]
    add()
    add()
    assert [queries(address) for address in addresses] == one


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    "day", ["2023-09-15", "2023-09-16", "2024-05-31", "2024-06-01", "2025-04-03", "2026-11-23"]
)
def test_index_of_a_day_is_that_of_the_texts_as_they_stood(day: str) -> None:
    """What is counted from plain values is what the page of each text says."""
    when = AsOf(dt.date.fromisoformat(day), is_past=True)
    rows = instruments.views(Instrument.objects.published(), when)
    views = [view for view in rows if view.on_record]
    answer = instrument_list.on(when).answer(InstrumentQuestion(asof=when.day), {})
    assert set(answer.keys) == {view.instrument.pk for view in views}

    def counted(state: str) -> int:
        return sum(view.state.state == state for view in views)

    assert answer.options["state"] == {s: counted(s) for s in InstrumentState if counted(s)}
    with_status = {s: sum(bool(view.with_status(s)) for view in views) for s in PartyStatus}
    del with_status[PartyStatus.NOTHING_KNOWN]
    assert answer.options["status"] == {s: n for s, n in with_status.items() if n}
    assert answer.waiting == sum(bool(view.waiting) for view in views)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("texts")
def test_index_is_kept_until_a_text_changes() -> None:
    when, question = AsOf(dt.date(2026, 11, 23)), InstrumentQuestion(statuses=("bound",))
    before = instrument_list.on(when)
    assert before.total(question, {}) == 1
    Party.objects.get(code="ml").names.create(name="Soudan", kind="short")
    assert instrument_list.on(when) is before
    step = InstrumentStep.objects.get(act="in_force_for")
    a_step(step.instrument, "retracted", step.party, "2024-06-01", corrects=step)
    assert instrument_list.on(when).total(question, {}) == 0
    assert instrument_list.on(AsOf(dt.date(2024, 5, 1), is_past=True)).total(question, {}) == 0
