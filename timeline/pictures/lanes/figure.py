"""The lanes: what happened when, a lane for each party or sector, with what was promised."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.core.codes import EventState
from timeline.core.display import GroupBy, View
from timeline.core.numbers import Grouped
from timeline.formats import sentences
from timeline.jinja2 import language, rendered
from timeline.pictures.interface import Drawing, Picture
from timeline.pictures.lanes import layout, rows, words
from timeline.pictures.lanes.data import LanesData, read
from timeline.pictures.lanes.layout import Group, Scene
from timeline.pictures.lanes.links import Links
from timeline.pictures.lanes.marks import HATCHED, bars, markup
from timeline.pictures.lanes.rows import MarkedEvent


def figure(data: LanesData) -> SafeString:
    """The figure of a page: the picture in two widths, its controls, its legend and its table."""
    question, address = data.answered.question, data.answered.address
    wide, wide_marks = markup(data, layout.WIDE, "wide")
    phone, phone_marks = markup(data, layout.PHONE, "phone")
    context = {
        "view": View.LANES.value,
        "title": _title(data),
        "description": f"{_description(data)} {_hint(data)}",
        "pictures": [("wide", wide, wide_marks), ("phone", phone, phone_marks)],
        "moves": Links(data).moves(),
        "by": [
            {
                "name": name,
                "chosen": question.display.lanes == by,
                "to": address + question.with_display(lanes=by).query_string(),
            }
            for by, name in ((GroupBy.PARTY, _("By party")), (GroupBy.SECTOR, _("By sector")))
        ],
        "legend": _legend(data, wide),
        "column": _("Sector") if question.display.lanes == GroupBy.SECTOR else _("Party"),
        "table": list(_table(data, wide)),
        "commitments": bars(data, wide, 1000),
        "open": data.open,
        "ledger": reverse("timeline:commitments") + rows.still_open(question).query_string(),
    }
    return rendered("pictures/lanes.html", context)


def drawing(data: LanesData) -> Drawing:
    """The picture by itself, in its wide form."""
    scene, marks = markup(data, layout.WIDE, "wide")
    return Drawing(_title(data), _description(data), scene.width, scene.height, marks)


def _title(data: LanesData) -> str:
    when, n = words.time_said(data.seen, language()), len(data.lanes)
    if data.answered.question.display.lanes == GroupBy.SECTOR:
        form = ngettext(
            "What happened in %(n)s sector, %(when)s",
            "What happened in %(n)s sectors, %(when)s",
            n,
        )
    else:
        form = ngettext("What %(n)s party did, %(when)s", "What %(n)s parties did, %(when)s", n)
    return form % {"n": n, "when": when}


def _description(data: LanesData) -> str:
    """The lanes with the most events, and how many are left out."""
    largest = sorted(data.totals.items(), key=lambda pair: -pair[1])[:3]
    counted = [(data.names[code], Grouped(count, language())) for code, count in largest if count]
    most = ", ".join(f"{name} ({count})" for name, count in counted)
    said = _("Most events: %(names)s.") % {"names": most} if most else ""
    if not any(sum(lane.counts) for lane in data.lanes):
        said = _("None of these events began in this time.")
    if not data.left_out:
        return said
    if data.answered.question.display.lanes == GroupBy.SECTOR:
        form = ngettext(
            "%(n)s more sector has fewer events.",
            "%(n)s more sectors have fewer events.",
            data.left_out,
        )
    else:
        form = ngettext(
            "%(n)s more party has fewer events.",
            "%(n)s more parties have fewer events.",
            data.left_out,
        )
    return f"{said} {form % {'n': data.left_out}}".strip()


def _hint(data: LanesData) -> str:
    """How to see the lanes that are left out."""
    if not data.left_out:
        return ""
    return _("Choose one among the filters and it stands first.")


def _legend(data: LanesData, scene: Scene) -> dict[str, Any]:
    """What is drawn and nothing else."""
    marks = [mark for row in (*scene.rows, *scene.frameworks) for mark in row.marks]
    events = [data.events[mark.key] for mark in marks]
    drawn = {words.family(event.kind) for event in events}
    states = {event.state for event in events} - {EventState.HELD.value}
    everywhere = (*scene.rows, *scene.frameworks)
    return {
        "families": [
            (words.SHAPES[name], said) for name, said in words.FAMILIES.items() if name in drawn
        ],
        "states": [state.value for state in EventState if state.value in states],
        "shape": words.SHAPES["talks"],
        "reach": any(mark.reach for mark in marks),
        "fades": any(mark.fades for mark in marks),
        "arrow": any(mark.arrow for mark in marks),
        "groups": any(row.groups for row in everywhere),
        "awaited": any(row.box for row in everywhere),
        "statuses": sorted({one.status for one in data.commitments}, key=rows.OPEN.index),
        "hatched": HATCHED,
        "late": any(bar.late for bar in scene.bars),
    }


class _Line(NamedTuple):
    """A line of the table; an event has an address, a group only a text."""

    lane: str
    when: str
    what: str
    address: str


def _table(data: LanesData, scene: Scene) -> Iterator[_Line]:
    reader = language()
    waiting = {one.code: one.awaited for one in data.frameworks}
    for row in (*scene.rows, *scene.frameworks):
        lane = data.names[row.code]
        if awaited := waiting.get(row.code):
            when = words.stretch_said(awaited, reader)
            yield _Line(lane, when, _("next session, expected"), "")
        lines = [
            *((mark.x, _event_line(lane, data.events[mark.key], reader)) for mark in row.marks),
            *((one.x, _group_line(lane, one, reader)) for one in row.groups),
        ]
        yield from (line for _x, line in sorted(lines))


def _event_line(lane: str, event: MarkedEvent, reader: str) -> _Line:
    when = words.date_said(event.date, reader)
    return _Line(lane, when, event.title, reverse("timeline:event", args=(event.slug,)))


def _group_line(lane: str, group: Group, reader: str) -> _Line:
    said = sentences.number(group.number)
    return _Line(lane, words.stretch_said(group.stretch, reader), said, "")


PICTURE: Final = Picture(read, figure, drawing)
