"""A value of a row as the cell of a table, and as JSON.

How it is written depends on its column, and is decided once for all rows.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from timeline.core.columns import PART_SEPARATOR, SEPARATOR, Column, Kind
from timeline.queries.rows import Row

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet may run as a formula (OWASP, CSV injection)."""

_MOMENTS: Final = frozenset({Kind.DAY, Kind.TIME})

_INSTEAD: Final = {Kind.ADDRESS: "%7C"}
"""What stands for the separator inside a value of a repeated column, a slash unless said here."""


CellConverter = Callable[[Any], Any]
"""Returns a value of a column in another form."""


def cell(column: Column) -> CellConverter:
    """Return what makes a cell of a value: a text, a number, a day, True or False, or None.

    It is None if the value is empty. The values of a repeated column are joined.
    """
    if column.repeated:
        return _joined(column)
    return _moment if column.kind == Kind.TIME else _unchanged


def _joined(column: Column) -> CellConverter:
    instead = _INSTEAD.get(column.kind, "/")

    def joined(value: Any) -> str | None:
        if not value:
            return None
        entries = map(PART_SEPARATOR.join, value) if column.parts else value
        return SEPARATOR.join([entry.replace(SEPARATOR, instead) for entry in entries])

    return joined


def text_cell(column: Column) -> Callable[[Any], str]:
    """Return what makes the text of a cell of a value.

    A text that may be run as a formula gets an apostrophe.
    """
    join = _joined(column) if column.repeated else None
    plain = _PLAIN.get(column.kind, _not_run)
    if join is None:
        return lambda value: "" if value is None else plain(value)
    return lambda value: _not_run(join(value) or "")


def _not_run(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text


def as_json(columns: tuple[Column, ...]) -> Callable[[Row], dict[str, Any]]:
    """Return what makes a value of JSON of a row; in it a value with parts is an object."""
    converters = [(column.name, _as_json(column)) for column in columns]
    return lambda row: {name: convert(row[name]) for name, convert in converters}


def _as_json(column: Column) -> CellConverter:
    if column.parts:
        return lambda value: [dict(zip(column.parts, entry, strict=True)) for entry in value]
    return _moment if column.kind in _MOMENTS else _unchanged


def _unchanged(value: Any) -> Any:
    return value


def _moment(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


_PLAIN: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.DAY: dt.date.isoformat,
    Kind.TIME: dt.datetime.isoformat,
    Kind.INTEGER: str,
    Kind.NUMBER: str,
    Kind.FLAG: lambda value: "true" if value else "false",
}
"""What makes a text of values that are none."""
