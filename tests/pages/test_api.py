"""The API: the answers of pages and files, a page at a time, as its description says."""

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pytest_django.live_server_helper import LiveServer

from tests import factories as make
from tests.calendars import whole
from tests.pages.test_data_files import ASKED
from tests.parsed_page import Page
from timeline.actions import publication
from timeline.core.columns import COLUMNS, names
from timeline.core.relations import CHANGE_LISTS, TABLES
from timeline.models import Commitment, Event, Framework, Instrument
from timeline.pages.api import parameters

demo = pytest.mark.usefixtures("demo")

ROOT = "/api/v1/"


def answer(client: Client, address: str) -> Any:
    response = client.get(ROOT + address)
    assert response.status_code == 200, (address, response.content)
    return response.json()


def pages(client: Client, address: str) -> Iterator[Any]:
    """Yield the pages of a list."""
    following = ROOT + address
    while following:
        response = client.get(following)
        assert response.status_code == 200, following
        yield response.json()
        path, query = urlsplit(response.json()["next"] or "")[2:4]
        following = f"{path}?{query}" if path else ""


def ids(client: Client, noun: str, query: str) -> list[str]:
    rows = [row for page in pages(client, f"{noun}?{query}") for row in page["rows"]]
    return [row["id"] for row in rows]


@demo
@pytest.mark.parametrize(("noun", "query"), ASKED)
def test_pages_have_what_the_file_of_the_same_question_has(
    client: Client, noun: str, query: str
) -> None:
    file = json.loads(whole(client.get(f"/en/{noun}.json?{query}")))
    found = [*pages(client, f"{noun}?{query}")]
    assert [row for page in found for row in page["rows"]] == file.pop("rows")
    shared = [{name: page[name] for name in file} for page in found]
    assert shared == [file] * len(found)
    place = 1
    for page in found:
        assert page["first"] == place
        place += len(page["rows"])
    assert place == file["count"] + 1


def drawn_questions(client: Client, number: int) -> Iterator[tuple[str, str]]:
    """Yield lists with filters of which some are likely to find something."""
    draw = random.Random(17)  # noqa: S311
    facets = {noun: answer(client, f"{noun}?facets=1")["facets"] for noun in parameters.QUESTIONS}
    for _turn in range(number):
        noun = draw.choice([*facets])
        offered = [(name, value) for name, values in facets[noun].items() for value in values]
        pairs = draw.sample(offered, draw.randrange(4))
        pairs += draw.choice(([], [("from", "2025")], [("to", "2025-06")], [("order", "oldest")]))
        yield noun, urlencode(sorted(pairs))


@demo
def test_page_file_and_api_answer_drawn_questions_alike(client: Client) -> None:
    found = 0
    for noun, query in drawn_questions(client, 50):
        file = json.loads(whole(client.get(f"/en/{noun}.json?{query}")))
        page = Page(client.get(urlsplit(file["page"]).path + "?" + urlsplit(file["page"]).query))
        api = answer(client, f"{noun}?{query}")
        rows = whole(client.get(f"/en/{noun}.csv?{query}")).count(b"\r\n") - 1
        assert ids(client, noun, query) == [row["id"] for row in file["rows"]], (noun, query)
        assert api["count"] == file["count"] == len(file["rows"]), (noun, query)
        assert rows >= file["count"]
        said = re.findall(r"\d[\d,]*", page.text("//h2[@id='found']"))
        assert int(said[0].replace(",", "")) == file["count"], (noun, query)
        found += file["count"] > 0
    assert found > 20


@demo
def test_facets_count_what_each_value_finds(client: Client) -> None:
    for noun in parameters.QUESTIONS:
        facets = answer(client, f"{noun}?facets=1&party=ml")["facets"]
        assert facets.keys() <= parameters.names_of(noun, alone=False)
        for name, counts in facets.items():
            # A chosen party stays chosen, since all of them together are asked for.
            for value, count in [*counts.items()][:3]:
                query = urlencode([("party", "ml"), (name, value)])
                assert answer(client, f"{noun}?{query}")["count"] == count, (noun, query)


@demo
def test_columns_are_chosen(client: Client) -> None:
    page = answer(client, "events?fields=title,id&lang=fr&sector=energy")
    assert {tuple(row) for row in page["rows"]} == {("title", "id")}
    assert page["language"] == "fr"
    alone = answer(client, f"events/{page['rows'][0]['id']}?fields=citations,title&lang=fr")
    assert [*alone] == ["citations", "title"]
    assert alone["title"] == page["rows"][0]["title"]


@demo
def test_next_page_keeps_how_it_is_to_be_answered(client: Client) -> None:
    first = answer(client, "events?fields=id&lang=fr&facets=1&order=oldest")
    second = client.get(first["next"]).json()
    assert {tuple(row) for row in second["rows"]} == {("id",)}
    assert (second["language"], second["first"]) == ("fr", 51)
    assert second["facets"] == first["facets"]
    assert client.get(second["previous"]).json() == first


