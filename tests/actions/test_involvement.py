"""Who took part: resolved on write, never stale, whatever editors do and in whatever order."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests import factories as make
from timeline.actions import events, involvement
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
    found = make.a_bloc("ecowas")
    make.a_membership(mali, found, "1975-05-28", "2025-01-29")
    return found


def event_on(date: str, *parties: Party, **more: Any) -> Event:
    number = Event.objects.count()
    values = {"kind": "summit", "title_en": "E", "slug": f"e-{number}", **more}
    event = Event.objects.create(date=date, **values)
    for party in parties:
        Participation.objects.create(event=event, party=party)
    events.settle(events=[event.pk])
    return event


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("2019-06-29", {("ecowas", None, False), ("ml", "ecowas", False)}),
        ("2025-01-28", {("ecowas", None, False), ("ml", "ecowas", False)}),
        ("2025-01-29", {("ecowas", None, False)}),
        ("2025-01", {("ecowas", None, False), ("ml", "ecowas", True)}),
        ("2026-06-20", {("ecowas", None, False)}),
    ],
)
def test_member_is_involved_while_it_belongs(bloc: Party, date: str, found: set[Any]) -> None:
    assert ways(event_on(date, bloc)) == found


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
    events.settle_membership(bloc=bloc.pk)
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
            events.settle_membership(bloc=bloc.pk)

    with pytest.raises(ValidationError, match="Somebody attends for this state"):
        end_it()
    assert ways(event) == before


def test_check_names_what_differs_and_exits_1(bloc: Party) -> None:
    event = event_on("2019-06-29", bloc)
    Involvement.objects.filter(event=event, party__code="ml").delete()
    said = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("rebuild_involvement", "--check", stdout=said)
    assert (stopped.value.code, said.getvalue()) == (1, "e-0: missing ml; stale nothing.\n")
    call_command("rebuild_involvement", stdout=StringIO())
    again = StringIO()
    call_command("rebuild_involvement", "--check", stdout=again)
    assert again.getvalue() == "Who took part is as the record says; nothing differs.\n"


DATES = st.sampled_from(
    ["2019-06-29", "2020", "2020-05", "2020-05-10/2020-06-02", "2021~", "2022-03-01/..", "201X"]
)
STARTS = st.sampled_from(["2018", "2019-06", "2020-05-12", "2021"])
ENDS = st.sampled_from([None, "2020-05-20", "2021-06", "2022", "2030-01-01"])
CODES = ("aa", "bb", "cc")
BLOCS = ("one", "two")


class Edits(RuleBasedStateMachine):
    """Editors at work; after each edit nothing is stale."""

    @initialize()
    def people_the_world(self) -> None:
        self.savepoint = transaction.savepoint()
        self.parties = {code: make.a_state(code) for code in CODES}
        self.parties |= {code: make.a_bloc(code) for code in BLOCS}
        self.made = 0

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
        events.settle(events=[event.pk])

    @rule(date=DATES, pick=st.integers(0, 20))
    def move_an_event(self, date: str, pick: int) -> None:
        rows = list(Event.objects.order_by("pk"))
        if rows:
            event = rows[pick % len(rows)]
            event.date = date
            event.save()
            events.settle(events=[event.pk])

    @rule(code=st.sampled_from(CODES + BLOCS), pick=st.integers(0, 20))
    def add_or_remove_a_party(self, code: str, pick: int) -> None:
        rows = list(Event.objects.order_by("pk"))
        if rows:
            event = rows[pick % len(rows)]
            gone, _ = Participation.objects.filter(event=event, party=self.parties[code]).delete()
            if not gone:
                Participation.objects.create(event=event, party=self.parties[code])
            events.settle(events=[event.pk])

    @rule(code=st.sampled_from(CODES), bloc=st.sampled_from(BLOCS), starts=STARTS, ends=ENDS)
    def add_a_membership(self, code: str, bloc: str, starts: str, ends: str | None) -> None:
        row = Membership(
            party=self.parties[code], bloc=self.parties[bloc], starts=starts, ends=ends
        )
        try:
            row.full_clean()
        except ValidationError:
            return
        row.save()
        events.settle_membership(bloc=row.bloc_id)

    @rule(ends=ENDS, pick=st.integers(0, 20))
    def end_or_reopen_a_membership(self, ends: str | None, pick: int) -> None:
        rows = list(Membership.objects.order_by("pk"))
        if not rows:
            return
        row = rows[pick % len(rows)]
        row.ends = ends
        try:
            row.full_clean()
        except ValidationError:
            return
        row.save()
        events.settle_membership(bloc=row.bloc_id)

    @invariant()
    def nothing_is_stale(self) -> None:
        assert list(involvement.differing()) == []

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)


def test_no_sequence_of_edits_leaves_anything_stale(db: None) -> None:
    run_state_machine_as_test(
        Edits,
        settings=settings(
            max_examples=40,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
