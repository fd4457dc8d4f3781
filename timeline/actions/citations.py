"""Naming a source for what is written in the same breath."""

from dataclasses import dataclass

from timeline.core.codes import Stance
from timeline.models import Citation, EventStep, Source, StatusUpdate


@dataclass(frozen=True, slots=True)
class Evidence:
    """The source that tells of a step: how it does, and its own words, in its language."""

    source: Source
    stance: Stance = Stance.STATED
    excerpt: str = ""


def cite(*, step: StatusUpdate | EventStep, evidence: Evidence) -> Citation:
    """Name the source of a step; raise ValidationError when it cannot stand."""
    key = "status_update" if isinstance(step, StatusUpdate) else "event_step"
    citation = Citation(
        source=evidence.source,
        stance=evidence.stance.value,
        excerpt=evidence.excerpt,
        excerpt_language=evidence.source.language if evidence.excerpt else "",
        **{key: step},
    )
    citation.full_clean()
    citation.save()
    return citation
