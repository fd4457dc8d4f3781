"""Migrate the database and serve the site on this machine."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from timeline.index.current import folder
from timeline.index.incremental import needs_base
from timeline.models import Event

LOOPBACK = "127.0.0.1"


class Command(BaseCommand):
    """Migrate, load the demo into an empty database, print the site's URL, and serve."""

    help = "Serves the site on this machine only; 'make serve' prepares what it needs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare everything, then replace this process by the server."""
        if not settings.SERVE_LOOPBACK:
            raise CommandError(
                "This serves loopback, without https; use 'make serve', or see docs/deploy.md "
                "for a public site."
            )
        refuse_taken_port(settings.PORT)
        call_command("migrate", interactive=False, verbosity=0)
        if not Event.objects.exists():
            self.stdout.write("Loading the demo timeline into the empty database.")
            call_command("load_demo", stdout=self.stdout)
        if needs_base(folder()):
            self.stdout.write("Making the index of all events, once; later starts load it.")
            call_command("build_index", stdout=self.stdout)
        self.stdout.write(welcome(settings.PORT))
        self.stdout.flush()
        command = server_command(settings.PORT, settings.WEB_CONCURRENCY)
        env = {**settings.SERVER_MEMORY, **os.environ}
        os.execve(sys.executable, command, env)  # noqa: S606 — our own interpreter


def refuse_taken_port(port: int) -> None:
    """Raise CommandError if another process listens on the port, before anything is prepared."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}); choose another: "
                f"PORT={port + 1 if port < 65535 else 8000} make serve"
            ) from error


def welcome(port: int) -> str:
    """Return the message with the URL of the site and how to become an editor."""
    return (
        f"\nCadre is at http://{LOOPBACK}:{port}/ for this machine only (loopback, so without "
        "https).\nMake an editor's account:  .venv/bin/python manage.py make_editor NAME\n"
        f"and sign in at http://{LOOPBACK}:{port}/admin/. Stop the site with Ctrl+C.\n"
    )


def server_command(port: int, workers: int) -> list[str]:
    """Return the command that runs the production server on the loopback interface."""
    return [
        *(sys.executable, "-m", "granian", "config.wsgi:application"),
        *("--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", LOOPBACK, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "2"),
        # A worker ignores a request to stop until it serves.
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning"),
    ]
