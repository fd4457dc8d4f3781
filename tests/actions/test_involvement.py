"""Who took part is resolved on each write and never stale, whatever editors do in any order."""

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bench.soak.reckoning.rules import Record
from tests import factories as make
from tests.examples import tries
from timeline.actions import events, involvement, memberships
from timeline.core.codes import EventState
from timeline.models import Attendance, Event, Involvement, Membership, Participation, Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def ways(event: Event) -> set[tuple[str, str | None, bool]]:
    rows = Involvement.objects.filter(event=event)
    return set(rows.values_list("party__code", "via__code", "possibly"))


@pytest.fixture
def mali() -> Party:
    return make.a_state("ml")


@pytest.fixture
def bloc(mali: Party) -> Party:
    party = make.a_bloc("ecowas")
    make.a_membership(mali, party, "1975-05-28", "2025-01-29")
    return party


def event_on(date: str, *parties: Party, **more: Any) -> Event:
    number = Event.objects.count()
    values = {"kind": "summit", "title_en": "E", "slug": f"e-{number}", **more}
    event = Event.objects.create(date=date, **values)
    for party in parties:
        Participation.objects.create(event=event, party=party)
    events.refresh_derived(events=[event.pk])
    return event


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2019-06-29", {("ecowas", None, False), ("ml", "ecowas", False)}),
        ("2025-01-28", {("ecowas", None, False), ("ml", "ecowas", False)}),
        ("2025-01-29", {("ecowas", None, False)}),
        ("2025-01", {("ecowas", None, False), ("ml", "ecowas", True)}),
        ("2026-06-20", {("ecowas", None, False)}),
    ],
)
def test_member_is_involved_while_it_belongs(bloc: Party, date: str, expected: set[Any]) -> None:
    assert ways(event_on(date, bloc)) == expected


def test_bloc_is_not_involved_because_all_its_members_are(bloc: Party, mali: Party) -> None:
    assert ways(event_on("2019-06-29", mali)) == {("ml", None, False)}


def test_party_named_itself_is_involved_both_ways(bloc: Party, mali: Party) -> None:
    assert ways(event_on("2019-06-29", bloc, mali)) == {
        ("ecowas", None, False),
        ("ml", None, False),
        ("ml", "ecowas", False),
    }


def test_surest_of_two_memberships_counts(bloc: Party, mali: Party) -> None:
    make.a_membership(mali, bloc, "2025-06-01")
    assert ("ml", "ecowas", True) in ways(event_on("2025", bloc))
    assert ("ml", "ecowas", False) in ways(event_on("2025-07-01", bloc))


def test_change_of_a_membership_reaches_past_events(bloc: Party) -> None:
    event = event_on("2019-06-29", bloc)
    membership = Membership.objects.get()
    membership.ends = "2018-01-01"
    membership.save()
    memberships.refresh_derived(bloc=bloc.pk)
    assert ways(event) == {("ecowas", None, False)}


def test_attendance_left_without_its_party_is_refused_and_nothing_changes(
    bloc: Party, mali: Party
) -> None:
    event = event_on("2019-06-29", bloc)
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    before = ways(event)
    membership = Membership.objects.get()
    membership.ends = "2018-01-01"

    def end_it() -> None:
        with transaction.atomic():
            membership.save()
            memberships.refresh_derived(bloc=bloc.pk)

    with pytest.raises(ValidationError, match="Somebody attends for this state"):
        end_it()
    assert ways(event) == before


def test_check_names_what_differs_and_exits_1(bloc: Party) -> None:
    event = event_on("2019-06-29", bloc)
    Involvement.objects.filter(event=event, party__code="ml").delete()
    output = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("rebuild_involvement", "--check", stdout=output)
    assert (stopped.value.code, output.getvalue()) == (1, "e-0: missing ml; stale nothing.\n")
    call_command("rebuild_involvement", stdout=StringIO())
    again = StringIO()
    call_command("rebuild_involvement", "--check", stdout=again)
    assert again.getvalue() == "Who took part is as the record says; nothing differs.\n"


