"""The site as it is served: the production server, in processes of its own."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Final

from tests.conftest import SETTINGS
from timeline.management.commands.serve import LOOPBACK, server_command

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Served:
    """A running server: its main process, its port, and the file that it logs to."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    begun: int = 0

    def told(self) -> list[str]:
        """The lines that were logged since the site answered first."""
        return self.log.read_text()[self.begun :].splitlines()

    def answer(self, request: bytes) -> tuple[int, dict[str, str], str]:
        """Send bytes, and give the status, the headers and the text of the answer."""
        with socket.create_connection((LOOPBACK, self.port), timeout=30) as line:
            line.sendall(request)
            answer = HTTPResponse(line)
            answer.begin()
            body = answer.read().decode(errors="replace")
        return answer.status, {name.lower(): one for name, one in answer.getheaders()}, body

    def get(self, address: str, *headers: str) -> tuple[int, dict[str, str], str]:
        """Ask for an address with these lines of headers, and no others."""
        lines = [f"GET {address} HTTP/1.1", *headers, "Connection: close", "", ""]
        return self.answer("\r\n".join(lines).encode())

    def status(self, address: str) -> int:
        """The status of an address of this site; 0 while nobody listens."""
        try:
            return self.get(address, f"Host: {LOOPBACK}")[0]
        except (OSError, HTTPException):
            return 0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_until(what: object, least: float = 30) -> None:
    """Wait until a function says yes, for so many seconds at the most."""
    assert callable(what)
    end = time.monotonic() + least
    while not what():
        assert time.monotonic() < end, "It did not come in time."
        time.sleep(0.05)


def environment(**variables: str) -> dict[str, str]:
    """The environment of the tests without any setting but these."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {**kept, "SECRET_KEY": "only-for-tests", **variables}


@contextmanager
def served(
    folder: Path, database: str, *, workers: int = 1, more: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Serve a database of this address until the end of the block."""
    port, log = free_port(), folder / "log"
    told = environment(SERVE_LOOPBACK="1", DATABASE_URL=database, **(more or {}))
    with log.open("wb") as errors:
        process = subprocess.Popen(
            server_command(port, workers), cwd=ROOT, env=told, stdout=errors, stderr=errors
        )
    try:
        site = Served(process, port, log)
        wait_until(lambda: site.status("/healthz") == 200 or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield replace(site, begun=len(log.read_text()))
    finally:
        process.terminate()
        process.wait(20)
