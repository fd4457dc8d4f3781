"""The matrix drawn by itself, and the colours of its scale."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from tests.parsed_page import TODAY
from timeline.core.display import Display, GroupBy, View
from timeline.core.question import Question
from timeline.formats import sentences
from timeline.index.current import current
from timeline.pictures.interface import AnsweredQuestion, Drawing
from timeline.pictures.matrix.layout import STEPS
from timeline.pictures.registry import PICTURES
from timeline.queries.vocabulary import vocabulary

STATIC = Path("static/timeline")
LIGHT, DARK = 0, 1


def drawn(question: Question) -> Drawing:
    words = vocabulary({})
    answer = current().answer(question, today=TODAY)
    answered = AnsweredQuestion(question, answer, words, sentences.names(words), "/en/", TODAY)
    picture = PICTURES[View.MATRIX]
    return picture.drawing(picture.read(answered))


@pytest.mark.usefixtures("demo", "in_english")
@pytest.mark.parametrize("against", list(GroupBy))
def test_drawing_holds_the_numbers_of_the_table(against: GroupBy) -> None:
    question = Question(display=Display(view=View.MATRIX, against=against))
    # Parties against parties count meetings, without the addressees of events.
    counted = replace(question, met=True) if against == GroupBy.PARTY else question
    drawing = drawn(question)
    marks = etree.fromstring(f"<svg>{drawing.marks}</svg>")
    numbers = [
        text for text in marks.xpath("//text[@text-anchor='middle']/text()") if "–" not in text
    ]
    assert len(marks.xpath("//rect[contains(@class, 'cell')]")) == len(
        marks.xpath("//text[@text-anchor='middle']")
    )
    totals = current().answer(counted, today=TODAY).options["party"].values()
    assert sorted(map(int, marks.xpath("//text[@text-anchor='end']/tspan/text()"))) == sorted(
        totals
    )
    assert (str(max(totals)) in numbers) == (against == GroupBy.PARTY)
    assert drawing.title == (
        "Who meets whom" if against == GroupBy.PARTY else "Who is active in what"
    )
    assert "&" not in drawing.description
    assert " style=" not in drawing.marks


def colour(name: str, scheme: int) -> tuple[float, ...]:
    """Return the linear components of a colour of the site."""
    sheets = "".join((STATIC / f"{sheet}.css").read_text() for sheet in ("site", "pictures"))
    values = re.findall(rf"--{name}: #([0-9a-f]+);", sheets)[scheme]
    whole = values if len(values) == 6 else "".join(part * 2 for part in values)
    parts = (int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return tuple(
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )


def luminance(name: str, scheme: int) -> float:
    red, green, blue = colour(name, scheme)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_scale_is_even_in_lightness_and_its_numbers_can_be_read(scheme: int) -> None:
    sheet = (STATIC / "pictures.css").read_text()
    lightness = []
    for step in range(1, STEPS + 1):
        (text,) = re.findall(rf"^\.h{step} {{.* color: var\(--([\w-]+)\)", sheet, re.MULTILINE)
        darker, lighter = sorted((luminance(f"h{step}", scheme), luminance(text, scheme)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5
        lightness.append(116 * luminance(f"h{step}", scheme) ** (1 / 3) - 16)
    apart = [later - earlier for earlier, later in pairwise(lightness)]
    assert len({step > 0 for step in apart}) == 1
    assert max(map(abs, apart)) - min(map(abs, apart)) < 1
