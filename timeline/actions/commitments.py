"""Writes that concern a commitment: status updates are added, never edited."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from timeline.actions.citations import Evidence, cite
from timeline.core.codes import CommitmentNature, CommitmentRole, CommitmentStatus
from timeline.models import Citation, Commitment, CommitmentParty, Event, StatusUpdate


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
    """Add a dated step to a commitment's life, with its source.

    Raises ValidationError when the step is not valid.
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
    """Return the number of the next step: entries count from 1 in the order of their creation."""
    last: int | None = commitment.updates.aggregate(last=Max("entry"))["last"]
    return (last or 0) + 1


def create_first_update(
    *, commitment: Commitment, status: CommitmentStatus = CommitmentStatus.ANNOUNCED
) -> StatusUpdate | None:
    """Create a commitment's first step, unless it has one or is a request.

    The step has the day on which the commitment was made and the citations that support that it
    was, else the other citations of the commitment, else those of the event as a whole.
    """
    if commitment.is_request or commitment.updates.exists():
        return None
    with transaction.atomic():
        update = record_update(
            commitment=commitment,
            date=commitment.date_made.text,
            status=status,
            event=commitment.event,
        )
        own = commitment.citations.filter(value_given="")
        citations = (
            list(own.filter(field__in=OF_MAKING))
            or list(own)
            or list(commitment.event.citations.filter(field=""))
        )
        for citation in citations:
            Citation.objects.create(
                source=citation.source,
                status_update=update,
                stance=citation.stance,
                confidence=citation.confidence,
                excerpt=citation.excerpt,
                excerpt_language=citation.excerpt_language,
                date_as_worded=citation.date_as_worded if citation.field == "made_on" else "",
                note_fr=citation.note_fr,
                note_en=citation.note_en,
            )
    return update


OF_MAKING: Final = ("", "title", "wording", "made_on")
"""The fields of citations that support that a commitment was made, and when."""


def check_steps(*, commitment: Commitment) -> None:
    """Raise ValidationError when steps would lie before the commitment was made, and name them.

    No uncorrected step may surely lie before that day.
    """
    early = commitment.updates.uncorrected().filter(latest__lt=commitment.date_made.earliest)
    if named := "; ".join(str(update) for update in early):
        raise ValidationError(
            _(
                "Steps of its life would lie before the day on which it was made: %(steps)s. Add "
                "a step of that day or later that corrects them."
            ),
            code="steps_before",
            params={"steps": named},
        )


def settle_mutual(*, commitment: Commitment, by_editor: bool) -> None:
    """Allow ``mutual`` only where two sides or more undertook a commitment, for nobody named.

    Elsewhere it is reset, because the form ticks it for every new commitment. If ``by_editor`` says
    that an editor ticked it, ValidationError is raised instead.
    """
    if not commitment.mutual or may_be_mutual(Commitment.objects.filter(pk=commitment.pk)).exists():
        return
    if by_editor:
        raise ValidationError(
            _(
                "What is mutual is undertaken by two sides or more and for nobody named: list both "
                "sides as obligors and no beneficiary, or untick “mutual”."
            ),
            code="mutual",
        )
    commitment.mutual = False
    commitment.save()


def check_roles(*, commitment: Commitment) -> None:
    """Raise ValidationError unless the parties of a commitment have the roles of its nature.

    A request names who is asked, and its parties ask or are asked; those of an undertaking
    undertake it or are owed it.
    """
    roles = set(commitment.party_links.values_list("role", flat=True))
    if commitment.is_request and CommitmentRole.ASKED not in roles:
        raise ValidationError(
            _("A request is made of somebody: list who is asked among its parties."), code="asked"
        )
    if roles - _ROLES[CommitmentNature(commitment.nature)]:
        raise ValidationError(
            _(
                "The parties of a request ask for it or are asked; those of an undertaking "
                "undertake it or are owed it. Change the roles or the nature."
            ),
            code="roles",
        )


_ROLES: Final = {
    CommitmentNature.UNDERTAKING: {CommitmentRole.OBLIGOR, CommitmentRole.BENEFICIARY},
    CommitmentNature.REQUEST: {CommitmentRole.ASKER, CommitmentRole.ASKED},
}


def may_be_mutual(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Return the commitments that two sides or more undertook, for nobody named."""
    links = CommitmentParty.objects.filter(commitment=OuterRef("pk"))
    obligors = links.filter(role=CommitmentRole.OBLIGOR).order_by().values("commitment")
    several = obligors.annotate(n=Count("party", distinct=True)).filter(n__gt=1)
    return rows.filter(Exists(several), ~Exists(links.filter(role=CommitmentRole.BENEFICIARY)))
