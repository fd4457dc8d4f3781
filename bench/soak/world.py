"""What hostile requests may name: every public address, and known values of filters.

Run as ``python -m bench.soak.world`` with the environment of a database; prints JSON.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import django
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from timeline.core.codes import CommitmentStatus, EventKind, EventState, SourceKind

_MOST: Final = 40
"""The most records of each noun."""

_ADMIN: Final = ("admin/", "admin/login/", "admin/timeline/event/", "admin/timeline/event/add/")
"""The pages of the admin that a stranger would try."""


def read() -> dict[str, Any]:
    """Read the addresses from the site's own patterns, and the values from the record."""
    from timeline import models

    slugs_of: dict[str, list[str]] = {
        "sector": _some(models.Sector, "slug"),
        "party": _some(models.Party, "code"),
        "framework": _some(models.Framework, "slug"),
        "person": _some(models.Person, "slug"),
        "place": _some(models.Place, "slug"),
        "instrument": _some(models.Instrument, "slug"),
        "source": _some(models.Source, "pk"),
    }
    slugs = [*_some(models.Event, "slug"), *_some(models.Commitment, "slug")]
    for values in slugs_of.values():
        slugs += values
    closed: dict[str, list[str]] = {
        "kind": [*map(str, EventKind)],
        "state": [*map(str, EventState)],
        "source_kind": [*map(str, SourceKind)],
        "status": [*map(str, CommitmentStatus)],
        "obligor": slugs_of["party"],
        "beneficiary": slugs_of["party"],
        "from": ["2020", "2024-05", "2025-04-03"],
        "to": ["2026", "2025-12", "2025-04-03"],
        "asof": ["2025-12-31", "2024-01-01"],
        "q": ["cooperation", "énergie", '"force unifiée"', "accord de Moscou"],
        "view": ["list", "lanes", "matrix", "map"],
        "url": ["http://127.0.0.1/fr/", "http://127.0.0.1/fr/embed/?party=ml"],
    }
    values_of = {**slugs_of, **closed}
    return {"addresses": sorted(addresses()), "slugs": slugs, "values": values_of}


def _some(model: type[Model], column: str) -> list[str]:
    rows = model._default_manager.order_by("pk").values_list(column, flat=True)[:_MOST]
    return [str(value) for value in rows]


def addresses() -> Iterator[str]:
    """Yield every public address in both languages, with '{}' for what names a record."""
    for language in ("fr", "en"):
        with translation.override(language):
            yield from _under(get_resolver(), "/")
    yield from (f"/{address}" for address in _ADMIN)


def _under(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        address = prefix + re.sub(r"<[^>]*>", "{}", str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            if "admin/" not in address:
                yield address
        elif "admin/" not in address:
            yield from _under(pattern, address)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(read()))
