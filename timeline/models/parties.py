"""States, blocs and bodies, their names over time, and their memberships."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import codes, languages
from timeline.core.characters import close_direction
from timeline.core.dates import EdtfDate, parse
from timeline.core.intervals import OutsideLife, Span, outside_life
from timeline.core.states import alpha_2
from timeline.fields import Bilingual, EDTFField, FoldedField, LanguageField, reader_language
from timeline.models._shared import Recorded, in_a_language, slips


class Party(Recorded):
    """A state, a bloc or a body that takes part in events.

    A body, such as a company or an armed group, takes part only in its own name: the state or bloc
    that it is ``part_of`` does not take part through it, nor it through them.
    """

    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_(
            "ISO 3166-1 alpha-2 in lower case for a state (ml), ISO 3166-3 for one that has ended "
            "(suhh), else a slug of our own; a short slug for a bloc or a body (g5-sahel)."
        ),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=enums.choices(enums.PARTY_KINDS))
    body_kind = models.CharField(
        _("kind of body"), max_length=12, blank=True, choices=enums.choices(enums.BODY_KINDS)
    )
    part_of = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="bodies",
        null=True,
        blank=True,
        verbose_name=_("body of"),
        help_text=_("The state or bloc that a body belongs to, where it belongs to one."),
    )
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    short_fr = models.CharField(_("short name in French"), max_length=40, blank=True)
    short_en = models.CharField(_("short name in English"), max_length=40, blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    founded = EDTFField(
        _("founded"),
        null=True,
        blank=True,
        bounds=("founded_earliest", "founded_latest"),
    )
    founded_earliest = models.DateField(null=True, blank=True, editable=False)
    founded_latest = models.DateField(null=True, blank=True, editable=False)
    dissolved = EDTFField(
        _("dissolved"),
        null=True,
        blank=True,
        bounds=("dissolved_earliest", "dissolved_latest"),
    )
    dissolved_earliest = models.DateField(null=True, blank=True, editable=False)
    dissolved_latest = models.DateField(null=True, blank=True, editable=False)
    sort_fr = FoldedField(of=("name_fr", "name_en"))
    sort_en = FoldedField(of=("name_en", "name_fr"))
    folded_names = FoldedField(
        of=("name_fr", "name_en", "short_fr", "short_en"), joined=True, stemmed=False
    )

    name = Bilingual()
    short = Bilingual()
    description = Bilingual()

    names_then: "tuple[PartyName, ...]" = ()
    """The former names that it bore on the day of which a page speaks; queries set them."""

    outside_life: OutsideLife | None = None
    """On which side of its life that day surely lies; queries set it."""

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ("sort_fr", "pk")
        constraints = [
            in_a_language("name", "party_has_a_name"),
            models.CheckConstraint(
                condition=Q(dissolved_latest=None)
                | Q(founded_earliest=None)
                | Q(dissolved_latest__gte=F("founded_earliest")),
                name="party_ends_after_it_starts",
                violation_error_message=_("A party cannot be dissolved before it was founded."),
            ),
            models.CheckConstraint(
                condition=Q(kind=codes.PartyKind.BODY.value) | Q(body_kind="", part_of=None),
                name="party_only_a_body_is_part_of_another",
                violation_error_message=_(
                    "Only a body has a kind of body and is part of a state or bloc; choose “Body” "
                    "as its kind, or leave both empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        """Refuse a code that no state can have, and a body that is part of a body."""
        if self.kind == codes.PartyKind.STATE and not _is_code_of_a_state(
            self.code, ended=bool(self.dissolved)
        ):
            raise ValidationError(
                {
                    "code": _(
                        "A state's code is its ISO 3166-1 alpha-2 code in lower case, such as ml; "
                        "for one that has ended its ISO 3166-3 code, such as suhh, with the day of "
                        "its end; for one with neither a slug of five letters or more."
                    )
                }
            )
        if self.part_of is not None and self.part_of.kind == codes.PartyKind.BODY:
            raise ValidationError(
                {"part_of": _("A body is part of a state or of a bloc, never of another body.")}
            )
        if self.kind == codes.PartyKind.BODY and self.pk and self.bodies.exists():
            raise ValidationError(
                {"kind": _("Bodies are part of it; it cannot become a body itself.")}
            )

    @property
    def is_bloc(self) -> bool:
        """Whether parties can belong to it."""
        return self.kind == codes.PartyKind.BLOC

    @property
    def name_then(self) -> str:
        """Its former name of the day of which a page speaks, in the reader's language, or ''."""
        return self._former_name(lambda kind: kind == codes.NameKind.OFFICIAL)

    @property
    def short_then(self) -> str:
        """The same, but the short name of that day if one is on record."""
        return self._former_name(lambda kind: kind != codes.NameKind.OFFICIAL)

    def _former_name(self, is_preferred: Callable[[str], bool]) -> str:
        language = reader_language()
        names = [
            name
            for name in self.names_then
            if languages.primary(name.language) == language
            and name.name not in (self.name, self.short)
        ]
        preferred = (name for name in names if is_preferred(name.kind))
        name = next(preferred, names[0] if names else None)
        return close_direction(name.name) if name else ""

    def outside_life_on(self, date: EdtfDate) -> OutsideLife | None:
        """Return on which side of its life every day of a date surely lies, if on any."""
        return outside_life(self.founded, self.dissolved, date)


