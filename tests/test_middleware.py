"""Answers are compressed for those who can read them so."""

import gzip
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

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
