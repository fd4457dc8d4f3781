"""Why an event was found for a party that takes part in it only through blocs."""

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from timeline.cache import Ready
from timeline.database.version import Version
from timeline.models import Party
from timeline.queries import timeline
from timeline.rendering.moulds import Mould, language, once, poured, slot


class _Told(NamedTuple):
    """A party with its memberships in words, in the order in which they are told."""

    party: Party
    memberships: dict[int, SafeString]


_told: Final[Ready[_Told]] = Ready(most=512)


def reasons(
    ids: Sequence[int], chosen: Sequence[Party], seen: Version | None
) -> dict[int, SafeString]:
    """For each of these events the reasons why it was found for the parties chosen, if any."""
    if not chosen or not ids:
        return {}
    ways = timeline.ways(ids, [party.pk for party in chosen])
    by_party = {
        party: _told.of(seen, (party.pk, language()), partial(_in_words, party)) for party in chosen
    }
    made: dict[tuple[int, tuple[timeline.Way, ...]], SafeString] = {}
    found: dict[int, SafeString] = {}
    for event in ids:
        for party in chosen:
            taken = tuple(ways.get((event, party.pk), ()))
            if not taken or any(way.membership is None for way in taken):
                continue
            key = (party.pk, taken)
            if key not in made:
                made[key] = _reason(by_party[party], taken)
            found[event] = found.get(event, SafeString()) + made[key]
    return found


def _in_words(party: Party) -> _Told:
    held = timeline.memberships(party.pk)
    words = {
        one.pk: mark_safe(render_to_string("timeline/_via.html", {"membership": one}))  # noqa: S308
        for one in held
    }
    return _Told(party, words)


def _reason(told: _Told, taken: Sequence[timeline.Way]) -> SafeString:
    by_membership = {way.membership: way for way in taken}
    words = [said for key, said in told.memberships.items() if key in by_membership]
    form = _form(language(), all(way.possibly for way in taken), len(words))
    through = {f"way_{number}": said for number, said in enumerate(words)}
    return form.fill(party=escape(told.party.name), **through)


@once(most=64)
def _form(_language: str, possibly: bool, ways: int) -> Mould:
    return poured(
        "timeline/_reason.html",
        "party",
        possibly=possibly,
        ways=[slot(f"way_{number}") for number in range(ways)],
    )
