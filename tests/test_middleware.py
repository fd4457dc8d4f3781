"""Answers are compressed for those who can read them so, and carry a policy of contents."""

import gzip
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from csp.decorators import csp_replace, csp_update
from csp.utils import build_policy
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from timeline import middleware
from timeline.middleware import compression, content_policy, database_in_place

TEXT = "Mali et Russie, le 3 avril 2025. " * 50


def answered(response: HttpResponseBase, accepted: str) -> HttpResponseBase:
    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    return compression(lambda _: response)(request)


@pytest.mark.parametrize("accepted", ["br", "gzip, deflate, br, zstd", "br;q=0.1", "BR ; q=1.0"])
def test_page_goes_out_with_brotli(accepted: str) -> None:
    page = answered(HttpResponse(TEXT, headers={"ETag": '"one"'}), accepted)
    assert isinstance(page, HttpResponse)
    assert page.headers["Content-Encoding"] == "br"
    assert page.headers["Content-Length"] == str(len(page.content))
    assert page.headers["Vary"] == "Accept-Encoding"
    assert page.headers["ETag"] == 'W/"one"'
    assert brotli.decompress(page.content).decode() == TEXT


@pytest.mark.parametrize("accepted", ["gzip", "gzip, br;q=0", "gzip, br;q=0.000"])
def test_page_goes_out_with_gzip_where_brotli_is_not_taken(accepted: str) -> None:
    page = answered(HttpResponse(TEXT), accepted)
    assert isinstance(page, HttpResponse)
    assert page.headers["Content-Encoding"] == "gzip"
    assert page.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(page.content).decode() == TEXT


@pytest.mark.parametrize("accepted", ["", "identity", "brotli"])
def test_page_goes_out_plain_where_neither_is_taken(accepted: str) -> None:
    page = answered(HttpResponse(TEXT), accepted)
    assert isinstance(page, HttpResponse)
    assert "Content-Encoding" not in page.headers
    assert page.headers["Vary"] == "Accept-Encoding"
    assert page.content.decode() == TEXT


def test_stream_goes_out_with_brotli_whole() -> None:
    stream = StreamingHttpResponse(iter([TEXT, "fin"]), content_type="text/csv; charset=utf-8")
    page = answered(stream, "br")
    assert isinstance(page, StreamingHttpResponse)
    assert page.headers["Content-Encoding"] == "br"
    assert brotli.decompress(page.getvalue()).decode() == TEXT + "fin"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(TEXT, content_type="image/png"),
        HttpResponse(TEXT, headers={"Content-Encoding": "identity"}),
    ],
    ids=["short", "picture", "already encoded"],
)
def test_answer_not_worth_compressing_is_left_alone(response: HttpResponse) -> None:
    before = response.content, dict(response.items())
    page = answered(response, "br")
    assert isinstance(page, HttpResponse)
    assert (page.content, dict(page.items())) == before


def test_database_file_that_was_replaced_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    file, other = tmp_path / "a.sqlite3", tmp_path / "b.sqlite3"
    file.touch()
    other.touch()
    connection = SimpleNamespace(
        vendor="sqlite",
        settings_dict={"NAME": str(file)},
        in_atomic_block=False,
        close=lambda: closed.append("closed"),
    )
    monkeypatch.setattr("timeline.middleware.connection", connection)
    serve = database_in_place(lambda _: HttpResponse())
    request = RequestFactory().get("/")
    serve(request)
    serve(request)
    assert closed == []
    other.replace(file)
    serve(request)
    serve(request)
    assert closed == ["closed"]


def test_policy_is_written_once_for_all_answers_that_share_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[Any] = []

    def writing(**changes: Any) -> str:
        written.append(changes)
        return build_policy(**changes)

    monkeypatch.setattr(middleware, "build_policy", writing)
    views = [
        lambda _: HttpResponse(),
        csp_replace({"frame-ancestors": "*"})(lambda _: HttpResponse()),
        csp_replace({"frame-ancestors": ["https://a.example"]})(lambda _: HttpResponse()),
        csp_update({"style-src": ["'sha256-x'"]})(lambda _: HttpResponse()),
    ]
    serve = content_policy(lambda request: views[int(request.path[1:])](request))
    told = [
        serve(RequestFactory().get(f"/{number}"))["Content-Security-Policy"]
        for number in [0, 1, 2, 3, 0, 1, 2, 3]
    ]
    assert len(written) == 4
    assert told[:4] == told[4:]
    parts = [set(policy.split("; ")) for policy in told[:4]]
    assert [sorted(part - parts[0]) for part in parts] == [
        [],
        ["frame-ancestors *"],
        ["frame-ancestors https://a.example"],
        ["style-src 'self' 'sha256-x'"],
    ]
    assert {"frame-ancestors 'none'", "style-src 'self'"} < parts[0]


@pytest.mark.parametrize(("status", "carried"), [(200, True), (404, False), (500, False)])
def test_pages_of_errors_while_debugging_keep_their_style(
    settings: Any, status: int, carried: bool
) -> None:
    serve = content_policy(lambda _: HttpResponse(status=status))
    request = RequestFactory().get("/")
    assert serve(request).has_header("Content-Security-Policy")
    settings.DEBUG = True
    assert serve(request).has_header("Content-Security-Policy") == carried


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site writes to its log."""
    handlers = [logging.getLogger(name).handlers[0] for name in ("django", None)]
    written = io.StringIO()
    told: list[tuple[logging.StreamHandler[Any], Any]] = []
    for handler in handlers:
        if isinstance(handler, logging.StreamHandler):
            told.append((handler, handler.setStream(written)))
    yield written
    for handler, stream in told:
        handler.setStream(stream)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        # Quoted once more in the address of the sign-in, it is three times as long.
        (f"/admin/?q={'%' * 7_900}", 400),
        (f"/en/?{'&'.join(['a=b'] * 1_500)}", 400),
        (f"/?{'x' * 16_384}", 414),
        (f"/en?{'x' * 8_000}", 414),
    ],
    ids=["sign-in", "parameters", "bare address", "no slash"],
)
def test_address_that_is_refused_gives_one_line(
    log: io.StringIO, address: str, status: int
) -> None:
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == status
    (line,) = log.getvalue().splitlines()
    assert " WARNING " in line


def test_address_as_long_as_is_read_is_answered(log: io.StringIO) -> None:
    serve = middleware.refused_addresses(lambda _: HttpResponse())
    for length, status in ((8_000, 200), (8_001, 414)):
        request = RequestFactory().get("/en/", query_params={"q": "x" * (length - len("/en/q="))})
        assert serve(request).status_code == status
