"""Writes that concern a commitment: its life is added to, never edited."""

from django.db import transaction
from django.db.models import Max

from timeline.actions.citations import Evidence, cite
from timeline.core.codes import CommitmentStatus
from timeline.models import Citation, Commitment, Event, StatusUpdate


def record_update(
    *,
    commitment: Commitment,
    date: str,
    status: CommitmentStatus,
    note_fr: str = "",
    note_en: str = "",
    event: Event | None = None,
    corrects: StatusUpdate | None = None,
    evidence: Evidence | None = None,
) -> StatusUpdate:
    """Add a dated step to a commitment's life, with the source that tells of it.

    Raises ValidationError when it cannot stand.
    """
    with transaction.atomic():
        update = StatusUpdate(
            commitment=commitment,
            date=date,
            entry=next_entry(commitment),
            status=status.value,
            note_fr=note_fr,
            note_en=note_en,
            event=event,
            corrects=corrects,
        )
        update.full_clean()
        update.save()
        if evidence is not None:
            cite(record=update, evidence=evidence)
    return update


def next_entry(commitment: Commitment) -> int:
    """The number of the next step: entries count from 1 in the order in which they are made."""
    last: int | None = commitment.updates.aggregate(last=Max("entry"))["last"]
    return (last or 0) + 1


def create_first_update(
    *, commitment: Commitment, status: CommitmentStatus = CommitmentStatus.ANNOUNCED
) -> StatusUpdate | None:
    """Make a commitment's first step from its event's date and citations, unless it has one."""
    if commitment.updates.exists():
        return None
    with transaction.atomic():
        update = record_update(
            commitment=commitment,
            date=commitment.event.date.text,
            status=status,
            event=commitment.event,
        )
        cited = list(commitment.citations.all()) or list(
            commitment.event.citations.filter(field="")
        )
        for citation in cited:
            Citation.objects.create(
                source=citation.source,
                status_update=update,
                stance=citation.stance,
                confidence=citation.confidence,
                excerpt=citation.excerpt,
                excerpt_language=citation.excerpt_language,
                note_fr=citation.note_fr,
                note_en=citation.note_en,
            )
    return update
