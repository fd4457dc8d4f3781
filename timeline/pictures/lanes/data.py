"""What the lanes of a question show: the time seen, and the rows of all that is marked in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from timeline.charts import lanes as chart
from timeline.charts import windows
from timeline.charts.lanes import Happening, Lane, Scene, Undertaking
from timeline.charts.windows import Stretch
from timeline.core.look import Group as By
from timeline.core.numbers import Grouped
from timeline.formats import lanes as words
from timeline.index.current import current
from timeline.index.interface import Bins, Spread
from timeline.jinja2 import language
from timeline.queries import lanes as rows
from timeline.queries.frameworks import FrameworkView
from timeline.queries.lanes import Marked, Promised
from timeline.rendering import frame
from timeline.rendering.pictures import Asked
from timeline.rendering.strip import reach

MOST_LANES: Final = 12
MOST_PROMISES: Final = 12
MOST_FRAMEWORKS: Final = 6

MOST_MARKS: Final = 200
"""Events that stand by themselves at the most; where there would be more, stacks are lower."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the picture shows: the time seen, lanes with their names, and the rows of all marks.

    ``totals`` are how many events lie in the time seen, by lane; ``left_out`` is how many more
    parties or sectors have events, ``open`` how many commitments are open, whether they are drawn
    or not.
    """

    asked: Asked
    every: Stretch
    seen: Stretch
    zoom: int
    lanes: tuple[Lane, ...]
    names: Mapping[str, str]
    totals: Mapping[str, int]
    left_out: int
    events: Mapping[int, Marked]
    titles: Mapping[int, str]
    open: int
    promises: tuple[Promised, ...]
    frameworks: tuple[Lane, ...]

    def scene(self, width: int) -> Scene:
        """Everything with its place in a picture of some width."""
        promises = [
            Undertaking(one.key, one.made, one.due.latest if one.due else None)
            for one in self.promises
        ]
        return chart.draw(self.seen, self.lanes, promises, self.frameworks, self.asked.today, width)


def look_at(asked: Asked) -> Shown:
    """Read all that the lanes of a question show, in a fixed number of queries."""
    question = asked.question
    every = _every(asked)
    zoom = min(question.look.zoom, windows.deepest(every))
    seen = windows.window(every, zoom, question.look.centre)
    codes, left_out = _codes(asked)
    group = question.look.lanes.value
    spreads = current().spread(question, Bins(windows.edges(seen), group, codes, most=chart.DEPTH))
    few = _few(spreads)
    events = rows.marked({key for held in few.values() for keys in held.values() for key in keys})
    views = _frameworks(asked)
    meetings = {one.pk: one for view in views for one in view.meetings}
    told = {**events, **rows.as_marked(meetings.values())}
    parties = {one.pk: str(one.short or one.name) for one in asked.words.offered.parties}
    met = [_framework(view, seen) for view in views]
    names = {code: _name(asked, code) for code in codes}
    totals = {code: sum(spread.counts) for code, spread in spreads.items()}
    total, promises = rows.promises(question, seen, MOST_PROMISES, asked.today)
    reader = language()
    labels = {code: f"{names[code]} {Grouped(totals[code], reader)}" for code in codes}
    return Shown(
        asked=asked,
        every=every,
        seen=seen,
        zoom=zoom,
        lanes=tuple(_lane(code, labels[code], spreads[code], few[code], events) for code in codes),
        names={**names, **{view.framework.slug: str(view.framework.title) for view in views}},
        totals=totals,
        left_out=left_out,
        events=told,
        titles={key: words.titled(event, parties, reader) for key, event in told.items()},
        open=total,
        promises=tuple(promises),
        frameworks=tuple(lane for lane in met if any(lane.counts) or lane.awaited),
    )


def _every(asked: Asked) -> Stretch:
    """The time of what was found: of the period asked for only that in which something began."""
    first, last = reach(asked.answer)
    if asked.question.period:
        start, end = asked.question.period
        first, last = max(first, start), min(last, end)
        if first > last:
            first = last = min(max(first, start), end)
    return windows.whole(first, last, asked.today)


def _codes(asked: Asked) -> tuple[list[str], int]:
    """The lanes to draw, those chosen first, and how many more have events.

    Where any of some values will do, only those have a lane: of no other could a list be asked.
    """
    question, group = asked.question, asked.question.look.lanes
    counts, chosen = asked.answer.options[group.value], question.values(group.value)
    branches = asked.words.offered.branches
    if group == By.PARTY:
        pool = chosen if question.any_party and chosen else tuple(counts)
    elif chosen:
        pool = tuple(slug for slug in counts if slug in chosen or branches[slug][0] in chosen)
    else:
        pool = tuple(slug for slug in counts if not branches[slug][1])
    found = [code for code in pool if counts.get(code)]
    found.sort(key=lambda code: (code not in chosen, -counts[code], code))
    return found[:MOST_LANES], len(found[MOST_LANES:])


def _name(asked: Asked, code: str) -> str:
    if asked.question.look.lanes == By.SECTOR:
        return asked.known["sector"][code]
    party = next(one for one in asked.words.offered.parties if one.code == code)
    return str(party.short or party.name)


def _few(spreads: Mapping[str, Spread]) -> dict[str, dict[int, tuple[int, ...]]]:
    """The events that stand by themselves: stacks as high as keeps their number in bounds."""
    for depth in range(chart.DEPTH, -1, -1):
        few = {
            code: {slot: keys for slot, keys in one.few.items() if len(keys) <= depth}
            for code, one in spreads.items()
        }
        if sum(len(keys) for held in few.values() for keys in held.values()) <= MOST_MARKS:
            break
    return few


def _lane(
    code: str,
    label: str,
    spread: Spread,
    few: Mapping[int, Sequence[int]],
    events: Mapping[int, Marked],
) -> Lane:
    held = {
        slot: tuple(_happening(key, events[key]) for key in keys if key in events)
        for slot, keys in few.items()
    }
    few_found = {slot: found for slot, found in held.items() if found}
    return Lane(code, label, spread.counts, few_found)


def _happening(key: int, event: Marked) -> Happening:
    date = event.date
    return Happening(key, date.earliest, date.latest, date.sure, date.ongoing)


def _frameworks(asked: Asked) -> list[FrameworkView]:
    """The frameworks whose meetings are among what was found, those with the most of them first."""
    counts, chosen = asked.answer.options["framework"], asked.question.frameworks
    slugs = [slug for slug in counts if not chosen or slug in chosen]
    slugs.sort(key=lambda slug: (-counts[slug], slug))
    if not slugs:
        return []
    views = {one.framework.slug: one for one in frame.standings(asked.today)}
    return [views[slug] for slug in slugs[:MOST_FRAMEWORKS] if slug in views]


def _framework(view: FrameworkView, seen: Stretch) -> Lane:
    awaited = view.standing.window if view.expects_a_session else None
    return chart.gathered(
        view.framework.slug,
        str(view.framework.title),
        (
            Happening(one.pk, one.earliest, one.latest, one.date_sure, one.ongoing)
            for one in view.meetings
        ),
        seen,
        Stretch(*awaited) if awaited else None,
    )
