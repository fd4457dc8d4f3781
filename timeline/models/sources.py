"""Documents, and which of them supports which record."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import citable, codes
from timeline.database import constraints
from timeline.fields import Bilingual, EDTFField, FoldedField, LanguageField
from timeline.models._shared import Recorded, exactly_one


def web_address(name: str, constraint: str) -> models.CheckConstraint:
    """Require http or https: readers follow the address, and no other scheme is safe."""
    return models.CheckConstraint(
        condition=Q(**{name: ""})
        | Q(**{f"{name}__istartswith": "http://"})
        | Q(**{f"{name}__istartswith": "https://"}),
        name=constraint,
        violation_error_message=_("A web address begins with http:// or https://."),
    )


class Source(Recorded):
    """A document that the record relies on."""

    title = models.CharField(
        _("title"), max_length=300, help_text=_("In the language of the document.")
    )
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=enums.choices(enums.SOURCE_KINDS),
        help_text=_("The kind of its author, whoever carries it."),
    )
    carried_by = models.CharField(
        _("carried by"),
        max_length=160,
        blank=True,
        help_text=_(
            "Where it was read, if that is not its publisher: the newspaper that prints an "
            "agency's text, the site that copies a joint statement."
        ),
    )
    speaks_for = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="sources",
        null=True,
        blank=True,
        verbose_name=_("speaks for"),
        help_text=_("The party whose voice it is, if any: a ministry, a state medium."),
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    language = LanguageField(_("language"))
    published = EDTFField(
        _("published"),
        null=True,
        blank=True,
        bounds=("published_earliest", "published_latest"),
    )
    published_earliest = models.DateField(null=True, blank=True, editable=False)
    published_latest = models.DateField(null=True, blank=True, editable=False)
    consulted = models.DateField(_("consulted"), null=True, blank=True)
    archive_url = models.URLField(_("address of the archived copy"), max_length=500, blank=True)
    archive_file = models.FileField(_("archived copy"), upload_to="archive/%Y/%m/", blank=True)
    no_archive_reason_fr = models.CharField(
        _("why no copy is kept, in French"),
        max_length=240,
        blank=True,
        help_text=_("Only where somebody looked for one; pages say nothing where this is empty."),
    )
    no_archive_reason_en = models.CharField(
        _("why no copy is kept, in English"), max_length=240, blank=True
    )
    note_fr = models.TextField(_("note in French"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    sort_title = FoldedField(of=("title",))
    folded_text = FoldedField(of=("title", "publisher", "carried_by"), joined=True, stemmed=False)

    no_archive_reason = Bilingual()
    note = Bilingual()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("sort_title", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("url",),
                condition=~Q(url=""),
                name="source_address_once",
                violation_error_message=_("A source with this address is already in the record."),
            ),
            web_address("url", "source_address_of_the_web"),
            web_address("archive_url", "source_archive_of_the_web"),
        ]

    def __str__(self) -> str:
        return self.title


CITED: Final = tuple(citable.FIELDS)
"""The foreign keys of a citation, one for each kind of record that it can support."""

PARTS: Final = ("event_step", "participation", "attendance", "statement")
"""The parts of an event among them: their citations count as the event's."""


class CitationQuerySet(models.QuerySet["Citation"]):
    """Citations by the event whose record they support."""

    def with_event(self) -> models.QuerySet[Any]:
        """Annotate ``about_event``: the event cited, or the event of the part that is cited."""
        return self.annotate(
            about_event=Coalesce("event_id", *(f"{part}__event_id" for part in PARTS))
        )

    def of_events(self, events: Any) -> "CitationQuerySet":
        """Return the citations of these events (keys, or a query of keys) and of their parts.

        It compares each foreign key by itself instead of using :meth:`with_event`, for which a
        database without statistics would join every citation with every event. Each is a query of
        its own: with all of them as one condition, SQLite would read every citation.
        """
        every = self.model._default_manager.order_by()
        found = []
        for part in PARTS:
            part_model: Any = self.model._meta.get_field(part).related_model
            rows = part_model.objects.filter(event__in=events).order_by()
            found.append(every.filter(**{f"{part}__in": rows.values("pk")}).values("pk"))
        own = every.filter(event__in=events).values("pk")
        return self.filter(pk__in=own.union(*found))