WRONG = {
    "events?sector=nope": ["sector"],
    "events?from=soon&to=2025-13": ["from", "to"],
    "events?fields=id,colour": ["fields"],
    "events?fields=id&fields=title": ["fields"],
    "events?lang=de&facets=2": ["facets", "lang"],
    "events?after=nonsense": ["after"],
    "events?order=relevance": ["order"],
    "commitments?sort=colour&asof=2999-01-01": ["asof", "sort"],
    "instruments?kind=summit": ["kind"],
    "people?initial=AB": ["initial"],
    "people?after=999999": ["after"],
    "frameworks?asof=soon": ["asof"],
    "commitments/any?asof=soon": ["asof"],
    "changes?month=soon&noun=party&party=zz": ["month", "noun", "party"],
    "changes?after=event.999999999": ["after"],
    "corrections?after=event.1&fields=colour": ["after", "fields"],
}


@demo
@pytest.mark.parametrize("address", WRONG)
def test_parameter_that_cannot_be_read_is_a_problem_that_names_it(
    client: Client, address: str
) -> None:
    response = client.get(ROOT + address)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    problem = response.json()
    assert problem["status"] == 400
    assert sorted(one["name"] for one in problem["parameters"]) == WRONG[address]
    assert all(one["detail"] for one in problem["parameters"])


@demo
def test_problem_says_what_is_accepted_in_this_list(client: Client) -> None:
    def accepted(address: str) -> list[str]:
        return client.get(ROOT + address).json()["parameters"][0]["accepted"]  # type: ignore[no-any-return]

    assert accepted("commitments?sort=x") == ["newest", "due", "evidence", "state"]
    assert "treaty" in accepted("instruments?kind=summit")
    assert "summit" in accepted("events?kind=treaty")
    assert accepted("sectors?fields=x") == names(COLUMNS["sectors"])


@demo
def test_unknown_parameter_is_ignored(client: Client) -> None:
    assert answer(client, "events?utm=1&view=map&zoom=x") == answer(client, "events")


@demo
def test_record_by_itself_has_what_its_page_shows(client: Client) -> None:
    text = Instrument.objects.published()[0]
    table = answer(client, f"instruments/{text.slug}")["status_table"]
    assert {row["party"] for row in table} == {party.code for party in text.parties.all()}

    framework = answer(client, "frameworks/ru-aes")
    assert framework["turn"]["next_side"] == framework["next_side"]
    assert framework["turn"]["turns"][0]["event"] == "ru-aes-consultations-moscow-2025"

    commitment = Commitment.objects.published().filter(updates__entry=2)[0]
    alone = answer(client, f"commitments/{commitment.slug}")
    assert [update["status"] for update in alone["updates"] if not update["corrected"]][-1] == (
        alone["status"]
    )
    assert {cited["part"] for cited in alone["citations"]} >= {"commitment", "status_update"}
    assert {cited["source"] for cited in alone["citations"]} >= {*alone["sources"]}


@demo
def test_record_as_of_a_day_knows_nothing_later(client: Client) -> None:
    before = client.get(f"{ROOT}frameworks/ru-aes?asof=2025-04-02")
    assert (before.status_code, before.json()["detail"]) == (
        404,
        "On that day it was not on record.",
    )
    then = answer(client, "frameworks/ru-aes?asof=2025-04-04")
    assert (then["as_of"], len(then["turn"]["turns"])) == ("2025-04-04", 1)
    made = Commitment.objects.published().filter(event__latest__lt="2025-12-31", made_on=None)
    later = made.filter(updates__earliest__gt="2025-12-31")[0]
    steps = answer(client, f"commitments/{later.slug}?asof=2025-12-31")["updates"]
    assert len(steps) < later.updates.count()


@pytest.mark.django_db
def test_record_that_moved_or_was_withdrawn_says_so(client: Client) -> None:
    event = make.an_event(slug="here", publication="published")
    publication.keep_former_address(record=event, former="there")
    moved = client.get(f"{ROOT}events/there?fields=id")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"{ROOT}events/here?fields=id")
    publication.withdraw(record=event, reason_en="Entered twice.")
    gone = client.get(f"{ROOT}events/here")
    assert (gone.status_code, gone.json()["detail"]) == (410, "Entered twice.")
    for missing in ("events/none", "sources/none", f"sources/{9**30}", "nouns", "events/a/b"):
        response = client.get(ROOT + missing)
        assert (response.status_code, response.headers["Content-Type"]) == (
            404,
            "application/problem+json",
        ), missing


