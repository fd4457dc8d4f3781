"""What the pages of a commitment and of a framework show; drafts too, for editors' previews."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from django.db.models import prefetch_related_objects

from timeline.core import wordings
from timeline.core.codes import EventState
from timeline.core.wordings import Piece
from timeline.fields import LocalText
from timeline.models import Citation, Commitment, Event, Framework, StatusUpdate
from timeline.queries import commitments, frameworks
from timeline.queries.as_of import AsOf, replayed
from timeline.queries.events import Footnotes

_RULE: Final = ("", "sides", "rotation", "cadence_months")
"""What a citation of a framework supports when it speaks of its rule; empty is all of it."""


def commitment_page(record: Commitment, when: AsOf) -> dict[str, Any]:
    """A commitment with each step of its life and its thread."""
    (view,) = commitments.views(Commitment.objects.filter(pk=record.pk), when)
    footnotes = Footnotes()
    marks = footnotes.mark(view.commitment.citations.all())
    steps = [(update, footnotes.mark(update.citations.all())) for update in view.updates]
    thread = commitments.thread(view.commitment, when) if view.made else []
    worded = [one.commitment for one in thread]
    return {
        "view": view,
        "marks": marks,
        "steps": steps,
        "seen_at": _seen_at(view.updates, when),
        "footnotes": footnotes,
        "wordings": [_compared(one.earlier, one.commitment) for one in thread if one.earlier],
        "restates": next((one for one in worded if one.pk == record.restates_id), None),
        "restated_by": [one for one in worded if one.restates_id == record.pk],
    }


class Worded(NamedTuple):
    """A commitment as it was worded at one time, in runs of words; without any where unknown."""

    commitment: Commitment
    pieces: tuple[Piece, ...]
    language: str


class Compared(NamedTuple):
    """The words of one commitment at two times; ``marked`` says that what changed is marked."""

    earlier: Worded
    later: Worded
    marked: bool


def _compared(earlier: Commitment, later: Commitment) -> Compared:
    """Compare what is in one language; nothing is marked beside words that are not on record."""
    before, after = _words_of(earlier), _words_of(later)
    marked = bool(before and after and before.lang == after.lang)
    pair = wordings.compare(before, after) if marked else wordings.unmarked(before, after)
    return Compared(
        Worded(earlier, pair.earlier, before.lang),
        Worded(later, pair.later, after.lang),
        marked,
    )


def _words_of(commitment: Commitment) -> LocalText:
    """How a commitment was worded: as recorded, else as a source is quoted, else unknown."""
    quoted = (one for one in commitment.citations.all() if one.excerpt)
    citation = None if commitment.wording else next(quoted, None)
    if citation is None:
        return commitment.wording
    language = citation.excerpt_language or citation.source.language
    return LocalText(citation.excerpt, language, fallback=False)


def _seen_at(updates: Iterable[StatusUpdate], when: AsOf) -> set[Event]:
    """The events at which steps were seen, as far as readers may see them and had by the day."""
    public = {one.event for one in updates if one.event is not None and one.event.is_public}
    return set(replayed(public, when))


def framework_page(record: Framework, when: AsOf) -> dict[str, Any]:
    """A framework with its past meetings and whose turn is next."""
    prefetch_related_objects([record], "citations__source")
    view = frameworks.one_view(record, when)
    footnotes = Footnotes()
    ended = record.ended is not None and when.knows(record.ended)
    fields = {
        name: footnotes.mark([c for c in record.citations.all() if c.field == name])
        for name in ("title", "", "sides", "rotation", "cadence_months", "starts", "ended")
        if name != "ended" or ended
    }
    held = [event.pk for event in view.meetings if event.state == EventState.HELD]
    made = Commitment.objects.published().filter(event__in=held).order_by()
    promised = Counter(made.values_list("event", flat=True))
    return {
        "view": view,
        "meetings": [(one, view.turn_of(one), promised[one.pk]) for one in view.meetings],
        "fields": fields,
        "basis": [(c, footnotes.mark([c])) for c in _rule_in_words(record)],
        "ended": ended,
        "whole": fields[""],
        "footnotes": footnotes,
    }


def _rule_in_words(record: Framework) -> Iterator[Citation]:
    """The citations that quote a source on the rule, each quotation once."""
    quoted: set[str] = set()
    for citation in record.citations.all():
        if citation.excerpt and citation.field in _RULE and citation.excerpt not in quoted:
            quoted.add(citation.excerpt)
            yield citation
