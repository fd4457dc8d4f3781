"""Kill the server under load: everything it acknowledged must be saved, and nothing half saved.

Writers sign in and add events with two participations in the admin. A worker, or the whole server,
is killed with SIGKILL at any moment.
"""

import contextlib
import datetime as dt
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from bench.serving import LOOPBACK, children, free_port, granian
from bench.timeline import FOLDER, environment, manage

WRITERS: Final = 3
WORKERS: Final = 2
NAME: Final = "writer"
_FIRST_DAY: Final = dt.date(1900, 1, 1)

PASSWORD: Final = "kept-by-nobody-but-this-campaign"  # noqa: S105 — of a database thrown away
PARTIES: Final = 2
"""The number of participations of each added event."""

_PATIENCE: Final = 120.0
"""Seconds that a server may take until it responds again."""

_ANSWER: Final = 60.0
"""Seconds that a response may take; writers wait for each other for at most twenty seconds."""

_ADD: Final = "/admin/timeline/event/add/"


@dataclass
class Log:
    """The responses that writers got, and what was done to the server meanwhile."""

    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    put_off: list[str] = field(default_factory=list)
    """Requests answered 429 or 503 with the time to try again."""
    refused: list[str] = field(default_factory=list)
    """Wrong responses with the reason: a form with errors, or an error of the server."""
    kills: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    """The number of times that the server was started again."""


class _Fields(HTMLParser):
    """The values that the form of a page would send, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name", "")
        if tag == "input" and name and attributes.get("type") not in ("submit", "file", "checkbox"):
            self.values[name] = attributes.get("value", "")
        elif tag == "select":
            self._select = name
            self.values[name] = ""
        elif tag == "option" and self._select and "selected" in attributes:
            self.values[self._select] = attributes.get("value", "")
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


def _errors(page: str) -> str:
    """Return the errors of the form on a page as plain text."""
    lists = re.findall(r'class="error(?:note|list)[^>]*>(.*?)</(?:p|ul)>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>|\s+", " ", " ".join(lists)).split())


class Writer(threading.Thread):
    """A thread that adds one event after the other and notes which were acknowledged."""

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
            slug = f"kept-{self._number}-{self._done}"
            try:
                if not self._signed_in:
                    self._sign_in()
                form = self._form(_ADD)
            except (OSError, HTTPException) as error:
                self._note(error, f"form of {slug}", sent=False)
                self._signed_in = False
                time.sleep(0.1)
                continue
            self._done += 1
            self._add(form, slug)

    def _add(self, form: dict[str, str], slug: str) -> None:
        row = {"role": "participant"}
        # Each on a day of its own, as editors are asked about events that look alike.
        day = _FIRST_DAY + dt.timedelta(days=10_000 * self._number + self._done)
        values = {"slug": slug, "kind": "meeting", "date": f"{day}", "title_en": f"T {slug}"}
        for number, party in enumerate(self._parties):
            prefix = f"participations-{number}"
            values |= {f"{prefix}-{name}": value for name, value in row.items()}
            values[f"{prefix}-party"] = str(party)
        values |= {"participations-TOTAL_FORMS": str(PARTIES), "_save": "1"}
        data = urlencode({**form, **values}).encode()
        try:
            with self._browser.open(f"{self._site}{_ADD}", data, _ANSWER) as answer:
                page = answer.read().decode()
                is_saved = answer.geturl().split("?")[0].endswith("/admin/timeline/event/")
        except (OSError, HTTPException) as error:
            self._note(error, slug, sent=True)
            self._signed_in = False
            return
        if is_saved:
            self._log.acknowledged.append(slug)
        else:
            self._log.refused.append(f"{slug}: {answer.geturl()} {_errors(page)}")

    def _note(self, error: Exception, subject: str, *, sent: bool) -> None:
        """Note an error, which is either a response of the server or a lost connection."""
        if not isinstance(error, HTTPError):
            if sent:
                self._log.unanswered.append(subject)
            return
        error.close()
        later = error.code in (429, 503) and error.headers.get("Retry-After")
        (self._log.put_off if later else self._log.refused).append(f"{subject}: {error.code}")

    def _sign_in(self) -> None:
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))
        form = self._form("/admin/login/")
        data = urlencode({**form, "username": NAME, "password": PASSWORD}).encode()
        with self._browser.open(f"{self._site}/admin/login/?next=/admin/", data, _ANSWER) as answer:
            answer.read()
            self._signed_in = "/login/" not in answer.geturl()

    def _form(self, address: str) -> dict[str, str]:
        with self._browser.open(f"{self._site}{address}", timeout=_ANSWER) as answer:
            fields = _Fields()
            fields.feed(answer.read().decode())
        return fields.values


class Supervised:
    """The production server over a file, which is started again whenever it ends.

    On a public site the service manager does this, because Granian gives up if a worker ends
    within seconds of its respawn.
    """

    def __init__(self, file: Path, log: Log) -> None:
        self.port = free_port()
        self._log, self._told, self._environment = log, told_by(file), environment(file)
        self._command = granian("config.wsgi:application", self.port, WORKERS)
        self._command.insert(-1, "--respawn-failed-workers")
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._told.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 — our own server
                self._command, env=self._environment, stdout=log, stderr=log
            )

    def kill(self, draw: Random) -> None:
        """Kill a worker, or all processes at once."""
        which, share, workers = draw.random(), draw.random(), children(self._process.pid)
        if workers and which < 0.7:
            _kill(workers[int(share * len(workers))])
            self._log.kills["a worker"] += 1
            return
        for pid in (self._process.pid, *workers):
            _kill(pid)
        self._process.wait()
        self._log.kills["the server"] += 1

    def keep_up(self) -> None:
        """Start the server again when it has ended."""
        if self._process.poll() is not None:
            self._log.starts += 1
            self._process = self._start()

    def stop(self) -> None:
        """Stop the server as an operator does; raise TimeoutExpired if it does not end."""
        self._process.terminate()
        try:
            self._process.wait(timeout=_PATIENCE)
        finally:
            for pid in (self._process.pid, *children(self._process.pid)):
                _kill(pid)
            self._process.wait()

    def wait_for_more(self) -> None:
        """Wait until one more event is acknowledged, so that a busy server is killed."""
        seen, end = len(self._log.acknowledged), time.monotonic() + _PATIENCE
        while len(self._log.acknowledged) == seen:
            if time.monotonic() > end:
                log = self._told.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise SystemExit(f"The server does not come back. {self._log} It said:\n{log}")
            self.keep_up()
            time.sleep(0.05)


def campaign(kills: int, seed: int) -> bool:
    """Kill the server so many times under load; return whether nothing is lost or wrong."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / "kill.sqlite3"
    for left in (*FOLDER.glob(f"{file.name}*"), told_by(file)):
        left.unlink(missing_ok=True)
    manage(file, "migrate", "--verbosity", "0")
    manage(file, "load_demo")
    begin = time.monotonic()
    log = killed(file, kills, Random(seed))  # noqa: S311 — which moments, no secret
    spent = time.monotonic() - begin
    met = ", ".join(f"{target} × {times}" for target, times in sorted(log.kills.items()))
    print(
        f"{kills} kills ({met}) in {spent:.0f} s, {log.starts} starts: "
        f"{len(log.acknowledged)} events acknowledged, {len(missing(file, log.acknowledged))} of "
        f"them lost; {len(log.unanswered)} without an answer, {len(log.put_off)} put off, "
        f"{len(log.refused)} refused, {len(half_done(file))} half done.",
        flush=True,
    )
    sentences = wrong(file, log)
    for sentence in sentences[:20]:
        print(f"wrong: {sentence}", flush=True)
    check(file)
    return bool(log.acknowledged) and not sentences


