"""The marks of lanes as markup."""

from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.core.numbers import Grouped
from timeline.jinja2 import language, rendered
from timeline.pictures.histogram import words as bin_words
from timeline.pictures.histogram.layout import Bin
from timeline.pictures.lanes import layout, words
from timeline.pictures.lanes.data import LanesData
from timeline.pictures.lanes.layout import Group, Mark, Row, Scene
from timeline.pictures.lanes.links import Links

HATCHED: Final = ("agreed", "partly_fulfilled", "stalled")


def markup(data: LanesData, width: int, name: str) -> tuple[Scene, SafeString]:
    """The picture of some width; ``name`` sets its patterns apart from another's in the page."""
    scene, reader, links = data.scenes[width], language(), Links(data)
    letters = round((width - 2 * layout.MARGIN) / 6.7)
    context = {
        "scene": scene,
        "name": name,
        "slot": _number(scene.slot),
        "lanes": [(row, data.names[row.code], data.totals.get(row.code)) for row in scene.rows],
        "frameworks": [
            (row, words.shortened(data.names[row.code], letters - 6)) for row in scene.frameworks
        ],
        "rows": [
            (
                [_mark(mark, data) for mark in row.marks],
                [_group(group, row, data, links, scene.slot) for group in row.groups],
            )
            for row in (*scene.rows, *scene.frameworks)
        ],
        "group_wide": _number(scene.slot - 2),
        "bars": bars(data, scene, letters),
        "two_lines": scene.width < layout.WIDE,
        "commitment_tall": scene.commitment_height - 2,
        "ticks": [
            (tick, bin_words.named(Bin(tick.day, tick.day), scene.step, reader))
            for tick in scene.ticks
        ],
        "tall": scene.foot - 20,
        "said_y": scene.foot + 16,
        "ahead": scene.width - layout.MARGIN - scene.today.x if scene.today else 0,
        "right": scene.width - layout.MARGIN,
        "wide": scene.width - 2 * layout.MARGIN,
    }
    return scene, rendered("pictures/lanes_drawing.html", context)


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


def _mark(mark: Mark, data: LanesData) -> _DrawnMark:
    event = data.events[mark.key]
    begin, end = mark.reach or (0.0, 0.0)
    return _DrawnMark(
        address=reverse("timeline:event", args=(event.slug,)),
        title=data.titles[mark.key],
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
    data: LanesData,
    links: Links,
    slot: float,
) -> _DrawnGroup:
    closer = links.closer(group.stretch)
    number = group.number if closer else data.listed[row.code, group.stretch]
    when = f"{data.names[row.code]}, {words.stretch_said(group.stretch, language())}"
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
        top=_number(min(group.y, row.foot - layout.ROW)),
        tall=_number(max(group.height + 2, layout.ROW)),
    )


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def _counted(when: str, number: int) -> str:
    form = ngettext("%(when)s: %(n)s event", "%(when)s: %(n)s events", number)
    return form % {"when": when, "n": Grouped(number, language())}


class Worded(NamedTuple):
    """A commitment's bar with its words."""

    bar: layout.Bar
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


def bars(data: LanesData, scene: Scene, letters: int) -> list[Worded]:
    found, reader = [], language()
    two = scene.width < layout.WIDE
    for bar, one in zip(scene.bars, data.commitments, strict=True):
        said = words.standing(one, reader)
        found.append(
            Worded(
                bar,
                words.shortened(one.title, letters if two else letters - len(said) - 2),
                said,
                one.status,
                reverse("timeline:commitment", args=(one.slug,)),
                f"{one.title} ({said})",
                bar.y + scene.commitment_height - 20,
            )
        )
    return found
