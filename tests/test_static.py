"""Static files and pages as in production: hashed, compressed, with one policy."""

import datetime as dt
import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils.text import compress_string

from tests.clock import set_today

INDEXES: Final = tuple(
    f"/{language}/{page}"
    for language in ("fr", "en")
    for page in (
        *("", "commitments/", "frameworks/", "parties/", "sectors/", "people/", "sources/"),
        *("about/", "changes/", "corrections/"),
    )
)
"""Public pages that stand without any record."""

PAGES: Final = ("/admin/login/", *INDEXES)
"""Pages that are opened with the collected files; one that names a missing file fails."""

WITHOUT_COOKIES: Final = (
    *("/", "/healthz", "/readyz", "/favicon.ico", "/no/such/page", "/fr/events/none/"),
    *INDEXES,
)
"""Addresses that must leave nothing in a reader's browser."""

FIRST_VISITS: Final = {
    "/fr/": 45 * 1024,
    "/fr/events/ru-aes-consultations-moscow-2025/": 16 * 1024,
}
"""The bytes that the page and its files may take, compressed, for a reader who has nothing yet."""

POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def in_production(folder: Path) -> override_settings:
    """Serve the collected files of a folder, as WhiteNoise does without the tests' settings."""
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    return override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": hashed},
        STATIC_ROOT=folder,
        WHITENOISE_AUTOREFRESH=False,
    )


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as 'make serve' collects them, once for this module."""
    folder = tmp_path_factory.mktemp("static")
    with in_production(folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def visitor(collected: Path, db: None) -> Iterator[Client]:
    """A client of the site as in production."""
    with in_production(collected):
        yield Client(headers={"accept-encoding": "br, gzip", "accept-language": "fr"})


def policy(header: str) -> dict[str, str]:
    parts = (directive.strip().partition(" ") for directive in header.split(";"))
    return {name: values for name, _, values in parts}


@pytest.mark.parametrize("address", PAGES)
def test_page_finds_its_static_files_hashed_and_compressed(visitor: Client, address: str) -> None:
    page = visitor.get(address, headers={"accept-encoding": "identity"})
    assert page.status_code == 200
    files = set(re.findall(r'(?:src|href)="(/static/[^"#?]+)', page.content.decode()))
    assert files
    for file in sorted(files):
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", file), file
        answer = visitor.get(file)
        assert answer.status_code == 200, file
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        if file.endswith((".css", ".js")):
            assert answer.headers["Content-Encoding"] == "br", file
        answer.close()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("address", "most"), [*FIRST_VISITS.items()])
def test_first_visit_is_light(
    visitor: Client, collected: Path, monkeypatch: pytest.MonkeyPatch, address: str, most: int
) -> None:
    # Pages say how long ago things were.
    set_today(monkeypatch, dt.date(2026, 11, 28))
    page = visitor.get(address, headers={"accept-encoding": "identity"})
    size = len(compress_string(page.content))
    files = set(re.findall(r'(?:src|href)="/static/([^"#?]+[.](?:js|css))"', page.text))
    assert files
    size += sum((collected / f"{file}.br").stat().st_size for file in files)
    assert size <= most


@pytest.mark.parametrize("address", ["/admin/login/", *WITHOUT_COOKIES, "static file"])
def test_every_answer_carries_the_policy(visitor: Client, collected: Path, address: str) -> None:
    if address == "static file":
        address = f"/static/{next(collected.glob('admin/css/base.*.css')).relative_to(collected)}"
    answer = visitor.get(address)
    assert policy(answer.headers["Content-Security-Policy"]) == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    shared = "cross-origin" if address.startswith("/static/") else "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == shared
    answer.close()


@pytest.mark.parametrize("address", WITHOUT_COOKIES)
def test_public_address_sets_no_cookie(visitor: Client, address: str) -> None:
    assert dict(visitor.get(address).cookies) == {}


def test_page_for_editors_is_where_a_cookie_would_show(visitor: Client) -> None:
    assert list(visitor.get("/admin/login/").cookies) == ["csrftoken"]


@pytest.mark.parametrize("address", ["/fr/", "/en/commitments/", "/en/embed/"])
def test_scripts_of_a_page_are_known_by_their_digests(
    visitor: Client, collected: Path, address: str
) -> None:
    page = visitor.get(address, headers={"accept-encoding": "identity"}).content.decode()
    scripts = re.findall(r"<script [^>]*>", page)
    assert scripts
    for script in scripts:
        match = re.search(r' src="/static/([^"]+)" integrity="sha384-([^"]+)"', script)
        assert match, script
        digest = hashlib.sha384((collected / match[1]).read_bytes()).digest()
        assert match[2] == b64encode(digest).decode()


def test_embed_may_be_framed_by_a_page_that_isolates_itself(visitor: Client) -> None:
    answer = visitor.get("/en/embed/")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
