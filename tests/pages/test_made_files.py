"""Spreadsheets, maps, slides; and long files, which are made once, kept, and sent in ranges."""

import datetime as dt
import io
import json
import logging
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests import factories as make
from tests.calendars import whole
from tests.pages.test_data_files import ASKED, HOSTILE, rows_of
from timeline.core.columns import COLUMNS, names
from timeline.formats import spreadsheet
from timeline.models import Event
from timeline.pages import _made, files
from timeline.pages._list_request import ListRequest, read_list_request

demo = pytest.mark.usefixtures("demo")
committed = pytest.mark.django_db(transaction=True)
nothing_kept = pytest.mark.usefixtures("nothing_kept", "own_folder")


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for what is made."""
    settings.VAR_DIR = tmp_path
    return _made.folder()


@pytest.fixture
def three_events() -> list[Event]:
    return [make.an_event(slug=f"event-{n}", publication="published") for n in range(3)]


def sheet_of(raw: bytes) -> list[dict[str, Any]]:
    """Return the rows of the first sheet of a workbook."""
    heading, *found = load_workbook(io.BytesIO(raw)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in found]


def read_xlsx(client: Client, address: str) -> list[dict[str, Any]]:
    return sheet_of(content(client.get(address)))


def content(answer: Any) -> bytes:
    return whole(answer) if answer.streaming else bytes(answer.content)


@demo
@pytest.mark.parametrize(("noun", "query"), ASKED)
def test_spreadsheet_has_the_rows_of_the_table(client: Client, noun: str, query: str) -> None:
    expected = [row["id"] for row in rows_of(client, noun, query)]
    found = read_xlsx(client, f"/en/{noun}.xlsx?{query}")
    assert [str(row["id"]) for row in found] == expected
    if found:
        assert [*found[0]] == names(COLUMNS[noun])


@demo
def test_spreadsheet_has_numbers_and_days_as_such(client: Client) -> None:
    make.an_event(slug="old", date="1648-10-24", publication="published")
    found = {row["id"]: row for row in read_xlsx(client, "/en/events.xlsx")}
    row = found["ru-aes-consultations-moscow-2025"]
    columns = ("date", "earliest", "date_sure", "parties")
    assert tuple(row[name] for name in columns) == (
        *("2025-04-03", dt.datetime.fromisoformat("2025-04-03"), True),
        row["parties"],
    )
    # No spreadsheet has a number for a day that is as old as this.
    assert found["old"]["earliest"] == "1648-10-24"
    place = {row["id"]: row for row in read_xlsx(client, "/en/places.xlsx")}["moscow"]
    assert isinstance(place["latitude"], float)


@demo
def test_spreadsheet_may_have_more_than_two_gigabytes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of a million events have; a file of ZIP says so in another way from a limit on."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10_000)
    found = read_xlsx(client, "/en/events.xlsx")
    assert [row["id"] for row in found] == [row["id"] for row in rows_of(client, "events")]


@demo
def test_spreadsheet_says_what_it_is(client: Client) -> None:
    book = load_workbook(io.BytesIO(content(client.get("/en/events.xlsx?party=ml"))))
    about, columns = (
        {row[0]: row[1] for row in book[name].iter_rows(values_only=True)}
        for name in ("about", "columns")
    )
    assert about["title"] == "Events with Mali."
    assert about["page"] == "http://testserver/en/?party=ml"
    assert columns["state"] == "Whether it is planned, was held, postponed or cancelled."


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_a_text_in_a_spreadsheet(client: Client, text: str) -> None:
    make.an_event(title_en=text, title_fr="Réunion", publication="published")
    book = load_workbook(io.BytesIO(content(client.get("/en/events.xlsx"))))
    place = names(COLUMNS["events"]).index("title_en") + 1
    written = book.worksheets[0].cell(row=2, column=place)
    assert written.data_type == "s"
    # XML has one way to end a line.
    assert str(written.value).replace("_x000D_", "\r").replace("\r\n", "\n") == text.replace(
        "\r\n", "\n"
    )


@pytest.mark.django_db
def test_text_that_no_cell_holds_says_that_it_is_cut(client: Client) -> None:
    make.an_event(summary_en="word " * 10_000, publication="published")
    (row,) = read_xlsx(client, "/en/events.xlsx")
    assert len(row["summary_en"]) == 32_767
    assert row["summary_en"].endswith("The CSV file has the whole text.]")


@pytest.mark.django_db
def test_cell_of_what_is_not_known_is_empty(client: Client) -> None:
    make.an_event(title_en="Talks", title_fr="", publication="published")
    (row,) = read_xlsx(client, "/en/events.xlsx")
    empty = ("title_fr", "summary_en", "sectors", "places", "framework", "follows")
    assert [row[name] for name in empty] == [None] * len(empty)


@demo
@nothing_kept
def test_list_that_no_sheet_holds_is_refused_with_a_sentence(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_many(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
        return replace(read_list_request(noun, request, day), keys=lambda: range(1_048_576))

    monkeypatch.setattr(files, "read_list_request", too_many)
    answer = client.get("/en/sectors.xlsx")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content.decode().strip() == (
        "A spreadsheet holds 1,048,575 rows, and this list has 1,048,576: choose a narrower "
        "filter, or take the CSV file, which holds them all."
    )


@demo
def test_map_has_a_feature_for_each_event(client: Client) -> None:
    event = make.an_event(slug="twice", publication="published")
    make.an_event(slug="nowhere", publication="published")
    make.also_at(make.an_event(slug="unplaced", publication="published"), make.a_place("lost"))
    north = make.a_place("north", latitude=60.5, longitude=10.25)
    make.also_at(event, north, make.a_place("south", latitude=-1.5, longitude=-170.0))
    answer = json.loads(whole(client.get("/en/events.geojson")))
    found = {feature["id"]: feature["geometry"] for feature in answer["features"]}
    rows = rows_of(client, "events")
    assert [*found] == [row["id"] for row in rows]
    assert answer["count"] == len(rows)
    assert (found["nowhere"], found["unplaced"]) == (None, None)
    assert found["twice"] == {
        "type": "MultiPoint",
        "coordinates": [[10.25, 60.5], [-170.0, -1.5]],
    }
    assert found["ru-aes-consultations-moscow-2025"]["type"] == "Point"


DATES = {
    "2025-04-03": ({"year": 2025, "month": 4, "day": 3}, None),
    "2025-04~": ({"year": 2025, "month": 4}, None),
    "2025": ({"year": 2025}, None),
    "2025-21": ({"year": 2025}, None),
    "198X": ({"year": 1980}, {"year": 1989}),
    "2025-04-03/..": ({"year": 2025, "month": 4, "day": 3}, None),
    "2024/2025-04": ({"year": 2024}, {"year": 2025, "month": 4}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("date", [*DATES])
def test_slide_has_its_date_as_precise_as_it_is_known(client: Client, date: str) -> None:
    make.an_event(date=date, title_en="<b>1 & 2</b>", publication="published")
    (slide,) = json.loads(whole(client.get("/en/events.timelinejs.json")))["events"]
    assert (slide["start_date"], slide.get("end_date")) == DATES[date]
    assert slide["text"]["headline"] == "&lt;b&gt;1 &amp; 2&lt;/b&gt;"


def part(client: Client, address: str, **headers: str) -> tuple[int, bytes, str | None]:
    """Return the status of a response, its content, and which range it says that this is."""
    answer: Any = client.get(address, headers={k.replace("_", "-"): v for k, v in headers.items()})
    return answer.status_code, b"".join(answer), answer.headers.get("Content-Range")


@committed
@nothing_kept
def test_kept_file_is_sent_in_ranges(client: Client, three_events: list[Event]) -> None:
    address = "/en/events.xlsx"
    first = client.get(address)
    raw, etag = whole(first), first["ETag"]
    size = len(raw)
    assert not etag.startswith("W/")
    assert int(first["Content-Length"]) == size
    assert part(client, address, Range="bytes=0-99") == (206, raw[:100], f"bytes 0-99/{size}")
    assert part(client, address, Range="bytes=5-5") == (206, raw[5:6], f"bytes 5-5/{size}")
    assert part(client, address, Range="bytes=-7") == (
        *(206, raw[-7:]),
        f"bytes {size - 7}-{size - 1}/{size}",
    )
    assert part(client, address, Range=f"bytes={size}-") == (416, b"", f"bytes */{size}")
    for whole_range in ("bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=x"):
        assert part(client, address, Range=whole_range) == (200, raw, None), whole_range
    assert part(client, address, Range="bytes=0-9", If_Range=etag)[0] == 206
    assert part(client, address, Range="bytes=0-9", If_Range='"other"') == (200, raw, None)
    unchanged = client.get(address, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", etag)


@committed
@nothing_kept
def test_spreadsheet_is_made_once_for_a_version(
    client: Client, three_events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = whole(client.get("/en/events.xlsx"))
    with monkeypatch.context() as patch:
        patch.setattr(spreadsheet, "write", None)
        assert whole(client.get("/en/events.xlsx")) == first
        assert whole(client.get("/en/events.xlsx?utm=1", follow=True)) == first
    three_events[0].title_en = "Another title"
    three_events[0].save()
    assert whole(client.get("/en/events.xlsx")) != first


@committed
@nothing_kept
@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx"])
def test_long_file_is_made_first_and_then_sent(
    client: Client, three_events: list[Event], monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    address = f"/en/events.{suffix}"
    short = whole(client.get(address))
    for path in _made.folder().iterdir():
        path.unlink()
    monkeypatch.setattr(files, "LONG", 2)
    page = client.get(address, headers={"Accept": "text/html"})
    assert (page.status_code, page["Retry-After"], page["Refresh"]) == (503, "5", "5")
    assert "of 3 rows are written" in page.content.decode()
    _wait()
    answer = client.get(address)
    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "bytes")
    assert whole(answer) == short
    assert [path.suffix for path in _made.folder().iterdir()] == [f".{suffix}"]


@committed
@nothing_kept
def test_programs_are_told_in_plain_text_to_ask_again(
    client: Client,
    three_events: list[Event],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(files, "LONG", 2)
    log = logging.getLogger("django.request")
    log.addHandler(caplog.handler)
    try:
        answer = client.get("/en/events.csv", headers={"Accept": "*/*"})
    finally:
        log.removeHandler(caplog.handler)
    assert caplog.records == []
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    _wait()


@committed
@nothing_kept
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_file_that_cannot_be_made_is_not_begun_again_for_an_hour(
    client: Client, three_events: list[Event], monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    monkeypatch.setattr(files, "LONG", 2)
    begun: list[Path] = []
    write = files._write

    def fail(path: Path, *_arguments: Any) -> None:
        begun.append(path)
        raise OSError("disk full")

    monkeypatch.setattr(files, "_write", fail)

    def ask() -> Any:
        answer = client.get("/en/events.csv?from=2000", headers={"Accept": accept})
        _wait()
        return answer

    back = '<a href="/en/?from=2000">Back to the list</a>'
    assert (back in ask().content.decode()) == (accept == "text/html")
    for answer in (ask(), ask()):
        assert (answer.status_code, answer["Retry-After"]) == (503, "3600")
        assert "Refresh" not in answer
        assert "could not be made" in answer.content.decode()
        assert "every five seconds" not in answer.content.decode()
        assert (back in answer.content.decode()) == (accept == "text/html")
    assert len(begun) == 1
    monkeypatch.setattr(files, "_write", write)
    with monkeypatch.context() as later:
        later.setattr(_made, "FAILED_FOR", 0)
        assert "are written" in ask().content.decode()
        made = ask()
        assert (made.status_code, len(whole(made).splitlines())) == (200, 4)


def _wait() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("Thread-") and "_make_beside" in thread.name:
            thread.join()


@committed
@nothing_kept
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("number", [1, 3])
def test_who_waits_for_a_file_has_nothing_found_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, suffix: str, number: int
) -> None:
    for _ in range(number):
        make.an_event(publication="published")
    monkeypatch.setattr(files, "LONG", 0)
    found: list[str] = []
    begun, go_on, write = threading.Event(), threading.Event(), files._write

    def noted(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
        one = read_list_request(noun, request, day)

        def keys() -> Sequence[int]:
            found.append(noun)
            return one.keys()

        return replace(one, keys=keys)

    def held(*arguments: Any) -> None:
        begun.set()
        assert go_on.wait(60)
        write(*arguments)

    monkeypatch.setattr(files, "read_list_request", noted)
    monkeypatch.setattr(files, "_write", held)

    def ask(status: int) -> tuple[int, bytes]:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/en/events.{suffix}")
        assert answer.status_code == status
        return len(captured), content(answer)

    ask(503)
    assert begun.wait(60)
    waited = [ask(503) for _ in range(3)]
    assert client.head(f"/en/events.{suffix}").status_code == 503
    go_on.set()
    _wait()
    queries, _content = ask(200)
    assert {said.decode().partition(".")[0] for _, said in waited} == {
        f"This file is being made: 0 of {number} rows are written"
    }
    assert {list_request for list_request, _ in waited} == {queries}, "as many as for a kept file"
    assert found == ["events", "events"], "by who asked first and by the maker"


def ten_bytes(path: Path) -> None:
    path.write_bytes(bytes(10))


@nothing_kept
def test_files_asked_for_least_lately_go_first(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_made, "MAX_BYTES", 25)
    for name in ("a", "b"):
        _made.make_now(name, ten_bytes)
    assert _made.kept("a") is not None
    _made.make_now("c", ten_bytes)
    assert sorted(path.name for path in own_folder.iterdir()) == ["a", "c"]


@nothing_kept
def test_progress_is_that_of_a_file_which_is_being_made_beside(own_folder: Path) -> None:
    steps = threading.Barrier(2, timeout=60)

    def write(path: Path, note: _made.OnProgress) -> None:
        for rows in (1, 2):
            steps.wait()
            note(rows)
            steps.wait()
        steps.wait()
        path.write_bytes(b"whole")

    assert _made.underway("a") is None
    assert _made.make_beside("a", 3, write) == (0, 3)
    seen = [_made.underway("a")]
    for _ in range(2):
        steps.wait()
        steps.wait()
        seen.append(_made.underway("a"))
    steps.wait()
    _wait()
    assert seen == [(0, 3), (1, 3), (2, 3)]
    assert _made.underway("a") is None
    assert [path.name for path in own_folder.iterdir()] == ["a"]


@nothing_kept
def test_file_whose_maker_ended_early_is_not_being_made(own_folder: Path) -> None:
    (own_folder / "a.part").write_bytes(b"half")
    (own_folder / "a.rows").write_text("1 3", encoding="ascii")
    assert _made.underway("a") is None


@nothing_kept
def test_file_that_is_made_at_once_has_no_progress(own_folder: Path) -> None:
    seen: list[_made.Progress | None] = []

    def write(path: Path) -> None:
        seen.append(_made.underway("a"))
        ten_bytes(path)

    _made.make_now("a", write)
    assert seen == [None]


@nothing_kept
def test_file_that_cannot_be_made_leaves_nothing(own_folder: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        _made.make_now("a", fail)
    assert [*own_folder.iterdir()] == []
    assert _made.kept("a") is None
