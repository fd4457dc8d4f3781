"""Until which day sources were searched: on forms of records, and as a form of its own."""

import datetime as dt
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline.forms.records import ReadableTexts

LONGEST_NOTE: Final = 100
"""Characters of a note, as many as the history keeps of the reason for a change."""


def refuse_to_come(day: dt.date | None, today: dt.date) -> None:
    """Raise ValidationError for a day until which nobody can have searched yet."""
    if day is not None and day > today:
        raise ValidationError(
            _("This day has not come: write the last day until which sources were searched."),
            code="not_come",
        )


class SearchedForm:
    """A mixin for the form of a record that keeps until when sources were searched."""

    today: ClassVar[dt.date] = dt.date.max
    cleaned_data: dict[str, Any]

    def clean_searched_until(self) -> dt.date | None:
        """Refuse a day that has not come."""
        day: dt.date | None = self.cleaned_data["searched_until"]
        refuse_to_come(day, self.today)
        return day


class NothingFoundForm(ReadableTexts, forms.Form):
    """The day until which an editor searched again and found nothing, with a note."""

    until = forms.DateField(
        label=_("Sources searched until"), widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Where you searched; it stays in the history."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"until": today.isoformat()}, **kwargs)
        self.today = today

    def clean_until(self) -> dt.date:
        """Refuse a day that has not come."""
        day: dt.date = self.cleaned_data["until"]
        refuse_to_come(day, self.today)
        return day

    def clean_note(self) -> str:
        """Refuse a note that the history cannot hold; it would be cut off if it were limited."""
        note: str = self.cleaned_data["note"]
        if len(note) > LONGEST_NOTE:
            raise ValidationError(
                _("A note of %(length)d characters is too long: at most %(limit)d are kept."),
                code="too_long",
                params={"length": len(note), "limit": LONGEST_NOTE},
            )
        return note
