"""Calendars read back: by RFC 5545's own rules on the bytes, then by another parser."""

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
    """The bytes of an answer that is streamed."""
    return b"".join(getattr(response, "streaming_content", ()))


def content_lines(raw: bytes) -> list[str]:
    """The lines of a calendar, unfolded; lines end and fold as section 3.1 says."""
    assert raw.endswith(b"\r\n")
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert [line for line in physical if b"\r" in line or b"\n" in line] == []
    assert [line for line in physical if len(line) > 75] == []
    found: list[str] = []
    for line in physical:
        text = line.decode("utf-8")  # a character split between two lines is no UTF-8
        if text[:1] in (" ", "\t"):
            found[-1] += text[1:]
        else:
            found.append(text)
    assert [line for line in found if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)] == []
    return found


def named(lines: list[str]) -> dict[str, list[str]]:
    """The values of each property; its parameters are left out."""
    values: dict[str, list[str]] = {}
    for line in lines:
        name, value = re.fullmatch(r"([A-Z-]+)(?:;[^:]*)?:(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        values.setdefault(name, []).append(value)
    return values


def read(raw: bytes) -> list[Any]:
    """Check a calendar against RFC 5545 and give its events as another parser reads them."""
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
    """The events of a calendar by title, which must differ."""
    events = read(raw)
    found = {event.summary.value: event for event in events}
    assert len(found) == len(events)
    return found
