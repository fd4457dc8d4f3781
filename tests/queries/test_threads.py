"""Commitments with several wordings: their thread, and the wording that counts."""

from collections.abc import Iterator

import pytest

from tests import factories as make
from tests.parsed_page import TODAY
from timeline.core.question import LedgerQuestion
from timeline.index.ledger import Ledger
from timeline.models import Commitment
from timeline.queries import commitments, ledger
from timeline.queries.as_of import AsOf

pytestmark = pytest.mark.django_db

WHEN = AsOf(TODAY)


def promised(date: str, restates: Commitment | None = None, **values: str) -> Commitment:
    """Make a commitment at a published event on a date."""
    event = make.an_event(date=date, publication="published")
    again = {"restates": restates, "restatement": "widened"} if restates else {}
    return make.a_commitment(event, **{"publication": "published", **again, **values})


def counted() -> set[Commitment]:
    index: Ledger = ledger.on(WHEN)
    return set(Commitment.objects.filter(pk__in=index.keys(LedgerQuestion(), {})))


def lately() -> set[Commitment]:
    return {row.commitment for row in commitments.lately_evidenced(9, TODAY)}


def wordings(commitment: Commitment) -> Iterator[tuple[Commitment | None, Commitment]]:
    for wording in commitments.thread(commitment, WHEN):
        yield wording.earlier, wording.commitment


def test_wording_of_a_vague_day_follows_what_it_restates() -> None:
    first = promised("2025-04-03")
    second = promised("2025", first)
    assert list(wordings(first)) == list(wordings(second)) == [(None, first), (first, second)]
    assert counted() == lately() == {second}


def test_each_wording_is_compared_with_the_one_that_it_restates() -> None:
    first = promised("2024-01-10")
    second, third = promised("2024-06-01", first), promised("2025-02-01", first)
    last = promised("2024", second)
    told_of = [(None, first), (first, second), (second, last), (first, third)]
    assert list(wordings(third)) == told_of
    assert counted() == lately() == {third}


def test_what_readers_may_not_see_is_stepped_over() -> None:
    first = promised("2024-01-10")
    hidden = promised("2024-06-01", first, publication="draft")
    second, third = promised("2025-02-01", hidden), promised("2025-03-01", hidden)
    assert list(wordings(third)) == [(None, first), (first, second), (first, third)]
    Commitment.objects.filter(pk=first.pk).update(publication="draft")
    assert list(wordings(third)) == [(None, second), (second, third)]
    assert counted() == lately() == {third}


def test_promise_alone_is_no_thread() -> None:
    first = promised("2024-01-10")
    promised("2024-06-01", first, publication="draft")
    assert list(wordings(first)) == []
    assert counted() == lately() == {first}


def test_draft_of_a_restatement_shows_its_thread_to_its_editors_alone() -> None:
    first = promised("2024-01-10")
    draft = promised("2024-06-01", first, publication="draft")
    assert list(wordings(draft)) == [(None, first), (first, draft)]
    assert list(wordings(first)) == []
