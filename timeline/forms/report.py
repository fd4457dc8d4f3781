"""The form by which readers report an error."""

import datetime as dt
from typing import Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.forms.records import ReadableTexts
from timeline.models import ErrorReport, Limit, Tally

MAX_BODY: Final = 100_000
"""The maximum size of a request in bytes: 5,000 characters take at most twelve bytes each when
encoded for a form."""
OF_NETWORK: Final = Limit("reports of a network", 10, dt.timedelta(hours=1))
OF_ALL: Final = Limit("reports", 300, dt.timedelta(days=1))


class ReportForm(ReadableTexts, forms.Form):
    """A report of an error: what is wrong, on which page, and how to reply.

    ``website`` is a hidden field that only machines fill in.
    """

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

    def save(self, network: str) -> None:
        """Save the report for the editors, unless a machine filled in the hidden field.

        Raises :class:`~timeline.models.TooMany` if the network, or all networks together, sent too
        many.
        """
        if self.cleaned_data["website"]:
            return
        now = timezone.now()
        Tally.objects.take(OF_NETWORK, network, now=now)
        Tally.objects.take(OF_ALL, now=now)
        ErrorReport.objects.create(
            address=self.cleaned_data["address"],
            message=self.cleaned_data["message"],
            contact=self.cleaned_data["contact"],
        )
