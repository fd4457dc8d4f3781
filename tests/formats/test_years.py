"""The links to the years of a list: all of them are present, many of them collapsed."""

from typing import Any

import pytest
from django.template import engines
from lxml import html

from timeline.core.question import Question
from timeline.formats.years import years


@pytest.mark.parametrize(("number", "folded"), [(24, []), (25, ["Années 1990–2014"])])
def test_many_years_fold_away_behind_a_word(number: int, folded: list[str]) -> None:
    counts = dict.fromkeys(range(1990, 1990 + number), 3)
    lines = years(Question(), counts, "/fr/")
    lists: Any = engines["jinja2"].env.get_template("parts/lists.html").module  # type: ignore[attr-defined]
    row = html.fromstring(f"<div>{lists.years(lines)}</div>")
    assert [summary.text_content() for summary in row.xpath(".//summary")] == folded
    shown = [link.get("href") for link in row.xpath(".//nav[@data-swap]/a")]
    assert shown == [f"/fr/?from={year}&to={year}" for year in counts]
