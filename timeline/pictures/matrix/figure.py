"""The matrix: parties against sectors, or against one another, each pair a link to its events.

A cell counts the events found that bear its row and its column, and no address asks for more than
one kind of 'any of' at once. So where any of some sectors, or any of some parties, will do, only
those stand in the matrix: each cell is then asked for by its own values in the place of theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from urllib.parse import quote_plus

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from timeline.charts import matrix
from timeline.charts.matrix import Cell, Line, Pairs, Scene
from timeline.core.folding import fold
from timeline.core.look import Group, Sort, View
from timeline.core.numbers import Grouped
from timeline.core.question import Question
from timeline.index.current import current
from timeline.index.interface import Answer, Counts
from timeline.jinja2 import language, rendered
from timeline.rendering.pictures import Asked, Drawing, Picture

_NONE: Final = "\0"
"""Stands for a value in an address; no value is written so."""

_AGAINST: Final[Mapping[Group, Promise]] = {
    Group.SECTOR: _("sectors"),
    Group.PARTY: _("one another"),
}

_SORTS: Final[Mapping[Sort, Promise]] = {
    Sort.COUNT: _("count"),
    Sort.NAME: _("name"),
    Sort.SIMILARITY: _("similarity"),
}


@dataclass(frozen=True, slots=True)
class _Side:
    """The rows, or the columns: of which group, those shown with their names, and out of how many.

    ``only`` says that of those on record others are left out because some are chosen.
    """

    group: Group
    lines: tuple[Line, ...]
    names: Mapping[str, str]
    of: int
    only: bool

    @property
    def values(self) -> list[str]:
        return [line.value for line in self.lines]


@dataclass(frozen=True, slots=True)
class _Matrix:
    question: Question
    rows: _Side
    columns: _Side
    scene: Scene

    @property
    def mutual(self) -> bool:
        return self.columns.group == Group.PARTY


def _matrix(asked: Asked) -> _Matrix:
    question, answer = _plain(asked)
    rows = _side(Group.PARTY, question, answer.options["party"], asked)
    look = question.look
    mutual = look.against == Group.PARTY
    columns = rows if mutual else _side(Group.SECTOR, question, answer.options["sector"], asked)
    pairs: Pairs = {}
    if rows.lines and columns.lines:
        sides = ((side.group.value, side.values) for side in (rows, columns))
        pairs = current().crossed(question, *sides)
    alike = look.sort == Sort.SIMILARITY
    scene = matrix.draw(rows.lines, columns.lines, pairs, mutual=mutual, alike=alike)
    return _Matrix(question, rows, columns, scene)


def _plain(asked: Asked) -> tuple[Question, Answer]:
    """The question with its answer; any of one party, or of none, is all of them."""
    question = asked.question.without_page()
    if not question.any_party or len(question.parties) > 1:
        return question, asked.answer
    plain = replace(question, any_party=False)
    answer = asked.answer if not plain.parties else current().answer(plain, today=asked.today)
    return plain, answer


def _side(group: Group, question: Question, counts: Counts, asked: Asked) -> _Side:
    chosen = question.values(group)
    only = bool(chosen) and (group == Group.SECTOR or question.any_party)
    names = _names(group, asked)
    there = {value: count for value, count in counts.items() if count and value in names}
    if group == Group.SECTOR:
        there = _sectors(there, chosen, asked)
    elif only:
        there = {value: count for value, count in there.items() if value in chosen}
    shown = matrix.largest(there, chosen)
    lines = [Line(value, there.get(value, 0)) for value in shown]
    return _Side(
        group, tuple(_sorted(lines, names, question.look.sort)), names, len({*there, *chosen}), only
    )


def _sectors(there: Counts, chosen: Sequence[str], asked: Asked) -> dict[str, int]:
    """The top sectors, or those that are chosen and what lies within them."""
    branches = asked.words.offered.branches
    if not chosen:
        return {slug: count for slug, count in there.items() if not branches[slug][1]}
    return {
        slug: count
        for slug, count in there.items()
        if slug in chosen or branches[slug][0] in chosen
    }


def _names(group: Group, asked: Asked) -> Mapping[str, str]:
    """What values are called where room is short."""
    if group == Group.SECTOR:
        return asked.known["sector"]
    return {
        party.code: str(party.short) or str(party.name) for party in asked.words.offered.parties
    }


def _sorted(lines: Sequence[Line], names: Mapping[str, str], sort: Sort) -> list[Line]:
    """By count or by name; what is to be sorted by likeness comes by count to begin with."""

    def key(line: Line) -> tuple[int, str, str]:
        return (0 if sort == Sort.NAME else -line.total, fold(names[line.value]), line.value)

    return sorted(lines, key=key)


def bearing(question: Question, group: Group, value: str) -> Question:
    """The question that finds those events of a matrix which bear a value, too."""
    if group == Group.SECTOR:
        return question.with_values("sector", [value])
    others = () if question.any_party else question.parties
    parties = others if value in others else (*others, value)
    return replace(question.with_values("party", parties), any_party=False)


def _narrowed(question: Question, group: Group, value: str) -> Question:
    """The matrix of those events that bear a value, or without it where it is chosen."""
    if value in question.values(group):
        return question.toggling(group, value)
    return bearing(question, group, value)


def figure(asked: Asked) -> SafeString:
    """The matrix as a table, which needs no other."""
    made = _matrix(asked)
    question, scene = made.question, made.scene
    listed = question.looked_at(view=View.LIST)
    context = {
        "view": View.MATRIX.value,
        "title": _title(made),
        "description": _description(made),
        "mutual": made.mutual,
        "columns": list(_heads(scene.columns, made.columns, question, asked.address)),
        "rows": [
            (head, _cells(line, made, listed, asked.address))
            for head, line in zip(
                _heads(scene.rows, made.rows, question, asked.address), scene.cells, strict=True
            )
        ],
        "steps": list(enumerate(scene.steps, start=1)),
        "controls": [
            (_("Parties and"), _switches(question, "against", _AGAINST, asked.address)),
            (_("Sorted by"), _switches(question, "sort", _SORTS, asked.address)),
        ],
    }
    return rendered("pictures/matrix.html", context)


def _switches(
    question: Question,
    parameter: str,
    names: Mapping[Group, Promise] | Mapping[Sort, Promise],
    address: str,
) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "address": address + question.looked_at(**{parameter: value}).query_string(),
            "chosen": value == getattr(question.look, parameter),
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


def _heads(lines: Sequence[Line], side: _Side, question: Question, address: str) -> Iterator[_Head]:
    for value, number in lines:
        listed = bearing(question, side.group, value).looked_at(view=View.LIST)
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


def _cells(line: Sequence[Cell], made: _Matrix, listed: Question, address: str) -> list[_Link]:
    """The cells of a row."""
    if not line:
        return []
    group = made.columns.group
    row = bearing(listed, Group.PARTY, line[0].row)
    same = address + row.query_string()
    begin, end = (address + bearing(row, group, _NONE).query_string()).split(f"{group}=%00")
    found = []
    for cell in line:
        there = group == Group.PARTY and cell.column in row.parties
        to = same if there else f"{begin}{group}={quote_plus(cell.column)}{end}"
        found.append(_Link(cell.step, cell.own, cell.number, to, made.columns.names[cell.column]))
    return found


def drawing(asked: Asked) -> Drawing:
    """The matrix by itself, its scale beneath it."""
    made = _matrix(asked)
    drawn = matrix.place(made.scene, made.rows.names, made.columns.names)
    return Drawing(
        title=_title(made),
        description=_description(made),
        width=drawn.width,
        height=drawn.height,
        marks=rendered("pictures/matrix_drawing.html", {"drawn": drawn}),
    )


# In words


def _title(made: _Matrix) -> str:
    return gettext("Who meets whom") if made.mutual else gettext("Who is active in what")


def _description(made: _Matrix) -> str:
    """What the numbers count, and what is left out."""
    if made.mutual:
        parts = [
            gettext(
                "How many of the events found two parties share. Where a party meets itself stand "
                "all of its events."
            ),
            _parties_shown(made.rows),
        ]
    else:
        parts = [
            gettext("How many of the events found a party has a part in, sector by sector."),
            _parties_shown(made.rows),
            _sectors_shown(made.columns),
            gettext("Shown are the sectors chosen and those within them.")
            if made.columns.only
            else gettext("A sector counts those within it; choose it to see them apart."),
        ]
    return " ".join(part for part in parts if part)


def _parties_shown(side: _Side) -> str:
    if len(side.lines) < side.of:
        form = ngettext(
            "Shown are the %(shown)s of %(n)s party with the most events.",
            "Shown are the %(shown)s of %(n)s parties with the most events.",
            side.of,
        )
        return form % {"shown": len(side.lines), "n": Grouped(side.of, language())}
    return gettext("Shown are the parties chosen, any of which will do.") if side.only else ""


def _sectors_shown(side: _Side) -> str:
    if len(side.lines) == side.of:
        return ""
    form = ngettext(
        "Shown are the %(shown)s of %(n)s sector with the most events.",
        "Shown are the %(shown)s of %(n)s sectors with the most events.",
        side.of,
    )
    return form % {"shown": len(side.lines), "n": Grouped(side.of, language())}


PICTURE: Final = Picture(figure, drawing)