@demo
@pytest.mark.parametrize("address", ["events?party=ml", "frameworks/ru-aes", "people"])
def test_answer_that_is_unchanged_is_not_sent_again(client: Client, address: str) -> None:
    with_tag = client.get(ROOT + address)
    assert with_tag.headers["Access-Control-Allow-Origin"] == "*"
    headers = {"If-None-Match": with_tag.headers["ETag"]}
    again = client.get(ROOT + address, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(ROOT + address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == with_tag.headers["ETag"]
    allowed = client.options(ROOT + address)
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["", "events", "events/none"])
def test_what_would_change_something_is_refused_as_a_problem(
    client: Client, address: str, method: str
) -> None:
    response = getattr(client, method)(ROOT + address)
    assert (response.status_code, response.json()["status"]) == (405, 405)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@demo
@pytest.mark.parametrize("reader", ["fr", "en"])
def test_answer_is_in_the_language_that_it_names(client: Client, reader: str) -> None:
    for query, spoken in (("", "en"), ("?lang=fr", "fr"), ("?lang=x", "en")):
        for address in ("events", "events/none", "parties/ml"):
            headers = {"Accept-Language": reader}
            response = client.get(f"{ROOT}{address}{query}", headers=headers)
            assert response.headers["Content-Language"] == spoken, (address, query)
    assert answer(client, "events?lang=fr")["language"] == "fr"


@pytest.mark.django_db
def test_reason_of_a_withdrawal_is_in_the_language_of_the_question(client: Client) -> None:
    event = make.an_event(slug="here", publication="published")
    publication.withdraw(record=event, reason_en="Entered twice.", reason_fr="En double.")
    for query, reason in (("", "Entered twice."), ("?lang=fr", "En double.")):
        for reader in ("fr", "en"):
            headers = {"Accept-Language": reader}
            gone = client.get(f"{ROOT}events/here{query}", headers=headers)
            assert gone.json()["detail"] == reason


@demo
def test_answers_are_as_the_description_says(client: Client) -> None:
    described = answer(client, "openapi.json")
    assert described["openapi"].startswith("3.1")
    components = {"components": described["components"]}
    operations = described["paths"]
    assert len(operations) == 1 + 2 * len(COLUMNS) + len(CHANGE_LISTS)
    assert {method for path in operations.values() for method in path} == {"get"}

    def check(path: str, status: int, address: str) -> None:
        content = operations[path]["get"]["responses"][str(status)]["content"]
        ((media_type, media),) = content.items()
        validator = Draft202012Validator({**media["schema"], **components})
        response = client.get(ROOT + address)
        assert response.status_code == status
        assert response.headers["Content-Type"] == media_type
        assert [*validator.iter_errors(response.json())] == []

    check(ROOT, 200, "")
    for noun in COLUMNS:
        check(f"{ROOT}{noun}", 200, f"{noun}?facets=1")
        check(f"{ROOT}{noun}", 400, f"{noun}?fields=none")
        first = answer(client, noun)["rows"][0]["id"]
        check(f"{ROOT}{noun}/{{identifier}}", 200, f"{noun}/{first}")
        check(f"{ROOT}{noun}/{{identifier}}", 404, f"{noun}/0none")
    text = Instrument.objects.published()[0]
    text.corrections.create(made_on="2026-05-02", text_en="Wrong.")
    for name in CHANGE_LISTS:
        assert answer(client, name)["rows"] != []
        check(f"{ROOT}{name}", 200, name)
        check(f"{ROOT}{name}", 400, f"{name}?noun=party")


@demo
def test_description_names_every_parameter_that_is_read(client: Client) -> None:
    operations = answer(client, "openapi.json")["paths"]
    for noun in parameters.QUESTIONS:
        named = {one["name"] for one in operations[f"{ROOT}{noun}"]["get"]["parameters"]}
        asked = parameters.QUESTIONS[noun]
        assert named == {*asked.REPEATABLE, *asked.SINGLE, "lang", "fields", "facets"}


@pytest.mark.django_db
@pytest.mark.parametrize("noun", [*parameters.QUESTIONS, *CHANGE_LISTS])
def test_page_has_a_constant_number_of_queries(client: Client, noun: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{ROOT}{noun}?facets=1").json()["count"]
        return len(captured)

    make.one_of_each()["event"].corrections.create(made_on="2026-05-02", text_en="Wrong.")
    first = queries()
    for number in range(2):
        event = make.an_event(slug=f"more-{number}", publication="published")
        event.corrections.create(made_on="2026-05-02", text_en="Wrong.")
        make.a_commitment(event, slug=f"more-{number}", publication="published")
        make.a_text(make.a_state(f"x{number}"), slug=f"more-{number}", publication="published")
    assert queries() == first


@demo
def test_changes_are_those_of_their_page(client: Client) -> None:
    for query in ("", "noun=commitment", "party=ml", "party=ru&noun=event"):
        told = answer(client, f"changes?{query}")
        page = Page(client.get(f"/en/changes/?{query}"))
        assert f"{told['count']:,} change" in page.text("//h2[@id='found']")
        shown = page.root.xpath("//ol[@class='rows changes']/li/a[1]/@href")
        assert [row["url"] for row in told["rows"]] == [f"http://testserver{at}" for at in shown]
    assert answer(client, f"changes?month={told['month']}")["months"] == told["months"]


@demo
def test_changes_come_a_page_at_a_time(client: Client) -> None:
    address = f"{ROOT}changes?fields=id&lang=fr"
    rows: list[str] = []
    while address:
        page = client.get(address).json()
        assert page["first"] == len(rows) + 1
        if rows:
            assert page["previous"]
        rows += [row["id"] for row in page["rows"]]
        address = page["next"]
    assert len(rows) == len({*rows}) == page["count"] > 100


@pytest.mark.django_db
def test_corrections_name_their_record(client: Client) -> None:
    records = make.one_of_each()
    texts = {"text_en": "The date was wrong.", "text_fr": ""}
    first = records["event"].corrections.create(made_on="2026-05-02", **texts)
    last = records["instrument"].corrections.create(made_on="2026-06-01", **texts)
    make.an_event(slug="draft").corrections.create(made_on="2026-06-01", text_en="Hidden.")
    plain = {**dict.fromkeys(("event", "commitment", "instrument", "framework")), **texts}
    rows = [
        {**plain, "instrument": "instrument", "made_on": "2026-06-01", "id": last.pk},
        {**plain, "event": "event", "made_on": "2026-05-02", "id": first.pk},
    ]
    rows = [{**row, "id": str(row["id"]), "text": row["text_en"]} for row in rows]
    assert answer(client, "corrections")["rows"] == rows
    assert answer(client, "corrections")["months"] == ["2026-06", "2026-05"]
    assert answer(client, "corrections?month=2026-05")["rows"] == rows[1:]
    assert answer(client, "corrections?noun=instrument")["rows"] == rows[:1]
    assert answer(client, "corrections?party=ml")["count"] == 2


@pytest.mark.django_db
def test_hidden_records_are_not_told(client: Client) -> None:
    event = make.an_event(slug="draft", title_en="Zq")
    make.a_commitment(event, slug="promise", title_en="Zq", publication="published")
    make.a_framework(make.a_state("ml"), slug="frame", title_en="Zq")
    for noun, model in (
        *(("events", Event), ("commitments", Commitment), ("frameworks", Framework)),
    ):
        assert b"Zq" not in client.get(ROOT + noun).content
        slug = model._default_manager.get().slug
        assert client.get(f"{ROOT}{noun}/{slug}").status_code == 404


# The page that documents it


EXAMPLES = {
    "curl": ["bash", "-c"],
    "python": [sys.executable, "-c"],
    "r": ["Rscript", "-e"],
}


@demo
@pytest.mark.parametrize("language", ["en", "fr"])
def test_documentation_names_every_noun_parameter_and_column(client: Client, language: str) -> None:
    page = Page(client.get(f"/{language}/api/"))
    headings = page.root.xpath("//h2/@id")
    assert headings == [*COLUMNS, *CHANGE_LISTS]
    said = {code.text for code in page.root.xpath("//dt/code")}
    lists = (*COLUMNS, *CHANGE_LISTS)
    assert said >= {column.name for noun in lists for column in TABLES[noun]}
    assert said >= {name for noun in lists for name in parameters.names_of(noun, alone=False)}
    loaded = page.root.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src")
    assert [address for address in loaded if not address.startswith("/static/")] == []


@demo
def test_documentation_is_where_clients_look_for_it(client: Client) -> None:
    response = client.get("/api/v1/docs", headers={"Accept-Language": "fr"})
    assert response.status_code == 200
    page = Page(response)
    assert page.root.xpath("//html/@lang") == ["fr"]
    assert page.root.xpath("//a[@id='language']/@href") == ["http://testserver/en/api/"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_demo")
def test_every_example_runs(live_server: LiveServer, client: Client) -> None:
    page = Page(client.get("/en/api/", headers={"Host": urlsplit(live_server.url).netloc}))
    count = answer(client, "events?party=ru&party=ml")["count"]
    ran = []
    for name, command in EXAMPLES.items():
        (example,) = page.root.xpath(f"//textarea[@id='{name}']")
        if shutil.which(command[0]) is None:
            continue
        done = subprocess.run(
            [*command, example.text], capture_output=True, text=True, check=True, timeout=60
        )
        assert str(count) in done.stdout
        ran.append(name)
    assert {"curl", "python"} <= {*ran}
