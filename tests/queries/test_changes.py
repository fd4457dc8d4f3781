"""What changed of one record: the same that is told of it among all that changed."""

import datetime as dt
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.pages.test_changes import APRIL, JUNE, MAY, done_at, edited, published
from timeline.core.codes import ChangeVerb
from timeline.models import Commitment, Correction, Event
from timeline.queries.changes import MODELS, changes_of, changes_since

pytestmark = pytest.mark.django_db

TODAY: Final = dt.date(2026, 11, 28)
DAY: Final = dt.timedelta(days=1)


@pytest.fixture
def record() -> dict[str, Any]:
    """A record of each noun that was drafted in April, published in May and changed in June.

    The framework has the meeting at which the commitment was made.
    """
    mali, russia = make.a_state("ml"), make.a_state("ru")
    framework = make.a_framework(russia, mali)
    event = make.an_event(host=russia, framework=framework)
    commitment = make.a_commitment(event)
    text = make.a_text(mali, russia)
    drafts = {"event": event, "commitment": commitment, "instrument": text, "framework": framework}
    for one in drafts.values():
        done_at(one, APRIL)
    done_at(commitment.updates.get(), APRIL)
    # Readers see a commitment once its event is published, too.
    published(commitment, APRIL)
    for one in (event, text, framework):
        published(one, MAY)
    for noun, one in drafts.items():
        edited(one, JUNE, title_en="Renamed")
        Correction.objects.create(**{noun: one}, made_on="2026-07-01", text_en="Wrong.")
    done_at(commitment.updates.create(date="2026-05", entry=9, status="fulfilled"), JUNE)
    done_at(make.a_step(text, "signed", mali, done="2026-05-02"), JUNE)
    return drafts


def add_another_of_each() -> None:
    """Add a record of each noun that changes on the same days."""
    other = make.an_event(framework=make.a_framework(publication="published"))
    text = make.a_text(make.a_state("bf"), make.a_state("ne"))
    for one in (other, make.a_commitment(other), text):
        published(one, MAY)
        edited(one, JUNE, title_en="Other")


ONE: Final = [ChangeVerb.CORRECTED, ChangeVerb.CHANGED, ChangeVerb.ADDED]
VERBS: Final = {
    "event": ONE,
    "commitment": [ChangeVerb.CORRECTED, ChangeVerb.STATE, ChangeVerb.CHANGED, ChangeVerb.ADDED],
    "instrument": [
        *(ChangeVerb.CORRECTED, ChangeVerb.FOLLOWED),
        *(ChangeVerb.CHANGED, ChangeVerb.ADDED),
    ],
    # Its own and those of its meeting.
    "framework": [verb for verb in ONE for _ in range(2)],
}


@pytest.mark.parametrize("noun", [*MODELS])
def test_changes_of_a_record_are_those_told_of_it_among_all(
    record: dict[str, Any], noun: str
) -> None:
    add_another_of_each()
    key = record[noun].pk
    of = {(noun, key)} | ({("event", record["event"].pk)} if noun == "framework" else set())
    found = changes_of(noun, key, dt.date.min, TODAY)
    assert [change.verb for change in found] == VERBS[noun]
    for first in (dt.date.min, MAY.date(), MAY.date() + DAY, JUNE.date(), JUNE.date() + DAY, TODAY):
        told = [c for c in changes_since(first, TODAY) if (c.noun, c.record) in of]
        assert changes_of(noun, key, first, TODAY) == told, first


def test_parts_written_together_are_a_change_called_by_the_first(record: dict[str, Any]) -> None:
    event, day = record["event"], JUNE + DAY
    rows = []
    for number, code in enumerate(("bf", "ne")):
        link = event.participations.create(party=make.a_state(code), role="participant")
        done_at(link, day + number * dt.timedelta(milliseconds=400))
        rows.append(link.history.get().pk)
    (change,) = (c for c in changes_of("event", event.pk, day.date(), TODAY) if c.parts)
    assert (change.when, change.row) == (day, rows[0])
    assert [part.row for part in change.parts] == rows


def test_of_a_meeting_that_readers_do_not_see_nothing_is_told(record: dict[str, Any]) -> None:
    make.an_event(framework=record["framework"])
    Event.objects.filter(pk=record["event"].pk).update(publication="draft")
    found = changes_of("framework", record["framework"].pk, dt.date.min, TODAY)
    assert {change.noun for change in found} == {"framework"}


def test_correction_that_is_dated_later_is_not_told(record: dict[str, Any]) -> None:
    found = changes_of("event", record["event"].pk, dt.date.min, dt.date(2026, 6, 30))
    assert [change.verb for change in found] == [ChangeVerb.CHANGED, ChangeVerb.ADDED]


@pytest.mark.parametrize("noun", [*MODELS])
def test_queries_do_not_grow_with_the_changes(record: dict[str, Any], noun: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            changes_of(noun, record[noun].pk, dt.date.min, TODAY)
        return len(asked)

    few = queries()
    russia = record["instrument"].party_links.get(party__code="ru").party
    add_another_of_each()
    for number in (0, 1):
        edited(record[noun], JUNE + number * DAY, title_en=f"Again {number}")
        Correction.objects.create(**{noun: record[noun]}, made_on="2026-07-02", text_en="Wrong.")
        published(make.an_event(framework=record["framework"]), MAY)
        more = {"date": "2026-06", "entry": number + 9, "status": "in_progress"}
        done_at(Commitment.objects.get(pk=record["commitment"].pk).updates.create(**more), JUNE)
        act = ("signed", "ratified")[number]
        done_at(make.a_step(record["instrument"], act, russia, done="2026-05-03"), JUNE)
    assert queries() == few <= 17
