"""Atom feeds (RFC 4287), written in parts: a feed of the whole record may be long.

An entry stays the same entry whatever editors change of what it says; only its time of change is
another then. What an entry says is plain text, with its language.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Final
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from timeline.core.characters import close_direction, without_forbidden

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
class Entry:
    """An entry of a feed, with its text in ``language``; ``categories`` are codes with labels."""

    id: str
    address: str
    title: str
    language: str
    updated: dt.datetime
    published: dt.datetime | None
    text: str
    categories: tuple[tuple[str, str], ...] = ()


def parts(feed: Feed, batches: Iterable[Iterable[Entry]]) -> Iterator[bytes]:
    """Yield a feed: its head, each batch of its entries, and when it last changed."""
    written = StringIO()
    xml = SimplerXMLGenerator(written, "utf-8")
    updated = NEVER

    def part() -> bytes:
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return text.encode()

    xml.startDocument()
    xml.startElement("feed", AttributesImpl({"xmlns": NAMESPACE, "xml:lang": feed.language}))
    _text(xml, "title", feed.title)
    _text(xml, "subtitle", feed.subtitle)
    _text(xml, "id", feed.address)
    _element(xml, "link", rel="self", type="application/atom+xml", href=feed.address)
    _element(xml, "link", rel="alternate", type="text/html", href=feed.page)
    xml.startElement("author", AttributesImpl({}))
    _text(xml, "name", feed.author)
    xml.endElement("author")
    yield part()
    for entries in batches:
        for entry in entries:
            _entry(xml, entry)
            updated = max(updated, entry.updated)
        yield part()
    # The order of what a feed has is of no significance (RFC 4287, section 4.1.1), and the last
    # change is known only now.
    _text(xml, "updated", _time(updated))
    xml.endElement("feed")
    yield part()


def _entry(xml: SimplerXMLGenerator, entry: Entry) -> None:
    xml.startElement("entry", AttributesImpl({"xml:lang": entry.language}))
    _text(xml, "id", entry.id)
    _text(xml, "title", entry.title)
    _element(xml, "link", rel="alternate", type="text/html", href=entry.address)
    _text(xml, "updated", _time(entry.updated))
    if entry.published:
        _text(xml, "published", _time(entry.published))
    for term, label in entry.categories:
        _element(xml, "category", term=term, label=_plain(label))
    _text(xml, "content", entry.text)
    xml.endElement("entry")


def _element(xml: SimplerXMLGenerator, name: str, **attributes: str) -> None:
    xml.addQuickElement(name, None, attributes)


def _text(xml: SimplerXMLGenerator, name: str, text: str) -> None:
    xml.addQuickElement(name, _plain(text))


def _plain(text: str) -> str:
    return close_direction(without_forbidden(text))


def _time(time: dt.datetime) -> str:
    return rfc3339_date(time.astimezone(dt.UTC).replace(microsecond=0))
