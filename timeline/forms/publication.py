"""Why a record is withdrawn."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline.forms.records import ReadableTexts


class WithdrawForm(ReadableTexts, forms.Form):
    """The reason that readers see at the record's address."""

    reason_fr = forms.CharField(
        label=_("Reason, in French"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason_en = forms.CharField(
        label=_("Reason, in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Demand a reason in one language at least."""
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("reason_fr") or cleaned.get("reason_en")):
            raise forms.ValidationError(
                _("Say why the record is withdrawn: readers see the reason at its address.")
            )
        return cleaned
