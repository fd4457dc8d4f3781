"""An event's page reads what belongs to the event, however long the record is."""

import pytest
from django.db import connection

from tests import factories as make
from tests.parsed_page import TODAY
from tests.steps import steps_beside_more
from timeline.queries.events import detail


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite tells its steps")
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.django_db
def test_events_that_follow_no_other_are_not_read(known: bool) -> None:
    event = make.an_event(publication="published")
    make.an_event(publication="published", follows=event)

    def add(count: int) -> int:
        return steps_beside_more(count, lambda: detail(event, today=TODAY), known=known)

    assert add(300) == add(3000) > 0


@pytest.mark.django_db
def test_only_published_follow_ups_are_shown() -> None:
    event = make.an_event(publication="published")
    later = make.an_event(date="2026-01-01", publication="published", follows=event)
    make.an_event(date="2026-02-01", follows=event)
    assert detail(event, today=TODAY).followed_by == (later,)
