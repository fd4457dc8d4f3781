"""The whole record as a data package: every published record, and nothing else."""

import csv
import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from frictionless import Package

from tests import factories as make
from tests.calendars import whole
from timeline.core.columns import COLUMNS, names
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
    assert [resource["name"] for resource in package["resources"]] == [*COLUMNS]
    assert package["licenses"] == [{"path": "https://example.org/by", "title": "CC BY 4.0"}]
    for resource in package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert columns == names(COLUMNS[resource["name"]])


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


@pytest.mark.usefixtures("demo", "own_var")
def test_same_record_makes_the_same_archive(client: Client) -> None:
    dump("--zip")
    first = whole(client.get("/data/record.zip"))
    dump("--zip")
    assert whole(client.get("/data/record.zip")) == first
