"""Forms for citations of a source that supports a record or one of its fields."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.forms.records import RecordForm, RowFormSet

_CITABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "event": (
        *("date", "state", "kind", "title", "summary", "duration", "place", "venue"),
        *("parties", "sectors", "framework", "takes_turn", "follows"),
    ),
    "eventstep": ("date", "state", "note"),
    "participation": ("role",),
    "attendance": ("role", "office"),
    "statement": ("text",),
    "commitment": (
        *("title", "wording", "condition", "made_on", "due", "parties", "sectors", "restates"),
        "instrument",
    ),
    "instrument": ("title", "summary", "kind", "date", "binds", "parties"),
    "instrumentstep": ("act", "party", "done", "effect", "note"),
    "statusupdate": ("date", "status", "note"),
    "framework": ("title", "sides", "rotation", "cadence_months", "starts", "ended"),
    "party": ("name", "founded", "dissolved", "successions", "part_of"),
    "partyname": ("name", "starts", "ends"),
    "membership": ("standing", "starts", "ends"),
    "membershipremark": ("kind", "date"),
    "place": ("name", "location"),
    "office": ("title", "starts", "ends"),
}


class CitationForm(RecordForm):
    """A citation, which may support one of the fields of its record."""

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "field" not in self.fields:
            return
        names = _CITABLE.get(about, ())
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
        return {**super().get_form_kwargs(index), "about": self.instance._meta.model_name}
