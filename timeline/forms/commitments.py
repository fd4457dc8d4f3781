"""A commitment with its life, which is added to and never edited."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.actions import commitments
from timeline.core.codes import CommitmentStatus
from timeline.forms.records import SectoredForm
from timeline.forms.steps import StepForm, StepFormSet
from timeline.models import StatusUpdate


class CommitmentForm(SectoredForm):
    """A commitment; a new one starts its life in a state of the editor's choice."""

    first_status = forms.ChoiceField(
        label=_("state at the event"),
        choices=enums.choices(enums.COMMITMENT_STATUSES),
        initial=CommitmentStatus.ANNOUNCED.value,
        required=False,
        help_text=_("The first step of its life, dated and sourced as the event is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Tick a new commitment as mutual: it stays so where two sides undertake it together."""
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("mutual", True)


class StatusUpdateForm(StepForm):
    """A dated step; a correction names the step of this commitment that it corrects."""

    def __init__(self, *args: Any, steps: list[StatusUpdate] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("corrects")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = StatusUpdate.objects.filter(pk__in=[step.pk for step in steps or ()])
            field.choices = [  # one list for all rows, fetched once
                ("", "---------"),
                *((step.pk, f"{step.date} · {step.get_status_display()}") for step in steps or ()),
            ]


class StatusUpdateFormSet(StepFormSet):
    """Updates are added, never edited."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each row the steps that it may correct."""
        steps = list(self.get_queryset()) if self.instance.pk else []
        return {**super().get_form_kwargs(index), "steps": steps}

    def save_new(self, form: Any, commit: bool = True) -> StatusUpdate:
        """Add a step with the next entry number."""
        said = form.cleaned_data
        return commitments.record_update(
            commitment=self.instance,
            date=said["date"],
            status=CommitmentStatus(said["status"]),
            note_fr=said["note_fr"],
            note_en=said["note_en"],
            event=said["event"],
            corrects=said["corrects"],
            evidence=form.evidence(),
        )
