"""What a text and the steps of its life refuse."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from timeline.actions import instruments, publication
from timeline.core.codes import InstrumentAct
from timeline.models import Instrument, InstrumentStep, Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def mali() -> Party:
    return make.a_state("ml")


@pytest.fixture
def niger() -> Party:
    return make.a_state("ne")


@pytest.fixture
def text(mali: Party, niger: Party) -> Instrument:
    return make.a_text(mali, niger)


def refusal(instrument: Instrument, act: str, party: Party | None, **values: Any) -> dict[str, Any]:
    """Return what is said of a step that is refused, by field."""
    with pytest.raises(ValidationError) as refused:
        make.a_step(instrument, act, party, **values)
    return refused.value.message_dict


def test_a_life_from_signature_to_denunciation(text: Instrument, mali: Party, niger: Party) -> None:
    for party in (mali, niger):
        make.a_step(text, "signed", party)
        make.a_step(text, "ratified", party, "2024-11-01")
    make.a_step(text, "entered_into_force", None, "2025-01-01")
    make.a_step(text, "denounced", mali, "2026-01-01", effect="2027-01-01")
    assert [(str(step.done), step.act) for step in text.steps.all()] == [
        ("2024-07-06", "signed"),
        ("2024-07-06", "signed"),
        ("2024-11-01", "ratified"),
        ("2024-11-01", "ratified"),
        ("2025-01-01", "entered_into_force"),
        ("2026-01-01", "denounced"),
    ]


def test_a_step_of_no_party_to_the_text(text: Instrument) -> None:
    assert refusal(text, "signed", make.a_state("ru")) == {
        "party": ["This is no party to the text: add it to the parties first."]
    }


def test_a_joint_statement_is_not_ratified(mali: Party, niger: Party) -> None:
    statement = make.a_text(mali, niger, kind="joint_statement", binds="not_legally")
    make.a_step(statement, "signed", mali)
    assert refusal(statement, "ratified", mali, done="2024-08-01") == {
        "act": [
            "This text does not bind legally: nobody ratifies it, and it does not enter into "
            "force. Change how it binds if a source says so."
        ]
    }


def test_a_text_that_was_ratified_is_not_said_to_bind_nobody(text: Instrument, mali: Party) -> None:
    make.a_step(text, "signed", mali)
    ratified = make.a_step(text, "ratified", mali, "2024-11-01")
    text.binds = "not_legally"
    with pytest.raises(ValidationError) as refused:
        text.full_clean()
    assert refused.value.message_dict == {
        "binds": ["Steps of its life say that it binds: 2024-11-01 Ratified. Correct those first."]
    }
    make.a_step(text, "approved_at_home", mali, "2024-11-01", corrects=ratified)
    text.full_clean()


@pytest.mark.parametrize(
    ("act", "done", "effect", "sentence"),
    [
        ("ratified", "2024-07-01", None, "No signature of this party is on record by that day"),
        ("provisionally_applied", "2024-07-01", None, "No signature of this party"),
        ("denounced", "2025-01-01", None, "No ratification or other consent of this party"),
        ("entered_into_force", "2025-01-01", None, "Fewer than two parties have consented"),
        ("signed", "2024-08-01", "2024-07-31", "This takes effect before it was done"),
    ],
)
def test_what_history_seldom_knows_needs_a_reason(
    text: Instrument, mali: Party, act: str, done: str, effect: str | None, sentence: str
) -> None:
    make.a_step(text, "signed", mali)
    party = None if act == "entered_into_force" else mali
    said = refusal(text, act, party, done=done, effect=effect)
    assert list(said) == ["reason_fr"]
    assert said["reason_fr"][0].startswith(sentence)
    step = make.a_step(text, act, party, done, effect=effect, reason_en="So the treaty says.")
    assert step.pk is not None


def test_a_withdrawal_names_a_step_of_the_party_that_counts(
    text: Instrument, mali: Party, niger: Party
) -> None:
    other = make.a_step(make.a_text(mali, niger), "signed", mali)
    of_niger = make.a_step(text, "reservation", niger)
    signed = make.a_step(text, "signed", mali)
    later = make.a_step(text, "reservation", mali, "2025-06-01")

    def said(regards: InstrumentStep) -> str:
        message: str = refusal(text, "withdrawn", mali, done="2025-01-01", regards=regards)[
            "regards"
        ][0]
        return message

    assert said(other) == "This step belongs to another text; choose one of this text's."
    assert said(of_niger) == "A party withdraws a step of its own; choose one of those."
    assert said(later) == "This step was done later; choose one that was on record by then."
    make.a_step(text, "withdrawn", mali, "2024-12-01", regards=signed)
    assert said(signed) == "This step does not count any more: it is corrected or withdrawn."


def test_what_is_objected_to_is_a_reservation(text: Instrument, mali: Party, niger: Party) -> None:
    signed = make.a_step(text, "signed", mali)
    assert refusal(text, "objection", niger, done="2025-01-01", regards=signed) == {
        "regards": ["What is objected to is a reservation; choose one."]
    }
    reservation = make.a_step(text, "reservation", mali, "2024-07-06")
    make.a_step(text, "objection", niger, "2025-01-01", regards=reservation)


def test_a_step_that_is_on_record_is_not_entered_again(text: Instrument, mali: Party) -> None:
    make.a_step(text, "signed", mali)
    assert refusal(text, "signed", mali) == {
        "__all__": ["This step is on record already: add your source to it instead."]
    }


def test_a_correction_is_of_a_step_of_the_same_text(
    text: Instrument, mali: Party, niger: Party
) -> None:
    other = make.a_step(make.a_text(mali, niger), "signed", mali)
    assert refusal(text, "signed", mali, corrects=other) == {
        "corrects": ["This step belongs to another text; choose one of this text's."]
    }


def test_a_text_stands_between_two_parties(mali: Party, niger: Party) -> None:
    alone = make.a_text(mali)
    with pytest.raises(ValidationError, match="A text stands between two parties or more"):
        publication.publish(record=alone)
    alone.refresh_from_db()
    assert alone.publication == "draft"
    alone.parties.add(niger)
    publication.publish(record=alone)


def test_a_draft_whose_steps_are_of_others_is_not_published(text: Instrument, mali: Party) -> None:
    text.parties.add(make.a_state("bf"))
    make.a_step(text, "signed", mali)
    text.party_links.filter(party=mali).delete()
    with pytest.raises(ValidationError, match="parties that the text does not list: ML"):
        publication.publish(record=text)


def test_a_text_has_one_date(mali: Party) -> None:
    with pytest.raises(ValidationError, match="A text has one date"):
        make.a_text(date="2024-07-06/..").full_clean()


def test_a_step_that_is_refused_changes_nothing(text: Instrument, mali: Party) -> None:
    with pytest.raises(ValidationError):
        instruments.record_step(
            instrument=text, act=InstrumentAct.SIGNED, party=mali, done="06/07/2024"
        )
    assert not text.steps.exists()
