"""Citations of rows of several kinds, loaded at once."""

from typing import Any

import pytest
from django.db import connection

from tests import factories as make
from tests.steps import steps_taken
from timeline.models import Citation
from timeline.queries.citations import citations_of

pytestmark = pytest.mark.django_db


def test_each_row_has_its_own_citations_in_order(django_assert_num_queries: Any) -> None:
    party, source = make.a_state("ml"), make.a_source()
    # The event and the place may have the same key, in different tables.
    event, place = make.an_event(parties=(party,)), make.a_place("bamako")
    taking_part = event.participations.get()
    cited = {
        row: [
            Citation.objects.create(source=source, field=field, **{name: row}) for field in fields
        ]
        for name, row, fields in (
            ("event", event, ("date", "kind")),
            ("place", place, ("name",)),
            ("participation", taking_part, ()),
        )
    }
    with django_assert_num_queries(1):
        found = citations_of(cited)
        titles = {citation.source.title for citations in found.values() for citation in citations}
    assert found == cited
    assert titles == {source.title}


def test_no_rows_ask_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert citations_of([]) == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite tells its steps")
def test_citations_of_other_rows_are_not_read() -> None:
    source, party = make.a_source(), make.a_state("ml")
    event, other = make.an_event(parties=(party,)), make.an_event()
    rows = [event, event.participations.get(), make.a_place("bamako")]
    Citation.objects.create(event=event, source=source, field="date")

    def steps_beside(count: int) -> int:
        Citation.objects.bulk_create(
            Citation(event=other, source=source, excerpt=str(number)) for number in range(count)
        )
        return steps_taken(lambda: citations_of(rows))

    assert steps_beside(100) == steps_beside(1000) > 0
