"""Naming a source for what is written in the same breath."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from timeline.core.codes import Stance
from timeline.models import Citation, EventStep, Membership, Source, StatusUpdate

_KEYS: Final[Mapping[type, str]] = {
    StatusUpdate: "status_update",
    EventStep: "event_step",
    Membership: "membership",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The source that tells of a step: how it does, and its own words, in its language."""

    source: Source
    stance: Stance = Stance.STATED
    excerpt: str = ""
    note_fr: str = ""
    note_en: str = ""


def cite(
    *, record: StatusUpdate | EventStep | Membership, evidence: Evidence, field: str = ""
) -> Citation:
    """Name the source of a step, or of one field of a membership.

    Raises ValidationError when the citation cannot stand.
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