def killed(file: Path, kills: int, draw: Random) -> Log:
    """Serve a file, write to it and kill the server; return the log.

    Raises SystemExit if nothing is acknowledged for two minutes after a kill.
    """
    make_writer(file)
    stop, log = threading.Event(), Log()
    site, parties = Supervised(file, log), _parties(file)
    writers = [Writer(site.port, number, parties, stop, log) for number in range(WRITERS)]
    try:
        for writer in writers:
            writer.start()
        for _number in range(kills):
            site.wait_for_more()
            time.sleep(draw.uniform(0, 0.3))
            site.kill(draw)
        site.wait_for_more()
    finally:
        stop.set()
        for writer in writers:
            writer.join(timeout=_PATIENCE)
        site.stop()
    return log


def told_by(file: Path) -> Path:
    """Return the path of the output of the server over a file."""
    return file.with_suffix(".log")


def _parties(file: Path) -> list[int]:
    """Return the keys of the parties of each added event."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT id FROM timeline_party ORDER BY id LIMIT ?", [PARTIES])
        return [key for (key,) in rows]


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def make_writer(file: Path) -> None:
    """Create the account of the writers."""
    subprocess.run(  # noqa: S603 — our own interpreter and command
        [sys.executable, "manage.py", "make_editor", NAME],
        input=f"{PASSWORD}\n".encode(),
        env=environment(file),
        check=True,
        capture_output=True,
    )


def wrong(file: Path, log: Log) -> list[str]:
    """Return a sentence for each thing that the kills have broken."""
    return [
        *(f"{slug} was acknowledged and is lost" for slug in missing(file, log.acknowledged)),
        *(f"{slug} is half there" for slug in half_done(file)),
        *(f"refused: {why}" for why in log.refused),
        *(f"the database says: {line}" for line in damage(file)),
    ]


def check(file: Path, *, questions: int = 200) -> None:
    """Run the management commands that check derived rows and the index.

    Raises CalledProcessError if one of them finds a difference.
    """
    manage(file, "rebuild_involvement", "--check")
    manage(file, "check_index", "--questions", str(questions))


def damage(file: Path) -> list[str]:
    """Return what SQLite finds wrong in a file or in its foreign keys."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        try:
            lines = [line for (line,) in database.execute("PRAGMA integrity_check")]
            keys = database.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            return [str(error)]
    return [*(line for line in lines if line != "ok"), *(f"no such key: {row}" for row in keys)]


def missing(file: Path, acknowledged: list[str]) -> list[str]:
    """Return the acknowledged events that are not in the database."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        slugs = {slug for (slug,) in database.execute("SELECT slug FROM timeline_event")}
    return [slug for slug in acknowledged if slug not in slugs]


def half_done(file: Path) -> list[str]:
    """Return the writers' events without all their participations, involvements or history."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        rows = database.execute(
            "SELECT slug FROM timeline_event AS event WHERE slug LIKE 'kept-%' AND ("
            " (SELECT count(*) FROM timeline_participation WHERE event_id = event.id) <> :parties"
            " OR (SELECT count(*) FROM timeline_involvement WHERE event_id = event.id) < :parties"
            " OR NOT EXISTS (SELECT 1 FROM timeline_historicalevent WHERE id = event.id))",
            {"parties": PARTIES},
        )
        return [slug for (slug,) in rows]
