"""What the tests of kept answers begin with."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    """Let no answer or card be at hand, before or after."""
    from django.core.cache import cache

    from timeline.pages import _revalidated

    cache.clear()
    _revalidated.kept.clear()
    yield
    _revalidated.kept.clear()


@pytest.fixture
def event() -> Any:
    """One published event with a party."""
    from tests import factories as make

    return make.an_event(parties=(make.a_state("ml"),), publication="published")
