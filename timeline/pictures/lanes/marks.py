"""The markup of the lanes."""

from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.core.display import Colour
from timeline.core.numbers import Grouped
from timeline.jinja2 import language, rendered
from timeline.pictures.histogram import words as bin_words
from timeline.pictures.histogram.layout import Bin
from timeline.pictures.icons import ICONS
from timeline.pictures.lanes import layout, words
from timeline.pictures.lanes.data import LanesData
from timeline.pictures.lanes.layout import EventColumn, EventMark, LaneRow, LanesScene
from timeline.pictures.lanes.links import Links

HATCHED: Final = ("agreed", "partly_fulfilled", "stalled")
"""States that have a pattern as well as a colour."""


def markup(data: LanesData, width: int, prefix: str) -> tuple[LanesScene, SafeString]:
    """Render the picture at a width; ``prefix`` makes the ids of its patterns unique in a page."""
    scene, reader_language, links = data.scenes[width], language(), Links(data)
    # How many letters of a title fit across the picture.
    letters = round((width - 2 * layout.MARGIN) / 6.7)
    context = {
        "scene": scene,
        "prefix": prefix,
        "slot": _number(scene.slot),
        "lanes": [(row, data.names[row.code], data.totals.get(row.code)) for row in scene.rows],
        "frameworks": [
            (row, words.shortened(data.names[row.code], letters - 6)) for row in scene.frameworks
        ],
        "rows": [
            (
                data.names[row.code],
                [_mark(mark, row, data) for mark in row.marks],
                [_group(group, row, data, links, scene.slot) for group in row.groups],
            )
            for row in (*scene.rows, *scene.frameworks)
        ],
        "group_width": _number(scene.slot - 2),
        "bars": bars(data, scene, letters),
        "two_lines": scene.width < layout.WIDE,
        "commitment_height": scene.commitment_height - 2,
        "ticks": [
            (tick, bin_words.label(Bin(tick.day, tick.day), scene.step, reader_language))
            for tick in scene.ticks
        ],
        "plot_height": scene.foot - 20,
        "today_label_y": scene.foot + 16,
        "future_width": scene.width - layout.MARGIN - scene.today.x if scene.today else 0,
        "right": scene.width - layout.MARGIN,
        "plot_width": scene.width - 2 * layout.MARGIN,
    }
    return scene, rendered("pictures/lanes_drawing.html", context)


class _DrawnMark(NamedTuple):
    """The mark of an event as the template takes it."""

    address: str
    title: str
    shape: str
    colour: str
    state: str
    x: str
    y: str
    left: str
    top: str
    reach: bool
    reach_x: str
    reach_width: str
    reach_y: str
    fades: str
    arrow: str
    label: str
    label_x: str
    label_y: str


def _mark(mark: EventMark, row: LaneRow, data: LanesData) -> _DrawnMark:
    event = data.events[mark.key]
    begin, end = mark.reach or (0.0, 0.0)
    label_x, room = mark.title or (0.0, 0.0)
    shape, colour = shape_and_colour(mark.key, data)
    return _DrawnMark(
        address=reverse("timeline:event", args=(event.slug,)),
        title=data.titles[mark.key],
        shape=shape,
        colour=colour,
        state=event.state,
        x=_number(mark.x),
        y=_number(mark.y),
        left=_number(mark.left),
        top=_number(mark.y - 12),
        reach=bool(mark.reach),
        reach_x=_number(begin),
        reach_width=_number(end - begin),
        reach_y=_number(mark.y - 4),
        fades=mark.fades,
        arrow=mark.arrow,
        label=words.fitting(event.title, room, layout.TITLE_SIZE) if room else "",
        label_x=_number(label_x),
        # A line through the marks would strike a title out.
        label_y=_number(mark.y + 4 if row.line_y is None else mark.y - 4),
    )


def shape_and_colour(key: int, data: LanesData) -> tuple[str, str]:
    """Return the outline of the mark of an event and the class of its colour, if it has one.

    Where colours stand for sectors, the outline is that of the sector's sign, so that marks can be
    told apart without colours, too.
    """
    kind = words.FAMILY[data.events[key].kind]
    match data.answered.question.display.colour:
        case Colour.SECTOR:
            family = data.family(data.sectors[key]) if key in data.sectors else ""
            return words.sign(family), f"c-{family}" if family in ICONS else ""
        case Colour.KIND:
            return words.SHAPES[kind], f"k-{kind}"
    return words.SHAPES[kind], ""


class _DrawnGroup(NamedTuple):
    """A group of events as the template takes it.

    ``left``, ``top`` and ``target_height`` are those of its click target.
    """

    address: str
    title: str
    label: str
    x: str
    y: str
    left: str
    height: str
    label_x: str
    label_y: str
    top: str
    target_height: str
    shade: int


def _group(
    group: EventColumn,
    row: LaneRow,
    data: LanesData,
    links: Links,
    slot: float,
) -> _DrawnGroup:
    closer = links.closer(group.span)
    number = group.number if closer else data.listed[row.code, group.span]
    when = f"{data.names[row.code]}, {words.span_in_days(group.span, language())}"
    title = _counted(when, number)
    if closer:
        title = _("%(events)s, zoom in") % {"events": title}
    return _DrawnGroup(
        address=closer or links.listing(row, group.span),
        title=title,
        label=words.short_number(number),
        x=_number(group.x),
        y=_number(group.y),
        left=_number(group.x - 1),
        height=_number(group.height),
        label_x=_number(group.x + slot / 2 - 1),
        label_y=_number(row.foot - 8),
        top=_number(min(group.y, row.foot - layout.ROW)),
        target_height=_number(max(group.height + 2, layout.ROW)),
        shade=group.shade,
    )


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def _counted(when: str, number: int) -> str:
    form = ngettext("%(when)s: %(n)s event", "%(when)s: %(n)s events", number)
    return form % {"when": when, "n": Grouped(number, language())}


class LabelledBar(NamedTuple):
    """A commitment's bar, at ``y``, with its texts; ``full_title`` is neither cut nor split."""

    bar: layout.CommitmentBar
    title: str
    standing: str
    status: str
    address: str
    full_title: str
    y: float

    @property
    def hatched(self) -> bool:
        """Whether its state has a pattern."""
        return self.status in HATCHED


def bars(data: LanesData, scene: LanesScene, letters: int) -> list[LabelledBar]:
    """Return the bars of commitments; titles are cut to leave room in a line of ``letters``."""
    bars, reader_language = [], language()
    two_lines = scene.width < layout.WIDE
    for bar, commitment in zip(scene.bars, data.commitments, strict=True):
        standing = words.standing(commitment, reader_language)
        title_room = letters if two_lines else letters - len(standing) - 2
        bars.append(
            LabelledBar(
                bar,
                words.shortened(commitment.title, title_room),
                standing,
                commitment.status,
                reverse("timeline:commitment", args=(commitment.slug,)),
                f"{commitment.title} ({standing})",
                bar.y + scene.commitment_height - 20,
            )
        )
    return bars
