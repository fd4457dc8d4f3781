"""The lanes: events over time, a lane for each party or sector, with open commitments below."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import enums
from timeline.core import dates
from timeline.core.codes import EventState
from timeline.core.display import Colour, GroupBy, View
from timeline.core.numbers import Grouped
from timeline.formats import sentences
from timeline.jinja2 import language, rendered
from timeline.pictures.interface import Drawing, LegendEntry, Picture
from timeline.pictures.lanes import layout, rows, words
from timeline.pictures.lanes.data import LanesData, read
from timeline.pictures.lanes.layout import EventColumn, LanesScene
from timeline.pictures.lanes.links import Links
from timeline.pictures.lanes.marks import HATCHED, bars, markup, shape_and_colour
from timeline.pictures.lanes.rows import MarkedEvent


def figure(data: LanesData) -> SafeString:
    """Render the figure of a page: two widths of the picture, controls, legend and table."""
    question, address = data.answered.question, data.answered.address
    wide, wide_marks = markup(data, layout.WIDE, "wide")
    phone, phone_marks = markup(data, layout.PHONE, "phone")
    context = {
        "view": View.LANES.value,
        "title": _title(data),
        "description": f"{_description(data)} {_hint(data)}",
        "pictures": [("wide", wide, wide_marks), ("phone", phone, phone_marks)],
        "moves": Links(data).moves(),
        "switches": [
            {
                "name": name,
                "chosen": question.display.lanes == group,
                "address": address + question.with_display(lanes=group).query_string(),
            }
            for group, name in ((GroupBy.PARTY, _("By party")), (GroupBy.SECTOR, _("By sector")))
        ],
        "colours": [
            {
                "name": name,
                "chosen": question.display.colour == colour,
                "address": address + question.with_display(colour=colour).query_string(),
            }
            for colour, name in (
                (None, _("one for all")),
                (Colour.KIND, _("by kind of event")),
                (Colour.SECTOR, _("by sector of the event")),
            )
        ],
        "legend": _legend(data, wide, opens=True),
        "column": _("Sector") if question.display.lanes == GroupBy.SECTOR else _("Party"),
        "table": list(_table(data, wide)),
        "commitments": bars(data, wide, 1000),
        "open": data.open,
        "ledger": reverse("timeline:commitments") + rows.still_open(question).query_string(),
    }
    return rendered("pictures/lanes.html", context)


def drawing(data: LanesData) -> Drawing:
    """Render the marks of the wide picture."""
    scene, marks = markup(data, layout.WIDE, "wide")
    legend = _legend(data, scene, opens=False)
    return Drawing(_title(data), _description(data), scene.width, scene.height, marks, legend)


def _title(data: LanesData) -> str:
    when, n = words.span_in_months(data.visible, language()), len(data.lanes)
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
    """Name the lanes with the most events, and say how many lanes are left out."""
    largest = sorted(data.totals.items(), key=lambda pair: -pair[1])[:3]
    names = ", ".join(
        f"{data.names[code]} ({Grouped(count, language())})" for code, count in largest if count
    )
    text = _("Most events: %(names)s.") % {"names": names} if names else ""
    if not any(sum(lane.counts) for lane in data.lanes):
        text = _("None of these events began in this time.")
    if not data.left_out:
        return text
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
    return f"{text} {form % {'n': data.left_out}}".strip()


def _hint(data: LanesData) -> str:
    """Say how to see the lanes that are left out."""
    if not data.left_out:
        return ""
    return _("Choose one among the filters and it stands first.")


def _legend(data: LanesData, scene: LanesScene, *, opens: bool) -> list[LegendEntry]:
    """Return the entries of the legend, only of what is drawn; ``opens`` says that it has links."""
    rows_drawn = (*scene.rows, *scene.frameworks)
    marks = [mark for row in rows_drawn for mark in row.marks]
    events = [data.events[mark.key] for mark in marks]
    states = {event.state for event in events} - {EventState.HELD.value}
    statuses = {commitment.status for commitment in data.commitments}
    if data.answered.question.display.colour == Colour.SECTOR:
        entries = _sectors([mark.key for mark in marks], data)
    else:
        examples = {words.FAMILY[data.events[mark.key].kind]: mark.key for mark in marks}
        entries = [
            _mark_sample(name, examples[family], data)
            for family, name in words.FAMILIES.items()
            if family in examples
        ]
    entries += [
        _sample("mark", enums.label(enums.EVENT_STATES, state.value), state=state.value)
        for state in EventState
        if state.value in states
    ]
    if any(row.groups for row in rows_drawn):
        entries.append(
            _sample("group", _("several events; opens closer") if opens else _("several events"))
        )
    if any(mark.reach for mark in marks):
        entries.append(_sample("reach", _("days that the date may mean"), width=34))
    if any(mark.fades for mark in marks):
        entries.append(_sample("fades", _("date uncertain or approximate"), width=34))
    if any(mark.arrow for mark in marks):
        entries.append(_sample("arrow", _("goes on")))
    entries += [
        _sample(
            "status",
            enums.label(enums.COMMITMENT_STATUSES, status),
            height=16,
            status=status,
            hatched=status in HATCHED,
        )
        for status in sorted(statuses, key=rows.OPEN.index)
    ]
    if any(bar.late for bar in scene.bars):
        entries.append(_sample("late", _("past its due date"), height=16))
    if any(row.awaited for row in rows_drawn):
        entries.append(_sample("awaited", _("next session, expected")))
    return entries


def _sectors(keys: Sequence[int], data: LanesData) -> list[LegendEntry]:
    """Return an entry for each sign of a family of sectors, in the order of their tree."""
    signs = {data.family(data.sectors[key]): key for key in keys if key in data.sectors}
    names = data.answered.names["sector"]
    entries = [
        _mark_sample(names[sector.slug], signs[sector.slug], data)
        for sector in data.answered.vocabulary.sectors
        if sector.slug in signs
    ]
    without = [key for key in keys if key not in data.sectors]
    return [*entries, *(_mark_sample(_("no sector"), key, data) for key in without[:1])]


def _mark_sample(name: str | Promise, key: int, data: LanesData) -> LegendEntry:
    shape, colour = shape_and_colour(key, data)
    return _sample("mark", name, shape=shape, colour=colour, state="held")


def _sample(
    kind: str, name: str | Promise, *, width: int = 24, height: int = 24, **values: Any
) -> LegendEntry:
    context = {"kind": kind, "shape": words.SHAPES["talks"], "colour": "", **values}
    sample = rendered("pictures/lanes_sample.html", context)
    return LegendEntry(sample, str(name), width, height)


class _TableRow(NamedTuple):
    """A row of the table; an event has an address, a group or an expected session has none."""

    lane: str
    when: str
    what: str
    address: str


def _table(data: LanesData, scene: LanesScene) -> Iterator[_TableRow]:
    reader_language = language()
    windows = {lane.code: lane.awaited for lane in data.frameworks}
    for row in (*scene.rows, *scene.frameworks):
        lane = data.names[row.code]
        if window := windows.get(row.code):
            when = words.span_in_days(window, reader_language)
            yield _TableRow(lane, when, _("next session, expected"), "")
        table_rows = [
            *(
                (mark.x, _event_row(lane, data.events[mark.key], reader_language))
                for mark in row.marks
            ),
            *((group.x, _group_row(lane, group, reader_language)) for group in row.groups),
        ]
        yield from (table_row for _x, table_row in sorted(table_rows))


def _event_row(lane: str, event: MarkedEvent, reader_language: str) -> _TableRow:
    when = dates.wording(event.date, reader_language)
    return _TableRow(lane, when, event.title, reverse("timeline:event", args=(event.slug,)))


def _group_row(lane: str, group: EventColumn, reader_language: str) -> _TableRow:
    when = words.span_in_days(group.span, reader_language)
    return _TableRow(lane, when, sentences.number(group.number), "")


PICTURE: Final = Picture(read, figure, drawing)
