"""Kills under writers: what the site acknowledged is there afterwards, and nothing is half there.

Writers sign in and add events with two participations by the editors' own form. A worker, or the
whole server, is killed with SIGKILL at any moment.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from bench.serving import LOOPBACK, children, free_port, granian
from bench.timeline import FOLDER, environment, manage

WRITERS: Final = 3
WORKERS: Final = 2
NAME: Final = "writer"
PASSWORD: Final = "kept-by-nobody-but-this-campaign"  # noqa: S105 — of a database thrown away
PARTIES: Final = 2
"""Participations that each event is added with."""

_PATIENCE: Final = 60.0
"""Seconds that a server may take to answer again."""


@dataclass
class Log:
    """What writers were told."""

    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class _Fields(HTMLParser):
    """The values that the form of a page would send, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag == "input" and name and told.get("type") not in ("submit", "file", "checkbox"):
            self.values[name] = told.get("value", "")
        elif tag == "select":
            self._select = name
            self.values[name] = ""
        elif tag == "option" and self._select and "selected" in told:
            self.values[self._select] = told.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data.removeprefix("\n")


class Writer(threading.Thread):
    """Somebody who adds one event after the other, and notes what was acknowledged."""

    def __init__(
        self, port: int, number: int, parties: Sequence[int], stop: threading.Event, log: Log
    ) -> None:
        super().__init__(daemon=True)
        self._parties = parties
        self._site = f"http://{LOOPBACK}:{port}"
        self._number, self._ended, self._log = number, stop, log
        self._browser, self._signed_in = build_opener(), False
        self._done = 0

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                if not self._signed_in:
                    self._sign_in()
                form = self._form("/admin/timeline/event/add/")
            except (OSError, HTTPException):
                self._signed_in = False
                time.sleep(0.1)
                continue
            self._done += 1
            self._add(form, f"kept-{self._number}-{self._done}")

    def _add(self, form: dict[str, str], slug: str) -> None:
        row = {"role": "participant"}
        values = {"slug": slug, "kind": "meeting", "date": "2025-04-03", "title_en": f"T {slug}"}
        for number, party in enumerate(self._parties):
            prefix = f"participations-{number}"
            values |= {f"{prefix}-{name}": value for name, value in row.items()}
            values[f"{prefix}-party"] = str(party)
        values |= {"participations-TOTAL_FORMS": str(PARTIES), "_save": "1"}
        data = urlencode({**form, **values}).encode()
        try:
            with self._browser.open(f"{self._site}/admin/timeline/event/add/", data, 20) as answer:
                answer.read()
                kept = answer.geturl().split("?")[0].endswith("/admin/timeline/event/")
        except (OSError, HTTPException):
            self._log.unanswered.append(slug)
            self._signed_in = False
            return
        (self._log.acknowledged if kept else self._log.refused).append(slug)

    def _sign_in(self) -> None:
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))
        form = self._form("/admin/login/")
        data = urlencode({**form, "username": NAME, "password": PASSWORD}).encode()
        with self._browser.open(f"{self._site}/admin/login/?next=/admin/", data, 20) as answer:
            answer.read()
            self._signed_in = "/login/" not in answer.geturl()

    def _form(self, address: str) -> dict[str, str]:
        with self._browser.open(f"{self._site}{address}", timeout=20) as answer:
            fields = _Fields()
            fields.feed(answer.read().decode())
        return fields.values


def campaign(kills: int, seed: int) -> bool:
    """Kill so many times under writers; return whether all that was acknowledged is there."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / "kill.sqlite3"
    for left in FOLDER.glob(f"{file.name}*"):
        left.unlink()
    manage(file, "migrate", "--verbosity", "0")
    manage(file, "load_demo")
    log = killed(file, kills, Random(seed))  # noqa: S311 — which moments, no secret
    lost, half = missing(file, log.acknowledged), half_done(file)
    print(
        f"{kills} kills: {len(log.acknowledged)} events acknowledged, {len(lost)} of them lost; "
        f"{len(log.unanswered)} without an answer, {len(log.refused)} refused, {len(half)} half "
        f"done.",
        flush=True,
    )
    for slug in [*lost, *half, *log.refused][:20]:
        print(f"wrong: {slug}", flush=True)
    manage(file, "check_index")
    manage(file, "rebuild_involvement", "--check")
    return bool(log.acknowledged) and not (lost or half or log.refused)


def killed(file: Path, kills: int, draw: Random) -> Log:
    """Serve a file, write, kill; return what writers were told."""
    make_writer(file)
    stop, log, port = threading.Event(), Log(), free_port()
    parties = _parties(file)
    writers = [Writer(port, number, parties, stop, log) for number in range(WRITERS)]
    server = _started(file, port)
    try:
        for writer in writers:
            writer.start()
        for _number in range(kills):
            _wait_for_more(log)
            time.sleep(draw.uniform(0, 0.3))
            workers = children(server.pid)
            if workers and draw.random() < 0.7:
                _kill(draw.choice(workers))
                continue
            for pid in (server.pid, *workers):
                _kill(pid)
            server.wait()
            server = _started(file, port)
        _wait_for_more(log)
    finally:
        stop.set()
        for writer in writers:
            writer.join(timeout=_PATIENCE)
        server.terminate()
        server.wait(timeout=_PATIENCE)
    return log


def _parties(file: Path) -> list[int]:
    """The keys of the parties that each event is added with."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT id FROM timeline_party ORDER BY id LIMIT ?", [PARTIES])
        return [key for (key,) in rows]


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _started(file: Path, port: int) -> "subprocess.Popen[bytes]":
    """The production server, whose workers come back by themselves."""
    command = granian("config.wsgi:application", port, WORKERS)
    command.insert(-1, "--respawn-failed-workers")
    return subprocess.Popen(  # noqa: S603 — our own server
        command, env=environment(file), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _wait_for_more(log: Log) -> None:
    """Wait until one more event is acknowledged, so that kills meet a server at work."""
    seen, end = len(log.acknowledged), time.monotonic() + _PATIENCE
    while len(log.acknowledged) == seen:
        if time.monotonic() > end:
            raise SystemExit("The server does not come back.")
        time.sleep(0.01)


def make_writer(file: Path) -> None:
    """Make the account that writers sign in with."""
    subprocess.run(  # noqa: S603 — our own interpreter and command
        [sys.executable, "manage.py", "make_editor", NAME],
        input=f"{PASSWORD}\n".encode(),
        env=environment(file),
        check=True,
        capture_output=True,
    )


def missing(file: Path, acknowledged: list[str]) -> list[str]:
    """Which of the events that were acknowledged are not in the database."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        kept = {slug for (slug,) in database.execute("SELECT slug FROM timeline_event")}
    return [slug for slug in acknowledged if slug not in kept]


def half_done(file: Path) -> list[str]:
    """Events of the writers without all of their participations, involvements or history."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        rows = database.execute(
            "SELECT slug FROM timeline_event AS event WHERE slug LIKE 'kept-%' AND ("
            " (SELECT count(*) FROM timeline_participation WHERE event_id = event.id) <> :parties"
            " OR (SELECT count(*) FROM timeline_involvement WHERE event_id = event.id) < :parties"
            " OR NOT EXISTS (SELECT 1 FROM timeline_historicalevent WHERE id = event.id))",
            {"parties": PARTIES},
        )
        return [slug for (slug,) in rows]
