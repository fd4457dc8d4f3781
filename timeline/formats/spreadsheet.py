"""A list as a spreadsheet (XLSX), written row by row in little memory."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from timeline.core.columns import Column, names
from timeline.core.numbers import Grouped
from timeline.formats.cells import cell
from timeline.formats.description import Description, summary
from timeline.jinja2 import language
from timeline.queries.rows import Row

MAX_ROWS: Final = 1_048_575
"""Rows of a sheet below its heading."""

_MAX_CHARACTERS: Final = 32_767
"""Characters of a cell."""

_FIRST_DAY: Final = dt.date(1900, 3, 1)
"""The first day whose number is the same in all spreadsheets: some count a 29 February 1900."""

_OPTIONS: Final = {
    "constant_memory": True,
    "default_date_format": "yyyy-mm-dd",
    # A sheet of a million rows has more than two gigabytes before it is compressed. Smaller
    # workbooks are the same as without it.
    "use_zip64": True,
}


def too_many(count: int) -> str:
    """Return why a list does not fit into a sheet."""
    return _(
        "A spreadsheet holds %(most)s rows, and this list has %(count)s: choose a narrower filter, "
        "or take the CSV file, which holds them all."
    ) % {"most": Grouped(MAX_ROWS, language()), "count": Grouped(count, language())}


def write(path: Path, described: Description, batches: Iterable[Sequence[Row]]) -> None:
    """Write a workbook: a sheet with the rows, one that says what they are, one about the columns.

    Texts are written as texts, never as formulas or links; a number or a day as such.
    """
    with Workbook(path, _OPTIONS) as book:
        # The same rows make the same bytes.
        book.set_properties({"created": dt.datetime.combine(described.day, dt.time())})
        bold = book.add_format({"bold": True})
        _write_rows(book.add_worksheet(described.noun), described.columns, batches, bold)
        about = summary(described)
        _write_pairs(book.add_worksheet("about"), about.items(), bold)
        meanings = ((column.name, _(column.meaning)) for column in described.columns)
        _write_pairs(book.add_worksheet("columns"), meanings, bold)


def _write_rows(
    sheet: Worksheet, columns: Sequence[Column], batches: Iterable[Sequence[Row]], bold: Format
) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(names(columns)):
        sheet.write_string(0, place, name, bold)
    cells = [(place, column.name, cell(column)) for place, column in enumerate(columns)]
    number = 0
    for rows in batches:
        for row in rows:
            number += 1
            for place, name, convert in cells:
                _write(sheet, number, place, convert(row[name]))


def _write(sheet: Worksheet, row: int, place: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    elif isinstance(value, dt.date) and value >= _FIRST_DAY:
        sheet.write_datetime(row, place, value)
    else:
        sheet.write_string(row, place, _fitting(str(value)))


def _fitting(text: str) -> str:
    """Return a text that fits into a cell; one that does not says that it is cut."""
    if len(text) <= _MAX_CHARACTERS:
        return text
    note = " " + _("[Cut here: a cell holds no more. The CSV file has the whole text.]")
    return text[: _MAX_CHARACTERS - len(note)] + note


def _write_pairs(sheet: Worksheet, pairs: Iterable[tuple[str, Any]], bold: Format) -> None:
    for row, (name, value) in enumerate(pairs):
        sheet.write_string(row, 0, name, bold)
        _write(sheet, row, 1, value)
