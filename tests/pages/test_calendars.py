"""Calendars to subscribe to, read back by another parser and compared with the record."""

import datetime as dt
import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as examples

from tests.calendars import by_title, content_lines, named, read, whole
from tests.examples import tries
from tests.factories import a_framework, an_event
from tests.pages.test_odd_queries import PAIRS, each_special_value_everywhere
from tests.pages.test_odd_queries import raw as raw_query
from tests.parsed_page import TODAY, Page
from timeline.actions import publication
from timeline.actions.events import refresh_derived
from timeline.core.question import Question
from timeline.index.current import current
from timeline.models import Event, EventSector, Framework, Participation, Party, Sector
from timeline.queries import calendars

pytestmark = pytest.mark.usefixtures("demo")

DAY = dt.timedelta(days=1)
AES = "/en/frameworks/ru-aes.ics"
STATUSES = {
    "held": "CONFIRMED",
    "planned": "TENTATIVE",
    "postponed": "TENTATIVE",
    "cancelled": "CANCELLED",
}
UNSURE = {**STATUSES, "held": "TENTATIVE"}


def _status(event: Event) -> str:
    return STATUSES[event.state] if event.date_sure else UNSURE[event.state]


def get(client: Client, address: str, **more: Any) -> bytes:
    response = client.get(address, **more)
    assert response.status_code == 200
    return whole(response)


def summaries(raw: bytes) -> list[tuple[str, ...]]:
    """Return the page, first day, status and sequence of each entry, in order."""
    return [
        tuple(getattr(event, name).value for name in ("url", "dtstart", "status", "sequence"))
        for event in read(raw)
    ]


def uids(raw: bytes) -> list[str]:
    return [event.uid.value for event in read(raw)]


def test_framework_has_its_meetings_and_the_session_it_expects(client: Client) -> None:
    entries = by_title(get(client, AES))
    assert {
        title: (event.dtstart.value, event.dtend.value, event.status.value, event.url.value)
        for title, event in entries.items()
    } == {
        "Expected session (computed): Russia–AES consultations": (
            dt.date(2026, 4, 1),
            dt.date(2026, 5, 1),
            "TENTATIVE",
            "http://testserver/en/frameworks/ru-aes/",
        ),
        "Working session of the foreign ministers of Russia and the AES": (
            dt.date(2025, 4, 3),
            dt.date(2025, 4, 4),
            "CONFIRMED",
            "http://testserver/en/events/ru-aes-consultations-moscow-2025/",
        ),
        "Second meeting of the Russia–AES ministers, on the margins of the UN": (
            dt.date(2025, 9, 24),
            dt.date(2025, 9, 25),
            "CONFIRMED",
            "http://testserver/en/events/ru-aes-new-york-2025/",
        ),
    }


def test_expected_session_says_that_it_is_computed(client: Client) -> None:
    event = by_title(get(client, AES))["Expected session (computed): Russia–AES consultations"]
    assert event.description.value.split("\n") == [
        "Nothing on record announces this session. It is computed from the rule of the "
        "framework: it is expected in this window, and is not an event that was planned or held.",
        "",
        "Window: April 2026",
        "Last session on record: 3 April 2025",
        "Cadence: every year",
        "Turn to host: Confederation of Sahel States (AES)",
        "Sources searched until: 31 March 2026",
        "",
        "http://testserver/en/frameworks/ru-aes/",
    ]


def test_event_has_the_same_texts_as_its_page(client: Client) -> None:
    event = by_title(get(client, AES))[
        "Working session of the foreign ministers of Russia and the AES"
    ]
    assert event.location.value == "Moscow, Russia"
    assert event.description.value.split("\n")[:4] == [
        "State: Held",
        "Date: 3 April 2025",
        "Host: Russia",
        "Participant: Confederation of Sahel States (AES)",
    ]
    assert event.categories.value == [
        *(
            "Counter-terrorism",
            "Civil nuclear energy",
            "Infrastructure",
            "Higher education",
            "Transport",
        ),
        *("Trade", "Information technology", "International forums"),
    ]


