"""What the site keeps from one request to the next, for tests that begin with none of it."""

from django.core.cache import caches

from timeline.cache import objects


def clear_caches() -> None:
    """Empty every cache, that of this process's objects included."""
    for alias in caches:
        caches[alias].clear()
    objects.clear()
