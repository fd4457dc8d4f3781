"""The matrix: parties against sectors, or against one another, each pair a link to its events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import quote_plus

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from timeline.core.display import GroupBy, Sort, View
from timeline.core.question import Question
from timeline.jinja2 import rendered
from timeline.pictures.interface import Drawing, Picture
from timeline.pictures.matrix import layout, words
from timeline.pictures.matrix.data import MatrixData, Side, read
from timeline.pictures.matrix.layout import Cell, Line, Scene

_NONE: Final = "\0"
"""Stands for a value in an address; no value is written so."""

_AGAINST: Final[Mapping[GroupBy, Promise]] = {
    GroupBy.SECTOR: _("sectors"),
    GroupBy.PARTY: _("one another"),
}

_SORTS: Final[Mapping[Sort, Promise]] = {
    Sort.COUNT: _("count"),
    Sort.NAME: _("name"),
    Sort.SIMILARITY: _("similarity"),
}


def bearing(question: Question, group: GroupBy, value: str) -> Question:
    """The question that finds those events of a matrix which bear a value, too."""
    if group == GroupBy.SECTOR:
        return question.with_values("sector", [value])
    others = () if question.any_party else question.parties
    parties = others if value in others else (*others, value)
    return replace(question.with_values("party", parties), any_party=False)


def _narrowed(question: Question, group: GroupBy, value: str) -> Question:
    """The matrix of those events that bear a value, or without it where it is chosen."""
    if value in question.values(group):
        return question.toggling(group, value)
    return bearing(question, group, value)


def _scene(data: MatrixData) -> Scene:
    alike = data.question.display.sort == Sort.SIMILARITY
    rows, columns = data.rows.lines, data.columns.lines
    return layout.draw(rows, columns, data.pairs, mutual=data.mutual, alike=alike)


def figure(data: MatrixData) -> SafeString:
    """The matrix as a table, which needs no other."""
    scene, question, address = _scene(data), data.question, data.address
    listed = data.counted.with_display(view=View.LIST)
    context = {
        "view": View.MATRIX.value,
        "title": words.title(data),
        "description": words.description(data),
        "mutual": data.mutual,
        "columns": list(_heads(scene.columns, data.columns, data)),
        "rows": [
            (head, _cells(line, data, listed, address))
            for head, line in zip(_heads(scene.rows, data.rows, data), scene.cells, strict=True)
        ],
        "steps": list(enumerate(scene.steps, start=1)),
        "controls": [
            (_("Parties and"), _switches(question, "against", _AGAINST, address)),
            (_("Sorted by"), _switches(question, "sort", _SORTS, address)),
        ],
    }
    return rendered("pictures/matrix.html", context)


def _switches(
    question: Question,
    parameter: str,
    names: Mapping[GroupBy, Promise] | Mapping[Sort, Promise],
    address: str,
) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "address": address + question.with_display(**{parameter: value}).query_string(),
            "chosen": value == getattr(question.display, parameter),
        }
        for value, name in names.items()
    ]


class _Head(NamedTuple):
    """A row or a column: its name, its events, and the links to their list and to their matrix."""

    name: str
    number: int
    chosen: bool
    listed: str
    narrowed: str


def _heads(lines: Sequence[Line], side: Side, data: MatrixData) -> Iterator[_Head]:
    question, address = data.question, data.address
    for value, number in lines:
        listed = bearing(data.counted, side.group, value).with_display(view=View.LIST)
        narrowed = _narrowed(question, side.group, value)
        yield _Head(
            name=side.names[value],
            number=number,
            chosen=value in question.values(side.group),
            listed=address + listed.query_string(),
            narrowed=address + narrowed.query_string(),
        )


class _Link(NamedTuple):
    """A cell: its tone, whether a party meets itself there, its events and the list of them."""

    step: int
    own: bool
    number: int
    address: str
    column: str


def _cells(line: Sequence[Cell], data: MatrixData, listed: Question, address: str) -> list[_Link]:
    """The cells of a row."""
    if not line:
        return []
    group = data.columns.group
    row = bearing(listed, GroupBy.PARTY, line[0].row)
    same = address + row.query_string()
    begin, end = (address + bearing(row, group, _NONE).query_string()).split(f"{group}=%00")
    found = []
    for cell in line:
        there = group == GroupBy.PARTY and cell.column in row.parties
        to = same if there else f"{begin}{group}={quote_plus(cell.column)}{end}"
        found.append(_Link(cell.step, cell.own, cell.number, to, data.columns.names[cell.column]))
    return found


def drawing(data: MatrixData) -> Drawing:
    """The matrix by itself, its scale beneath it."""
    drawn = layout.place(_scene(data), data.rows.names, data.columns.names)
    return Drawing(
        title=words.title(data),
        description=words.description(data),
        width=drawn.width,
        height=drawn.height,
        marks=rendered("pictures/matrix_drawing.html", {"drawn": drawn}),
    )


PICTURE: Final = Picture(read, figure, drawing)
