"""Dated changes of an event, and the deletion of drafts."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import factories as make
from timeline.actions import events
from timeline.core.codes import EventState
from timeline.models import Attendance, Event, EventStep, Involvement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_change_keeps_what_was_on_record_before() -> None:
    event = make.an_event(state="planned", date="2025-12")
    events.change(event=event, on="2025-11-20", state=EventState.POSTPONED, date="2026-06")
    events.change(event=event, on="2026-06-05", state=EventState.HELD, date="2026-06-04")
    event.refresh_from_db()
    assert (event.state, event.date.text, str(event.earliest)) == (
        "held",
        "2026-06-04",
        "2026-06-04",
    )
    steps = EventStep.objects.order_by("entry")
    assert [
        (s.entry, s.previous_state, s.previous_date.text, s.state, s.date.text) for s in steps
    ] == [
        (1, "planned", "2025-12", "postponed", "2026-06"),
        (2, "postponed", "2026-06", "held", "2026-06-04"),
    ]


def test_change_entered_late_leaves_the_event_as_it_is() -> None:
    event = make.an_event(state="held", date="2025-12-22")
    events.change(event=event, on="2025-07-04", state=EventState.POSTPONED, date="2025-12")
    event.refresh_from_db()
    assert (event.state, event.date.text, event.steps.count()) == ("held", "2025-12-22", 1)


def test_change_with_a_date_that_cannot_be_read_changes_nothing() -> None:
    event = make.an_event(state="planned", date="2025-12")
    with pytest.raises(ValidationError) as refused:
        events.change(event=event, on="2025-11-20", state=EventState.HELD, date="soon")
    assert list(refused.value.message_dict) == ["date"]
    event.refresh_from_db()
    assert (event.state, event.date.text, EventStep.objects.count()) == ("planned", "2025-12", 0)


def test_change_that_would_leave_a_delegate_without_a_party_changes_nothing() -> None:
    mali, bloc = make.a_state("ml"), make.a_bloc("ecowas")
    make.a_membership(mali, bloc, "1975-05-28", "2025-01-29")
    event = make.an_event(parties=(bloc,), date="2024-12-15", state="planned")
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    with pytest.raises(ValidationError, match="A person attends for a party that takes part"):
        events.change(event=event, on="2024-12-01", state=EventState.HELD, date="2025-06-22")
    event.refresh_from_db()
    assert (event.date.text, EventStep.objects.count()) == ("2024-12-15", 0)


def test_draft_goes_with_all_that_belongs_to_it() -> None:
    mali = make.a_state("ml")
    event = make.an_event(parties=(mali,))
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    events.delete_draft(event=event)
    assert (Event.objects.count(), Involvement.objects.count()) == (0, 0)


def test_what_was_ever_published_stays() -> None:
    event = make.an_event(
        publication="withdrawn", published_at=timezone.now(), withdrawn_reason_en="R"
    )
    with pytest.raises(ValidationError, match="never deleted"):
        events.delete_draft(event=event)
    assert Event.objects.count() == 1
