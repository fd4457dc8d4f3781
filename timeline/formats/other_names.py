"""The names by which the box above a long group of options finds them, beside their labels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from timeline.core import dates
from timeline.core.characters import close_direction
from timeline.jinja2 import language
from timeline.models import Framework, Party, PartyName, Place, Sector
from timeline.queries.vocabulary import PARTY_FILTERS, Vocabulary


class OtherNames(NamedTuple):
    """Other names of one option: those that are shown where it is found by one, and the slips."""

    shown: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()


NO_OTHER_NAMES: Final = OtherNames()


def other_names(parameter: str, vocabulary: Vocabulary) -> dict[str, OtherNames]:
    """Return the other names of the options of a group, by value.

    These are names in the other language and short names, and of parties all names on record,
    former ones with the year until which they were borne.
    """
    offered = vocabulary.offered
    if parameter in PARTY_FILTERS:
        names = vocabulary.party_names
        return {party.code: _of(party, names.get(party.pk, ())) for party in offered.parties}
    records: Mapping[str, Sequence[Sector | Framework | Place]] = {
        "sector": offered.sectors,
        "framework": offered.frameworks,
        "place": offered.places,
    }
    return {record.slug: _of(record) for record in records.get(parameter, ())}


def _of(record: Party | Sector | Framework | Place, names: Sequence[PartyName] = ()) -> OtherNames:
    shown = {text.casefold(): text for text in _own(record)}
    for name in names:
        if not name.slip:
            shown.setdefault(name.name.casefold(), name_with_end(name))
    return OtherNames(tuple(shown.values()), tuple(name.name for name in names if name.slip))


def _own(record: Party | Sector | Framework | Place) -> Iterator[str]:
    for field in ("name", "short", "title"):
        for tag in ("fr", "en"):
            if text := getattr(record, f"{field}_{tag}", ""):
                yield text


def name_with_end(name: PartyName) -> str:
    """Return a name, of a former one with the year until which it was borne."""
    text = close_direction(name.name)
    if name.ends is None:
        return text
    until = name.ends
    if until.precision == dates.Precision.DAY and until.sure:
        until = dates.parse(f"{name.span.last_possible_day.year:04}")
    return _("%(name)s until %(date)s") % {
        "name": text,
        "date": dates.wording(until, language()),
    }
