"""What a site is about, and who keeps it."""

from typing import Any, Final

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.fields import Bilingual, EDTFField
from timeline.models._shared import Recorded

LONGEST_TEXT: Final = 50_000
"""Characters of a text in Markdown, about twenty printed pages."""

TEXTS: Final = ("about", "legal", "privacy", "accessibility")
"""The bilingual texts in Markdown, in the order of their pages."""


def _text(verbose_name: Any) -> "models.TextField[str, str]":
    """Return the column of a text in Markdown.

    The limit is no ``max_length``, with which browsers would cut off what is pasted.
    """
    too_long = _(
        "This text has %(show_value)d characters, and at most %(limit_value)d are kept. "
        "Shorten it: nothing was saved yet."
    )
    return models.TextField(
        verbose_name,
        blank=True,
        validators=[MaxLengthValidator(LONGEST_TEXT, too_long)],
    )


class Identity(Recorded):
    """The one row that says whose site this is; each part of it may be empty.

    ``searched_until`` is the last day up to which editors searched for sources, None if they search
    until today.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name_fr = models.CharField(_("name in French"), max_length=80, blank=True)
    name_en = models.CharField(
        _("name in English"),
        max_length=80,
        blank=True,
        help_text=_("Stands in titles, cards, calendars and files. Empty: the site's address."),
    )
    subject_fr = models.CharField(_("subject in French"), max_length=240, blank=True)
    subject_en = models.CharField(
        _("subject in English"),
        max_length=240,
        blank=True,
        help_text=_("One sentence that says what the record is about, and where."),
    )
    since = EDTFField(
        _("since"),
        null=True,
        blank=True,
        help_text=_("The day, month or year from which events are recorded, such as 2022."),
    )
    searched_until = models.DateField(
        _("sources searched until"),
        null=True,
        blank=True,
        help_text=_("Empty where editors search for sources until today."),
    )
    keeper_fr = models.CharField(_("kept by, in French"), max_length=240, blank=True)
    keeper_en = models.CharField(
        _("kept by, in English"),
        max_length=240,
        blank=True,
        help_text=_("The house or the people who keep the record."),
    )
    licence_fr = models.CharField(_("licence in French"), max_length=240, blank=True)
    licence_en = models.CharField(
        _("licence in English"),
        max_length=240,
        blank=True,
        help_text=_("What others may do with texts and data, such as “CC BY 4.0”."),
    )
    licence_url = models.URLField(_("address of the licence"), blank=True)
    contact = models.CharField(
        _("contact"),
        max_length=240,
        blank=True,
        help_text=_("An e-mail address, or the web address of a page or a form."),
    )
    about_fr = _text(_("about the record, in French"))
    about_en = _text(_("about the record, in English"))
    legal_fr = _text(_("legal notice in French"))
    legal_en = _text(_("legal notice in English"))
    privacy_fr = _text(_("privacy in French"))
    privacy_en = _text(_("privacy in English"))
    accessibility_fr = _text(_("accessibility in French"))
    accessibility_en = _text(_("accessibility in English"))

    name = Bilingual()
    subject = Bilingual()
    keeper = Bilingual()
    licence = Bilingual()
    about = Bilingual()
    legal = Bilingual()
    privacy = Bilingual()
    accessibility = Bilingual()

    class Meta:
        verbose_name = _("identity of the site")
        verbose_name_plural = _("identity of the site")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="identity_is_one",
                violation_error_message=_("A site has one identity: change the one on record."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name) or str(self._meta.verbose_name)
