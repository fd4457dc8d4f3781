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
from csp.constants import NONCE, SELF
from csp.decorators import csp, csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import path

from config import urls
from timeline import middleware
from timeline.middleware import compression, database_in_place

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


def policy(response: HttpResponseBase) -> set[str]:
    return set(response.headers["Content-Security-Policy"].split("; "))


@csp({"default-src": [SELF]})
def with_policy_of_its_own(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csp_replace({"frame-ancestors": "*"})
def with_another_source(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csp_update({"style-src": ["'sha256-x'"]})
def with_one_source_more(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csp_exempt()
def without_policy(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csp_update({"script-src": [NONCE]})
def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]


@pytest.fixture
def view_client(settings: Any) -> Client:
    """Ask the views above through the middleware of the settings."""
    views = [
        with_policy_of_its_own,
        with_another_source,
        with_one_source_more,
        without_policy,
        with_nonce,
    ]
    settings.ROOT_URLCONF = (
        *(path(view.__name__, view) for view in views),
        *urls.urlpatterns,
    )
    return Client()


def test_csp_decorator_gives_a_view_a_policy_of_its_own(view_client: Client) -> None:
    assert policy(view_client.get("/with_policy_of_its_own")) == {"default-src 'self'"}


def test_csp_replace_decorator_replaces_a_directive(view_client: Client) -> None:
    common = policy(view_client.get("/robots.txt"))
    assert common > {"default-src 'none'", "frame-ancestors 'none'", "style-src 'self'"}
    replaced = policy(view_client.get("/with_another_source"))
    assert replaced == common - {"frame-ancestors 'none'"} | {"frame-ancestors *"}


def test_csp_update_decorator_adds_to_a_directive(view_client: Client) -> None:
    common = policy(view_client.get("/robots.txt"))
    updated = policy(view_client.get("/with_one_source_more"))
    assert updated == common - {"style-src 'self'"} | {"style-src 'self' 'sha256-x'"}


def test_csp_exempt_decorator_leaves_the_policy_out(view_client: Client) -> None:
    response = view_client.get("/without_policy")
    assert response.status_code == 200
    assert "Content-Security-Policy" not in response.headers


def test_nonce_of_a_request_stands_in_the_policy_of_its_response(view_client: Client) -> None:
    responses = [view_client.get("/with_nonce") for _ in range(2)]
    nonces = [response.content.decode() for response in responses]
    assert len(set(nonces)) == 2
    for nonce, response in zip(nonces, responses, strict=True):
        assert len(nonce) >= 22  # 128 bits in base 64
        assert f"script-src 'self' 'nonce-{nonce}'" in policy(response)


@pytest.mark.parametrize(("status", "carried"), [(200, True), (404, False), (500, False)])
def test_pages_of_errors_while_debugging_keep_their_style(
    settings: Any, status: int, carried: bool
) -> None:
    request, csp_middleware = RequestFactory().get("/"), CSPMiddleware(lambda _: HttpResponse())
    for debug, expected in ((False, True), (True, carried)):
        settings.DEBUG = debug
        response = csp_middleware.process_response(request, HttpResponse(status=status))
        assert response.has_header("Content-Security-Policy") == expected


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
