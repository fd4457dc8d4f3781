"""Publication and withdrawal, by the buttons of the form and the actions of the list."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from pytest_django import Settings

from tests import factories as make
from tests.admin.desks import as_user
from tests.admin.forms import all_the_same, errors, fill, messages, opened, pressed, tree
from tests.admin.test_events import page_of
from timeline.models import Citation, Commitment, Event, FormerSlug, Framework

pytestmark = pytest.mark.django_db

Record = Event | Commitment | Framework


def a_draft(kind: str) -> Record:
    match kind:
        case "event":
            return make.an_event()
        case "commitment":
            return make.a_commitment(make.an_event(publication="published"))
        case _:
            return make.a_framework(make.a_state("ru"), make.a_bloc("aes"))


def press(editor_client: Client, record: Model, button: str, **typed: Any) -> Any:
    name = str(record._meta.model_name)
    form = fill(opened(editor_client, page_of(record), name), **typed)
    response = pressed(editor_client, page_of(record), form, button)
    record.refresh_from_db()
    return response


@pytest.mark.parametrize("kind", ["event", "commitment", "framework"])
def test_record_goes_from_draft_to_withdrawn(editor_client: Client, kind: str) -> None:
    record = a_draft(kind)
    press(editor_client, record, "_review")
    assert record.publication == "in_review"
    press(editor_client, record, "_publish")
    assert record.publication == "published"
    assert record.published_at is not None
    response = editor_client.post(page_of(record, "withdraw"), {"withdraw": "yes"})
    assert errors(response) == [
        "Say why the record is withdrawn: readers see the reason at its address."
    ]
    record.refresh_from_db()
    assert record.publication == "published"
    editor_client.post(page_of(record, "withdraw"), {"withdraw": "yes", "reason_en": "Wrong day."})
    record.refresh_from_db()
    assert (record.publication, record.withdrawn_reason_en) == ("withdrawn", "Wrong day.")


def doubts_shown(response: Any) -> list[str]:
    """The doubts on the page that asks before publishing."""
    return [item.text_content() for item in tree(response).xpath("//ul[@class='doubts']/li")]


UNSOURCED = "No source supports it yet, and readers are told so."


@pytest.mark.parametrize("sourced", [True, False])
@pytest.mark.parametrize("kind", ["event", "commitment", "framework"])
def test_editor_is_asked_before_publishing_without_a_source(
    editor_client: Client, kind: str, sourced: bool
) -> None:
    record = a_draft(kind)
    owner = record.event if isinstance(record, Commitment) else record
    if sourced:
        Citation.objects.create(source=make.a_source(), **{str(owner._meta.model_name): owner})
    form = fill(opened(editor_client, page_of(record), kind), title_fr="Autrement")
    response = editor_client.post(page_of(record), {**form, "_publish": "1"}, follow=True)
    record.refresh_from_db()
    if not sourced:
        assert doubts_shown(response) == [UNSOURCED]
        assert (record.publication, record.title_fr) == ("draft", "")
        response = all_the_same(editor_client, page_of(record), response)
        record.refresh_from_db()
    assert "Published" in " ".join(messages(response))
    assert (record.publication, record.title_fr) == ("published", "Autrement")


def test_question_is_answered_by_saving_the_draft_or_going_back(editor_client: Client) -> None:
    event = a_draft("event")
    form = fill(opened(editor_client, page_of(event), "event"), title_fr="Autrement")
    response = editor_client.post(page_of(event), {**form, "_publish": "1"})
    (page,) = tree(response).xpath("//form[.//*[@name='_published_so']]")
    carried = {name: values for name, values in form.items() if name in page.fields}
    back = editor_client.post(page_of(event), {**carried, "_unpublished": "1"})
    assert errors(back) == ["Nothing is saved yet. This is the form as you typed it."]
    assert 'value="Autrement"' in back.content.decode()
    event.refresh_from_db()
    assert event.title_fr == ""
    assert editor_client.post(page_of(event), {**carried, "_save": "1"}).status_code == 302
    event.refresh_from_db()
    assert (event.publication, event.title_fr) == ("draft", "Autrement")


def test_confirmation_of_other_doubts_does_not_count(editor_client: Client) -> None:
    event = a_draft("event")
    form = opened(editor_client, page_of(event), "event")
    assert doubts_shown(editor_client.post(page_of(event), {**form, "_published_so": "0"})) == [
        UNSOURCED
    ]
    event.refresh_from_db()
    assert event.publication == "draft"


def test_list_asks_for_confirmation_of_records_without_a_source(editor_client: Client) -> None:
    sourced, bare = make.an_event(), make.an_event(title_en="Bare")
    Citation.objects.create(source=make.a_source(), event=sourced)
    listed = "/admin/timeline/event/"
    chosen = {"_selected_action": [sourced.pk, bare.pk], "action": "publish_chosen"}
    response = editor_client.post(listed, chosen)
    assert doubts_shown(response) == [f"{bare}: {UNSOURCED}"]
    assert not Event.objects.published().exists()
    assert messages(all_the_same(editor_client, listed, response)) == ["2 records are done."]
    assert Event.objects.published().count() == 2


@pytest.mark.parametrize("later", [False, True])
def test_guesses_of_a_follow_up_need_confirmation_to_be_published(
    editor_client: Client, later: bool
) -> None:
    """Neither directly nor from a draft that was saved exactly as its form opened."""
    ru, ml = make.a_state("ru"), make.a_state("ml")
    framework = make.a_framework(ru, ml, publication="published")
    add = f"/admin/timeline/event/add/?follow_up_framework={framework.pk}"
    form = opened(editor_client, add, "event")
    address, year = add, form["date"][0]
    if later:
        editor_client.post(add, {**form, "_save": "1"})
        address = page_of(Event.objects.get())
        form = opened(editor_client, address, "event")
    response = editor_client.post(address, {**form, "_publish": "1"})
    guesses = [
        f"Its date, {year}, is a guess of the program that no source supports.",
        "Its host, RU, is a guess of the program that no source supports.",
    ]
    assert doubts_shown(response) == [*guesses, UNSOURCED]
    assert not Event.objects.published().exists()
    form["date"] = ["2099-05"]
    form["participations-0-role"] = ["participant"]
    assert doubts_shown(editor_client.post(address, {**form, "_publish": "1"})) == [UNSOURCED]
    all_the_same(editor_client, address, response)
    assert Event.objects.published().count() == 1


@pytest.mark.parametrize("kind", ["event", "commitment", "framework"])
def test_publication_is_not_typed_into_the_form(editor_client: Client, kind: str) -> None:
    record = a_draft(kind)
    press(editor_client, record, "_save", publication="published", published_at="2025-01-01")
    assert (record.publication, record.published_at) == ("draft", None)


@pytest.mark.parametrize("kind", ["event", "commitment", "framework"])
def test_what_was_published_is_deleted_by_nobody(
    editor_client: Client, admin_client: Client, kind: str
) -> None:
    record = a_draft(kind)
    assert editor_client.get(page_of(record, "delete")).status_code == 200
    press(editor_client, record, "_publish")
    listed = f"/admin/timeline/{kind}/"
    chosen = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    for client in (editor_client, admin_client):
        assert client.post(page_of(record, "delete"), {"post": "yes"}).status_code == 403
        assert client.post(listed, chosen).status_code == 403
    editor_client.post(page_of(record, "withdraw"), {"withdraw": "yes", "reason_en": "Wrong."})
    assert editor_client.post(page_of(record, "delete"), {"post": "yes"}).status_code == 403
    record.refresh_from_db()


def test_records_chosen_on_the_list_are_published_and_withdrawn(editor_client: Client) -> None:
    events = [make.an_event(), make.an_event()]
    chosen: dict[str, Any] = {"_selected_action": [event.pk for event in events]}
    listed = "/admin/timeline/event/"
    response = editor_client.post(listed, {**chosen, "action": "publish_chosen"}, follow=True)
    assert messages(all_the_same(editor_client, listed, response)) == ["2 records are done."]
    assert Event.objects.published().count() == 2
    confirmation = editor_client.post(listed, {**chosen, "action": "withdraw_chosen"})
    assert confirmation.status_code == 200
    assert f'<a class="closelink" href="{listed}">' in confirmation.content.decode()
    assert Event.objects.published().count() == 2
    answer = {**chosen, "action": "withdraw_chosen", "withdraw": "yes", "reason_fr": "Faux."}
    editor_client.post(listed, answer)
    assert list(Event.objects.values_list("publication", flat=True)) == ["withdrawn"] * 2


def test_list_withdraws_all_or_none(editor_client: Client) -> None:
    published, draft = make.an_event(), make.an_event()
    press(editor_client, published, "_publish")
    answer = {
        "_selected_action": [published.pk, draft.pk],
        "action": "withdraw_chosen",
        "withdraw": "yes",
        "reason_fr": "Faux.",
    }
    response = editor_client.post("/admin/timeline/event/", answer)
    assert errors(response) == ["Only what is published can be withdrawn."]
    assert Event.objects.filter(publication="withdrawn").count() == 0


def test_changed_slug_of_a_published_record_sends_readers_on(editor_client: Client) -> None:
    event = make.an_event(slug="first")
    press(editor_client, event, "_save", slug="second")
    assert FormerSlug.objects.count() == 0
    press(editor_client, event, "_publish")
    press(editor_client, event, "_save", slug="third")
    former = FormerSlug.objects.get()
    assert (former.kind, former.slug, former.object_id) == ("event", "second", event.pk)
    assert editor_client.get("/en/events/second/").headers["Location"] == "/en/events/third/"


def test_changed_code_or_slug_of_what_a_published_record_uses_sends_readers_on(
    editor_client: Client,
) -> None:
    used, unused = (
        (make.a_bloc(f"bloc-{n}"), make.a_sector(f"sector-{n}"), make.a_place(f"place-{n}"))
        for n in (1, 2)
    )
    event = make.an_event(parties=(used[0],), place=used[2], publication="published")
    event.sector_links.create(sector=used[1])
    for record in (*used, *unused):
        column = "code" if record._meta.model_name == "party" else "slug"
        before = getattr(record, column)
        press(editor_client, record, "_save", **{column: f"{before}-new"})
    former_slugs = FormerSlug.objects.order_by("kind").values_list("kind", "slug")
    assert list(former_slugs) == [("party", "bloc-1"), ("place", "place-1"), ("sector", "sector-1")]
    assert editor_client.get("/en/parties/bloc-1/").headers["Location"] == "/en/parties/bloc-1-new/"
    assert editor_client.get("/en/?place=place-1").status_code == 200


def test_emptied_slug_stays(editor_client: Client) -> None:
    event = make.an_event(slug="first")
    press(editor_client, event, "_save", slug="")
    assert event.slug == "first"


# Review


@pytest.fixture
def review(settings: Settings) -> None:
    settings.REVIEW_REQUIRED = True


OWN = (
    "Somebody who wrote nothing of it publishes it: you wrote a part of its text since it was last "
    "public. Save it and send it to review."
)


def written_by(editor_client: Client) -> Event:
    event = make.an_event()
    press(editor_client, event, "_review", title_fr="Réunion")
    return event


@pytest.mark.usefixtures("review")
def test_review_keeps_editors_from_publishing_their_own(
    editor_client: Client, colleague_client: Client
) -> None:
    event = written_by(editor_client)
    assert errors(press(editor_client, event, "_publish")) == [OWN]
    assert event.publication == "in_review"
    press(colleague_client, event, "_publish")
    assert event.publication == "published"


@pytest.mark.usefixtures("review")
def test_review_counts_what_is_typed_while_publishing(
    editor_client: Client, colleague_client: Client
) -> None:
    event = written_by(editor_client)
    response = press(colleague_client, event, "_publish", title_en="Better")
    assert errors(response) == [OWN]
    assert event.title_en != "Better"


@pytest.mark.usefixtures("review")
def test_saving_without_a_change_makes_nobody_the_author(
    editor_client: Client, colleague_client: Client
) -> None:
    event = written_by(editor_client)
    press(colleague_client, event, "_save")
    press(colleague_client, event, "_publish")
    assert event.publication == "published"


@pytest.mark.usefixtures("review")
def test_review_holds_on_the_list_and_for_new_records(editor_client: Client) -> None:
    event = written_by(editor_client)
    chosen = {"_selected_action": [event.pk], "action": "publish_chosen"}
    Citation.objects.create(event=event, source=make.a_source())
    assert messages(editor_client.post("/admin/timeline/event/", chosen, follow=True)) == [OWN]
    form = fill(
        opened(editor_client, "/admin/timeline/event/add/", "event"), title_en="New", date="2025"
    )
    form["kind"] = ["meeting"]
    assert errors(editor_client.post("/admin/timeline/event/add/", {**form, "_publish": "1"})) == [
        OWN
    ]
    assert Event.objects.published().count() == 0
    assert Event.objects.count() == 1


@pytest.mark.usefixtures("review")
def test_superuser_publishes_all_the_same(admin_user: User) -> None:
    editor_client = as_user(admin_user)
    event = written_by(editor_client)
    press(editor_client, event, "_publish")
    assert event.publication == "published"


def test_new_event_is_published_in_one_go(editor_client: Client) -> None:
    add = "/admin/timeline/event/add/"
    form = fill(opened(editor_client, add, "event"), title_en="New", date="2025", kind="meeting")
    response = pressed(editor_client, add, form, "_publish")
    assert messages(response)[0].startswith("Published: readers see it at")
    assert Event.objects.get().publication == "published"


# Previews


@pytest.mark.parametrize("kind", ["event", "commitment", "framework"])
def test_draft_is_previewed_as_readers_would_see_it(editor_client: Client, kind: str) -> None:
    record = a_draft(kind)
    assert editor_client.get(f"/en/{kind}s/{record.slug}/").status_code == 404
    page = editor_client.get(page_of(record, "preview")).content.decode()
    assert f"<h1>{record.title_en}</h1>" in page.replace("\n", "")
    assert page.count("Preview: readers do not see this page yet.") == 1
    assert (
        f'href="{page_of(record, "preview")}"'
        in editor_client.get(page_of(record)).content.decode()
    )
    press(editor_client, record, "_publish")
    published = editor_client.get(page_of(record, "preview")).content.decode()
    assert published.count("Preview: readers do not see this page yet.") == 0


def test_promise_of_a_hidden_event_is_still_previewed_once_it_is_published(
    editor_client: Client,
) -> None:
    record = a_draft("commitment")
    press(editor_client, record, "_publish")
    Event.objects.update(publication="draft")
    page = editor_client.get(page_of(record, "preview")).content.decode()
    assert page.count("Preview: readers do not see this page yet.") == 1


@pytest.mark.parametrize("kind", ["event", "commitment", "framework"])
@pytest.mark.parametrize("own", ["preview", "withdraw"])
def test_pages_of_their_own_are_for_editors(client: Client, kind: str, own: str) -> None:
    record = a_draft(kind)
    assert client.get(page_of(record, own)).status_code == 302
    missing = type(record)(pk=999_999)
    editor_client = as_user(User.objects.create_user("visitor", is_staff=True))
    assert editor_client.get(page_of(record, own)).status_code == 403
    assert (
        as_user(User.objects.create_superuser("head")).get(page_of(missing, own)).status_code == 404
    )