@pytest.mark.parametrize("state", STATUSES)
def test_framework_keeps_its_meetings_whatever_became_of_them(client: Client, state: str) -> None:
    event = Event.objects.get(slug="ru-aes-new-york-2025")
    event.state = state
    event.save()
    assert (f"http://testserver/en/events/{event.slug}/", STATUSES[state]) in [
        (url, status) for url, _, status, _ in summaries(get(client, AES))
    ]


@pytest.mark.parametrize("publication_state", ["draft", "in_review"])
def test_framework_leaves_out_what_readers_may_not_see(
    client: Client, publication_state: str
) -> None:
    before = uids(get(client, AES))
    Event.objects.filter(slug="ru-aes-new-york-2025").update(publication=publication_state)
    after = uids(get(client, AES))
    assert (len(before), len(after)) == (3, 2)
    assert set(after) < set(before)


def test_both_languages_are_the_same_entries(client: Client) -> None:
    english, french = (
        get(client, f"/{language}/frameworks/ru-aes.ics") for language in ("en", "fr")
    )
    assert uids(english) == uids(french)
    assert "Séance de travail des ministres des Affaires étrangères de Russie et de l’AES" in (
        by_title(french)
    )
    assert "SUMMARY;LANGUAGE=en" not in "".join(content_lines(french))
    assert (
        "NAME;LANGUAGE=fr:Consultations Russie–AES (à venir et deux dernières années)"
        in content_lines(french)
    )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "sector=energy",
        "party=ru&party=ml&from=2025",
        "q=lavrov",
        "from=2026-06",
        "state=postponed",
    ],
)
def test_filter_holds_the_events_of_the_timeline(client: Client, language: str, query: str) -> None:
    raw = get(client, f"/{language}/events.ics?{query}&all=1")
    total = int(Page(client.get(f"/{language}/?{query}")).text("//h2[@id='found']").split()[0])
    entries = read(raw)
    events = {event.slug: event for event in Event.objects.published()}
    listed = [entry for entry in entries if "/events/" in entry.url.value]
    assert len(listed) == total
    for entry in listed:
        event = events[entry.url.value.rstrip("/").rpartition("/")[2]]
        assert (entry.dtstart.value, entry.status.value) == (event.earliest, _status(event))
        if event.ongoing:
            assert not hasattr(entry, "dtend")
        else:
            assert entry.dtend.value == event.latest + DAY


def test_filter_is_in_the_order_of_the_timeline(client: Client) -> None:
    listed = [url for url, *_ in summaries(get(client, "/en/events.ics?order=oldest&all=1"))]
    keys = current().matching(Question(), today=TODAY)
    assert len(listed) == len(keys) > 50
    days = [event.dtstart.value for event in read(get(client, "/en/events.ics?order=oldest&all=1"))]
    assert days[:40] == sorted(days[:40])


@pytest.mark.parametrize(
    "query", ["", "party=ru&party=ml", "framework=ru-aes", "sector=energy", "from=2026", "q=mali"]
)
def test_filter_expects_the_sessions_of_the_page(client: Client, query: str) -> None:
    page = Page(client.get(f"/en/?{query}"))
    shown = page.root.xpath("//li[contains(@class,'dashed')]/h3/a/@href")
    windows = [
        address
        for address, when in zip(
            shown,
            page.texts("//li[contains(@class,'dashed')]/div/span[1]"),
            strict=True,
        )
        if when != "Date not set"
    ]
    raw = get(client, f"/en/events.ics?{query}")
    listed = [url for url, *_ in summaries(raw) if "/frameworks/" in url]
    assert listed == [f"http://testserver{address}" for address in windows]


def test_filter_starts_at_its_first_event_wherever_the_page_stands(client: Client) -> None:
    following = Page(client.get("/en/")).root.xpath("string(//a[@rel='next']/@href)")
    assert "after=" in following
    query = following.partition("?")[2]
    assert get(client, f"/en/events.ics?{query}") == get(client, "/en/events.ics")


def test_filter_names_its_calendar(client: Client) -> None:
    lines = content_lines(get(client, "/en/events.ics?sector=energy"))
    title = "Russia–Sahel (example) — Events about Energy (to come\\, and the last two years)"
    assert f"X-WR-CALNAME;LANGUAGE=en:{title}" in lines
    assert f"NAME;LANGUAGE=en:{title}" in lines
    whole = content_lines(get(client, "/en/events.ics?sector=energy&all=1"))
    assert "NAME;LANGUAGE=en:Russia–Sahel (example) — Events about Energy" in whole


