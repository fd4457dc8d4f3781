"""A database file that was replaced, and a database that takes nothing just now."""

import logging
import os
from threading import local
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from timeline.database import version
from timeline.database.outages import RETRY_AFTER, is_outage
from timeline.middleware import GetResponse, is_for_editors

_log = logging.getLogger(__name__)


def reopen_replaced_database(get_response: GetResponse) -> GetResponse:
    """Open a SQLite file anew once another was put in its place, as a restored backup is.

    Connections last from one request to the next, and one stays with the file that it opened
    even where that file is in no folder any more.
    """
    opened = local()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if connection.vendor == "sqlite":
            file = _identity(connection.settings_dict["NAME"])
            if file != getattr(opened, "file", file) and not connection.in_atomic_block:
                connection.close()
            opened.file = file
        return get_response(request)

    return middleware


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 — of each request, so the cheapest way
    except OSError:
        return None
    return found.st_dev, found.st_ino


def one_version(get_response: GetResponse) -> GetResponse:
    """Let everything that a public page reads see one version of the record.

    Editors write, in transactions of their own, and see what stands.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if is_for_editors(request) or request.method not in ("GET", "HEAD"):
            return get_response(request)
        with version.one_version():
            return get_response(request)

    return middleware


class DatabaseOutages:
    """Answer 503 while the database takes nothing: see :mod:`timeline.database.outages`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Receive what a view or a template raised."""
        return unavailable(request, error) if is_outage(error) else None


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """A page that needs no database and, after a POST, holds all that was typed to send it again.

    Passwords are typed anew, and files chosen anew.
    """
    reason = " ".join(str(error).split())
    _log.error("%s %s was not answered: %s", request.method, request.path, reason)
    context: dict[str, Any] = {"again": request.get_full_path(), "typed": None}
    if request.method == "POST":
        context |= {
            "typed": [
                (name, value, _shown_as(name, value))
                for name, values in request.POST.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ],
            # A form for readers has no token, and sets no cookie.
            "with_token": "csrfmiddlewaretoken" in request.POST,
            "files": bool(request.FILES),
        }
    response = render(request, "503.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _shown_as(name: str, value: str) -> str:
    """How the field of a form is shown on a page that knows no more of it than its name."""
    if "password" in name:
        return "password"
    return "hidden" if not value or name.startswith("_") or name.endswith("_FORMS") else "text"
