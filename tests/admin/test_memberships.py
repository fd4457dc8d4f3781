"""Memberships as editors type them: overlaps, and what becomes of those who attended."""

import pytest
from django.test import Client

from tests import factories as make
from tests.admin.forms import errors, fill, messages, opened
from tests.admin.test_events import page_of
from timeline.actions.involvement import differing
from timeline.models import Attendance, Event, Membership, Party

pytestmark = pytest.mark.django_db

ADD = "/admin/timeline/membership/add/"


@pytest.fixture
def pair(db: None) -> tuple[Party, Party]:
    return make.a_state("ml"), make.a_bloc("aes")


def add(editor_client: Client, pair: tuple[Party, Party], starts: str, ends: str = "") -> list[str]:
    state, bloc = pair
    form = fill(
        opened(editor_client, ADD, "membership"), party=state, bloc=bloc, starts=starts, ends=ends
    )
    return errors(editor_client.post(ADD, form, follow=True))


def via(event: Event) -> list[tuple[str, str | None]]:
    rows = event.involvements.order_by("party__code", "via__code")
    return list(rows.values_list("party__code", "via__code"))


def test_membership_added_involves_the_state(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    event = make.an_event(parties=(pair[1],))
    assert add(editor_client, pair, "2023-09-16") == []
    assert via(event) == [("aes", None), ("ml", "aes")]


def test_memberships_that_overlap_are_refused(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    assert add(editor_client, pair, "2023-09-16", "2025-01-29") == []
    assert add(editor_client, pair, "2025-01-28") == [
        "This state already belongs to this bloc on some of these days; end that membership first."
    ]
    assert Membership.objects.count() == 1
    assert add(editor_client, pair, "2025-01-29") == []


def test_overlap_that_only_the_database_sees_is_said_on_the_form(
    editor_client: Client, pair: tuple[Party, Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add(editor_client, pair, "2023") == []
    monkeypatch.setattr(Membership, "clean", lambda self: None)
    assert add(editor_client, pair, "2024") == [
        "This state already belongs to this bloc on some of these days; end that membership first."
    ]
    assert Membership.objects.count() == 1


def test_membership_that_ends_before_it_starts_is_refused(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    assert add(editor_client, pair, "2025", "2024") == [
        "A membership cannot end before it starts; the end is the first day outside."
    ]


def test_end_is_emptied_again(editor_client: Client, pair: tuple[Party, Party]) -> None:
    held = make.a_membership(*pair, "2023", "2024")
    event = make.an_event(parties=(pair[1],))
    form = fill(opened(editor_client, page_of(held), "membership"), ends="")
    assert errors(editor_client.post(page_of(held), form, follow=True)) == []
    held.refresh_from_db()
    assert (held.ends, held.ends_latest) == (None, None)
    assert via(event) == [("aes", None), ("ml", "aes")]


def attended(pair: tuple[Party, Party]) -> tuple[Membership, Event]:
    held = make.a_membership(*pair)
    event = make.an_event(parties=(pair[1],), title_en="Talks")
    Attendance.objects.create(event=event, person=make.a_person(), party=pair[0])
    return held, event


SENTENCE = (
    "Somebody attends for this state at events where it would no longer take part: "
    "2025-04-03 · Talks. Change who attended there first."
)


def test_end_that_would_leave_somebody_alone_names_the_event(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held, event = attended(pair)
    form = fill(opened(editor_client, page_of(held), "membership"), ends="2024")
    assert errors(editor_client.post(page_of(held), form)) == [SENTENCE]
    held.refresh_from_db()
    assert held.ends is None
    assert via(event) == [("aes", None), ("ml", "aes")]


def test_membership_that_somebody_attended_by_is_not_deleted(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held, event = attended(pair)
    chosen = {"action": "delete_selected", "_selected_action": [held.pk], "post": "yes"}
    for address, asked in (
        (page_of(held, "delete"), {"post": "yes"}),
        ("/admin/timeline/membership/", chosen),
    ):
        assert messages(editor_client.post(address, asked, follow=True)) == [SENTENCE]
    assert Membership.objects.get() == held
    assert via(event) == [("aes", None), ("ml", "aes")]


def test_membership_deleted_takes_its_involvement_along(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held = make.a_membership(*pair)
    event = make.an_event(parties=(pair[1],))
    editor_client.post(page_of(held, "delete"), {"post": "yes"})
    assert Membership.objects.count() == 0
    assert via(event) == [("aes", None)]
    assert list(differing()) == []


def test_membership_moved_to_another_bloc_settles_both(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held = make.a_membership(*pair)
    other = make.a_bloc("ecowas")
    events = [make.an_event(parties=(bloc,)) for bloc in (pair[1], other)]
    form = fill(opened(editor_client, page_of(held), "membership"), bloc=other)
    assert errors(editor_client.post(page_of(held), form, follow=True)) == []
    assert [via(event) for event in events] == [
        [("aes", None)],
        [("ecowas", None), ("ml", "ecowas")],
    ]


def test_bloc_is_no_member(editor_client: Client, pair: tuple[Party, Party]) -> None:
    assert add(editor_client, (make.a_bloc("oif"), pair[1]), "2025") == [
        "Only a state can be a member; choose a state."
    ]
