"""What is kept in memory for a version of the record."""

import pytest

from tests import factories as make
from tests.threads import elsewhere
from timeline.cache import Ready

pytestmark = pytest.mark.django_db(transaction=True)


def test_part_of_the_record_is_kept_while_the_rest_changes() -> None:
    kept: Ready[object] = Ready(most=1, per=lambda seen: seen.vocabulary)
    first = kept.get("all", object)
    make.an_event()
    assert kept.get("all", object) is first
    make.a_state("ml")
    assert kept.get("all", object) is not first


def test_what_is_kept_is_had_while_somebody_reads_something_else() -> None:
    kept: Ready[str] = Ready(most=2)
    assert kept.get(1, lambda: "kept") == "kept"

    def slow() -> str:
        found: list[str] = []
        elsewhere(lambda: found.append(kept.get(1, lambda: "read again")))
        return f"beside {found[0]}"

    assert kept.get(2, slow) == "beside kept"
