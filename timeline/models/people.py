"""Named officials, the offices they held, and their presence at events."""

import datetime as dt
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import codes, family_names
from timeline.core.dates import parse
from timeline.core.intervals import Span
from timeline.fields import RECORD_LANGUAGES, Bilingual, EDTFField, FoldedField, LanguageField
from timeline.models._shared import Recorded, in_a_language, office_reasons, slips

_FAMILY_HELP: Final = _(
    "The part of the name under which indexes list the person, as it stands in the name: "
    "“Traoré” of Ibrahim Traoré, “Xi” of Xi Jinping. Left empty, it is the whole name."
)


class Person(Recorded):
    """A named official."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=160, blank=True)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    family_fr = models.CharField(
        _("family name in French"), max_length=160, blank=True, help_text=_FAMILY_HELP
    )
    family_en = models.CharField(
        _("family name in English"), max_length=160, blank=True, help_text=_FAMILY_HELP
    )
    sort_fr = FoldedField(of=("family_fr", "name_fr", "family_en", "name_en"))
    folded_names = FoldedField(of=("name_fr", "name_en"), joined=True, stemmed=False)

    name = Bilingual()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("sort_fr", "folded_names", "pk")
        constraints = [
            in_a_language("name", "person_has_a_name"),
            models.CheckConstraint(
                condition=GreaterThan(StrIndex("name_fr", "family_fr"), 0)
                & GreaterThan(StrIndex("name_en", "family_en"), 0),
                name="person_family_name_in_name",
                violation_error_message=_(
                    "The family name is a part of the name in its language: write it as it stands "
                    "there, or leave it empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        """Refuse a family name that is no whole word or words of the name in its language."""
        problems = {}
        for code in RECORD_LANGUAGES:
            family, name = getattr(self, f"family_{code}"), getattr(self, f"name_{code}")
            if not family_names.is_part(family, name):
                problems[f"family_{code}"] = _not_in_name(family, name)
        if problems:
            raise ValidationError(problems)

    @property
    def family(self) -> str:
        """The family name as it stands in the name that is shown; empty where none is on record."""
        return str(getattr(self, f"family_{self.name.lang}"))

    @property
    def listed_name(self) -> str:
        """The name that is shown, as an index has it: 'Traoré, Ibrahim'."""
        return family_names.listed(self.name, self.family)


def _not_in_name(family: str, name: str) -> ValidationError:
    if not name:
        sentence = _("Write the name in this language, too, or leave its family name empty.")
        return ValidationError(sentence, code="no_name")
    return ValidationError(
        _("“%(family)s” is no part of “%(name)s”: write it as it stands there, or leave it empty."),
        code="not_in_name",
        params={"family": family, "name": name},
    )


class PersonName(Recorded):
    """Another spelling of a person's name, by which the person is found."""

    person = models.ForeignKey(
        "timeline.Person",
        models.CASCADE,
        related_name="names",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=160)
    folded_name = FoldedField(of=("name",), joined=True, stemmed=False)
    language = LanguageField(_("language"))
    slip = slips()

    class Meta:
        verbose_name = _("spelling of a name")
        verbose_name_plural = _("spellings of names")
        ordering = ("person", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "name", "language"),
                name="person_name_once",
                violation_error_message=_("The person already has this spelling in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Office(Recorded):
    """An office that a person held for a party, for a time."""

    person = models.ForeignKey(
        "timeline.Person",
        models.CASCADE,
        related_name="offices",
        verbose_name=_("person"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="offices",
        null=True,
        blank=True,
        verbose_name=_("party"),
    )
    title_fr = models.CharField(_("title in French"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    folded_title = FoldedField(of=("title_fr", "title_en"), joined=True)
    starts = EDTFField(
        _("held from"),
        null=True,
        blank=True,
        bounds=("starts_earliest", "starts_latest"),
    )
    starts_earliest = models.DateField(null=True, blank=True, editable=False)
    starts_latest = models.DateField(null=True, blank=True, editable=False)
    ends = EDTFField(
        _("held until"),
        null=True,
        blank=True,
        bounds=("ends_earliest", "ends_latest"),
        help_text=_("The first day on which it was no longer held."),
    )
    ends_earliest = models.DateField(null=True, blank=True, editable=False)
    ends_latest = models.DateField(null=True, blank=True, editable=False)

    title = Bilingual()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("person", "starts_earliest", "pk")
        constraints = [
            in_a_language("title", "office_has_a_title"),
            models.CheckConstraint(
                condition=Q(ends_latest=None)
                | Q(starts_earliest=None)
                | Q(ends_latest__gt=F("starts_earliest")),
                name="office_ends_after_it_starts",
                violation_error_message=_("An office cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        # Name the holder only where it was fetched with the row, so as not to query here.
        if Office.person.is_cached(self):
            return f"{self.person} — {self.label}"
        return self.label

    @property
    def label(self) -> str:
        """The title, the party where it was fetched with the row, and the dates of the office."""
        text = str(self.title)
        if Office.party.is_cached(self) and self.party is not None:
            text += f", {self.party}"
        if self.starts is None and self.ends is None:
            return text
        first, last = (str(date) if date else "…" for date in (self.starts, self.ends))
        return f"{text} ({first} – {last})"

    @property
    def last_day(self) -> dt.date:
        """The last day that may lie in the office, which pages show as 'until …'."""
        return self.span.last_possible_day

    @property
    def span(self) -> Span:
        """The days in office, from the year 1 where no start is on record."""
        return Span(self.starts or parse("0001"), self.ends)


class Attendance(Recorded):
    """A person at an event, for a party, with the office held that day.

    The party must be involved in the event, directly or through a bloc; the database refuses
    others (:mod:`timeline.database.constraints`).
    """

    event = models.ForeignKey(
        "timeline.Event",
        models.CASCADE,
        related_name="attendances",
        verbose_name=_("event"),
    )
    person = models.ForeignKey(
        "timeline.Person",
        models.PROTECT,
        related_name="attendances",
        verbose_name=_("person"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="attendances",
        verbose_name=_("for"),
    )
    office = models.ForeignKey(
        "timeline.Office",
        models.PROTECT,
        related_name="attendances",
        null=True,
        blank=True,
        verbose_name=_("office held that day"),
    )
    role = models.CharField(
        _("role"),
        max_length=14,
        choices=enums.choices(enums.ATTENDANCE_ROLES),
        default=codes.AttendanceRole.MEMBER.value,
    )
    office_reason_fr, office_reason_en = office_reasons()

    office_reason = Bilingual()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ("event", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("event", "person", "party", "role"),
                name="attendance_once",
                violation_error_message=_(
                    "This person is already listed with this role for this party."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.event_id}"

    def clean(self) -> None:
        """Refuse an office that is another person's."""
        if self.office_id and self.office is not None and self.office.person_id != self.person_id:
            raise ValidationError(
                {"office": _("This office was held by somebody else; choose one of this person's.")}
            )
