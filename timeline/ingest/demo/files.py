"""Reading the files of a folder of records."""

from pathlib import Path
from typing import Any

import yaml

RecordData = dict[str, Any]


class FileError(ValueError):
    """Raised for a record that cannot be loaded; the message names the file and the record."""


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, several times as fast, where PyYAML was built with it."""


class _Loader(_SafeLoader):  # type: ignore[misc]
    """A loader that leaves dates as text and reads only true and false as booleans, not 'on'."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith(":timestamp") and not (tag.endswith(":bool") and first not in "tTfF")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> list[RecordData]:
    """Return the records of a file, none if it does not exist.

    Raises FileError for a file that is not a list of records.
    """
    if not path.exists():
        return []
    try:
        records = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 — a safe loader
    except yaml.YAMLError as error:
        raise FileError(f"{path.name}: {error}") from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise FileError(f"{path.name}: a list of records is expected.")
    return records
