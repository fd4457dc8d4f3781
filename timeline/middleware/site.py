"""What the site says of itself, for the length of a request."""

from typing import Any, cast

from django.db import Error
from django.http import HttpRequest
from django.http.request import split_domain_port

from timeline.database.outages import is_outage
from timeline.formats.site import Site
from timeline.models import Identity
from timeline.queries.identity import identity


class _SiteRequest(HttpRequest):
    """A request that carries the site, once :func:`site_of` has read it."""

    answering_site: Site


def site_of(request: HttpRequest) -> Site:
    """Return the site that answers a request; read once.

    During an outage of the database it has no name but that of the host.
    """
    if not hasattr(request, "answering_site"):
        try:
            shown = identity()
        except Error as error:
            if not is_outage(error):
                raise
            shown = Identity()
        show_as(request, shown)
    return cast(_SiteRequest, request).answering_site


def show_as(request: HttpRequest, shown: Identity) -> None:
    """Answer a request with this identity; an empty one asks no database."""
    host, _port = split_domain_port(request.get_host())
    cast(_SiteRequest, request).answering_site = Site(shown, host)


def site(request: HttpRequest) -> dict[str, Any]:
    """Give the site to every template, as a context processor.

    The admin's templates take ``request.answering_site``, as Django's own page to sign in gives
    another meaning to ``site``.
    """
    return {"site": site_of(request)}
