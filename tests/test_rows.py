"""The rows that tests write back are those that were loaded."""

from typing import Any

import pytest
from django.db import connection, transaction

from tests import rows
from timeline.models import Event, EventRevision


def in_no_order(tables: rows.Rows) -> dict[str, Any]:
    return {
        table: sorted(lines.splitlines() if isinstance(lines, bytes) else lines, key=repr)
        for table, lines in tables.items()
    }


@pytest.mark.django_db
def test_rows_put_back_are_those_that_were_read(demo_rows: rows.Rows) -> None:
    rows.put_back(demo_rows)
    connection.check_constraints()
    assert in_no_order(rows.read()) == in_no_order(demo_rows)
    assert Event.objects.count() == EventRevision.objects.count() > 0


@pytest.mark.django_db
def test_next_row_has_a_key_of_its_own(demo_rows: rows.Rows) -> None:
    with transaction.atomic():
        rows.put_back(demo_rows)
    keys = set(Event.objects.values_list("pk", flat=True))
    assert Event.objects.create(slug="next", date="2025", kind="visit", title_en="N").pk not in keys
