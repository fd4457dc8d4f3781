"""The number of edits of what a calendar shows, which never shrinks."""

import datetime as dt
from collections.abc import Callable

import pytest

from tests.factories import (
    a_bloc,
    a_framework,
    a_membership,
    a_place,
    a_sector,
    a_state,
    an_event,
)
from tests.parsed_page import TODAY
from timeline.actions import events as actions
from timeline.core.codes import EventState
from timeline.models import (
    Event,
    EventSector,
    Framework,
    HostOrder,
    Membership,
    Participation,
    Party,
    Side,
)
from timeline.queries import calendars, frameworks
from timeline.queries.as_of import AsOf
from timeline.queries.calendars import EventEntry
from timeline.queries.edits import Edits

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("today", "first"),
    [
        ("2026-11-26", "2024-11-26"),
        ("2026-03-31", "2024-03-31"),
        ("2026-02-28", "2024-02-28"),
        ("2028-02-29", "2026-02-28"),
    ],
)
def test_calendar_to_follow_begins_two_years_before_today(today: str, first: str) -> None:
    assert calendars.followed_since(dt.date.fromisoformat(today)).isoformat() == first


def entry(event: Event) -> EventEntry:
    ((only,),) = calendars.event_entries([event.pk], TODAY)
    return only


def edits(event: Event) -> int:
    return entry(event).edits.count


def of_session(framework: Framework) -> Edits:
    view = frameworks.one_view(framework, AsOf(TODAY))
    (only,) = calendars.session_entries([view])
    return only.edits


def a_yearly_framework() -> tuple[Framework, Event]:
    """Russia and Mali meet each year; Moscow received in 2025."""
    russia, mali = a_state("ru"), a_state("ml")
    framework = a_framework(russia, mali, cadence_months=12, publication="published")
    held = an_event(host=russia, framework=framework, takes_turn=True, publication="published")
    return framework, held


def test_edits_of_an_event_are_the_rows_of_its_history() -> None:
    event = an_event(publication="published")
    assert edits(event) == event.history.count() == 1
    event.title_en = "Another title"
    event.save()
    assert edits(event) == event.history.count() == 2
    moments = list(event.history.order_by("history_date").values_list("history_date", flat=True))
    assert entry(event).edits == Edits(2, moments[0], moments[-1])


def _postpone(event: Event) -> None:
    actions.change(event=event, on="2025-04-01", state=EventState.POSTPONED, date="2025-05")


def _add_party(event: Event) -> None:
    Participation.objects.create(event=event, party=a_state("ne"))


def _add_sector(event: Event) -> None:
    EventSector.objects.create(event=event, sector=a_sector("energy"))


def _drop_party(event: Event) -> None:
    event.participations.get(party__code="ml").delete()


def _move_party(event: Event) -> None:
    row = event.participations.get(party__code="ml")
    row.event = an_event()
    row.save()


def _rename_party(event: Event) -> None:
    party = Party.objects.get(code="ml")
    party.name_en = "Republic of Mali"
    party.save()


def _move_to_another_place(event: Event) -> None:
    link = event.place_links.get()
    link.place = a_place("bamako")
    link.save()


def _rename_state_of_place(event: Event) -> None:
    state = Party.objects.get(code="fr")
    state.name_en = "French Republic"
    state.save()


def _drop_sector(event: Event) -> None:
    EventSector.objects.get(event=event).delete()


def _rename_sector(event: Event) -> None:
    sector = EventSector.objects.get(event=event).sector
    sector.name_en = "Commerce"
    sector.save()


@pytest.mark.parametrize(
    "change",
    [
        _postpone,
        _add_party,
        _drop_party,
        _move_party,
        _rename_party,
        _move_to_another_place,
        _rename_state_of_place,
        _add_sector,
        _drop_sector,
        _rename_sector,
    ],
    ids=lambda change: change.__name__,
)
def test_edits_grow_with_whatever_an_entry_shows(change: Callable[[Event], None]) -> None:
    paris = a_place("paris", party=a_state("fr"))
    for name in ("Paris", "Ville de Paris"):  # more edits than the place that replaces it
        paris.name_fr = name
        paris.save()
    event = an_event(parties=(a_state("ml"),), place=paris, publication="published")
    EventSector.objects.create(event=event, sector=a_sector())
    before = entry(event).edits
    change(event)
    after = entry(event).edits
    assert after.count > before.count
    assert after.last is not None
    assert before.last is not None
    assert after.last > before.last
    assert after.first == before.first


def test_event_was_made_when_its_own_history_begins() -> None:
    party = a_state("ml")
    event = an_event(pk=party.pk, parties=(party,), publication="published")
    created = event.history.get().history_date
    assert entry(event).edits.first == created
    assert party.history.get().history_date < created


def test_edits_of_one_event_are_not_those_of_another() -> None:
    event, neighbour = (an_event(publication="published") for _ in range(2))
    event.save()
    ((first, second),) = calendars.event_entries([event.pk, neighbour.pk], TODAY)
    assert (first.edits.count, second.edits.count) == (2, 1)


