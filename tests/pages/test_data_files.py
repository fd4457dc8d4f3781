"""Lists as files of data: the records of the page, in its order, in every format."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.calendars import whole
from tests.parsed_page import TODAY, Page
from tests.threads import elsewhere
from timeline.core.columns import COLUMNS, names
from timeline.models import Event
from timeline.pages import files
from timeline.pages._list_request import ListRequest, read_list_request
from timeline.pages.files import VIEWS
from timeline.queries import rows
from timeline.queries.as_of import AsOf

demo = pytest.mark.usefixtures("demo")
committed = pytest.mark.django_db(transaction=True)

QUESTIONS = {
    "events": (
        *("", "party=ml&sector=energy", "q=energy&order=relevance", "from=2025&to=2025-06"),
        *("order=oldest&kind=summit&kind=visit", "party=ml&direct=1", "state=planned"),
    ),
    "commitments": (
        *("", "nature=any", "nature=request", "obligor=ru&beneficiary=ml", "sort=due"),
        *("status=announced&sort=evidence", "quiet=1", "asof=2025-06-01", "q=energy"),
    ),
    "instruments": ("", "party=ml&status=signed", "state=in_force", "asof=2025-06-01", "q=joint"),
    "parties": ("", "q=mali", "initial=b"),
    "people": ("", "q=lavrov"),
    "places": ("", "q=moscow"),
    "sources": ("", "q=tass", "initial=t"),
    "sectors": ("",),
    "frameworks": ("", "asof=2025-06-01"),
}
"""Queries of each noun."""

ASKED = [(noun, query) for noun, queries in QUESTIONS.items() for query in queries]

ROWS = {
    "events": "//ol[@class='events']/li//h3/a[contains(@href, '/events/')]/@href",
    "commitments": "//ol[@class='ledger']/li//a[contains(@href, '/commitments/')]/@href",
}


def read_csv(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def rows_of(client: Client, noun: str, query: str = "", suffix: str = "csv") -> list[Any]:
    """Return the rows of a file."""
    raw = whole(client.get(f"/en/{noun}.{suffix}?{query}"))
    return read_csv(raw) if suffix == "csv" else json.loads(raw)["rows"]


@demo
@pytest.mark.parametrize(("noun", "query"), ASKED)
def test_every_format_has_the_same_records_and_says_how_many(
    client: Client, noun: str, query: str
) -> None:
    keys = [row["id"] for row in rows_of(client, noun, query)]
    answer = json.loads(whole(client.get(f"/en/{noun}.json?{query}")))
    assert [row["id"] for row in answer["rows"]] == keys
    about = client.get(f"/en/{noun}.metadata.json?{query}").json()
    assert answer["count"] == about["count"] == len(keys) == len({*keys})


@demo
@pytest.mark.parametrize(("noun", "query"), [row for row in ASKED if row[0] in ROWS])
def test_file_has_the_records_of_the_page_in_its_order(
    client: Client, noun: str, query: str
) -> None:
    address = "/en/" if noun == "events" else f"/en/{noun}/"
    found: list[str] = []
    following = f"{address}?{query}"
    while following:
        page = Page(client.get(following))
        links = page.root.xpath(ROWS[noun])
        found += dict.fromkeys(link.split("?")[0].rstrip("/").rpartition("/")[2] for link in links)
        more = page.root.xpath("//a[@rel='next']/@href")
        following = more[0] if more else ""
    keys = [row["id"] for row in rows_of(client, noun, query)]
    assert [*dict.fromkeys(found)] == keys


@demo
@pytest.mark.parametrize("noun", [*COLUMNS])
def test_file_has_the_columns_of_its_noun(client: Client, noun: str) -> None:
    columns = names(COLUMNS[noun])
    first = read_csv(whole(client.get(f"/en/{noun}.csv")))[0]
    assert [*first] == columns
    assert [*rows_of(client, noun, suffix="json")[0]] == columns
    about = client.get(f"/en/{noun}.metadata.json").json()
    assert [column["name"] for column in about["columns"]] == columns


@demo
@pytest.mark.parametrize(
    ("list_of", "title"),
    [
        ("parties", "All parties on record."),
        ("parties.q=mali", "All parties on record: “mali”."),
        ("people.initial=l", "All people on record: L."),
        ("people.q=x&initial=l", "All people on record: “x”, L."),
        ("instruments.kind=treaty&party=ml", "Texts of kind Treaty, with Mali."),
        ("instruments.party=ml&status=signed", "Texts with Mali, its status: Signed."),
    ],
)
def test_title_of_a_file_says_its_filter_in_words(client: Client, list_of: str, title: str) -> None:
    noun, _, query = list_of.partition(".")
    assert client.get(f"/en/{noun}.metadata.json?{query}").json()["title"] == title


@demo
def test_row_of_an_event_says_what_its_page_says(client: Client) -> None:
    (row,) = [
        row
        for row in rows_of(client, "events", "framework=ru-aes", "json")
        if row["id"] == "ru-aes-consultations-moscow-2025"
    ]
    assert {name: row[name] for name in ("date", "kind", "state", "framework", "takes_turn")} == {
        "date": "2025-04-03",
        "kind": "consultation",
        "state": "held",
        "framework": "ru-aes",
        "takes_turn": True,
    }
    assert row["url"] == "http://testserver/en/events/ru-aes-consultations-moscow-2025/"
    assert {"party": "ru", "role": "host"} in row["participants"]
    assert {"party": "ml", "bloc": "aes"} in row["via"]
    assert {"ru", "aes", "ml", "bf", "ne"} <= {*row["parties"]}
    assert row["title"] == row["title_en"] != row["title_fr"]


NAMED = ("event", "instrument", "article", "restates", "restatement", "answers")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("publication", "named"),
    [
        ("published", ["meeting", "text", "art. 6", "earlier", "same", "request"]),
        ("draft", ["meeting", None, "", None, None, None]),
    ],
)
def test_row_of_a_commitment_names_what_readers_may_see(
    client: Client, publication: str, named: list[str | None]
) -> None:
    meeting = make.an_event(slug="meeting", publication="published")
    elsewhere = make.an_event(publication=publication)
    make.a_commitment(
        meeting,
        instrument=make.a_text(slug="text", publication=publication),
        article="art. 6",
        restates=make.a_commitment(elsewhere, slug="earlier", publication="published"),
        restatement="same",
        answers=make.a_commitment(
            meeting, slug="request", nature="request", publication=publication
        ),
        slug="promise",
        publication="published",
    )
    found = {row["id"]: row for row in rows_of(client, "commitments", "nature=any", "json")}
    assert [found["promise"][name] for name in NAMED] == named


@pytest.mark.django_db
def test_row_of_a_text_says_what_its_page_says(client: Client) -> None:
    mali, angola = make.a_state("ml"), make.a_state("ao")
    text = make.a_text(mali, angola, publication="published", title_fr="Traité")
    signed = make.an_event(slug="signed", publication="published")
    ratified = make.an_event(slug="ratified", date="2024-08-01")
    make.a_step(text, "signed", mali, event=signed)
    make.a_step(text, "ratified", mali, done="2024-08-01", event=ratified)
    make.a_step(text, "amended", done="2024-09-01")
    (row,) = rows_of(client, "instruments", "", "json")
    assert {name: row[name] for name in ("title_fr", "parties", "waiting", "steps", "events")} == {
        "title_fr": "Traité",
        "parties": [
            {"party": "ao", "status": "nothing_known"},
            {"party": "ml", "status": "consented"},
        ],
        "waiting": [],
        "steps": [
            {"done": "2024-07-06", "act": "signed", "party": "ml"},
            {"done": "2024-08-01", "act": "ratified", "party": "ml"},
            {"done": "2024-09-01", "act": "amended", "party": ""},
        ],
        "events": ["signed"],
    }


@demo
def test_texts_are_in_the_language_of_the_address(client: Client) -> None:
    row = read_csv(whole(client.get("/fr/events.csv?framework=ru-aes")))[0]
    assert row["title"] == row["title_fr"] != row["title_en"]
    assert row["url"].startswith("http://testserver/fr/events/")


HOSTILE = ('=1+1\r\n"quoted"; two, three', "+33 | 1", "@cmd", "-2\t3", "\tx", "\u202eabc\u202c")


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_one_cell_and_is_no_formula(client: Client, text: str) -> None:
    event = make.an_event(title_en=text, title_fr="Réunion", publication="published")
    make.also_at(event, make.a_place("camp"), venue_en="a|b")
    (row,) = rows_of(client, "events")
    formula = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert row["title_en"] == (f"'{text}" if formula else text)
    assert row["venues"] == "a/b"
    (value,) = rows_of(client, "events", suffix="json")
    assert (value["title_en"], value["venues"]) == (text, ["a|b"])


@demo
def test_numbers_below_zero_are_no_formulas(client: Client) -> None:
    south = make.a_place("lima", latitude=-12.05, longitude=-77.04)
    make.an_event(place=south, publication="published")
    (row,) = [row for row in rows_of(client, "places") if row["id"] == "lima"]
    assert (row["latitude"], row["longitude"]) == ("-12.05", "-77.04")


@demo
def test_date_is_never_more_precise_than_it_is_known(client: Client) -> None:
    make.an_event(slug="rough", date="2025-04~", publication="published")
    make.an_event(slug="open", date="2025-04-03/..", publication="published")
    rows_by_id = {row["id"]: row for row in rows_of(client, "events")}
    columns = ("date", "earliest", "latest", "date_sure")
    assert {
        slug: tuple(rows_by_id[slug][name] for name in columns) for slug in ("rough", "open")
    } == {
        "rough": ("2025-04~", "2025-04-01", "2025-04-30", "false"),
        "open": ("2025-04-03/..", "2025-04-03", "", "true"),
    }


@demo
def test_request_has_no_state_and_no_clock(client: Client) -> None:
    for row in rows_of(client, "commitments", "nature=request", "json"):
        assert {row[name] for name in ("status", "evidence", "quiet", "overdue")} == {None}
        assert row["askers"]
    for row in rows_of(client, "commitments", "", "json"):
        assert None not in {row[name] for name in ("status", "quiet", "overdue")}


@demo
def test_commitments_are_as_of_the_day_asked_for(client: Client) -> None:
    rows_then = rows_of(client, "commitments", "asof=2025-06-01", "json")
    assert {row["as_of"] for row in rows_then} == {"2025-06-01"}
    latest = max(row["evidence_earliest"] for row in rows_then)
    assert latest <= "2025-06-01"


@demo
@pytest.mark.parametrize("suffix", ["csv", "json", "metadata.json"])
def test_unreadable_filter_is_refused_in_the_form_of_the_file(client: Client, suffix: str) -> None:
    answer = client.get(f"/en/events.{suffix}?from=soon&sector=nope")
    assert answer.status_code == 400
    if suffix == "csv":
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        text = answer.content.decode()
        assert "from: From “soon”" in text
        assert "Accepted: " in text
    else:
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert [(row["name"], row["value"], row["code"]) for row in problem["parameters"]] == [
            ("sector", "nope", "unknown"),
            ("from", "soon", "unreadable"),
        ]
        assert "energy" in problem["parameters"][0]["accepted"]
        assert problem["parameters"][1]["detail"].startswith("From “soon” ")
    french = client.get(f"/fr/events.{suffix}?from=soon").content.decode()
    assert "Du «\u00a0soon\u00a0» ne peut" in french.replace("\\u00a0", "\u00a0")


@demo
@pytest.mark.parametrize(("noun", "suffix"), [*VIEWS])
def test_unreadable_filter_of_any_noun_is_refused(client: Client, noun: str, suffix: str) -> None:
    queries = {"frameworks": "asof=soon", "sectors": ""}
    query = queries.get(noun, "q=%2C")
    answer = client.get(f"/en/{noun}.{suffix}?{query}")
    assert answer.status_code == (400 if query else 200)
    whole(answer)


@demo
@pytest.mark.parametrize(("noun", "suffix"), [*VIEWS])
def test_unknown_parameter_leads_to_the_address_without_it(
    client: Client, noun: str, suffix: str
) -> None:
    answer = client.get(f"/fr/{noun}.{suffix}?utm_source=x")
    assert (answer.status_code, answer["Location"]) == (302, f"/fr/{noun}.{suffix}")


@demo
def test_display_and_page_of_a_list_make_no_other_file(client: Client) -> None:
    every = whole(client.get("/en/events.json"))
    after = Page(client.get("/en/")).root.xpath("//a[@rel='next']/@href")[0].split("?")[1]
    assert whole(client.get(f"/en/events.json?{after}&view=map")) == every


@demo
@pytest.mark.parametrize(("noun", "suffix"), [*VIEWS])
def test_head_says_what_the_file_is_without_making_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, noun: str, suffix: str
) -> None:
    got = client.get(f"/en/{noun}.{suffix}")
    length = len(got.getvalue())
    monkeypatch.setattr(files, "batches", None)
    answer: Any = client.head(f"/en/{noun}.{suffix}")
    assert (answer.status_code, answer["Content-Type"]) == (200, got["Content-Type"])
    assert b"".join(answer) == b""
    assert answer.get("Content-Length") in (None, str(length))


@demo
def test_scripts_of_other_sites_may_read_it(client: Client) -> None:
    for address in ("/en/events.csv", "/en/events.json", "/en/events.json?from=soon"):
        answer = client.get(address)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Access-Control-Expose-Headers"] == "ETag, Retry-After"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


@committed
@pytest.mark.usefixtures("nothing_kept", "own_demo")
@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_file_is_the_same_each_time_and_is_revalidated(client: Client, suffix: str) -> None:
    address = f"/en/events.{suffix}"
    first = client.get(address)
    assert whole(client.get(address)) == whole(first)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{address}?party=ml")["ETag"] != first["ETag"]


@committed
@pytest.mark.usefixtures("nothing_kept")
def test_file_is_of_one_version_however_slowly_it_is_received(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_FIRST", 1)
    for number in range(3):
        make.an_event(slug=f"event-{number}", title_en="Before", publication="published")
    parts = iter(client.get("/en/events.csv"))
    received = next(parts)
    elsewhere(lambda: Event.objects.update(title_en="After"))
    received += b"".join(parts)
    assert [row["title_en"] for row in read_csv(received)] == ["Before"] * 3
    assert {row["title_en"] for row in rows_of(client, "events")} == {"After"}


@committed
@pytest.mark.usefixtures("nothing_kept")
def test_records_are_found_once_for_a_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make.an_event(publication="published")
    found = []

    def counted(*arguments: Any) -> ListRequest:
        list_request = read_list_request(*arguments)

        def keys() -> Any:
            found.append(list_request.keys())
            return found[-1]

        return replace(list_request, keys=keys)

    monkeypatch.setattr(files, "read_list_request", counted)
    assert len(read_csv(whole(client.get("/en/events.csv")))) == 1
    assert len(found) == 1


@committed
@pytest.mark.usefixtures("nothing_kept")
def test_file_that_is_read_after_a_change_has_the_records_of_then(client: Client) -> None:
    make.an_event(publication="published", slug="first")
    answer = client.get("/en/events.csv")
    elsewhere(lambda: make.an_event(publication="published", slug="second"))
    assert {row["id"] for row in read_csv(whole(answer))} == {"first", "second"}


@committed
@pytest.mark.usefixtures("nothing_kept")
def test_client_that_goes_away_leaves_nothing_open(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_FIRST", 1)
    for number in range(3):
        make.an_event(slug=f"event-{number}", publication="published")
    answer: Any = client.get("/en/events.csv")
    next(iter(answer))
    answer.close()
    Event.objects.update(title_en="Written")
    assert {row["title_en"] for row in rows_of(client, "events")} == {"Written"}


@demo
@pytest.mark.parametrize("noun", [*COLUMNS])
def test_queries_of_a_batch_do_not_depend_on_its_length(noun: str) -> None:
    keys = rows.every_key(noun)
    counts = {}
    for number in (1, 3, len(keys)):
        with CaptureQueriesContext(connection) as captured:
            rows.READERS[noun](keys[:number], AsOf(TODAY))
        counts[number] = len(captured)
    # A batch without any row of a part may leave out a query for what such rows name.
    assert max(counts.values()) - min(counts.values()) <= 2, counts
