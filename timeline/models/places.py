"""Where events take place."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from timeline.fields import Bilingual, FoldedField
from timeline.models._shared import Recorded, in_a_language


class Place(Recorded):
    """A city with its state and its coordinates."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="places",
        null=True,
        blank=True,
        verbose_name=_("state"),
    )
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        help_text=_("Degrees north, from −90 to 90."),
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        help_text=_("Degrees east, from −180 to 180."),
    )
    sort_fr = FoldedField(of=("name_fr", "name_en"))
    folded_names = FoldedField(of=("name_fr", "name_en"), joined=True, stemmed=False)

    name = Bilingual()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("sort_fr", "pk")
        constraints = [
            in_a_language("name", "place_has_a_name"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="place_is_on_earth",
                violation_error_message=_(
                    "Give both latitude (−90 to 90) and longitude (−180 to 180), or neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
