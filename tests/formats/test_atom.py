"""Atom feeds, read back by feedparser."""

import datetime as dt
from dataclasses import replace
from typing import Any, Final

import feedparser

from timeline.formats.atom import Feed, FeedEntry, parts

NOON: Final = dt.datetime(2026, 6, 3, 12, tzinfo=dt.UTC)

FEED: Final = Feed(
    address="https://example.org/en/events.atom",
    page="https://example.org/en/",
    title="Cadre — All events",
    subtitle="Two & more",
    author="Observatory",
    language="en",
)
ENTRY: Final = FeedEntry(
    id="urn:uuid:1",
    address="https://example.org/en/events/talks/",
    title="Talks",
    language="en",
    updated=NOON,
    published=NOON - dt.timedelta(days=1),
    text="State: Held",
    categories=(("held", "Held"),),
)


def read(*entries: FeedEntry) -> Any:
    found = feedparser.parse(b"".join(parts(FEED, [entries[:1], entries[1:]])))
    assert (found.bozo, found.version) == (0, "atom10")
    return found


def test_feed_says_what_it_is_and_when_it_last_changed() -> None:
    older = replace(ENTRY, id="urn:uuid:2", updated=NOON - dt.timedelta(days=9))
    found = read(older, ENTRY)
    assert (found.feed.title, found.feed.subtitle) == ("Cadre — All events", "Two & more")
    assert (found.feed.id, found.feed.author) == (FEED.address, "Observatory")
    assert (found.feed.language, found.feed.updated) == ("en", "2026-06-03T12:00:00+00:00")
    assert [(link.rel, link.type, link.href) for link in found.feed.links] == [
        ("self", "application/atom+xml", FEED.address),
        ("alternate", "text/html", FEED.page),
    ]


def test_title_of_an_entry_is_in_its_own_language() -> None:
    (entry,) = read(replace(ENTRY, language="fr")).entries
    assert (entry.id, entry.title, entry.link) == ("urn:uuid:1", "Talks", ENTRY.address)
    assert entry.title_detail.language == "fr"
    assert entry.updated == NOON.isoformat()
    assert entry.published == "2026-06-02T12:00:00+00:00"
    assert [(content.type, content.value, content.language) for content in entry.content] == [
        ("text/plain", "State: Held", "en")
    ]
    assert [(tag.term, tag.label) for tag in entry.tags] == [("held", "Held")]


def test_feed_without_entries_has_never_changed() -> None:
    assert read().feed.updated == "1970-01-01T00:00:00+00:00"


def test_hostile_text_stays_text() -> None:
    hostile = "</title><script>&amp;]]>\x00\x0b\u202eend"
    (entry,) = read(replace(ENTRY, title=hostile, categories=(("x", hostile),))).entries
    expected = "</title><script>&amp;]]>\u202eend\u202c"
    assert entry.tags[0].label == expected
    raw = b"".join(parts(FEED, [[replace(ENTRY, title=hostile)]])).decode()
    assert ">&lt;/title&gt;&lt;script&gt;&amp;amp;]]&gt;\u202eend\u202c</title>" in raw


def test_feed_is_written_batch_by_batch() -> None:
    written = parts(FEED, ([ENTRY] for _ in range(3)))
    assert [part.count(b"<entry") for part in written] == [0, 1, 1, 1, 0]
