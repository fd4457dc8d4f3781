"""Memberships in the admin: overlaps, standings, and their effect on attendances."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests import factories as make
from tests.admin.forms import errors, fill, messages, opened, tree, with_row
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


def test_announcement_is_typed_under_its_spell(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    row, event = make.a_membership(*pair, "2023-09-16"), make.an_event()
    form = opened(editor_client, page_of(row), "membership")
    with_row(form, "remarks", kind="leaving_announced", date="2024-01-28", event=event)
    assert errors(editor_client.post(page_of(row), form, follow=True)) == []
    remark = row.remarks.get()
    assert (remark.kind, remark.date.text, remark.event) == (
        "leaving_announced",
        "2024-01-28",
        event,
    )
    assert remark.history.get().history_user.username == "editor"
    form = opened(editor_client, page_of(row), "membership")
    with_row(form, "remarks", kind="leaving_announced", date="2024-01-28")
    said = "This is already noted with this date."
    assert said in errors(editor_client.post(page_of(row), form, follow=True))
    assert row.remarks.count() == 1


def test_memberships_that_overlap_are_refused(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    assert add(editor_client, pair, "2023-09-16", "2025-01-29") == []
    assert add(editor_client, pair, "2025-01-28") == [
        "This state already belongs to this bloc on some of these days; end that membership first."
    ]
    assert Membership.objects.count() == 1
    assert add(editor_client, pair, "2025-01-29") == []


def test_overlap_that_only_the_database_sees_is_a_form_error(
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
    for address, data in (
        (page_of(held, "delete"), {"post": "yes"}),
        ("/admin/timeline/membership/", chosen),
    ):
        assert messages(editor_client.post(address, data, follow=True)) == [SENTENCE]
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


def test_state_is_no_bloc(editor_client: Client, pair: tuple[Party, Party]) -> None:
    assert add(editor_client, (pair[0], make.a_state("ne")), "2025") == [
        "Parties belong to blocs; choose a bloc."
    ]


def spell_page(held: Membership, change: str) -> str:
    return f"/admin/timeline/membership/{held.pk}/{change}/spell/"


def changes_offered(editor_client: Client, held: Membership) -> list[str]:
    links = tree(editor_client.get(page_of(held))).xpath("//ul[@class='object-tools']//a")
    return [link.text for link in links if link.get("href").endswith("/spell/")]


def test_member_is_suspended_readmitted_and_leaves(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held, source = make.a_membership(*pair, "2000"), make.a_source(title="Communiqué")
    decided = make.an_event(parties=(pair[1],), date="2021-05-30")
    assert changes_offered(editor_client, held) == ["Suspend", "Leave"]
    typed = {"on": "2021-05-30", "event": decided.pk, "source": source.pk, "stance": "stated"}
    response = editor_client.post(spell_page(held, "suspend"), typed, follow=True)
    assert messages(response) == ["Suspended: this is the new spell."]
    suspended = Membership.objects.get(standing="suspended")
    assert (str(suspended.starts), suspended.start_event) == ("2021-05-30", decided)
    assert suspended.citations.get().source == source
    assert via(decided) == [("aes", None)]
    assert changes_offered(editor_client, suspended) == ["Readmit", "Leave"]
    editor_client.post(spell_page(suspended, "readmit"), {"on": "2022"})
    again = Membership.objects.get(standing="member", starts="2022")
    editor_client.post(spell_page(again, "leave"), {"on": "2025-01-29"})
    again.refresh_from_db()
    assert str(again.ends) == "2025-01-29"
    assert changes_offered(editor_client, again) == ["Suspend"]
    assert list(differing()) == []


def test_suspension_that_is_refused_keeps_what_was_typed(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held, source = make.a_membership(*pair, "2000", "2020"), make.a_source(title="Communiqué")
    typed = {"on": "2021-05-30", "source": source.pk, "stance": "stated", "excerpt": "suspendu"}
    response = editor_client.post(spell_page(held, "suspend"), typed)
    assert errors(response) == [
        "The party does not belong to the bloc in this way on 2021-05-30; choose a day that is "
        "later than the first of this spell, and not after its last."
    ]
    page = tree(response)
    assert page.xpath("//input[@name='on']/@value") == ["2021-05-30"]
    assert page.xpath("//textarea[@name='excerpt']/text()")[0].strip() == "suspendu"
    assert page.xpath("//select[@name='source']/option[@selected]/text()") == ["Communiqué"]
    assert Membership.objects.count() == 1


def test_unreadable_day_says_what_to_write(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held = make.a_membership(*pair, "2000")
    response = editor_client.post(spell_page(held, "suspend"), {"on": "30 mai 2021"})
    assert errors(response)[0].startswith("Write 2021-05-30")
    assert Membership.objects.count() == 1


def test_readers_see_no_suspension_without_its_source(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held = make.a_membership(*pair, "2000")
    make.an_event(parties=pair, publication="published", published_at="2025-05-01T00:00Z")
    response = editor_client.post(spell_page(held, "suspend"), {"on": "2021-05-30"})
    assert errors(response) == ["Readers see this at once: name the source that tells of it."]
    assert Membership.objects.count() == 1


def test_editor_who_may_not_publish_suspends_no_public_member(
    editor_client: Client, pair: tuple[Party, Party], settings: Settings
) -> None:
    settings.REVIEW_REQUIRED = True
    held = make.a_membership(*pair, "2000")
    make.an_event(parties=pair, publication="published", published_at="2025-05-01T00:00Z")
    typed = {"on": "2021-05-30", "source": make.a_source().pk}
    response = editor_client.post(spell_page(held, "suspend"), typed)
    assert "While review is required" in errors(response)[0]
    assert Membership.objects.count() == 1


def test_suspension_is_refused_where_somebody_saved_meanwhile(
    editor_client: Client, pair: tuple[Party, Party]
) -> None:
    held = make.a_membership(*pair, "2000")
    seen = tree(editor_client.get(spell_page(held, "suspend"))).xpath("//input[@name='_seen']")
    held.starts = "2001"
    held.save()
    typed = {"on": "2021-05-30", "_seen": seen[0].get("value")}
    response = editor_client.post(spell_page(held, "suspend"), typed)
    assert errors(response)[0].startswith("Saved meanwhile")
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("change", ["promote", "readmit"])
def test_change_that_there_is_not(
    editor_client: Client, pair: tuple[Party, Party], change: str
) -> None:
    held = make.a_membership(*pair, "2000")
    response = editor_client.post(spell_page(held, change), {"on": "2021"})
    if change == "promote":
        assert response.status_code == 404
    else:
        assert errors(response) == ["Only a suspended member can be readmitted."]
    assert Membership.objects.count() == 1
