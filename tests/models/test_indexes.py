"""Which indexes the largest table has: each costs as much room and time as a column of it."""

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
        # Of the few that are only addressed.
        ["event_id", "party_id"],
        ["membership_id"],
        ["party_id", "event_id"],
    ]
