"""Steps of a commitment's life or of an event: each is typed together with its source."""

import datetime as dt
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.actions.citations import Evidence
from timeline.core.codes import Stance
from timeline.core.dates import parse
from timeline.forms.records import RecordForm, RowFormSet
from timeline.models import Citation, Source

PUBLISHING: Final = frozenset({"_publish", "_published_so"})
"""The buttons that publish a record: at once, or all the same after a question."""


class StepForm(RecordForm):
    """A step to add, with the source that tells of it; what stands is shown and never edited.

    ``readers_see_it`` says that the step will be public at once, and so needs its source;
    ``day`` names the date on which it happened, which is never after ``today``.
    """

    day: ClassVar[str] = "date"

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

    def __init__(
        self,
        *args: Any,
        today: dt.date = dt.date.max,
        readers_see_it: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.readers_see_it = today, readers_see_it
        if self.instance.pk:
            for name in ("source", "stance", "excerpt"):
                del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        """Refuse what has not happened yet, and what readers would see without its source."""
        cleaned = super().clean() or self.cleaned_data
        if lies_ahead(cleaned.get(self.day), self.today):
            self.add_error(
                self.day, _("This day is still to come: a step tells of what has happened.")
            )
        if "source" in self.fields and "source" not in self.errors and not cleaned.get("source"):
            if self.readers_see_it:
                self.add_error(
                    "source",
                    _("Readers see this step at once: name the source that tells of it."),
                )
            elif cleaned.get("excerpt"):
                self.add_error("source", _("Name the source that these words are from."))
        return cleaned

    def evidence(self) -> Evidence | None:
        """The source typed, if there is one."""
        said = self.cleaned_data
        if said.get("source") is None:
            return None
        return Evidence(
            said["source"], Stance(said.get("stance") or Stance.STATED), said.get("excerpt", "")
        )


class StepFormSet(RowFormSet):
    """Steps are added, never edited."""

    today: ClassVar[dt.date] = dt.date.max

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Tell each row what day it is, and whether readers see it as soon as it is saved."""
        public = self.instance.is_public or not PUBLISHING.isdisjoint(self.data)
        own = {"readers_see_it": public, "today": self.today}
        return {**super().get_form_kwargs(index), **own}


def lies_ahead(typed: str | None, today: dt.date) -> bool:
    """Whether a date as typed is surely after today."""
    return bool(typed) and parse(str(typed)).earliest > today
