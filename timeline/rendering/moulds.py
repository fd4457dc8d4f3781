"""Templates rendered once, with places left open for what differs from one page to the next.

Django's engine takes tens of microseconds for a tag, a mould less than one for a place. Templates
stay ordinary: a mould is what one of them makes of a context in which some values are slots.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, ParamSpec, TypeVar, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from timeline.core.numbers import Grouped

P = ParamSpec("P")
Made = TypeVar("Made")

_MARK: Final = secrets.token_hex(8)
"""Drawn anew by each process, so that no text of the record can look like a slot."""

_SLOT: Final = re.compile(f"{_MARK}([a-z0-9_]+)/")


_OPEN: Final = re.compile(r"%%|%\(([a-z0-9_]+)\)s")
"""A slot in the form of a mould; a sign that stands for itself is passed over whole."""


def slot(name: str) -> SafeString:
    """What stands for a value in the context of a template that becomes a mould."""
    return SafeString(f"{_MARK}{name}/")


def split(html: str) -> list[str]:
    """The pieces of a rendered template between its slots, whose order the caller knows."""
    return _SLOT.split(html)[::2]


class Mould:
    """A rendered template whose slots take markup or numbers."""

    def __init__(self, html: str) -> None:
        self._form = _SLOT.sub(r"%(\1)s", html.replace("%", "%%"))

    def fill(self, **values: SafeString | int) -> SafeString:
        """The markup with each slot filled; texts are escaped by whoever has them.

        Whole numbers are numbers of things, and are written in groups of digits.
        """
        return SafeString(self._form % _written(values))

    def partly(self, **values: SafeString | int) -> "Mould":
        """The mould with some of its slots filled, which are the same in all that it makes."""

        def filled(found: re.Match[str]) -> str:
            name = found[1]
            return str(told[name]).replace("%", "%%") if name in told else found[0]

        told = _written(values)
        made = object.__new__(Mould)
        made._form = _OPEN.sub(filled, self._form)
        return made

    def each(self, rows: Iterable[Mapping[str, object]]) -> SafeString:
        """The markup once for each of some rows of values, texts among them escaped already."""
        form = self._form
        return SafeString("".join([form % _written(row) for row in rows]))


def _written(values: Mapping[str, object]) -> Mapping[str, object]:
    """The values, large numbers as the reader's language writes them."""
    large = {
        name: Grouped(value, language())
        for name, value in values.items()
        if type(value) is int and value >= _GROUPED
    }
    return {**values, **large} if large else values


_GROUPED: Final = 1000
"""Numbers below it are written the same in every language."""


def poured(template: str, *slots: str, **fixed: object) -> Mould:
    """The mould of a template in the reader's language: some of its values slots, others fixed."""
    return Mould(render_to_string(template, {**{name: slot(name) for name in slots}, **fixed}))


_kept: Final[list[Callable[[], None]]] = []


def once(most: int) -> Callable[[Callable[P, Made]], Callable[P, Made]]:
    """Keep what a function makes, the least lately asked for going first.

    Its arguments tell all that it hangs on, the language too. While debugging nothing is kept, so
    that a designer sees each change of a template at once.
    """

    def decorate(make: Callable[P, Made]) -> Callable[P, Made]:
        if settings.DEBUG:
            return make
        kept = lru_cache(most)(make)
        _kept.append(kept.cache_clear)
        return cast("Callable[P, Made]", kept)

    return decorate


def forget() -> None:
    """Let go of all that was made once: the settings that it hangs on are others now."""
    for clear in _kept:
        clear()


escaped: Final = lru_cache(maxsize=16_384)(escape)
"""Django's escape for the few thousand names that pages repeat."""


def language() -> str:
    """The reader's language."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


class _Counted(int):
    """A number that reads as a slot: what is counted takes its plural, and the slot its place."""

    name: str

    def __str__(self) -> str:
        return slot(self.name)


def counted(name: str, number: int) -> int:
    """The slot of a number, with the plural of the number given."""
    made = _Counted(number)
    made.name = name
    return made


def few(number: int) -> int:
    """A number that has the plural of another in the languages of the interface: 0, 1 or 2."""
    return min(number, 2)
