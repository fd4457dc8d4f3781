"""Writes that concern memberships; each updates who took part in events through the bloc."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from timeline.actions import involvement, search
from timeline.actions.citations import Evidence, cite
from timeline.core.codes import MembershipStanding
from timeline.core.dates import EdtfDate
from timeline.models import Event, Membership


def refresh_derived(*, bloc: int, without: int | None = None) -> None:
    """Update what is derived from the memberships of a bloc, after one of them changed.

    ``without`` ignores a membership that is about to be deleted. Raises ValidationError, naming
    the events, when somebody attended for a party that would no longer take part.
    """
    with transaction.atomic():
        involvement.take_turns()
        events = involvement.events_of_bloc(bloc)
        _refuse_orphans(events, without)
        involvement.resolve(events=events, without=without)
        search.refresh(events=events)


def _refuse_orphans(events: list[int], without: int | None) -> None:
    orphaned = involvement.orphaned(events=events, without=without)
    if orphaned:
        names = "; ".join(str(event) for event in Event.objects.filter(pk__in=orphaned))
        raise ValidationError(
            _(
                "Somebody attends for this state at events where it would no longer take part: "
                "%(events)s. Change who attended there first."
            ),
            code="orphaned",
            params={"events": names},
        )


def remove(*, membership: Membership) -> None:
    """Delete a membership with everything that was derived from it.

    Raises ValidationError as :func:`refresh_derived` does, and when a suspension would then be of
    a party that was not a member before.
    """
    with transaction.atomic():
        refresh_derived(bloc=membership.bloc_id, without=membership.pk)
        membership.delete()
        for spell in _spells(membership):
            spell.clean()


def suspend(
    *,
    membership: Membership,
    on: str,
    event: Event | None = None,
    evidence: Evidence | None = None,
) -> Membership:
    """Suspend a member from a day on; return the new spell, which ends when the old one would have.

    ``event`` is where the suspension was decided, ``evidence`` its source. Citations of the old
    spell's end, and remarks on leaving, move to the new spell. Raises ValidationError when the
    party is not a member on that day, or when somebody attended for it through the bloc later.
    """
    if not membership.is_member:
        raise ValidationError(_("Only a member can be suspended."), code="standing")
    return _split(membership, on, MembershipStanding.SUSPENDED, event, evidence)


def readmit(
    *,
    membership: Membership,
    on: str,
    event: Event | None = None,
    evidence: Evidence | None = None,
) -> Membership:
    """End a suspension on a day; return the new spell as a member. See :func:`suspend`."""
    if membership.standing != MembershipStanding.SUSPENDED:
        raise ValidationError(_("Only a suspended member can be readmitted."), code="standing")
    return _split(membership, on, MembershipStanding.MEMBER, event, evidence)


def leave(
    *,
    membership: Membership,
    on: str,
    event: Event | None = None,
    evidence: Evidence | None = None,
) -> Membership:
    """End the last spell of a party in a bloc; ``on`` is the first day outside.

    Raises ValidationError when the spell already has an end, or another spell follows it.
    """
    if membership.ends is not None:
        raise ValidationError(
            _("This spell has an end already; correct it on the form."), code="ended"
        )
    later = [
        spell
        for spell in _spells(membership)
        if spell.pk != membership.pk and spell.starts_latest >= membership.starts_latest
    ]
    if later:
        raise ValidationError(
            _("Another spell follows this one; open that one to say when the party left."),
            code="followed",
        )
    with transaction.atomic():
        _end(membership, on, event)
        if evidence is not None:
            cite(record=membership, evidence=evidence, field="ends")
        refresh_derived(bloc=membership.bloc_id)
    return membership


def _split(
    membership: Membership,
    on: str,
    standing: MembershipStanding,
    event: Event | None,
    evidence: Evidence | None,
) -> Membership:
    with transaction.atomic():
        following = Membership(
            party=membership.party,
            bloc=membership.bloc,
            standing=standing.value,
            starts=on,
            start_event=event,
            ends=membership.ends,
            end_event=membership.end_event,
        )
        _end(membership, on, event)
        following.full_clean()
        following.save()
        for citation in membership.citations.filter(field="ends"):
            citation.membership = following
            citation.save()
        for remark in membership.remarks.all():
            if remark.of_leaving:
                remark.membership = following
                remark.save()
        if evidence is not None:
            cite(record=membership, evidence=evidence, field="ends")
            cite(record=following, evidence=evidence, field="starts")
        refresh_derived(bloc=membership.bloc_id)
    return following


def _end(membership: Membership, on: str, event: Event | None) -> None:
    """End a spell on a day that lies in it, and save it; what is derived is not updated yet."""
    day: EdtfDate = Membership._meta.get_field("ends").clean(on, membership)
    if day.earliest <= membership.starts.earliest or not membership.span.may_touch(day):
        raise ValidationError(
            _(
                "The party does not belong to the bloc in this way on %(day)s; choose a day that "
                "is later than the first of this spell, and not after its last."
            ),
            code="outside",
            params={"day": day.text},
        )
    membership.ends, membership.end_event = on, event
    membership.full_clean()
    membership.save()


def _spells(membership: Membership) -> list[Membership]:
    """Return all spells of the same party in the same bloc, in order of time."""
    rows = Membership.objects.filter(party=membership.party_id, bloc=membership.bloc_id)
    return list(rows.select_related("party", "bloc").order_by("starts_earliest", "pk"))
