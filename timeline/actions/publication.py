"""From draft to published, and withdrawal: what was published is never deleted."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from timeline.core.codes import Publication
from timeline.models import Commitment, Event, FormerSlug, Framework

Record = Event | Commitment | Framework

KINDS: Final = {Event: "event", Commitment: "commitment", Framework: "framework"}


def publish(*, record: Record) -> Record:
    """Make a record public; raise ValidationError when it is not complete."""
    with transaction.atomic():
        record.publication = Publication.PUBLISHED.value
        if record.published_at is None:
            record.published_at = timezone.now()
        record.full_clean()
        record.save()
    return record


def withdraw(*, record: Record, reason_fr: str = "", reason_en: str = "") -> Record:
    """Take a published record back; its address answers 410 with the reason.

    Raises ValidationError when no reason is given.
    """
    with transaction.atomic():
        record.publication = Publication.WITHDRAWN.value
        record.withdrawn_reason_fr, record.withdrawn_reason_en = reason_fr, reason_en
        record.full_clean()
        record.save()
    return record


def keep_former_address(*, record: Record, former: str) -> None:
    """Send readers of a record's former slug on to it; a slug taken again belongs to its new owner."""
    kind = KINDS[type(record)]
    with transaction.atomic():
        FormerSlug.objects.filter(kind=kind, slug=record.slug).delete()
        if former and former != record.slug:
            FormerSlug.objects.update_or_create(
                kind=kind, slug=former, defaults={"object_id": record.pk}
            )
