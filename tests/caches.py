"""The caches of the site, for tests that start with empty ones."""

from django.core.cache import caches

from timeline.cache import objects


def clear_caches() -> None:
    """Empty every cache, including the objects of this process."""
    for alias in caches:
        caches[alias].clear()
    objects.clear()
