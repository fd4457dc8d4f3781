"""Whether a record was written since a time, and the number of changes that follows from it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests import factories as make
from tests.pages.test_changes import done_at, edited, published
from timeline.actions import publication
from timeline.models import Citation, Correction
from timeline.queries.change_counts import number_of
from timeline.queries.changes import changes_of
from timeline.queries.record_fields import MODELS, PARTS
from timeline.queries.written import written_since

pytestmark = pytest.mark.django_db

BEFORE: Final = dt.datetime(2026, 5, 1, 23, 59, tzinfo=dt.UTC)
SINCE: Final = dt.datetime(2026, 5, 2, tzinfo=dt.UTC)
TODAY: Final = dt.date(2026, 11, 28)
NOUNS: Final = ("event", "commitment", "instrument")


@pytest.fixture
def records() -> dict[str, Any]:
    """A record of each noun with every part, and its sources; all was written before."""
    cited = make.all_that_is_citable()
    source = make.a_source()
    for name, row in cited.items():
        Citation.objects.create(source=source, **{name: row})
    for model in models():
        for row in model.objects.all():
            # What is added through a relation has no history.
            if not row.history.exists():
                row.save()
        model.history.update(history_date=BEFORE)
    return {noun: cited[noun] for noun in NOUNS}


def models() -> Iterator[Any]:
    """Yield the models of the records and of their parts."""
    for noun in NOUNS:
        yield from {MODELS[noun], *(part.model for part in PARTS[noun])}


@pytest.mark.parametrize("noun", NOUNS)
def test_each_part_of_a_record_tells_of_it(records: dict[str, Any], noun: str) -> None:
    key = records[noun].pk
    # What is written of others at the same time is not of this record.
    beside = make.an_event(host=make.a_state("ru"))
    make.a_commitment(beside)
    make.a_step(make.a_text(niger := make.a_state("ne")), "signed", niger)
    assert not written_since(noun, key, SINCE)
    paths = {"": ""}
    for part in PARTS[noun]:
        for parent, of in part.parents.items():
            paths[part.name] = path = f"{parent}__{paths[of]}".rstrip("_")
            history = part.model.history  # type: ignore[attr-defined]
            row = history.filter(**{path: key}).first()
            assert row is not None, path
            for when in (BEFORE, SINCE):
                history.filter(history_id=row.history_id).update(history_date=when)
                assert written_since(noun, key, SINCE) == (when == SINCE), path
            history.filter(history_id=row.history_id).update(history_date=BEFORE)
    done_at(records[noun], SINCE)
    assert written_since(noun, key, SINCE)


@pytest.mark.parametrize("noun", NOUNS)
def test_a_correction_and_a_withdrawal_tell_of_it_at_any_time(
    records: dict[str, Any], noun: str
) -> None:
    record = records[noun]
    correction = Correction.objects.create(
        **{noun: record}, made_on="2020-01-01", text_en="It was wrong."
    )
    assert written_since(noun, record.pk, SINCE)
    correction.delete()
    assert not written_since(noun, record.pk, SINCE)
    publication.withdraw(record=record, reason_fr="", reason_en="It was wrong.")
    publication.publish(record=record)
    record.history.update(history_date=BEFORE)
    assert written_since(noun, record.pk, SINCE)


FIRSTS: Final = [dt.date.min, *(BEFORE.date() + dt.timedelta(days) for days in (0, 1, 2, 30))]


@pytest.mark.parametrize("noun", NOUNS)
def test_number_of_changes_is_that_of_those_listed(records: dict[str, Any], noun: str) -> None:
    record = records[noun]
    published(record, BEFORE)

    def numbers() -> list[int]:
        found = [number_of(noun, record.pk, first, TODAY) for first in FIRSTS]
        assert found == [len(changes_of(noun, record.pk, first, TODAY)) for first in FIRSTS]
        return found

    assert numbers() == [1, 1, 0, 0, 0]
    Citation.objects.create(source=make.a_source(), **{noun: record})
    assert numbers() == [2, 2, 1, 1, 1]
    edited(record, SINCE + dt.timedelta(1), title_en="Renamed")
    assert numbers() == [3, 3, 2, 2, 1]


def test_a_commitment_is_new_to_readers_with_its_event(records: dict[str, Any]) -> None:
    commitment, event = records["commitment"], records["event"]
    published(commitment, BEFORE)
    published(event, SINCE + dt.timedelta(2))
    done_at(commitment.updates.get(), SINCE + dt.timedelta(1))
    found = [number_of("commitment", commitment.pk, first, TODAY) for first in FIRSTS]
    assert found == [len(changes_of("commitment", commitment.pk, f, TODAY)) for f in FIRSTS]


def test_a_record_that_only_was_added_takes_two_queries(
    records: dict[str, Any], django_assert_num_queries: Any
) -> None:
    event = records["event"]
    published(event, BEFORE)
    with django_assert_num_queries(2):
        number_of("event", event.pk, FIRSTS[0], TODAY)
