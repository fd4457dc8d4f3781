"""An event with who was there, what was said, and how its date or state changed."""

import datetime as dt
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline.actions import events, offices
from timeline.core.codes import EventState, ParticipationRole
from timeline.core.dates import EdtfDate, parse
from timeline.database import constraints
from timeline.forms.records import RecordForm, RowFormSet, SectoredForm
from timeline.forms.steps import StepForm, StepFormSet, lies_ahead
from timeline.models import EventStep, Membership, Office
from timeline.queries.involvement import ways

NOT_YET_HELD: Final = _("This day is still to come: what has yet to be held is planned.")


class EventForm(SectoredForm):
    """An event, its sectors ticked; what is held has begun by ``today``."""

    today: ClassVar[dt.date] = dt.date.max

    def clean(self) -> dict[str, Any] | None:
        """Refuse a meeting held on a day to come, or one after what was promised at it."""
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
    """A party with its role; a new row with a role and no party is one left to fill in."""

    def has_changed(self) -> bool:
        """Take such a row, which a follow-up opens with where several may host, for empty."""
        if self.instance.pk is None and set(self.changed_data) <= {"role"}:
            return False
        return super().has_changed()


class PeopleFormSet(RowFormSet):
    """Rows about people at an event, with the office that each held for a party that day.

    An office left empty in a new row is filled where only one is possible.
    """

    def clean(self) -> None:
        """Fill in offices, and refuse one that was surely not held, or is another party's."""
        super().clean()
        date = self.instance.date
        if not isinstance(date, EdtfDate):
            return
        self._fill_in(date)
        kept = [form for form in self.forms if self._has_office(form)]
        for form, error in zip(
            kept, offices.objections([form.instance for form in kept], date), strict=True
        ):
            if error is not None:
                form.add_error("office", error)

    def _fill_in(self, date: EdtfDate) -> None:
        """Find the office that a new row's person held on the day for the party."""
        new = [form for form in self.extra_forms if self._lacks_office(form)]
        people = {form.cleaned_data["person"].pk for form in new}
        held = list(Office.objects.filter(person__in=people)) if people else []
        parties = {office.party_id for office in held} | {form.instance.party_id for form in new}
        known = offices.belongings(key for key in parties if key is not None) if held else []
        for form in new:
            row = form.instance
            own = [office for office in held if office.person_id == row.person_id]
            fit = offices.fitting(own, party=row.party_id, date=date, known=known)
            exact = [office for office in fit if office.party_id == row.party_id] or fit
            if len(exact) == 1:
                row.office = exact[0]

    def _lacks_office(self, form: Any) -> bool:
        said = getattr(form, "cleaned_data", {})
        return bool(said.get("person")) and not said.get("office") and not said.get("DELETE")

    def _has_office(self, form: Any) -> bool:
        said = getattr(form, "cleaned_data", {})
        return bool(said.get("office")) and not said.get("DELETE")


class AttendanceFormSet(PeopleFormSet):
    """Who was there; refuses a party that the event, as typed, does not involve.

    ``participations`` are the rows typed beside these.
    """

    participations: RowFormSet | None = None

    def clean(self) -> None:
        """Say at the row which party does not take part."""
        super().clean()
        date, beside = self.instance.date, self.participations
        if beside is None or not isinstance(date, EdtfDate) or not beside.is_valid():
            return
        direct: set[int] = set()
        addressees: set[int] = set()
        for row in (form.cleaned_data for form in beside.forms):
            if row.get("party") and not row.get("DELETE"):
                addressed = row.get("role") == ParticipationRole.ADDRESSEE
                (addressees if addressed else direct).add(row["party"].pk)
        members = Membership.objects.filter(bloc__in=direct).select_related("party")
        involved = {way.party for way in ways(date, direct, members, addressees)}
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
        """Refuse a meeting held on a day to come."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == EventState.HELD and lies_ahead(cleaned.get("date"), self.today):
            self.add_error("date", NOT_YET_HELD)
        return cleaned


class EventStepFormSet(StepFormSet):
    """Steps are added, never edited; adding one changes the event."""

    def save_new(self, form: Any, commit: bool = True) -> EventStep:
        """Change the event and keep what was on record before."""
        said = form.cleaned_data
        step = events.change(
            event=self.instance,
            on=said["on"],
            state=EventState(said["state"]),
            date=said["date"],
            note_fr=said["note_fr"],
            note_en=said["note_en"],
            evidence=form.evidence(),
        )
        events.refuse_after_promises(event=self.instance, date=self.instance.date)
        offices.refuse_at_event(event=self.instance)
        return step
