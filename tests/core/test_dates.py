"""EDTF dates: which are accepted or refused, their possible days, and their wording."""

import datetime as dt

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.core.dates import (
    OPEN_END,
    EdtfDate,
    EdtfError,
    Heading,
    Precision,
    heading,
    heading_period,
    known_to_the_day,
    machine_readable,
    parse,
    period_wording,
    surely_exceeds,
    wording,
)

DAY = st.dates(min_value=dt.date(1, 1, 1), max_value=dt.date(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2025-04-03", "2025-04-03", "2025-04-03", Precision.DAY),
        (" 2025-04 ", "2025-04-01", "2025-04-30", Precision.MONTH),
        ("2024-02", "2024-02-01", "2024-02-29", Precision.MONTH),
        ("2025", "2025-01-01", "2025-12-31", Precision.YEAR),
        ("0001", "0001-01-01", "0001-12-31", Precision.YEAR),
        ("9999", "9999-01-01", "9999-12-31", Precision.YEAR),
        ("198X", "1980-01-01", "1989-12-31", Precision.DECADE),
        ("19XX", "1900-01-01", "1999-12-31", Precision.CENTURY),
        ("2025-XX", "2025-01-01", "2025-12-31", Precision.YEAR),
        ("2025-04-XX", "2025-04-01", "2025-04-30", Precision.MONTH),
        ("2025-21", "2025-03-01", "2025-11-30", Precision.SEASON),
        ("2025-22", "2025-06-01", "2026-02-28", Precision.SEASON),
        ("2025-23", "2025-03-01", "2025-11-30", Precision.SEASON),
        ("2023-24", "2023-06-01", "2024-02-29", Precision.SEASON),
        ("2025-25", "2025-03-01", "2025-05-31", Precision.SEASON),
        ("2025-26", "2025-06-01", "2025-08-31", Precision.SEASON),
        ("2025-27", "2025-09-01", "2025-11-30", Precision.SEASON),
        ("2025-28", "2025-12-01", "2026-02-28", Precision.SEASON),
        ("2025-29", "2025-09-01", "2025-11-30", Precision.SEASON),
        ("2023-30", "2023-12-01", "2024-02-29", Precision.SEASON),
        ("2025-31", "2025-03-01", "2025-05-31", Precision.SEASON),
        ("2025-32", "2025-06-01", "2025-08-31", Precision.SEASON),
        ("9999-28", "9999-12-01", "9999-12-31", Precision.SEASON),
        ("9999-22", "9999-06-01", "9999-12-31", Precision.SEASON),
        ("2025-28/2026-25", "2025-12-01", "2026-05-31", Precision.INTERVAL),
        ("2025-04-03/2025-04-04", "2025-04-03", "2025-04-04", Precision.INTERVAL),
        ("2025-04/2025-06", "2025-04-01", "2025-06-30", Precision.INTERVAL),
        ("2025/2025-04", "2025-01-01", "2025-04-30", Precision.INTERVAL),
    ],
)
def test_date_means_its_strict_bounds(
    text: str, earliest: str, latest: str, precision: Precision
) -> None:
    date = parse(text)
    assert (str(date.earliest), str(date.latest), date.precision, date.text) == (
        earliest,
        latest,
        precision,
        text.strip(),
    )


def test_open_end_is_the_last_day_and_flagged() -> None:
    date = parse("2025-04-03/..")
    assert (date.latest, date.ongoing, parse("9999-12-31").ongoing) == (OPEN_END, True, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("2025/2024", "reversed"),
        ("2025-04-04/2025-04-03", "reversed"),
        ("/2025", "unknown_start"),
        ("../2025", "open_start"),
        ("2025/", "unknown_end"),
        ("2025-04-03T10:00:00", "time_of_day"),
        ("2025-33", "level_2"),
        ("2025-34", "level_2"),
        ("2025-28/2025-25", "reversed"),
        ("2025-22/2025-21", "reversed"),
        ("2025-21-03", "unreadable"),
        ("2025?-04", "level_2"),
        ("20XX-04", "level_2"),
        ("[2025,2026]", "level_2"),
        ("XXXX", "year_range"),
        ("-0001", "year_range"),
        ("0000", "year_range"),
        ("Y12000", "year_range"),
        ("2025-02-30", "no_such_day"),
        ("2025-02-30?", "no_such_day"),
        ("9999-99", "unreadable"),
        ("2025-13", "unreadable"),
        ("-1", "unreadable"),
        ("٢٠٢٥", "unreadable"),
        ("2025-04-03\x00", "unreadable"),
        ("soon", "unreadable"),
        ("2025" * 100, "unreadable"),
    ],
)
def test_what_is_not_accepted_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(EdtfError) as refused:
        parse(text)
    assert refused.value.code == code


