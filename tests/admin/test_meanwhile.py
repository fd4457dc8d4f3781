"""Two editors of one record: neither overwrites unknowingly what the other has saved."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.forms import Typed, errors, fill, opened, typed, with_row
from timeline.actions import publication
from timeline.models import Citation, Commitment, Event, Framework, Side

pytestmark = pytest.mark.django_db


def address(record: Any) -> str:
    return reverse(f"admin:timeline_{record._meta.model_name}_change", args=[record.pk])


def saved(editor_client: Client, record: Any, form: Typed) -> bool:
    return bool(editor_client.post(address(record), form).status_code == 302)


@pytest.fixture
def talks() -> Event:
    """A saved meeting with a source."""
    event = make.an_event(slug="talks", title_en="Talks", title_fr="Entretiens")
    event.save()
    Citation.objects.create(event=event, source=make.a_source(), excerpt="They met.")
    return event


def rows(form: Typed, prefix: str) -> Iterable[str]:
    total = int(form[f"{prefix}-TOTAL_FORMS"][0])
    return [str(number) for number in range(total)]


def test_second_editor_sees_what_the_first_one_changed(
    editor_client: Client, colleague_client: Client, talks: Event
) -> None:
    first, second = (
        opened(client, address(talks), "event") for client in (colleague_client, editor_client)
    )
    assert saved(colleague_client, talks, fill(first, title_fr="Pourparlers"))
    fill(second, title_en="Long talks")
    refused = editor_client.post(address(talks), second)
    (error,) = errors(refused)
    assert "colleague" in error
    assert "“Pourparlers”" in error
    talks.refresh_from_db()
    assert (talks.title_fr, talks.title_en) == ("Pourparlers", "Talks")
    again = typed(refused, "event")
    assert again["title_en"] == ["Long talks"]
    assert saved(editor_client, talks, fill(again, title_fr="Pourparlers"))
    talks.refresh_from_db()
    assert (talks.title_fr, talks.title_en) == ("Pourparlers", "Long talks")


def test_editor_alone_saves_again_and_again(editor_client: Client, talks: Event) -> None:
    for title in ("One", "Two"):
        assert saved(
            editor_client,
            talks,
            fill(opened(editor_client, address(talks), "event"), title_en=title),
        )
    talks.refresh_from_db()
    assert talks.title_en == "Two"


def test_row_changed_meanwhile_counts_as_a_change_of_its_record(
    editor_client: Client, colleague_client: Client, talks: Event
) -> None:
    first, second = (
        opened(client, address(talks), "event") for client in (colleague_client, editor_client)
    )
    with_row(first, "citations", source=make.a_source(), stance="stated", confidence="high")
    assert saved(colleague_client, talks, first)
    refused = editor_client.post(address(talks), fill(second, title_en="Long talks"))
    assert "rows below the record" in errors(refused)[0]


def test_row_removed_meanwhile_is_shown_as_typed_and_can_be_added_again(
    editor_client: Client, colleague_client: Client, talks: Event
) -> None:
    first, second = (
        opened(client, address(talks), "event") for client in (colleague_client, editor_client)
    )
    cited = {"stance": "stated", "confidence": "high", "excerpt": "More of it."}
    with_row(second, "citations", source=make.a_source(), **cited)
    first["citations-0-DELETE"] = ["on"]
    assert saved(colleague_client, talks, first)
    assert not talks.citations.exists()
    second["citations-0-excerpt"] = ["They met twice."]
    refused = editor_client.post(address(talks), second)
    assert len(errors(refused)) == 1
    again = typed(refused, "event")
    assert again["citations-INITIAL_FORMS"] == ["0"]
    excerpts = [again[f"citations-{number}-excerpt"][0] for number in rows(again, "citations")]
    assert excerpts == ["They met twice.", "More of it."]
    assert saved(editor_client, talks, again)
    stored = talks.citations.order_by("pk").values_list("excerpt", flat=True)
    assert list(stored) == ["They met twice.", "More of it."]


def test_row_that_both_remove_is_gone(
    editor_client: Client, colleague_client: Client, talks: Event
) -> None:
    first, second = (
        opened(client, address(talks), "event") for client in (colleague_client, editor_client)
    )
    for form in (first, second):
        form["citations-0-DELETE"] = ["on"]
    assert saved(colleague_client, talks, first)
    again = typed(editor_client.post(address(talks), second), "event")
    assert again["citations-TOTAL_FORMS"] == ["0"]
    assert saved(editor_client, talks, again)
    assert not talks.citations.exists()


def test_side_removed_meanwhile_is_not_put_back_unseen(
    editor_client: Client, colleague_client: Client
) -> None:
    parties = [make.a_state(code) for code in ("ru", "ml", "bf")]
    framework = make.a_framework(*parties, cadence_months=12)
    framework.save()
    first, second = (
        opened(client, address(framework), "framework")
        for client in (colleague_client, editor_client)
    )
    first["sides-2-DELETE"] = ["on"]
    confirmation = colleague_client.post(address(framework), first)
    assert saved(colleague_client, framework, {**first, "_so": confirmation.context["digest"]})
    refused = editor_client.post(address(framework), fill(second, tolerance_months=1))
    assert "colleague" in errors(refused)[0]
    assert Side.objects.filter(framework=framework).count() == 2


def test_confirmed_change_is_refused_when_somebody_saved_meanwhile(
    editor_client: Client, colleague_client: Client
) -> None:
    sides = [make.a_state(code) for code in ("ru", "ml")]
    framework = make.a_framework(*sides, cadence_months=12, title_en="Talks")
    framework.save()
    make.an_event(host=sides[0], framework=framework, takes_turn=True, publication="published")
    first, second = (
        opened(client, address(framework), "framework")
        for client in (colleague_client, editor_client)
    )
    confirmation = editor_client.post(address(framework), fill(second, cadence_months=6))
    digest = confirmation.context["digest"]
    assert saved(colleague_client, framework, fill(first, title_en="Sessions"))
    refused = editor_client.post(address(framework), {**second, "_so": digest})
    assert "“Sessions”" in errors(refused)[0]
    stored = Framework.objects.get(pk=framework.pk)
    assert (stored.title_en, stored.cadence_months) == ("Sessions", 12)


def test_step_sent_twice_is_added_once(editor_client: Client) -> None:
    promise: Commitment = make.a_commitment(make.an_event(publication="published"))
    publication.publish(record=promise)
    form = opened(editor_client, address(promise), "commitment")
    with_row(form, "updates", date="2025-06-01", status="broken", source=make.a_source())
    assert saved(editor_client, promise, form)
    refused = editor_client.post(address(promise), form)
    assert errors(refused) == ["This step is on record already: add your source to it instead."]
    assert promise.updates.count() == 2


def test_step_added_meanwhile_counts_as_a_change(
    editor_client: Client, colleague_client: Client
) -> None:
    promise: Commitment = make.a_commitment(make.an_event(publication="published"))
    publication.publish(record=promise)
    first, second = (
        opened(client, address(promise), "commitment")
        for client in (colleague_client, editor_client)
    )
    step = {"date": "2025-06-01", "source": make.a_source()}
    with_row(first, "updates", **step, status="stalled")
    with_row(second, "updates", **step, status="broken")
    assert saved(colleague_client, promise, first)
    refused = editor_client.post(address(promise), second)
    assert "colleague" in errors(refused)[0]
    assert promise.updates.count() == 2
    assert saved(editor_client, promise, typed(refused, "commitment"))
    assert list(promise.updates.values_list("status", flat=True)) == [
        *("announced", "stalled", "broken")
    ]
