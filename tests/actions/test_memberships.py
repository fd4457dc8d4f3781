"""Suspension, readmission and departure of members, and what is derived from these."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories as make
from timeline.actions import involvement, memberships
from timeline.actions.citations import Evidence
from timeline.models import Attendance, Citation, Event, Involvement, Membership, Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

Spell = tuple[str, str, str | None]


def spells(party: str = "ml") -> list[Spell]:
    rows = Membership.objects.filter(party__code=party).order_by("starts_earliest", "pk")
    return [(row.standing, str(row.starts), str(row.ends) if row.ends else None) for row in rows]


def through_the_bloc(date: str, bloc: Party) -> set[tuple[str, bool]]:
    """Return who takes part through a bloc in an event on a date, and whether only possibly."""
    event = make.an_event(parties=(bloc,), date=date)
    rows = Involvement.objects.filter(event=event, via=bloc)
    return set(rows.values_list("party__code", "possibly"))


@pytest.fixture
def bloc() -> Party:
    return make.a_bloc("ecowas")


@pytest.fixture
def member(bloc: Party) -> Membership:
    return make.a_membership(make.a_state("ml"), bloc, "1975-05-28", "2025-01-29")


def test_suspended_from_a_day_on_until_the_old_end(member: Membership) -> None:
    memberships.suspend(membership=member, on="2021-05-30")
    assert spells() == [
        ("member", "1975-05-28", "2021-05-30"),
        ("suspended", "2021-05-30", "2025-01-29"),
    ]


def test_readmitted_and_suspended_again(member: Membership) -> None:
    suspended = memberships.suspend(membership=member, on="2020-08-20")
    again = memberships.readmit(membership=suspended, on="2020-10-06")
    memberships.suspend(membership=again, on="2021-05-30")
    assert spells() == [
        ("member", "1975-05-28", "2020-08-20"),
        ("suspended", "2020-08-20", "2020-10-06"),
        ("member", "2020-10-06", "2021-05-30"),
        ("suspended", "2021-05-30", "2025-01-29"),
    ]


def test_event_at_which_it_was_decided_stands_at_the_end_and_at_the_start(
    member: Membership,
) -> None:
    left, decided = make.an_event(slug="left"), make.an_event(slug="decided")
    member.end_event = left
    member.save()
    suspended = memberships.suspend(membership=member, on="2021-05-30", event=decided)
    member.refresh_from_db()
    assert (member.start_event, member.end_event) == (None, decided)
    assert (suspended.start_event, suspended.end_event) == (decided, left)


def test_citations_of_the_end_go_with_the_end(member: Membership) -> None:
    sources = {name: make.a_source(title=name) for name in ("start", "end", "new")}
    Citation.objects.create(membership=member, source=sources["start"], field="starts")
    Citation.objects.create(membership=member, source=sources["end"], field="ends")
    Citation.objects.create(membership=member, source=sources["end"])
    evidence = Evidence(sources["new"], excerpt="Le Mali est suspendu")
    suspended = memberships.suspend(membership=member, on="2021-05-30", evidence=evidence)

    def cited(row: Membership) -> set[tuple[str, str]]:
        return set(row.citations.values_list("source__title", "field"))

    assert cited(member) == {("start", "starts"), ("end", ""), ("new", "ends")}
    assert cited(suspended) == {("end", "ends"), ("new", "starts")}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2021-05-29", {("ml", False)}),
        ("2021-05-30", set()),
        ("2023-01", set()),
        ("2021-05", {("ml", True)}),
        ("2025-01-29", set()),
    ],
)
def test_only_a_member_takes_part_through_its_bloc(
    member: Membership, bloc: Party, date: str, expected: set[tuple[str, bool]]
) -> None:
    memberships.suspend(membership=member, on="2021-05-30")
    assert through_the_bloc(date, bloc) == expected


@pytest.mark.parametrize("standing", ["suspended", "observer", "associate"])
def test_other_standings_take_part_in_nothing(bloc: Party, standing: str) -> None:
    Membership.objects.create(
        party=make.a_state("mr"), bloc=bloc, starts="2000-12-31", standing=standing
    )
    memberships.refresh_derived(bloc=bloc.pk)
    assert through_the_bloc("2019-06-29", bloc) == set()


def test_spells_as_a_member_that_touch_are_one_stretch_and_suspension_parts_them(
    member: Membership, bloc: Party
) -> None:
    suspended = memberships.suspend(membership=member, on="2020-08-20")
    memberships.readmit(membership=suspended, on="2020-10-06")
    assert through_the_bloc("2020-08-19/2020-10-06", bloc) == {("ml", True)}
    suspended.standing = "member"
    suspended.save()
    memberships.refresh_derived(bloc=bloc.pk)
    assert through_the_bloc("2020-08-19/2020-10-06", bloc) == {("ml", False)}


def test_suspended_party_that_a_source_names_takes_part_itself(
    member: Membership, bloc: Party
) -> None:
    memberships.suspend(membership=member, on="2021-05-30")
    event = make.an_event(parties=(bloc, member.party), date="2022-01-01")
    rows = Involvement.objects.filter(event=event, party=member.party)
    assert [(row.via, row.possibly) for row in rows] == [(None, False)]


def test_past_events_follow_a_suspension_that_is_entered_later(
    member: Membership, bloc: Party
) -> None:
    event = make.an_event(parties=(bloc,), date="2022-01-01")
    assert Involvement.objects.filter(event=event, party=member.party).exists()
    memberships.suspend(membership=member, on="2021-05-30")
    assert not Involvement.objects.filter(event=event, party=member.party).exists()
    assert involvement.resolve() == []


def test_suspension_of_a_party_that_somebody_attended_for_later_is_refused(
    member: Membership, bloc: Party
) -> None:
    event = make.an_event(parties=(bloc,), date="2022-01-01")
    Attendance.objects.create(event=event, person=make.a_person(), party=member.party)
    with pytest.raises(ValidationError, match=re.escape(str(event))):
        memberships.suspend(membership=member, on="2021-05-30")
    assert spells() == [("member", "1975-05-28", "2025-01-29")]


def test_member_that_left(bloc: Party) -> None:
    row = make.a_membership(make.a_state("ml"), bloc, "1975-05-28")
    event = make.an_event(slug="exit")
    memberships.leave(
        membership=row, on="2025-01-29", event=event, evidence=Evidence(make.a_source(title="E"))
    )
    assert spells() == [("member", "1975-05-28", "2025-01-29")]
    row.refresh_from_db()
    assert row.end_event == event
    assert list(row.citations.values_list("source__title", "field")) == [("E", "ends")]
    assert through_the_bloc("2025-01-29", bloc) == set()


def _not_a_member_that_day(member: Membership) -> None:
    memberships.suspend(membership=member, on="2025-01-29")


def _before_it_began(member: Membership) -> None:
    memberships.suspend(membership=member, on="1974")


def _on_its_first_day(member: Membership) -> None:
    memberships.suspend(membership=member, on="1975-05-28")


def _an_unreadable_day(member: Membership) -> None:
    memberships.suspend(membership=member, on="30 mai 2021")


def _twice(member: Membership) -> None:
    suspended = memberships.suspend(membership=member, on="2021-05-30")
    try:
        memberships.suspend(membership=suspended, on="2022-01-01")
    finally:
        Membership.objects.filter(pk=suspended.pk).delete()
        Membership.objects.update(ends="2025-01-29", ends_earliest="2025-01-29")
        Membership.objects.update(ends_latest="2025-01-29")


def _readmit_a_member(member: Membership) -> None:
    memberships.readmit(membership=member, on="2021-05-30")


def _leave_twice(member: Membership) -> None:
    memberships.leave(membership=member, on="2024-01-01")


REFUSED: dict[str, tuple[Callable[[Membership], None], str]] = {
    "a day on which it is no member": (
        _not_a_member_that_day,
        "The party does not belong to the bloc in this way on 2025-01-29; choose a day that is "
        "later than the first of this spell, and not after its last.",
    ),
    "a day before it began": (_before_it_began, "does not belong to the bloc in this way on 1974"),
    "its first day": (_on_its_first_day, "does not belong to the bloc in this way on 1975-05-28"),
    "an unreadable day": (_an_unreadable_day, "Write 2021-05-30"),
    "suspended already": (_twice, "Only a member can be suspended."),
    "readmitted though a member": (
        _readmit_a_member,
        "Only a suspended member can be readmitted.",
    ),
    "left already": (_leave_twice, "This spell has an end already; correct it on the form."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_in_words_and_nothing_changes(
    member: Membership, name: str
) -> None:
    refused, sentence = REFUSED[name]
    with pytest.raises(ValidationError, match=re.escape(sentence)):
        refused(member)
    assert spells() == [("member", "1975-05-28", "2025-01-29")]


def test_spell_that_another_follows_is_not_left(bloc: Party) -> None:
    row = make.a_membership(make.a_state("ml"), bloc, "1975-05-28", "2021-05-30")
    suspended = make.a_membership(row.party, bloc, "2021-05-30", standing="suspended")
    row.ends = None
    with pytest.raises(ValidationError, match="Another spell follows this one"):
        memberships.leave(membership=row, on="2021-05-30")
    memberships.leave(membership=suspended, on="2025-01-29")
    assert spells()[-1] == ("suspended", "2021-05-30", "2025-01-29")


def test_suspension_of_a_party_that_was_no_member_is_refused(bloc: Party) -> None:
    row = Membership(party=make.a_state("ml"), bloc=bloc, starts="2021", standing="suspended")
    with pytest.raises(ValidationError, match="Only a member can be suspended; enter first"):
        row.full_clean()


def test_spell_as_a_member_stays_while_a_suspension_follows_it(member: Membership) -> None:
    memberships.suspend(membership=member, on="2021-05-30")
    with pytest.raises(ValidationError, match="Only a member can be suspended; enter first"):
        memberships.remove(membership=member)
    assert len(spells()) == 2


def test_two_standings_on_one_day_are_refused(member: Membership) -> None:
    twice = Membership(
        party=member.party, bloc=member.bloc, starts="2021", ends="2022", standing="suspended"
    )
    with pytest.raises(ValidationError, match="already belongs to this bloc on some of these days"):
        twice.full_clean()
    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        twice.save()


def test_blocs_belong_to_blocs_and_carry_nobody_along(member: Membership, bloc: Party) -> None:
    union = make.a_bloc("au")
    make.a_membership(bloc, union, "2002")
    assert through_the_bloc("2019-06-29", union) == {("ecowas", False)}


def test_circle_of_blocs_is_refused(bloc: Party) -> None:
    union, group = make.a_bloc("au"), make.a_bloc("g20")
    make.a_membership(bloc, union, "2002")
    make.a_membership(union, group, "2023-09-09")
    circle = Membership(party=group, bloc=bloc, starts="1990", ends="1991")
    with pytest.raises(ValidationError, match="two blocs cannot belong to each other"):
        circle.full_clean()


def test_addressee_is_marked_and_its_members_are_not_there(member: Membership, bloc: Party) -> None:
    event = Event.objects.create(slug="e", kind="statement", title_en="E", date="2019-06-29")
    for party, role in ((make.a_state("ru"), "host"), (bloc, "addressee")):
        event.participations.create(party=party, role=role)
    involvement.resolve(events=[event.pk])
    names = ("party__code", "via__code", "addressee")
    rows = Involvement.objects.filter(event=event).values_list(*names)
    assert set(rows) == {("ru", None, False), ("ecowas", None, True)}


def test_addressee_that_also_took_part_counts_as_taking_part(
    member: Membership, bloc: Party
) -> None:
    event = make.an_event(parties=(bloc,), date="2019-06-29")
    event.participations.create(party=bloc, role="addressee")
    involvement.resolve(events=[event.pk])
    rows = Involvement.objects.filter(event=event).values_list("party__code", "addressee")
    assert set(rows) == {("ecowas", False), ("ml", False)}
