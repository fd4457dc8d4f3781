"""The cache of values for a version of the record."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import transaction

from tests import factories as make
from tests.caches import clear_caches
from timeline import cache
from timeline.cache import VersionedCache

pytestmark = pytest.mark.django_db(transaction=True)

ALIASES = ("default", "questions", None)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    clear_caches()


@pytest.fixture
def numbers() -> Iterator[int]:
    return iter(range(1, 100))


@pytest.mark.parametrize("alias", ALIASES)
def test_value_is_loaded_again_when_the_record_has_changed(
    numbers: Iterator[int], alias: str | None
) -> None:
    cached: VersionedCache[int] = VersionedCache("test", alias=alias)
    load = numbers.__next__
    assert [cached.get_or_load("a", None, load) for _ in range(3)] == [1, 1, 1]
    make.an_event()
    assert [cached.get_or_load("a", None, load) for _ in range(3)] == [2, 2, 2]


def test_part_of_the_record_is_kept_while_the_rest_changes(numbers: Iterator[int]) -> None:
    cached: VersionedCache[int] = VersionedCache("test", scope=cache.vocabulary)
    assert cached.get_or_load("a", None, numbers.__next__) == 1
    make.an_event()
    assert cached.get_or_load("a", None, numbers.__next__) == 1
    make.a_state("ml")
    assert cached.get_or_load("a", None, numbers.__next__) == 2


def test_only_the_last_revision_of_a_value_is_kept(numbers: Iterator[int]) -> None:
    cached: VersionedCache[int] = VersionedCache("test")
    values = [cached.get_or_load("a", day, numbers.__next__) for day in (1, 1, 2, 2, 1)]
    assert values == [1, 1, 2, 2, 3]


def test_values_that_are_missing_are_left_out() -> None:
    cached: VersionedCache[str] = VersionedCache("test")
    revisions = {1: 7, 2: 7, 3: 7}
    cached.set_many(revisions, {1: "one", 2: "two"})
    assert cached.get_many(revisions) == {1: "one", 2: "two"}
    assert cached.get_many({1: 8, 2: 7}) == {2: "two"}


def test_names_of_caches_tell_their_keys_apart(numbers: Iterator[int]) -> None:
    first, second = VersionedCache[int]("one"), VersionedCache[int]("other")
    assert first.get_or_load("a", None, numbers.__next__) == 1
    assert second.get_or_load("a", None, numbers.__next__) == 2


def test_value_made_by_other_code_is_not_used(
    numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cached: VersionedCache[int] = VersionedCache("test")
    assert cached.get_or_load("a", None, numbers.__next__) == 1
    monkeypatch.setattr(cache, "build_id", lambda: "another")
    assert cached.get_or_load("a", None, numbers.__next__) == 2


def test_nothing_is_kept_in_a_transaction(numbers: Iterator[int]) -> None:
    cached: VersionedCache[int] = VersionedCache("test")
    with transaction.atomic():
        make.an_event()
        assert cached.get_or_load("a", None, numbers.__next__) == 1
        cached.set("a", None, 1)
        assert cached.get("a", None) is None
    assert cached.get_or_load("a", None, numbers.__next__) == 2


def test_objects_are_kept_as_they_are() -> None:
    cached: VersionedCache[object] = VersionedCache("test", alias=None)
    first = cached.get_or_load("a", None, object)
    assert cached.get_or_load("a", None, object) is first


def test_cache_that_fails_breaks_nothing(
    numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise OSError("unreachable")

    cached: VersionedCache[int] = VersionedCache("test")
    for name in ("get_many", "set_many"):
        monkeypatch.setattr(caches["default"], name, fail)
    assert [cached.get_or_load("a", None, numbers.__next__) for _ in range(2)] == [1, 2]
    assert cached.get("a", None) is None
