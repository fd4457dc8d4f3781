"""Middleware about the database: replaced files, versions of the record, outages."""

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
from timeline.middleware.site import show_as
from timeline.models import Identity

_log = logging.getLogger(__name__)


def reopen_replaced_database(get_response: GetResponse) -> GetResponse:
    """Reconnect when the file of a SQLite database was replaced, as by a restored backup.

    Connections persist between requests, and would go on using the file that they opened even if
    it was deleted.
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
        status = os.stat(path)  # noqa: PTH116 — for each request, so the fastest way
    except OSError:
        return None
    return status.st_dev, status.st_ino


def one_version(get_response: GetResponse) -> GetResponse:
    """Let all reads of a public page see one version of the record.

    Editors write, in transactions of their own, and see the latest version.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if is_for_editors(request) or request.method not in ("GET", "HEAD"):
            return get_response(request)
        with version.one_version():
            return get_response(request)

    return middleware


class DatabaseOutages:
    """Respond with 503 during an outage of the database: see :mod:`timeline.database.outages`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request, error) if is_outage(error) else None


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Return a page that needs no database, with a form to send a POST request again.

    The form contains everything that was typed, except passwords and files.
    """
    reason = " ".join(str(error).split())
    _log.error("%s %s was not answered: %s", request.method, request.path, reason)
    context: dict[str, Any] = {"again": request.get_full_path(), "typed": None}
    if request.method == "POST":
        context |= {
            "typed": [
                (name, value, _input_type(name, value))
                for name, values in request.POST.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ],
            # A form for readers has no token, and sets no cookie.
            "with_token": "csrfmiddlewaretoken" in request.POST,
            "files": bool(request.FILES),
        }
    show_as(request, Identity())
    response = render(request, "503.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _input_type(name: str, value: str) -> str:
    """Guess the type of an input from its name and value, which is all that is known of it."""
    if "password" in name:
        return "password"
    return "hidden" if not value or name.startswith("_") or name.endswith("_FORMS") else "text"
