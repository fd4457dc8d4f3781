"""The contexts of the pages of a commitment, a framework and a text, and of previews of drafts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from django.db.models import prefetch_related_objects

from timeline.core import languages, wordings
from timeline.core.articles import article_order
from timeline.core.codes import EventState
from timeline.core.wordings import Piece
from timeline.fields import LocalText, local_text
from timeline.models import Citation, Commitment, Event, Framework, Instrument, StatusUpdate
from timeline.queries import commitments, frameworks, instruments
from timeline.queries.as_of import AsOf, replayed
from timeline.queries.commitments import CommitmentView
from timeline.queries.flags import Flag, flags, flags_by_fact
from timeline.queries.footnotes import Footnotes, Mark, by_fact
from timeline.queries.status_table import events, status_table

_RULE: Final = ("", "sides", "rotation", "cadence_months")
"""The fields of citations that support a framework's rule; empty means the whole record."""


def commitment_page(record: Commitment, when: AsOf) -> dict[str, Any]:
    """Return a commitment with its updates and its thread."""
    (view,) = commitments.views(Commitment.objects.filter(pk=record.pk), when)
    footnotes = Footnotes()
    citations = view.commitment.citations.all()
    shown = {
        "condition": bool(record.condition),
        "parties": True,
        "restates": False,
        "instrument": record.instrument is not None and record.instrument.is_public,
        "made_on": record.made_on is not None,
        "due": bool(record.due or view.due_words),
        "sectors": bool(view.sectors),
    }
    thread = commitments.thread(view.commitment, when) if view.made else []
    members = [wording.commitment for wording in thread]
    restates = next((row for row in members if row.pk == record.restates_id), None)
    shown["restates"] = restates is not None
    of_fact = by_fact(citations, {name: name if shown[name] else "lede" for name in shown}, "lede")
    fields = {
        name: footnotes.mark(of_fact[name], name) for name in ("lede", "condition", "restates")
    }
    steps = [
        CitedUpdate(
            update,
            footnotes.mark(update.citations.all(), f"u{update.pk}", update.date),
            flags(update, update.citations.all()),
        )
        for update in view.updates
    ]
    fields |= {name: footnotes.mark(of_fact[name], name) for name in shown if name not in fields}
    return {
        "view": view,
        "worded": _worded(view.commitment),
        "fields": fields,
        "flags": flags_by_fact(record, of_fact),
        "steps": steps,
        "seen_at": _seen_at(view.updates, when),
        "footnotes": footnotes,
        "wordings": [
            _compared(wording.earlier, wording.commitment) for wording in thread if wording.earlier
        ],
        "restates": restates,
        "restated_by": [row for row in members if row.restates_id == record.pk],
        "answers": _request_answered(record, when),
        "answered_by": _answers_to(record, when),
    }


class CitedUpdate(NamedTuple):
    """A step in the life of a commitment, its sources, and what they say otherwise."""

    update: StatusUpdate
    marks: list[Mark]
    flags: tuple[Flag, ...]


def _request_answered(record: Commitment, when: AsOf) -> Commitment | None:
    """Return the request that an undertaking answers, if readers may see it."""
    if record.answers_id is None:
        return None
    requests = Commitment.objects.published().filter(pk=record.answers_id)
    return next(iter(commitments.made_by(requests, when)), None)


def _answers_to(record: Commitment, when: AsOf) -> list[Commitment]:
    """Return the undertakings that answer a request, as far as readers may see them."""
    if not record.is_request:
        return []
    undertakings = Commitment.objects.published().filter(answers=record).order_by("pk")
    return commitments.made_by(undertakings, when)


_QUOTATION_MARKS: Final = "«»“”\u00a0 "


class Worded(NamedTuple):
    """The words of a commitment, in the language of the source where they are quoted from one.

    ``translation`` is the wording in the reader's language, where that is another one.
    """

    text: LocalText
    is_quotation: bool
    translation: LocalText | None = None


def _worded(commitment: Commitment) -> Worded:
    """Return the wording on record, else the first excerpt of a source, else an empty text."""
    ours = commitment.wording
    for citation in commitment.citations.all():
        if not citation.excerpt or citation.value_given:
            continue
        tag = citation.excerpt_language or citation.source.language
        if not ours:
            return Worded(LocalText(citation.excerpt, tag, fallback=False), is_quotation=True)
        language = languages.primary(tag)
        theirs = local_text(commitment, "wording", language)
        if theirs.lang == language and wordings.is_quoted(theirs, citation.excerpt):
            # Pages set the marks of a quotation themselves.
            bare = LocalText(theirs.strip(_QUOTATION_MARKS), language, fallback=theirs.fallback)
            return Worded(bare, True, ours if ours.lang != language else None)
    return Worded(ours, is_quotation=False)


