"""Forms for a commitment and its status updates, which are added and never edited."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.actions import commitments
from timeline.core.codes import CommitmentNature, CommitmentStatus
from timeline.forms.records import SectoredForm
from timeline.forms.steps import StepForm, StepFormSet, lies_ahead
from timeline.models import StatusUpdate


class CommitmentForm(SectoredForm):
    """A commitment, made by ``today``; the editor chooses the first state of a new one."""

    today: ClassVar[dt.date] = dt.date.max

    first_status = forms.ChoiceField(
        label=_("state at the event"),
        choices=enums.choices(enums.COMMITMENT_STATUSES),
        initial=CommitmentStatus.ANNOUNCED.value,
        required=False,
        help_text=_(
            "The first step of its life, of the day on which it was made and with its sources."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Tick a new commitment as mutual: it stays so where two sides undertake it together."""
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("mutual", True)

    def clean(self) -> dict[str, Any] | None:
        """Refuse a day that is still to come as the one on which it was made."""
        cleaned = super().clean() or self.cleaned_data
        if lies_ahead(cleaned.get("made_on"), self.today):
            self.add_error(
                "made_on", _("This day is still to come: record a promise once it has been made.")
            )
        return cleaned

    def clean_mutual(self) -> bool:
        """Untick a new request, which is ticked as mutual like every new commitment."""
        mutual: bool = self.cleaned_data["mutual"]
        is_request = self.cleaned_data.get("nature") == CommitmentNature.REQUEST
        return mutual and not (
            is_request and not self.instance.pk and "mutual" not in self.changed_data
        )


class StatusUpdateForm(StepForm):
    """A status update; a correction refers to another update of the same commitment."""

    def __init__(self, *args: Any, steps: list[StatusUpdate] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("corrects")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = StatusUpdate.objects.filter(pk__in=[step.pk for step in steps or ()])
            field.choices = [  # one list for all forms, queried once
                ("", "---------"),
                *((step.pk, f"{step.date} · {step.get_status_display()}") for step in steps or ()),
            ]


class StatusUpdateFormSet(StepFormSet):
    """The status updates of a commitment."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        steps = list(self.get_queryset()) if self.instance.pk else []
        return {**super().get_form_kwargs(index), "steps": steps}

    def save_new(self, form: Any, commit: bool = True) -> StatusUpdate:
        """Add an update with the next entry number."""
        data = form.cleaned_data
        return commitments.record_update(
            commitment=self.instance,
            date=data["date"],
            status=CommitmentStatus(data["status"]),
            note_fr=data["note_fr"],
            note_en=data["note_en"],
            event=data["event"],
            corrects=data["corrects"],
            evidence=form.evidence(),
        )
