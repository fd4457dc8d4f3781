"""The record's own housekeeping: corrections made, errors reported, addresses that moved."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.fields import Bilingual, FoldedField
from timeline.models._shared import Recorded, exactly_one, in_a_language

CORRECTED: Final = ("event", "commitment", "framework")
"""The records that a correction can be about, each by a key of its own."""


class Correction(Recorded):
    """A public note of what was wrong in a published record and what it says now."""

    made_on = models.DateField(_("made on"))
    event = models.ForeignKey(
        "timeline.Event",
        models.CASCADE,
        related_name="corrections",
        null=True,
        blank=True,
        verbose_name=_("event"),
    )
    commitment = models.ForeignKey(
        "timeline.Commitment",
        models.CASCADE,
        related_name="corrections",
        null=True,
        blank=True,
        verbose_name=_("commitment"),
    )
    framework = models.ForeignKey(
        "timeline.Framework",
        models.CASCADE,
        related_name="corrections",
        null=True,
        blank=True,
        verbose_name=_("framework"),
    )
    text_fr = models.TextField(_("what was corrected, in French"), blank=True)
    text_en = models.TextField(_("what was corrected, in English"), blank=True)
    folded_text = FoldedField(of=("text_fr", "text_en"), joined=True)

    text = Bilingual()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-made_on", "-pk")
        constraints = [
            in_a_language("text", "correction_has_a_text"),
            models.CheckConstraint(
                condition=exactly_one(CORRECTED),
                name="correction_of_exactly_one_record",
                violation_error_message=_("A correction is about exactly one record."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]


class ErrorReport(models.Model):
    """What a reader says is wrong, for the editors to look at."""

    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    address = models.CharField(_("page"), max_length=300, blank=True)
    message = models.TextField(_("message"))
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    handled = models.BooleanField(_("handled"), default=False)
    folded_text = FoldedField(of=("message", "contact"), joined=True, stemmed=False)

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ("-received_at", "-pk")

    def __str__(self) -> str:
        return self.message[:80]


class FormerSlug(models.Model):
    """An address that a published record once had; readers are sent on from it."""

    kind = models.CharField(_("kind of record"), max_length=20)
    slug = models.CharField(_("former slug"), max_length=120)
    object_id = models.PositiveBigIntegerField(_("record"))

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ("kind", "slug", "pk")
        constraints = [models.UniqueConstraint(fields=("kind", "slug"), name="former_slug_once")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"


class RecordVersion(models.Model):
    """The state of the record: one row that the database itself renews with every change.

    ``number`` counts changes. ``etag`` is drawn anew each time, so that two states never bear
    the same one, not even after a backup is restored. ``epoch`` is drawn when the triggers are
    made: changes from before may not have been told. ``vocabulary`` is the number of the last
    change of what filters offer, and ``labels_revision`` that of what many events name: a party, a
    sector, a source. ``triggers`` is a digest of how the triggers were made, ``search_forms`` the
    revision of the code that made the search texts.
    """

    number = models.PositiveBigIntegerField(default=0)
    etag = models.CharField(max_length=32)
    epoch = models.CharField(max_length=32, default="")
    vocabulary = models.PositiveBigIntegerField(default=0)
    labels_revision = models.PositiveBigIntegerField(default=0)
    triggers = models.CharField(max_length=32, default="")
    search_forms = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("version of the record")
        verbose_name_plural = _("versions of the record")

    def __str__(self) -> str:
        return f"{self.number} {self.etag}"


class EventRevision(models.Model):
    """The number of the record's version in which an event, or a part of it, last changed.

    Triggers keep it. The row stays when the event goes, and an event that has none has not
    changed since the triggers were made.
    """

    event = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("revision of an event")
        verbose_name_plural = _("revisions of events")

    def __str__(self) -> str:
        return f"{self.event} {self.number}"
