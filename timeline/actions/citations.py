"""Citations that an action adds together with the row that they support."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from timeline.core.codes import Stance
from timeline.models import (
    Citation,
    Event,
    EventStep,
    InstrumentStep,
    Membership,
    Source,
    StatusUpdate,
)

_KEYS: Final[Mapping[type, str]] = {
    Event: "event",
    StatusUpdate: "status_update",
    EventStep: "event_step",
    InstrumentStep: "instrument_step",
    Membership: "membership",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The source of a step: its stance, and an excerpt in the language of the source."""

    source: Source
    stance: Stance = Stance.STATED
    excerpt: str = ""
    note_fr: str = ""
    note_en: str = ""


def cite(
    *,
    record: Event | StatusUpdate | EventStep | InstrumentStep | Membership,
    evidence: Evidence,
    field: str = "",
) -> Citation:
    """Cite a source for a step or an event, or for one field of a membership.

    Raises ValidationError when the citation is not valid.
    """
    citation = Citation(
        source=evidence.source,
        stance=evidence.stance.value,
        excerpt=evidence.excerpt,
        excerpt_language=evidence.source.language if evidence.excerpt else "",
        field=field,
        note_fr=evidence.note_fr,
        note_en=evidence.note_en,
        **{_KEYS[type(record)]: record},
    )
    citation.full_clean()
    citation.save()
    return citation
