"""Requests that no browser sends to a large record: no error of the server, no growing memory.

A 429 or 503 that says when to try again is accepted and listed. The slowest requests are listed,
but no duration is a failure.
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
    """A response; its status is None if the connection was closed without one."""

    status: int | None
    retry_after: str
    seconds: float
    size: int


@dataclass
class Report:
    """The results of a campaign."""

    asked: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[Request, Answer]] = field(default_factory=list)
    put_off: list[tuple[Request, Answer]] = field(default_factory=list)
    """Requests answered with the time to try again."""
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def note(self, request: Request, answer: Answer) -> None:
        """Count a response, and note it if it is broken, put off or among the slowest."""
        self.asked += 1
        self.statuses[str(answer.status)] += 1
        if is_broken(request, answer):
            self.broken.append((request, answer))
        elif answer.retry_after:
            self.put_off.append((request, answer))
        text = f"{request.method} {request.target[:150]}"
        self.slowest = sorted([*self.slowest, (answer.seconds, text)], reverse=True)[:SLOWEST]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report."""
        counted = ", ".join(f"{status} × {n}" for status, n in sorted(self.statuses.items()))
        yield f"{self.asked} requests: {counted}."
        for request, answer in self.broken[:40]:
            yield f"broken: {answer.status} after {answer.seconds:.2f} s: {request!r:.600}"
        for request, answer in self.put_off[:40]:
            reply = f"{answer.status}, again after {answer.retry_after} s"
            yield f"put off: {reply}: {request.method} {request.target[:150]}"
        for seconds, text in self.slowest:
            yield f"slow: {seconds:.2f} s {text}"


def is_broken(request: Request, answer: Answer) -> bool:
    """Whether a server should not give this response."""
    if answer.status is None:
        return not request.leaves
    if answer.status in (429, 503):
        return not answer.retry_after
    # oEmbed 1.0 answers 501 for a format that it does not offer.
    return answer.status >= 500 and answer.status != 501


def ask(port: int, request: Request) -> Answer:
    """Send a request over a connection of its own, and read the response."""
    begin = time.perf_counter()
    host = f"{LOOPBACK}:{port}" if request.host is None else request.host
    headers = [("Host", host), ("Connection", "close"), *request.headers]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        headers.append(("Content-Length", str(len(request.body))))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
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
    """Send so many requests to a record of so many events; return whether nothing broke or grew."""
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
        sizes = (f"{later[pid]:.0f}" if pid in later else "gone" for later in (half, ended))
        print(f"Memory of worker {pid}, in MB: {first:.0f}, {', '.join(sizes)}.", flush=True)
    return not report.broken and grown(half, ended) <= GROWTH


def grown(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Return the megabytes by which the worker that grew most has grown; infinite if one ended."""
    if not before or before.keys() - after.keys():
        return inf
    return max(after[pid] - size for pid, size in before.items())


def world_of(file: Path) -> World:
    """Read what requests to a record can name, in a process with Django."""
    command = [sys.executable, "-m", "bench.soak.world"]
    result = subprocess.run(  # noqa: S603 — our own interpreter and module
        command, env=environment(file), check=True, capture_output=True
    )
    return World(**json.loads(result.stdout))


@contextmanager
def served(file: Path) -> Iterator[Server]:
    """Run the production server over a file with two workers."""
    port = free_port()
    command = granian("config.wsgi:application", port, WORKERS)
    with running(command, port, "/readyz", environment(file)) as server:
        yield server
