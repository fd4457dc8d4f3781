"""The number of commitments of the record."""

import pytest

from tests import factories as make
from tests.ledgers import content
from tests.parsed_page import TODAY
from timeline.core.question import LedgerQuestion
from timeline.index.ledger import Ledger
from timeline.models import (
    Commitment,
)
from timeline.queries import ledger, ledger_loader
from timeline.queries.as_of import AsOf


def in_the_ledger() -> int:
    question = LedgerQuestion()
    return ledger.on(AsOf(TODAY)).answer(question, {}).total


def test_promise_worded_several_times_counts_once(db: None) -> None:
    event = make.an_event(publication="published")
    make.a_commitment(event, publication="published")
    make.a_commitment(event)
    first = make.a_commitment(event, publication="published")
    values = {"restatement": "same", "publication": "published"}
    second = make.a_commitment(event, restates=first, **values)
    make.a_commitment(event, restates=second, **values)
    make.a_commitment(event, restates=first, **values)
    draft = make.a_commitment(event)
    make.a_commitment(event, restates=draft, **values)
    assert ledger.total() == in_the_ledger() == 3
    Commitment.objects.filter(pk=second.pk).update(publication="draft")
    assert ledger.total() == in_the_ledger() == 3


@pytest.mark.usefixtures("demo")
def test_first_page_counts_the_promises_of_the_ledger() -> None:
    assert ledger.total() == in_the_ledger() < Commitment.objects.published().count()


@pytest.mark.usefixtures("demo")
def test_part_of_the_demo_read_again_is_unchanged() -> None:
    when = AsOf(TODAY)
    whole = ledger._read_all(when)
    keys = list(Commitment.objects.order_by("pk").values_list("pk", flat=True))
    for some in (keys[::3], keys[1::7], keys[:1], keys):
        again = ledger._with_threads(set(some), whole)
        changed = whole.replace(again, ledger_loader.entries(when, again))
        assert content(Ledger(changed)) == content(Ledger(whole))
