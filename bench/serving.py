"""Servers to measure, and clients that measure one response after another or many at once."""

import http.client
import os
import selectors
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

LOOPBACK: Final = "127.0.0.1"
ATTEMPTS: Final = 600
"""Tenths of a second that a server may take for its first response."""


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def granian(target: str, port: int, workers: int) -> list[str]:
    """Return the command that runs a WSGI application on the production server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", LOOPBACK, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "2", "--workers-kill-timeout", "10", "--no-access-log", target),
    ]


@contextmanager
def running(
    command: Sequence[str], port: int, path: str, environment: Mapping[str, str]
) -> Iterator["Server"]:
    """Run a server until it has been measured."""
    process = subprocess.Popen(  # noqa: S603 — commands of this package
        command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Server(port, process.pid)
    try:
        for _attempt in range(ATTEMPTS):
            if process.poll() is not None:
                raise SystemExit(f"{command[2]} stopped with {process.returncode}.")
            try:
                urllib.request.urlopen(f"http://{LOOPBACK}:{port}{path}").read()
                break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


class Times(NamedTuple):
    """Milliseconds of some responses, without the first, and the bytes of the last."""

    first: float
    p50: float
    p95: float
    asked: int
    size: int


class Server(NamedTuple):
    """A server on a port of loopback."""

    port: int
    pid: int

    def times(
        self,
        paths: Sequence[str],
        *,
        rounds: int,
        budget: float = 10.0,
        anew: bool = False,
        accepted: Container[int] = (200,),
    ) -> Times:
        """Request these paths in turn over one connection, for so many seconds at the most.

        ``anew`` uses a new host name for each request, so that no response is cached. Raises
        SystemExit for a response whose status is not ``accepted``.
        """
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=300)
        durations: list[float] = []
        size, begin = 0, time.perf_counter()
        for number in range(rounds + 1):
            if len(durations) > 3 and time.perf_counter() - begin > budget:
                break
            path = paths[number % len(paths)]
            host = unused_host() if anew else f"{LOOPBACK}:{self.port}"
            start = time.perf_counter()
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            size = len(answer.read())
            durations.append((time.perf_counter() - start) * 1000)
            if answer.status not in accepted:
                raise SystemExit(f"{path} answered {answer.status}.")
        connection.close()
        rest = sorted(durations[1:]) or durations
        late = rest[min(len(rest) - 1, int(len(rest) * 0.95))]
        return Times(durations[0], statistics.median(rest), late, len(rest), size)

    def load(
        self,
        paths: Sequence[str],
        *,
        connections: int = 8,
        seconds: float = 3.0,
        anew: bool = False,
    ) -> float:
        """Return the responses a second over several connections, each requesting continuously."""
        selector = selectors.DefaultSelector()
        links: list[socket.socket] = []
        done, turn = 0, 0

        def request(number: int) -> bytes:
            path = paths[number % len(paths)]
            host = unused_host() if anew else f"{LOOPBACK}:{self.port}"
            return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

        for _number in range(connections):
            link = socket.create_connection((LOOPBACK, self.port))
            link.sendall(request(turn))
            turn += 1
            selector.register(link, selectors.EVENT_READ, (link, bytearray()))
            links.append(link)
        begin = time.perf_counter()
        while time.perf_counter() - begin < seconds:
            for key, _events in selector.select(timeout=1):
                link, received = key.data
                received += link.recv(262_144)
                if _whole(received):
                    received.clear()
                    done += 1
                    link.sendall(request(turn))
                    turn += 1
        spent = time.perf_counter() - begin
        for link in links:
            link.close()
        selector.close()
        return done / spent

    def compressed(self, path: str) -> int:
        """Return the bytes of a response as it is compressed for a browser."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=300)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        size = len(connection.getresponse().read())
        connection.close()
        return size

    def memory(self) -> float:
        """Return the megabytes in memory of the server's largest process."""
        return max(_resident(pid) for pid in (self.pid, *children(self.pid))) / 1e6

    def processor_seconds(self) -> float:
        """Return the seconds that the server's processes have computed so far."""
        return sum(_computed(pid) for pid in (self.pid, *children(self.pid)))

    def memories(self) -> dict[int, float]:
        """Return the megabytes in memory of each worker, by process."""
        return {pid: _resident(pid) / 1e6 for pid in children(self.pid)}


_turns = count()


def unused_host() -> str:
    """Return a host that no request named before: responses are cached for their whole address."""
    return f"{LOOPBACK}:{1 + next(_turns) % 65_535}"


def _whole(received: bytearray) -> bool:
    """Whether a response with a content length is received completely."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(received[:end]).lower()
    at = head.find(b"content-length:")
    if at < 0:
        raise SystemExit("The server did not tell the length of its answer.")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0])
    return len(received) >= end + 4 + length


def children(pid: int) -> list[int]:
    """Return the processes that a process started, and their own; none if it has ended."""
    try:
        pids = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    own = [int(child) for child in pids]
    return own + [deeper for child in own for deeper in children(child)]


def _computed(pid: int) -> float:
    """Return the seconds that a process has computed, for itself and for the system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    """Return the bytes of a process's resident memory."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
