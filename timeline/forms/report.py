"""The form by which readers report an error."""

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline.forms.records import ReadableTexts
from timeline.models import ErrorReport


class ReportForm(ReadableTexts, forms.Form):
    """What is wrong, on which page, and how to answer; ``website`` is a trap for machines."""

    address = forms.CharField(label=_("Page"), max_length=300, required=False)
    message = forms.CharField(
        label=_("What is wrong, and where can one see it?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    contact = forms.CharField(
        label=_("How to reach you (optional)"), max_length=200, required=False
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def keep(self) -> None:
        """Keep the report for the editors, unless a machine filled the trap."""
        if self.cleaned_data["website"]:
            return
        ErrorReport.objects.create(
            address=self.cleaned_data["address"],
            message=self.cleaned_data["message"],
            contact=self.cleaned_data["contact"],
        )
