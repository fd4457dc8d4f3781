"""Responses are compressed, carry a content security policy, and are refused in one line."""

import gzip
import io
import logging
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from csp.constants import NONCE, SELF
from csp.decorators import csp, csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import path

from config import urls
from timeline.middleware.databases import reopen_replaced_database
from timeline.middleware.hosts import refused_addresses

TEXT = "Mali et Russie, le 3 avril 2025. " * 50
NOISE = b"".join(sha256(bytes([number])).digest() for number in range(60))
"""Bytes that do not get shorter."""


def as_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(TEXT, headers={"ETag": '"one"'})


def as_stream(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([TEXT, "fin"]), content_type="text/csv; charset=utf-8")


def as_short_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("short")


def as_picture(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(NOISE, content_type="image/png")


def as_encoded_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(TEXT, headers={"Content-Encoding": "identity"})


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
    """A client of the views above, with the middleware of the settings."""
    views: list[Callable[[HttpRequest], HttpResponseBase]] = [
        *(as_page, as_stream, as_short_page, as_picture, as_encoded_page),
        *(with_policy_of_its_own, with_another_source, with_one_source_more),
        *(without_policy, with_nonce),
    ]
    settings.ROOT_URLCONF = (
        *(path(view.__name__, view) for view in views),
        *urls.urlpatterns,
    )
    return Client()


def get(client: Client, address: str, accepted: str = "gzip") -> Any:
    return client.get(address, headers={"accept-encoding": accepted})


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br, zstd", "gzip;q=0.5, br;q=0"])
def test_page_is_compressed_with_gzip(view_client: Client, accepted: str) -> None:
    page = get(view_client, "/as_page", accepted)
    assert page.headers["Content-Encoding"] == "gzip"
    assert page.headers["Content-Length"] == str(len(page.content))
    assert "Accept-Encoding" in page.headers["Vary"].split(", ")
    assert page.headers["ETag"] == 'W/"one"'
    assert gzip.decompress(page.content).decode() == TEXT


@pytest.mark.parametrize("accepted", ["", "identity", "br"])
def test_page_is_plain_where_gzip_is_not_accepted(view_client: Client, accepted: str) -> None:
    page = get(view_client, "/as_page", accepted)
    assert "Content-Encoding" not in page.headers
    assert "Accept-Encoding" in page.headers["Vary"].split(", ")
    assert page.headers["ETag"] == '"one"'
    assert page.content.decode() == TEXT


def test_stream_is_compressed_completely(view_client: Client) -> None:
    page = get(view_client, "/as_stream")
    assert page.streaming
    assert page.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.getvalue()).decode() == TEXT + "fin"


@pytest.mark.parametrize(
    ("address", "content"),
    [("/as_short_page", b"short"), ("/as_picture", NOISE), ("/as_encoded_page", TEXT.encode())],
)
def test_response_that_does_not_get_shorter_is_left_alone(
    view_client: Client, address: str, content: bytes
) -> None:
    page = get(view_client, address)
    assert page.content == content
    assert page.headers.get("Content-Encoding", "identity") == "identity"


def test_length_of_a_compressed_page_is_random(view_client: Client) -> None:
    lengths = {len(get(view_client, "/as_page").content) for _ in range(20)}
    assert len(lengths) > 1


def test_database_file_that_was_replaced_is_opened_again(
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
    monkeypatch.setattr("timeline.middleware.databases.connection", connection)
    serve = reopen_replaced_database(lambda _: HttpResponse())
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
    """The log of the site."""
    handlers = [logging.getLogger(name).handlers[0] for name in ("django", None)]
    written = io.StringIO()
    former: list[tuple[logging.StreamHandler[Any], Any]] = []
    for handler in handlers:
        if isinstance(handler, logging.StreamHandler):
            former.append((handler, handler.setStream(written)))
    yield written
    for handler, stream in former:
        handler.setStream(stream)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        # Quoted again in the address of the sign-in page, it is three times as long.
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
    serve = refused_addresses(lambda _: HttpResponse())
    for length, status in ((8_000, 200), (8_001, 414)):
        request = RequestFactory().get("/en/", query_params={"q": "x" * (length - len("/en/q="))})
        assert serve(request).status_code == status
