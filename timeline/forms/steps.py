"""Forms for the steps of a commitment or of an event, each entered with its source."""

import datetime as dt
from typing import Any, ClassVar, Final

from django.utils.translation import gettext_lazy as _

from timeline.core.dates import parse
from timeline.forms.evidence import EvidenceForm
from timeline.forms.records import RecordForm, RowFormSet

PUBLISHING: Final = frozenset({"_publish", "_published_so"})
"""The buttons that publish a record: directly, or after a confirmation."""


class StepForm(RecordForm, EvidenceForm):
    """A new step and the source that supports it; existing steps are shown and never edited.

    ``day`` names the date field of the step, which is never after ``today``.
    """

    day: ClassVar[str] = "date"
    source_required = _("Readers see this step at once: name the source that tells of it.")

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
            for name in EvidenceForm.base_fields:
                del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        """Refuse a step in the future, and a public one without a source."""
        cleaned = super().clean() or self.cleaned_data
        if lies_ahead(cleaned.get(self.day), self.today):
            self.add_error(
                self.day, _("This day is still to come: a step tells of what has happened.")
            )
        self.check_source(cleaned)
        return cleaned


class StepFormSet(RowFormSet):
    """Steps, which are added and never edited."""

    today: ClassVar[dt.date] = dt.date.max

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        public = self.instance.is_public or not PUBLISHING.isdisjoint(self.data)
        kwargs = super().get_form_kwargs(index)
        return {**kwargs, "readers_see_it": public, "today": self.today}


def lies_ahead(date: str | None, today: dt.date) -> bool:
    """Whether a date as typed is surely after today."""
    return bool(date) and parse(str(date)).earliest > today
