"""Slugs, weekdays and spans."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.dates import parse
from timeline.core.intervals import OutsideLife, Span, outside_life, surely_cover
from timeline.core.slugs import slugify, unique_slug
from timeline.core.weekdays import (
    JulianDay,
    JulianReading,
    from_julian,
    julian_day_number,
    julian_reading,
    julian_weekday,
    mismatch,
    named_weekdays,
    to_julian,
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Séance de travail à Moscou", "seance-de-travail-a-moscou"),
        ("Сергей Лавров", "sergei-lavrov"),
        ("a" * 200, "a" * 80),
    ],
)
def test_slug_is_ascii(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_slug_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no slug"):
        slugify("«!»")


def test_taken_slug_is_numbered() -> None:
    assert unique_slug("mali", {"mali", "mali-2"}.__contains__) == "mali-3"


@pytest.mark.parametrize(
    ("wording", "days"),
    [
        ("ce mercredi 3 avril", {2}),
        ("on Thursday", {3}),
        ("в среду", {2}),
        ("во вторник или в пятницу", {1, 4}),
        ("mar. 3, sun set", set()),
    ],
)
def test_weekday_is_found_in_three_languages(wording: str, days: set[int]) -> None:
    assert named_weekdays(wording) == days


@pytest.mark.parametrize(
    ("date", "wording", "expected"),
    [
        ("2025-04-03", "ce mercredi", (2, 3)),
        ("1386-05-09", "Wednesday, 9 May 1386", None),
        ("1386-05-09", "Friday, 9 May 1386", (4, 1)),
        ("1386-05-09/1386-05-10", "jeudi", None),
        ("1582-10-14", "dimanche", None),
        ("1582-10-15", "Monday", (0, 4)),
        ("1917-10-25", "в среду 25 октября", (2, 3)),
        ("1917-11-07", "Wednesday", None),
        ("2025-04-03", "jeudi", None),
        ("2025-04-02/2025-04-03", "mercredi", None),
        ("2025-04", "mercredi", None),
        ("2025-04-03", "mardi et mercredi", None),
    ],
)
def test_weekday_that_the_date_is_not_is_a_mismatch(
    date: str, wording: str, expected: tuple[int, int] | None
) -> None:
    assert mismatch(parse(date), wording) == expected


@pytest.mark.parametrize(
    ("date", "weekday", "expected"),
    [
        ("1917-10-25", 2, (3, "1917-11-07", JulianDay(1917, 10, 12))),
        ("1917-10-25", 4, None),
        ("1582-10-15", 0, (4, "1582-10-25", JulianDay(1582, 10, 5))),
        ("1923-02-15", 2, (3, "1923-02-28", JulianDay(1923, 2, 2))),
        ("1386-05-09", 2, None),
        ("2025-04-03", 2, None),
    ],
)
def test_weekday_may_be_right_in_the_julian_calendar_while_it_was_in_use(
    date: str, weekday: int, expected: tuple[int, str, JulianDay] | None
) -> None:
    reading = expected and JulianReading(
        dt.date.fromisoformat(date), expected[0], dt.date.fromisoformat(expected[1]), expected[2]
    )
    assert julian_reading(parse(date), weekday) == reading


@given(st.dates(min_value=dt.date(1, 1, 3), max_value=dt.date(9999, 10, 1)))
def test_julian_calendar_agrees_with_a_count_of_its_leap_days(day: dt.date) -> None:
    julian = to_julian(day)
    assert julian_day_number(*julian) == day.toordinal() + 1721425
    # In each century without a leap day in the Gregorian calendar, the difference grows by a day.
    century = julian.year - (julian.month <= 2)
    apart = century // 100 - century // 400 - 2
    shifted = dt.date.toordinal(day) - apart
    assert julian.day in (dt.date.fromordinal(shifted).day, 29)
    if (julian.month, julian.day) != (2, 29):
        assert dt.date(*julian) == dt.date.fromordinal(shifted)
        assert from_julian(dt.date(*julian)) == day
        assert julian_weekday(dt.date(*julian)) == day.weekday()


def test_end_of_a_span_is_the_first_day_outside() -> None:
    span = Span(parse("1975-05-28"), parse("2025-01-29"))
    assert span.last_possible_day == dt.date(2025, 1, 28)
    assert [span.surely_has(dt.date(2025, 1, day)) for day in (28, 29)] == [True, False]
    assert span.surely_covers(parse("2025-01-28"))
    assert not span.may_touch(parse("2025-01-29"))


def test_imprecise_span_may_touch_more_than_it_surely_covers() -> None:
    span = Span(parse("2014"), parse("2022-05"))
    assert (span.may_touch(parse("2014-03")), span.surely_covers(parse("2014-03"))) == (True, False)
    assert (span.may_touch(parse("2022-05-20")), span.surely_covers(parse("2022-05-20"))) == (
        True,
        False,
    )
    assert span.surely_covers(parse("2020"))


@pytest.mark.parametrize(
    ("end", "last_day"),
    [
        (None, None),
        ("2025-01-29", "2025-01-28"),
        ("1991", "1990-12-31/1991-12-30"),
        ("0001-01-01", "0001-01-01"),
    ],
)
def test_last_day_of_a_span_is_known_as_precisely_as_its_end(
    end: str | None, last_day: str | None
) -> None:
    span = Span(parse("0001"), parse(end) if end else None)
    assert span.last_day == (parse(last_day) if last_day else None)


BEFORE, AFTER = OutsideLife.NOT_YET_FOUNDED, OutsideLife.ENDED


@pytest.mark.parametrize(
    ("founded", "dissolved", "date", "outside"),
    [
        ("1922-12-30", "1991-12-26", "1922-12-29", BEFORE),
        ("1922-12-30", "1991-12-26", "1922-12-30", None),
        ("1922-12-30", "1991-12-26", "1922", None),
        ("1922-12-30", "1991-12-26", "1991-12-26", None),
        ("1922-12-30", "1991-12-26", "1991-12-27", AFTER),
        ("1922-12-30", "1991-12-26", "1990/2000", None),
        ("1922", "1991", "1921-12", BEFORE),
        ("1922", "1991", "1922-01", None),
        ("1922", "1991", "1991-12-31", None),
        ("1922", "1991", "1992", AFTER),
        (None, "1991", "0001", None),
        ("1922", None, "2100", None),
        ("1922", None, "1921", BEFORE),
        (None, None, "2100", None),
    ],
)
def test_date_is_outside_a_life_if_all_its_days_surely_are(
    founded: str | None, dissolved: str | None, date: str, outside: OutsideLife | None
) -> None:
    first, last = (parse(day) if day else None for day in (founded, dissolved))
    assert outside_life(first, last, parse(date)) == outside


DATES = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1))


@given(DATES, DATES, DATES, DATES)
def test_overlap_is_a_day_that_both_surely_have(
    a: dt.date, b: dt.date, c: dt.date, d: dt.date
) -> None:
    one = Span(parse(str(min(a, b))), parse(str(max(a, b))))
    other = Span(parse(str(min(c, d))), parse(str(max(c, d))))
    first = max(min(a, b), min(c, d))
    shared = one.surely_has(first) and other.surely_has(first)
    assert one.surely_overlaps(other) is other.surely_overlaps(one) is shared


MARCH = [dt.date(2025, 3, day) for day in range(1, 11)]
MARCH_DATES = st.sampled_from([*map(str, MARCH), "2025-03"])


@given(
    st.lists(st.tuples(MARCH_DATES, st.none() | MARCH_DATES), max_size=5),
    st.sampled_from(MARCH),
    st.sampled_from(MARCH),
)
def test_spans_cover_days_when_each_day_surely_lies_in_one(
    texts: list[tuple[str, str | None]], start: dt.date, end: dt.date
) -> None:
    spans = [Span(parse(start), parse(end) if end else None) for start, end in texts]
    first, last = sorted((start, end))
    each = (day for day in MARCH if first <= day <= last)
    assert surely_cover(spans, first, last) is all(
        any(span.surely_has(day) for span in spans) for day in each
    )
