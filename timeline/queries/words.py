"""The words of the record, for suggestions where what a reader typed is not found."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from django.db.models import QuerySet

from timeline.cache import VersionedCache
from timeline.core.folding import fold
from timeline.core.letters import WORD
from timeline.core.spelling import LEAST
from timeline.models import Commitment, Event, Framework, Instrument, PartyName, PersonName
from timeline.queries import public

MOST_TITLES: Final = 5000
"""The largest number of records of a noun whose titles or names are read, the latest of them."""

_WORD: Final = re.compile(WORD)

_spellings: Final[VersionedCache[Mapping[str, str]]] = VersionedCache(
    "spellings of words", alias=None
)


def spellings() -> Mapping[str, str]:
    """Return the words in titles and names of what readers may see, as they are mostly spelled.

    They are in lower case, by their folded form; short ones are left out.
    """
    return _spellings.get_or_load("", None, _read)


def _read() -> Mapping[str, str]:
    by_folded: dict[str, Counter[str]] = defaultdict(Counter)
    for spelled, number in Counter(_words()).items():
        if len(spelled) >= LEAST and spelled.isalpha():
            by_folded[fold(spelled)][spelled] += number
    return {
        folded: counts.most_common(1)[0][0]
        for folded, counts in by_folded.items()
        if " " not in folded
    }


def _words() -> Iterator[str]:
    for text in chain.from_iterable(_texts()):
        yield from _WORD.findall(text.lower())


def _texts() -> Iterator[tuple[str, ...]]:
    titles = ("title_fr", "title_en")
    yield from _latest(Event.objects.published(), *titles)
    yield from _latest(Commitment.objects.filter(public.published("event")).published(), *titles)
    yield from _latest(Instrument.objects.published(), *titles)
    yield from _latest(Framework.objects.published(), *titles)
    names = ("name_fr", "name_en")
    parties, people = public.parties(), public.people()
    yield from _latest(parties, *names, "short_fr", "short_en")
    yield from _latest(PartyName.objects.filter(slip=False, party__in=parties), "name")
    yield from _latest(people, *names)
    yield from _latest(PersonName.objects.filter(slip=False, person__in=people), "name")
    yield from _latest(public.places(), *names)
    yield from _latest(public.sectors(), *names)


def _latest(rows: QuerySet[Any], *columns: str) -> Iterator[tuple[str, ...]]:
    yield from rows.order_by("-pk").values_list(*columns)[:MOST_TITLES]
