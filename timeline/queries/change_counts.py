"""How often published records changed, as pages say it beside the links to their feeds."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from timeline.cache import VersionedCache
from timeline.core.codes import Publication
from timeline.queries.changes import MODELS, beginning, changes_of, changes_of_noun
from timeline.queries.written import written_since

_numbers: Final[VersionedCache[Mapping[int, int]]] = VersionedCache(
    "numbers of changes", alias=None
)
_number: Final[VersionedCache[int]] = VersionedCache("number_of_changes")


def number_of(noun: str, key: int, first: dt.date, today: dt.date) -> int:
    """Return how often a record changed on a day or later; cached for each record.

    It is the number of what :func:`~timeline.queries.changes.changes_of` returns.
    """

    def read() -> int:
        added = _only_added(noun, key)
        if added is None:
            return len(changes_of(noun, key, first, today))
        return int(first <= added)

    return _number.get_or_load((noun, key), (first, today), read)


def _only_added(noun: str, key: int) -> dt.date | None:
    """Return the day on which readers first saw a record if nothing changed since, else None.

    Most records are like that, and to see it takes two queries. Of a framework it is not looked up,
    because what changed of its meetings is part of it.
    """
    if noun == "framework":
        return None
    columns = ("published_at", *(("event__published_at",) if noun == "commitment" else ()))
    rows = (
        MODELS[noun]._default_manager.order_by().filter(pk=key, publication=Publication.PUBLISHED)
    )
    published = rows.values_list(*columns).first()
    if published is None or None in published:
        return None
    day = max(published).date()
    since = beginning(day + dt.timedelta(days=1))
    return None if written_since(noun, key, since) else day


def _numbers_of(noun: str, first: dt.date, today: dt.date) -> Mapping[int, int]:
    """Return how often each record of a noun changed on a day or later, by its key.

    Only records that changed are read, and all lists of the noun share the cached counts.
    """

    def read() -> Mapping[int, int]:
        return Counter(change.record for change in changes_of_noun(noun, first, today))

    return _numbers.get_or_load(noun, (first, today), read)


def number_among(noun: str, keys: Sequence[int], first: dt.date, today: dt.date) -> int:
    """Return how often the records with these keys changed on a day or later.

    The keys may be those of most records, of which few changed: these are looked up among those.
    """
    counts = _numbers_of(noun, first, today)
    changed = np.fromiter(counts, np.int64, len(counts))
    among = changed[np.isin(changed, np.asarray(keys, np.int64))]
    return sum(counts[key] for key in among.tolist())
