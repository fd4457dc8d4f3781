"""The day on which a party was suspended from a bloc, readmitted or left, with its source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.actions.citations import Evidence
from timeline.core.codes import Stance
from timeline.fields import EDTFFormField
from timeline.forms.records import ReadableTexts
from timeline.models import Citation, Event, Source


class SpellForm(ReadableTexts, forms.Form):
    """When a spell of a membership ends, where that was decided and who tells of it.

    ``readers_see_it`` says that the change will be public at once, and so needs its source.
    """

    on = EDTFFormField(label=_("from which day on"))
    event = forms.ModelChoiceField(Event.objects.all(), required=False, label=_("decided at"))
    source = forms.ModelChoiceField(Source.objects.all(), required=False, label=_("source"))
    stance = forms.ChoiceField(
        choices=enums.choices(enums.STANCES),
        initial=Stance.STATED.value,
        required=False,
        label=_("stance"),
    )
    excerpt = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        required=False,
        label=_("excerpt"),
        help_text=Citation._meta.get_field("excerpt").help_text,
    )

    def __init__(self, *args: Any, readers_see_it: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers_see_it = readers_see_it

    def clean(self) -> dict[str, Any]:
        """Refuse what readers would see without its source, and words of no source."""
        cleaned = super().clean() or self.cleaned_data
        if "source" not in self.errors and not cleaned.get("source"):
            if self.readers_see_it:
                self.add_error(
                    "source", _("Readers see this at once: name the source that tells of it.")
                )
            elif cleaned.get("excerpt"):
                self.add_error("source", _("Name the source that these words are from."))
        return cleaned

    def evidence(self) -> Evidence | None:
        """The source typed, if there is one."""
        typed = self.cleaned_data
        if typed.get("source") is None:
            return None
        return Evidence(
            typed["source"], Stance(typed.get("stance") or Stance.STATED), typed.get("excerpt", "")
        )
