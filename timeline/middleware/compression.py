"""Compress responses, except ranges of files and content that is compressed already."""

from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
        "image/png",
    }
)
"""Types of content that compression makes no smaller."""


class Compression(GZipMiddleware):
    """Django's compression, where it helps and breaks no range of a file."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code == 206 or response.get("Content-Type") in COMPRESSED:
            return response
        return super().process_response(request, response)
