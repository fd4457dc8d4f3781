"""Which other record is to be merged into one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class OtherForm(forms.Form):
    """The other record of the same thing."""

    def __init__(self, *args: Any, kept: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.fields["other"] = forms.ModelChoiceField(
            type(kept)._default_manager.all(),
            label=_("The other record"),
            help_text=_("It goes: everything of it moves to this one, and its address leads here."),
            error_messages={
                "required": _("Choose the other record."),
                "invalid_choice": _("There is no such record; it may have been merged meanwhile."),
            },
        )

    def clean_other(self) -> Any:
        """Refuse the record itself."""
        other = self.cleaned_data["other"]
        if other.pk == self.kept.pk:
            raise ValidationError(_("This is one record: choose another one to merge with it."))
        return other
