"""Odd events and commitments as plain Python reckons them: `make soak reckoning`, short."""

from random import Random

import pytest

from bench.soak.reckoning.comparison import Comparison
from bench.soak.reckoning.odd_record import OddRecord
from tests.parsed_page import TODAY
from timeline.index.current import current

pytestmark = pytest.mark.django_db

EVENTS = 40


def test_site_finds_what_plain_python_reckons() -> None:
    OddRecord(Random(2025), EVENTS).write()  # noqa: S311 — no secret
    comparison = Comparison(TODAY, most=12)
    comparison.involvement()
    comparison.filters(current())
    comparison.options(current())
    comparison.ledger()
    comparison.clocks()
    comparison.pages("testserver")
    assert comparison.differences == []
    assert min(comparison.facts.values()) >= 12
    ways = comparison.record.ways
    assert {way.possibly for way in ways} == {way.addressee for way in ways} == {False, True}


def test_what_differs_is_named() -> None:
    comparison = Comparison(TODAY)
    comparison.hold("events", "?party=ml", {"a"}, {"a"})
    comparison.hold("events", "?party=ne", {"a"}, set())
    comparison.hold_each("ways", ["found", "both"], ["both", "reckoned"])
    assert comparison.differences == [
        "events, ?party=ne: found {'a'}, reckoned set()",
        "ways, not reckoned: found",
        "ways, not found: reckoned",
    ]
    assert comparison.facts == {"events": 2, "ways": 3}
