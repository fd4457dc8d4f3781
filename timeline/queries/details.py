"""The details of one record in the API, beside its columns: citations, steps, whose turn it is."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from timeline.core import rotation
from timeline.models import Citation, Commitment, Event, Framework, Instrument, StatusUpdate
from timeline.queries import commitments, frameworks, instruments
from timeline.queries.as_of import AsOf, replayed
from timeline.queries.citations import citations_of

Detail = dict[str, Any]


def detail(noun: str, record: Any, when: AsOf) -> Detail:
    """Return what a record has beyond its columns, as plain values; empty for some nouns.

    ``noun`` is one of :data:`timeline.core.columns.COLUMNS`, ``record`` a published record of it.
    """
    read = _DETAILS.get(noun)
    return read(record, when) if read else {}


def _event(event: Event, _when: AsOf) -> Detail:
    citations = Citation.objects.of_events([event.pk]).select_related("source")
    return {"citations": _cited(citations)}


def _commitment(commitment: Commitment, when: AsOf) -> Detail:
    (view,) = commitments.views(Commitment.objects.filter(pk=commitment.pk), when)
    steps = [citation for update in view.updates for citation in update.citations.all()]
    seen_at = {
        event.pk
        for event in replayed(
            {update.event for update in view.updates if update.event and update.event.is_public},
            when,
        )
    }
    return {
        "citations": _cited([*view.commitment.citations.all(), *steps]),
        "updates": [_update(update, view.corrected, seen_at) for update in view.updates],
    }


def _update(update: StatusUpdate, corrected: frozenset[int], seen_at: set[int]) -> Detail:
    event = update.event if update.event_id in seen_at else None
    return {
        "date": update.date.text,
        "entry": update.entry,
        "status": update.status,
        "event": event.slug if event else None,
        "note_fr": update.note_fr,
        "note_en": update.note_en,
        "corrects": update.corrects.entry if update.corrects else None,
        "corrected": update.pk in corrected,
    }


def _instrument(instrument: Instrument, when: AsOf) -> Detail:
    (view,) = instruments.views(Instrument.objects.filter(pk=instrument.pk), when)
    steps = [citation for step in view.steps for citation in step.citations.all()]
    statuses = ((party.code, view.statuses[party.pk]) for party in view.parties)
    return {
        "citations": _cited([*view.instrument.citations.all(), *steps]),
        "status_table": [
            {
                "party": code,
                "status": status.status.value,
                "since": status.date.text if status.date else None,
                "waiting": status.waiting,
            }
            for code, status in statuses
        ],
    }


def _framework(framework: Framework, when: AsOf) -> Detail:
    view = frameworks.one_view(framework, when)
    turn, window, planned = view.host_turn, view.host_turn.window, view.planned_event
    slugs = {event.pk: event.slug for event in view.meetings}
    citations = citations_of([framework])[framework]
    known = [c for c in citations if c.field != "ended" or when.knows(framework.ended)]
    return {
        "citations": _cited(known),
        "turn": {
            "state": turn.state.value,
            "next_side": turn.next_side,
            "candidates": [party.code for party in view.candidate_parties],
            "window_first": window.first if window else None,
            "window_last": window.last if window else None,
            "planned": planned.slug if planned else None,
            "days_overdue": turn.days_overdue,
            "turns": [_turn(taken, slugs) for taken in turn.turns],
        },
    }


def _turn(taken: rotation.Turn, slugs: Mapping[int, str]) -> Detail:
    return {"event": slugs[taken.meeting.key], "side": taken.side, "due": taken.due}


def _cited(citations: Iterable[Citation]) -> list[Detail]:
    return [
        {
            "source": str(citation.source_id),
            "part": citation.target_name,
            "field": citation.field,
            "stance": citation.stance,
            "confidence": citation.confidence,
            "excerpt": citation.excerpt,
            "excerpt_language": citation.excerpt_language or citation.source.language,
            "date_as_worded": citation.date_as_worded,
            "value_given": citation.value_given,
        }
        for citation in citations
    ]


_DETAILS: Final[Mapping[str, Callable[[Any, AsOf], Detail]]] = {
    "events": _event,
    "commitments": _commitment,
    "instruments": _instrument,
    "frameworks": _framework,
}
