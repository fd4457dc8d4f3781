"""The whole record as a data package (https://datapackage.org): CSV files and what they are."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from timeline.core.columns import Column, Kind
from timeline.formats.archived import digest_of
from timeline.formats.description import Description
from timeline.formats.tables import CsvFile
from timeline.queries.rows import Row

_TYPES: Final = {
    Kind.DAY: "date",
    Kind.TIME: "datetime",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.FLAG: "boolean",
}
"""The type of a column as Table Schema names it; all others are strings."""


def write_table(path: Path, described: Description, batches: Iterable[list[Row]]) -> int:
    """Write the CSV file of a table, and return the number of its rows.

    It has not the mark by which spreadsheets know UTF-8.
    """
    form, count = CsvFile(described), 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(form.head().removeprefix("\ufeff"))
        for rows in batches:
            file.write(form.part(rows))
            count += len(rows)
    return count


def write_about(folder: Path, tables: Mapping[str, Description]) -> None:
    """Write what the tables of a folder are, and the digests of all of its files."""
    described = next(iter(tables.values()))
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "tabular-data-package",
        "name": described.site.file_name,
        "title": described.site.name,
        "version": described.version_name,
        "created": f"{described.day.isoformat()}T00:00:00Z",
        "contributors": [{"title": described.publisher, "role": "publisher"}],
        **_licences(described),
        "resources": [_resource(folder, table) for table in tables.values()],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "README.md").write_text(_readme(described, tables), encoding="utf-8")
    (folder / "LICENCE.txt").write_text(f"{_licence_text(described)}\n", encoding="utf-8")
    files = sorted(path for path in folder.iterdir() if path.name != _SUMS)
    sums = "".join(f"{digest_of(path)}  {path.name}\n" for path in files)
    (folder / _SUMS).write_text(sums, encoding="ascii")


_SUMS: Final = "SHA256SUMS"


def _resource(folder: Path, table: Description) -> dict[str, Any]:
    path = folder / f"{table.noun}.csv"
    return {
        "name": table.noun,
        "title": table.title,
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest_of(path)}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            **({"primaryKey": ["id"]} if table.columns[0].name == "id" else {}),
            "foreignKeys": [
                {
                    "fields": [column.name],
                    "reference": {
                        "resource": "" if column.of == table.noun else column.of,
                        "fields": ["id"],
                    },
                }
                for column in table.columns
                if column.of
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": "string" if column.repeated else _TYPES.get(column.kind, "string"),
        "description": _(column.meaning),
    }


def _licences(described: Description) -> dict[str, Any]:
    identity = described.site.identity
    if not identity.licence_url:
        return {}
    return {"licenses": [{"path": identity.licence_url, "title": described.licence}]}


def _licence_text(described: Description) -> str:
    if not described.licence:
        return _("The keeper of the record names no licence.")
    return " ".join(dict.fromkeys([described.licence, described.site.identity.licence_url])).strip()


def _readme(described: Description, tables: Mapping[str, Description]) -> str:
    until = described.searched_until or described.day
    lines = [
        f"# {described.site.name}",
        "",
        _(
            "All published records of %(site)s, version %(version)s, of %(day)s. Sources were "
            "searched until %(until)s."
        )
        % {
            "site": described.site.name,
            "version": described.version_name,
            "day": described.day.isoformat(),
            "until": until.isoformat(),
        },
        "",
        *(f"- `{noun}.csv`: {table.title} ({table.count})" for noun, table in tables.items()),
        "",
        _(
            "What each column means stands in `datapackage.json`. A cell of several values has | "
            "between them, and a value of several parts : between these."
        ),
        "",
        f"{_licence_text(described)}",
        "",
        _("To see whether all files are whole: %(command)s")
        % {"command": f"`sha256sum -c {_SUMS}`"},
        "",
    ]
    return "\n".join(lines)
