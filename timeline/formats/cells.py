"""A value of a row as the cell of a table, and as JSON."""

import datetime as dt
from typing import Any, Final

from timeline.core.columns import PART_SEPARATOR, SEPARATOR, Column, Kind
from timeline.queries.rows import Row

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet may run as a formula (OWASP, CSV injection)."""

_STRINGS: Final = frozenset({Kind.TEXT, Kind.CODE, Kind.ADDRESS, Kind.EDTF})

_INSTEAD: Final = {Kind.ADDRESS: "%7C"}
"""What stands for the separator inside a value of a repeated column, a slash unless said here."""


def cell(column: Column, value: Any) -> Any:
    """Return a value as one cell: a text, a number, a day, True or False, or None if it is empty.

    The values of a repeated column are joined.
    """
    if not column.repeated:
        return value.isoformat() if isinstance(value, dt.datetime) else value
    instead = _INSTEAD.get(column.kind, "/")
    joined = SEPARATOR.join(
        PART_SEPARATOR.join(str(part).replace(SEPARATOR, instead) for part in _parts(entry))
        for entry in value
    )
    return joined or None


def _parts(entry: Any) -> tuple[Any, ...]:
    return entry if isinstance(entry, tuple) else (entry,)


def text_cell(column: Column, value: Any) -> str:
    """Return a value as the text of a cell; what may be run as a formula gets an apostrophe."""
    shown = cell(column, value)
    if shown is None:
        return ""
    if isinstance(shown, bool):
        return "true" if shown else "false"
    if isinstance(shown, dt.date):
        return shown.isoformat()
    text = str(shown)
    is_string = column.kind in _STRINGS or column.repeated
    return f"'{text}" if is_string and text.startswith(_FORMULAS) else text


def as_json(columns: tuple[Column, ...], row: Row) -> dict[str, Any]:
    """Return a row as a value of JSON; a value with parts is an object."""
    return {column.name: _as_json(column, row[column.name]) for column in columns}


def _as_json(column: Column, value: Any) -> Any:
    if column.repeated:
        return [_entry(column, entry) for entry in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _entry(column: Column, entry: Any) -> Any:
    return dict(zip(column.parts, entry, strict=True)) if column.parts else entry
