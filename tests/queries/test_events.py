"""The data of an event's page, and the numbers of its sources."""

import pytest
from django.db import connection

from tests import factories as make
from tests.parsed_page import TODAY
from tests.steps import steps_beside_more
from timeline.models import Citation
from timeline.queries.events import detail
from timeline.queries.footnotes import Footnotes


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite tells its steps")
@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.django_db
def test_events_that_follow_no_other_are_not_read(analysed: bool) -> None:
    event = make.an_event(publication="published")
    make.an_event(publication="published", follows=event)

    def add(count: int) -> int:
        return steps_beside_more(count, lambda: detail(event, today=TODAY), analysed=analysed)

    assert add(300) == add(3000) > 0


@pytest.mark.django_db
def test_only_published_follow_ups_are_shown() -> None:
    event = make.an_event(publication="published")
    later = make.an_event(date="2026-01-01", publication="published", follows=event)
    make.an_event(date="2026-02-01", follows=event)
    assert detail(event, today=TODAY).followed_by == (later,)


@pytest.mark.parametrize(
    ("stances", "inferred"),
    [
        (["stated"], False),
        (["inferred"], True),
        (["inferred", "inferred"], True),
        (["stated", "inferred"], False),
        (["inferred", "stated"], False),
    ],
)
def test_fact_is_inferred_only_where_no_citation_of_the_source_states_it(
    db: None, stances: list[str], inferred: bool
) -> None:
    event, source = make.an_event(), make.a_source()
    cited = [
        Citation.objects.create(event=event, source=source, stance=stance, note_en="Why.")
        for stance in stances
    ]
    assert Footnotes().mark(cited, "date") == [(1, inferred)]


@pytest.mark.django_db
def test_footnotes_number_sources_in_the_order_of_the_page() -> None:
    event = make.an_event()
    first, second = make.a_source(), make.a_source()
    stated, inferred = (
        Citation.objects.create(event=event, source=second, stance="stated"),
        Citation.objects.create(event=event, source=first, stance="inferred", note_en="Why."),
    )
    footnotes = Footnotes()
    assert footnotes.mark([stated], "date") == [(1, False)]
    assert footnotes.mark([inferred, stated], "place") == [(1, False), (2, True)]
    assert footnotes.entries == [
        (second, [(stated, "date", ""), (stated, "place", "")]),
        (first, [(inferred, "place", "")]),
    ]