def test_calendar_for_following_goes_two_years_back_and_says_what_it_leaves_out(
    client: Client, event_of: Callable[..., Event]
) -> None:
    for number, date in enumerate(("2024-11-22", "2024-11-23", "1990/..", "2019", "2031")):
        event_of("aes", date, slug=f"of-{number}")
    refresh_derived(events=list(Event.objects.values_list("pk", flat=True)))
    raw, whole = (get(client, f"/en/events.ics?party=aes{more}") for more in ("", "&all=1"))
    urls = {url for url, *_ in summaries(raw) if "/of-" in url}
    assert urls == {f"http://testserver/en/events/of-{number}/" for number in (1, 2, 4)}
    held, total = (
        len([url for url, *_ in summaries(calendar) if "/events/" in url])
        for calendar in (raw, whole)
    )
    assert held < total
    address = "http://testserver/en/events.ics?party=aes&all=1"
    assert named(content_lines(raw))["X-WR-CALDESC"] == [
        f"{held} of {total} events. Earlier ones are in the whole calendar: {address}"
    ]
    assert named(content_lines(whole))["X-WR-CALDESC"] == [f"{total} of {total} events."]
    heading = Page(client.get("/en/?party=aes")).text("//h2[@id='found']")
    assert heading == f"{total} events"


def test_framework_is_followed_or_downloaded_completely(
    client: Client, event_of: Callable[..., Event]
) -> None:
    event_of("aes", "2019-05-02", slug="long-ago", framework=Framework.objects.get(slug="ru-aes"))
    followed, whole = (
        [url for url, *_ in summaries(get(client, address))] for address in (AES, f"{AES}?all=1")
    )
    assert set(whole) - set(followed) == {"http://testserver/en/events/long-ago/"}


@pytest.mark.parametrize("address", [AES, "/en/events.ics"])
def test_all_is_refused_where_it_cannot_be_read(client: Client, address: str) -> None:
    response = client.get(f"{address}?all=yes")
    assert response.status_code == 400
    assert response.content.decode().startswith("all: The whole calendar “yes”")
    assert client.get(f"{address}?all=").status_code == 200


