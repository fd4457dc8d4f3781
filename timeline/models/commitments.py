"""What parties undertook, and the dated steps that show what became of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import codes
from timeline.core.dates import EdtfDate
from timeline.fields import Bilingual, EDTFField, FoldedField
from timeline.models._shared import (
    Publishable,
    PublishableQuerySet,
    Recorded,
    in_a_language,
    withdrawn_with_reason,
)


class CommitmentQuerySet(PublishableQuerySet, models.QuerySet["Commitment"]):
    """Commitments by publication and nature."""

    def published(self) -> "CommitmentQuerySet":
        """Return published commitments whose event is published too."""
        return self.filter(
            publication=codes.Publication.PUBLISHED,
            event__publication=codes.Publication.PUBLISHED,
        )

    def undertakings(self) -> "CommitmentQuerySet":
        """Return what parties undertook, without requests."""
        return self.filter(nature=codes.CommitmentNature.UNDERTAKING)

    def with_days_made(self) -> "CommitmentQuerySet":
        """Add ``first_made`` and ``last_made``, the earliest and latest day of ``date_made``."""
        return self.annotate(
            first_made=Coalesce("made_earliest", "event__earliest"),
            last_made=Coalesce("made_latest", "event__latest"),
        )


class Commitment(Publishable):
    """What parties undertook at an event; its state is that of its latest uncorrected update."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    event = models.ForeignKey(
        "timeline.Event",
        models.PROTECT,
        related_name="commitments",
        verbose_name=_("made at"),
    )
    nature = models.CharField(
        _("nature"),
        max_length=12,
        choices=enums.choices(enums.COMMITMENT_NATURES),
        default=codes.CommitmentNature.UNDERTAKING.value,
        help_text=_(
            "A request is what one side expects of another, who did not undertake it: it has no "
            "state and no clock, and names who asks and who is asked."
        ),
    )
    answers = models.ForeignKey(
        "timeline.Commitment",
        models.PROTECT,
        related_name="answered_by",
        null=True,
        blank=True,
        verbose_name=_("answers the request"),
        help_text=_("The request that this undertaking answers."),
    )
    title_fr = models.CharField(_("title in French"), max_length=240, blank=True)
    title_en = models.CharField(_("title in English"), max_length=240, blank=True)
    wording_fr = models.TextField(_("wording in French"), blank=True)
    wording_en = models.TextField(_("wording in English"), blank=True)
    condition_fr = models.TextField(
        _("condition in French"),
        blank=True,
        help_text=_(
            "What it depends on, where a source says so, such as “if the negotiations succeed”."
        ),
    )
    condition_en = models.TextField(_("condition in English"), blank=True)
    instrument = models.ForeignKey(
        "timeline.Instrument",
        models.PROTECT,
        related_name="commitments",
        null=True,
        blank=True,
        verbose_name=_("stands in the text"),
    )
    article = models.CharField(
        _("article"),
        max_length=40,
        blank=True,
        help_text=_("Where it stands in the text, such as “art. 6” or “preamble”."),
    )
    made_on = EDTFField(
        _("day made"),
        null=True,
        blank=True,
        bounds=("made_earliest", "made_latest"),
        help_text=_(
            "Only where a source gives another day than that of the event. The first step of its "
            "life, its due date and its place in the ledger go by this day."
        ),
    )
    made_earliest = models.DateField(null=True, blank=True, editable=False)
    made_latest = models.DateField(null=True, blank=True, editable=False)
    due = EDTFField(_("due"), null=True, blank=True, bounds=("due_earliest", "due_latest"))
    due_earliest = models.DateField(null=True, blank=True, editable=False)
    due_latest = models.DateField(null=True, blank=True, editable=False)
    mutual = models.BooleanField(
        _("mutual"),
        default=False,
        help_text=_(
            "Two sides or more undertook it together and for nobody named: each owes it to the "
            "others. Untick it where a source says otherwise."
        ),
    )
    restates = models.ForeignKey(
        "timeline.Commitment",
        models.PROTECT,
        related_name="restated_by",
        null=True,
        blank=True,
        verbose_name=_("restates"),
    )
    restatement = models.CharField(
        _("what the restatement did"),
        max_length=10,
        blank=True,
        choices=enums.choices(enums.RESTATEMENTS),
    )
    parties = models.ManyToManyField(
        "timeline.Party",
        through="timeline.CommitmentParty",
        related_name="commitments",
        verbose_name=_("parties"),
    )
    sectors = models.ManyToManyField(
        "timeline.Sector",
        through="timeline.CommitmentSector",
        related_name="commitments",
        verbose_name=_("sectors"),
    )
    folded_title = FoldedField(of=("title_fr", "title_en"), joined=True)
    folded_text = FoldedField(
        of=(
            *("title_fr", "title_en", "wording_fr", "wording_en"),
            *("condition_fr", "condition_en"),
        ),
        joined=True,
    )

    title = Bilingual()
    wording = Bilingual()
    condition = Bilingual()
    withdrawn_reason = Bilingual()

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ("event", "pk")
        # Few commitments restate another. With an index over all rows, a database would rather
        # read the whole table.
        indexes = [
            models.Index(
                "restates", name="commitment_by_earlier", condition=Q(restates__isnull=False)
            )
        ]
        constraints = [
            in_a_language("title", "commitment_has_a_title"),
            withdrawn_with_reason("commitment_withdrawn_with_reason"),
            models.CheckConstraint(
                condition=Q(restates=None, restatement="")
                | (Q(restates__isnull=False) & ~Q(restatement="")),
                name="commitment_restates_in_a_way",
                violation_error_message=_(
                    "Name both the commitment that is restated and what the restatement did."
                ),
            ),
            models.CheckConstraint(
                condition=Q(restates=None) | ~Q(restates=F("pk")),
                name="commitment_restates_another",
                violation_error_message=_("A commitment cannot restate itself."),
            ),
            models.CheckConstraint(
                condition=Q(nature=codes.CommitmentNature.UNDERTAKING.value)
                | Q(
                    nature=codes.CommitmentNature.REQUEST.value,
                    mutual=False,
                    due=None,
                    answers=None,
                ),
                name="commitment_request_binds_nobody",
                violation_error_message=_(
                    "A request binds nobody: it is not mutual, has no due date and answers no "
                    "request."
                ),
            ),
            models.CheckConstraint(
                condition=Q(article="") | Q(instrument__isnull=False),
                name="commitment_article_of_a_text",
                violation_error_message=_("Name the text that the article belongs to."),
            ),
            models.CheckConstraint(
                condition=Q(due_latest=None)
                | Q(made_earliest=None)
                | Q(due_latest__gte=F("made_earliest")),
                name="commitment_due_after_it_was_made",
                violation_error_message=_("This is due before the day on which it was promised."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_request(self) -> bool:
        """Whether one side expects it of another, which did not undertake it."""
        return self.nature == codes.CommitmentNature.REQUEST

    @property
    def is_public(self) -> bool:
        """Whether readers may see both the commitment and the event at which it was made."""
        return super().is_public and self.event.is_public

    @property
    def date_made(self) -> EdtfDate:
        """The day on which it was made: the event's unless a source gives another."""
        date: EdtfDate = self.made_on or self.event.date
        return date

    def clean(self) -> None:
        """Check the day made, the due date, the request answered and the commitment restated.

        The day made does not go on. Nothing is due before it was made. Only a request can be
        answered. The commitment restated has the same nature, was not made later, and does not lead
        back to this one in a circle.
        """
        made = self.date_made if self.event_id else None
        if isinstance(self.made_on, EdtfDate) and self.made_on.ongoing:
            raise ValidationError(
                {
                    "made_on": _(
                        "A promise is made once: write the day, or the first and the last day "
                        "between which it was made."
                    )
                }
            )
        if self.answers is not None and self.answers.nature != codes.CommitmentNature.REQUEST:
            raise ValidationError({"answers": _("Choose a request: only requests are answered.")})
        if (
            isinstance(self.due, EdtfDate)
            and isinstance(made, EdtfDate)
            and self.due.latest < made.earliest
        ):
            raise ValidationError(
                {"due": _("This is due before the day on which it was promised.")}
            )
        if (
            self.restates is not None
            and isinstance(made, EdtfDate)
            and self.restates.date_made.earliest > made.latest
        ):
            raise ValidationError(
                {"restates": _("This was promised later: a promise takes up an earlier one.")}
            )
        if self.restates is not None and self.restates.nature != self.nature:
            raise ValidationError(
                {
                    "restates": _(
                        "An undertaking takes up an undertaking, and a request a request; name "
                        "the request that an undertaking answers below."
                    )
                }
            )
        seen, earlier = {self.pk}, self.restates
        while earlier is not None and self.pk is not None:
            if earlier.pk in seen:
                raise ValidationError(
                    {"restates": _("These commitments would restate each other in a circle.")}
                )
            seen.add(earlier.pk)
            earlier = earlier.restates


class CommitmentParty(Recorded):
    """A party that owes a commitment or is owed it."""

    commitment = models.ForeignKey(
        "timeline.Commitment",
        models.CASCADE,
        related_name="party_links",
        verbose_name=_("commitment"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="commitment_links",
        verbose_name=_("party"),
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=enums.choices(enums.COMMITMENT_ROLES),
        default=codes.CommitmentRole.OBLIGOR.value,
    )

    class Meta:
        verbose_name = _("party to a commitment")
        verbose_name_plural = _("parties to commitments")
        ordering = ("commitment", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("commitment", "party", "role"),
                name="commitment_party_once",
                violation_error_message=_("The party is already listed with this role."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.role}"


class CommitmentSector(Recorded):
    """A sector that a commitment is about."""

    commitment = models.ForeignKey(
        "timeline.Commitment",
        models.CASCADE,
        related_name="sector_links",
        verbose_name=_("commitment"),
    )
    sector = models.ForeignKey(
        "timeline.Sector",
        models.PROTECT,
        related_name="commitment_links",
        verbose_name=_("sector"),
    )

    class Meta:
        verbose_name = _("sector of a commitment")
        verbose_name_plural = _("sectors of commitments")
        ordering = ("commitment", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("commitment", "sector"),
                name="commitment_sector_once",
                violation_error_message=_("The commitment already has this sector."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} # {self.sector_id}"


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    """The steps of commitments."""

    def uncorrected(self) -> "StatusUpdateQuerySet":
        """Only steps that no other step corrects."""
        return self.exclude(Exists(StatusUpdate.objects.filter(corrects=OuterRef("pk"))))


class StatusUpdate(Recorded):
    """A dated, sourced step in a commitment's life; a correction is a new step."""

    commitment = models.ForeignKey(
        "timeline.Commitment",
        models.CASCADE,
        related_name="updates",
        verbose_name=_("commitment"),
    )
    date = EDTFField(_("date"), bounds=("earliest", "latest"))
    earliest = models.DateField(editable=False)
    latest = models.DateField(editable=False)
    entry = models.PositiveIntegerField(_("entry"), editable=False)
    status = models.CharField(
        _("state from then on"),
        max_length=16,
        choices=enums.choices(enums.COMMITMENT_STATUSES),
    )
    note_fr = models.TextField(_("note in French"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    event = models.ForeignKey(
        "timeline.Event",
        models.PROTECT,
        related_name="status_updates",
        null=True,
        blank=True,
        verbose_name=_("seen at event"),
    )
    corrects = models.ForeignKey(
        "timeline.StatusUpdate",
        models.RESTRICT,  # deleted only with the update that it corrects, as part of a draft
        related_name="corrected_by",
        null=True,
        blank=True,
        verbose_name=_("corrects"),
    )

    note = Bilingual()

    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("status update")
        verbose_name_plural = _("status updates")
        ordering = ("commitment", "latest", "earliest", "entry", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("commitment", "date", "entry"),
                name="status_update_entry_once",
                violation_error_message=_(
                    "The commitment already has an update with this date and entry number."
                ),
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(corrects=F("pk")),
                name="status_update_corrects_another",
                violation_error_message=_("An update cannot correct itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.get_status_display()}"

    def clean(self) -> None:
        """Refuse an update of a request or before its commitment, and a duplicate of one on record.

        A correction is of an update of the same commitment.
        """
        if self._state.adding and self.commitment_id and self.commitment.is_request:
            raise ValidationError(
                _(
                    "A request has no state, so that there is nothing to follow: record what was "
                    "undertaken in answer to it as an undertaking."
                )
            )
        if (
            self._state.adding
            and self.commitment_id
            and isinstance(self.date, EdtfDate)
            and self.date.latest < self.commitment.date_made.earliest
        ):
            raise ValidationError(
                {"date": _("This update is dated before the day on which the commitment was made.")}
            )
        if self._state.adding and self.commitment_id and isinstance(self.date, EdtfDate):
            names = ("date", "status", "corrects", "event", "note_fr", "note_en")
            values = {name: getattr(self, name) for name in names}
            if StatusUpdate.objects.filter(commitment=self.commitment_id, **values).exists():
                raise ValidationError(
                    _("This step is on record already: add your source to it instead.")
                )
        if (
            self.corrects_id
            and self.corrects is not None
            and self.corrects.commitment_id != self.commitment_id
        ):
            raise ValidationError(
                {
                    "corrects": _(
                        "This update belongs to another commitment; "
                        "choose one of this commitment's."
                    )
                }
            )
