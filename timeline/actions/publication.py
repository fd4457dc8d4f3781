"""From draft to published, and withdrawal: what was published is never deleted."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.core.codes import Publication
from timeline.models import Commitment, Event, FormerSlug, Framework
from timeline.models._shared import Publishable
from timeline.queries.slugs import KINDS

Record = Event | Commitment | Framework


def publish(*, record: Record) -> Record:
    """Make a record public; raise ValidationError when it is not complete."""
    with transaction.atomic():
        record.publication = Publication.PUBLISHED.value
        if record.published_at is None:
            record.published_at = timezone.now()
        record.full_clean()
        record.save()
    return record


def is_sourced(record: Record) -> bool:
    """Whether a source supports it; what supports an event stands for the promises made there."""
    if record.citations.exists():
        return True
    return isinstance(record, Commitment) and record.event.citations.exists()


def refuse_own_work(*, record: Record, by: int, rewritten: bool = False) -> None:
    """Raise ValidationError when review is required and these words are the publisher's own.

    ``rewritten`` says that whoever publishes has just changed the record.
    """
    if not settings.REVIEW_REQUIRED:
        return
    written = record.history.order_by("-history_date", "-history_id")
    if rewritten or written.values_list("history_user_id", flat=True).first() == by:
        raise ValidationError(
            _("Somebody else publishes what you wrote last: save it and send it to review."),
            code="own_work",
        )


def send_to_review(*, record: Record) -> Record:
    """Ask another editor to look at a draft; raise ValidationError for what is no draft."""
    if record.publication not in (Publication.DRAFT, Publication.IN_REVIEW):
        raise ValidationError(_("Only a draft can be sent to review."), code="no_draft")
    with transaction.atomic():
        record.publication = Publication.IN_REVIEW.value
        record.full_clean()
        record.save()
    return record


def withdraw(*, record: Record, reason_fr: str = "", reason_en: str = "") -> Record:
    """Take a published record back; its address answers 410 with the reason.

    Raises ValidationError when no reason is given, or when it is not published.
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
    """Send readers on from the slug that a record had before it was saved with another.

    Only of a record that readers could see: nobody else can have linked to it. A slug that the
    record takes is its own from now on, whoever had it before.
    """
    kind = str(record._meta.model_name)
    now = getattr(record, KINDS[kind].column)
    if not former or former == now or not _was_public(record, kind):
        return
    with transaction.atomic():
        FormerSlug.objects.filter(kind=kind, slug=now).delete()
        FormerSlug.objects.update_or_create(
            kind=kind, slug=former, defaults={"object_id": record.pk}
        )


def _was_public(record: models.Model, kind: str) -> bool:
    if isinstance(record, Publishable):
        return record.published_at is not None
    return KINDS[kind].rows().filter(pk=record.pk).exists()
