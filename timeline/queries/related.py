"""Parties that succeeded each other: a filter finds none of the others, so its chip offers them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from timeline.core.question import AnyQuestion
from timeline.models import Party
from timeline.queries.vocabulary import FilterOptions

MOST: Final = 6
"""The maximum number of parties offered beside one; the page of the party names all of them."""


class Related(NamedTuple):
    """A party that a chosen one succeeded, or that succeeded it.

    ``query`` is the query string of the question with it in place of the chosen one, and ``total``
    what that finds.
    """

    party: Party
    is_predecessor: bool
    query: str
    total: int


def related(
    question: AnyQuestion, offered: FilterOptions, count: Callable[[AnyQuestion], int]
) -> dict[str, tuple[Related, ...]]:
    """Return for each chosen party those beside it that the same question finds something for.

    Predecessors come first, and of them and of successors those with the most found.
    """
    parties = {party.code: party for party in offered.parties}
    found: dict[str, tuple[Related, ...]] = {}
    for code in question.parties:
        rows = [
            Related(parties[other], is_predecessor, instead.query_string(), count(instead))
            for other, is_predecessor in _beside(code, offered.successions)
            if other not in question.parties
            for instead in [_instead(question, code, other)]
        ]
        rows.sort(key=lambda row: (not row.is_predecessor, -row.total))
        found[code] = tuple(row for row in rows if row.total)[:MOST]
    return found


def _beside(code: str, successions: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, bool]]:
    """Yield the parties that one succeeded, then those that succeeded it, and which they are."""
    for predecessor in successions.get(code, ()):
        yield predecessor, True
    for successor, predecessors in successions.items():
        if code in predecessors:
            yield successor, False


def _instead(question: AnyQuestion, code: str, other: str) -> AnyQuestion:
    """Return a question with another party in place of a chosen one."""
    parties = [other if chosen == code else chosen for chosen in question.parties]
    return question.with_values("party", parties)
