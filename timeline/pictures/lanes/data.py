"""The data of the lanes: the visible part of the time, and the rows of all that is marked in it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from timeline.core.display import Colour, GroupBy
from timeline.core.numbers import Grouped
from timeline.core.question import Question
from timeline.core.searched import Clock
from timeline.index.current import current
from timeline.index.interface import Bins, Periods, Spread
from timeline.jinja2 import language, short
from timeline.pictures.histogram.data import time_range
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.lanes import layout, rows, windows, words
from timeline.pictures.lanes.layout import CommitmentSpan, EventSpan, Lane, LanesScene
from timeline.pictures.lanes.rows import MarkedEvent, OpenCommitment
from timeline.pictures.lanes.windows import TimeSpan
from timeline.queries import searched
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView
from timeline.queries.host_turns import host_turns

MAX_LANES: Final = 12
MAX_COMMITMENTS: Final = 12
MAX_FRAMEWORKS: Final = 6

MAX_MARKS: Final = 200
"""The maximum number of events with a mark of their own; to keep it, stacks are made lower."""


@dataclass(frozen=True, slots=True)
class LanesData:
    """What the picture shows.

    ``full`` is the time of all events, ``visible`` the part of it that is shown. ``names`` and
    ``totals``, the numbers of visible events, are by lane. ``left_out`` is how many more parties or
    sectors have events, ``open`` how many commitments are open, drawn or not. ``scenes`` are the
    layouts by the width of the picture in pixels. ``sectors`` are the sectors that give the events
    their colours, by the keys of these, if colours stand for them. ``listed`` is how many events
    the list has that a group of events links to, by its row and its time.
    """

    answered: AnsweredQuestion
    full: TimeSpan
    visible: TimeSpan
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
    scenes: Mapping[int, LanesScene]
    listed: Mapping[tuple[str, TimeSpan], int]
    sectors: Mapping[int, str]

    def family(self, sector: str) -> str:
        """Return the top sector above a sector, or itself, which has its colour and its sign."""
        return self.answered.vocabulary.offered.branches[sector][0]


def read(answered: AnsweredQuestion) -> LanesData:
    """Load all that the lanes of a question show, in a fixed number of queries."""
    question = answered.question
    full = _full_span(answered)
    zoom = min(question.display.zoom, windows.max_zoom(full))
    centre = question.display.centre
    visible = windows.visible_span(full, zoom, centre if isinstance(centre, dt.date) else None)
    codes, left_out = _codes(answered)
    bins = Bins(windows.slot_edges(visible), question.display.lanes.value, codes, most=layout.DEPTH)
    spreads = current().spread(question, bins)
    singles = _singles(spreads)
    lane_events = rows.marked(
        {key for slots in singles.values() for keys in slots.values() for key in keys}
    )
    views = _framework_views(answered)
    meetings = {meeting.pk: meeting for view in views for meeting in view.meetings}
    events = {**lane_events, **rows.as_marked(meetings.values())}
    parties = {party.pk: short(party) for party in answered.vocabulary.offered.parties}
    sectors = _colouring_sectors(answered, events)
    names = {code: _name(answered, code) for code in codes}
    totals = {code: sum(spread.counts) for code, spread in spreads.items()}
    clock = searched.clock(AsOf(answered.today))
    open_count, commitments = rows.open_commitments(question, visible, MAX_COMMITMENTS, clock)
    reader_language = language()
    labels = {code: f"{names[code]} {Grouped(totals[code], reader_language)}" for code in codes}
    lanes = tuple(
        _lane(code, labels[code], spreads[code], singles[code], lane_events) for code in codes
    )
    framework_lanes = (_framework_lane(view, visible) for view in views)
    frameworks = tuple(lane for lane in framework_lanes if any(lane.counts) or lane.awaited)
    scenes = {
        width: _scene(visible, lanes, commitments, frameworks, clock, width)
        for width in (layout.WIDE, layout.PHONE)
    }
    return LanesData(
        answered=answered,
        full=full,
        visible=visible,
        zoom=zoom,
        lanes=lanes,
        names={**names, **{view.framework.slug: str(view.framework.title) for view in views}},
        totals=totals,
        left_out=left_out,
        events=events,
        titles={
            key: words.mark_title(
                event, parties, reader_language, answered.names["sector"].get(sectors.get(key, ""))
            )
            for key, event in events.items()
        },
        sectors=sectors,
        open=open_count,
        commitments=tuple(commitments),
        frameworks=frameworks,
        scenes=scenes,
        listed=_listed(question, full, zoom, scenes.values()),
    )


def _colouring_sectors(answered: AnsweredQuestion, keys: Collection[int]) -> dict[int, str]:
    """Return the sector that gives each of these events its colour, by their keys.

    Of several it is the first in the order of the tree among those chosen, else of all.
    """
    question, offered = answered.question, answered.vocabulary.offered
    if question.display.colour != Colour.SECTOR:
        return {}
    order = {sector.slug: number for number, sector in enumerate(offered.sectors)}
    chosen = {
        slug
        for slug, (family, _is_child) in offered.branches.items()
        if {slug, family} & set(question.sectors)
    }
    return {
        key: min(slugs & chosen or slugs, key=order.__getitem__)
        for key, slugs in rows.sectors_of(keys).items()
    }


def _scene(
    visible: TimeSpan,
    lanes: Sequence[Lane],
    commitments: Sequence[OpenCommitment],
    frameworks: Sequence[Lane],
    clock: Clock,
    width: int,
) -> LanesScene:
    spans = [
        CommitmentSpan(
            commitment.key, commitment.made, commitment.due.latest if commitment.due else None
        )
        for commitment in commitments
    ]
    return layout.draw(visible, lanes, spans, frameworks, clock.as_of, width, clock.stopped)


def _listed(
    question: Question, full: TimeSpan, zoom: int, scenes: Iterable[LanesScene]
) -> dict[tuple[str, TimeSpan], int]:
    """Count the events of the list that each group links to, by its row and its time.

    A group holds the events that begin in its slot, but the list of the slot's time also has those
    that began before. Groups that link to a deeper zoom are left out.
    """
    linked_spans = [
        (
            row,
            [group.span for group in row.groups if windows.zoom_to(full, zoom, group.span) == zoom],
        )
        for scene in scenes
        for row in (*scene.rows, *scene.frameworks)
    ]
    listed: dict[tuple[str, TimeSpan], int] = {}
    lanes = list(
        dict.fromkeys(row.code for row, spans in linked_spans if spans and row.line_y is None)
    )
    periods = {span: clipped(question, span) for _row, spans in linked_spans for span in spans}
    if lanes:
        counts = current().period_counts(
            replace(question, certain=False),
            Periods(tuple(periods.values()), question.display.lanes.value, tuple(lanes)),
        )
        listed = {
            (code, span): n for code in lanes for span, n in zip(periods, counts[code], strict=True)
        }
    framework_spans: dict[str, dict[TimeSpan, None]] = {}
    for row, spans in linked_spans:
        if spans and row.line_y is not None:
            framework_spans.setdefault(row.code, {}).update(dict.fromkeys(spans))
    for slug, unique_spans in framework_spans.items():
        numbers = current().period_counts(
            Question(frameworks=(slug,)), Periods(tuple(unique_spans))
        )[""]
        listed |= {(slug, span): n for span, n in zip(unique_spans, numbers, strict=True)}
    return listed


def clipped(question: Question, span: TimeSpan) -> TimeSpan:
    """Return the part of a span in the question's period, or the day of that nearest to it."""
    if not question.period:
        return span
    first, last = max(span.first, question.period[0]), min(span.last, question.period[1])
    return TimeSpan(min(first, question.period[1]), max(last, question.period[0]))


