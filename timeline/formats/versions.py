"""The text of a version of a record, and what differs between two of them, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from timeline.core.wordings import Comparison, Piece
from timeline.fields import RECORD_LANGUAGES, LocalText, local_text
from timeline.formats import values
from timeline.formats.changes import Difference, differences
from timeline.jinja2 import language, since
from timeline.queries.public_names import PublicNames, named_by_row
from timeline.queries.record_fields import FIELDS, MODELS, PARTS, Part
from timeline.queries.versions import Text, said_by_rows


class Fact(NamedTuple):
    """What a field of a record says, or each row of a part, in words."""

    field: str
    values: tuple[LocalText | str, ...]


_UNSAID: Final = frozenset(
    {("participation", "participant"), ("attendance", "member"), ("membership", "member")}
)
"""Codes that go without saying, by the name of the model."""


def facts(noun: str, text: Text, names: PublicNames) -> list[Fact]:
    """Return what a text says field by field and part by part, but for what is not public now.

    The first one is the title or the name of the record.
    """
    own = _values(noun, MODELS[noun], FIELDS[noun], text.row, names)
    found = [Fact(field, (value,)) for field, value in own.items()]
    shown = _shown(noun, text, names)
    for part in PARTS[noun]:
        if shown[part.name]:
            found.append(Fact(part.name, tuple(_in_words(part, shown[part.name], names).values())))
    return found


def differences_of_texts(
    noun: str, before: Text, after: Text, names: PublicNames
) -> list[Difference]:
    """Return what differs between two texts; of a part, the rows that only one of them has."""
    found = differences(noun, before.row, after.row)
    shown = [_shown(noun, text, names) for text in (before, after)]
    for part in PARTS[noun]:
        earlier, later = (_in_words(part, rows[part.name], names) for rows in shown)
        gone = [said for key, said in earlier.items() if key not in later]
        new = [said for key, said in later.items() if key not in earlier]
        if gone or new:
            found.append(Difference(part.name, Comparison(_marked(gone), _marked(new))))
        elif _are_other_rows(part, before, after):
            found.append(Difference(part.name, None))
    return found


def _are_other_rows(part: Part, before: Text, after: Text) -> bool:
    earlier, later = (said_by_rows(part, text.parts[part.name]) for text in (before, after))
    return earlier != later


def _marked(rows: list[str]) -> tuple[Piece, ...]:
    return (Piece(" · ".join(rows), changed=True),) if rows else ()


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
            if all(named in names for named in named_by_row(part.model, part.fields, row))
            and any(getattr(row, f"{key}_id") in keys[of] for key, of in part.parents.items())
        ]
        keys[part.name] = {row.id for row in shown[part.name]}
    return shown


def _in_words(part: Part, rows: Iterable[Any], names: PublicNames) -> dict[tuple[Any, ...], str]:
    """Return rows of a part in words, by what they say."""
    columns, model = part.columns, part.model._meta.model_name or ""
    found: dict[tuple[Any, ...], str] = {}
    for row in rows:
        key = tuple(getattr(row, column) for column in columns)
        said = _values(model, part.model, part.fields, row, names)
        found.setdefault(key, _in_a_line(model, said))
    return found


def _in_a_line(model: str, said: Mapping[str, str]) -> str:
    """Join what a row says: what it is about, and the rest in brackets."""
    said = dict(said)
    said.pop("language", None)
    if model == "statement":
        words, translation = said.pop("text"), said.pop("translation", "")
        who = ", ".join(said.values())
        line = _("%(who)s: “%(words)s”") % {"who": who, "words": translation or words}
        return line if who else words
    first, *rest = said.values()
    return f"{first} ({', '.join(rest)})" if rest else first


def _values(
    noun: str, model: Any, fields: tuple[str, ...], row: Any, names: PublicNames
) -> dict[str, LocalText | str]:
    """Return the fields of a row that say something, by name; ``noun`` is that of the model."""
    found = {name: value for name, value in _said(noun, model, fields, row, names) if value}
    if "ends" in fields and row.starts:
        found["starts"] = f"{_('from')} {since(row.starts)}"
    if "ends" in fields and row.ends:
        # What ends on a day was over on it.
        found["ends"] = _("ended: %(left)s") % {"left": found["ends"]}
    return found


def _said(
    noun: str, model: Any, fields: tuple[str, ...], row: Any, names: PublicNames
) -> Iterator[tuple[str, LocalText | str]]:
    for name in fields:
        field = model._meta.get_field(name)
        value = getattr(row, field.attname)
        bilingual, _underscore, tag = name.rpartition("_")
        if tag in RECORD_LANGUAGES:
            if tag == RECORD_LANGUAGES[0]:
                yield bilingual, local_text(row, bilingual, language())
        elif field.is_relation:
            record = names.get((field.related_model, value))
            yield name, "" if record is None else values.name_of(record)
        elif field.get_internal_type() == "BooleanField":
            yield name, _("yes") if value else ""
        elif (noun, value) not in _UNSAID:
            yield name, values.said(noun, name, value)