@settings(max_examples=1000)
@given(st.text(max_size=80) | st.from_regex(r"[0-9X?~%/.\-]{1,24}", fullmatch=True))
def test_any_text_is_a_date_or_an_edtf_error(text: str) -> None:
    try:
        date = parse(text)
    except EdtfError:
        return
    assert date.earliest <= date.latest
    assert parse(date.text) == date
    for language in ("fr", "en"):
        assert wording(date, language)


@given(DAY, DAY)
def test_interval_runs_from_its_first_day_to_its_last(a: dt.date, b: dt.date) -> None:
    first, last = sorted((a, b))
    date = parse(f"{first}/{last}")
    assert (date.earliest, date.latest) == (first, last)
    assert date.surely_within(first, last)
    assert date.touches(last, last)
    if first != last:
        with pytest.raises(EdtfError):
            parse(f"{last}/{first}")


@given(DAY, st.sampled_from("?~%"))
def test_qualifier_changes_no_day_and_no_certainty_but_its_own(day: dt.date, mark: str) -> None:
    plain, marked = parse(str(day)), parse(f"{day}{mark}")
    assert (marked.earliest, marked.latest) == (plain.earliest, plain.latest)
    assert (plain.sure, marked.sure) == (True, False)
    assert not marked.surely_within(dt.date.min, dt.date.max)
    assert marked.touches(day, day)


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("2025-04-03", "3 avril 2025", "3 April 2025"),
        ("2025-04-01", "1er avril 2025", "1 April 2025"),
        ("2025-04", "avril 2025", "April 2025"),
        ("2025", "2025", "2025"),
        ("2025~", "vers 2025", "about 2025"),
        ("2025-04-03~", "vers le 3 avril 2025", "about 3 April 2025"),
        ("2025-04-03?", "3 avril 2025 (incertain)", "3 April 2025 (uncertain)"),
        ("198X", "années 1980", "1980s"),
        (
            "2025-21",
            "printemps 2025 (mars–mai ou septembre–novembre)",
            "spring 2025 (March–May or September–November)",
        ),
        (
            "2025-24~",
            "vers hiver 2025 (décembre 2025–février 2026 ou juin–août)",
            "about winter 2025 (December 2025–February 2026 or June–August)",
        ),
        ("2025-25", "printemps 2025 (mars–mai)", "spring 2025 (March–May)"),
        (
            "2025-30",
            "été 2025 (décembre 2025–février 2026)",
            "summer 2025 (December 2025–February 2026)",
        ),
        ("9999-28", "hiver 9999 (décembre)", "winter 9999 (December)"),
        ("2025-04-03/2025-04-04", "du 3 au 4 avril 2025", "3–4 April 2025"),
        ("2025-03-31/2025-04-01", "du 31 mars au 1er avril 2025", "31 March – 1 April 2025"),
        ("2025-04/2025-06", "avril–juin 2025", "April–June 2025"),
        ("2024/2025", "2024–2025", "2024–2025"),
        ("2025-04-03/..", "depuis le 3 avril 2025", "since 3 April 2025"),
    ],
)
def test_date_is_worded_as_precisely_as_it_is_known(text: str, french: str, english: str) -> None:
    date = parse(text)
    assert (wording(date, "fr"), wording(date, "en")) == (french, english)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("2025-04-03", Heading(2025, 4)),
        ("2025-04", Heading(2025, 4)),
        ("2024-02-12/2024-02-15", Heading(2024, 2)),
        ("2025", Heading(2025, None)),
        ("2025-21", Heading(2025, None)),
        ("2025-24", Heading(2025, None)),
        ("2025-30", Heading(2025, None)),
        ("198X", Heading(1980, None)),
        ("2024/2025", Heading(2024, None)),
    ],
)
def test_date_less_precise_than_a_month_stands_under_its_year(text: str, stands: Heading) -> None:
    assert heading(parse(text)) == stands


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025-04-03", ("2025-04", "2025-04")),
        ("2025-04~", ("2025-04", "2025-04")),
        ("2025", ("2025", "2025")),
        ("2025-XX", ("2025", "2025")),
        ("2025-21", ("2025", "2025")),
        ("2025-24", ("2025", "2025")),
        ("2025-30", ("2025", "2025")),
        ("198X", ("1980", "1989")),
        ("19XX", ("1900", "1999")),
        ("00XX", ("0001", "0099")),
        ("2024/2025", ("2024", "2024")),
        ("198X/2025", ("1980", "1989")),
        ("2025-04-03/..", ("2025-04", "2025-04")),
    ],
)
def test_period_that_a_date_stands_in_touches_it_and_is_no_more_precise(
    text: str, period: tuple[str, str]
) -> None:
    date = parse(text)
    assert heading_period(date) == period
    assert date.touches(parse(period[0]).earliest, parse(period[1]).latest)


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("2025-04-03?", "2025-04-03"),
        ("2025-04-XX", "2025-04"),
        ("2025", "2025"),
        ("2025-21", ""),
        ("198X", ""),
    ],
)
def test_machine_readable_value_is_there_where_html_has_a_form(text: str, machine: str) -> None:
    assert machine_readable(parse(text)) == machine