def _full_span(answered: AnsweredQuestion) -> TimeSpan:
    """Return the time in which the matching events begin, limited to the question's period."""
    first, last = time_range(answered.answer)
    if answered.question.period:
        start, end = answered.question.period
        first, last = max(first, start), min(last, end)
        if first > last:
            first = last = min(max(first, start), end)
    return windows.full_span(first, last, answered.today)


def _codes(answered: AnsweredQuestion) -> tuple[list[str], int]:
    """Return the values that have a lane, the chosen ones first, and how many more have events.

    If a question asks for any of several values, only those have a lane: no question could ask for
    the list of another.
    """
    question, group = answered.question, answered.question.display.lanes
    counts, chosen = answered.answer.options[group.value], question.values(group.value)
    branches = answered.vocabulary.offered.branches
    if group == GroupBy.PARTY:
        candidates = chosen if question.any_party and chosen else tuple(counts)
    elif chosen:
        candidates = tuple(slug for slug in counts if slug in chosen or branches[slug][0] in chosen)
    else:
        candidates = tuple(slug for slug in counts if not branches[slug][1])
    codes = [code for code in candidates if counts.get(code)]
    codes.sort(key=lambda code: (code not in chosen, -counts[code], code))
    return codes[:MAX_LANES], len(codes[MAX_LANES:])


