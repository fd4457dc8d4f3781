"""The marks of lanes as markup: moulds for what is many, a template for the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
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
from timeline.rendering.lanes_links import Links, clipped
from timeline.rendering.lanes_seen import Shown
from timeline.rendering.moulds import Mould, language, once, poured

HATCHED: Final = ("agreed", "partly_fulfilled", "stalled")


def markup(shown: Shown, width: int, name: str) -> tuple[Scene, SafeString]:
    """The picture of some width; ``name`` sets its patterns apart from another's in the page."""
    scene, reader, links = shown.scene(width), language(), Links(shown)
    framed = [
        {"row": row, "name": shown.names[row.code], "total": shown.totals.get(row.code)}
        for row in scene.rows
    ]
    numbers = _listed(shown, scene, links)
    marks = [
        one
        for row in (*scene.rows, *scene.frameworks)
        for one in _row(row, shown, links, scene.slot, numbers)
    ]
    letters = round((width - 2 * chart.MARGIN) / 6.7)
    context = {
        "scene": scene,
        "name": name,
        "lanes": framed,
        "frameworks": [
            {"row": row, "name": words.shortened(shown.names[row.code], letters - 6)}
            for row in scene.frameworks
        ],
        "bars": bars(shown, scene, letters),
        "two_lines": scene.width < chart.WIDE,
        "promise_tall": scene.promise - 2,
        "ticks": [
            {"at": tick, "said": bins.named(Bin(tick.day, tick.day), scene.step, reader)}
            for tick in scene.ticks
        ],
        "marks": SafeString("".join(marks)),
        "foot": scene.foot,
        "tall": scene.foot - 20,
        "said_y": scene.foot + 16,
        "ahead": scene.width - chart.MARGIN - scene.today.x if scene.today else 0,
        "right": scene.width - chart.MARGIN,
        "wide": scene.width - 2 * chart.MARGIN,
    }
    return scene, mark_safe(render_to_string("timeline/_lanes_drawing.html", context))  # noqa: S308


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


def _row(
    row: Row,
    shown: Shown,
    links: Links,
    slot: float,
    numbers: Mapping[tuple[str, Stretch], int],
) -> Iterator[str]:
    for mark in row.marks:
        yield _mark(mark, shown, slot)
    for group in row.groups:
        yield _group(group, row, shown, links, slot, numbers)


def _mark(mark: Mark, shown: Shown, slot: float) -> str:
    event = shown.events[mark.key]
    begin, end = mark.reach or (0.0, 0.0)
    form = _mark_form(
        words.family(event.kind), event.state, bool(mark.reach), bool(mark.fades), bool(mark.arrow)
    )
    return form.fill(
        address=SafeString(reverse("timeline:event", args=(event.slug,))),
        title=escape(shown.titles[mark.key]),
        x=_number(mark.x),
        y=_number(mark.y),
        left=_number(mark.left),
        top=_number(mark.y - 12),
        slot=_number(slot),
        begin=_number(begin),
        long=_number(end - begin),
        reach_y=_number(mark.y - 4),
        fades=SafeString(mark.fades),
        arrow=SafeString(mark.arrow),
    )


def _group(
    group: Group,
    row: Row,
    shown: Shown,
    links: Links,
    slot: float,
    numbers: Mapping[tuple[str, Stretch], int],
) -> str:
    closer = links.closer(group.stretch)
    number = group.number if closer else numbers[row.code, group.stretch]
    when = f"{shown.names[row.code]}, {words.stretch_said(group.stretch, language())}"
    title = _counted(when, number)
    if closer:
        title = _("%(events)s, zoom in") % {"events": title}
    said = words.short_number(number)
    return _group_form(len(said) > 2).fill(
        address=escape(closer or links.listing(row, group.stretch)),
        title=escape(title),
        x=_number(group.x),
        y=_number(group.y),
        left=_number(group.x - 1),
        slot=_number(slot),
        wide=_number(slot - 2),
        high=_number(group.height),
        middle=_number(group.x + slot / 2 - 1),
        base=_number(row.foot - 8),
        top=_number(min(group.y, row.foot - chart.ROW)),
        tall=_number(max(group.height + 2, chart.ROW)),
        n=SafeString(said),
    )


def _number(value: float) -> SafeString:
    return SafeString(f"{round(value, 1):g}")


def _counted(when: str, number: int) -> str:
    form = ngettext("%(when)s: %(n)s event", "%(when)s: %(n)s events", number)
    return form % {"when": when, "n": Grouped(number, language())}


@once(most=256)
def _mark_form(family: str, state: str, reach: bool, fades: bool, arrow: bool) -> Mould:
    return poured(
        "timeline/_lanes_mark.html",
        *("address", "title", "x", "y", "left", "top", "slot", "begin", "long", "reach_y"),
        *("fades", "arrow"),
        shape=words.SHAPES[family],
        state=state,
        has_reach=reach,
        has_fades=fades,
        has_arrow=arrow,
    )


@once(most=2)
def _group_form(long: bool) -> Mould:
    return poured(
        "timeline/_lanes_group.html",
        *("address", "title", "x", "y", "wide", "high", "middle", "base", "top", "tall", "n"),
        *("left", "slot"),
        long=long,
    )


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
