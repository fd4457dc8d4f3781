"""The form for the withdrawal of a record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline.forms.records import ReadableTexts


class WithdrawForm(ReadableTexts, forms.Form):
    """The reason, which readers see at the URL of the record."""

    reason_fr = forms.CharField(
        label=_("Reason, in French"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason_en = forms.CharField(
        label=_("Reason, in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Require a reason in at least one language."""
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("reason_fr") or cleaned.get("reason_en")):
            raise forms.ValidationError(
                _("Say why the record is withdrawn: readers see the reason at its address.")
            )
        return cleaned
