"""Two editors at one record: what one of them saves is never undone by the other unasked."""

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


def saved(desk: Client, record: Any, form: Typed) -> bool:
    return bool(desk.post(address(record), form).status_code == 302)


@pytest.fixture
def talks() -> Event:
    """A meeting that was saved before, with a source."""
    event = make.an_event(slug="talks", title_en="Talks", title_fr="Entretiens")
    event.save()
    Citation.objects.create(event=event, source=make.a_source(), excerpt="They met.")
    return event


def rows(form: Typed, prefix: str) -> Iterable[str]:
    total = int(form[f"{prefix}-TOTAL_FORMS"][0])
    return [str(number) for number in range(total)]


def test_second_editor_is_told_what_the_first_one_changed(
    desk: Client, other_desk: Client, talks: Event
) -> None:
    first, second = (opened(one, address(talks), "event") for one in (other_desk, desk))
    assert saved(other_desk, talks, fill(first, title_fr="Pourparlers"))
    fill(second, title_en="Long talks")
    refused = desk.post(address(talks), second)
    (said,) = errors(refused)
    assert "colleague" in said
    assert "“Pourparlers”" in said
    talks.refresh_from_db()
    assert (talks.title_fr, talks.title_en) == ("Pourparlers", "Talks")
    again = typed(refused, "event")
    assert again["title_en"] == ["Long talks"]
    assert saved(desk, talks, fill(again, title_fr="Pourparlers"))
    talks.refresh_from_db()
    assert (talks.title_fr, talks.title_en) == ("Pourparlers", "Long talks")


def test_editor_alone_saves_again_and_again(desk: Client, talks: Event) -> None:
    for title in ("One", "Two"):
        assert saved(desk, talks, fill(opened(desk, address(talks), "event"), title_en=title))
    talks.refresh_from_db()
    assert talks.title_en == "Two"


def test_row_changed_meanwhile_counts_as_a_change_of_its_record(
    desk: Client, other_desk: Client, talks: Event
) -> None:
    first, second = (opened(one, address(talks), "event") for one in (other_desk, desk))
    with_row(first, "citations", source=make.a_source(), stance="stated", confidence="high")
    assert saved(other_desk, talks, first)
    refused = desk.post(address(talks), fill(second, title_en="Long talks"))
    assert "rows below the record" in errors(refused)[0]


def test_row_removed_meanwhile_is_shown_as_typed_and_can_be_added_again(
    desk: Client, other_desk: Client, talks: Event
) -> None:
    first, second = (opened(one, address(talks), "event") for one in (other_desk, desk))
    cited = {"stance": "stated", "confidence": "high", "excerpt": "More of it."}
    with_row(second, "citations", source=make.a_source(), **cited)
    first["citations-0-DELETE"] = ["on"]
    assert saved(other_desk, talks, first)
    assert not talks.citations.exists()
    second["citations-0-excerpt"] = ["They met twice."]
    refused = desk.post(address(talks), second)
    assert len(errors(refused)) == 1
    again = typed(refused, "event")
    assert again["citations-INITIAL_FORMS"] == ["0"]
    excerpts = [again[f"citations-{number}-excerpt"][0] for number in rows(again, "citations")]
    assert excerpts == ["They met twice.", "More of it."]
    assert saved(desk, talks, again)
    told = talks.citations.order_by("pk").values_list("excerpt", flat=True)
    assert list(told) == ["They met twice.", "More of it."]


def test_row_that_both_remove_is_gone(desk: Client, other_desk: Client, talks: Event) -> None:
    first, second = (opened(one, address(talks), "event") for one in (other_desk, desk))
    for form in (first, second):
        form["citations-0-DELETE"] = ["on"]
    assert saved(other_desk, talks, first)
    again = typed(desk.post(address(talks), second), "event")
    assert again["citations-TOTAL_FORMS"] == ["0"]
    assert saved(desk, talks, again)
    assert not talks.citations.exists()


def test_side_removed_meanwhile_is_not_put_back_unseen(desk: Client, other_desk: Client) -> None:
    parties = [make.a_state(code) for code in ("ru", "ml", "bf")]
    framework = make.a_framework(*parties, cadence_months=12)
    framework.save()
    first, second = (opened(one, address(framework), "framework") for one in (other_desk, desk))
    first["sides-2-DELETE"] = ["on"]
    asked = other_desk.post(address(framework), first)
    assert saved(other_desk, framework, {**first, "_so": asked.context["digest"]})
    refused = desk.post(address(framework), fill(second, tolerance_months=1))
    assert "colleague" in errors(refused)[0]
    assert Side.objects.filter(framework=framework).count() == 2


def test_confirmed_change_is_refused_when_somebody_saved_meanwhile(
    desk: Client, other_desk: Client
) -> None:
    sides = [make.a_state(code) for code in ("ru", "ml")]
    framework = make.a_framework(*sides, cadence_months=12, title_en="Talks")
    framework.save()
    make.an_event(host=sides[0], framework=framework, takes_turn=True, publication="published")
    first, second = (opened(one, address(framework), "framework") for one in (other_desk, desk))
    asked = desk.post(address(framework), fill(second, cadence_months=6))
    digest = asked.context["digest"]
    assert saved(other_desk, framework, fill(first, title_en="Sessions"))
    refused = desk.post(address(framework), {**second, "_so": digest})
    assert "“Sessions”" in errors(refused)[0]
    found = Framework.objects.get(pk=framework.pk)
    assert (found.title_en, found.cadence_months) == ("Sessions", 12)


def test_step_sent_twice_is_added_once(desk: Client) -> None:
    promise: Commitment = make.a_commitment(make.an_event(publication="published"))
    publication.publish(record=promise)
    form = opened(desk, address(promise), "commitment")
    with_row(form, "updates", date="2025-06-01", status="broken", source=make.a_source())
    assert saved(desk, promise, form)
    refused = desk.post(address(promise), form)
    assert errors(refused) == ["This step is on record already: add your source to it instead."]
    assert promise.updates.count() == 2


def test_step_added_meanwhile_is_told(desk: Client, other_desk: Client) -> None:
    promise: Commitment = make.a_commitment(make.an_event(publication="published"))
    publication.publish(record=promise)
    first, second = (opened(one, address(promise), "commitment") for one in (other_desk, desk))
    step = {"date": "2025-06-01", "source": make.a_source()}
    with_row(first, "updates", **step, status="stalled")
    with_row(second, "updates", **step, status="broken")
    assert saved(other_desk, promise, first)
    refused = desk.post(address(promise), second)
    assert "colleague" in errors(refused)[0]
    assert promise.updates.count() == 2
    assert saved(desk, promise, typed(refused, "commitment"))
    assert list(promise.updates.values_list("status", flat=True)) == [
        *("announced", "stalled", "broken")
    ]
