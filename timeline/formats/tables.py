"""The formats of files that are written one batch of rows after the other."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from timeline.formats.cells import as_json, text_cell
from timeline.formats.description import Description, summary
from timeline.queries.rows import Row


class Format(Protocol):
    """A format that writes a file in parts: its beginning, its rows, its end."""

    def __init__(self, described: Description) -> None: ...

    def head(self) -> str:
        """Return the beginning of the file."""
        ...

    def part(self, rows: Sequence[Row]) -> str:
        """Return the next rows."""
        ...

    def end(self) -> str:
        """Return the end of the file."""
        ...


class CsvFile:
    """Comma-separated values (RFC 4180) in UTF-8, with the mark by which spreadsheets know it."""

    def __init__(self, described: Description) -> None:
        self._cells = [(column.name, text_cell(column)) for column in described.columns]

    def head(self) -> str:
        return "\ufeff" + _lines([[name for name, _cell in self._cells]])

    def part(self, rows: Sequence[Row]) -> str:
        return _lines([cell(row[name]) for name, cell in self._cells] for row in rows)

    def end(self) -> str:
        return ""


def _lines(rows: Any) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue()


class JsonFile:
    """An object with what the file is ``about``, and its rows, each on a line of its own."""

    def __init__(
        self, described: Description, about: Callable[[Description], dict[str, Any]] = summary
    ) -> None:
        self._about, self._rows = about(described), JsonList()
        self._as_json = as_json(described.columns)

    def head(self) -> str:
        return to_json(self._about)[:-1] + ', "rows": ['

    def part(self, rows: Sequence[Row]) -> str:
        return self._rows.lines(map(self._as_json, rows))

    def end(self) -> str:
        return "\n]}\n"


class JsonList:
    """Writes the values of a list of JSON, each on a line of its own, over several parts."""

    def __init__(self) -> None:
        self._separator = "\n"

    def lines(self, values: Any) -> str:
        """Return the next values."""
        text = ",\n".join(to_json(value) for value in values)
        if not text:
            return ""
        text, self._separator = self._separator + text, ",\n"
        return text


def to_json(value: Any) -> str:
    """Return a value as JSON, in the letters of its texts."""
    return json.dumps(value, ensure_ascii=False)
