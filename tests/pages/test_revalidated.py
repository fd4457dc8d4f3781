"""Pages are revalidated: unchanged ones are answered without being made."""

import datetime as dt
import gzip
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.text import compress_string

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from timeline.index import current
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    Event,
    EventSector,
    Framework,
    Party,
    Person,
    Place,
    Sector,
    Source,
)
from timeline.pages import _result, _revalidated
from timeline.pages._revalidated import CachedResponse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_kept")]

HTMX = {"HX-Request": "true"}


def get(client: Client, address: str = "/en/", tag: str = "", **headers: str) -> HttpResponse:
    conditions = {"If-None-Match": tag} if tag else {}
    response = client.get(address, headers={**conditions, **headers})
    assert isinstance(response, HttpResponse)
    return response


def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> None:
        raise AssertionError("the index was asked")

    monkeypatch.setattr(_result, "current", asked)


def test_unchanged_page_is_answered_without_the_index(
    client: Client,
    event: Event,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    whole = get(client)
    no_index(monkeypatch)
    with django_assert_num_queries(1):
        again = get(client, tag=whole["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    names = ("ETag", "Cache-Control", "Vary")
    assert [again[name] for name in names] == [whole[name] for name in names]


def test_question_asked_again_is_answered_from_what_is_kept(
    client: Client,
    event: Event,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    first = get(client, "/en/?party=ml")
    no_index(monkeypatch)
    with django_assert_num_queries(1):
        again = get(client, "/en/?party=ml")
    assert again.content == first.content
    packed = [get(client, "/en/?party=ml", **{"Accept-Encoding": "gzip"}) for _ in range(2)]
    assert [answer["Content-Encoding"] for answer in packed] == ["gzip", "gzip"]
    assert [gzip.decompress(answer.content) for answer in packed] == [first.content, first.content]
    assert [answer["ETag"] for answer in packed] == [first["ETag"], first["ETag"]]
    unchanged = get(client, "/en/?party=ml", tag=packed[0]["ETag"], **{"Accept-Encoding": "gzip"})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert "Content-Encoding" not in unchanged


@pytest.mark.parametrize("address", ["/en/", "/en/?sector=nope"])
def test_changed_record_is_shown_at_once(client: Client, event: Event, address: str) -> None:
    before = get(client)
    Event.objects.filter(pk=event.pk).update(title_en="Renamed")
    after = get(client, tag=before["ETag"])
    assert after.status_code == 200
    assert Page(after).titles == ["Renamed"]
    assert after["ETag"] != before["ETag"]


RECORDS = [
    *("events/talks", "parties", "parties/ml", "sectors", "sectors/trade", "people"),
    *(
        "people/lavrov",
        "places",
        "places/moscow",
        "sources",
        "sources/7",
        "frameworks",
        "frameworks/ru-ml",
    ),
    *("commitments", "commitments/corridor", "parties/ml/?asof=2025-06-01"),
    *("commitments/?asof=2025-06-01", "frameworks/ru-ml/?asof=2025-06-01"),
    *("compare/ru/ml", "changes"),
]


@pytest.fixture
def records() -> None:
    """One published record of each kind, each with a page of its own."""
    mali, russia = make.a_state("ml"), make.a_state("ru")
    framework = make.a_framework(russia, mali, slug="ru-ml", publication="published")
    talks = make.an_event(
        slug="talks", host=russia, parties=(mali,), framework=framework, publication="published",
        place=make.a_place("moscow"),
    )  # fmt: skip
    commitment = make.a_commitment(talks, slug="corridor", publication="published")
    CommitmentParty.objects.create(commitment=commitment, party=mali)
    EventSector.objects.create(event=talks, sector=make.a_sector())
    Attendance.objects.create(event=talks, person=make.a_person(), party=russia)
    Citation.objects.create(event=talks, source=make.a_source(pk=7))


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("page", RECORDS)
def test_page_of_a_record_is_revalidated_and_changes_with_the_record(
    client: Client, django_assert_num_queries: Any, page: str
) -> None:
    address = f"/en/{page}" if "?" in page else f"/en/{page}/"
    whole = get(client, address)
    assert whole.status_code == 200
    with django_assert_num_queries(2):
        again = get(client, address)
        unchanged = get(client, address, tag=whole["ETag"])
    assert (again.content, unchanged.status_code) == (whole.content, 304)
    renamed = {"name_en": "Renamed"}
    Party.objects.filter(code="ml").update(**renamed)
    Sector.objects.update(**renamed)
    Person.objects.update(**renamed)
    Place.objects.update(**renamed)
    for titled in (Event, Commitment, Framework):
        titled.objects.update(title_en="Renamed")
    Source.objects.update(title="Renamed")
    changed = get(client, address, tag=whole["ETag"])
    assert changed.status_code == 200
    assert b"Renamed" in changed.content


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    "address",
    [
        *("events.atom", "commitments.atom", "instruments.atom", "changes.atom"),
        *("corrections.atom", "events/talks.atom", "commitments/corridor.atom"),
        *("frameworks/ru-ml.atom", "events.ics", "frameworks/ru-ml.ics", "events.csv"),
        *("events.json", "events.geojson", "events.timelinejs.json", "events.metadata.json"),
        *("commitments.csv", "instruments.json", "parties.csv", "sources.json", "events.bib"),
        *("events/talks.ris", "parties/ml.csl.json", "cite/events/", "events/talks/cite/"),
        *("events/talks/versions/", "people/lavrov/versions/1/", "data/", "places.metadata.json"),
    ],
)
def test_feed_and_file_is_revalidated(client: Client, address: str) -> None:
    whole = client.get(f"/en/{address}")
    assert whole.status_code == 200
    unchanged = client.get(f"/en/{address}", headers={"If-None-Match": whole["ETag"]})
    assert (unchanged.status_code, unchanged.getvalue()) == (304, b"")


def test_moved_withdrawn_and_missing_records_are_kept_by_nobody(
    client: Client, event: Event
) -> None:
    address = f"/en/events/{event.slug}/"
    assert get(client, address)["ETag"]
    Event.objects.filter(pk=event.pk).update(
        publication="withdrawn", withdrawn_reason_en="Entered twice."
    )
    for status, url in ((410, address), (404, "/en/events/none/")):
        answer = get(client, url)
        assert answer.status_code == status
        assert not answer.has_header("ETag")


def test_page_turns_at_midnight(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    Event.objects.filter(pk=event.pk).update(state="planned")
    set_today(monkeypatch, event.latest)
    before = get(client)
    set_today(monkeypatch, event.latest + dt.timedelta(days=1))
    after = get(client, tag=before["ETag"])
    assert after.status_code == 200
    assert "no source seen since" in after.content.decode()
    assert "no source seen since" not in before.content.decode()


def test_page_fragment_group_and_language_have_tags_of_their_own(
    client: Client, event: Event
) -> None:
    answers = [
        get(client),
        get(client, "/fr/"),
        get(client, "/en/?party=ml"),
        get(client, **HTMX),
        get(client, **HTMX, **{"HX-Target": "options-party"}),
    ]
    assert len({answer["ETag"] for answer in answers}) == len(answers)
    names = {name.strip() for name in answers[0]["Vary"].split(",")}
    assert names >= {"HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Target"}
    assert names >= {"Accept-Encoding"}
    assert "Cookie" not in names


def test_readers_page_may_be_kept_by_anybody_and_an_editors_by_none_but_the_browser(
    client: Client, event: Event
) -> None:
    assert get(client)["Cache-Control"] == "public, no-cache"
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-an-editor"
    assert get(client)["Cache-Control"] == "private, no-cache"


def test_page_read_in_a_transaction_has_no_tag_and_is_kept_for_nobody(
    client: Client, event: Event
) -> None:
    with transaction.atomic():
        Event.objects.filter(pk=event.pk).update(title_en="Never")
        inside = get(client)
        transaction.set_rollback(True)
    assert Page(inside).titles == ["Never"]
    assert not inside.has_header("ETag")
    assert Page(get(client)).titles == [event.title_en]


def test_kept_answer_is_compressed_once(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[bytes] = []

    def noted(content: bytes) -> bytes:
        packed.append(content)
        return compress_string(content)

    monkeypatch.setattr(_revalidated, "compress_string", noted)
    plain = client.get("/en/").content
    bodies = [get(client, **{"Accept-Encoding": "gzip"}).content for _ in range(3)]
    assert [gzip.decompress(body) for body in bodies] == [plain] * 3
    assert packed == [plain]
    assert client.get("/en/").content == plain


def test_answer_is_kept_compressed_only_where_that_is_shorter() -> None:
    takes_gzip = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    for content, is_compressed in ((b"long " * 1000, True), (secrets.token_bytes(5000), False)):
        first = CachedResponse.of(HttpResponse(content, content_type="image/png"))
        assert first.compressed_for(RequestFactory().get("/")) is first
        compressed = first.compressed_for(takes_gzip)
        assert compressed.is_compressed is is_compressed
        assert compressed.compressed_for(takes_gzip) is compressed
        assert len(compressed.content) <= len(content)
        plain = compressed.response(RequestFactory().get("/"))
        assert (plain.content, plain["Content-Type"]) == (content, "image/png")
        packed = compressed.response(takes_gzip)
        assert packed.has_header("Content-Encoding") is is_compressed


def test_refused_question_is_kept_by_nobody(client: Client, event: Event) -> None:
    refused = get(client, "/en/?from=soon")
    assert refused.status_code == 400
    assert not refused.has_header("ETag")


def counting(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the index remember its answers, and so need no queries; return how to empty the cache."""
    answers: dict[object, object] = {}
    index = current.current()

    class Remembering:
        def answer(self, question: Any, *, today: dt.date) -> object:
            if question not in answers:
                answers[question] = index.answer(question, today=today)
            return answers[question]

    monkeypatch.setattr(_result, "current", Remembering)
    return caches["questions"].clear


@pytest.mark.parametrize(("address", "queries"), [("/en/", 2), ("/en/?party=ml", 3)])
def test_warm_page_queries_the_version_and_the_revisions_of_its_cards(
    client: Client,
    event: Event,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
    address: str,
    queries: int,
) -> None:
    forget = counting(monkeypatch)
    first = get(client, address)
    forget()
    with django_assert_num_queries(queries):
        again = get(client, address)
    assert again.content == first.content


def test_results_of_the_richest_cards_stay_under_fifteen_kilobytes(
    client: Client, own_demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today(monkeypatch, TODAY)
    for language in ("fr", "en"):
        swap = get(client, f"/{language}/", **HTMX, **{"Accept-Encoding": "gzip"})
        assert swap["Content-Encoding"] == "gzip"
        assert 2_000 < len(swap.content) < 15_000
