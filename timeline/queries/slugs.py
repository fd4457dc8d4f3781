"""The records that readers may see, by the slugs and codes that they had before."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from timeline.core.codes import Publication
from timeline.models import Commitment, Event, FormerSlug, Framework
from timeline.queries import public

_ANSWERED: Final = (Publication.PUBLISHED, Publication.WITHDRAWN)
"""Publication states whose addresses answer readers: with the record, or with why it went."""


class Slugged(NamedTuple):
    """The records of a kind whose addresses readers may know, and the column of their slug."""

    rows: Callable[[], QuerySet[Any]]
    column: str = "slug"


KINDS: Final[Mapping[str, Slugged]] = {
    "event": Slugged(lambda: Event.objects.filter(publication__in=_ANSWERED)),
    "commitment": Slugged(
        lambda: Commitment.objects.filter(
            publication__in=_ANSWERED, event__publication__in=_ANSWERED
        )
    ),
    "framework": Slugged(lambda: Framework.objects.filter(publication__in=_ANSWERED)),
    "party": Slugged(public.parties, "code"),
    "person": Slugged(public.people),
    "place": Slugged(public.places),
    "sector": Slugged(public.sectors),
}
"""The kinds of records that have a slug, by the name of their model."""


def slugs_now(kind: str, former: Collection[str]) -> dict[str, str]:
    """The present slugs of the records that once had these, by the former ones.

    Of records that readers may see alone. A slug that such a record has now is its own, whoever
    had it before: ask for former slugs only after looking for present ones.
    """
    known = FormerSlug.objects.filter(kind=kind, slug__in=former).values_list("slug", "object_id")
    keys = dict(known)
    if not keys:
        return {}
    rows, column = KINDS[kind]
    now = dict(rows().filter(pk__in=set(keys.values())).order_by().values_list("pk", column))
    return {slug: now[key] for slug, key in keys.items() if key in now}
