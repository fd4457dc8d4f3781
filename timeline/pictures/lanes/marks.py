"""The marks of lanes as markup."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.charts import lanes as chart
from timeline.charts.density import Bin
from timeline.charts.lanes import Group, Mark, Row, Scene
from timeline.charts.windows import Stretch
from timeline.core.numbers import Grouped
from timeline.core.question import Question
from timeline.formats import bins
from timeline.formats import lanes as words
from timeline.index.current import current
from timeline.index.interface import Periods
from timeline.jinja2 import language, rendered
from timeline.rendering.lanes_links import Links, clipped
from timeline.rendering.lanes_seen import Shown

HATCHED: Final = ("agreed", "partly_fulfilled", "stalled")


def markup(shown: Shown, width: int, name: str) -> tuple[Scene, SafeString]:
    """The picture of some width; ``name`` sets its patterns apart from another's in the page."""
    scene, reader, links = shown.scene(width), language(), Links(shown)
    numbers = _listed(shown, scene, links)
    letters = round((width - 2 * chart.MARGIN) / 6.7)
    context = {
        "scene": scene,
        "name": name,
        "slot": _number(scene.slot),
        "lanes": [(row, shown.names[row.code], shown.totals.get(row.code)) for row in scene.rows],
        "frameworks": [
            (row, words.shortened(shown.names[row.code], letters - 6)) for row in scene.frameworks
        ],
        "rows": [
            (
                [_mark(mark, shown) for mark in row.marks],
                [_group(group, row, shown, links, scene.slot, numbers) for group in row.groups],
            )
            for row in (*scene.rows, *scene.frameworks)
        ],
        "group_wide": _number(scene.slot - 2),
        "bars": bars(shown, scene, letters),
        "two_lines": scene.width < chart.WIDE,
        "promise_tall": scene.promise - 2,
        "ticks": [
            (tick, bins.named(Bin(tick.day, tick.day), scene.step, reader)) for tick in scene.ticks
        ],
        "tall": scene.foot - 20,
        "said_y": scene.foot + 16,
        "ahead": scene.width - chart.MARGIN - scene.today.x if scene.today else 0,
        "right": scene.width - chart.MARGIN,
        "wide": scene.width - 2 * chart.MARGIN,
    }
    return scene, rendered("pictures/lanes_drawing.html", context)


def _listed(shown: Shown, scene: Scene, links: Links) -> dict[tuple[str, Stretch], int]:
    """How many events the list finds that each group leads to, by its row and its time.

    An event counts in a group of the slot in which it begins, but the list of the slot's time
    holds what began before, too. Groups that lead closer into the picture are left out.
    """
    question, told = shown.asked.question, {}
    rows = [
        (row, [one.stretch for one in row.groups if not links.closer(one.stretch)])
        for row in (*scene.rows, *scene.frameworks)
    ]
    lanes = [row.code for row, listed in rows if listed and row.line_y is None]
    times = {one: clipped(question, one) for row, listed in rows for one in listed}
    if lanes:
        asked = Periods(tuple(times.values()), question.look.lanes.value, tuple(lanes))
        found = current().held(replace(question, certain=False), asked)
        told = {
            (code, time): n for code in lanes for time, n in zip(times, found[code], strict=True)
        }
    for row, listed in rows:
        if listed and row.line_y is not None:
            meetings = Question(frameworks=(row.code,))
            counts = current().held(meetings, Periods(tuple(listed)))[""]
            told |= {(row.code, time): n for time, n in zip(listed, counts, strict=True)}
    return told


class _DrawnMark(NamedTuple):
    """An event as it is drawn, its places in pixels."""

    address: str
    title: str
    shape: str
    state: str
    x: str
    y: str
    left: str
    top: str
    reach: bool
    begin: str
    long: str
    reach_y: str
    fades: str
    arrow: str


def _mark(mark: Mark, shown: Shown) -> _DrawnMark:
    event = shown.events[mark.key]
    begin, end = mark.reach or (0.0, 0.0)
    return _DrawnMark(
        address=reverse("timeline:event", args=(event.slug,)),
        title=shown.titles[mark.key],
        shape=words.SHAPES[words.family(event.kind)],
        state=event.state,
        x=_number(mark.x),
        y=_number(mark.y),
        left=_number(mark.left),
        top=_number(mark.y - 12),
        reach=bool(mark.reach),
        begin=_number(begin),
        long=_number(end - begin),
        reach_y=_number(mark.y - 4),
        fades=mark.fades,
        arrow=mark.arrow,
    )


class _DrawnGroup(NamedTuple):
    """Several events as one box, its places in pixels."""

    address: str
    title: str
    said: str
    x: str
    y: str
    left: str
    high: str
    middle: str
    base: str
    top: str
    tall: str


def _group(
    group: Group,
    row: Row,
    shown: Shown,
    links: Links,
    slot: float,
    numbers: Mapping[tuple[str, Stretch], int],
) -> _DrawnGroup:
    closer = links.closer(group.stretch)
    number = group.number if closer else numbers[row.code, group.stretch]
    when = f"{shown.names[row.code]}, {words.stretch_said(group.stretch, language())}"
    title = _counted(when, number)
    if closer:
        title = _("%(events)s, zoom in") % {"events": title}
    return _DrawnGroup(
        address=closer or links.listing(row, group.stretch),
        title=title,
        said=words.short_number(number),
        x=_number(group.x),
        y=_number(group.y),
        left=_number(group.x - 1),
        high=_number(group.height),
        middle=_number(group.x + slot / 2 - 1),
        base=_number(row.foot - 8),
        top=_number(min(group.y, row.foot - chart.ROW)),
        tall=_number(max(group.height + 2, chart.ROW)),
    )


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def _counted(when: str, number: int) -> str:
    form = ngettext("%(when)s: %(n)s event", "%(when)s: %(n)s events", number)
    return form % {"when": when, "n": Grouped(number, language())}


class Worded(NamedTuple):
    """A commitment's bar with its words."""

    bar: chart.Bar
    title: str
    said: str
    status: str
    address: str
    full: str
    sink: float

    @property
    def hatched(self) -> bool:
        """Whether a pattern tells its state where its colour does not."""
        return self.status in HATCHED


def bars(shown: Shown, scene: Scene, letters: int) -> list[Worded]:
    found, reader = [], language()
    two = scene.width < chart.WIDE
    for bar, one in zip(scene.bars, shown.promises, strict=True):
        said = words.standing(one, reader)
        found.append(
            Worded(
                bar,
                words.shortened(one.title, letters if two else letters - len(said) - 2),
                said,
                one.status,
                reverse("timeline:commitment", args=(one.slug,)),
                f"{one.title} ({said})",
                bar.y + scene.promise - 20,
            )
        )
    return found
