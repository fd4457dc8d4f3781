"""The matrix: parties against sectors or one another, each pair with a link to its events."""

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
from timeline.pictures.matrix.data import Axis, MatrixData, read
from timeline.pictures.matrix.layout import AxisEntry, Cell, MatrixScene

_PLACEHOLDER: Final = "\0"
"""A placeholder for a value in an address; no value contains it."""

_AGAINST: Final[Mapping[GroupBy, Promise]] = {
    GroupBy.SECTOR: _("sectors"),
    GroupBy.PARTY: _("one another"),
}

_SORTS: Final[Mapping[Sort, Promise]] = {
    Sort.COUNT: _("count"),
    Sort.NAME: _("name"),
    Sort.SIMILARITY: _("similarity"),
}


def with_value(question: Question, group: GroupBy, value: str) -> Question:
    """Return the question for those of the matrix's events that have a value."""
    if group == GroupBy.SECTOR:
        return question.with_values("sector", [value])
    others = () if question.any_party else question.parties
    parties = others if value in others else (*others, value)
    return replace(question.with_values("party", parties), any_party=False)


def _narrowed(question: Question, group: GroupBy, value: str) -> Question:
    """Return the question for the matrix of a value, or without it if it is chosen."""
    if value in question.values(group):
        return question.toggling(group, value)
    return with_value(question, group, value)


def _scene(data: MatrixData) -> MatrixScene:
    by_similarity = data.question.display.sort == Sort.SIMILARITY
    rows, columns = data.rows.entries, data.columns.entries
    return layout.draw(rows, columns, data.pairs, mutual=data.mutual, by_similarity=by_similarity)


def figure(data: MatrixData) -> SafeString:
    """Render the matrix as a table, so that it needs no second one with the same numbers."""
    scene, question, address = _scene(data), data.question, data.address
    listed = data.counted.with_display(view=View.LIST)
    context = {
        "view": View.MATRIX.value,
        "title": words.title(data),
        "description": words.description(data),
        "mutual": data.mutual,
        "columns": list(_headers(scene.columns, data.columns, data)),
        "rows": [
            (header, _cell_links(cells, data, listed, address))
            for header, cells in zip(
                _headers(scene.rows, data.rows, data), scene.cells, strict=True
            )
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


class _Header(NamedTuple):
    """The header of a row or a column, with the addresses of its list and of its matrix."""

    name: str
    number: int
    chosen: bool
    list_address: str
    matrix_address: str


def _headers(entries: Sequence[AxisEntry], axis: Axis, data: MatrixData) -> Iterator[_Header]:
    question, address = data.question, data.address
    for value, number in entries:
        listed = with_value(data.counted, axis.group, value).with_display(view=View.LIST)
        narrowed = _narrowed(question, axis.group, value)
        yield _Header(
            name=axis.names[value],
            number=number,
            chosen=value in question.values(axis.group),
            list_address=address + listed.query_string(),
            matrix_address=address + narrowed.query_string(),
        )


class _CellLink(NamedTuple):
    """A cell with the address of the list of its events, and the name of its column."""

    step: int
    own: bool
    number: int
    address: str
    column: str


def _cell_links(
    cells: Sequence[Cell], data: MatrixData, listed: Question, address: str
) -> list[_CellLink]:
    """Return the links of a row's cells."""
    if not cells:
        return []
    group, names = data.columns.group, data.columns.names
    row_question = with_value(listed, GroupBy.PARTY, cells[0].row)
    row_address = address + row_question.query_string()
    # Built once for the whole row: only the value of the column differs.
    pattern = address + with_value(row_question, group, _PLACEHOLDER).query_string()
    before, after = pattern.split(f"{group}=%00")
    links = []
    for cell in cells:
        is_asked = group == GroupBy.PARTY and cell.column in row_question.parties
        to = row_address if is_asked else f"{before}{group}={quote_plus(cell.column)}{after}"
        links.append(_CellLink(cell.step, cell.own, cell.number, to, names[cell.column]))
    return links


def drawing(data: MatrixData) -> Drawing:
    """Render the matrix as SVG, with its scale below."""
    positions = layout.place(_scene(data), data.rows.names, data.columns.names)
    return Drawing(
        title=words.title(data),
        description=words.description(data),
        width=positions.width,
        height=positions.height,
        marks=rendered("pictures/matrix_drawing.html", {"matrix": positions}),
    )


PICTURE: Final = Picture(read, figure, drawing)
