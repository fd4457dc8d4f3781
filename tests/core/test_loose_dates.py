"""Dates as people type them: their possible meanings, and real dates read back."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.dates import EdtfError, day_wording, month_wording, parse
from timeline.core.loose_dates import readings


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("3 avril 2025", ["2025-04-03"]),
        ("le 1er août 2025", ["2025-08-01"]),
        ("APRIL 3rd, 2025", ["2025-04-03"]),
        ("3 Apr. 2025", ["2025-04-03"]),
        ("3 апреля 2025 г.", ["2025-04-03"]),
        ("май 2025", ["2025-05"]),
        ("April 2025", ["2025-04"]),
        ("du 3 au 4 avril 2025", ["2025-04-03/2025-04-04"]),
        ("03/04/2025", ["2025-04-03", "2025-03-04"]),
        ("3/4/2025", ["2025-04-03", "2025-03-04"]),
        ("03.04.2025", ["2025-04-03", "2025-03-04"]),
        ("25/04/2025", ["2025-04-25"]),
        ("04/25/2025", ["2025-04-25"]),
        ("03/03/2025", ["2025-03-03"]),
        ("04/2025", ["2025-04"]),
        ("2025-4", ["2025-04"]),
        ("2025-4-3", ["2025-04-03"]),
        ("2018-02-8", ["2018-02-08"]),
        ("2025/04/03", ["2025-04-03"]),
        ("20250403", ["2025-04-03"]),
        ("2025\u201104\u201303", ["2025-04-03"]),
        ("2025-04-03\u00a0/ 2025-04-04", ["2025-04-03/2025-04-04"]),
        ("2025-4-3 / ..", ["2025-04-03/.."]),
        ("2025-4-3?", ["2025-04-03?"]),
        ("198x", ["198X"]),
        ("2025-21", ["2025-21"]),
        ("soon", []),
        ("", []),
        ("3/4/25", []),
        ("3 avril", []),
        ("31 avril 2025", []),
        ("31/02/2025", []),
        ("2025-13", []),
        ("2025/2024", []),
        ("03/04/2025 / 05/04/2025", []),
        ("0000-1-1", []),
        ("20251399", []),
        ("1" * 1000, []),
    ],
)
def test_text_means_these_dates(text: str, dates: list[str]) -> None:
    assert list(readings(text)) == dates


RUSSIAN = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября"),
    *("октября", "ноября", "декабря"),
)


@given(st.dates())
def test_each_spelling_of_a_day_reads_back_as_that_day(day: dt.date) -> None:
    year = f"{day.year:04d}"
    french, english = (
        month_wording(day.year, day.month, language).split()[0] for language in ("fr", "en")
    )
    for text in (
        day.isoformat(),
        day.isoformat().replace("-", "\u2011"),
        day.isoformat().replace("-", " \u2013 "),
        day.isoformat().replace("-", "/"),
        f"{year}-{day.month}-{day.day}",
        f"{day:%d} {french} {year}",
        f"{day.day} {english.upper()} {year}",
        f"{english} {day.day}, {year}",
        f"{day.day} {RUSSIAN[day.month - 1]} {year}\u00a0г.",
        f"{year}{day:%m%d}",
    ):
        assert readings(text) == (day.isoformat(),), text
    numbers = f"{day.day}/{day.month}/{year}"
    assert readings(numbers)[0] == day.isoformat()
    assert len(readings(numbers)) == (2 if day.day <= 12 and day.day != day.month else 1)


@given(st.dates(min_value=dt.date(1000, 1, 1)), st.sampled_from(["fr", "en"]), st.booleans())
def test_date_as_pages_say_it_is_read_back(day: dt.date, language: str, short: bool) -> None:
    assert readings(day_wording(day, language, short=short)) == (day.isoformat(),)
    month = month_wording(day.year, day.month, language, short=short)
    assert readings(month) == (day.isoformat()[:7],)


@given(st.text(max_size=80))
def test_whatever_is_read_is_an_accepted_date(text: str) -> None:
    dates = readings(text)
    assert len(dates) <= 2
    for date in dates:
        assert parse(date).text == date


@given(st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}[?~%]?(/[0-9]{4}(-[0-9]{2}){0,2})?", fullmatch=True))
def test_accepted_date_means_itself(text: str) -> None:
    try:
        parse(text)
    except EdtfError:
        return
    assert readings(text) == (text,)