def test_equal_texts_are_equal_dates() -> None:
    assert (
        parse(" 2025-04 ")
        == parse("2025-04")
        == EdtfDate("2025-04", dt.date(2025, 4, 1), dt.date(2025, 4, 30), Precision.MONTH)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-04-03", True),
        ("2025-04-03?", True),
        ("2025-04-03/2025-04-04", True),
        ("2025-04-03/..", True),
        ("2025-04-XX", False),
        ("2025-04", False),
        ("2025-21", False),
        ("2025", False),
        ("198X", False),
        ("2025-04/..", False),
        ("2025-04-03/2025-05", False),
        ("2025/2025-05-01", False),
    ],
)
def test_date_is_known_to_the_day_when_each_end_is(text: str, expected: bool) -> None:
    assert known_to_the_day(parse(text)) is expected


def test_season_without_a_hemisphere_is_never_surely_in_a_period() -> None:
    for text in ("2025-21", "2025-22", "2025-23", "2025-24", "2024/2025-21", "2025-21/.."):
        date = parse(text)
        assert not date.sure
        assert not date.surely_within(dt.date.min, dt.date.max)
    assert parse("2025-25").surely_within(dt.date(2025, 3, 1), dt.date(2025, 5, 31))


@given(st.integers(1, 9998), st.integers(0, 3))
def test_season_reaches_over_its_northern_and_its_southern_reading(year: int, nth: int) -> None:
    either, northern, southern = (parse(f"{year:04d}-{code + nth}") for code in (21, 25, 29))
    assert either.earliest == min(northern.earliest, southern.earliest)
    assert either.latest == max(northern.latest, southern.latest)
    # The two readings are half a year apart.
    assert {northern.earliest.month, southern.earliest.month} in ({3, 9}, {6, 12})
    for reading in (northern, southern):
        assert reading.earliest.year == year
        assert 89 <= (reading.latest - reading.earliest).days <= 91


def test_start_and_end_of_an_interval_are_read_in_one_hemisphere() -> None:
    # Within a year, winter precedes spring only in the southern hemisphere.
    assert parse("2025-24/2025-21").text
    with pytest.raises(EdtfError):
        parse("2025-23/2025-01")


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_plain_dates_mean_what_the_grammar_says(day: dt.date, length: int) -> None:
    text = day.isoformat()[:length]
    read = parse_edtf(text)
    low, high = read.lower_strict(), read.upper_strict()
    date = parse(text)
    assert (date.earliest, date.latest) == (dt.date(*low[:3]), dt.date(*high[:3]))


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        ("2025-04-03", None, "à partir du 3 avril 2025", "from 3 April 2025"),
        ("2025-04", None, "à partir d’avril 2025", "from April 2025"),
        ("2025", None, "à partir de 2025", "from 2025"),
        (None, "2025-04-01", "jusqu’au 1er avril 2025", "until 1 April 2025"),
        (None, "2025-08", "jusqu’en août 2025", "until August 2025"),
        (None, "2025", "jusqu’en 2025", "until 2025"),
        ("2025", "2025-06", "de 2025 à juin 2025", "from 2025 to June 2025"),
        ("2025-10", "2025-11-02", "d’octobre 2025 au 2 novembre 2025", None),
        ("2025-04-03", "2025-04-03", "le 3 avril 2025", "on 3 April 2025"),
        ("2025-04", "2025-04", "en avril 2025", "in April 2025"),
        ("2025", "2025", "en 2025", "in 2025"),
    ],
)
def test_period_fits_a_sentence(
    start: str | None, end: str | None, french: str, english: str | None
) -> None:
    ends = (parse(start) if start else None, parse(end) if end else None)
    assert period_wording(*ends, "fr") == french
    if english:
        assert period_wording(*ends, "en") == english


@pytest.mark.parametrize(
    ("text", "exceeds"),
    [
        ("2025-04-03", False),
        ("2025-04-03/2025-04-05", False),
        ("2025-04-02", True),
        ("2025-04-02/2025-04-03", True),
        ("2025-04-05/2025-04-06", True),
        # Some day of these months lies in the period, and may be the one.
        ("2025-04", False),
        ("2025-03/2025-04", True),
        ("2025-04/2025-05", True),
        ("2025", False),
        ("2024", True),
        ("2025-04-04/..", False),
        ("2025-04-02/..", True),
        ("2025-04-06/..", True),
        ("2025-21", False),
        ("2025-29", True),
    ],
)
def test_date_that_surely_exceeds_a_period(text: str, exceeds: bool) -> None:
    period = dt.date(2025, 4, 3), dt.date(2025, 4, 5)
    assert surely_exceeds(parse(text), *period) is exceeds