class Citation(Recorded):
    """A source supports exactly one record, perhaps one field of it."""

    source = models.ForeignKey(
        "timeline.Source",
        models.PROTECT,
        related_name="citations",
        verbose_name=_("source"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    party_name = models.ForeignKey(
        "timeline.PartyName",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    membership = models.ForeignKey(
        "timeline.Membership",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    membership_remark = models.ForeignKey(
        "timeline.MembershipRemark",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    place = models.ForeignKey(
        "timeline.Place",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    office = models.ForeignKey(
        "timeline.Office",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    event = models.ForeignKey(
        "timeline.Event",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    event_step = models.ForeignKey(
        "timeline.EventStep",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    participation = models.ForeignKey(
        "timeline.Participation",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    attendance = models.ForeignKey(
        "timeline.Attendance",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    statement = models.ForeignKey(
        "timeline.Statement",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    commitment = models.ForeignKey(
        "timeline.Commitment",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    status_update = models.ForeignKey(
        "timeline.StatusUpdate",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    framework = models.ForeignKey(
        "timeline.Framework",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    instrument = models.ForeignKey(
        "timeline.Instrument",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    instrument_step = models.ForeignKey(
        "timeline.InstrumentStep",
        models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    field = models.CharField(
        _("supports the field"),
        max_length=40,
        blank=True,
        help_text=_("Empty when it supports the record as a whole."),
    )
    stance = models.CharField(
        _("stance"),
        max_length=8,
        choices=enums.choices(enums.STANCES),
        default=codes.Stance.STATED.value,
    )
    confidence = models.CharField(
        _("confidence"),
        max_length=6,
        choices=enums.choices(enums.CONFIDENCES),
        default=codes.Confidence.HIGH.value,
    )
    excerpt = models.TextField(
        _("excerpt"),
        blank=True,
        help_text=_("The words that support it, short, as in the source."),
    )
    excerpt_language = LanguageField(_("language of the excerpt"), blank=True)
    date_as_worded = models.CharField(
        _("date as worded"),
        max_length=160,
        blank=True,
        help_text=_(
            "As the source words it, such as 'ce mercredi 3 avril' or, of a due date, 'in the "
            "coming days': a weekday that the date is not is flagged."
        ),
    )
    value_given = models.CharField(
        _("value that this source gives"),
        max_length=240,
        blank=True,
        help_text=_(
            "Only where it differs from the record; it is shown beside the fact and flagged."
        ),
    )
    note_fr = models.TextField(_("note in French"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    note = Bilingual()

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("pk",)
        # Most citations support something else. With an index over all rows, a database would
        # rather read the whole table.
        indexes = [
            models.Index(
                "status_update",
                name="citation_by_status_update",
                condition=Q(status_update__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(CITED),
                name="citation_of_exactly_one_record",
                violation_error_message=_("A citation supports exactly one record."),
            ),
            models.CheckConstraint(
                condition=Q(value_given="") | ~Q(field=""),
                name="citation_value_names_its_field",
                violation_error_message=_(
                    "Name the field for which this source gives a different value."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_name}"

    def clean(self) -> None:
        """Refuse a field that the record has not, and an inference without its reason."""
        target = self.target_name
        if target and not citable.is_citable(target, self.field):
            raise ValidationError(
                {
                    "field": ValidationError(
                        _("“%(field)s” is no field of this record. Choose one of: %(fields)s."),
                        constraints.CITABLE,
                        {"field": self.field, "fields": ", ".join(_named(citable.FIELDS[target]))},
                    )
                }
            )
        if self.lacks_reason:
            sentence = str(constraints.SENTENCES[constraints.REASONED])
            raise ValidationError({"note_fr": ValidationError(sentence, constraints.REASONED)})

    @property
    def lacks_reason(self) -> bool:
        """Whether the fact was inferred, and no note says how."""
        return self.stance == codes.Stance.INFERRED and not (self.note_fr or self.note_en)

    @property
    def target_name(self) -> str:
        """The name of the foreign key that is set, or an empty string."""
        return next((name for name in CITED if getattr(self, f"{name}_id") is not None), "")


def _named(fields: Iterable[str]) -> Iterator[str]:
    """Yield fields by their labels, each with the code that files have where it is another."""
    for field in fields:
        label = enums.label(enums.CITED_FIELDS, field)
        yield label if label == field else f"{label} ({field})"
