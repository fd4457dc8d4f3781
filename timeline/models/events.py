"""What happened: events, who took part, and how their date or state changed."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear, Substr
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import codes, searched
from timeline.core.dates import HEADINGS_A_YEAR, EdtfDate, surely_exceeds
from timeline.core.searched import Clock
from timeline.fields import Bilingual, EDTFField
from timeline.models._shared import (
    Publishable,
    PublishableQuerySet,
    Recorded,
    in_a_language,
    withdrawn_with_reason,
)
from timeline.models.places import Place

_MONTHS: Final = [f"-{month:02d}" for month in range(1, 13)]
"""What follows the year in a date that is precise to the month or better."""


class EventQuerySet(PublishableQuerySet, models.QuerySet["Event"]):
    """Events by publication and date."""

    def published(self) -> "EventQuerySet":
        return self.filter(publication=codes.Publication.PUBLISHED)

    def surely_in(self, first: dt.date, last: dt.date) -> "EventQuerySet":
        """Return events whose whole date lies in a period and is not uncertain or approximate."""
        return self.filter(earliest__gte=first, latest__lte=last, date_sure=True)

    def with_vague(self) -> "EventQuerySet":
        """Annotate ``vague``: whether the date, or its start, is less precise than a month."""
        month = Substr("date", 5, 3)
        return self.annotate(vague=Case(When(In(month, _MONTHS), then=False), default=True))

    def with_headings(self) -> "EventQuerySet":
        """Annotate ``vague``, and ``heading``: the position of the event's heading in time."""
        year = ExtractYear("earliest") * HEADINGS_A_YEAR
        month = Case(When(vague=True, then=0), default=ExtractMonth("earliest"))
        return self.with_vague().annotate(heading=year + month)

    def upcoming(self, today: dt.date) -> "EventQuerySet":
        """Return planned and postponed events whose latest day is not past."""
        return self.filter(
            state__in=(codes.EventState.PLANNED, codes.EventState.POSTPONED),
            latest__gte=today,
        )


class Event(Publishable):
    """A diplomatic event, with its date as precise as its sources are."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=14, choices=enums.choices(enums.EVENT_KINDS))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=enums.choices(enums.EVENT_STATES),
        default=codes.EventState.HELD.value,
    )
    title_fr = models.CharField(_("title in French"), max_length=240, blank=True)
    title_en = models.CharField(_("title in English"), max_length=240, blank=True)
    summary_fr = models.TextField(_("summary in French"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    date = EDTFField(_("date"), bounds=("earliest", "latest"), sure="date_sure", ongoing="ongoing")
    earliest = models.DateField(_("earliest day"), editable=False)
    latest = models.DateField(_("latest day"), editable=False)
    date_sure = models.BooleanField(default=True, editable=False)
    ongoing = models.BooleanField(default=False, editable=False)
    duration_fr = models.CharField(_("duration as worded, in French"), max_length=120, blank=True)
    duration_en = models.CharField(_("duration as worded, in English"), max_length=120, blank=True)
    duration_minutes = models.PositiveIntegerField(
        _("duration in minutes"),
        null=True,
        blank=True,
        help_text=_("The least that a source gives, where one does."),
    )
    framework = models.ForeignKey(
        "timeline.Framework",
        models.PROTECT,
        related_name="meetings",
        null=True,
        blank=True,
        verbose_name=_("framework"),
    )
    takes_turn = models.BooleanField(
        _("takes a turn"),
        default=False,
        help_text=_(
            "A regular session of the framework; leave empty for a meeting on the margins of "
            "another gathering."
        ),
    )
    turn_side = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("whose turn it was"),
        help_text=_("Only where hosts of different sides received together."),
    )
    follows = models.ForeignKey(
        "timeline.Event",
        models.PROTECT,
        related_name="followed_by",
        null=True,
        blank=True,
        verbose_name=_("follows"),
    )
    parties = models.ManyToManyField(
        "timeline.Party",
        through="timeline.Participation",
        related_name="events",
        verbose_name=_("parties"),
    )
    sectors = models.ManyToManyField(
        "timeline.Sector",
        through="timeline.EventSector",
        related_name="events",
        verbose_name=_("sectors"),
    )
    folded_title = models.TextField(default="", blank=True, editable=False)
    folded_quotation = models.TextField(default="", blank=True, editable=False)
    folded_text = models.TextField(default="", blank=True, editable=False)

    title = Bilingual()
    summary = Bilingual()
    duration = Bilingual()
    withdrawn_reason = Bilingual()

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-earliest", "latest", "-pk")
        indexes = [
            models.Index("publication", "earliest", "latest", "id", name="event_by_day"),
            # Most events have no framework. In an index over all events, a database would expect
            # far more meetings of a framework than there are, and read the whole table instead.
            models.Index(
                "framework",
                "earliest",
                name="event_by_framework",
                condition=Q(framework__isnull=False),
            ),
            models.Index("follows", name="event_by_earlier", condition=Q(follows__isnull=False)),
        ]
        constraints = [
            in_a_language("title", "event_has_a_title"),
            withdrawn_with_reason("event_withdrawn_with_reason"),
            models.CheckConstraint(
                condition=Q(takes_turn=False) | Q(framework__isnull=False),
                name="event_turn_needs_framework",
                violation_error_message=_(
                    "A meeting can take a turn only in a framework; choose the framework."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} · {self.title}"

    def clean(self) -> None:
        """Refuse an event that follows itself."""
        if self.follows_id is not None and self.follows_id == self.pk:
            raise ValidationError({"follows": _("An event cannot follow itself.")})

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it took place, in order, each place once; asks for ``place_links`` and theirs."""
        return places_of(self.place_links.all())

    def is_upcoming(self, today: dt.date) -> bool:
        """Whether it is planned or postponed and its latest day is not past."""
        return (
            self.state in (codes.EventState.PLANNED, codes.EventState.POSTPONED)
            and self.latest >= today
        )

    @property
    def searched_until(self) -> dt.date | None:
        """The day until which sources were searched for its framework; None if not for it alone."""
        framework = self.framework
        return framework.searched_until if framework and framework.is_public else None

    def is_unconfirmed(self, clock: Clock) -> bool:
        """Whether it was planned for days that are past, and no source says what became of it."""
        return searched.is_unconfirmed(self.state, self.latest, clock)

    def is_unsearched(self, clock: Clock) -> bool:
        """Whether it was planned for days that are past, but sources were not searched since."""
        return searched.is_unsearched(self.state, self.latest, clock)


