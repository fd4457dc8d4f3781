"""Empty caches and an event, for the tests of cached responses."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    """Empty all caches before and after a test."""
    from tests.caches import clear_caches

    clear_caches()
    yield
    clear_caches()


@pytest.fixture
def event() -> Any:
    """One published event with a party."""
    from tests import factories as make

    return make.an_event(parties=(make.a_state("ml"),), publication="published")
