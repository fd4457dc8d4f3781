"""The site as it is served in production, in processes of its own."""

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
    """A running server: its main process, its port and its log.

    ``log_start`` is the length of the log when the site first answered.
    """

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    log_start: int = 0

    def logged(self) -> list[str]:
        """Return the lines that were logged since the site first answered."""
        return self.log.read_text()[self.log_start :].splitlines()

    def answer(self, request: bytes) -> tuple[int, dict[str, str], str]:
        """Send a raw request, and return the status, the headers and the text of the response."""
        with socket.create_connection((LOOPBACK, self.port), timeout=30) as connection:
            connection.sendall(request)
            response = HTTPResponse(connection)
            response.begin()
            body = response.read().decode(errors="replace")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, body

    def get(self, address: str, *headers: str) -> tuple[int, dict[str, str], str]:
        """Request an address with these header lines and no others."""
        lines = [f"GET {address} HTTP/1.1", *headers, "Connection: close", "", ""]
        return self.answer("\r\n".join(lines).encode())

    def status(self, address: str) -> int:
        """Return the status of an address of this site, or 0 while nothing listens."""
        try:
            return self.get(address, f"Host: {LOOPBACK}")[0]
        except (OSError, HTTPException):
            return 0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_until(condition: object, seconds: float = 30) -> None:
    """Wait until a function returns true; fail after so many seconds."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It did not come in time."
        time.sleep(0.05)


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of the tests with no settings but these."""
    inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {**inherited, "SECRET_KEY": "only-for-tests", **variables}


@contextmanager
def served(
    folder: Path, database: str, *, workers: int = 1, more: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Serve the database at an address until the end of the block; ``more`` adds settings."""
    port, log = free_port(), folder / "log"
    variables = environment(SERVE_LOOPBACK="1", DATABASE_URL=database, **(more or {}))
    with log.open("wb") as output:
        process = subprocess.Popen(
            server_command(port, workers), cwd=ROOT, env=variables, stdout=output, stderr=output
        )
    try:
        site = Served(process, port, log)
        wait_until(lambda: site.status("/healthz") == 200 or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield replace(site, log_start=len(log.read_text()))
    finally:
        process.terminate()
        process.wait(20)