class EventPlace(Recorded):
    """An event took place at a place, or at a venue whose city no source names.

    ``days`` are those spent there, where they are known. Most events have one such row; the rows of
    an event are in the order of ``position``, then in the order in which they were entered.
    """

    # Found by the constraint below, which begins with the event.
    event = models.ForeignKey(
        "timeline.Event",
        models.CASCADE,
        related_name="place_links",
        db_index=False,
        verbose_name=_("event"),
    )
    place = models.ForeignKey(
        "timeline.Place",
        models.PROTECT,
        related_name="event_links",
        null=True,
        blank=True,
        verbose_name=_("place"),
    )
    days = EDTFField(
        _("days there"),
        null=True,
        blank=True,
        bounds=("days_earliest", "days_latest"),
        help_text=_("Only where a source gives them and they are not all days of the event."),
    )
    days_earliest = models.DateField(null=True, blank=True, editable=False)
    days_latest = models.DateField(null=True, blank=True, editable=False)
    venue_fr = models.CharField(_("venue in French"), max_length=200, blank=True)
    venue_en = models.CharField(_("venue in English"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        help_text=_("Only where the order is not that in which the places were entered."),
    )

    venue = Bilingual()

    class Meta:
        verbose_name = _("place of an event")
        verbose_name_plural = _("places of events")
        ordering = ("event", "position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False) | ~Q(venue_fr="") | ~Q(venue_en=""),
                name="event_place_named",
                violation_error_message=_("Choose a place, or write the venue."),
            ),
            # A place or days that are not known count as one value, which NULL would not.
            models.UniqueConstraint(
                "event",
                Coalesce("place", 0, output_field=models.BigIntegerField()),
                Coalesce("days", Value(""), output_field=models.CharField()),
                "venue_fr",
                "venue_en",
                name="event_place_once",
                violation_error_message=_(
                    "The event already has this place on these days; write other days or another "
                    "venue."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} @ {self.place_id}"

    def lies_outside(self, date: EdtfDate) -> bool:
        """Whether some of its days surely lie outside the date of its event."""
        return self.days is not None and surely_exceeds(self.days, date.earliest, date.latest)


def places_of(links: Iterable[EventPlace]) -> tuple[Place, ...]:
    """Return the places of these rows of an event, in order, each once."""
    return tuple(dict.fromkeys(link.place for link in links if link.place is not None))


class EventSector(Recorded):
    """A sector that an event is about."""

    event = models.ForeignKey(
        "timeline.Event",
        models.CASCADE,
        related_name="sector_links",
        verbose_name=_("event"),
    )
    sector = models.ForeignKey(
        "timeline.Sector",
        models.PROTECT,
        related_name="event_links",
        verbose_name=_("sector"),
    )

    class Meta:
        verbose_name = _("sector of an event")
        verbose_name_plural = _("sectors of events")
        ordering = ("event", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("event", "sector"),
                name="event_sector_once",
                violation_error_message=_("The event already has this sector."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} # {self.sector_id}"


class Participation(Recorded):
    """A party that a source names as taking part, with its role."""

    event = models.ForeignKey(
        "timeline.Event",
        models.CASCADE,
        related_name="participations",
        verbose_name=_("event"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="participations",
        verbose_name=_("party"),
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=enums.choices(enums.PARTICIPATION_ROLES),
        default=codes.ParticipationRole.PARTICIPANT.value,
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ("event", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("event", "party", "role"),
                name="participation_once",
                violation_error_message=_("The party is already listed with this role."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id} @ {self.event_id}"


class Involvement(models.Model):
    """One way in which a party took part: directly (``via`` empty) or through a bloc.

    ``addressee`` marks a party whose only role is addressee: the event is aimed at it. Rows are
    derived from participations and memberships by :mod:`timeline.actions.involvement`, in the
    transaction of the change that caused them, and never edited by hand.
    """

    event = models.ForeignKey("timeline.Event", models.CASCADE, related_name="involvements")
    # The index below finds the rows of a party. Rows are looked up by ``via`` only when a party is
    # deleted, and the table has more rows than all others together, so that each index is costly.
    party = models.ForeignKey(
        "timeline.Party", models.PROTECT, related_name="involvements", db_index=False
    )
    via = models.ForeignKey(
        "timeline.Party", models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    membership = models.ForeignKey(
        "timeline.Membership",
        models.CASCADE,
        related_name="involvements",
        null=True,
        blank=True,
    )
    possibly = models.BooleanField(default=False)
    addressee = models.BooleanField(default=False)

    class Meta:
        ordering = ("event", "pk")
        indexes = [
            models.Index("party", "event", name="involvement_by_party"),
            # Few rows are of addressees, which the index of events loads in a query of their own.
            models.Index(
                "event", "party", name="involvement_of_addressees", condition=Q(addressee=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("event", "party"),
                condition=Q(via=None),
                name="involvement_once_directly",
            ),
            models.UniqueConstraint(
                fields=("event", "party", "via"),
                condition=Q(via__isnull=False),
                name="involvement_once_via",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} @ {self.event_id} via {self.via_id}"


class EventStep(Recorded):
    """A dated, sourced change of an event's date or state; steps are added, never edited."""

    event = models.ForeignKey(
        "timeline.Event", models.CASCADE, related_name="steps", verbose_name=_("event")
    )
    entry = models.PositiveIntegerField(_("entry"), editable=False)
    on = EDTFField(_("changed on"), bounds=("on_earliest", "on_latest"))
    on_earliest = models.DateField(editable=False)
    on_latest = models.DateField(editable=False)
    state = models.CharField(
        _("state from then on"),
        max_length=10,
        choices=enums.choices(enums.EVENT_STATES),
    )
    date = EDTFField(_("date from then on"))
    previous_state = models.CharField(
        max_length=10, choices=enums.choices(enums.EVENT_STATES), editable=False
    )
    previous_date = EDTFField(editable=False)
    note_fr = models.TextField(_("note in French"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    note = Bilingual()

    class Meta:
        verbose_name = _("step of an event")
        verbose_name_plural = _("steps of events")
        ordering = ("event", "on_earliest", "entry", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("event", "entry"),
                name="event_step_entry_once",
                violation_error_message=_("The event already has a step with this entry number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_state_display()}"
