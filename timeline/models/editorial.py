"""Corrections, error reports, former slugs, and the versions of the record."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.fields import Bilingual, FoldedField
from timeline.models._shared import Recorded, exactly_one, in_a_language

CORRECTED: Final = ("event", "commitment", "framework", "instrument")
"""The foreign keys of a correction, one for each kind of record that it can be about."""


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
    instrument = models.ForeignKey(
        "timeline.Instrument",
        models.CASCADE,
        related_name="corrections",
        null=True,
        blank=True,
        verbose_name=_("text"),
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
    """A reader's report of an error, for the editors."""

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
    """A slug that a published record once had; its address redirects to the present one."""

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
    """The version of the record: one row that triggers update with every change.

    ``number`` counts changes. ``etag`` is random and new with every change, so that two versions
    never share one, not even after a backup is restored. ``epoch`` is random and new whenever the
    triggers are created: changes before then may not have been noted. ``vocabulary`` is the number
    of the last change of what filters offer, ``labels_revision`` that of the last change of what
    many events name: a party, a sector, a source; and ``instruments`` that of the last change of
    a text, its parties or its steps. ``triggers`` is a digest of the triggers'
    definitions, ``search_forms`` the revision of the code that made the search texts.
    """

    number = models.PositiveBigIntegerField(default=0)
    etag = models.CharField(max_length=32)
    epoch = models.CharField(max_length=32, default="")
    vocabulary = models.PositiveBigIntegerField(default=0)
    labels_revision = models.PositiveBigIntegerField(default=0)
    instruments = models.PositiveBigIntegerField(default=0)
    triggers = models.CharField(max_length=32, default="")
    search_forms = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("version of the record")
        verbose_name_plural = _("versions of the record")

    def __str__(self) -> str:
        return f"{self.number} {self.etag}"


class EventRevision(models.Model):
    """The number of the record's version in which an event, or a part of it, last changed.

    Triggers write it. The row remains when the event is deleted, and an event without a row has
    not changed since the triggers were created.
    """

    event = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("revision of an event")
        verbose_name_plural = _("revisions of events")

    def __str__(self) -> str:
        return f"{self.event} {self.number}"
