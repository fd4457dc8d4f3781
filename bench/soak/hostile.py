"""Requests that no browser sends, at a large record: no 500, a flat memory, and how long each took.

A 429 or 503 that says when to try again is an answer, and is listed. Seconds are reported and not
judged.
"""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from math import inf
from pathlib import Path
from typing import Final, NamedTuple

from bench.serving import LOOPBACK, Server, free_port, granian, running
from bench.soak.grammar import Request, World, requests
from bench.timeline import database, environment

WORKERS: Final = 2
SLOWEST: Final = 10
GROWTH: Final = 64.0
"""Megabytes by which a worker may grow in the second half of the campaign."""

_WHOLE_SECONDS: Final = 300


class Answer(NamedTuple):
    """What came back: no status where the connection was closed without an answer."""

    status: int | None
    retry_after: str
    seconds: float
    size: int


@dataclass
class Report:
    """What a campaign saw."""

    asked: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[Request, Answer]] = field(default_factory=list)
    put_off: list[tuple[Request, Answer]] = field(default_factory=list)
    """What was answered with the time to try again."""
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def note(self, request: Request, answer: Answer) -> None:
        """Count an answer, and keep it when it is wrong or among the slowest."""
        self.asked += 1
        self.statuses[str(answer.status)] += 1
        if is_broken(request, answer):
            self.broken.append((request, answer))
        elif answer.retry_after:
            self.put_off.append((request, answer))
        said = f"{request.method} {request.target[:150]}"
        self.slowest = sorted([*self.slowest, (answer.seconds, said)], reverse=True)[:SLOWEST]

    def lines(self) -> Iterator[str]:
        """Say it in sentences."""
        counted = ", ".join(f"{status} × {n}" for status, n in sorted(self.statuses.items()))
        yield f"{self.asked} requests: {counted}."
        for request, answer in self.broken[:40]:
            yield f"broken: {answer.status} after {answer.seconds:.2f} s: {request!r:.600}"
        for request, answer in self.put_off[:40]:
            told = f"{answer.status}, again after {answer.retry_after} s"
            yield f"put off: {told}: {request.method} {request.target[:150]}"
        for seconds, said in self.slowest:
            yield f"slow: {seconds:.2f} s {said}"


def is_broken(request: Request, answer: Answer) -> bool:
    """Whether an answer is none that a server should give."""
    if answer.status is None:
        return not request.leaves
    if answer.status in (429, 503):
        return not answer.retry_after
    # oEmbed 1.0 answers 501 for a format that it does not offer.
    return answer.status >= 500 and answer.status != 501


def ask(port: int, request: Request) -> Answer:
    """Send one request over a connection of its own and read the answer."""
    begin = time.perf_counter()
    host = f"{LOOPBACK}:{port}" if request.host is None else request.host
    named = [("Host", host), ("Connection", "close"), *request.headers]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        named.append(("Content-Length", str(len(request.body))))
    head = "".join(f"{name}: {value}\r\n" for name, value in named)
    sent = f"{request.method} {request.target} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "replace")
    status, retry, size = None, "", 0
    try:
        with socket.create_connection((LOOPBACK, port), timeout=_WHOLE_SECONDS) as link:
            link.sendall(sent + request.body)
            if not request.leaves:
                answer = http.client.HTTPResponse(link, method=request.method)
                answer.begin()
                status, retry = answer.status, answer.getheader("Retry-After", "")
                size = len(answer.read())
    except (OSError, http.client.HTTPException):
        status = None
    return Answer(status, retry, time.perf_counter() - begin, size)


def attack(port: int, drawn: Iterable[Request], report: Report) -> Report:
    """Send requests one after the other."""
    for request in drawn:
        report.note(request, ask(port, request))
    return report


def campaign(number: int, events: int, seed: int) -> bool:
    """Send so many requests to a record of so many events; return whether all went well."""
    file = database(f"{events // 1000}k" if events % 1000 == 0 else str(events), events)
    drawn = requests(seed, world_of(file))
    report = Report()
    with served(file) as server:
        started = server.memories()
        attack(server.port, islice(drawn, number // 2), report)
        half = server.memories()
        attack(server.port, islice(drawn, number - number // 2), report)
        ended = server.memories()
    for line in report.lines():
        print(line, flush=True)
    for pid, first in started.items():
        told = (f"{told[pid]:.0f}" if pid in told else "gone" for told in (half, ended))
        print(f"Memory of worker {pid}, in MB: {first:.0f}, {', '.join(told)}.", flush=True)
    return not report.broken and grown(half, ended) <= GROWTH


def grown(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Megabytes by which the one worker has grown that grew most; without end where one is gone."""
    if not before or before.keys() - after.keys():
        return inf
    return max(after[pid] - held for pid, held in before.items())


def world_of(file: Path) -> World:
    """What a record of ours holds, read by a process that knows Django."""
    command = [sys.executable, "-m", "bench.soak.world"]
    told = subprocess.run(  # noqa: S603 — our own interpreter and module
        command, env=environment(file), check=True, capture_output=True
    )
    return World(**json.loads(told.stdout))


@contextmanager
def served(file: Path) -> Iterator[Server]:
    """The production server over a file, with two workers."""
    port = free_port()
    command = granian("config.wsgi:application", port, WORKERS)
    with running(command, port, "/readyz", environment(file)) as server:
        yield server