def test_events_come_in_the_given_order_and_only_when_published() -> None:
    first, draft, second = (
        an_event(publication=state) for state in ("published", "draft", "published")
    )
    (entries,) = calendars.event_entries([second.pk, draft.pk, first.pk], TODAY)
    assert [entry.key for entry in entries] == [second.pk, first.pk]


def test_events_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [an_event(publication="published").pk for _ in range(5)]
    monkeypatch.setattr(calendars, "BATCH", 2)
    batches = [[entry.key for entry in batch] for batch in calendars.event_entries(keys, TODAY)]
    assert batches == [keys[:2], keys[2:4], keys[4:]]


def _edit_framework(framework: Framework, held: Event) -> None:
    framework.tolerance_months = 1
    framework.save()


def _edit_side(framework: Framework, held: Event) -> None:
    side = Side.objects.get(framework=framework, position=2)
    side.member_order = "fixed"
    side.save()


def _fix_order_of_hosts(framework: Framework, held: Event) -> None:
    side = Side.objects.get(framework=framework, position=3)
    HostOrder.objects.create(side=side, party=Party.objects.get(code="bf"), position=1)


def _rename_fixed_host(framework: Framework, held: Event) -> None:
    host = Party.objects.get(code="ch")
    host.name_en = "Swiss Confederation"
    host.save()


def _drop_side(framework: Framework, held: Event) -> None:
    Side.objects.get(framework=framework, position=2).delete()


def _meeting_joins(framework: Framework, held: Event) -> None:
    an_event(framework=framework, publication="published", date="2025-06")


def _meeting_of_old_joins(framework: Framework, held: Event) -> None:
    event = an_event(publication="published", date="2025-06")
    event.framework = framework
    event.save()


def _meeting_is_edited(framework: Framework, held: Event) -> None:
    held.date = "2025-05"
    held.save()


def _host_is_changed(framework: Framework, held: Event) -> None:
    host = held.participations.get()
    host.role = "participant"
    host.save()


def _meeting_leaves(framework: Framework, held: Event) -> None:
    other = Event.objects.get(slug="other")
    other.framework = None
    other.save()


def _meeting_goes(framework: Framework, held: Event) -> None:
    actions.delete_draft(event=Event.objects.get(slug="other"))


def _member_joins(framework: Framework, held: Event) -> None:
    a_membership(a_state("ne"), Party.objects.get(code="aes"))


def _member_leaves(framework: Framework, held: Event) -> None:
    membership = Membership.objects.get(party__code="bf")
    membership.ends = "2025-01-01"
    membership.save()


@pytest.mark.parametrize(
    "change",
    [
        _edit_framework,
        _edit_side,
        _fix_order_of_hosts,
        _rename_fixed_host,
        _drop_side,
        _meeting_joins,
        _meeting_of_old_joins,
        _meeting_is_edited,
        _host_is_changed,
        _meeting_leaves,
        _meeting_goes,
        _member_joins,
        _member_leaves,
    ],
    ids=lambda change: change.__name__,
)
def test_edits_of_an_expected_session_grow_with_all_that_it_depends_on(
    change: Callable[[Framework, Event], None],
) -> None:
    framework, held = a_yearly_framework()
    framework.rotation, framework.fixed_host = "fixed_host", a_state("ch")
    framework.save()
    bloc = a_bloc("aes")
    Side.objects.create(framework=framework, party=bloc, position=3)
    a_membership(a_state("bf"), bloc)
    other = an_event(slug="other", framework=framework, date="2025-07")
    for _ in range(3):
        other.save()
    before = of_session(framework)
    change(framework, held)
    after = of_session(framework)
    assert after.count > before.count
    assert after.last is not None
    assert before.last is not None
    assert after.last > before.last
    assert after.first == before.first


def test_session_without_a_window_is_not_in_a_calendar() -> None:
    framework = a_framework(a_state("ru"), a_state("ml"), publication="published")
    view = frameworks.one_view(framework, AsOf(TODAY))
    assert view.expects_a_session
    assert calendars.session_entries([view]) == []


def test_announced_session_is_no_longer_expected() -> None:
    framework, _ = a_yearly_framework()
    assert of_session(framework).count
    an_event(
        framework=framework,
        takes_turn=True,
        state="planned",
        date="2027",
        publication="published",
    )
    view = frameworks.one_view(framework, AsOf(TODAY))
    assert calendars.session_entries([view]) == []


def test_event_whose_day_passed_unseen_is_unconfirmed(db: None) -> None:
    past = an_event(state="planned", date="2026-10", publication="published")
    coming = an_event(state="planned", date="2026-11", publication="published")
    held = an_event(date="2026-10-01", publication="published")
    (entries,) = calendars.event_entries([past.pk, coming.pk, held.pk], TODAY)
    assert [entry.unconfirmed for entry in entries] == [True, False, False]
