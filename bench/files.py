"""Whole lists as files over HTTP, and Datasette's CSV of the same events.

A file that is made before it is sent is asked for until it is there; its first byte is the first of
the file. Memory is what a worker holds at most above what it held when it had answered for the page
of the list, and each file has a worker of its own: what one leaves behind would hide what the next
one takes.
"""

import csv
import http.client
import json
import os
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench import best_case
from bench.serving import LOOPBACK, Server, free_port, granian, running
from bench.timeline import FOLDER, SIZES, database, environment, manage

FORMATS: Final = {
    **dict.fromkeys(("csv", "json", "xlsx", "geojson", "timelinejs.json"), ""),
    **dict.fromkeys(("ics", "atom"), "?all=1"),
    **dict.fromkeys(("html", "metadata.json"), ""),
}
"""The formats of events, and what asks for all of them."""

OTHERS: Final = ("commitments", "instruments", "people", "sources")
"""The other nouns of which there may be many: their CSV is measured."""

_PAUSE: Final = 0.05
"""Seconds between two looks at the memory of a server."""

_RETRY: Final = 2.0
"""Seconds after which to ask again for a file that is being made: to answer costs a server time."""


class Sent(NamedTuple):
    """How a file came: seconds to its first byte and to its last, rows, bytes, and megabytes taken.

    ``processor`` are the seconds that the server's processes computed for it.
    """

    first: float
    seconds: float
    processor: float
    rows: int
    size: int
    memory: float


def measure(names: Sequence[str]) -> None:
    """Measure each file at some sizes, print the table and write it as JSON."""
    results = {name: _measured(name) for name in names}
    (FOLDER / "files.json").write_text(json.dumps(results, indent=2) + "\n")
    print(table(results), flush=True)


def _measured(name: str) -> dict[str, Any]:
    print(f"{name}: files", flush=True)
    file = database(name, SIZES[name])
    manage(file, "migrate", "--verbosity", "0")
    manage(file, "build_index")
    aside, rows = FOLDER / f"files-{name}.csv", {}
    for suffix, query in FORMATS.items():
        kept = aside if suffix == "csv" else None
        rows[suffix] = _by_a_worker(file, "/en/", f"/en/events.{suffix}{query}", kept)
    for noun in OTHERS:
        rows[f"{noun}, csv"] = _by_a_worker(file, f"/en/{noun}/", f"/en/{noun}.csv", None)
    beside = FOLDER / f"rows-{name}.sqlite3"
    _make_table(aside, beside)
    port = free_port()
    with running(best_case.command(beside, port), port, "/-/versions.json", os.environ) as server:
        path = f"/{beside.stem}/events.csv?_stream=on&_size=max"
        rows["Datasette, csv"] = _sent(server, path, None, SIZES[name])
    return {"files": {file: sent._asdict() for file, sent in rows.items() if sent}}


def _by_a_worker(file: Path, page: str, path: str, target: Path | None) -> Sent | None:
    """Measure a file of the records of a page; None if they are too many for its format."""
    port = free_port()
    command = granian("config.wsgi:application", port, 1)
    with running(command, port, "/readyz", environment(file)) as server:
        # The ledger is loaded beside answering, and its memory is none of the file's.
        server.times([page, "/en/commitments/"], rounds=1)
        return _sent(server, path, target, _count(server, path))


def _count(server: Server, path: str) -> int:
    """Return how many records a file has."""
    noun = path.split("/")[2].split(".")[0]
    with urllib.request.urlopen(f"http://{LOOPBACK}:{server.port}/en/{noun}.metadata.json") as said:
        return int(json.load(said)["count"])


def _make_table(source: Path, file: Path) -> None:
    """Make one table of the rows of a CSV file."""
    file.unlink(missing_ok=True)
    with source.open(encoding="utf-8-sig", newline="") as lines, sqlite3.connect(file) as written:
        reader = csv.reader(lines)
        names = [f'"{name}"' for name in next(reader)]
        written.execute(f"CREATE TABLE events ({', '.join(names)})")
        marks = ", ".join("?" for _name in names)
        written.executemany(f"INSERT INTO events VALUES ({marks})", reader)  # noqa: S608


def _sent(server: Server, path: str, target: Path | None, rows: int) -> Sent | None:
    """Ask for a file of so many rows until it is there; keep it in ``target``, if there is one."""
    before, computed = server.memory(), server.processor_seconds()
    begin, first, size = time.perf_counter(), 0.0, 0
    with _peak(server) as peak, (target or Path(os.devnull)).open("wb") as kept:
        while not first:
            connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=3600)
            connection.request("GET", path)
            answer = connection.getresponse()
            if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
                time.sleep(_RETRY)
            elif answer.status == HTTPStatus.BAD_REQUEST:
                return None
            elif answer.status != HTTPStatus.OK:
                raise SystemExit(f"{path} answered {answer.status}.")
            else:
                while chunk := answer.read1(65_536):
                    first = first or time.perf_counter() - begin
                    size += kept.write(chunk)
            connection.close()
    seconds = time.perf_counter() - begin
    computed = server.processor_seconds() - computed
    return Sent(first, seconds, computed, rows, size, max(peak) - before)


@contextmanager
def _peak(server: Server) -> Iterator[list[float]]:
    """Note the memory of a server again and again."""
    noted, done = [server.memory()], threading.Event()

    def note() -> None:
        while not done.wait(_PAUSE):
            noted.append(server.memory())

    thread = threading.Thread(target=note)
    thread.start()
    try:
        yield noted
    finally:
        done.set()
        thread.join()


def table(results: dict[str, dict[str, Any]]) -> str:
    """Return the measurements as a table."""
    lines = []
    for name, result in results.items():
        lines += [
            "",
            f"{name} events; +MB: of memory above the idle worker",
            "",
            f"{'':17}{'first s':>9}{'all s':>9}{'cpu s':>9}{'rows':>11}{'rows/s':>9}{'MB':>8}"
            f"{'+MB':>6}",
        ]
        lines += [
            f"{file:17}{row['first']:>9.2f}{row['seconds']:>9.2f}{row['processor']:>9.2f}"
            f"{row['rows']:>11,}{row['rows'] / row['seconds']:>9,.0f}{row['size'] / 1e6:>8.1f}"
            f"{row['memory']:>6.0f}"
            for file, row in result["files"].items()
        ]
    return "\n".join(lines)
