"""Every response says how long it may be cached: never beyond a change of the record."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import override

from tests import factories as make
from timeline.actions import publication
from timeline.models import Commitment, Event, Framework, Identity, Instrument
from timeline.urls import urlpatterns

pytestmark = pytest.mark.django_db

OF_ANY_NOUN: Final = (
    *("timeline:cite", "timeline:citation", "timeline:versions", "timeline:version"),
    "timeline:record_atom",
)
"""Addresses of which one pattern serves several nouns."""

RECORDS: Final = {
    "timeline:event": Event,
    "timeline:event_card": Event,
    "timeline:commitment": Commitment,
    "timeline:framework": Framework,
    "timeline:framework_calendar": Framework,
    **dict.fromkeys(
        (
            *("timeline:instrument", "timeline:instrument_card"),
            *("timeline:instrument_svg", "timeline:instrument_png"),
        ),
        Instrument,
    ),
    **dict.fromkeys(OF_ANY_NOUN, Event),
}
"""Addresses of records that are published and withdrawn; the slug of each is that of its model."""

OF_ANY_LIST: Final = frozenset({"timeline:cite_list", "timeline:list_citation"})
"""Addresses of which one pattern serves the lists of several nouns."""

MORE: Final[dict[str, Any]] = {
    **{"timeline:citation": "bib", "timeline:list_citation": "bib", "timeline:version": 1}
}
"""What these addresses take beside the noun and the slug."""

OTHERS: Final = {
    **{"timeline:party": "ml", "timeline:sector": "trade", "timeline:person": "lavrov"},
    "timeline:place": "moscow",
}

TAKING: Final = frozenset(
    {*RECORDS, *OTHERS, "timeline:source", "timeline:comparison", *OF_ANY_LIST}
)
"""Addresses that name a record, or two."""

PUBLIC: Final = tuple(f"timeline:{one.name}" for one in urlpatterns if isinstance(one, URLPattern))


@pytest.fixture
def records(db: None) -> dict[str, Any]:
    """One published record of each kind, of a site with all its texts."""
    Identity.objects.create(legal_en="Us.", privacy_en="No cookies.", accessibility_en="AA.")
    records = make.one_of_each()
    make.also_at(records["event"], make.a_place("moscow"))
    return records


def address(name: str, slug: str | None = None) -> str:
    with override("en"):
        if name == "timeline:source":
            return reverse(name, args=[7 if slug is None else 999])
        if name == "timeline:comparison":
            return reverse(name, args=[slug or "ml", "ru"])
        if name in OF_ANY_LIST:
            path = reverse(name, args=["event", *([MORE[name]] if name in MORE else [])])
            return path.replace("events", slug) if slug else path
        if name in RECORDS:
            own = slug or RECORDS[name]._meta.model_name
            more = [MORE[name]] if name in MORE else []
            noun = ["event"] if name in OF_ANY_NOUN else []
            return reverse(name, args=[*noun, own, *more])
        if name in OTHERS:
            return reverse(name, args=[slug or OTHERS[name]])
        return reverse(name)


def asked_after(response: Any) -> bool:
    return response.headers["Cache-Control"] in ("public, no-cache", "private, no-cache")


def test_every_public_pattern_is_tried() -> None:
    assert len(PUBLIC) == len(urlpatterns)
    taking = {
        name
        for name, pattern in zip(PUBLIC, urlpatterns, strict=True)
        if "<" in str(pattern.pattern)
    }
    assert taking == TAKING


@pytest.mark.parametrize("name", PUBLIC)
def test_public_response_is_revalidated(client: Client, records: dict[str, Any], name: str) -> None:
    own = address(name)
    tried = {
        "found": client.get(own),
        "asked by HEAD": client.head(own),
        "refused": client.get(f"{own}?from=soon&asof=soon&party=nope"),
        "method": client.delete(own),
        "not found": client.get(f"{own}nothing-here/"),
    }
    if name in TAKING:
        tried["unknown"] = client.get(address(name, "none"))
        assert tried["unknown"].status_code == 404
    assert [tried[kind].status_code for kind in ("found", "method", "not found")] == [200, 405, 404]
    for kind, response in tried.items():
        assert asked_after(response), (kind, response.status_code)


@pytest.mark.django_db(transaction=True)
def test_unchanged_response_is_not_sent_again(client: Client, records: dict[str, Any]) -> None:
    """All but the form to report an error, which is another each time."""
    sent_again = set()
    for name in PUBLIC:
        first = client.get(address(name))
        first.close()
        again = client.get(
            address(name), headers={"If-None-Match": first.headers.get("ETag", "none")}
        )
        again.close()
        if again.status_code != 304:
            sent_again.add(name)
    assert sent_again == {"timeline:report"}


def test_report_is_revalidated_however_it_is_sent(client: Client) -> None:
    own = address("timeline:report")
    answers = [client.post(own, {}), client.post(own, {"message": "The date is wrong."})]
    assert [answer.status_code for answer in answers] == [400, 302]
    assert all(map(asked_after, answers))


@pytest.mark.parametrize("name", RECORDS)
def test_withdrawn_record_is_revalidated(
    client: Client, records: dict[str, Any], name: str
) -> None:
    record = records[str(RECORDS[name]._meta.model_name)]
    publication.withdraw(record=record, reason_en="Entered twice.")
    gone = client.get(address(name))
    assert (gone.status_code, asked_after(gone)) == (410, True)
    publication.publish(record=record)
    assert client.get(address(name)).status_code == 200


@pytest.mark.parametrize("name", RECORDS)
def test_former_slug_is_revalidated(client: Client, records: dict[str, Any], name: str) -> None:
    kind = str(RECORDS[name]._meta.model_name)
    record = records[kind]
    record.slug = "renamed"
    record.save()
    publication.keep_former_address(record=record, former=kind)
    moved = client.get(address(name))
    assert (moved.status_code, moved["Location"]) == (302, address(name, "renamed"))
    assert asked_after(moved)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/", 302),
        ("/favicon.ico", 302),
        ("/en", 301),
        ("/en/events/event", 301),
        ("/oembed", 400),
        ("/oembed?format=xml", 501),
        ("/oembed?url=http://testserver/en/", 200),
        ("/oembed?url=http://elsewhere.example/en/", 404),
        ("/no/such/page", 404),
        ("/en/?from=soon", 400),
    ],
)
def test_response_beside_the_pages_is_revalidated(
    client: Client, records: dict[str, Any], url: str, status: int
) -> None:
    answer = client.get(url)
    assert (answer.status_code, asked_after(answer)) == (status, True)


def test_redirect_to_https_is_revalidated(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/en/")
    assert (answer.status_code, asked_after(answer)) == (301, True)


def test_answer_to_an_editor_is_kept_by_none_but_the_browser(
    client: Client, records: dict[str, Any]
) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-an-editor"
    for url in ("/en/", "/en/events/none/", "/en/events.ics", "/no/such/page"):
        assert client.get(url).headers["Cache-Control"] == "private, no-cache", url


def patterns(resolvers: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for resolver in resolvers:
        route = f"{before}{resolver.pattern}".replace("^", "").replace("$", "")
        if isinstance(resolver, URLResolver):
            yield from patterns(resolver.url_patterns, route)
        elif "<" not in route and "(?P" not in route:
            yield route


@pytest.mark.parametrize("signed_in", [False, True])
def test_nothing_of_the_admin_is_kept(
    client: Client, admin_client: Client, signed_in: bool
) -> None:
    browser = admin_client if signed_in else client
    addresses = sorted({*patterns(admin.site.get_urls(), "/admin/")})
    assert len(addresses) > 40
    for url in (*addresses, "/admin", "/admin/timeline", "/admin/no/such/page/"):
        for answer in (browser.get(url), browser.delete(url)):
            assert "no-store" in answer.headers["Cache-Control"], (url, answer.status_code)
