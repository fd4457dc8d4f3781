"""The founding article alone: what it supports, and what it does not."""

import datetime as dt
from pathlib import Path

import pytest

from timeline.core.codes import FrameworkState
from timeline.ingest.demo import load
from timeline.models import Commitment, Event, Framework, Involvement
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import one_view

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "founding"


@pytest.fixture
def event() -> Event:
    load(FOLDER)
    return Event.objects.get()


def test_article_alone_makes_one_event_with_five_undertakings(event: Event) -> None:
    assert (event.date.text, event.sectors.count(), event.statements.count()) == (
        "2025-04-03",
        8,
        2,
    )
    assert list(Commitment.objects.order_by("pk").values_list("slug", flat=True)) == [
        "equipment-training",
        "unified-force-support",
        "six-sectors",
        "forums",
        "permanent-framework",
    ]


def test_article_alone_involves_the_members_through_their_bloc(event: Event) -> None:
    ways = Involvement.objects.filter(event=event).values_list("party__code", "via__code")
    assert sorted(ways, key=str) == [
        ("aes", None),
        ("bf", "aes"),
        ("ml", "aes"),
        ("ne", "aes"),
        ("ru", None),
    ]


def test_article_alone_gives_no_cadence_so_that_nothing_is_ever_overdue(event: Event) -> None:
    view = one_view(Framework.objects.get(), AsOf(dt.date(2036, 1, 1)))
    assert view.host_turn.state == FrameworkState.NOT_STATED
    assert view.host_turn.window is None
    assert view.next_party is not None
    assert (view.next_party.code, [party.code for party in view.candidate_parties]) == (
        "aes",
        ["bf", "ml", "ne"],
    )


def test_article_alone_is_loaded_once(event: Event) -> None:
    history = event.history.count()
    assert load(FOLDER) == {}
    assert event.history.count() == history