def test_filter_that_finds_nothing_is_an_empty_calendar(client: Client) -> None:
    raw = get(client, "/en/events.ics?q=nowhere-to-be-found")
    assert read(raw) == []
    assert "BEGIN:VTIMEZONE" in content_lines(raw)
    assert "BEGIN:VTIMEZONE" not in content_lines(get(client, "/en/events.ics"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "from=soon",
            "from: From “soon” cannot be read; write a year (2025), a month (2025-04) or a day "
            "(2025-04-03).\n",
        ),
        (
            "state=lost",
            "state: State “lost” is not a value that the record knows; choose one of the options."
            "\nAccepted: cancelled, held, planned, postponed.\n",
        ),
        (
            "framework=nope&q=a&q=b",
            "q: Words “b” is given twice; give it once.\n"
            "framework: Framework “nope” is not a value that the record knows; choose one of the "
            "options.\nAccepted: aes-college, ru-aes, ru-ml.\n",
        ),
        (
            "person=nobody",
            "person: Person “nobody” is not a value that the record knows; choose one of the "
            "options.\n",
        ),
        (
            "after=abc",
            "after: Page “abc” does not belong to this list any more; start again from its first "
            "page.\n",
        ),
    ],
)
def test_unreadable_query_is_refused_by_name(client: Client, query: str, sentence: str) -> None:
    response = client.get(f"/en/events.ics?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == sentence


@examples(max_examples=tries(20, soak=200), suppress_health_check=list(HealthCheck))
@given(PAIRS)
@each_special_value_everywhere
def test_no_query_string_breaks_the_calendar(pairs: list[tuple[str, Any]]) -> None:
    response = Client().get("/en/events.ics", QUERY_STRING=raw_query(pairs))
    if response.status_code == 302:  # an unknown parameter: once is enough
        response = Client().get(response["Location"])
    assert response.status_code in (200, 400, 414)
    if response.status_code == 200:
        read(whole(response))


def test_answer_is_a_calendar_shown_in_place(client: Client) -> None:
    response = client.get(AES)
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert response["Content-Disposition"] == 'inline; filename="ru-aes.ics"'
    assert client.get("/en/events.ics")["Content-Disposition"] == (
        'inline; filename="russia-sahel-example-events.ics"'
    )
    assert response.cookies == {}


def test_calendar_is_only_read(client: Client) -> None:
    for address in (AES, "/en/events.ics"):
        assert client.post(address).status_code == 405
        head = client.head(address)
        assert (head.status_code, head["Content-Type"]) == (
            200,
            "text/calendar; charset=utf-8; method=PUBLISH",
        )


def test_unknown_framework_is_not_found(client: Client) -> None:
    assert client.get("/en/frameworks/none.ics").status_code == 404
    Framework.objects.filter(slug="ru-aes").update(publication="draft")
    assert client.get(AES).status_code == 404


def test_former_slug_sends_on(client: Client) -> None:
    framework = Framework.objects.get(slug="ru-aes")
    before = uids(get(client, AES))
    framework.slug = "russia-aes"
    framework.save()
    publication.keep_former_address(record=framework, former="ru-aes")
    response = client.get(AES)
    assert (response.status_code, response["Location"]) == (302, "/en/frameworks/russia-aes.ics")
    assert uids(get(client, response["Location"])) == before


def test_withdrawn_framework_is_gone(client: Client) -> None:
    publication.withdraw(record=Framework.objects.get(slug="ru-aes"), reason_en="Entered twice.")
    assert client.get(AES).status_code == 410


def test_same_record_gives_the_same_bytes(client: Client) -> None:
    assert get(client, AES) == get(client, AES)
    assert get(client, "/fr/events.ics") == get(client, "/fr/events.ics")


def test_identity_survives_another_slug_date_and_host_name(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "cadre.example.org"]
    before = sorted(uids(get(client, AES)))
    event = Event.objects.get(slug="ru-aes-new-york-2025")
    event.slug, event.date = "elsewhere", "2025-10"
    event.save()
    raw = get(client, AES, headers={"host": "cadre.example.org"}, secure=True)
    assert sorted(uids(raw)) == before
    assert "https://cadre.example.org/en/events/elsewhere/" in [url for url, *_ in summaries(raw)]


def test_edit_makes_the_sequence_grow(client: Client) -> None:
    before = {url: sequence for url, _, _, sequence in summaries(get(client, AES))}
    event = Event.objects.get(slug="ru-aes-new-york-2025")
    event.title_en = "Second meeting"
    event.save()
    after = {url: sequence for url, _, _, sequence in summaries(get(client, AES))}
    grown = {url.rpartition("/en/")[2]: int(after[url]) - int(before[url]) for url in before}
    assert grown == {
        "frameworks/ru-aes/": 1,
        "events/ru-aes-new-york-2025/": 1,
        "events/ru-aes-consultations-moscow-2025/": 0,
    }


def test_sequence_of_the_expected_session_never_shrinks(client: Client) -> None:
    address = "http://testserver/en/frameworks/ru-aes/"
    sequences = []
    event = Event.objects.get(slug="ru-aes-new-york-2025")
    for framework in (event.framework, None, event.framework, None):
        event.framework = framework
        event.save()
        by_url = {url: int(sequence) for url, _, _, sequence in summaries(get(client, AES))}
        sequences.append(by_url[address])
    assert sequences == [sequences[0] + n for n in range(4)]


def test_text_of_editors_is_escaped(client: Client) -> None:
    title = "Réunion, « a; b » \\N\nBEGIN:VEVENT\r\nقمة 🕊️ " + "x" * 195
    Event.objects.filter(slug="ru-aes-new-york-2025").update(title_en=title)
    entries = by_title(get(client, AES))
    assert len(entries) == 3
    assert title.replace("\r\n", "\n") in entries


@pytest.mark.parametrize("address", [AES, "/en/events.ics", "/en/events.ics?party=ru&party=ml"])
def test_calendar_has_a_constant_number_of_queries(
    client: Client,
    event_of: Callable[..., Event],
    django_assert_max_num_queries: Any,
    address: str,
) -> None:
    counts, listed = [], []
    for number in range(3):
        with django_assert_max_num_queries(72) as queries:
            raw = get(client, address)
        counts.append(len(queries))
        listed.append(len(uids(raw)))
        event = event_of(
            "aes",
            f"2025-10-0{number + 1}",
            slug=f"more-{number}",
            framework=Framework.objects.get(slug="ru-aes"),
        )
        Participation.objects.create(event=event, party=Party.objects.get(code="ru"))
        EventSector.objects.create(event=event, sector=Sector.objects.get(slug="trade"))
        refresh_derived(events=[event.pk])
    assert counts == [counts[0]] * 3
    assert listed[2] > listed[0]


def test_streamed_calendar_equals_one_made_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = get(client, "/fr/events.ics")
    monkeypatch.setattr(calendars, "BATCH", 10)
    pieces = list(iter(client.get("/fr/events.ics")))
    total = len([url for url, *_ in summaries(at_once) if "/events/" in url])
    assert len(pieces) == 2 + -(-total // 10)
    assert b"".join(pieces) == at_once


def test_calendar_keeps_its_language_while_it_is_read(client: Client) -> None:
    streamed = client.get("/fr/events.ics")
    with override("en"):
        late = whole(streamed)
    assert late == get(client, "/fr/events.ics")


def test_calendar_goes_out_compressed(client: Client) -> None:
    response = client.get("/fr/events.ics", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    plain = get(client, "/fr/events.ics")
    assert gzip.decompress(whole(response)) == plain


def test_pages_link_to_their_calendars(client: Client) -> None:
    site = "webcal://testserver"
    framework = Page(client.get("/en/frameworks/ru-aes/")).root
    assert framework.xpath("//aside//a[starts-with(@href,'webcal:')]/@href") == [f"{site}{AES}"]
    assert framework.xpath("//aside//a[.='Whole calendar']/@href") == [f"{AES}?all=1"]
    assert framework.xpath("//link[@type='text/calendar']/@href") == [AES]
    assert framework.xpath("//aside//a[.='Calendar (.ics)']/@href") == [AES]
    home = Page(client.get("/en/?party=ml&party=ru")).root
    assert home.xpath("//*[@id='results']//a[.='Calendar (.ics)']/@href") == [
        "/en/events.ics?party=ml&party=ru"
    ]
    for page in (home, Page(client.get("/en/data/?party=ml&party=ru")).root):
        assert page.xpath("//main//a[starts-with(@href,'webcal:')]/@href") == [
            f"{site}/en/events.ics?party=ml&party=ru"
        ]
        assert page.xpath("//main//a[.='Whole calendar']/@href") == [
            "/en/events.ics?party=ml&party=ru&all=1"
        ]
    plain = Page(client.get("/en/")).root
    assert plain.xpath("//main//a[.='Whole calendar']/@href") == ["/en/events.ics?all=1"]


def test_title_of_a_framework_in_another_language_says_so(client: Client) -> None:
    Framework.objects.filter(slug="ru-aes").update(title_en="")
    lines = content_lines(get(client, AES))
    title = "Consultations Russie–AES (à venir et deux dernières années)"
    assert f"NAME;LANGUAGE=fr:{title}" in lines
    assert f"X-WR-CALNAME;LANGUAGE=fr:{title}" in lines


def test_event_and_session_of_one_key_and_moment_are_two(client: Client) -> None:
    same: dict[str, Any] = {
        "pk": 999_999,
        "publication": "published",
        "published_at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
    }
    russia, mali = (Party.objects.get(code=code) for code in ("ru", "ml"))
    framework = a_framework(russia, mali, cadence_months=12, **same)
    an_event(host=russia, framework=framework, takes_turn=True, **same)
    event, session = uids(get(client, f"/en/frameworks/{framework.slug}.ics"))
    assert event != session


def test_text_in_another_language_says_so(client: Client) -> None:
    Event.objects.filter(slug="ru-aes-new-york-2025").update(title_en="")
    lines = content_lines(get(client, AES))
    assert named([line for line in lines if line.startswith("SUMMARY;LANGUAGE=fr")])["SUMMARY"] == [
        "Deuxième rencontre des ministres Russie–AES\\, en marge de l’ONU"
    ]
