"""The day on which a party was suspended from a bloc, readmitted or left, with its source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline.fields import EDTFFormField
from timeline.forms.evidence import EvidenceForm
from timeline.forms.records import ReadableTexts
from timeline.models import Event


class SpellForm(ReadableTexts, EvidenceForm):
    """When a spell of a membership ends, and where that was decided."""

    on = EDTFFormField(label=_("from which day on"))
    event = forms.ModelChoiceField(Event.objects.all(), required=False, label=_("decided at"))

    field_order = ("on", "event")

    def __init__(self, *args: Any, readers_see_it: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers_see_it = readers_see_it

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_source(cleaned)
        return cleaned