def test_members_of_the_alliance_are_there_through_it_and_russia_itself(mali: Party) -> None:
    aes, russia = make.a_bloc("aes"), make.a_state("ru")
    for state in (mali, make.a_state("bf"), make.a_state("ne")):
        make.a_membership(state, aes, "2023-09-16")
    event = make.an_event(host=russia, parties=(aes,), date="2025-04-03")
    assert ways(event) == {
        ("ru", None, False),
        ("aes", None, False),
        ("ml", "aes", False),
        ("bf", "aes", False),
        ("ne", "aes", False),
    }


def test_state_that_came_back_is_involved_again_and_not_between(bloc: Party, mali: Party) -> None:
    make.a_membership(mali, bloc, "2026-03-01")
    memberships = [
        ("ml", "ecowas", False) in ways(event_on(date, bloc))
        for date in ("2025-01-28", "2025-06-01", "2026-02-28", "2026-03-01")
    ]
    assert memberships == [True, False, False, True]


def test_two_roles_of_a_party_are_one_way_of_taking_part(bloc: Party) -> None:
    event = event_on("2026-06-20", bloc)
    Participation.objects.create(event=event, party=bloc, role="signatory")
    events.refresh_derived(events=[event.pk])
    assert ways(event) == {("ecowas", None, False)}


def test_two_blocs_are_two_ways(bloc: Party, mali: Party) -> None:
    union = make.a_bloc("african-union")
    make.a_membership(mali, union, "2002")
    assert ways(event_on("2019-06-29", bloc, union)) >= {
        ("ml", "ecowas", False),
        ("ml", "african-union", False),
    }


def test_event_moved_to_another_day_has_the_members_of_that_day(bloc: Party) -> None:
    event = event_on("2026-06-20", bloc)
    events.change(event=event, on="2024-01-01", state=EventState.HELD, date="2019-06-29")
    assert ("ml", "ecowas", False) in ways(event)


def test_membership_taken_out_takes_its_ways_with_it(bloc: Party) -> None:
    event = event_on("2019-06-29", bloc)
    memberships.remove(membership=Membership.objects.get())
    assert (ways(event), Membership.objects.count()) == ({("ecowas", None, False)}, 0)


def test_membership_that_somebody_attended_by_stays(bloc: Party, mali: Party) -> None:
    event = event_on("2019-06-29", bloc)
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    with pytest.raises(ValidationError, match=re.escape(str(event))):
        memberships.remove(membership=Membership.objects.get())
    assert (("ml", "ecowas", False) in ways(event), Membership.objects.count()) == (True, 1)


def test_party_whose_delegate_stays_cannot_be_taken_out(mali: Party) -> None:
    event = event_on("2019-06-29", mali)
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)

    def take_out() -> None:
        with transaction.atomic():
            Participation.objects.filter(event=event).delete()
            events.refresh_derived(events=[event.pk])

    with pytest.raises(ValidationError, match="A person attends for a party that takes part"):
        take_out()
    assert (ways(event), Participation.objects.count()) == ({("ml", None, False)}, 1)


def test_delegate_may_change_sides_where_both_stand_for_a_moment(mali: Party) -> None:
    event, niger = event_on("2019-06-29", mali), make.a_state("ne")
    attendance = Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    with transaction.atomic():
        Participation.objects.filter(event=event).delete()
        Participation.objects.create(event=event, party=niger)
        involvement.add_missing(events=[event.pk])
        attendance.party = niger
        attendance.save()
        events.refresh_derived(events=[event.pk])
    assert ways(event) == {("ne", None, False)}


