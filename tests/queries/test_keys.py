"""Keys as one parameter of a query, on either database."""

from typing import Any

import pytest

from tests.factories import a_state, an_event
from timeline.models import Event, Involvement, Party
from timeline.queries.keys import Keys

pytestmark = pytest.mark.django_db


def test_rows_with_these_keys_are_found() -> None:
    first, second, _third = (a_state(code) for code in ("ml", "ne", "bf"))
    found = Party.objects.filter(pk__in=Keys([second.pk, first.pk, -1])).order_by("pk")
    assert [*found] == [first, second]
    assert [*Party.objects.filter(pk__in=Keys([]))] == []


def test_nothing_is_asked_of_no_keys(django_assert_num_queries: Any) -> None:
    mali = a_state("ml")
    with django_assert_num_queries(0):
        assert [*Party.objects.filter(pk__in=Keys([]))] == []
    with django_assert_num_queries(1):
        assert [*Party.objects.exclude(pk__in=Keys([]))] == [mali]


def test_keys_are_compared_with_a_foreign_key_and_left_out() -> None:
    mali = a_state("ml")
    event, other = (an_event(parties=(mali,)) for _ in range(2))
    links = Involvement.objects.filter(event__in=Keys([event.pk]))
    assert [link.event_id for link in links] == [event.pk]
    assert [*Event.objects.exclude(pk__in=Keys([event.pk]))] == [other]
