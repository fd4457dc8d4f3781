"""Forms for citations of a source that supports a record or one of its fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import citable
from timeline.forms.records import RecordForm, RowFormSet


class CitationForm(RecordForm):
    """A citation, which may support one of the fields of its record.

    ``about`` is the foreign key by which it names the record. A field that the record has not, from
    before the list was closed, is shown and refused.
    """

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "field" not in self.fields:
            return
        names = citable.FIELDS.get(about, ())
        choices = [
            ("", _("the record as a whole")),
            *((name, enums.label(enums.CITED_FIELDS, name)) for name in names),
        ]
        if self.instance.field and self.instance.field not in names:
            choices.append((self.instance.field, self.instance.field))
        model_field = self.fields["field"]
        self.fields["field"] = forms.ChoiceField(
            choices=choices,
            required=False,
            label=model_field.label,
            help_text=model_field.help_text,
        )


class CitationFormSet(RowFormSet):
    """The citations of a record."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "about": self.fk.name}
