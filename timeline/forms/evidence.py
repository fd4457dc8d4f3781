"""The source of what an editor enters, in the same form."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.actions.citations import Evidence
from timeline.core.codes import Stance
from timeline.database.constraints import REASONED, SENTENCES
from timeline.models import Citation, Source


class EvidenceForm(forms.Form):
    """A source, how it supports what is entered, and its own words.

    ``readers_see_it`` means that what is entered will be public at once, so that the source is
    required; ``source_required`` is the sentence that says so.
    """

    source_required: ClassVar[Promise] = _(
        "Readers see this at once: name the source that tells of it."
    )
    readers_see_it = False

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

    because_fr = forms.CharField(
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        required=False,
        label=_("how it was inferred, in French"),
        help_text=_("Only where the source does not say it itself."),
    )
    because_en = forms.CharField(
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        required=False,
        label=_("how it was inferred, in English"),
    )

    def check_source(self, cleaned: dict[str, Any]) -> None:
        """Refuse an inference without a reason, and what is public or quoted without a source."""
        if cleaned.get("stance") == Stance.INFERRED and not (
            cleaned.get("because_fr") or cleaned.get("because_en")
        ):
            self.add_error("because_fr", str(SENTENCES[REASONED]))
        if "source" not in self.fields or "source" in self.errors or cleaned.get("source"):
            return
        if self.readers_see_it:
            self.add_error("source", str(self.source_required))
        elif cleaned.get("excerpt"):
            self.add_error("source", _("Name the source that these words are from."))

    def evidence(self) -> Evidence | None:
        """Return the source as entered, if there is one."""
        data = self.cleaned_data
        if data.get("source") is None:
            return None
        return Evidence(
            data["source"],
            Stance(data.get("stance") or Stance.STATED),
            data.get("excerpt", ""),
            note_fr=data.get("because_fr", ""),
            note_en=data.get("because_en", ""),
        )
