"""Forms for a text between parties and the steps of its life, which are added and never edited."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.actions import events, instruments
from timeline.actions.citations import Evidence
from timeline.core.codes import EventKind, InstrumentAct, ParticipationRole
from timeline.core.dates import EdtfDate
from timeline.forms.records import RowFormSet, SluggedForm
from timeline.forms.steps import StepForm, StepFormSet, lies_ahead
from timeline.models import Event, Instrument, InstrumentStep, Party, Place


class InstrumentForm(SluggedForm):
    """A text, which exists by ``today``."""

    today: ClassVar[dt.date] = dt.date.max

    def clean(self) -> dict[str, Any] | None:
        """Refuse a day that is still to come."""
        cleaned = super().clean() or self.cleaned_data
        if lies_ahead(cleaned.get("date"), self.today):
            self.add_error(
                "date",
                _("This day is still to come: record a text once it is adopted or signed."),
            )
        return cleaned


class InstrumentPartyFormSet(RowFormSet):
    """The parties to a text, two or more."""

    @property
    def chosen(self) -> set[int]:
        """The keys of the parties as typed."""
        rows = (getattr(form, "cleaned_data", {}) for form in self.forms)
        return {row["party"].pk for row in rows if row.get("party") and not row.get("DELETE")}

    def clean(self) -> None:
        """Refuse a single party, and keep a party whose steps are on record."""
        super().clean()
        # A row that cannot be read may be the second party.
        if not any(self.errors):
            instruments.check_parties(instrument=self.instance, parties=self.chosen)


class InstrumentStepForm(StepForm):
    """A step of a text; the earlier steps that it may name are those on record."""

    day = "done"

    def __init__(
        self, *args: Any, steps: Iterable[InstrumentStep] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.instance.is_checked_later = True
        rows = list(steps or ())
        for name in ("corrects", "regards"):
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = InstrumentStep.objects.filter(pk__in=[row.pk for row in rows])
                # One list for all forms, queried once.
                field.choices = [("", "---------"), *((row.pk, described(row)) for row in rows)]

    def record(self, instrument: Instrument, **values: Any) -> InstrumentStep:
        """Add the step to a text, with these values in the place of what is typed."""
        typed = {**self.cleaned_data, **values}
        return instruments.record_step(
            instrument=instrument,
            act=InstrumentAct(typed["act"]),
            done=typed["done"],
            party=typed["party"],
            effect=typed["effect"] or None,
            event=typed["event"],
            regards=typed["regards"],
            later_instrument=typed["later_instrument"],
            corrects=typed["corrects"],
            reason_fr=typed["reason_fr"],
            reason_en=typed["reason_en"],
            note_fr=typed["note_fr"],
            note_en=typed["note_en"],
            evidence=self.evidence(),
        )


def described(step: InstrumentStep) -> str:
    """Name a step by its day, what was done and who did it."""
    parts = (step.done, step.get_act_display(), step.party)
    return " · ".join(str(part) for part in parts if part is not None)


class InstrumentStepFormSet(StepFormSet):
    """The steps of a text; new ones are checked together, with the parties as typed.

    ``parties`` is the formset of the parties on the same page.
    """

    parties: InstrumentPartyFormSet | None = None

    @property
    def extra_forms(self) -> list[Any]:
        """The new rows in the order in which texts live, in which they are saved."""
        return sorted(super().extra_forms, key=_in_a_life)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        steps = list(self.get_queryset()) if self.instance.pk else []
        return {**super().get_form_kwargs(index), "steps": steps}

    def clean(self) -> None:
        """Refuse a new step that does not fit the others, on record or typed beside it."""
        super().clean()
        if self.parties is None or not self.parties.is_valid():
            return
        on_record = list(self.get_queryset()) if self.instance.pk else []
        new = [form for form in self.extra_forms if form.has_changed() and form.is_valid()]
        for form in new:
            form.instance.instrument = self.instance
            others = [*on_record, *(other.instance for other in new if other is not form)]
            try:
                form.instance.check_among(others, self.parties.chosen)
            except ValidationError as error:
                form.add_error(None, error)

    def save_new(self, form: Any, commit: bool = True) -> InstrumentStep:
        """Add a step with its source."""
        return form.record(self.instance)  # type: ignore[no-any-return]


_ORDER: Final = {act.value: number for number, act in enumerate(InstrumentAct)}


def _in_a_life(form: Any) -> tuple[dt.date, int]:
    step = form.instance
    day = step.done.earliest if isinstance(step.done, EdtfDate) else dt.date.max
    return day, _ORDER.get(step.act, 0)


class NewEventForm(SluggedForm):
    """An event that is made together with what was done with a text there."""

    kind = forms.ChoiceField(
        choices=[("", _("as what was done says")), *enums.choices(enums.EVENT_KINDS)],
        required=False,
        label=_("kind"),
    )
    place = forms.ModelChoiceField(Place.objects.all(), required=False, label=_("place"))

    class Meta:
        model = Event
        fields = ("title_fr", "title_en", "kind", "slug")

    def save_as(
        self, act: InstrumentAct, done: str, parties: Iterable[Party], evidence: Evidence | None
    ) -> Event:
        """Save the event as a draft, held on the day and by the parties of what was done."""
        event: Event = self.instance
        event.kind = self.cleaned_data["kind"] or _KINDS.get(act, EventKind.OTHER).value
        event.date = done
        role = ParticipationRole.PARTICIPANT
        if act == InstrumentAct.SIGNED:
            role = ParticipationRole.SIGNATORY
        place = self.cleaned_data["place"]
        return events.add(event=event, parties=parties, role=role, place=place, evidence=evidence)


_KINDS: Final[Mapping[InstrumentAct, EventKind]] = {
    InstrumentAct.ADOPTED: EventKind.DECISION,
    InstrumentAct.INITIALLED: EventKind.SIGNING,
    InstrumentAct.SIGNED: EventKind.SIGNING,
    InstrumentAct.APPROVED_AT_HOME: EventKind.DECISION,
    InstrumentAct.RATIFIED: EventKind.RATIFICATION,
    InstrumentAct.ACCEPTED: EventKind.RATIFICATION,
    InstrumentAct.APPROVED: EventKind.RATIFICATION,
    InstrumentAct.ACCEDED: EventKind.ACCESSION,
    InstrumentAct.SUCCEEDED: EventKind.NOTIFICATION,
    InstrumentAct.DEPOSITED: EventKind.NOTIFICATION,
    InstrumentAct.DENOUNCED: EventKind.WITHDRAWAL,
    InstrumentAct.WITHDRAWN: EventKind.NOTIFICATION,
}
"""The kind of the event at which something is done with a text; others are of no certain kind."""


class ActForm(InstrumentStepForm):
    """What was done with a text, by one or several of its parties on the same day.

    Each of them has a step of its own. ``new_event`` is the form of an event that is made with it.
    """

    parties = forms.ModelMultipleChoiceField(
        Party.objects.none(),
        required=False,
        label=_("parties that did it"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None where it concerns the whole text, such as its entry into force."),
        error_messages={
            "invalid_choice": _("This is no party to the text: add it to the parties first.")
        },
    )

    class Meta:
        model = InstrumentStep
        fields = (
            *("act", "done", "effect", "event", "regards", "later_instrument", "corrects"),
            *("reason_fr", "reason_en", "note_fr", "note_en"),
        )

    def __init__(
        self, *args: Any, instrument: Instrument, new_event: NewEventForm, **kwargs: Any
    ) -> None:
        steps = instrument.steps.select_related("party")
        super().__init__(*args, steps=steps, **kwargs)
        self.instance.instrument, self.new_event = instrument, new_event
        parties: Any = self.fields["parties"]
        parties.queryset = instrument.parties.all()

    def is_valid(self) -> bool:
        """Whether both the step and the event made with it can be saved."""
        valid = super().is_valid()
        return self.new_event.is_valid() and valid

    def clean(self) -> dict[str, Any] | None:
        """Refuse an event beside the one that is made."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("event") and self.new_event.has_changed():
            self.add_error("event", _("Choose an event that is on record or make one, not both."))
        self.instance.party = next(iter(cleaned.get("parties") or ()), None)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Include the party, if one can be read: constraints compare it with what was done."""
        excluded = super()._get_validation_exclusions()
        return excluded if "parties" in self.errors else excluded - {"party"}

    def add_error(self, field: str | None, error: Any) -> None:
        """Say what concerns the party of a step at the parties, and above what has no field."""
        if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                self.add_error(name, errors)
            return
        shown_at = "parties" if field == "party" else field
        super().add_error(shown_at if shown_at in self.fields else None, error)

    def save_steps(self) -> list[InstrumentStep]:
        """Add a step for each party, or one of the whole text, and make the event.

        Raises ValidationError, with the name of the party if there are several, when one is not
        valid.
        """
        data, instrument = self.cleaned_data, self.instance.instrument
        parties: list[Party | None] = list(data["parties"])
        event = data["event"]
        if self.new_event.has_changed():
            act = InstrumentAct(data["act"])
            event = self.new_event.save_as(act, data["done"], data["parties"], self.evidence())
        steps = []
        for party in parties or [None]:
            try:
                steps.append(self.record(instrument, party=party, event=event))
            except ValidationError as error:
                if len(parties) > 1:
                    raise _named(party, error) from error
                raise
        return steps


def _named(party: Party | None, error: ValidationError) -> ValidationError:
    """Return an error whose sentences begin with the name of the party that they are about."""
    return ValidationError(
        {
            name: [f"{party}: {sentence}" for sentence in sentences]
            for name, sentences in error.message_dict.items()
        }
    )


class ChosenTextForm(forms.Form):
    """The text with which something was done at an event."""

    instrument = forms.ModelChoiceField(Instrument.objects.all(), label=_("text"))
