"""The indexes of the largest table, each of which costs as much as a column of it."""

import pytest
from django.db import connection

from timeline.models import Involvement


@pytest.mark.django_db
def test_involvement_has_the_indexes_that_are_asked_and_no_other() -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, Involvement._meta.db_table)
    indexes = [
        constraint["columns"]
        for constraint in constraints.values()
        if constraint["index"] and not constraint["unique"]
    ]
    assert sorted(indexes) == [
        ["event_id"],
        # Only of the few rows of addressees.
        ["event_id", "party_id"],
        ["membership_id"],
        ["party_id", "event_id"],
    ]
