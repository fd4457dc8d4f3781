"""The site's middleware, and helpers about requests that views share with it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def is_for_editors(request: HttpRequest) -> bool:
    """Whether the URL is one of the admin, with or without its last slash."""
    return request.path_info.startswith(reverse("admin:index").rstrip("/"))
