"""The rules for robots, in /robots.txt, links and headers."""

import datetime as dt
import re
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from tests.clock import set_today
from tests.parsed_page import Page
from timeline.models import Commitment, Event, Framework, Identity, Person, Place, Sector, Source

RECORDS: Final = (
    ("events", Event),
    ("commitments", Commitment),
    ("frameworks", Framework),
    ("sectors", Sector),
    ("people", Person),
    ("places", Place),
)

PLAIN: Final = (
    *("", "events", "commitments", "frameworks", "parties", "sectors", "people", "sources"),
    *("places", "data", "about", "changes", "corrections", "report"),
)


def rules(client: Client, robot: str) -> list[tuple[bool, str]]:
    """Return the rules of the group for a robot, or of the one for all (RFC 9309, 2.2.1)."""
    groups: dict[str, list[tuple[bool, str]]] = {}
    group: list[tuple[bool, str]] = []
    naming = False
    for line in client.get("/robots.txt").content.decode().splitlines():
        key, _colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            group = group if naming else []
            groups.setdefault(value.lower(), group)
        elif key in ("allow", "disallow"):
            group.append((key == "allow", value))
        elif key and key != "sitemap":
            raise AssertionError(line)
        naming = key == "user-agent"
    return groups.get(robot.lower(), groups["*"])


def may_fetch(robots_rules: list[tuple[bool, str]], address: str) -> bool:
    """Whether rules let a robot fetch: the longest match decides, and 'allow' before 'disallow'."""
    matching = []
    for allowed, rule in robots_rules:
        pattern = re.escape(rule.removesuffix("$")).replace(r"\*", ".*")
        if rule and re.match(pattern + ("$" if rule.endswith("$") else ""), address):
            matching.append((len(rule), allowed))
    return max(matching, default=(0, True))[1]


@pytest.mark.parametrize("host", ["testserver", "192.0.2.7", "old.example.org", ""])
def test_rules_are_given_to_any_host_and_may_be_kept(
    client: Client, settings: Settings, host: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/robots.txt", headers={"Host": host})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert client.post("/robots.txt").status_code == 405


def test_rules_point_to_the_sitemap_and_to_the_whole_record(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "# The whole record is one file: /data/record.zip"
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    other = client.get("/robots.txt", headers={"Host": "old.example.org"}).content.decode()
    assert "Sitemap" not in other


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("", "http://testserver/en/report/"),
        ("desk@example.org", "mailto:desk@example.org"),
        ("https://example.org/contact", "https://example.org/contact"),
        ("write to desk@example.org", "http://testserver/en/report/"),
    ],
)
def test_security_file_names_the_contact_of_the_site(
    client: Client, monkeypatch: pytest.MonkeyPatch, contact: str, expected: str
) -> None:
    set_today(monkeypatch, dt.date(2026, 11, 28))
    Identity.objects.create(contact=contact)
    answer = client.get("/.well-known/security.txt", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        f"Contact: {expected}",
        "Expires: 2027-06-01T00:00:00Z",
        "Preferred-Languages: fr, en",
        "Canonical: http://testserver/.well-known/security.txt",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_robots_may_fetch_records_and_indexes(client: Client, language: str) -> None:
    robots_rules = rules(client, "Googlebot")
    records = ("events/moscow-2025/", "commitments/a-b/", "frameworks/x/", "parties/ml/")
    more = ("sectors/energy/", "people/lavrov/", "sources/7/", "events/moscow-2025.png")
    indexes = ("", "commitments/", "frameworks/", "parties/", "sectors/", "people/", "sources/")
    for page in (*records, *more, *indexes, "about/", "changes/", "data/", "events.ics"):
        assert may_fetch(robots_rules, f"/{language}/{page}"), page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/fr/?view=lanes", "/en/?view=matrix", "/fr/?view=map"])
def test_robots_may_index_the_pictures_of_the_whole_timeline(client: Client, address: str) -> None:
    assert may_fetch(rules(client, "Googlebot"), address)
    assert "X-Robots-Tag" not in client.get(address)
    for narrower in (f"{address}&party=ml", f"{address}&options=party"):
        assert not may_fetch(rules(client, "Googlebot"), narrower)
    assert "X-Robots-Tag" in client.get(f"{address}&sector=")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/fr/?party=ml&sector=energy",
            "/en/?after=abc",
            "/fr/?q=gaz",
            "/fr/commitments/?asof=2019",
        ),
        *("/en/commitments/?sector=energy&status=broken", "/fr/events.ics?party=ml&sector=energy"),
        *("/fr/picture.png?party=ml&kind=visit", "/fr/card.png?party=ml", "/fr/embed/?view=matrix"),
        *("/fr/data/?party=ml&party=ru", "/fr/parties/ml/?asof=2019-05-05"),
        *("/admin/", "/admin/timeline/event/"),
    ],
)
def test_robots_may_not_fetch_questions_nor_the_admin(client: Client, address: str) -> None:
    assert not may_fetch(rules(client, "Googlebot"), address)
    # Shared pages may be fetched, so that a preview can be shown.
    assert may_fetch(rules(client, "LinkedInBot"), address) is not address.startswith("/admin/")


@pytest.mark.django_db
def test_links_to_questions_are_not_to_be_followed_and_those_to_records_are(
    client: Client, demo: None
) -> None:
    published = {"publication": "published"}
    pages = [f"/fr/{noun}/".replace("//", "/") for noun in PLAIN if noun != "events"]
    for noun, model in RECORDS:
        values = published if model in (Event, Commitment, Framework) else {}
        record = model.objects.filter(**values).earliest("pk")
        pages.append(f"/fr/{noun}/{record.slug}/")
    pages += ["/fr/parties/ml/", f"/fr/sources/{Source.objects.earliest('pk').pk}/"]
    questions = records = 0
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer.headers.get("X-Robots-Tag")) == (200, None), page
        for link in Page(answer).root.xpath("//a[starts-with(@href, '/')]"):
            rel, to = (link.get("rel") or "").split(), urlsplit(link.get("href"))
            if to.query and "next" not in rel:
                questions += 1
                assert "nofollow" in rel, (page, link.get("href"))
            elif not to.query and to.path.startswith(("/fr/events/", "/fr/parties/")):
                records += 1
                assert "nofollow" not in rel, (page, link.get("href"))
    assert questions > 100
    assert records > 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/fr/?party=ml", 200),
        ("/fr/?after=abc", 400),
        ("/fr/?party=ml&sector=nope", 400),
        ("/fr/commitments/?asof=2025-12-31", 200),
        ("/fr/events.ics?party=ml", 200),
        ("/fr/picture.svg?party=ml", 200),
        ("/fr/embed/?party=ml", 200),
        ("/fr/data/?party=ml", 200),
    ],
)
def test_answer_to_a_question_is_not_to_be_indexed(
    client: Client, demo: None, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in client.get(urlsplit(address).path)
