"""The layout of the life of a text: everything inside its frame, and in the order of time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core.codes import InstrumentAct, PartyStatus
from timeline.pictures.text_life.layout import (
    HALF,
    ActSpan,
    MarkKind,
    PartyLine,
    PlacedText,
    Scene,
    StatusSpan,
    Turning,
    draw,
)
from timeline.pictures.text_metrics import width

DAY = dt.date(2026, 6, 1)
WIDTHS = (860, 348)

days = st.dates(dt.date(1960, 1, 1), DAY)
names = st.text("abcdefgh AES'é", min_size=1, max_size=60)


@st.composite
def acts(draw: st.DrawFn) -> ActSpan:
    first = draw(days)
    last = first + dt.timedelta(days=draw(st.sampled_from((0, 0, 30, 400, 4000))))
    return ActSpan(first, last, draw(st.sampled_from([*MarkKind])), draw(names))


@st.composite
def parties(draw: st.DrawFn) -> PartyLine:
    firsts = sorted(draw(st.sets(days, max_size=4)))
    statuses = (StatusSpan(f, draw(st.sampled_from([*PartyStatus])), draw(names)) for f in firsts)
    return PartyLine(draw(names), tuple(draw(st.lists(acts(), max_size=6))), tuple(statuses))


turnings = st.builds(
    Turning,
    day=days,
    act=st.just(InstrumentAct.ENTERED_INTO_FORCE),
    label=st.text("abcdef 0123", min_size=1, max_size=40),
)


def drawn(lines: list[PartyLine], whole: list[Turning], size: int) -> Scene:
    firsts = [act.first for line in lines for act in line.acts]
    firsts += [one.first for line in lines for one in line.statuses]
    first = min([*firsts, *(turning.day for turning in whole)], default=DAY)
    return draw(lines, whole, first, (DAY, "today"), size, lambda day, _step: str(day))


def labels(scene: Scene) -> Iterator[tuple[PlacedText, float]]:
    """The texts of a picture, each with its font size."""
    yield from ((tick.label, 12) for tick in scene.ticks)
    yield from ((crossing.label, 12) for crossing in scene.crossings)
    yield scene.day, 12
    for lane in scene.lanes:
        yield from ((label, 12) for label in lane.labels)
        yield from ((name, 13) for name in lane.names)


@settings(max_examples=tries(60, soak=2000))
@given(st.lists(parties(), min_size=1, max_size=5), st.lists(turnings, max_size=4), st.data())
def test_everything_is_inside_the_frame(
    lines: list[PartyLine], whole: list[Turning], data: st.DataObject
) -> None:
    scene = drawn(lines, whole, data.draw(st.sampled_from(WIDTHS)))
    for lane in scene.lanes:
        for mark in lane.marks:
            assert HALF <= mark.x <= scene.width - HALF
            assert scene.top <= mark.y - HALF
            assert mark.y + HALF <= scene.bottom
        for segment in lane.segments:
            assert scene.left <= segment.x1 <= segment.x2 <= scene.right
    for label, size in labels(scene):
        assert label.x >= 0
        assert size * 0.8 <= label.y <= scene.height
        assert label.x + width(label.text, size) <= scene.width


@settings(max_examples=tries(60, soak=2000))
@given(st.lists(acts(), max_size=8))
def test_marks_are_in_the_order_of_time(spans: list[ActSpan]) -> None:
    named = [replace(span, title=str(number)) for number, span in enumerate(spans)]
    scene = drawn([PartyLine("Mali", tuple(named), ())], [], 860)
    (lane,) = scene.lanes
    placed = {mark.title: mark.x for mark in lane.marks}
    assert placed.keys() == {span.title for span in named}
    for one, other in permutations(named, 2):
        if one.last < other.first:
            assert placed[one.title] <= placed[other.title]


@settings(max_examples=tries(60, soak=2000))
@given(st.lists(turnings, max_size=5), st.sampled_from(WIDTHS))
def test_labels_of_the_whole_text_do_not_overlap(whole: list[Turning], size: int) -> None:
    scene = drawn([PartyLine("Mali", (), ())], whole, size)
    placed = [*(crossing.label for crossing in scene.crossings), scene.day]
    for number, label in enumerate(placed):
        for other in placed[number + 1 :]:
            apart = label.y != other.y
            before = label.x + width(label.text, 12) <= other.x
            after = other.x + width(other.text, 12) <= label.x
            assert apart or before or after


def test_line_changes_with_the_status() -> None:
    mali = PartyLine(
        "Mali",
        (
            ActSpan(dt.date(2024, 6, 1), dt.date(2024, 6, 1), MarkKind.SIGNED, "signed"),
            ActSpan(dt.date(2025, 1, 1), dt.date(2025, 12, 31), MarkKind.CONSENTED, "ratified"),
        ),
        (
            StatusSpan(dt.date(2024, 6, 1), PartyStatus.SIGNED, "Signed"),
            StatusSpan(dt.date(2025, 6, 1), PartyStatus.CONSENTED, "Consented"),
        ),
    )
    turning = Turning(dt.date(2025, 6, 1), InstrumentAct.ENTERED_INTO_FORCE, "in force")
    scene = drawn([mali], [turning], 860)
    (lane,) = scene.lanes
    middle = round((scene.left + scene.right) / 2, 1)
    assert [(s.x1 < s.x2, s.status) for s in lane.segments] == [
        (True, PartyStatus.SIGNED),
        (True, PartyStatus.CONSENTED),
    ]
    assert lane.segments[0].x2 == lane.segments[1].x1 == pytest.approx(middle, abs=0.1)
    assert [mark.kind for mark in lane.marks] == [MarkKind.SIGNED, MarkKind.CONSENTED]
    assert [mark.reach is None for mark in lane.marks] == [True, False]
    assert [label.text for label in lane.labels] == ["Signed", "Consented"]
    assert [crossing.x for crossing in scene.crossings] == [lane.segments[0].x2]
    assert scene.kinds == (MarkKind.SIGNED, MarkKind.CONSENTED)
