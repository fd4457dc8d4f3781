"""Atom feeds (RFC 4287), written in parts: a feed of the whole record may be long.

An entry stays the same entry whatever editors change of what it says; only its time of change is
another then. What an entry says is plain text, and its title names its language.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from timeline.core.characters import close_direction, is_plain, without_forbidden

CONTENT_TYPE: Final = "application/atom+xml; charset=utf-8"

NAMESPACE: Final = "http://www.w3.org/2005/Atom"

NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The time of change of a feed without entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says of itself.

    Its own ``address`` identifies it; ``page`` shows the same. Both are absolute.
    """

    address: str
    page: str
    title: str
    subtitle: str
    author: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An entry of a feed; its title is in ``language``, and its text in that of the feed.

    ``categories`` are codes with labels.
    """

    id: str
    address: str
    title: str
    language: str
    updated: dt.datetime
    published: dt.datetime | None
    text: str
    categories: tuple[tuple[str, str], ...] = ()


def parts(feed: Feed, batches: Iterable[Iterable[FeedEntry]]) -> Iterator[bytes]:
    """Yield a feed: its head, each batch of its entries, and when it last changed."""
    updated = NEVER
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xml:lang={quoteattr(feed.language)} xmlns="{NAMESPACE}">'
        f"<title>{_plain(feed.title)}</title><subtitle>{_plain(feed.subtitle)}</subtitle>"
        f"<id>{_plain(feed.address)}</id>"
        f'<link href={quoteattr(feed.address)} rel="self" type="application/atom+xml"></link>'
        f'<link href={quoteattr(feed.page)} rel="alternate" type="text/html"></link>'
        f"<author><name>{_plain(feed.author)}</name></author>"
    )
    yield head.encode()
    for entries in batches:
        written = []
        for entry in entries:
            written.append(_entry(entry))
            updated = max(updated, entry.updated)
        yield "".join(written).encode()
    # The order of what a feed has is of no significance (RFC 4287, section 4.1.1), and the last
    # change is known only now.
    yield f"<updated>{_time(updated)}</updated></feed>".encode()


def _entry(entry: FeedEntry) -> str:
    published = f"<published>{_time(entry.published)}</published>" if entry.published else ""
    return (
        f"<entry><id>{_plain(entry.id)}</id>"
        f"<title xml:lang={quoteattr(entry.language)}>{_plain(entry.title)}</title>"
        f'<link href={quoteattr(entry.address)} rel="alternate" type="text/html"></link>'
        f"<updated>{_time(entry.updated)}</updated>{published}"
        f"{_categories(entry.categories)}"
        f"<content>{_plain(entry.text)}</content></entry>"
    )


@lru_cache(maxsize=256)
def _categories(categories: tuple[tuple[str, str], ...]) -> str:
    # Entries are many, and their categories few.
    return "".join(
        f"<category label={quoteattr(_allowed(label))} term={quoteattr(term)}></category>"
        for term, label in categories
    )


def _plain(text: str) -> str:
    return escape(_allowed(text))


def _allowed(text: str) -> str:
    return text if is_plain(text) else close_direction(without_forbidden(text))


def _time(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="seconds")
