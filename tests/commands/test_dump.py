"""The whole record as a data package: every published record, and nothing else."""

import csv
import datetime as dt
import hashlib
import json
from base64 import b64encode
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from frictionless import Package

from tests import factories as make
from tests.calendars import whole
from tests.clock import set_today
from tests.parsed_page import Page
from timeline.core.columns import names
from timeline.core.relations import TABLES
from timeline.models import Commitment, Event, Identity

ADDRESS = "--address=https://cadre.example"


def dump(*arguments: Any) -> str:
    said = StringIO()
    call_command("dump", *arguments, ADDRESS, "--language=en", stdout=said)
    return said.getvalue()


def table(folder: Path, noun: str) -> list[dict[str, str]]:
    with (folder / f"{noun}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def own_var(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var"


@pytest.mark.usefixtures("demo")
def test_dump_is_a_valid_data_package_of_every_noun(tmp_path: Path) -> None:
    Identity.objects.update(licence_en="CC BY 4.0", licence_url="https://example.org/by")
    dump(tmp_path / "out")
    report = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.flatten(["type", "rowNumber", "fieldName", "note"]) == []
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == [*TABLES]
    assert package["licenses"] == [{"path": "https://example.org/by", "title": "CC BY 4.0"}]
    for resource in package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert columns == names(TABLES[resource["name"]])


@pytest.mark.usefixtures("demo")
def test_package_metadata_and_data_set_say_the_same(client: Client, tmp_path: Path) -> None:
    Identity.objects.update(
        name_en="Sahel", keeper_en="Observatory", licence_en="CC", licence_url="https://e.org/by"
    )
    dump(tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    metadata = client.get("/en/events.metadata.json").json()
    page = Page(client.get("/en/data/"))
    data_set = json.loads(page.root.xpath("//script[@type='application/ld+json']/text()")[0])
    licence = {"path": "https://e.org/by", "title": "CC"}
    assert (package["title"], package["licenses"], package["contributors"]) == (
        *("Sahel", [licence], [{"title": "Observatory", "role": "publisher"}]),
    )
    assert (metadata["licence"], metadata["licence_url"], metadata["publisher"]) == (
        *("CC", "https://e.org/by", "Observatory"),
    )
    assert (data_set["license"], data_set["creator"]["name"]) == ("https://e.org/by", "Observatory")
    assert data_set["name"].startswith("Sahel — ")
    assert package["version"] == metadata["version"] == data_set.get("version", "")


@pytest.mark.usefixtures("demo")
def test_dump_has_every_published_record(tmp_path: Path) -> None:
    make.an_event(slug="draft")
    said = dump(tmp_path)
    events, commitments = (
        [*rows.published().order_by("pk").values_list("slug", flat=True)]
        for rows in (Event.objects, Commitment.objects)
    )
    assert [row["id"] for row in table(tmp_path, "events")] == events
    assert [row["id"] for row in table(tmp_path, "commitments")] == commitments
    assert f"{len(events)} events, {len(commitments)} commitments" in said
    assert table(tmp_path, "events")[0]["url"] == f"https://cadre.example/en/events/{events[0]}/"


def said(folder: Path, noun: str) -> list[dict[str, str]]:
    """Return the rows of a table, each without its own key and without empty cells."""
    rows = table(folder, noun)
    return [{name: text for name, text in row.items() if text and name != "id"} for row in rows]


@pytest.mark.django_db
def test_relations_name_records_by_their_identifiers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today(monkeypatch, dt.date(2026, 6, 1))
    record = make.all_that_is_citable()
    source = make.a_source(archive_url="https://example.org/copy")
    cited = record["participation"].citations.create(
        source=source, field="role", excerpt="=He was there", stance="stated", confidence="medium"
    )
    dump(tmp_path)
    assert said(tmp_path, "participations") == [
        {"event": "earlier", "party": "ml", "role": "participant"},
        {"event": "event", "party": "ml", "role": "host"},
        *(
            {"event": "event", "party": party, "role": "participant"}
            for party in ("sahel", "bank", "till")
        ),
    ]
    assert said(tmp_path, "attendances") == [
        {
            **{"event": "event", "person": "lavrov", "party": "ml", "role": "member"},
            "office": str(record["office"].pk),
        }
    ]
    assert said(tmp_path, "memberships") == [
        {
            **{"party": "ml", "bloc": "sahel", "standing": "observer"},
            **{"starts": "2023-09-16", "ends": "2025-01-29"},
            **{"starts_earliest": "2023-09-16", "starts_latest": "2023-09-16"},
            **{"ends_earliest": "2025-01-29", "ends_latest": "2025-01-29"},
        }
    ]
    assert said(tmp_path, "offices") == [
        {
            **{"person": "lavrov", "party": "ml", "title": "Minister", "title_en": "Minister"},
            **{"starts": "2020", "starts_earliest": "2020-01-01", "starts_latest": "2020-12-31"},
            **{"ends": "2027", "ends_earliest": "2027-01-01", "ends_latest": "2027-12-31"},
        }
    ]
    assert said(tmp_path, "instrument_parties") == [
        {
            **{"instrument": "instrument", "party": "ml", "status": "signed"},
            **{"since": "2024-07-06", "waiting": "true", "as_of": "2026-06-01"},
        },
        {
            **{"instrument": "instrument", "party": "sahel", "status": "nothing_known"},
            **{"waiting": "false", "as_of": "2026-06-01"},
        },
    ]
    assert said(tmp_path, "successions") == [{"party": "bank", "predecessor": "till"}]
    assert table(tmp_path, "citations") == [
        {
            **dict.fromkeys(names(TABLES["citations"]), ""),
            **{"id": str(cited.pk), "source": str(source.pk)},
            **{"participation": str(record["participation"].pk), "field": "role"},
            **{"stance": "stated", "confidence": "medium", "excerpt": "'=He was there"},
        }
    ]


@pytest.mark.django_db
def test_relation_says_nothing_of_what_it_names_that_is_hidden(tmp_path: Path) -> None:
    record = make.all_that_is_citable()
    draft = make.an_event(slug="draft")
    record["membership"].start_event = draft
    record["membership"].save()
    make.a_state("hidden").names.create(name="Hidden", language="en", kind="official")
    dump(tmp_path)
    assert [row["start_event"] for row in table(tmp_path, "memberships")] == [""]
    assert [row["party"] for row in table(tmp_path, "party_names")] == ["sahel"]


@pytest.mark.django_db
def test_dump_takes_the_same_number_of_queries_for_many_rows(tmp_path: Path) -> None:
    record = make.all_that_is_citable()

    def queries(folder: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            dump(tmp_path / folder)
        return len(captured)

    source = make.a_source()

    def add(number: int) -> None:
        for row in (record["participation"], record["status_update"], record["membership"]):
            row.citations.create(source=source)
        make.an_event(
            slug=f"more-{number}", parties=(make.a_state(f"x{number}"),), publication="published"
        )

    add(0)
    first = queries("one")
    add(1)
    add(2)
    assert queries("three") == first


@pytest.mark.django_db
def test_open_end_of_a_date_is_no_day(tmp_path: Path) -> None:
    mali, sahel = make.a_state("ml"), make.a_bloc("sahel")
    make.a_membership(mali, sahel, "2025-01-01/..")
    make.an_event(parties=(mali, sahel), publication="published")
    dump(tmp_path)
    (row,) = table(tmp_path, "memberships")
    assert (row["starts"], row["starts_latest"]) == ("2025-01-01/..", "")


@pytest.mark.usefixtures("demo")
def test_digests_are_those_of_the_files(tmp_path: Path) -> None:
    dump(tmp_path)
    lines = (tmp_path / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    assert dict(line.split("  ")[::-1] for line in lines) == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tmp_path.iterdir()
        if path.name != "SHA256SUMS"
    }


@pytest.mark.django_db
def test_dump_of_an_empty_record_is_valid_too(tmp_path: Path) -> None:
    dump(tmp_path)
    assert Package(str(tmp_path / "datapackage.json")).validate().valid
    assert "names no licence" in (tmp_path / "LICENCE.txt").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    with pytest.raises(CommandError, match="is not empty"):
        dump(tmp_path)
    with pytest.raises(CommandError, match="Say where"):
        dump()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.usefixtures("demo")
def test_archive_is_offered_whole_and_in_ranges(client: Client, own_var: Path) -> None:
    missing = client.get("/data/record.zip")
    assert (missing.status_code, missing["Content-Type"]) == (404, "text/plain; charset=utf-8")
    dump("--zip")
    answer = client.get("/data/record.zip")
    raw, etag = whole(answer), answer["ETag"]
    assert (answer["Content-Type"], raw) == (
        *("application/zip", (own_var / "record.zip").read_bytes()),
    )
    with ZipFile(own_var / "record.zip") as archive:
        assert archive.testzip() is None
        assert {"record/datapackage.json", "record/events.csv"} <= {*archive.namelist()}
    headers = {"Range": "bytes=0-3", "If-Range": etag}
    part: Any = client.get("/data/record.zip", headers=headers)
    assert (part.status_code, b"".join(part)) == (206, b"PK\x03\x04")
    again = client.get("/data/record.zip", headers={"If-None-Match": etag})
    assert again.status_code == 304


@pytest.mark.usefixtures("demo")
def test_pages_say_the_digest_of_the_archive_that_is_offered(client: Client, own_var: Path) -> None:
    def pages() -> list[str]:
        addresses = ("/en/data/?party=ml", "/en/data/parties/", "/en/cite/events/?party=ml")
        return [client.get(address).content.decode() for address in addresses]

    assert [text for text in pages() if "SHA-256" in text] == []
    dump("--zip")
    raw = (own_var / "record.zip").read_bytes()
    digest = hashlib.sha256(raw).digest()
    assert [text for text in pages() if digest.hex() not in text] == []
    answer = client.head("/data/record.zip")
    assert answer["Repr-Digest"] == f"sha-256=:{b64encode(digest).decode()}:"
    # Of an archive that somebody put there, nothing is known.
    for other in (raw + b"more", raw[:-1]):
        (own_var / "record.zip").write_bytes(other)
        assert [text for text in pages() if "SHA-256" in text] == []
        assert "Repr-Digest" not in client.head("/data/record.zip")


@pytest.mark.usefixtures("demo", "own_var")
def test_same_record_makes_the_same_archive(client: Client) -> None:
    dump("--zip")
    first = whole(client.get("/data/record.zip"))
    dump("--zip")
    assert whole(client.get("/data/record.zip")) == first
