"""The two-level taxonomy of what events and commitments are about."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.fields import Bilingual, FoldedField
from timeline.models._shared import Recorded, in_a_language


class Sector(Recorded):
    """A subject of cooperation; a sector with a parent has no children of its own."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "timeline.Sector",
        models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("part of"),
    )
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    folded_names = FoldedField(of=("name_fr", "name_en"), joined=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    dac_code = models.CharField(
        _("OECD DAC purpose code"),
        max_length=5,
        blank=True,
        help_text=_(
            "Three digits (DAC 5) or five (CRS), where one fits, so that the data can be "
            "joined to aid data."
        ),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    name = Bilingual()
    description = Bilingual()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ("position", "slug", "pk")
        constraints = [in_a_language("name", "sector_has_a_name")]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        """Keep the taxonomy at two levels."""
        if self.parent_id is None:
            return
        if self.parent_id == self.pk:
            raise ValidationError({"parent": _("A sector cannot be part of itself.")})
        if self.parent is not None and self.parent.parent_id is not None:
            raise ValidationError(
                {"parent": _("Sectors have two levels; choose a sector of the first.")}
            )
        if self.pk and self.children.exists():
            raise ValidationError(
                {"parent": _("This sector has parts of its own, so it cannot be a part.")}
            )
