"""Writes that concern a text: steps of its life are added, never edited."""

from collections.abc import Collection
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from timeline.actions.citations import Evidence, cite
from timeline.core.codes import InstrumentAct
from timeline.models import Event, Instrument, InstrumentStep, Party

_LEAST: Final = 2
"""Parties without which a text is not one between parties."""


def record_step(
    *,
    instrument: Instrument,
    act: InstrumentAct,
    done: str,
    party: Party | None = None,
    effect: str | None = None,
    event: Event | None = None,
    regards: InstrumentStep | None = None,
    later_instrument: Instrument | None = None,
    corrects: InstrumentStep | None = None,
    reason_fr: str = "",
    reason_en: str = "",
    note_fr: str = "",
    note_en: str = "",
    evidence: Evidence | None = None,
) -> InstrumentStep:
    """Add what a party did with a text, or what became of the text, with its source.

    Raises ValidationError when the step is not valid.
    """
    with transaction.atomic():
        step = InstrumentStep(
            instrument=instrument,
            party=party,
            act=act.value,
            done=done,
            effect=effect,
            event=event,
            regards=regards,
            later_instrument=later_instrument,
            corrects=corrects,
            reason_fr=reason_fr,
            reason_en=reason_en,
            note_fr=note_fr,
            note_en=note_en,
        )
        step.full_clean()
        step.save()
        if evidence is not None:
            cite(record=step, evidence=evidence)
    return step


def check_parties(*, instrument: Instrument, parties: Collection[int] | None = None) -> None:
    """Raise ValidationError unless a text has two parties and all of its steps are theirs.

    ``parties`` are the keys of those that it is to have; None stands for those on record.
    """
    if parties is None:
        parties = set(instrument.party_links.values_list("party", flat=True))
    if len(parties) < _LEAST:
        raise ValidationError(
            _("A text stands between two parties or more: list all of them."), code="one_party"
        )
    if instrument.pk is None:
        return
    others = instrument.steps.exclude(party=None).exclude(party__in=parties)
    if named := "; ".join(sorted({str(step.party) for step in others.select_related("party")})):
        raise ValidationError(
            _("Steps are on record of parties that the text does not list: %(parties)s."),
            code="no_party",
            params={"parties": named},
        )