def test_many_events_are_worked_out_in_batches(
    bloc: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [event_on("2019-06-29", bloc) for _ in range(5)]
    keys = [event.pk for event in events]
    Involvement.objects.filter(party__code="ml").delete()
    monkeypatch.setattr(involvement, "_BATCH", 2)
    assert [difference.event for difference in involvement.resolve(events=keys)] == keys
    assert involvement.resolve(events=keys) == []


@pytest.mark.django_db(transaction=True)
def test_bloc_and_member_that_come_at_the_same_time_find_each_other() -> None:
    mali, aes = make.a_state("ml"), make.a_bloc("aes")
    event = make.an_event(date="2025-04-03")
    put_in, joined = threading.Event(), threading.Event()

    def put_the_bloc_in() -> None:
        with transaction.atomic():
            Participation.objects.create(event=event, party=aes)
            put_in.set()
            # SQLite does not let the other transaction begin; PostgreSQL does.
            joined.wait(1)
            events.refresh_derived(events=[event.pk])
            time.sleep(0.3)
        connection.close()

    def join() -> None:
        put_in.wait(5)
        with transaction.atomic():
            row = Membership.objects.create(party=mali, bloc=aes, starts="2023-09-16")
            joined.set()
            memberships.refresh_derived(bloc=row.bloc_id)
            time.sleep(0.3)
        connection.close()

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(put_the_bloc_in), both.submit(join)]:
            done.result(timeout=20)
    assert ways(event) == {("aes", None, False), ("ml", "aes", False)}


DATES = st.sampled_from(
    ["2019-06-29", "2020", "2020-05", "2020-05-10/2020-06-02", "2021~", "2022-03-01/..", "201X"]
)
STARTS = st.sampled_from(["2018", "2019-06", "2020-05-12", "2021"])
ENDS = st.sampled_from([None, "2020-05-20", "2021-06", "2022", "2030-01-01"])
CHANGES = st.sampled_from(["2019", "2019-06-29", "2020-05-15", "2020-05", "2021-03-01", "2021~"])
STANDINGS = st.sampled_from(["member", "suspended", "observer", "associate"])
CODES = ("aa", "bb", "cc")
BLOCS = ("one", "two")
ROLES = st.sampled_from(["host", "participant", "observer", "addressee"])


