"""A bare Django page of a given weight: what a framework and a server cost before any work.

Its rows are constants and its options are one format string each; there is no middleware, no
database and no session. ``BARE_BYTES`` is the size of the page.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

WEIGHT = int(os.environ.get("BARE_BYTES", "50000"))
OPTIONS = [(f"value {number}", 1000 - number) for number in range(100)]
_ROOM = max(WEIGHT - sum(len(f"<a href='?f={name}'>{name} ({n})</a>") for name, n in OPTIONS), 50)
ROWS = [("<li>" + "The ministers met to speak of energy. " * 400)[: _ROOM // 50 - 5] + "</li>"] * 50


def page(_request: HttpRequest) -> HttpResponse:
    """Fifty rows and a hundred options."""
    options = "".join([f"<a href='?f={name}'>{name} ({n})</a>" for name, n in OPTIONS])
    whole = "<!doctype html><ol>" + "".join(ROWS) + "</ol>" + options
    return HttpResponse(whole, headers={"Content-Length": str(len(whole))})


urlpatterns = [path("", page)]

settings.configure(
    SECRET_KEY="for-measuring-only",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    USE_I18N=False,
)
application = get_wsgi_application()
