"""Events and expected sessions as entries of a calendar."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendars import content_lines, named, read
from timeline.core import characters
from timeline.core.dates import parse
from timeline.formats import icalendar
from timeline.queries.calendars import EventEntry, PlaceEntry
from timeline.queries.edits import Edits

ADDRESS = "https://cadre.example.org/en/events/meeting/"
MADE = dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC)
EDITED = dt.datetime(2026, 2, 3, 5, 5, 6, tzinfo=dt.timezone(dt.timedelta(hours=1)))

pytestmark = pytest.mark.usefixtures("in_english")


def an_entry(
    date: str = "2025-04-03",
    *,
    parties: tuple[tuple[str, str], ...] = (),
    edits: Edits | None = None,
    published_at: dt.datetime | None = MADE,
    **values: Any,
) -> EventEntry:
    return EventEntry(
        **{
            "key": 7,
            "slug": "meeting",
            "state": "held",
            "title": ("", "Meeting"),
            "summary": ("", ""),
            "places": (),
            "sectors": (),
            **values,
        },
        date=parse(date),
        parties=[(role, (f"{name} (fr)", name)) for name, role in parties],
        published_at=published_at,
        edits=edits or Edits(5, MADE, EDITED),
    )


def calendar(*entries: EventEntry, name: str = "Cadre") -> bytes:
    lines = [icalendar.event_lines(entry, ADDRESS) for entry in entries]
    return (
        icalendar.calendar_start(name, empty=not entries) + b"".join(lines) + icalendar.CALENDAR_END
    )


def only(entry: EventEntry) -> Any:
    (event,) = read(calendar(entry))
    return event


def raw(entry: EventEntry) -> dict[str, list[str]]:
    return named(content_lines(icalendar.event_lines(entry, ADDRESS))[1:-1])


def with_parameters(entry: EventEntry, name: str) -> list[str]:
    lines = content_lines(icalendar.event_lines(entry, ADDRESS))
    return [line for line in lines if line.startswith(name)]


def days(date: str) -> tuple[list[str], list[str]]:
    lines = raw(an_entry(date))
    return lines["DTSTART"], lines.get("DTEND", [])


@pytest.mark.parametrize(
    ("date", "first", "after"),
    [
        ("2025-04-03", "20250403", ["20250404"]),
        ("2025-04-03/2025-04-04", "20250403", ["20250405"]),
        ("2025-12-31", "20251231", ["20260101"]),
        ("2024-02", "20240201", ["20240301"]),
        ("2025-21", "20250301", ["20251201"]),
        ("2025-25", "20250301", ["20250601"]),
        ("2025", "20250101", ["20260101"]),
        ("198X", "19800101", ["19900101"]),
        ("19XX", "19000101", ["20000101"]),
        ("2025-04~", "20250401", ["20250501"]),
        ("2025/2026-03-02", "20250101", ["20260303"]),
        ("2025-04-03/..", "20250403", []),
        ("0001-01-01", "00010101", ["00010102"]),
        ("0001-01-01/..", "00010101", []),
        ("9999-12-31", "99991231", []),
        ("9999-12-30", "99991230", ["99991231"]),
        ("9999", "99990101", ["99991231"]),
    ],
)
def test_entry_spans_every_day_that_its_date_may_mean(
    date: str, first: str, after: list[str]
) -> None:
    assert days(date) == ([first], after)
    read(calendar(an_entry(date)))


def test_days_are_dates_for_another_reader() -> None:
    event = only(an_entry("2025-04-03/2025-04-04"))
    assert (event.dtstart.value, event.dtend.value) == (dt.date(2025, 4, 3), dt.date(2025, 4, 5))
    assert with_parameters(an_entry(), "DT")[:2] == [
        "DTSTART;VALUE=DATE:20250403",
        "DTEND;VALUE=DATE:20250404",
    ]


@pytest.mark.parametrize(
    ("date", "sentences"),
    [
        ("2025-04-03", ["Date: 3 April 2025"]),
        ("2025-04-03/2025-04-04", ["Date: 3–4 April 2025"]),
        (
            "2025-06",
            [
                "Date: June 2025",
                "The date is known no more precisely: this entry spans every day that it may mean.",
            ],
        ),
        ("2025-04-03/..", ["Date: since 3 April 2025 (ongoing)"]),
        ("2025-04-03?", ["Date: 3 April 2025 (uncertain)"]),
    ],
)
def test_description_says_how_the_date_is_known(date: str, sentences: list[str]) -> None:
    described = only(an_entry(date)).description.value
    assert described.split("\n") == ["State: Held", *sentences, "", ADDRESS]


def test_description_names_who_took_part_by_role() -> None:
    parties = (("Russia", "host"), ("AES", "participant"), ("Togo", "observer"), ("X", "host"))
    entry = an_entry(parties=parties, summary=("", "Six sectors; a framework, alternating."))
    assert only(entry).description.value.split("\n") == [
        "State: Held",
        "Date: 3 April 2025",
        "Host: Russia, X",
        "Participant: AES",
        "Observer: Togo",
        "",
        "Six sectors; a framework, alternating.",
        "",
        ADDRESS,
    ]


@pytest.mark.parametrize(
    ("state", "status", "title"),
    [
        ("held", "CONFIRMED", "Meeting"),
        ("planned", "TENTATIVE", "Meeting"),
        ("postponed", "TENTATIVE", "Postponed: Meeting"),
        ("cancelled", "CANCELLED", "Cancelled: Meeting"),
    ],
)
def test_state_is_in_the_status_and_the_title(state: str, status: str, title: str) -> None:
    event = only(an_entry(state=state))
    assert (event.status.value, event.summary.value) == (status, title)


def test_each_text_names_the_language_that_it_is_in() -> None:
    place = PlaceEntry(("Moscou", ""), ("Russie", "Russia"))
    sectors = (("", "Trade, aid"), ("Santé", ""), ("", "Finance"))
    entry = an_entry(title=("Réunion", ""), places=(place,), sectors=sectors, summary=("", "S"))
    assert with_parameters(entry, "SUMMARY") == ["SUMMARY;LANGUAGE=fr:Réunion"]
    assert with_parameters(entry, "LOCATION") == ["LOCATION;LANGUAGE=fr:Moscou\\, Russie"]
    assert with_parameters(entry, "CATEGORIES") == [
        "CATEGORIES;LANGUAGE=en:Trade\\, aid,Finance",
        "CATEGORIES;LANGUAGE=fr:Santé",
    ]
    (description,) = with_parameters(entry, "DESCRIPTION")
    assert description.startswith("DESCRIPTION;LANGUAGE=en:State: Held")


def test_words_around_a_text_are_in_its_language() -> None:
    entry = an_entry(
        title=("Réunion", ""),
        state="cancelled",
        summary=("Résumé.", ""),
        date="2025-04-03/..",
    )
    (title,), (description,) = (with_parameters(entry, name) for name in ("SUMMARY", "DESCRIPTION"))
    assert title.startswith("SUMMARY;LANGUAGE=fr:")
    assert description.startswith("DESCRIPTION;LANGUAGE=fr:")
    assert "Date" in description
    assert "depuis le 3 avril 2025" in description
    assert "Résumé." in description


def test_identity_depends_on_nothing_that_changes() -> None:
    uid = raw(an_entry())["UID"]
    others = an_entry(
        "2026", slug="other", title=("", "Other"), state="cancelled", edits=Edits(9, None, None)
    )
    assert raw(others)["UID"] == uid
    assert raw(an_entry(key=8))["UID"] != uid
    assert raw(an_entry(published_at=MADE + dt.timedelta(microseconds=1)))["UID"] != uid


def test_identity_of_what_was_never_published_in_form_is_when_it_was_made() -> None:
    first, second = (
        raw(an_entry(published_at=None, edits=Edits(1, first, EDITED)))["UID"]
        for first in (MADE, EDITED)
    )
    assert first != second


def test_edits_are_stamped_in_universal_time() -> None:
    lines = raw(an_entry())
    assert (lines["SEQUENCE"], lines["DTSTAMP"], lines["LAST-MODIFIED"]) == (
        ["5"],
        ["20260203T040506Z"],
        ["20260203T040506Z"],
    )
    unedited = raw(an_entry(edits=Edits(0, None, None)))
    assert (unedited["SEQUENCE"], unedited["DTSTAMP"]) == (["0"], ["20260102T030405Z"])
    unknown = raw(an_entry(edits=Edits(0, None, None), published_at=None))
    assert unknown["DTSTAMP"] == ["19700101T000000Z"]


def test_address_is_that_of_the_page() -> None:
    assert raw(an_entry())["URL"] == [ADDRESS]


LONG = "Réunion, à Moscou; suite\nفي موسكو \\N 🕊️ " * 8


@pytest.mark.parametrize(
    "title",
    [
        "a, b; c\\d \\n \\N \\\\ e: f",
        "première ligne\nseconde",
        "🕊️🇲🇱🇷🇺 " * 30,
        "قمة كونفدرالية دول الساحل، باماكو؛ 2025 " * 8,
        LONG[:300],
        '"quoted" ^n ^^ %2C',
        " ",
    ],
)
def test_title_comes_back_as_it_was_written(title: str) -> None:
    event = only(an_entry(title=("", title)))
    assert event.summary.value == title


@pytest.mark.parametrize("sign", ["a", "é", "ق", "漢", "🕊"])
@pytest.mark.parametrize("before", range(4))
def test_long_line_is_folded_after_as_many_whole_characters_as_it_holds(
    sign: str, before: int
) -> None:
    lines = calendar(an_entry(title=("", "x" * before + sign * 200))).split(b"\r\n")
    folded = [line for line, following in pairwise(lines) if following.startswith(b" ")]
    assert len(folded) > 1
    for line in folded:
        line.decode()
        assert 75 - len(sign.encode()) < len(line) <= 75


def test_line_breaks_are_made_one_and_controls_left_out() -> None:
    event = only(
        an_entry(title=("", "a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h\x00i\x07j\x1bk\x7fl\tm"))
    )
    assert event.summary.value == "a\nb\nc\nd\ne\nf\ng\nhijkl\tm"


def readable(text: str) -> str:
    """Return a text as a calendar holds it: with one kind of line break, no control characters."""
    breaks = {ord(sign): "\n" for sign in "\r\v\f\x85\u2028\u2029"}
    lines = text.replace("\r\n", "\n").translate(breaks)
    return "".join(sign for sign in lines if characters.first_forbidden(sign) is None)


@given(
    st.text(
        st.characters(
            exclude_categories=["Cs"],
            exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        ),
        min_size=1,
        max_size=400,
    )
)
def test_any_text_folds_and_comes_back(text: str) -> None:
    (event,) = read(calendar(an_entry(title=("", text), summary=("", text)), name=text))
    assert event.summary.value == readable(text)
    assert readable(f"\n\n{text}\n\n") in event.description.value


def test_calendar_has_a_name_and_says_how_often_to_ask() -> None:
    lines = content_lines(icalendar.calendar_start("Mali, Russia") + icalendar.CALENDAR_END)
    assert lines[1:-1] == [
        "VERSION:2.0",
        "PRODID:-//Cadre//Timeline of diplomatic events//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME;LANGUAGE=en:Mali\\, Russia",
        "X-WR-CALNAME;LANGUAGE=en:Mali\\, Russia",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
    ]


def test_calendar_without_entries_still_holds_a_component() -> None:
    assert read(calendar()) == []


def test_planned_event_whose_day_passed_unseen_is_tentative_and_says_so() -> None:
    sentence = "Its day is past, and no source has been seen since."
    entry = only(an_entry("2026-10", state="planned", unconfirmed=True))
    assert entry.status.value == "TENTATIVE"
    assert sentence in entry.description.value.split("\n")
    coming = only(an_entry("2026-12", state="planned"))
    assert coming.status.value == "TENTATIVE"
    assert sentence not in coming.description.value


@pytest.mark.parametrize(
    ("date", "state", "status", "title"),
    [
        ("2027~", "planned", "TENTATIVE", "Meeting (about 2027, day not known)"),
        ("2027", "planned", "TENTATIVE", "Meeting (2027, day not known)"),
        ("2025-04", "held", "CONFIRMED", "Meeting (April 2025, day not known)"),
        ("2025?", "held", "TENTATIVE", "Meeting (2025, uncertain, day not known)"),
        ("2025-04-03?", "held", "TENTATIVE", "Meeting (day not certain)"),
        ("2025-04-03/2025-04-04", "held", "CONFIRMED", "Meeting"),
        ("2025-04-03/..", "held", "CONFIRMED", "Meeting"),
        ("2027", "postponed", "TENTATIVE", "Postponed: Meeting (2027, day not known)"),
        ("2025?", "cancelled", "CANCELLED", "Cancelled: Meeting (2025, uncertain, day not known)"),
    ],
)
def test_title_and_status_say_what_is_not_known_of_a_date(
    date: str, state: str, status: str, title: str
) -> None:
    event = only(an_entry(date, state=state))
    assert (event.status.value, event.summary.value) == (status, title)


def test_doubt_is_worded_in_the_language_of_the_title() -> None:
    entry = an_entry("2027~", state="planned", title=("Réunion", ""))
    assert with_parameters(entry, "SUMMARY") == [
        "SUMMARY;LANGUAGE=fr:Réunion (vers 2027\\, jour non connu)"
    ]


def test_direction_controls_end_with_the_text_that_they_are_in() -> None:
    event = only(an_entry(title=("", "\u202eMeeting"), date="2027", state="planned"))
    assert event.summary.value == "\u202eMeeting\u202c (2027, day not known)"


def test_calendar_for_following_says_so_in_its_name() -> None:
    properties = named(
        content_lines(
            icalendar.calendar_start(icalendar.recent_name("Cadre")) + icalendar.CALENDAR_END
        )
    )
    assert (
        properties["X-WR-CALNAME"]
        == properties["NAME"]
        == ["Cadre (to come\\, and the last two years)"]
    )
