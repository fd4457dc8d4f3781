"""What rests on one source alone."""

from typing import Any

import pytest

from tests import factories as make
from timeline.models import Citation, Source
from timeline.queries.sources import falling_with

pytestmark = pytest.mark.django_db


def falling(source: Source) -> list[tuple[str, str]]:
    _total, _unlisted, resting = falling_with(source)
    return [
        (str(record), line.citation.field)
        for _kind, records in resting
        for record, lines in records
        for line in lines
    ]


def cite(source: Source, record: Any, field: str = "", **values: str) -> None:
    Citation.objects.create(source=source, event=record, field=field, **values)


def test_fact_that_another_source_supports_stays() -> None:
    first, second = make.a_source(), make.a_source()
    event, draft = make.an_event(title_en="Talks"), make.an_event(title_en="Draft")
    for field in ("date", "place"):
        cite(first, event, field)
    cite(first, draft)
    cite(second, event, "date")
    cite(second, event, "place", value_given="Rome")
    day = str(event)[:10]
    assert falling(first) == [(f"{day} · Talks", "place"), (f"{day} · Draft", "")]
    assert falling(second) == []
    assert falling_with(first)[:2] == (2, 0)


def test_source_of_the_whole_record_supports_each_of_its_facts() -> None:
    first, second = make.a_source(), make.a_source()
    event = make.an_event()
    cite(first, event, "date")
    cite(second, event)
    assert falling(first) == []
    assert falling(second) == []
    cite(second, event, "place")
    assert [field for _record, field in falling(second)] == ["place"]
