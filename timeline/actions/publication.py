"""Publication and withdrawal of records; what was published is never deleted."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.actions.instruments import check_parties
from timeline.core.codes import Publication
from timeline.models import Commitment, Event, FormerSlug, Framework, Instrument
from timeline.models._shared import Publishable
from timeline.queries.slugs import KINDS

Record = Event | Commitment | Framework | Instrument


def publish(*, record: Record) -> Record:
    """Make a record public; raise ValidationError when it is not complete."""
    with transaction.atomic():
        record.publication = Publication.PUBLISHED.value
        if record.published_at is None:
            record.published_at = timezone.now()
        record.full_clean()
        if isinstance(record, Instrument):
            check_parties(instrument=record)
        record.save()
    return record


def is_sourced(record: Record) -> bool:
    """Whether a source supports a record, or the event at which a commitment was made."""
    if record.citations.exists():
        return True
    return isinstance(record, Commitment) and record.event.citations.exists()


def send_to_review(*, record: Record) -> Record:
    """Submit a draft for review; raise ValidationError when the record is not a draft."""
    if record.publication not in (Publication.DRAFT, Publication.IN_REVIEW):
        raise ValidationError(_("Only a draft can be sent to review."), code="no_draft")
    with transaction.atomic():
        record.publication = Publication.IN_REVIEW.value
        record.full_clean()
        record.save()
    return record


def withdraw(*, record: Record, reason_fr: str = "", reason_en: str = "") -> Record:
    """Withdraw a published record; its address then answers 410 with the reason.

    Raises ValidationError when no reason is given, or when the record is not published.
    """
    if record.publication != Publication.PUBLISHED:
        raise ValidationError(_("Only what is published can be withdrawn."), code="not_published")
    with transaction.atomic():
        record.publication = Publication.WITHDRAWN.value
        record.withdrawn_reason_fr, record.withdrawn_reason_en = reason_fr, reason_en
        record.full_clean()
        record.save()
    return record


def keep_former_address(*, record: models.Model, former: str) -> None:
    """Redirect the slug that a record had before it was saved with another one.

    This concerns only records that readers could see, because nobody else can have linked to
    them. The new slug belongs to the record from now on, even if another one had it before.
    """
    kind = str(record._meta.model_name)
    slug = getattr(record, KINDS[kind].column)
    if not former or former == slug or not was_public(record):
        return
    with transaction.atomic():
        FormerSlug.objects.filter(kind=kind, slug=slug).delete()
        FormerSlug.objects.update_or_create(
            kind=kind, slug=former, defaults={"object_id": record.pk}
        )


def was_public(record: models.Model) -> bool:
    """Whether readers may already know the address of a record that has a slug."""
    if isinstance(record, Publishable):
        return record.published_at is not None or record.publication == Publication.PUBLISHED
    return KINDS[str(record._meta.model_name)].rows().filter(pk=record.pk).exists()
