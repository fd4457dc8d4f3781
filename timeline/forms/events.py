"""Forms for an event, its participations, attendances, statements and steps."""

import datetime as dt
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline.actions import events, offices
from timeline.core.codes import EventState
from timeline.core.dates import EdtfDate, parse
from timeline.database import constraints
from timeline.forms.records import RecordForm, RowFormSet, SectoredForm
from timeline.forms.steps import StepForm, StepFormSet, lies_ahead
from timeline.models import Event, EventStep, Membership, Office
from timeline.queries.involvement import ways

NOT_YET_HELD: Final = _("This day is still to come: what has yet to be held is planned.")


class EventForm(SectoredForm):
    """An event and its sectors; an event that is held has begun by ``today``."""

    today: ClassVar[dt.date] = dt.date.max

    def clean(self) -> dict[str, Any] | None:
        """Refuse a meeting held on a future day, or after a commitment that was made at it."""
        cleaned = super().clean() or self.cleaned_data
        date = cleaned.get("date")
        if cleaned.get("state") == EventState.HELD and lies_ahead(date, self.today):
            self.add_error("date", NOT_YET_HELD)
        if date and self.instance.pk and "date" in self.changed_data:
            try:
                events.refuse_after_promises(event=self.instance, date=parse(date))
            except ValidationError as error:
                self.add_error("date", error)
        side = cleaned.get("turn_side")
        if side and not side.sides.filter(framework=cleaned.get("framework")).exists():
            self.add_error("turn_side", _("This party is no side of the framework."))
        return cleaned


class ParticipationForm(RecordForm):
    """A party with its role."""

    def has_changed(self) -> bool:
        """Ignore a new row with a role and no party.

        The form of a follow-up opens with one where several parties may host.
        """
        if self.instance.pk is None and set(self.changed_data) <= {"role"}:
            return False
        return super().has_changed()


class EventPlaceFormSet(RowFormSet):
    """The places of an event: days spent there lie within its date.

    Days that were left outside it by a change of the date are kept, and flagged on the page.
    """

    def clean(self) -> None:
        """Refuse days, or a date, that an editor writes so that the days lie outside."""
        super().clean()
        date = self.instance.date
        if not isinstance(date, EdtfDate):
            return
        outside = [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", {})
            and not form.cleaned_data.get("DELETE")
            and form.instance.lies_outside(date)
        ]
        if not outside:
            return
        date_stands = Event.objects.filter(pk=self.instance.pk, date=date.text).exists()
        for form in outside:
            if "days" in form.changed_data or not date_stands:
                form.add_error("days", _("These days lie outside the date of the event."))


class PeopleFormSet(RowFormSet):
    """People at an event, with the office that each held for a party that day.

    An office left empty in a new row is filled in if there is only one possibility.
    """

    def clean(self) -> None:
        """Fill in offices, and refuse one that was surely not held or is that of another party."""
        super().clean()
        date = self.instance.date
        if not isinstance(date, EdtfDate):
            return
        self._fill_in_offices(date)
        with_office = [form for form in self.forms if self._has_office(form)]
        errors = offices.objections([form.instance for form in with_office], date)
        for form, error in zip(with_office, errors, strict=True):
            if error is not None:
                form.add_error("office", error)

    def _fill_in_offices(self, date: EdtfDate) -> None:
        """Fill in the office that the person of a new row held on the date for the party."""
        new = [form for form in self.extra_forms if self._lacks_office(form)]
        people = {form.cleaned_data["person"].pk for form in new}
        all_offices = list(Office.objects.filter(person__in=people)) if people else []
        parties = {office.party_id for office in all_offices}
        parties |= {form.instance.party_id for form in new}
        memberships = (
            offices.belongings(key for key in parties if key is not None) if all_offices else []
        )
        for form in new:
            row = form.instance
            own = [office for office in all_offices if office.person_id == row.person_id]
            possible = offices.fitting(own, party=row.party_id, date=date, memberships=memberships)
            same_party = [office for office in possible if office.party_id == row.party_id]
            candidates = same_party or possible
            if len(candidates) == 1:
                row.office = candidates[0]

    def _lacks_office(self, form: Any) -> bool:
        data = getattr(form, "cleaned_data", {})
        return bool(data.get("person")) and not data.get("office") and not data.get("DELETE")

    def _has_office(self, form: Any) -> bool:
        data = getattr(form, "cleaned_data", {})
        return bool(data.get("office")) and not data.get("DELETE")


class AttendanceFormSet(PeopleFormSet):
    """The attendances of an event.

    A party that the event does not involve is refused. ``participations`` is the formset on the
    same page, whose rows as typed decide.
    """

    participations: RowFormSet | None = None

    def clean(self) -> None:
        super().clean()
        date, participations = self.instance.date, self.participations
        if (
            participations is None
            or not isinstance(date, EdtfDate)
            or not participations.is_valid()
        ):
            return
        rows = (form.cleaned_data for form in participations.forms)
        named = [
            (row["party"].pk, row.get("role", ""))
            for row in rows
            if row.get("party") and not row.get("DELETE")
        ]
        members = Membership.objects.filter(bloc__in=[party for party, _role in named])
        involved = {way.party for way in ways(date, named, members.select_related("party"))}
        for form in self.forms:
            row = getattr(form, "cleaned_data", {})
            party = row.get("party")
            if party and not row.get("DELETE") and party.pk not in involved:
                form.add_error("party", str(constraints.SENTENCES[constraints.INVOLVED]))


class EventStepForm(StepForm):
    """A change of an event's date or state."""

    day = "on"

    class Meta:
        model = EventStep
        fields = ("on", "state", "date", "note_fr", "note_en")
        labels = {"on": _("changed on"), "date": _("date from then on")}

    def clean(self) -> dict[str, Any] | None:
        """Refuse a meeting held on a future day."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == EventState.HELD and lies_ahead(cleaned.get("date"), self.today):
            self.add_error("date", NOT_YET_HELD)
        return cleaned


class EventStepFormSet(StepFormSet):
    """The steps of an event."""

    def save_new(self, form: Any, commit: bool = True) -> EventStep:
        """Change the event and keep its former date and state in the step."""
        data = form.cleaned_data
        step = events.change(
            event=self.instance,
            on=data["on"],
            state=EventState(data["state"]),
            date=data["date"],
            note_fr=data["note_fr"],
            note_en=data["note_en"],
            evidence=form.evidence(),
        )
        events.refuse_after_promises(event=self.instance, date=self.instance.date)
        offices.refuse_at_event(event=self.instance)
        return step
