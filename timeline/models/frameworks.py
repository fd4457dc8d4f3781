"""Standing consultations and the rule by which the role of host passes on."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import codes
from timeline.fields import Bilingual, EDTFField, FoldedField
from timeline.models._shared import (
    Publishable,
    PublishableQuerySet,
    Recorded,
    in_a_language,
    withdrawn_with_reason,
)


class FrameworkQuerySet(PublishableQuerySet, models.QuerySet["Framework"]):
    """Frameworks by publication."""

    def published(self) -> "FrameworkQuerySet":
        return self.filter(publication=codes.Publication.PUBLISHED)


class Framework(Publishable):
    """A standing consultation between sides, with a rotation of hosts and perhaps a cadence."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title_fr = models.CharField(_("title in French"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    folded_title = FoldedField(of=("title_fr", "title_en"), joined=True)
    summary_fr = models.TextField(_("summary in French"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    rotation = models.CharField(
        _("rotation"),
        max_length=12,
        choices=enums.choices(enums.ROTATIONS),
        default=codes.Rotation.NOT_STATED.value,
    )
    fixed_host = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("fixed host"),
    )
    cadence_months = models.PositiveSmallIntegerField(
        _("cadence in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Only where a source gives one: 12 for yearly. Left empty, nothing is ever overdue."
        ),
    )
    tolerance_months = models.PositiveSmallIntegerField(
        _("tolerance in months"),
        default=0,
        help_text=_("The editors' own, shown as such."),
    )
    starts = EDTFField(
        _("since"), null=True, blank=True, bounds=("starts_earliest", "starts_latest")
    )
    starts_earliest = models.DateField(null=True, blank=True, editable=False)
    starts_latest = models.DateField(null=True, blank=True, editable=False)
    ended = EDTFField(_("ended"), null=True, blank=True, bounds=("ended_earliest", "ended_latest"))
    ended_earliest = models.DateField(null=True, blank=True, editable=False)
    ended_latest = models.DateField(null=True, blank=True, editable=False)
    searched_until = models.DateField(
        _("sources searched until"),
        null=True,
        blank=True,
        help_text=_("Only where somebody searched for it apart from the whole record."),
    )
    parties = models.ManyToManyField(
        "timeline.Party",
        through="timeline.Side",
        related_name="frameworks",
        verbose_name=_("sides"),
    )

    title = Bilingual()
    summary = Bilingual()
    withdrawn_reason = Bilingual()

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ("slug", "pk")
        constraints = [
            in_a_language("title", "framework_has_a_title"),
            withdrawn_with_reason("framework_withdrawn_with_reason"),
            models.CheckConstraint(
                condition=Q(cadence_months=None) | Q(cadence_months__gte=1),
                name="framework_cadence_is_positive",
                violation_error_message=_(
                    "A cadence is at least one month; leave it empty where no source gives one."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    Q(rotation=codes.Rotation.FIXED_HOST.value) & Q(fixed_host__isnull=False)
                )
                | (~Q(rotation=codes.Rotation.FIXED_HOST.value) & Q(fixed_host=None)),
                name="framework_fixed_host_is_named",
                violation_error_message=_(
                    "Name the fixed host when the rotation is a fixed host, and only then."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Side(Recorded):
    """A party that is one of a framework's sides, at its place in the order of turns."""

    framework = models.ForeignKey(
        "timeline.Framework",
        models.CASCADE,
        related_name="sides",
        verbose_name=_("framework"),
    )
    party = models.ForeignKey(
        "timeline.Party", models.PROTECT, related_name="sides", verbose_name=_("party")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    member_order = models.CharField(
        _("order of its members"),
        max_length=5,
        choices=enums.choices(enums.MEMBER_ORDERS),
        default=codes.MemberOrder.OPEN.value,
        help_text=_(
            "For a bloc: whether a source fixes which member hosts next, or leaves it open."
        ),
    )

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        ordering = ("framework", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("framework", "party"),
                name="side_once",
                violation_error_message=_("This party is already a side of the framework."),
            ),
            models.UniqueConstraint(
                fields=("framework", "position"),
                name="side_position_once",
                violation_error_message=_("Two sides cannot have the same place in the order."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("side %(position)s") % {"position": self.position})


class HostOrder(Recorded):
    """A member's place in the fixed order in which a bloc's members host."""

    side = models.ForeignKey(
        "timeline.Side",
        models.CASCADE,
        related_name="host_order",
        verbose_name=_("side"),
    )
    party = models.ForeignKey(
        "timeline.Party", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("place in the order of hosts")
        verbose_name_plural = _("places in the order of hosts")
        ordering = ("side", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("side", "party"),
                name="host_order_once",
                violation_error_message=_("This member already has a place in the order."),
            ),
            models.UniqueConstraint(
                fields=("side", "position"),
                name="host_order_position_once",
                violation_error_message=_("Two members cannot have the same place in the order."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side_id} {self.position}: {self.party_id}"
