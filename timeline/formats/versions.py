"""The text of a version of a record, and what differs between two of them, in words."""

from typing import Any, NamedTuple

from timeline.fields import LocalText
from timeline.formats.changes import Difference, differences
from timeline.formats.parts import compared, field_values, in_words
from timeline.queries.public_names import PublicNames, is_public
from timeline.queries.record_fields import FIELDS, MODELS, PARTS, Part
from timeline.queries.versions import Text


class FieldText(NamedTuple):
    """What a field of a record says, or each row of a part, in words."""

    field: str
    values: tuple[LocalText | str, ...]


def facts(noun: str, text: Text, names: PublicNames) -> list[FieldText]:
    """Return a text field by field and part by part, without records that are not public now.

    The first one is the title or the name of the record.
    """
    own = field_values(noun, MODELS[noun], FIELDS[noun], text.row, names)
    found = [FieldText(field, (value,)) for field, value in own.items()]
    shown = _shown(noun, text, names)
    for part in PARTS[noun]:
        if shown[part.name]:
            found.append(
                FieldText(part.name, tuple(in_words(part, shown[part.name], names).values()))
            )
    return found


def differences_of_texts(
    noun: str, before: Text, after: Text, names: PublicNames
) -> list[Difference]:
    """Return what differs between two texts; of a part, the rows that only one of them has."""
    found = differences(noun, before.row, after.row)
    shown = [_shown(noun, text, names) for text in (before, after)]
    for part in PARTS[noun]:
        earlier, later = (in_words(part, rows[part.name], names) for rows in shown)
        gone = [said for key, said in earlier.items() if key not in later]
        new = [said for key, said in later.items() if key not in earlier]
        if gone or new:
            found.append(Difference(part.name, compared(gone, new)))
        elif _are_other_rows(part, before, after):
            found.append(Difference(part.name, None))
    return found


def _are_other_rows(part: Part, before: Text, after: Text) -> bool:
    earlier, later = ([*part.by_content(text.parts[part.name])] for text in (before, after))
    return earlier != later


def _shown(noun: str, text: Text, names: PublicNames) -> dict[str, list[Any]]:
    """Return the rows of each part that readers may see today.

    A row that names a record which is not public is left out, with the sources cited for it.
    """
    keys: dict[str, set[int]] = {"": {text.row.id}}
    shown: dict[str, list[Any]] = {}
    for part in PARTS[noun]:
        shown[part.name] = [
            row
            for row in text.parts[part.name]
            if is_public(part, row, names)
            and any(getattr(row, f"{key}_id") in keys[of] for key, of in part.parents.items())
        ]
        keys[part.name] = {row.id for row in shown[part.name]}
    return shown
