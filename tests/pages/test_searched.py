"""Pages say of silence up to when sources were searched, and no more than was searched."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from timeline.actions.commitments import create_first_update
from timeline.models import Event, Framework, Identity, Instrument

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}
DUE = dt.date(2026, 3, 12)
DAY = dt.timedelta(days=1)
ENDS = [(DUE - DAY, False), (DUE, False), (DUE + DAY, True), (None, True)]
"""Ends of the search about a due date, and whether it is seen that it passed in silence."""


@pytest.fixture(autouse=True)
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


def search_until(day: dt.date | None) -> None:
    Identity.objects.update_or_create(pk=1, defaults={"searched_until": day})


def a_promise() -> None:
    """A promise of 3 April 2025, due on 12 March 2026."""
    event = make.an_event(**SHOWN, date="2025-04-03")
    made = make.a_commitment(event, **SHOWN, slug="promise", title_en="Arms", due="2026-03-12")
    create_first_update(commitment=made)


def text(client: Client, address: str, path: str = "//main") -> str:
    return Page(client.get(address)).text(path)


def found(client: Client, address: str) -> list[str]:
    return Page(client.get(address)).texts("//li[@class='promise']//h3")


# Commitments


@pytest.mark.parametrize(("searched_until", "overdue"), ENDS)
def test_promise_is_overdue_once_sources_were_searched_beyond_its_due_date(
    client: Client, searched_until: dt.date | None, overdue: bool
) -> None:
    a_promise()
    search_until(searched_until)
    assert found(client, "/en/commitments/?overdue=1") == ["Arms"] * overdue
    for address in ("/en/commitments/", "/en/commitments/promise/"):
        said = text(client, address, "//article" if "promise" in address else "//ol")
        seen = ("overdue" in said, "not searched since March 2026" in said)
        assert seen == (overdue, not overdue)


@pytest.mark.parametrize(("days", "quiet"), [(269, False), (270, True)])
def test_promise_is_quiet_once_sources_were_searched_for_270_days(
    client: Client, days: int, quiet: bool
) -> None:
    a_promise()
    search_until(dt.date(2025, 4, 3) + days * DAY)
    assert found(client, "/en/commitments/?quiet=1") == ["Arms"] * quiet
    said = text(client, "/en/commitments/promise/", "//article")
    assert ("quiet: no evidence for 270 days" in said) is quiet
    assert "not searched since December 2025" in said


def test_past_day_is_asked_where_it_is_before_the_end_of_the_search(client: Client) -> None:
    a_promise()
    search_until(DUE + DAY)
    for day, overdue in (("2026-03-12", []), ("2026-03-13", ["Arms"]), ("2026-10-01", ["Arms"])):
        assert found(client, f"/en/commitments/?overdue=1&asof={day}") == overdue


def test_ledger_says_until_when_sources_were_searched_unless_that_is_today(client: Client) -> None:
    a_promise()
    sentence = "Sources were searched until 12 March 2026."
    for day, said in ((DUE, True), (TODAY, False), (None, False)):
        search_until(day)
        assert (sentence in text(client, "/en/commitments/")) is said
    search_until(DUE)
    assert sentence not in text(client, "/en/commitments/?asof=2026-03-01")


def test_french_says_it_as_well(client: Client) -> None:
    a_promise()
    search_until(DUE)
    assert "aucune recherche depuis mars 2026" in text(client, "/fr/commitments/promise/")
    said = text(client, "/fr/commitments/")
    assert "Recherche menée jusqu’au 12 mars 2026." in said


# Frameworks


@pytest.fixture
def framework() -> Framework:
    """Consultations every year, last on 3 April 2025: expected in April 2026."""
    russia, mali = make.a_state("ru", name_en="Russia"), make.a_state("ml", name_en="Mali")
    framework = make.a_framework(russia, mali, **SHOWN, slug="talks", cadence_months=12)
    make.an_event(
        **SHOWN, date="2025-04-03", host=russia, parties=(mali,), framework=framework, takes_turn=1
    )
    return framework


@pytest.mark.parametrize(
    ("searched_until", "said"),
    [
        ("2026-03-31", "Session expected in April 2026. ⚑ Sources have not been searched since"),
        ("2026-04-30", "Session expected in April 2026. ⚑ Sources have not been searched since"),
        (
            "2026-05-01",
            "No source seen for a session since 3 April 2025 (sources searched until 1 May 2026). "
            "⚑ overdue by 1 day",
        ),
        (None, "No source seen for a session since 3 April 2025. ⚑ overdue by 207 days"),
    ],
)
def test_session_is_overdue_once_sources_were_searched_beyond_its_window(
    client: Client, framework: Framework, searched_until: str | None, said: str
) -> None:
    search_until(dt.date.fromisoformat(searched_until) if searched_until else None)
    for address in ("/en/frameworks/", "/en/frameworks/talks/", "/en/"):
        page = text(client, address, "//body")
        assert said in page
        assert ("overdue" in page) is ("overdue" in said)


def test_framework_that_was_searched_for_apart_has_a_day_of_its_own(
    client: Client, framework: Framework
) -> None:
    search_until(dt.date(2026, 3, 12))
    state = "//article//*[contains(@class, 'state')]"
    assert text(client, "/en/frameworks/talks/", state) == "Not searched since March 2026"
    framework.searched_until = dt.date(2026, 6, 1)
    framework.save()
    assert text(client, "/en/frameworks/talks/", state) == "Overdue"
    search_until(dt.date(2026, 6, 30))
    assert "sources searched until 1 June 2026" in text(client, "/en/frameworks/talks/")


def test_calendar_of_an_expected_session_says_until_when_sources_were_searched(
    client: Client, framework: Framework
) -> None:
    search_until(dt.date(2026, 3, 12))
    answer = client.get("/en/frameworks/talks.ics").getvalue().decode().replace("\r\n ", "")
    assert r"Sources searched until: 12 March 2026" in answer


# Planned events


PLANNED_ENDS = [
    (DUE, "Planned for 12 March 2026; sources not searched since March 2026."),
    (
        DUE + DAY,
        "Planned for 12 March 2026; no source seen since (sources searched until 13 March 2026).",
    ),
    (TODAY, "Planned for 12 March 2026; no source seen since."),
    (None, "Planned for 12 March 2026; no source seen since."),
]


@pytest.fixture
def planned() -> Event:
    return make.an_event(**SHOWN, slug="planned", state="planned", date="2026-03-12")


@pytest.mark.parametrize(("searched_until", "said"), PLANNED_ENDS)
def test_planned_event_is_unseen_as_far_as_sources_were_searched(
    client: Client, planned: Event, searched_until: dt.date | None, said: str
) -> None:
    search_until(searched_until)
    for address in ("/en/", "/en/events/planned/"):
        assert said in text(client, address, "//body")


@pytest.mark.django_db(transaction=True)
def test_cards_kept_for_readers_follow_the_search(client: Client, planned: Event) -> None:
    for searched_until, said in PLANNED_ENDS:
        search_until(searched_until)
        assert said in text(client, "/en/")


def test_planned_event_of_a_framework_stands_by_its_search(
    client: Client, planned: Event, framework: Framework
) -> None:
    Event.objects.filter(pk=planned.pk).update(framework=framework)
    search_until(DUE)
    Framework.objects.update(searched_until=DUE + DAY)
    for address in ("/en/", "/en/events/planned/"):
        assert "(sources searched until 13 March 2026)" in text(client, address, "//body")


@pytest.mark.parametrize(
    ("searched_until", "said"),
    [
        (DUE, "sources have not been searched since 12 March 2026."),
        (DUE + DAY, "no source has been seen since; sources were searched until 13 March 2026."),
        (None, "no source has been seen since."),
    ],
)
def test_calendar_says_of_a_planned_event_what_was_searched(
    client: Client, planned: Event, searched_until: dt.date | None, said: str
) -> None:
    search_until(searched_until)
    answer = client.get("/en/events.ics?all=1").getvalue().decode().replace("\r\n ", "")
    assert said.replace(";", r"\;") in answer


# Texts


@pytest.fixture
def treaty() -> Instrument:
    """A treaty that Mali signed on 12 March 2025 and has to ratify."""
    mali, russia = make.a_state("ml", name_en="Mali"), make.a_state("ru", name_en="Russia")
    treaty = make.a_text(mali, russia, **SHOWN, slug="treaty", date="2025-03-12")
    make.a_step(treaty, "signed", mali, done="2025-03-12")
    return treaty


@pytest.mark.parametrize(("searched_until", "waiting"), ENDS)
def test_ratification_is_waited_for_once_sources_were_searched_for_a_year(
    client: Client, treaty: Instrument, searched_until: dt.date | None, waiting: bool
) -> None:
    search_until(searched_until)
    page = text(client, "/en/instruments/treaty/")
    assert ("No source seen for a ratification by Mali" in page) is waiting
    assert ("Sources for a ratification by Mali" in page) is not waiting
    titles = Page(client.get("/en/instruments/?waiting=1")).texts("//li[@class='promise']//h3")
    assert len(titles) == waiting
    party = text(client, "/en/parties/ml/", "//section[@aria-labelledby='texts']")
    assert ("No source seen for a ratification: 1" in party) is waiting
    assert ("not searched since March 2026" in party) is not waiting


def test_text_says_beside_what_was_not_seen_until_when_sources_were_searched(
    client: Client, treaty: Instrument
) -> None:
    search_until(DUE + DAY)
    row = text(client, "/en/instruments/", "//li[@class='promise']")
    assert row.count("(sources searched until 13 March 2026)") == 2
    assert "Sources were searched until 13 March 2026." in text(client, "/en/instruments/treaty/")