class MarkedWording(NamedTuple):
    """A commitment and its wording in pieces; there are none if the wording is unknown.

    ``translation`` is into the reader's language, where the wording is in another one.
    """

    commitment: Commitment
    pieces: tuple[Piece, ...]
    language: str
    translation: LocalText | None


class WordingPair(NamedTuple):
    """Two wordings in one thread; ``marked`` says that the changes are marked."""

    earlier: MarkedWording
    later: MarkedWording
    marked: bool


def _compared(earlier: Commitment, later: Commitment) -> WordingPair:
    """Mark the changes between two wordings, if both are known and in the same language."""
    first, second = _worded(earlier), _worded(later)
    before, after = first.text, second.text
    marked = bool(before and after and before.lang == after.lang)
    pair = wordings.compare(before, after) if marked else wordings.unmarked(before, after)
    return WordingPair(
        MarkedWording(earlier, pair.earlier, before.lang, first.translation),
        MarkedWording(later, pair.later, after.lang, second.translation),
        marked,
    )


def _seen_at(updates: Iterable[StatusUpdate], when: AsOf) -> set[Event]:
    """Return the public events of these updates that were on record by the day."""
    public = {
        update.event for update in updates if update.event is not None and update.event.is_public
    }
    return set(replayed(public, when))


def framework_page(record: Framework, when: AsOf) -> dict[str, Any]:
    """Return a framework with whose turn it is, its meetings and the sources of its rule."""
    prefetch_related_objects([record], "citations__source")
    view = frameworks.one_view(record, when)
    footnotes = Footnotes()
    ended = record.ended is not None and when.knows(record.ended)
    shown = {
        **{name: name for name in ("title", "sides", "rotation", "cadence_months")},
        "starts": "starts" if record.starts else "lede",
        "ended": "ended" if ended else "lede",
    }
    known = [c for c in record.citations.all() if c.field != "ended" or when.knows(record.ended)]
    cited = by_fact(known, shown, "lede")
    fields = {name: footnotes.mark(cited[name], name) for name in ("title", "lede", *shown)}
    held_meetings = [event.pk for event in view.meetings if event.state == EventState.HELD]
    rows = Commitment.objects.published().undertakings().filter(event__in=held_meetings).order_by()
    commitment_counts = Counter(rows.values_list("event", flat=True))
    return {
        "view": view,
        "meetings": [
            (event, view.turn_of(event), commitment_counts[event.pk]) for event in view.meetings
        ],
        "fields": fields,
        "basis": [(c, footnotes.mark([c], c.field or "lede")) for c in _quotations_of_rule(record)],
        "ended": ended,
        "flags": flags_by_fact(record, cited),
        "footnotes": footnotes,
    }


def _quotations_of_rule(record: Framework) -> Iterator[Citation]:
    """Yield the citations that quote a source on the rule, each quotation once."""
    excerpts: set[str] = set()
    for citation in record.citations.all():
        if citation.excerpt and citation.field in _RULE and citation.excerpt not in excerpts:
            excerpts.add(citation.excerpt)
            yield citation


_OF_A_TEXT: Final = ("kind", "date", "binds", "parties")
"""The fields of a text whose sources stand beside them; those of others stand at its lede."""


def instrument_page(record: Instrument, when: AsOf) -> dict[str, Any]:
    """Return a text with its status table, its commitments by article, events and sources."""
    (view,) = instruments.views(Instrument.objects.filter(pk=record.pk), when)
    footnotes = Footnotes()
    citations = view.instrument.citations.all()
    cited = by_fact(citations, _OF_A_TEXT, "lede")
    # In the order of the page, on which the parties stand beside the rest.
    fields = {name: footnotes.mark(cited[name], name) for name in ("kind", "date", "lede", "binds")}
    table = status_table(view, when, footnotes)
    fields["parties"] = footnotes.mark(cited["parties"], "parties")
    return {
        "view": view,
        "fields": fields,
        "flags": flags(view.instrument, citations),
        "table": table,
        "commitments": _by_article(record, when),
        "events": events(view, when),
        "footnotes": footnotes,
    }


def _by_article(record: Instrument, when: AsOf) -> list[CommitmentView]:
    """Return the published commitments that stand in a text, in the order of its articles."""
    rows = Commitment.objects.published().filter(instrument=record).order_by("pk")
    views = [view for view in commitments.views(rows, when) if view.made]
    return sorted(views, key=lambda view: article_order(view.commitment.article))
