"""Every answer says how long it may be kept, and none is kept beyond a change of the record."""

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
from timeline.models import Commitment, Event, Framework
from timeline.urls import urlpatterns

pytestmark = pytest.mark.django_db

RECORDS: Final = {
    "timeline:event": Event,
    "timeline:event_card": Event,
    "timeline:commitment": Commitment,
    "timeline:framework": Framework,
    "timeline:framework_calendar": Framework,
}
"""Addresses of records that are published and withdrawn; the slug of each is that of its model."""

OTHERS: Final = {"timeline:party": "ml", "timeline:sector": "trade", "timeline:person": "lavrov"}

PUBLIC: Final = tuple(f"timeline:{one.name}" for one in urlpatterns if isinstance(one, URLPattern))


@pytest.fixture
def records(db: None) -> dict[str, Any]:
    """One published record of each kind."""
    return make.one_of_each()


def address(name: str, slug: str | None = None) -> str:
    with override("en"):
        if name == "timeline:source":
            return reverse(name, args=[7 if slug is None else 999])
        if name in RECORDS:
            return reverse(name, args=[slug or RECORDS[name]._meta.model_name])
        if name in OTHERS:
            return reverse(name, args=[slug or OTHERS[name]])
        return reverse(name)


def asked_after(response: Any) -> bool:
    return response.headers["Cache-Control"] in ("public, no-cache", "private, no-cache")


def test_every_public_pattern_is_tried() -> None:
    assert len(PUBLIC) == len(urlpatterns)
    taking = {
        name for name, one in zip(PUBLIC, urlpatterns, strict=True) if "<" in str(one.pattern)
    }
    assert taking == {*RECORDS, *OTHERS, "timeline:source"}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_answer_is_asked_after(client: Client, records: dict[str, Any], name: str) -> None:
    here = address(name)
    tried = {
        "found": client.get(here),
        "asked by HEAD": client.head(here),
        "refused": client.get(f"{here}?from=soon&asof=soon&party=nope"),
        "method": client.delete(here),
        "not found": client.get(f"{here}nothing-here/"),
    }
    if name in {*RECORDS, *OTHERS, "timeline:source"}:
        tried["unknown"] = client.get(address(name, "none"))
        assert tried["unknown"].status_code == 404
    assert [tried[one].status_code for one in ("found", "method", "not found")] == [200, 405, 404]
    for what, response in tried.items():
        assert asked_after(response), (what, response.status_code)


def test_report_is_asked_after_however_it_is_sent(client: Client) -> None:
    here = address("timeline:report")
    answers = [client.post(here, {}), client.post(here, {"message": "The date is wrong."})]
    assert [answer.status_code for answer in answers] == [400, 200]
    assert all(map(asked_after, answers))


@pytest.mark.parametrize("name", RECORDS)
def test_withdrawn_record_is_asked_after(
    client: Client, records: dict[str, Any], name: str
) -> None:
    record = records[str(RECORDS[name]._meta.model_name)]
    publication.withdraw(record=record, reason_en="Entered twice.")
    gone = client.get(address(name))
    assert (gone.status_code, asked_after(gone)) == (410, True)
    publication.publish(record=record)
    assert client.get(address(name)).status_code == 200


@pytest.mark.parametrize("name", RECORDS)
def test_former_slug_is_asked_after(client: Client, records: dict[str, Any], name: str) -> None:
    kind = str(RECORDS[name]._meta.model_name)
    record = records[kind]
    record.slug = "renamed"
    record.save()
    publication.keep_former_address(record=record, former=kind)
    moved = client.get(address(name))
    assert (moved.status_code, moved["Location"]) == (302, address(name, "renamed"))
    assert asked_after(moved)


@pytest.mark.parametrize(
    ("here", "status"),
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
def test_answer_beside_the_pages_is_asked_after(
    client: Client, records: dict[str, Any], here: str, status: int
) -> None:
    answer = client.get(here)
    assert (answer.status_code, asked_after(answer)) == (status, True)


def test_redirect_to_https_is_asked_after(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/en/")
    assert (answer.status_code, asked_after(answer)) == (301, True)


def test_answer_to_an_editor_is_kept_by_none_but_the_browser(
    client: Client, records: dict[str, Any]
) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-an-editor"
    for here in ("/en/", "/en/events/none/", "/en/events.ics", "/no/such/page"):
        assert client.get(here).headers["Cache-Control"] == "private, no-cache", here


def patterns(found: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for one in found:
        here = f"{before}{one.pattern}".replace("^", "").replace("$", "")
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, here)
        elif "<" not in here and "(?P" not in here:
            yield here


@pytest.mark.parametrize("known", [False, True])
def test_nothing_of_the_admin_is_kept(client: Client, admin_client: Client, known: bool) -> None:
    browser = admin_client if known else client
    addresses = sorted({*patterns(admin.site.get_urls(), "/admin/")})
    assert len(addresses) > 40
    for here in (*addresses, "/admin", "/admin/timeline", "/admin/no/such/page/"):
        for answer in (browser.get(here), browser.delete(here)):
            assert "no-store" in answer.headers["Cache-Control"], (here, answer.status_code)