class Edits(RuleBasedStateMachine):
    """Random edits; after each of them nothing is stale, whether it was refused or not."""

    @initialize()
    def people_the_world(self) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.parties = {code: make.a_state(code) for code in CODES}
        self.parties |= {code: make.a_bloc(code) for code in BLOCS}
        self.person = make.a_person()
        self.made = 0
        make.a_membership(self.parties["aa"], self.parties["one"], "2019-06", "2021-06")
        make.a_membership(self.parties["bb"], self.parties["two"], "2020-05-12")
        make.an_event(parties=(self.parties["one"],), date="2020-05")
        make.an_event(parties=(self.parties["two"], self.parties["aa"]), date="2019-06-29")

    @staticmethod
    def one_of(model: type[Any], pick: int) -> Any:
        rows = list(model._default_manager.order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    @contextmanager
    def an_edit(self) -> Iterator[None]:
        """Save everything, or nothing and keep the error, as the admin does."""
        with suppress(ValidationError), transaction.atomic():
            yield

    @rule(date=DATES, codes=st.sets(st.sampled_from(CODES + BLOCS)), draft=st.booleans())
    def add_an_event(self, date: str, codes: set[str], draft: bool) -> None:
        self.made += 1
        event = Event.objects.create(
            slug=f"s{self.made}",
            date=date,
            kind="visit",
            title_en="S",
            publication="draft" if draft else "published",
        )
        for code in sorted(codes):
            Participation.objects.create(event=event, party=self.parties[code])
        events.refresh_derived(events=[event.pk])

    @rule(date=DATES, pick=st.integers(0, 20))
    def move_an_event(self, date: str, pick: int) -> None:
        if event := self.one_of(Event, pick):
            with self.an_edit():
                event.date = date
                event.save()
                events.refresh_derived(events=[event.pk])

    @rule(date=DATES, pick=st.integers(0, 20))
    def postpone_an_event(self, date: str, pick: int) -> None:
        if event := self.one_of(Event, pick):
            with self.an_edit():
                events.change(event=event, on="2019", state=EventState.POSTPONED, date=date)

    @rule(code=st.sampled_from(CODES + BLOCS), role=ROLES, pick=st.integers(0, 20))
    def add_or_remove_a_party(self, code: str, role: str, pick: int) -> None:
        if event := self.one_of(Event, pick):
            with self.an_edit():
                rows = Participation.objects.filter(
                    event=event, party=self.parties[code], role=role
                )
                gone, _ = rows.delete()
                if not gone:
                    Participation.objects.create(event=event, party=self.parties[code], role=role)
                events.refresh_derived(events=[event.pk])

    @rule(code=st.sampled_from(CODES + BLOCS), pick=st.integers(0, 20))
    def change_a_party(self, code: str, pick: int) -> None:
        row = self.one_of(Participation, pick)
        if row is not None:
            with self.an_edit():
                row.party = self.parties[code]
                row.full_clean()
                row.save()
                events.refresh_derived(events=[row.event_id])

    @rule(code=st.sampled_from(CODES + BLOCS), pick=st.integers(0, 20))
    def send_a_delegate(self, code: str, pick: int) -> None:
        if event := self.one_of(Event, pick):
            with suppress(IntegrityError), transaction.atomic():
                Attendance.objects.create(event=event, person=self.person, party=self.parties[code])

    @rule(pick=st.integers(0, 20))
    def discard_a_draft(self, pick: int) -> None:
        if event := self.one_of(Event, pick):
            with self.an_edit():
                events.delete_draft(event=event)

    @rule(code=st.sampled_from(CODES), bloc=st.sampled_from(BLOCS), starts=STARTS, ends=ENDS)
    def add_a_membership(self, code: str, bloc: str, starts: str, ends: str | None) -> None:
        with self.an_edit():
            row = Membership(
                party=self.parties[code], bloc=self.parties[bloc], starts=starts, ends=ends
            )
            row.full_clean()
            row.save()
            memberships.refresh_derived(bloc=row.bloc_id)

    @rule(ends=ENDS, pick=st.integers(0, 20))
    def end_or_reopen_a_membership(self, ends: str | None, pick: int) -> None:
        if row := self.one_of(Membership, pick):
            with self.an_edit():
                row.ends = ends
                row.full_clean()
                row.save()
                memberships.refresh_derived(bloc=row.bloc_id)

    @rule(starts=STARTS, pick=st.integers(0, 20))
    def find_another_start_of_a_membership(self, starts: str, pick: int) -> None:
        if row := self.one_of(Membership, pick):
            with self.an_edit():
                row.starts = starts
                row.full_clean()
                row.save()
                memberships.refresh_derived(bloc=row.bloc_id)

    @rule(
        change=st.sampled_from(["suspend", "readmit", "leave"]),
        on=CHANGES,
        pick=st.integers(0, 20),
    )
    def change_a_standing(self, change: str, on: str, pick: int) -> None:
        if row := self.one_of(Membership, pick):
            with self.an_edit():
                getattr(memberships, change)(membership=row, on=on)

    @rule(standing=STANDINGS, pick=st.integers(0, 20))
    def correct_a_standing(self, standing: str, pick: int) -> None:
        if row := self.one_of(Membership, pick):
            with self.an_edit():
                row.standing = standing
                row.full_clean()
                row.save()
                memberships.refresh_derived(bloc=row.bloc_id)

    @rule(pick=st.integers(0, 20))
    def take_a_membership_out(self, pick: int) -> None:
        if row := self.one_of(Membership, pick):
            with self.an_edit():
                memberships.remove(membership=row)

    @invariant()
    def nothing_is_stale(self) -> None:
        output = StringIO()
        call_command("rebuild_involvement", "--check", stdout=output)
        assert output.getvalue() == "Who took part is as the record says; nothing differs.\n"
        rows = Involvement.objects.values_list(
            "event__slug", "party__code", "via__code", "possibly", "addressee"
        )
        assert set(rows) == Record().ways

    @invariant()
    def nobody_attends_for_a_party_that_is_not_there(self) -> None:
        for attendance in Attendance.objects.all():
            assert Involvement.objects.filter(
                event=attendance.event_id, party=attendance.party_id
            ).exists()

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


def test_no_sequence_of_edits_leaves_anything_stale(db: None) -> None:
    run_state_machine_as_test(
        Edits,
        settings=settings(
            max_examples=tries(10, soak=40),
            stateful_step_count=15,
            suppress_health_check=list(HealthCheck),
        ),
    )
