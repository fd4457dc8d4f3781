"""The columns of files are documented, and their names can be relied on."""

import re
from enum import StrEnum
from pathlib import Path

from timeline.core import codes
from timeline.core.columns import PART_SEPARATOR, SEPARATOR, names
from timeline.core.relations import TABLES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "data-model.md"


def documented() -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of the table of each noun in the document."""
    text = DOCUMENT.read_text(encoding="utf-8").split("## The columns of files")[1]
    return {
        heading: re.findall(r"^\| `([a-z_]+)` \| (.+?) \| (.+) \|$", table, re.MULTILINE)
        for heading, table in re.findall(r"### (\w+)\n(.*?)(?=\n### |\Z)", text, re.DOTALL)
    }


def test_every_column_is_documented_as_it_is_declared() -> None:
    assert documented() == {
        noun: [
            (
                column.name,
                PART_SEPARATOR.join(column.parts or (column.kind.value,))
                + (", any number" if column.repeated else ""),
                column.meaning,
            )
            for column in columns
        ]
        for noun, columns in TABLES.items()
    }


def test_columns_name_tables_that_have_an_identifier() -> None:
    named = {column.of for columns in TABLES.values() for column in columns if column.of}
    assert named - TABLES.keys() == set()
    assert [table for table in named if TABLES[table][0].name != "id"] == []


def test_names_of_columns_are_words_and_none_comes_twice() -> None:
    for noun, columns in TABLES.items():
        assert len({*names(columns)}) == len(columns), noun
        assert [name for name in names(columns) if not re.fullmatch("[a-z_]+", name)] == [], noun


def test_no_code_holds_what_stands_between_codes() -> None:
    closed = [
        str(code)
        for vocabulary in vars(codes).values()
        if isinstance(vocabulary, type) and issubclass(vocabulary, StrEnum)
        for code in vocabulary
    ]
    assert [code for code in closed if SEPARATOR in code or PART_SEPARATOR in code] == []
