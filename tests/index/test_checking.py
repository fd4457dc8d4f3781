"""The questions by which the index is checked on a record."""

from collections import Counter
from itertools import islice
from random import Random

import pytest

from tests import factories as make
from timeline.index.checking import SampleValues, questions

pytestmark = pytest.mark.django_db


def test_values_are_those_of_the_record() -> None:
    make.one_of_each()
    make.also_at(make.an_event(title_fr="Sommet", title_en="", date="2019-05"), make.a_place())
    make.an_event(title_fr="Sommet de Niamey", title_en="", date="2021", publication="published")
    sample = SampleValues.read()
    assert sample.words[-3:] == ["sommet", "de", "niamey"]
    assert sample.years == (2021, 2025)
    assert {
        name: getattr(sample, name)
        for name in (
            "sectors",
            "parties",
            "frameworks",
            "places",
            "people",
            "instruments",
            "sources",
        )
    } == {
        "sectors": ["trade"],
        "parties": ["ml", "ru"],
        "frameworks": ["framework"],
        "places": ["moscow"],
        "people": ["lavrov"],
        "instruments": ["instrument"],
        "sources": ["7"],
    }


def test_questions_have_every_kind_of_filter_alone_and_together() -> None:
    make.one_of_each()
    make.a_place()
    drawn = [*islice(questions(Random(1), SampleValues.read()), 600)]  # noqa: S311 — no secret
    assert drawn[0].to_pairs() == []
    numbers = Counter(name for question in drawn for name in dict(question.to_pairs()))
    expected = {"q", "sector", "party", "framework", "place", "person", "instrument", "source"}
    assert expected | {"from", "to"} <= numbers.keys()
    assert min(numbers[name] for name in expected) > 10
    assert max(numbers[name] for name in ("place", "person", "instrument", "source")) < 120
