"""Addresses that stand in every page, worked out once for each language."""

from functools import cache

from django.urls import reverse
from django.utils.translation import override


@cache
def home(language: str) -> str:
    """The address of the timeline."""
    with override(language):
        return reverse("timeline:home")


@cache
def card(language: str) -> str:
    """The address of the picture that stands for what is shared."""
    with override(language):
        return reverse("timeline:card")


@cache
def events_calendar(language: str) -> str:
    """The address of the calendar of what is asked."""
    with override(language):
        return reverse("timeline:events_calendar")


@cache
def oembed() -> str:
    """The address that tells programs how to embed a page."""
    return reverse("oembed")
