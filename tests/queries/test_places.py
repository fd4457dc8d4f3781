"""Places by key, in a constant number of queries, and the states of a party."""

import datetime as dt
from typing import Any

import pytest

from tests import factories as make
from timeline.queries import places as rows

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 23)


def test_places_know_their_states(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mali = make.a_state("ml")
    places = [make.a_place("bamako", party=mali), make.a_place("somewhere"), make.a_place("niamey")]
    keys = {place.pk for place in places[:2]}
    for most in (500, 1):
        monkeypatch.setattr(rows, "_MAX_KEYS", most)
        with django_assert_num_queries(1) as captured:
            rows_found = rows.places(keys)
        assert (" WHERE " in captured[0]["sql"]) is (len(keys) <= most)
        states = [(place.slug, getattr(place, "code", None)) for place in rows_found]
        assert states == [("bamako", "ml"), ("somewhere", None)]


def test_bloc_stands_for_its_members_on_the_day_and_a_state_for_itself() -> None:
    aes = make.a_bloc("aes")
    for code, ends in (("ml", None), ("ne", "2025-01-29")):
        make.a_membership(make.a_state(code), aes, "2023-09-16", ends)
    make.a_state("ru")
    assert rows.standing_for(["aes", "ru"], DAY) == [["ml"], ["ru"]]
    assert rows.standing_for(["aes"], dt.date(2024, 1, 1)) == [["ml", "ne"]]
