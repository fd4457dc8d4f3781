"""What the lanes of a question show: the time seen, and the rows of all that is marked in it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from timeline.core.display import GroupBy
from timeline.core.numbers import Grouped
from timeline.core.question import Question
from timeline.index.current import current
from timeline.index.interface import Bins, Periods, Spread
from timeline.jinja2 import language
from timeline.pictures.histogram.data import reach
from timeline.pictures.interface import Answered
from timeline.pictures.lanes import layout, rows, windows, words
from timeline.pictures.lanes.layout import CommitmentSpan, EventSpan, Lane, Scene
from timeline.pictures.lanes.rows import MarkedEvent, OpenCommitment
from timeline.pictures.lanes.windows import Stretch
from timeline.queries.frameworks import FrameworkView
from timeline.queries.standings import standings

MOST_LANES: Final = 12
MOST_COMMITMENTS: Final = 12
MOST_FRAMEWORKS: Final = 6

MOST_MARKS: Final = 200
"""Events that stand by themselves at the most; where there would be more, stacks are lower."""


@dataclass(frozen=True, slots=True)
class LanesData:
    """What the picture shows: the time seen, lanes with their names, and the rows of all marks.

    ``totals`` are how many events lie in the time seen, by lane; ``left_out`` is how many more
    parties or sectors have events, ``open`` how many commitments are open, whether they are drawn
    or not. ``scenes`` are all marks with their places, by the width of the picture in pixels;
    ``listed`` is how many events the list finds that a group leads to, by its row and its time.
    """

    answered: Answered
    every: Stretch
    seen: Stretch
    zoom: int
    lanes: tuple[Lane, ...]
    names: Mapping[str, str]
    totals: Mapping[str, int]
    left_out: int
    events: Mapping[int, MarkedEvent]
    titles: Mapping[int, str]
    open: int
    commitments: tuple[OpenCommitment, ...]
    frameworks: tuple[Lane, ...]
    scenes: Mapping[int, Scene]
    listed: Mapping[tuple[str, Stretch], int]


def read(answered: Answered) -> LanesData:
    """Read all that the lanes of a question show, in a fixed number of queries."""
    question = answered.question
    every = _every(answered)
    zoom = min(question.display.zoom, windows.deepest(every))
    seen = windows.window(every, zoom, question.display.centre)
    codes, left_out = _codes(answered)
    group = question.display.lanes.value
    spreads = current().spread(question, Bins(windows.edges(seen), group, codes, most=layout.DEPTH))
    singles = _few(spreads)
    events = rows.marked(
        {key for held in singles.values() for keys in held.values() for key in keys}
    )
    views = _frameworks(answered)
    meetings = {one.pk: one for view in views for one in view.meetings}
    told = {**events, **rows.as_marked(meetings.values())}
    parties = {one.pk: str(one.short or one.name) for one in answered.vocabulary.offered.parties}
    met = [_framework(view, seen) for view in views]
    names = {code: _name(answered, code) for code in codes}
    totals = {code: sum(spread.counts) for code, spread in spreads.items()}
    total, commitments = rows.open_commitments(question, seen, MOST_COMMITMENTS, answered.today)
    reader = language()
    labels = {code: f"{names[code]} {Grouped(totals[code], reader)}" for code in codes}
    lanes = tuple(_lane(code, labels[code], spreads[code], singles[code], events) for code in codes)
    frameworks = tuple(lane for lane in met if any(lane.counts) or lane.awaited)
    scenes = {
        width: _scene(seen, lanes, commitments, frameworks, answered.today, width)
        for width in (layout.WIDE, layout.PHONE)
    }
    return LanesData(
        answered=answered,
        every=every,
        seen=seen,
        zoom=zoom,
        lanes=lanes,
        names={**names, **{view.framework.slug: str(view.framework.title) for view in views}},
        totals=totals,
        left_out=left_out,
        events=told,
        titles={key: words.titled(event, parties, reader) for key, event in told.items()},
        open=total,
        commitments=tuple(commitments),
        frameworks=frameworks,
        scenes=scenes,
        listed=_listed(question, every, zoom, scenes.values()),
    )


def _scene(
    seen: Stretch,
    lanes: Sequence[Lane],
    commitments: Sequence[OpenCommitment],
    frameworks: Sequence[Lane],
    today: dt.date,
    width: int,
) -> Scene:
    spans = [
        CommitmentSpan(one.key, one.made, one.due.latest if one.due else None)
        for one in commitments
    ]
    return layout.draw(seen, lanes, spans, frameworks, today, width)


def _listed(
    question: Question, every: Stretch, zoom: int, scenes: Iterable[Scene]
) -> dict[tuple[str, Stretch], int]:
    """How many events the list finds that each group leads to.

    An event counts in a group of the slot in which it begins, but the list of the slot's time
    holds what began before, too. Groups that lead closer into the picture are left out.
    """
    rows = [
        (
            row,
            [one.stretch for one in row.groups if windows.closer(every, zoom, one.stretch) == zoom],
        )
        for scene in scenes
        for row in (*scene.rows, *scene.frameworks)
    ]
    found: dict[tuple[str, Stretch], int] = {}
    lanes = list(dict.fromkeys(row.code for row, groups in rows if groups and row.line_y is None))
    times = {one: clipped(question, one) for row, groups in rows for one in groups}
    if lanes:
        asked = Periods(tuple(times.values()), question.display.lanes.value, tuple(lanes))
        counts = current().period_counts(replace(question, certain=False), asked)
        found = {
            (code, time): n for code in lanes for time, n in zip(times, counts[code], strict=True)
        }
    met: dict[str, dict[Stretch, None]] = {}
    for row, groups in rows:
        if groups and row.line_y is not None:
            met.setdefault(row.code, {}).update(dict.fromkeys(groups))
    for slug, stretches in met.items():
        numbers = current().period_counts(Question(frameworks=(slug,)), Periods(tuple(stretches)))[
            ""
        ]
        found |= {(slug, time): n for time, n in zip(stretches, numbers, strict=True)}
    return found


def clipped(question: Question, stretch: Stretch) -> Stretch:
    """What of a stretch lies in the period asked for, or the day of that nearest to it."""
    if not question.period:
        return stretch
    first, last = max(stretch.first, question.period[0]), min(stretch.last, question.period[1])
    return Stretch(min(first, question.period[1]), max(last, question.period[0]))


def _every(answered: Answered) -> Stretch:
    """The time of what was found: of the period asked for only that in which something began."""
    first, last = reach(answered.answer)
    if answered.question.period:
        start, end = answered.question.period
        first, last = max(first, start), min(last, end)
        if first > last:
            first = last = min(max(first, start), end)
    return windows.whole(first, last, answered.today)


def _codes(answered: Answered) -> tuple[list[str], int]:
    """The lanes to draw, those chosen first, and how many more have events.

    Where any of some values will do, only those have a lane: of no other could a list be answered.
    """
    question, group = answered.question, answered.question.display.lanes
    counts, chosen = answered.answer.options[group.value], question.values(group.value)
    branches = answered.vocabulary.offered.branches
    if group == GroupBy.PARTY:
        pool = chosen if question.any_party and chosen else tuple(counts)
    elif chosen:
        pool = tuple(slug for slug in counts if slug in chosen or branches[slug][0] in chosen)
    else:
        pool = tuple(slug for slug in counts if not branches[slug][1])
    found = [code for code in pool if counts.get(code)]
    found.sort(key=lambda code: (code not in chosen, -counts[code], code))
    return found[:MOST_LANES], len(found[MOST_LANES:])


def _name(answered: Answered, code: str) -> str:
    if answered.question.display.lanes == GroupBy.SECTOR:
        return answered.names["sector"][code]
    party = next(one for one in answered.vocabulary.offered.parties if one.code == code)
    return str(party.short or party.name)


def _few(spreads: Mapping[str, Spread]) -> dict[str, dict[int, tuple[int, ...]]]:
    """The events that stand by themselves: stacks as high as keeps their number in bounds."""
    for depth in range(layout.DEPTH, -1, -1):
        singles = {
            code: {slot: keys for slot, keys in one.singles.items() if len(keys) <= depth}
            for code, one in spreads.items()
        }
        if sum(len(keys) for held in singles.values() for keys in held.values()) <= MOST_MARKS:
            break
    return singles


def _lane(
    code: str,
    label: str,
    spread: Spread,
    singles: Mapping[int, Sequence[int]],
    events: Mapping[int, MarkedEvent],
) -> Lane:
    held = {
        slot: tuple(_span(key, events[key]) for key in keys if key in events)
        for slot, keys in singles.items()
    }
    few_found = {slot: found for slot, found in held.items() if found}
    return Lane(code, label, spread.counts, few_found)


def _span(key: int, event: MarkedEvent) -> EventSpan:
    date = event.date
    return EventSpan(key, date.earliest, date.latest, date.sure, date.ongoing)


def _frameworks(answered: Answered) -> list[FrameworkView]:
    """The frameworks whose meetings are among what was found, those with the most of them first."""
    counts, chosen = answered.answer.options["framework"], answered.question.frameworks
    slugs = [slug for slug in counts if not chosen or slug in chosen]
    slugs.sort(key=lambda slug: (-counts[slug], slug))
    if not slugs:
        return []
    views = {one.framework.slug: one for one in standings(answered.today)}
    return [views[slug] for slug in slugs[:MOST_FRAMEWORKS] if slug in views]


def _framework(view: FrameworkView, seen: Stretch) -> Lane:
    awaited = view.standing.window if view.expects_a_session else None
    return layout.gathered(
        view.framework.slug,
        str(view.framework.title),
        (
            EventSpan(one.pk, one.earliest, one.latest, one.date_sure, one.ongoing)
            for one in view.meetings
        ),
        seen,
        Stretch(*awaited) if awaited else None,
    )
