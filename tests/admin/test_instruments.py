"""Texts in the admin: their parties, the steps of their lives, and what these change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import factories as make
from tests.admin.desks import as_user
from tests.admin.forms import Typed, errors, fill, messages, opened, pressed, tree, with_row
from tests.admin.test_frameworks import effects_shown, missing_values, sent_by
from tests.admin.test_pages import queries, with_a_text
from tests.clock import set_today
from tests.parsed_page import TODAY
from timeline.actions import publication
from timeline.models import (
    Citation,
    Event,
    Instrument,
    InstrumentParty,
    Participation,
    Party,
    Source,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/timeline/instrument/add/"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


@pytest.fixture
def mali() -> Party:
    return make.a_state("ml")


@pytest.fixture
def niger() -> Party:
    return make.a_state("ne")


@pytest.fixture
def text(mali: Party, niger: Party) -> Instrument:
    """A treaty of 6 July 2024 between Mali and Niger, which binds by ratification."""
    return make.a_text(mali, niger, title_en="Treaty")


@pytest.fixture
def source() -> Source:
    return make.a_source(title="Report", language="fr")


def page_of(text: Instrument) -> str:
    return reverse("admin:timeline_instrument_change", args=[text.pk])


def form_of(client: Client, text: Instrument) -> Typed:
    return opened(client, page_of(text), "instrument")


def steps(text: Instrument) -> list[tuple[str, str | None, str]]:
    """Return what was done, by whom and when, in order."""
    rows = text.steps.order_by("earliest", "pk").values_list("act", "party__code", "done")
    return [(act, party, str(done)) for act, party, done in rows]


def new_text(client: Client, *parties: Party, **values: Any) -> Typed:
    """Return the form of a new treaty between these parties."""
    form = fill(
        opened(client, ADD, "instrument"),
        **{
            **{"title_en": "Treaty", "kind": "treaty", "date": "2024-07-06"},
            **{"binds": "by_ratification", **values},
        },
    )
    for party in parties:
        with_row(form, "party_links", party=party)
    return form


def test_text_is_added_with_its_parties_and_its_life(
    editor_client: Client, mali: Party, niger: Party, source: Source
) -> None:
    form = new_text(editor_client, mali, niger)
    cited = {"source": source, "stance": "stated", "confidence": "high"}
    with_row(form, "citations", **cited, field="binds")
    # Typed in any order, and with a party that is added in the same form.
    for act, party, done in (
        ("entered_into_force", "", "2025-01-01"),
        ("ratified", mali, "2024-07-06"),
        ("ratified", niger, "2024-12"),
        ("signed", niger, "2024-07-06"),
        ("signed", mali, "2024-07-06"),
    ):
        with_row(form, "steps", act=act, party=party, done=done, source=source, stance="stated")
    response = pressed(editor_client, ADD, form, "_publish")
    assert errors(response) == []
    text = Instrument.objects.get()
    assert (text.slug, text.publication) == ("treaty", "published")
    assert list(text.party_links.values_list("party__code", flat=True)) == ["ml", "ne"]
    assert steps(text) == [
        ("signed", "ne", "2024-07-06"),
        ("signed", "ml", "2024-07-06"),
        ("ratified", "ml", "2024-07-06"),
        ("ratified", "ne", "2024-12"),
        ("entered_into_force", None, "2025-01-01"),
    ]
    assert text.citations.get().field == "binds"
    assert all(step.citations.get().source == source for step in text.steps.all())
    assert text.history.latest().history_user.username == "editor"


@pytest.mark.parametrize("again", [False, True])
def test_text_with_one_party_is_refused_and_keeps_what_was_typed(
    editor_client: Client, mali: Party, again: bool
) -> None:
    form = new_text(editor_client, mali, *([mali] if again else []), summary_en="Of defence.")
    response = editor_client.post(ADD, form)
    said = (
        "The party is already listed."
        if again
        else ("A text stands between two parties or more: list all of them.")
    )
    assert errors(response)[0] == said
    assert tree(response).xpath("//*[@id='party_links-group']//ul[@class='errorlist nonform']/li")
    assert missing_values(form, response, "instrument") == {}
    assert not Instrument.objects.exists()


def test_party_whose_steps_are_on_record_stays(
    editor_client: Client, text: Instrument, mali: Party
) -> None:
    make.a_step(text, "signed", mali)
    form = form_of(editor_client, text)
    with_row(form, "party_links", party=make.a_state("bf"))
    form["party_links-0-DELETE"] = ["on"]
    for state in ("draft", "published"):
        Instrument.objects.update(publication=state)
        response = editor_client.post(page_of(text), form)
        assert errors(response) == [
            "Steps are on record of parties that the text does not list: ML."
        ]
    assert InstrumentParty.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (
            {"act": "ratified", "party": "ml", "done": "2024-07-01"},
            "reason_fr",
            "No signature of this party is on record by that day: record it first, or say why "
            "the record keeps this step without one.",
        ),
        (
            {"act": "entered_into_force", "done": "2025-01-01"},
            "reason_fr",
            "Fewer than two parties have consented to be bound by that day: record their consent "
            "first, or say why the record keeps this step without it.",
        ),
        (
            {"act": "signed", "party": "ml", "done": "2024-08-01", "effect": "2024-07-31"},
            "reason_fr",
            "This takes effect before it was done: correct a date, or say why the record keeps it.",
        ),
        (
            {"act": "signed", "party": "ru", "done": "2024-07-06"},
            "party",
            "This is no party to the text: add it to the parties first.",
        ),
        (
            {"act": "signed", "done": "2024-07-06"},
            "party",
            "Choose the party that did it; leave the party empty only for what concerns the whole "
            "text: opened, entered into force, amended, replaced, terminated.",
        ),
        (
            {"act": "withdrawn", "party": "ml", "done": "2024-08-01"},
            "regards",
            "Choose the step that is withdrawn; only a withdrawal or an objection regards another "
            "step.",
        ),
        (
            {"act": "signed", "party": "ml", "done": "2026-11-24"},
            "done",
            "This day is still to come: a step tells of what has happened.",
        ),
    ],
)
def test_step_that_does_not_fit_is_refused_at_its_field(
    editor_client: Client, text: Instrument, row: dict[str, str], field: str, said: str
) -> None:
    make.a_state("ru")
    form = form_of(editor_client, text)
    parties = {party.code: str(party.pk) for party in Party.objects.all()}
    with_row(form, "steps", **{**row, "party": parties.get(row.get("party", ""), "")})
    response = editor_client.post(page_of(text), form)
    assert errors(response) == [said]
    (near,) = tree(response).xpath("//ul[contains(@class,'errorlist')]")
    assert f"steps-0-{field}" in (near.get("id") or "")
    assert missing_values(form, response, "instrument") == {}
    assert steps(text) == []


def test_step_withdrawn_is_one_of_the_party_itself(
    editor_client: Client, text: Instrument, mali: Party, niger: Party
) -> None:
    regarded = make.a_step(text, "reservation", niger)
    form = form_of(editor_client, text)
    with_row(form, "steps", act="withdrawn", party=mali, done="2025-01-01", regards=regarded)
    response = editor_client.post(page_of(text), form)
    assert errors(response) == ["A party withdraws a step of its own; choose one of those."]
    form["steps-1-regards"] = [str(make.a_step(make.a_text(mali, niger), "signed", mali).pk)]
    response = editor_client.post(page_of(text), form)
    assert errors(response) == [
        "Select a valid choice. That choice is not one of the available choices."
    ]
    assert len(steps(text)) == 1


def test_joint_statement_is_not_ratified(editor_client: Client, mali: Party, niger: Party) -> None:
    form = new_text(editor_client, mali, niger, kind="joint_statement", binds="not_legally")
    with_row(form, "steps", act="ratified", party=mali, done="2024-08-01", reason_en="So it is.")
    assert errors(editor_client.post(ADD, form)) == [
        "This text does not bind legally: nobody ratifies it, and it does not enter into force. "
        "Change how it binds if a source says so."
    ]
    assert not Instrument.objects.exists()


def test_exception_is_kept_with_its_reason(
    editor_client: Client, text: Instrument, mali: Party
) -> None:
    form = form_of(editor_client, text)
    with_row(
        form,
        "steps",
        act="provisionally_applied",
        party=mali,
        done="2024-07-01",
        reason_en="Art. 9.",
    )
    assert errors(editor_client.post(page_of(text), form, follow=True)) == []
    assert text.steps.get().reason_en == "Art. 9."


def test_correction_is_a_new_step_that_names_the_old_one(
    editor_client: Client, text: Instrument, mali: Party
) -> None:
    old = make.a_step(text, "signed", mali)
    form = form_of(editor_client, text)
    assert "steps-0-act" not in form
    with_row(form, "steps", act="signed", party=mali, done="2024-07-07", corrects=old)
    assert editor_client.post(page_of(text), form).status_code == 302
    assert steps(text) == [("signed", "ml", "2024-07-06"), ("signed", "ml", "2024-07-07")]


def test_what_steps_change_is_shown_before_they_are_saved(
    editor_client: Client, text: Instrument, mali: Party, niger: Party
) -> None:
    for party in (mali, niger):
        make.a_step(text, "signed", party)
    form = form_of(editor_client, text)
    with_row(form, "steps", act="ratified", party=mali, done="2025-01-10")
    response = editor_client.post(page_of(text), form)
    assert effects_shown(response) == [
        "ML Signed → Consented",
        "No source seen for a ratification of ML, NE → NE",
    ]
    assert len(steps(text)) == 2
    again = editor_client.post(page_of(text), sent_by(response, "Back to the form"))
    assert errors(again) == ["Nothing is saved yet. This is the form as you typed it."]
    assert missing_values(form, again, "instrument") == {}
    answer = editor_client.post(page_of(text), sent_by(response, "Save it so"))
    assert answer.status_code == 302
    assert len(steps(text)) == 3


# Recording what was done on a page of its own


def act_page(text: Instrument, query: str = "") -> str:
    return reverse("admin:timeline_instrument_act", args=[text.pk]) + query


def act_form(response: Any) -> Typed:
    """Return every value of the form on the page that records what was done."""
    assert response.status_code == 200
    (form,) = [form for form in tree(response).forms if form.xpath(".//*[@name='act']")]
    sent: Typed = {}
    for field in form.inputs:
        is_unticked = field.get("type") == "checkbox" and not field.checked
        if field.name and field.get("type") != "submit" and not is_unticked:
            value = field.get("value") if field.get("type") == "checkbox" else field.value
            sent.setdefault(field.name, []).append((value or "").removeprefix("\n"))
    return sent


def added(response: Any) -> list[str]:
    """Return what a page of effects says would be added."""
    (items, *_effects) = tree(response).xpath("//ul[@class='rule-change']")
    return [" ".join(item.text_content().split()) for item in items]


def changes(response: Any) -> list[str]:
    """Return the effects on a page that also says what would be added."""
    return effects_shown(response)[len(added(response)) :]


def test_ratification_is_recorded_with_the_event_that_it_makes(
    editor_client: Client, text: Instrument, mali: Party, niger: Party, source: Source
) -> None:
    for party in (mali, niger):
        make.a_step(text, "signed", party)
    make.a_step(text, "ratified", niger, "2024-12-01")
    place = make.a_place("bamako")
    buttons = {
        link.text: link.get("href")
        for link in tree(editor_client.get(page_of(text))).xpath("//ul[@class='object-tools']//a")
    }
    query = f"{buttons['Record a ratification']}&party={mali.pk}"
    form = act_form(editor_client.get(query))
    assert (form["act"], form["parties"]) == (["ratified"], [str(mali.pk)])
    fill(form, done="2024-11-01", source=source, excerpt="Le Mali a ratifié.")
    form["new_event-title_en"], form["new_event-place"] = ["Mali ratifies"], [str(place.pk)]
    response = editor_client.post(query, form)
    assert added(response) == ["ML · Ratified · 1 November 2024 · at “Mali ratifies” · Report"]
    assert changes(response) == [
        "ML Signed → Consented",
        "No source seen for a ratification of ML → nobody",
    ]
    assert (len(steps(text)), Event.objects.count()) == (3, 0)
    again = act_form(editor_client.post(query, sent_by(response, "Back to the form")))
    assert {**again, "csrfmiddlewaretoken": []} == {**form, "csrfmiddlewaretoken": []}
    answer = editor_client.post(query, sent_by(response, "Save it so"), follow=True)
    assert messages(answer) == [
        "1 step is recorded.",
        "Readers do not see the event until it is published: Mali ratifies",
    ]
    step = text.steps.get(party=mali, act="ratified")
    assert step.citations.get().excerpt == "Le Mali a ratifié."
    event = Event.objects.get()
    assert step.event == event
    assert (event.slug, event.kind) == ("mali-ratifies", "ratification")
    assert str(event.date) == "2024-11-01"
    assert (event.state, event.publication) == ("held", "draft")
    assert list(event.participations.values_list("party__code", "role")) == [("ml", "participant")]
    assert list(event.involvements.values_list("party__code", flat=True)) == ["ml"]
    assert event.place_links.get().place == place
    assert event.citations.get().source == source
    assert " mali " in event.folded_text
    assert text.history.latest().history_user.username == "editor"


def test_what_changes_no_status_is_shown_too(
    editor_client: Client, text: Instrument, mali: Party
) -> None:
    make.a_step(text, "signed", mali)
    form = act_form(editor_client.get(act_page(text, f"?act=approved_at_home&party={mali.pk}")))
    fill(form, done="2024-11-01")
    response = editor_client.post(act_page(text), form)
    assert added(response) == ["ML · Approved at home · 1 November 2024"]
    assert "It changes no status, neither of the text nor of a party." in (
        response.content.decode()
    )
    editor_client.post(act_page(text), sent_by(response, "Save it so"))
    assert steps(text)[-1] == ("approved_at_home", "ml", "2024-11-01")


def test_day_of_effect_to_come_is_shown_as_of_that_day(
    editor_client: Client, text: Instrument, mali: Party, niger: Party
) -> None:
    for party in (mali, niger):
        make.a_step(text, "signed", party)
        make.a_step(text, "ratified", party, "2024-11-01")
    form = act_form(editor_client.get(act_page(text)))
    fill(form, act="entered_into_force", done="2025-01-01", effect="2027-01-01")
    response = editor_client.post(act_page(text), form)
    assert added(response) == [
        "The text · Entered into force · 1 January 2025 · takes effect 1 January 2027"
    ]
    assert changes(response) == [
        "The text, on 1 January 2027 Not in force → In force",
        "ML, on 1 January 2027 Consented → Bound",
        "NE, on 1 January 2027 Consented → Bound",
    ]


def test_several_parties_do_the_same_at_one_event(
    editor_client: Client, text: Instrument, mali: Party, niger: Party
) -> None:
    event = make.an_event(parties=(mali, niger), date="2024-07-06", title_en="Summit")
    text.parties.add(make.a_state("bf"))
    here = reverse("admin:timeline_event_text", args=[event.pk])
    assert editor_client.get(here).status_code == 200
    chosen = editor_client.post(here, {"instrument": text.pk})
    assert chosen.headers["Location"] == act_page(text, f"?event={event.pk}")
    form = act_form(editor_client.get(chosen.headers["Location"]))
    assert form["parties"] == [str(mali.pk), str(niger.pk)]
    assert (form["event"], form["done"]) == ([str(event.pk)], ["2024-07-06"])
    fill(form, act="signed")
    response = editor_client.post(act_page(text), form)
    editor_client.post(act_page(text), sent_by(response, "Save it so"))
    assert [(step.party, step.event) for step in text.steps.order_by("pk")] == [
        (mali, event),
        (niger, event),
    ]
    page = tree(editor_client.get(reverse("admin:timeline_event_change", args=[event.pk])))
    listed = page.xpath("//div[contains(@class,'field-texts')]//ul[@class='made']/li")
    assert [" ".join(item.text_content().split()) for item in listed] == [
        "Treaty ML · Signed",
        "Treaty NE · Signed",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"act": "ratified", "done": "2024-07-01"},
            [
                "{0}: No signature of this party is on record by that day: record it first, or say "
                "why the record keeps this step without one."
            ],
        ),
        (
            {"act": "denounced", "done": "2025-07-01", "effect": "2024"},
            [
                "This takes effect before it was done: correct a date, or say why the record keeps "
                "it."
            ],
        ),
        ({"act": "signed", "done": "6 juillet 2024"}, ["Write 2024-07-06 (6 July 2024)."]),
        (
            {"act": "entered_into_force", "done": "2024-07-06"},
            [
                "Choose the party that did it; leave the party empty only for what concerns the "
                "whole text: opened, entered into force, amended, replaced, terminated."
            ],
        ),
        (
            {"act": "signed", "done": "2024-07-06", "parties": "7777"},
            ["This is no party to the text: add it to the parties first."],
        ),
        (
            {"act": "signed", "done": "2024-07-06", "excerpt": "Signé."},
            ["Name the source that these words are from."],
        ),
        (
            {"act": "signed", "done": "2024-07-06", "new_event-kind": "signing"},
            ["Write this text in French or in English, best in both."],
        ),
        (
            {"act": "withdrawn", "done": "2024-07-06"},
            [
                "Choose the step that is withdrawn; only a withdrawal or an objection regards "
                "another step."
            ],
        ),
    ],
)
def test_act_that_does_not_fit_is_refused_and_keeps_what_was_typed(
    editor_client: Client,
    text: Instrument,
    mali: Party,
    niger: Party,
    row: dict[str, str],
    said: list[str],
) -> None:
    form = act_form(editor_client.get(act_page(text)))
    form["parties"] = [str(mali.pk), str(niger.pk)]
    form["new_event-title_en"] = [] if "new_event-kind" in row else ["Talks"]
    for name, value in row.items():
        form[name] = [value]
    response = editor_client.post(act_page(text), form)
    shown = [sentence.format("ML") for sentence in said]
    found = zip(errors(response), shown, strict=True)
    assert [error[: len(start)] for error, start in found] == shown
    again = act_form(response)
    kept = {name: again.get(name) for name in (*row, "new_event-title_en") if name != "parties"}
    assert kept == {name: form[name] or [""] for name in kept}
    assert (steps(text), Event.objects.count()) == ([], 0)


def test_event_on_record_and_one_made_are_not_named_together(
    editor_client: Client, text: Instrument, mali: Party
) -> None:
    form = act_form(editor_client.get(act_page(text)))
    fill(form, act="signed", parties=[mali], done="2024-07-06", event=make.an_event())
    form["new_event-title_en"] = ["Signing"]
    response = editor_client.post(act_page(text), form)
    assert errors(response) == ["Choose an event that is on record or make one, not both."]
    assert steps(text) == []


def test_published_text_takes_an_act_only_with_its_source(
    editor_client: Client, text: Instrument, mali: Party, source: Source
) -> None:
    publication.publish(record=text)
    form = act_form(editor_client.get(act_page(text)))
    fill(form, act="signed", parties=[mali], done="2024-07-06")
    response = editor_client.post(act_page(text), form)
    assert errors(response) == ["Readers see this step at once: name the source that tells of it."]
    response = editor_client.post(act_page(text), fill(form, source=source))
    assert added(response) == ["ML · Signed · 6 July 2024 · Report"]


def test_act_is_recorded_by_nobody_alone_while_review_is_required(
    editor_client: Client,
    admin_user: User,
    text: Instrument,
    mali: Party,
    source: Source,
    settings: Settings,
) -> None:
    settings.REVIEW_REQUIRED = True
    form = act_form(editor_client.get(act_page(text)))
    fill(form, act="signed", parties=[mali], done="2024-07-06", source=source)
    assert added(editor_client.post(act_page(text), form)) != []
    publication.publish(record=text)
    form["_seen"] = [str(text.history.latest().history_id)]
    (error,) = errors(editor_client.post(act_page(text), form))
    assert error.startswith("Readers see “Treaty”. While review is required, only an administrator")
    head = as_user(admin_user)
    response = head.post(act_page(text), form)
    assert head.post(act_page(text), sent_by(response, "Save it so")).status_code == 302
    assert len(steps(text)) == 1


def test_act_is_told_what_somebody_else_saved_meanwhile(
    editor_client: Client, colleague_client: Client, text: Instrument, mali: Party
) -> None:
    form = act_form(editor_client.get(act_page(text)))
    renamed = fill(form_of(colleague_client, text), title_en="Renamed")
    colleague_client.post(page_of(text), renamed)
    fill(form, act="signed", parties=[mali], done="2024-07-06")
    (error,) = errors(editor_client.post(act_page(text), form))
    assert error.startswith(
        "Saved meanwhile by colleague, while you had this form open: title in English “Renamed”."
    )
    assert steps(text) == []


def test_act_needs_the_permission_to_change_texts(text: Instrument) -> None:
    watcher = as_user(User.objects.create_user("watcher", password="a long word", is_staff=True))
    assert watcher.get(act_page(text)).status_code == 403
    event = make.an_event()
    assert watcher.get(reverse("admin:timeline_event_text", args=[event.pk])).status_code == 403


def test_act_page_has_a_constant_number_of_queries(
    editor_client: Client, transactional_savepoint: Callable[[], Any]
) -> None:
    counts = []
    for count in (1, 3):
        with transactional_savepoint():
            text = with_a_text(count)
            event = make.an_event(parties=tuple(text.parties.all()))
            counts.append(queries(editor_client, act_page(text, f"?event={event.pk}")))
            page = reverse("admin:timeline_event_change", args=[event.pk])
            for party in text.parties.all():
                make.a_step(text, "initialled", party, event=event)
            counts.append(queries(editor_client, page))
    assert counts[:2] == counts[2:]


def test_joint_statement_offers_no_ratification(
    editor_client: Client, mali: Party, niger: Party
) -> None:
    text = make.a_text(mali, niger, kind="joint_statement", binds="not_legally")
    page = tree(editor_client.get(page_of(text)))
    offered = [link.text for link in page.xpath("//ul[@class='object-tools']//a")]
    assert "Record what was done" in offered
    assert "Record a ratification" not in offered


# From an event


def test_text_signed_at_an_event_opens_filled_in(
    editor_client: Client, mali: Party, niger: Party, source: Source
) -> None:
    event = make.an_event(host=make.a_state("ru"), date="2024-07-06", title_en="Summit")
    for party in (niger, mali):
        Participation.objects.create(event=event, party=party, role="signatory")
    Citation.objects.create(source=source, event=event, field="date")
    Citation.objects.create(source=source, event=event, field="parties")
    change = reverse("admin:timeline_event_change", args=[event.pk])
    (address,) = {
        link.get("href")
        for link in tree(editor_client.get(change)).xpath("//a")
        if (link.text or "").strip() == "Add the text signed here"
    }
    form = opened(editor_client, address, "instrument")
    assert (form["title_en"], form["date"]) == ([""], ["2024-07-06"])
    parties = [form[f"party_links-{row}-party"] for row in range(2)]
    assert parties == [[str(niger.pk)], [str(mali.pk)]]
    assert [form[f"steps-{row}-act"] for row in range(2)] == [["signed"], ["signed"]]
    assert form["citations-0-source"] == [str(source.pk)]
    assert form["citations-TOTAL_FORMS"] == ["1"]
    fill(form, title_en="Treaty", kind="treaty", binds="by_ratification")
    assert errors(editor_client.post(address, form, follow=True)) == []
    text = Instrument.objects.get()
    assert text.publication == "draft"
    assert [(step.act, step.party, str(step.done), step.event) for step in text.steps.all()] == [
        ("signed", niger, "2024-07-06", event),
        ("signed", mali, "2024-07-06", event),
    ]
    assert [step.citations.get().source for step in text.steps.all()] == [source, source]


@pytest.mark.parametrize(
    ("state", "date", "signed", "day"),
    [
        ("held", "2024-07-06/2024-07-07", 2, "2024-07-06/2024-07-07"),
        ("held", "2024-07-06/..", 2, ""),
        ("planned", "2027", 1, "2027"),
    ],
)
def test_who_took_part_directly_stands_for_signatories_that_nobody_named(
    editor_client: Client, mali: Party, niger: Party, state: str, date: str, signed: int, day: str
) -> None:
    event = make.an_event(parties=(mali, niger), date=date, state=state)
    Participation.objects.create(event=event, party=make.a_state("fr"), role="addressee")
    form = opened(editor_client, f"{ADD}?event={event.pk}", "instrument")
    assert form["party_links-TOTAL_FORMS"] == ["2"]
    assert (form["date"], form["steps-TOTAL_FORMS"]) == ([day], [str(signed)])


@pytest.mark.parametrize("key", ["", "x", "7777", "9" * 30])
def test_form_of_a_text_opens_whatever_event_is_named(editor_client: Client, key: str) -> None:
    form = opened(editor_client, f"{ADD}?event={key}", "instrument")
    assert form["party_links-TOTAL_FORMS"] == ["2"]


# Lists, addresses and what names a text


def titles_found(client: Client, query: str) -> list[str]:
    page = tree(client.get(f"/admin/timeline/instrument/{query}"))
    return [
        link.text_content() for link in page.xpath("//table[@id='result_list']//th/a")
    ]  # the title is a link in a heading of its row


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=traites", ["Treaty"]),
        ("?q=TRAITÉ", ["Treaty"]),
        ("?q=defence", ["Treaty"]),
        ("?q=memorandum", []),
        ("?kind__exact=memorandum", ["Notes"]),
        ("?binds__exact=not_legally", ["Notes"]),
        ("?year=2024", ["Treaty"]),
        ("?unratified=yes", []),
        ("", ["Notes", "Treaty"]),
    ],
)
def test_texts_are_found_by_words_and_filters(
    editor_client: Client, mali: Party, niger: Party, query: str, found: list[str]
) -> None:
    make.a_text(mali, niger, title_en="Treaty", title_fr="Traité", summary_en="Of defence.")
    make.a_text(mali, title_en="Notes", kind="memorandum", binds="not_legally", date="2025")
    assert titles_found(editor_client, query) == found


def test_list_says_how_a_text_stands_today(
    editor_client: Client, text: Instrument, mali: Party
) -> None:
    make.a_step(text, "entered_into_force", None, "2025", reason_en="Art. 3.")
    (row,) = tree(editor_client.get("/admin/timeline/instrument/")).xpath("//tbody/tr")
    cells = [cell.text_content() for cell in row.xpath("th|td[not(@class='action-checkbox')]")]
    assert cells == [
        "Treaty",
        "Treaty",
        "2024-07-06",
        "Binds by ratification",
        "In force",
        "Draft",
    ]


def test_published_text_keeps_its_former_address_and_is_not_deleted(
    editor_client: Client, text: Instrument
) -> None:
    former = text.slug
    publication.publish(record=text)
    form = fill(form_of(editor_client, text), slug="elsewhere")
    assert errors(editor_client.post(page_of(text), form, follow=True)) == []
    answer = editor_client.get(f"/en/instruments/{former}/")
    assert (answer.status_code, answer["Location"]) == (302, "/en/instruments/elsewhere/")
    delete = reverse("admin:timeline_instrument_delete", args=[text.pk])
    assert editor_client.post(delete, {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [text.pk], "post": "yes"}
    editor_client.post("/admin/timeline/instrument/", action)
    assert Instrument.objects.get() == text


def test_draft_is_deleted_with_its_life(
    editor_client: Client, text: Instrument, mali: Party
) -> None:
    signed = make.a_step(text, "signed", mali)
    make.a_step(text, "signed", mali, "2024-07-07", corrects=signed)
    delete = reverse("admin:timeline_instrument_delete", args=[text.pk])
    editor_client.post(delete, {"post": "yes"})
    assert not Instrument.objects.exists()


def test_preview_shows_a_draft_as_readers_will_see_it(
    editor_client: Client, text: Instrument
) -> None:
    preview = reverse("admin:timeline_instrument_preview", args=[text.pk])
    assert tree(editor_client.get(preview)).xpath("string(//h1)").strip() == "Treaty"


def test_step_has_a_page_for_its_sources(
    editor_client: Client, text: Instrument, mali: Party, source: Source
) -> None:
    step = make.a_step(text, "signed", mali)
    page = reverse("admin:timeline_instrumentstep_change", args=[step.pk])
    form = opened(editor_client, page, "instrumentstep")
    cited = {"source": source, "stance": "stated", "confidence": "high", "field": "done"}
    with_row(form, "citations", **cited, date_as_worded="vendredi 6 juillet")
    answer = editor_client.post(page, form, follow=True)
    assert errors(answer) == []
    # The source names a Friday; 6 July 2024 was a Saturday.
    assert [message[:1] for message in messages(answer)][:1] == ["⚑"]
    assert step.citations.get().field == "done"


def test_commitment_names_the_text_and_the_article_in_which_it_stands(
    editor_client: Client, text: Instrument
) -> None:
    promise = make.a_commitment(make.an_event())
    address = reverse("admin:timeline_commitment_change", args=[promise.pk])
    form = fill(opened(editor_client, address, "commitment"), article="art. 6")
    response = editor_client.post(address, form)
    assert errors(response) == ["Name the text that the article belongs to."]
    assert missing_values(form, response, "commitment") == {}
    assert errors(editor_client.post(address, fill(form, instrument=text), follow=True)) == []
    promise.refresh_from_db()
    assert (promise.instrument, promise.article) == (text, "art. 6")
    page = tree(editor_client.get(page_of(text)))
    (item,) = page.xpath("//div[contains(@class,'field-commitments_made')]//ul[@class='made']/li")
    assert " ".join(item.text_content().split()) == f"{promise} art. 6 · Draft"
    new = page.xpath("//a[contains(@href,'/commitment/add/?')]/@href")
    assert opened(editor_client, new[0], "commitment")["instrument"] == [str(text.pk)]
    citable = tree(editor_client.get(address)).xpath(
        "//select[@name='citations-__prefix__-field']/option/@value"
    )
    assert "instrument" in citable


def test_correction_may_be_of_a_text(editor_client: Client, text: Instrument) -> None:
    add = "/admin/timeline/correction/add/"
    form = fill(opened(editor_client, add, "correction"), text_en="It was a Saturday.")
    assert errors(editor_client.post(add, fill(form, instrument=text), follow=True)) == []
    assert text.corrections.get().text_en == "It was a Saturday."
    assert (
        "It was a Saturday."
        in editor_client.get(f"/admin/timeline/correction/?q={text.slug}").content.decode()
    )


def test_admin_of_texts_speaks_french(editor: User, text: Instrument, mali: Party) -> None:
    make.a_step(text, "signed", mali)
    french = Client(headers={"accept-language": "fr"})
    french.force_login(editor)
    address = act_page(text, f"?act=ratified&party={mali.pk}")
    form = fill(act_form(french.get(address)), done="2024-11-01")
    response = french.post(address, form)
    assert added(response) == ["ML · Ratification · 1er novembre 2024"]
    assert changes(response) == [
        "ML Signataire → A consenti",
        "Aucune source vue pour une ratification de ML → personne",
    ]
