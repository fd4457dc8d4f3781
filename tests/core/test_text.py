"""Slugs, weekdays and spans."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.dates import parse
from timeline.core.intervals import Span, surely_cover
from timeline.core.slugs import slugify, unique_slug
from timeline.core.weekdays import mismatch, named_weekdays


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
    ("date", "wording", "found"),
    [
        ("2025-04-03", "ce mercredi", (2, 3)),
        ("2025-04-03", "jeudi", None),
        ("2025-04-02/2025-04-03", "mercredi", None),
        ("2025-04", "mercredi", None),
        ("2025-04-03", "mardi et mercredi", None),
    ],
)
def test_weekday_that_the_date_is_not_is_a_mismatch(
    date: str, wording: str, found: tuple[int, int] | None
) -> None:
    assert mismatch(parse(date), wording) == found


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
    texts: list[tuple[str, str | None]], one: dt.date, other: dt.date
) -> None:
    spans = [Span(parse(start), parse(end) if end else None) for start, end in texts]
    first, last = sorted((one, other))
    each = (day for day in MARCH if first <= day <= last)
    assert surely_cover(spans, first, last) is all(
        any(span.surely_has(day) for span in spans) for day in each
    )
