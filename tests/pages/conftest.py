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


@pytest.fixture
def searched_today(demo: None) -> None:
    """The demo as if sources had been searched until today."""
    from timeline.models import Framework, Identity

    Identity.objects.update(searched_until=None)
    Framework.objects.update(searched_until=None)
