"""The statement that computes who took part gives the same rows as the application."""

from collections.abc import Sequence
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.corpus.involvement import resolve_new
from tests import factories as make
from tests.examples import tries
from timeline.actions import involvement
from timeline.core import dates
from timeline.core.intervals import Span
from timeline.models import Event, Involvement, Membership, Participation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("swept")]

POINTS = (
    "2001",
    "2001-03-01",
    "2001-06",
    "2001-06-15",
    "2002",
    "2002-01",
    "2002-01-10",
    "2002-06~",
    "2003?",
)
ENDS = (*POINTS, "..")
DATES = tuple(
    text
    for text in (*POINTS, *(f"{start}/{end}" for start in POINTS for end in ENDS))
    if "/" not in text or text.endswith("..") or text[:4] < text.partition("/")[2][:4]
)
SPANS = tuple(
    (start, end)
    for start in POINTS
    for end in (None, *POINTS)
    if end is None or dates.parse(end).latest > dates.parse(start).earliest
)


def without_overlaps(spans: Sequence[tuple[int, int, tuple[str, str | None]]]) -> list[Membership]:
    """Draw memberships, without those that overlap with an earlier one."""
    memberships: list[Membership] = []
    for state, bloc, (start, end) in spans:
        span = Span(dates.parse(start), dates.parse(end) if end else None)
        same = (spell for spell in memberships if (spell.party_id, spell.bloc_id) == (state, bloc))
        if not any(spell.span.surely_overlaps(span) for spell in same):
            memberships.append(
                Membership.objects.create(party_id=state, bloc_id=bloc, starts=start, ends=end)
            )
    return memberships


@given(data=st.data())
@settings(
    max_examples=tries(15, soak=60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_statement_says_what_the_ways_say(db: None, data: st.DataObject) -> None:
    with transaction.atomic():
        lives: tuple[dict[str, str], ...] = (
            {},
            {"founded": "2001-06"},
            {"dissolved": "2002-01-10"},
        )
        states = [
            make.a_state(code, **data.draw(st.sampled_from(lives))).pk
            for code in ("aa", "bb", "cc")
        ]
        blocs = [make.a_bloc(code).pk for code in ("un", "au")]
        number = count(1)
        spans = st.tuples(st.sampled_from(states), st.sampled_from(blocs), st.sampled_from(SPANS))
        without_overlaps(data.draw(st.lists(spans, max_size=10)))
        for date in data.draw(st.lists(st.sampled_from(DATES), min_size=1, max_size=5)):
            event = Event.objects.create(
                slug=f"e-{next(number)}", kind="summit", title_en="E", date=date
            )
            roles = st.tuples(
                st.sampled_from([*states, *blocs]), st.sampled_from(["host", "observer"])
            )
            for party, role in data.draw(st.sets(roles, max_size=6)):
                Participation.objects.create(event=event, party_id=party, role=role)
        keys = list(Event.objects.order_by("pk").values_list("pk", flat=True))
        written = resolve_new(first=keys[0], last=keys[-1])
        assert list(involvement.differing()) == []
        assert written == Involvement.objects.count()
        transaction.set_rollback(True)


def test_statement_leaves_other_events_alone() -> None:
    state = make.a_state("ml")
    first, second, third = (make.an_event(parties=(state,)) for _ in range(3))
    Involvement.objects.all().delete()
    assert resolve_new(first=second.pk, last=second.pk) == 1
    assert list(Involvement.objects.values_list("event", "party")) == [(second.pk, state.pk)]
    assert {difference.event for difference in involvement.differing()} == {first.pk, third.pk}


@pytest.mark.parametrize(
    ("spans", "chosen"),
    [
        ([("2001", "2002"), ("2002", None)], 0),
        ([("2001", "2002"), ("2002-01-10", None)], 1),
    ],
)
def test_surest_membership_counts_then_the_earliest(
    spans: list[tuple[str, str | None]], chosen: int
) -> None:
    state, bloc = make.a_state("ml"), make.a_bloc("au")
    rows = without_overlaps([(state.pk, bloc.pk, span) for span in spans])
    event = Event.objects.create(slug="e", kind="summit", title_en="E", date="2002-06-20")
    Participation.objects.create(event=event, party=bloc)
    resolve_new(first=event.pk, last=event.pk)
    via = Involvement.objects.exclude(via=None).get()
    assert via.membership_id == rows[chosen].pk


@pytest.mark.parametrize(
    ("spans", "date", "possibly"),
    [
        ([("2020-01-01", "2025-04-03"), ("2025-04-03", None)], "2025-04-02/2025-04-04", False),
        (
            [("2020-01-01", "2025-04-03"), ("2025-04-03", "2025-04-04")],
            "2025-04-02/2025-04-04",
            True,
        ),
        (
            [("2020-01-01", "2025-04-03"), ("2025-04-03", "2025-04-05")],
            "2025-04-02/2025-04-04",
            False,
        ),
        ([("2020-01-01", "2025-04-03"), ("2025-04-04", None)], "2025-04-02/2025-04-04", True),
        ([("2020-01-01", "2025-04"), ("2025-04", None)], "2025-03-02/2025-05-04", True),
        (
            [("2020", "2025-02-01"), ("2025-02-01", "2025-08-01"), ("2025-08-01", None)],
            "2025",
            False,
        ),
    ],
)
def test_memberships_that_touch_are_one_stretch(
    spans: list[tuple[str, str | None]], date: str, possibly: bool
) -> None:
    state, bloc = make.a_state("ml"), make.a_bloc("au")
    rows = without_overlaps([(state.pk, bloc.pk, span) for span in spans])
    event = Event.objects.create(slug="e", kind="summit", title_en="E", date=date)
    Participation.objects.create(event=event, party=bloc)
    resolve_new(first=event.pk, last=event.pk)
    via = Involvement.objects.exclude(via=None).get()
    assert (via.possibly, via.membership_id) == (possibly, rows[0].pk)
    assert list(involvement.differing()) == []
