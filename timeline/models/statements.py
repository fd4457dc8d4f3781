"""What was said, word for word."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.fields import Bilingual, LanguageField
from timeline.models._shared import Recorded, office_reasons


class Statement(Recorded):
    """Verbatim words of a person at an event, in the language of the source."""

    event = models.ForeignKey(
        "timeline.Event",
        models.CASCADE,
        related_name="statements",
        verbose_name=_("event"),
    )
    person = models.ForeignKey(
        "timeline.Person",
        models.PROTECT,
        related_name="statements",
        verbose_name=_("speaker"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="statements",
        null=True,
        blank=True,
        verbose_name=_("for"),
    )
    office = models.ForeignKey(
        "timeline.Office",
        models.PROTECT,
        related_name="statements",
        null=True,
        blank=True,
        verbose_name=_("office held that day"),
    )
    language = LanguageField(_("language"))
    text = models.TextField(
        _("words"), help_text=_("Exactly as in the source, without quotation marks.")
    )
    translation_fr = models.TextField(_("translation into French"), blank=True)
    translation_en = models.TextField(_("translation into English"), blank=True)
    office_reason_fr, office_reason_en = office_reasons()
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    translation = Bilingual()
    office_reason = Bilingual()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("event", "position", "pk")

    def __str__(self) -> str:
        return self.text[:80]

    def clean(self) -> None:
        """Refuse an office that is another person's."""
        if self.office_id and self.office is not None and self.office.person_id != self.person_id:
            raise ValidationError(
                {"office": _("This office was held by somebody else; choose one of this person's.")}
            )
