"""What to do where nothing is found: which filter to leave out, which words may be meant."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from timeline.core.characters import close_direction
from timeline.core.folding import fold
from timeline.core.question import AnyQuestion, ListQuestion, Question
from timeline.core.spelling import nearest, typed_words
from timeline.formats.sentences import Chip
from timeline.index.dated import Narrowed
from timeline.queries.words import spellings

MOST_COUNTED: Final = 12
"""The largest number of filters of which is counted what is found without each."""

_MOST_WORDS: Final = 5
"""The largest number of words of a question for which others are looked up."""

_MOST_SPELLINGS: Final = 3
"""The largest number of ways to spell the words of a question that are tried."""


class Suggestion(NamedTuple):
    """A question that finds something, with a label for what distinguishes it from the reader's."""

    label: str
    query: str
    total: int


@dataclass(frozen=True, slots=True)
class NothingFound:
    """What a list that is empty suggests.

    ``without`` says what would be found without each of the filters, where anything would; all
    values of a filter of which any is enough are left out together. ``meant`` are words like those
    that were typed.
    """

    without: Sequence[Suggestion]
    meant: Suggestion | None


def nothing_found(
    question: AnyQuestion,
    chips: Sequence[Chip],
    count: Callable[[AnyQuestion], int],
    count_words: Callable[[AnyQuestion], int],
) -> NothingFound:
    """Return the suggestions for a question that finds nothing.

    ``count`` counts what a question finds that leaves some of the filters out, ``count_words`` what
    one with other words finds.
    """
    candidates = list(_without(question, chips))[:MOST_COUNTED]
    without = (
        Suggestion(label, rest.query_string(), count(rest))  # type: ignore[arg-type]
        for label, rest in candidates
    )
    return NothingFound(
        [suggestion for suggestion in without if suggestion.total],
        _meant(question, count_words),
    )


def still_narrowed(narrowed: Narrowed, question: ListQuestion) -> Narrowed:
    """Return what the database found for filters that a question with fewer of them still has."""
    return {
        name: keys
        for name, keys in narrowed.items()
        if (question.values(name) if name in question.REPEATABLE else question.q)
    }


def _without(question: ListQuestion, chips: Iterable[Chip]) -> Iterator[tuple[str, ListQuestion]]:
    """Yield each filter in words, with the question without it."""

    def needs_all(parameter: str) -> bool:
        any_party = isinstance(question, Question) and question.any_party
        return not parameter or (parameter == "party" and not any_party)

    for parameter, group in groupby(chips, key=lambda chip: chip.parameter):
        values = list(group)
        if needs_all(parameter) or len(values) == 1:
            yield from ((chip.label, chip.rest) for chip in values)
        else:
            label = _(" or ").join(chip.label for chip in values)
            yield label, question.with_values(parameter, ())


def _meant(question: AnyQuestion, count: Callable[[AnyQuestion], int]) -> Suggestion | None:
    """Return the question with the words of the record that are most like those not found there.

    If the other filters leave nothing of what these words find, the question is without them.
    """
    for words in spelled_otherwise(question.q, lambda word: count(type(question)(q=word))):
        label = close_direction(words)
        meant = replace(question.without_page(), q=words)
        if total := count(meant):
            return Suggestion(label, meant.query_string(), total)
        alone = type(question)(q=words)
        if total := count(alone):
            label = _("%(words)s, without the other filters") % {"words": label}
            return Suggestion(label, alone.query_string(), total)
    return None


def spelled_otherwise(query: str, count: Callable[[str], int]) -> Iterator[str]:
    """Yield a query with words of the record in place of those that are not found in it.

    ``count`` counts what a word finds.
    """
    typed = typed_words(query)
    known = spellings() if typed else {}
    others = {}
    for word in [word for word in typed if fold(word[0]) not in known][:_MOST_WORDS]:
        near = nearest(fold(word[0]), known, _MOST_SPELLINGS)
        if near and not count(word[0]):
            others[word.start()] = [known[folded] for folded in near]
    for number in range(max(map(len, others.values()), default=0)):
        spelled = {start: near[min(number, len(near) - 1)] for start, near in others.items()}
        yield _respelled(query, spelled)


def _respelled(query: str, spelled: dict[int, str]) -> str:
    """Return a query with other words at some places."""
    text, end = "", 0
    for word in typed_words(query):
        if word.start() in spelled:
            text += query[end : word.start()] + spelled[word.start()]
            end = word.end()
    return text + query[end:]
