"""A list as one page to keep: it needs no network and no script, and has its data in it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests import factories as make
from tests.parsed_page import TODAY
from timeline.formats import pack
from timeline.models import Citation
from timeline.pages import _pack, files
from timeline.pages._list_request import read_list_request
from timeline.queries.rows import Row, RowContext, batches

demo = pytest.mark.usefixtures("demo")

ASKED = (
    *(("events", ""), ("events", "party=ml&sector=energy"), ("events", "q=nothingatall")),
    *(("commitments", ""), ("commitments", "nature=any&asof=2025-06-01")),
    *(("instruments", ""), ("instruments", "party=ml&status=signed")),
)


def page(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return lxml.html.document_fromstring(response.getvalue().decode())


def data(root: Any) -> Any:
    (script,) = root.xpath("//script[@type='application/json' and @id='data']")
    return json.loads(script.text)


@demo
@pytest.mark.parametrize(("noun", "query"), ASKED)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_has_the_records_and_the_data_of_the_list(
    client: Client, noun: str, query: str, language: str
) -> None:
    root = page(client, f"/{language}/{noun}.html?{query}")
    file = json.loads(client.get(f"/{language}/{noun}.json?{query}").getvalue())
    kept = data(root)
    assert kept["rows"] == file["rows"]
    assert {name: kept[name] for name in file if name != "rows"} == {
        name: file[name] for name in file if name != "rows"
    }
    shown = root.xpath("//main/ol[1]/li/@id")
    assert shown == [row["id"] for row in file["rows"]]
    titles = [title.text_content() for title in root.xpath("//main/ol[1]/li/h3")]
    assert titles == [row["title"] for row in file["rows"]]
    assert root.get("lang") == language


@demo
@pytest.mark.parametrize("noun", pack.NOUNS)
def test_page_needs_nothing_from_elsewhere(client: Client, noun: str) -> None:
    root = page(client, f"/en/{noun}.html")
    assert root.xpath("//script[not(@type='application/json')]") == []
    assert root.xpath("//@src | //link[@rel!='canonical']/@href | //svg//image/@href") == []
    assert all(
        "url(http" not in style.text and "@import" not in style.text
        for style in root.xpath("//style")
    )
    targets = {*root.xpath("//@id")}
    within = [link[1:] for link in root.xpath("//a/@href") if link.startswith("#")]
    assert within
    assert {*within} <= targets
    outside = [link for link in root.xpath("//a/@href") if not link.startswith("#")]
    assert all(link.startswith(("https://", "http://")) for link in outside)


@demo
def test_sources_stand_with_their_words(client: Client) -> None:
    root = page(client, "/fr/events.html?framework=ru-aes")
    (entry,) = root.xpath("//li[@id='ru-aes-consultations-moscow-2025']")
    quoted = {
        quote.text_content().rpartition("[")[0].strip() for quote in entry.xpath(".//blockquote")
    }
    known = Citation.objects.filter(event__slug="ru-aes-consultations-moscow-2025")
    words = {*known.exclude(excerpt="").values_list("excerpt", flat=True)}
    assert words
    assert words <= quoted
    cited = {link for link in entry.xpath(".//a/@href") if link.startswith("#source-")}
    listed = {f"#{one}" for one in root.xpath("//main/ol[2]/li/@id")}
    assert {f"#source-{key}" for key in known.values_list("source", flat=True)} <= cited <= listed


@pytest.mark.django_db
def test_markup_in_texts_ends_no_element(client: Client) -> None:
    title = "</script><!-- <script>alert(1)</script> & \u2028 \u202eabc\u202c"
    event = make.an_event(title_en=title, title_fr=title, publication="published")
    source = make.a_source(title=title)
    Citation.objects.create(source=source, event=event, excerpt=title)
    root = page(client, "/en/events.html")
    assert data(root)["rows"][0]["title"] == title
    assert len(root.xpath("//script")) == 1
    (heading,) = root.xpath("//main/ol[1]/li/h3")
    assert heading.text_content() == title


@pytest.mark.django_db
def test_page_is_written_as_its_rows_are_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        event = make.an_event(slug=f"e{number}", date=f"2025-04-0{number}", publication="published")
        Citation.objects.create(source=make.a_source(pk=number), event=event, excerpt="Words.")
    done, entries = [], pack.entries

    def one_by_one(noun: str, keys: Sequence[int], context: RowContext) -> Iterator[list[Row]]:
        for rows in batches(noun, keys, context, size=1):
            done.append(f"read {rows[0]['id']}")
            yield rows

    def noted(*arguments: Any) -> Iterator[pack.PackEntry]:
        for entry in entries(*arguments):
            yield entry
            done.append(f"wrote {entry.identifier}")

    monkeypatch.setattr(files, "batches", one_by_one)
    monkeypatch.setattr(_pack, "BATCH", 1)
    monkeypatch.setattr(pack, "entries", noted)
    root = page(client, "/en/events.html")
    assert done == ["read e3", "wrote e3", "read e2", "wrote e2", "read e1", "wrote e1"]
    assert [row["id"] for row in data(root)["rows"]] == ["e3", "e2", "e1"]
    assert root.xpath("//main/ol/li/@id") == ["e3", "e2", "e1", "source-1", "source-2", "source-3"]
    assert len(root.xpath("//blockquote")) == 3


@pytest.mark.django_db
def test_list_that_is_too_long_for_a_page_says_so(rf: RequestFactory) -> None:
    for number in range(2):
        make.an_event(slug=f"e{number}", publication="published")
    request = rf.get("/en/events.html")
    build = files.whole("html", 1, pack.too_many)
    with override("en"):
        refused = build(request, read_list_request("events", request, TODAY))
    assert refused.status_code == 400
    assert b"2 records do not fit on one page" in refused.content  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("noun", pack.NOUNS)
def test_page_has_a_constant_number_of_queries(client: Client, noun: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            root = page(client, f"/en/{noun}.html")
            assert root.xpath("//main/ol[1]/li")
        return len(captured)

    def add(name: str) -> None:
        event = make.an_event(slug=name, publication="published")
        made = make.a_commitment(event, slug=name, publication="published")
        text = make.a_text(make.a_state(name), slug=name, publication="published")
        for cited in ({"event": event}, {"commitment": made}, {"instrument": text}):
            Citation.objects.create(source=make.a_source(), excerpt="Words.", **cited)

    add("xa")
    first = queries()
    add("xb")
    add("xc")
    assert queries() == first


@pytest.mark.django_db
@pytest.mark.parametrize("noun", pack.NOUNS)
def test_hidden_record_is_not_named(client: Client, noun: str) -> None:
    shown = make.an_event(slug="shown", publication="published")
    hidden = make.an_event(slug="hidden", title_en="Zq", follows=shown)
    make.a_commitment(shown, slug="kept", publication="published")
    make.a_commitment(hidden, slug="secret", title_en="Zq", publication="published")
    make.a_text(make.a_state("ml"), slug="draft", title_en="Zq")
    content = client.get(f"/en/{noun}.html").getvalue()
    assert b"</html>" in content
    assert b"Zq" not in content
