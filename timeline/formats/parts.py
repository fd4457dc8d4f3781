"""The rows of the parts of a record in words, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from timeline.core.wordings import Comparison, Piece
from timeline.fields import RECORD_LANGUAGES, LocalText, local_text
from timeline.formats import values
from timeline.jinja2 import language, since
from timeline.queries.public_names import PublicNames
from timeline.queries.record_fields import Part

_UNSAID: Final = frozenset(
    {("participation", "participant"), ("attendance", "member"), ("membership", "member")}
)
"""Codes that go without saying, by the name of the model."""


def in_words(part: Part, rows: Iterable[Any], names: PublicNames) -> dict[tuple[Any, ...], str]:
    """Return rows of a part in words, by what they say."""
    model = part.model._meta.model_name or ""
    return {
        key: _in_a_line(model, field_values(model, part.model, part.fields, row, names))
        for key, row in part.by_content(rows).items()
    }


def _in_a_line(model: str, fields: Mapping[str, str]) -> str:
    """Join what a row says: what it is about, and the rest in brackets."""
    if model == "statement":
        words, translation = fields["text"], fields.get("translation", "")
        who = ", ".join(fields[name] for name in ("person", "party") if name in fields)
        line = _("%(who)s: “%(words)s”") % {"who": who, "words": translation or words}
        return line if who else words
    first, *rest = fields.values() or ("—",)
    return f"{first} ({', '.join(rest)})" if rest else first


def field_values(
    noun: str, model: Any, fields: tuple[str, ...], row: Any, names: PublicNames
) -> dict[str, LocalText | str]:
    """Return the fields of a row that say something, by name; ``noun`` is that of the model."""
    found = {
        name: value for name, value in _values_in_words(noun, model, fields, row, names) if value
    }
    if "ends" in fields and row.starts:
        found["starts"] = f"{_('from')} {since(row.starts)}"
    if "ends" in fields and row.ends:
        # What ends on a day was over on it.
        found["ends"] = _("ended: %(left)s") % {"left": found["ends"]}
    return found


def _values_in_words(
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
            yield name, values.in_words(noun, name, value)


def compared(gone: Iterable[str], new: Iterable[str]) -> Comparison:
    """Return the difference between two lists of rows: those that are gone, and the new ones."""
    return Comparison(_marked([*gone]), _marked([*new]))


def _marked(rows: list[str]) -> tuple[Piece, ...]:
    return (Piece(" · ".join(rows), changed=True),) if rows else ()