def _is_code_of_a_state(code: str, *, ended: bool) -> bool:
    """Whether it is ISO 3166-1 alpha-2, ISO 3166-3 for a state that ended, or a slug of ours."""
    letters = code.isascii() and code.isalpha() and code.islower()
    if len(code) == 2:
        return code in alpha_2()
    return (letters and len(code) == 4 and ended) or len(code) > 4


def _reached(party: int, links: "models.QuerySet[Any]", column: str) -> set[int]:
    """Return a party and those that a column of its links leads to, directly or through others."""
    found = reached = {party}
    while reached:
        linked = links.filter(party__in=reached).values_list(column, flat=True)
        reached = set(linked) - found
        found = found | reached
    return found


class Succession(Recorded):
    """A party that succeeded another, as states succeed a union and one bloc another."""

    party = models.ForeignKey(
        "timeline.Party",
        models.CASCADE,
        related_name="successions",
        verbose_name=_("successor"),
    )
    predecessor = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="successions_of_others",
        verbose_name=_("predecessor"),
    )

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ("party", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("party", "predecessor"),
                name="succession_once",
                violation_error_message=_("This predecessor is already listed."),
            ),
            models.CheckConstraint(
                condition=~Q(party=F("predecessor")),
                name="succession_of_another",
                violation_error_message=_("A party cannot succeed itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.party_id}"

    def clean(self) -> None:
        """Refuse a circle of successors."""
        if not (self.party_id and self.predecessor_id) or self.party_id == self.predecessor_id:
            return
        others = Succession.objects.exclude(pk=self.pk)
        if self.party_id in _reached(self.predecessor_id, others, "predecessor"):
            raise ValidationError(
                {
                    "predecessor": _(
                        "This party succeeded the one that it would come before; "
                        "parties cannot succeed each other in a circle."
                    )
                }
            )


class PartyName(Recorded):
    """A name that a party bears or bore, in a language, for a time."""

    party = models.ForeignKey(
        "timeline.Party", models.CASCADE, related_name="names", verbose_name=_("party")
    )
    name = models.CharField(_("name"), max_length=200)
    folded_name = FoldedField(of=("name",), joined=True, stemmed=False)
    language = LanguageField(_("language"))
    kind = models.CharField(_("kind"), max_length=8, choices=enums.choices(enums.NAME_KINDS))
    slip = slips()
    starts = EDTFField(
        _("used from"),
        null=True,
        blank=True,
        bounds=("starts_earliest", "starts_latest"),
    )
    starts_earliest = models.DateField(null=True, blank=True, editable=False)
    starts_latest = models.DateField(null=True, blank=True, editable=False)
    ends = EDTFField(
        _("used until"),
        null=True,
        blank=True,
        bounds=("ends_earliest", "ends_latest"),
        help_text=_("The first day on which it was no longer used."),
    )
    ends_earliest = models.DateField(null=True, blank=True, editable=False)
    ends_latest = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("name of a party")
        verbose_name_plural = _("names of parties")
        ordering = ("party", "starts_earliest", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("party", "name", "language"),
                name="party_name_once",
                violation_error_message=_("The party already has this name in this language."),
            ),
            models.CheckConstraint(
                condition=Q(ends_latest=None)
                | Q(starts_earliest=None)
                | Q(ends_latest__gt=F("starts_earliest")),
                name="party_name_ends_after_it_starts",
                violation_error_message=_("A name cannot end before it was first used."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def span(self) -> Span:
        """The days of its use, half-open; from the first of all days if no start is on record."""
        return Span(self.starts or parse("0001"), self.ends)


class Membership(Recorded):
    """A spell during which a state or bloc belongs to a bloc with one standing.

    The end is the first day outside. Only a member takes part in what the bloc does.
    """

    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("state or bloc"),
    )
    bloc = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="memberships_of_others",
        verbose_name=_("bloc"),
    )
    standing = models.CharField(
        _("standing"),
        max_length=10,
        choices=enums.choices(enums.MEMBERSHIP_STANDINGS),
        default=codes.MembershipStanding.MEMBER.value,
        help_text=_(
            "Only a member takes part through the bloc. To suspend a member, save it first and "
            "use “Suspend”: both spells are then made together."
        ),
    )
    starts = EDTFField(_("from"), bounds=("starts_earliest", "starts_latest"))
    starts_earliest = models.DateField(editable=False)
    starts_latest = models.DateField(editable=False)
    start_event = models.ForeignKey(
        "timeline.Event",
        models.PROTECT,
        related_name="memberships_started",
        null=True,
        blank=True,
        verbose_name=_("decided at"),
        help_text=_("The event at which it was decided that the spell begins."),
    )
    ends = EDTFField(
        _("first day outside"),
        null=True,
        blank=True,
        bounds=("ends_earliest", "ends_latest"),
        help_text=_(
            "The first day on which it no longer held: a state that left on "
            "29 January 2025 has 2025-01-29."
        ),
    )
    ends_earliest = models.DateField(null=True, blank=True, editable=False)
    ends_latest = models.DateField(null=True, blank=True, editable=False)
    end_event = models.ForeignKey(
        "timeline.Event",
        models.PROTECT,
        related_name="memberships_ended",
        null=True,
        blank=True,
        verbose_name=_("end decided at"),
        help_text=_("The event at which it was decided that the spell ends."),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("bloc", "starts_earliest", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_latest=None) | Q(ends_latest__gt=F("starts_earliest")),
                name="membership_ends_after_it_starts",
                violation_error_message=_(
                    "A membership cannot end before it starts; the end is the first day outside."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(party=F("bloc")),
                name="membership_of_another",
                violation_error_message=_("A party cannot be a member of itself."),
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[str(code) for code in codes.MembershipStanding]),
                name="membership_standing_known",
                violation_error_message=_(
                    "A standing is member, suspended, observer or associate."
                ),
            ),
            models.CheckConstraint(
                condition=Q(end_event=None) | Q(ends__isnull=False),
                name="membership_end_event_needs_an_end",
                violation_error_message=_(
                    "Say when it ended, or leave empty at which event that was decided."
                ),
            ),
        ]

    def __str__(self) -> str:
        # Name the parties only where they were fetched with the row, so as not to query here.
        if Membership.party.is_cached(self) and Membership.bloc.is_cached(self):
            return f"{self.party} – {self.bloc} {self.starts}"
        return f"{self.party_id}–{self.bloc_id} {self.starts}"

    @property
    def last_day(self) -> dt.date:
        """The last day that may lie in the spell, which pages show as 'until …'."""
        return self.span.last_possible_day

    @property
    def span(self) -> Span:
        """The days of the spell; its end is the first day outside."""
        return Span(self.starts, self.ends)

    def may_hold_on(self, date: EdtfDate) -> bool:
        """Whether some day of a date may lie both in the spell and in the life of the party."""
        ended = self.party.dissolved
        first = max(day.earliest for day in (date, self.starts, self.party.founded) if day)
        last = min(date.latest, self.last_day, ended.latest if ended else dt.date.max)
        return first <= last

    @property
    def is_member(self) -> bool:
        """Whether the party takes part through the bloc."""
        return self.standing == codes.MembershipStanding.MEMBER

    def clean(self) -> None:
        """Refuse a membership that cannot exist.

        This is one in a party that is not a bloc, a circle of blocs, an overlap with another spell
        of the same pair, or the suspension of a party that was not a member before.
        """
        if self.bloc_id and self.bloc.kind != codes.PartyKind.BLOC:
            raise ValidationError({"bloc": _("Parties belong to blocs; choose a bloc.")})
        if not (self.party_id and self.bloc_id and isinstance(self.starts, EdtfDate)):
            return
        if (
            self.party.is_bloc
            and self.party_id != self.bloc_id
            and self.party_id in _reached(self.bloc_id, Membership.objects.all(), "bloc")
        ):
            raise ValidationError(
                {
                    "party": _(
                        "The bloc chosen below belongs to this one, directly or through others; "
                        "two blocs cannot belong to each other."
                    )
                }
            )
        others = list(
            Membership.objects.filter(party=self.party_id, bloc=self.bloc_id).exclude(pk=self.pk)
        )
        if any(self.span.surely_overlaps(other.span) for other in others):
            raise ValidationError(
                _(
                    "This state already belongs to this bloc on some of these days; "
                    "end that membership first."
                )
            )
        if self.standing == codes.MembershipStanding.SUSPENDED and not any(
            other.is_member and other.starts_earliest < self.starts.latest for other in others
        ):
            raise ValidationError(
                {
                    "standing": _(
                        "Only a member can be suspended; enter first since when the party was a "
                        "member, until the day of its suspension."
                    )
                }
            )


class MembershipRemark(Recorded):
    """That joining or leaving a bloc was announced or notified: dated, and no spell of its own."""

    membership = models.ForeignKey(
        "timeline.Membership",
        models.CASCADE,
        related_name="remarks",
        verbose_name=_("membership"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=enums.choices(enums.REMARK_KINDS))
    date = EDTFField(_("date"), bounds=("earliest", "latest"))
    earliest = models.DateField(editable=False)
    latest = models.DateField(editable=False)
    event = models.ForeignKey(
        "timeline.Event",
        models.PROTECT,
        related_name="membership_remarks",
        null=True,
        blank=True,
        verbose_name=_("at the event"),
    )

    class Meta:
        verbose_name = _("remark on a membership")
        verbose_name_plural = _("remarks on memberships")
        ordering = ("membership", "earliest", "latest", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("membership", "kind", "date"),
                name="membership_remark_once",
                violation_error_message=_("This is already noted with this date."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(code) for code in codes.RemarkKind]),
                name="membership_remark_kind_known",
                violation_error_message=_("Joining or leaving is announced or notified."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date}"

    @property
    def of_leaving(self) -> bool:
        """Whether it belongs to the end of the spell, not to its start."""
        return codes.RemarkKind(self.kind).of_leaving
