"""The links to the years of a list: all of them are present, many of them collapsed."""

from typing import Any

import pytest
from django.template import engines
from django.utils.translation import override
from lxml import html

from timeline.core.question import Question
from timeline.formats.years import Month, Months, months, years


@pytest.mark.parametrize(("number", "folded"), [(24, []), (25, ["Années 1990–2014"])])
def test_many_years_fold_away_behind_a_word(number: int, folded: list[str]) -> None:
    counts = dict.fromkeys(range(1990, 1990 + number), 3)
    lines = years(Question(), counts, "/fr/")
    lists: Any = engines["jinja2"].env.get_template("parts/lists.html").module  # type: ignore[attr-defined]
    row = html.fromstring(f"<div>{lists.years(lines)}</div>")
    assert [summary.text_content() for summary in row.xpath(".//summary")] == folded
    shown = [link.get("href") for link in row.xpath(".//nav[@data-swap]/a")]
    assert shown == [f"/fr/?from={year}&to={year}" for year in counts]


COUNTS = {(2024, 12): 4, (2025, 4): 2, (2025, 1): 1, (2025, 5): 3}


@pytest.mark.parametrize(
    "period", [("2025", "2025"), ("2025-04", "2025-04"), ("2025-02", "2025-05")]
)
def test_months_of_the_chosen_year_are_offered(period: tuple[str, str]) -> None:
    question = Question(sectors=("energy",)).within(*period)
    with override("fr"):
        offered = months(question, COUNTS, "/fr/")
    chosen = period == ("2025-04", "2025-04")
    assert offered == Months(
        2025,
        [
            Month("janv.", "/fr/?sector=energy&from=2025-01&to=2025-01", chosen=False),
            Month("avr.", "/fr/?sector=energy&from=2025-04&to=2025-04", chosen=chosen),
            Month("mai", "/fr/?sector=energy&from=2025-05&to=2025-05", chosen=False),
        ],
    )


@pytest.mark.parametrize("period", [("", ""), ("2024", "2025"), ("2023", "2023")])
def test_without_one_year_there_are_no_months(period: tuple[str, str]) -> None:
    assert months(Question().within(*period), COUNTS, "/fr/") is None
