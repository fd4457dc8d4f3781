"""Steps are added together with their source."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.forms import errors, opened, tree, with_row
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from timeline.actions import publication
from timeline.models import Citation, Commitment, Event, Source

pytestmark = pytest.mark.django_db


def address(record: Any) -> str:
    return reverse(f"admin:timeline_{record._meta.model_name}_change", args=[record.pk])


@pytest.fixture
def source() -> Source:
    return make.a_source(title="Report", publisher="Agency", language="fr")


@pytest.fixture
def promise(source: Source) -> Commitment:
    return make.a_commitment(make.an_event(date="2025-04-03"), title_en="Promise")


@pytest.fixture
def planned() -> Event:
    return make.an_event(state="planned", date="2026-12", slug="planned")


def add_step(editor_client: Client, record: Commitment | Event, **evidence: object) -> Any:
    """Send the form of a record with one more step."""
    form = opened(editor_client, address(record), record._meta.model_name or "")
    if isinstance(record, Commitment):
        with_row(form, "updates", date="2025-06-01", status="broken", **evidence)
    else:
        with_row(form, "steps", on="2026-01-05", state="postponed", date="2027", **evidence)
    return editor_client.post(address(record), form)


def steps(record: Commitment | Event) -> int:
    return record.updates.count() - 1 if isinstance(record, Commitment) else record.steps.count()


@pytest.mark.parametrize("name", ["promise", "planned"])
def test_step_that_readers_see_at_once_needs_its_source(
    editor_client: Client, source: Source, name: str, request: pytest.FixtureRequest
) -> None:
    record = request.getfixturevalue(name)
    if isinstance(record, Commitment):
        publication.publish(record=record.event)
    publication.publish(record=record)
    refused = add_step(editor_client, record)
    assert errors(refused) == ["Readers see this step at once: name the source that tells of it."]
    assert steps(record) == 0
    evidence = {"source": source, "stance": "inferred", "excerpt": "Rien ne vint."}
    unexplained = add_step(editor_client, record, **evidence)
    assert errors(unexplained) == [
        "Say how this was inferred from the source, in French or in English, best in both."
    ]
    evidence["because_en"] = "Nothing came of it."
    assert add_step(editor_client, record, **evidence).status_code == 302
    assert steps(record) == 1
    key = "status_update" if isinstance(record, Commitment) else "event_step"
    cited = Citation.objects.filter(**{f"{key}__isnull": False})
    assert list(
        cited.values_list("source", "stance", "excerpt", "excerpt_language", "note_en")
    ) == [(source.pk, "inferred", "Rien ne vint.", "fr", "Nothing came of it.")]


@pytest.mark.parametrize("name", ["promise", "planned"])
def test_more_sources_can_be_named_for_a_step_and_none_taken_away(
    editor_client: Client, source: Source, name: str, request: pytest.FixtureRequest
) -> None:
    record = request.getfixturevalue(name)
    assert add_step(editor_client, record, source=source).status_code == 302
    model = "statusupdate" if isinstance(record, Commitment) else "eventstep"
    step = (record.updates if isinstance(record, Commitment) else record.steps).latest("entry")
    page = reverse(f"admin:timeline_{model}_change", args=[step.pk])
    form = opened(editor_client, page, model)
    with_row(form, "citations", source=make.a_source(), stance="stated", confidence="high")
    assert editor_client.post(page, form).status_code == 302
    form = opened(editor_client, page, model)
    assert form["citations-INITIAL_FORMS"] == ["2"]
    assert not [key for key in form if key.startswith("citations-0") and "excerpt" in key]
    form["citations-0-DELETE"] = ["on"]
    editor_client.post(page, form)
    assert step.citations.count() == 2
    type(step).objects.get(pk=step.pk)


def test_step_published_with_its_record_needs_its_source(
    editor_client: Client, promise: Commitment
) -> None:
    publication.publish(record=promise.event)
    form = opened(editor_client, address(promise), "commitment")
    with_row(form, "updates", date="2025-06-01", status="broken")
    refused = editor_client.post(address(promise), {**form, "_publish": "1"})
    assert errors(refused) == ["Readers see this step at once: name the source that tells of it."]
    promise.refresh_from_db()
    assert (promise.publication, steps(promise)) == ("draft", 0)


def test_draft_takes_a_step_without_a_source_but_no_words_of_none(
    editor_client: Client, promise: Commitment
) -> None:
    refused = add_step(editor_client, promise, excerpt="Rien ne vint.")
    assert errors(refused) == ["Name the source that these words are from."]
    assert add_step(editor_client, promise).status_code == 302
    assert steps(promise) == 1


def test_step_shows_its_sources_where_it_stands(
    editor_client: Client, promise: Commitment, source: Source
) -> None:
    add_step(editor_client, promise, source=source, excerpt="Rien ne vint.")
    page = tree(editor_client.get(address(promise)))
    (group,) = page.xpath("//*[@id='updates-1']")
    text = " ".join(group.text_content().split())
    assert text == (
        "Step of its life: 2025-06-01 Broken Date: 2025-06-01 State from then on: Broken "
        "Corrects: - Seen at event: - Source: Report Stance: Stated "
        "How it was inferred, in French: How it was inferred, in English: "
        "Excerpt: Rien ne vint. Sources: 1 source Note in French: - Note in English: -"
    )
    assert group.xpath(".//select") == []


def test_excerpt_on_a_commitments_page_says_whose_words_it_is(
    client: Client, editor_client: Client, promise: Commitment, source: Source
) -> None:
    publication.publish(record=promise.event)
    publication.publish(record=promise)
    add_step(editor_client, promise, source=source, excerpt="Rien ne vint.")
    page = Page(client.get(f"/en/commitments/{promise.slug}/"))
    (step,) = page.root.xpath("//ol[@class='life']/li[.//q]")
    assert " ".join(step.xpath("string(p[q])").split()) == "Rien ne vint. — Agency"
    assert step.xpath("p/a/@href") == [f"/en/sources/{source.pk}/"]
    assert step.xpath(".//sup[@class='marks']") != []


def test_step_of_a_day_to_come_is_refused_and_one_that_may_be_past_is_taken(
    editor_client: Client, promise: Commitment, planned: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today(monkeypatch, TODAY)
    to_come = "This day is still to come: a step tells of what has happened."
    for record, prefix, day, state in (
        (promise, "updates", "date", {"status": "in_progress"}),
        (planned, "steps", "on", {"state": "postponed", "date": "2027"}),
    ):
        for date, status in (("2026-11-24", 200), ("2099", 200), ("2026-11", 302)):
            form = opened(editor_client, address(record), record._meta.model_name or "")
            with_row(form, prefix, **{day: date}, **state)
            answer = editor_client.post(address(record), form)
            assert answer.status_code == status
            assert status == 302 or errors(answer) == [to_come]
        assert steps(record) == 1


def test_meeting_is_never_held_on_a_day_to_come(
    editor_client: Client, planned: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today(monkeypatch, TODAY)
    not_yet = ["This day is still to come: what has yet to be held is planned."]
    form = opened(editor_client, address(planned), "event")
    assert errors(editor_client.post(address(planned), {**form, "state": ["held"]})) == not_yet
    with_row(form, "steps", on="2026-11-01", state="held", date="2026-12")
    assert errors(editor_client.post(address(planned), form)) == not_yet
    planned.refresh_from_db()
    assert (planned.state, steps(planned)) == ("planned", 0)
    form = opened(editor_client, address(planned), "event")
    held = {**form, "state": ["held"], "date": ["2026-11-23"]}
    assert editor_client.post(address(planned), held).status_code == 302
