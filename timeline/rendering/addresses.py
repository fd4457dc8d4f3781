"""Addresses that stand in every page, worked out once for each language."""

from functools import cache

from django.urls import reverse
from django.utils.translation import override


@cache
def home(language: str) -> str:
    """The address of the timeline."""
    with override(language):
        return reverse("timeline:home")
