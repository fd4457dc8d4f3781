"""Public records by their former slugs and codes."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from timeline.core.codes import Publication
from timeline.models import Commitment, Event, FormerSlug, Framework, Instrument
from timeline.queries import public

_ADDRESSABLE: Final = (Publication.PUBLISHED, Publication.WITHDRAWN)
"""States in which a record's address answers readers: with the record, or why it was withdrawn."""


class Slugged(NamedTuple):
    """A kind of record with a slug: the rows whose addresses are public, and the slug's column.

    The address of a source has its key, which changes only where two sources are merged.
    """

    rows: Callable[[], QuerySet[Any]]
    column: str = "slug"


KINDS: Final[Mapping[str, Slugged]] = {
    "event": Slugged(lambda: Event.objects.filter(publication__in=_ADDRESSABLE)),
    "commitment": Slugged(
        lambda: Commitment.objects.filter(
            publication__in=_ADDRESSABLE, event__publication__in=_ADDRESSABLE
        )
    ),
    "framework": Slugged(lambda: Framework.objects.filter(publication__in=_ADDRESSABLE)),
    "instrument": Slugged(lambda: Instrument.objects.filter(publication__in=_ADDRESSABLE)),
    "party": Slugged(public.parties, "code"),
    "person": Slugged(public.people),
    "place": Slugged(public.places),
    "sector": Slugged(public.sectors),
    "source": Slugged(public.sources, "pk"),
}
"""Kinds of records with a slug, by the name of the model."""


def slugs_now(kind: str, former: Collection[str]) -> dict[str, str]:
    """Return the current slugs of public records by these former ones.

    A slug in use belongs to the record that has it, whoever had it before: look for current slugs
    first.
    """
    rows = FormerSlug.objects.filter(kind=kind, slug__in=former)
    keys = dict(rows.values_list("slug", "object_id"))
    if not keys:
        return {}
    public_rows, column = KINDS[kind]
    records = public_rows().filter(pk__in=set(keys.values())).order_by()
    current = dict(records.values_list("pk", column))
    return {slug: str(current[key]) for slug, key in keys.items() if key in current}
