"""Calendars read back: checked by the rules of RFC 5545, then read by another parser."""

import re
from collections import Counter
from typing import Any, Final

import vobject
from django.http.response import HttpResponseBase

ONCE: Final = ("UID", "DTSTAMP", "DTSTART")
AT_MOST_ONCE: Final = (
    *("CLASS", "CREATED", "DESCRIPTION", "DTEND", "GEO", "LAST-MODIFIED", "LOCATION", "ORGANIZER"),
    *("PRIORITY", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "URL", "RECURRENCE-ID", "DURATION"),
)
STAMP: Final = re.compile(r"\d{8}T\d{6}Z")


def whole(response: HttpResponseBase) -> bytes:
    """Return the whole content of a streaming response."""
    return b"".join(getattr(response, "streaming_content", ()))


def content_lines(raw: bytes) -> list[str]:
    """Return the unfolded lines of a calendar, checked against section 3.1."""
    assert raw.endswith(b"\r\n")
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert [line for line in physical if b"\r" in line or b"\n" in line] == []
    assert [line for line in physical if len(line) > 75] == []
    lines: list[str] = []
    for line in physical:
        text = line.decode("utf-8")  # fails if a character is split between two lines
        if text[:1] in (" ", "\t"):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    assert [line for line in lines if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)] == []
    return lines


def named(lines: list[str]) -> dict[str, list[str]]:
    """Return the values of each property, without its parameters."""
    values: dict[str, list[str]] = {}
    for line in lines:
        name, value = re.fullmatch(r"([A-Z-]+)(?:;[^:]*)?:(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        values.setdefault(name, []).append(value)
    return values


def read(raw: bytes) -> list[Any]:
    """Check a calendar against RFC 5545, and return its events as another parser reads them."""
    lines = content_lines(raw)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert any(line.startswith("BEGIN:") for line in lines[1:])
    head = named(lines[1 : next(n for n, line in enumerate(lines) if n and "BEGIN:" in line)])
    assert {name: head[name] for name in ("VERSION", "CALSCALE", "METHOD")} == {
        "VERSION": ["2.0"],
        "CALSCALE": ["GREGORIAN"],
        "METHOD": ["PUBLISH"],
    }
    assert len(head["PRODID"]) == 1
    begins = [n for n, line in enumerate(lines) if line == "BEGIN:VEVENT"]
    ends = [n for n, line in enumerate(lines) if line == "END:VEVENT"]
    events = [named(lines[begin + 1 : end]) for begin, end in zip(begins, ends, strict=True)]
    for event in events:
        _check(event)
    assert [uid for uid, n in Counter(e["UID"][0] for e in events).items() if n > 1] == []
    calendar = vobject.readOne(raw.decode())
    return list(getattr(calendar, "vevent_list", ()))


def _check(event: dict[str, list[str]]) -> None:
    assert [name for name in ONCE if len(event.get(name, ())) != 1] == []
    assert [name for name in AT_MOST_ONCE if len(event.get(name, ())) > 1] == []
    assert STAMP.fullmatch(event["DTSTAMP"][0])
    assert STAMP.fullmatch(event["LAST-MODIFIED"][0])
    assert int(event["SEQUENCE"][0]) >= 0
    assert event["STATUS"][0] in ("CONFIRMED", "TENTATIVE", "CANCELLED")
    assert event["TRANSP"] == ["TRANSPARENT"]
    (start,) = event["DTSTART"]
    assert [end for end in event.get("DTEND", ()) if end <= start] == []


def by_title(raw: bytes) -> dict[str, Any]:
    """Return the events of a calendar by title; titles must differ."""
    events = read(raw)
    by_summary = {event.summary.value: event for event in events}
    assert len(by_summary) == len(events)
    return by_summary