def _name(answered: AnsweredQuestion, code: str) -> str:
    if answered.question.display.lanes == GroupBy.SECTOR:
        return answered.names["sector"][code]
    return short(next(party for party in answered.vocabulary.offered.parties if party.code == code))


def _singles(spreads: Mapping[str, Spread]) -> dict[str, dict[int, tuple[int, ...]]]:
    """Return the keys of the events with a mark of their own, by lane and slot.

    Slots with more events than the height of a stack have a group instead; stacks are made as high
    as the maximum number of marks allows.
    """
    for depth in range(layout.DEPTH, -1, -1):
        singles = {
            code: {slot: keys for slot, keys in spread.singles.items() if len(keys) <= depth}
            for code, spread in spreads.items()
        }
        if sum(len(keys) for slots in singles.values() for keys in slots.values()) <= MAX_MARKS:
            break
    return singles


def _lane(
    code: str,
    label: str,
    spread: Spread,
    singles: Mapping[int, Sequence[int]],
    events: Mapping[int, MarkedEvent],
) -> Lane:
    spans_by_slot = {
        slot: tuple(_event_span(key, events[key]) for key in keys if key in events)
        for slot, keys in singles.items()
    }
    filled = {slot: spans for slot, spans in spans_by_slot.items() if spans}
    return Lane(code, label, spread.counts, filled)


def _event_span(key: int, event: MarkedEvent) -> EventSpan:
    date = event.date
    return EventSpan(key, date.earliest, date.latest, date.sure, date.ongoing)


def _framework_views(answered: AnsweredQuestion) -> list[FrameworkView]:
    """Return the frameworks with matching meetings, those with the most of them first."""
    counts, chosen = answered.answer.options["framework"], answered.question.frameworks
    slugs = [slug for slug in counts if not chosen or slug in chosen]
    slugs.sort(key=lambda slug: (-counts[slug], slug))
    if not slugs:
        return []
    views = {view.framework.slug: view for view in host_turns(answered.today)}
    return [views[slug] for slug in slugs[:MAX_FRAMEWORKS] if slug in views]


def _framework_lane(view: FrameworkView, visible: TimeSpan) -> Lane:
    awaited = view.host_turn.window if view.expects_a_session else None
    return layout.framework_lane(
        view.framework.slug,
        str(view.framework.title),
        (
            EventSpan(event.pk, event.earliest, event.latest, event.date_sure, event.ongoing)
            for event in view.meetings
        ),
        visible,
        TimeSpan(*awaited) if awaited else None,
    )
