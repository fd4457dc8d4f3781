"""The tables in a backup, and the encoding of their values as JSON.

A row is an array of ``null``, ``true``, ``false``, integers and strings, so that nothing is rounded
and both databases produce the same bytes for the same row. Types that JSON lacks are strings: dates
and times in ISO 8601 (times in UTC), decimals and floats as Python writes them, bytes in base64,
and JSON with sorted keys.
"""

import base64
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.apps import apps as installed
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

Model = type[models.Model]
EncodedRow = tuple[Any, ...]
DatabaseRow = tuple[Any, ...]
Convert = Callable[[Any], Any]

LEFT_OUT: Final = {
    "sessions.Session": "signs people in; they sign in again",
    "timeline.RecordVersion": "of one database; the restored one draws its own",
    "timeline.EventRevision": "of one database; the restored one counts its own",
}
"""Models whose rows are not in a backup, with the reason."""

CREATED_BY_MIGRATE: Final = frozenset(
    {
        "contenttypes.ContentType",
        "auth.Permission",
        "auth.Group",
        "auth.Group_permissions",
    }
)
"""Models for which ``migrate`` creates rows, which those of the backup replace."""


class Encoding(NamedTuple):
    """The encoding of a kind of columns: the type in JSON, and both conversions."""

    type: type
    encode: Convert | None = None
    decode: Convert | None = None


def _in_utc(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


def _aware(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return value


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_MICROSECOND: Final = timedelta(microseconds=1)

KINDS: Final = {
    "integer": Encoding(int),
    "boolean": Encoding(bool),
    "text": Encoding(str),
    "date": Encoding(str, date.isoformat, date.fromisoformat),
    "datetime": Encoding(str, _in_utc, _aware),
    "time": Encoding(str, time.isoformat, time.fromisoformat),
    "duration": Encoding(
        int,
        lambda value: value // _MICROSECOND,
        lambda number: timedelta(microseconds=number),
    ),
    "decimal": Encoding(str, str, Decimal),
    "float": Encoding(str, repr, float),
    "uuid": Encoding(str, str, uuid.UUID),
    "json": Encoding(str, _json_text, json.loads),
    "bytes": Encoding(
        str,
        lambda value: base64.b64encode(value).decode("ascii"),
        lambda text: base64.b64decode(text, validate=True),
    ),
}

_KIND_OF: Final = {
    **dict.fromkeys(
        (
            *("AutoField", "BigAutoField", "SmallAutoField"),
            *("IntegerField", "BigIntegerField", "SmallIntegerField"),
            *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"),
        ),
        "integer",
    ),
    **dict.fromkeys(
        (
            *("CharField", "TextField", "SlugField", "FileField", "FilePathField"),
            *("GenericIPAddressField", "IPAddressField"),
        ),
        "text",
    ),
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "datetime",
    "TimeField": "time",
    "DurationField": "duration",
    "DecimalField": "decimal",
    "FloatField": "float",
    "UUIDField": "uuid",
    "JSONField": "json",
    "BinaryField": "bytes",
}
"""The kind of a column by the internal type of its field; see ``Field.get_internal_type``."""


class StoredColumn(NamedTuple):
    """A column and the kind of its values."""

    name: str
    kind: str


def included_models(candidates: Iterable[Model] | None = None) -> list[Model]:
    """Return the models whose rows are in a backup, in the order of their tables.

    They are all managed models of all applications, many-to-many tables included, except
    :data:`LEFT_OUT`. ``candidates`` are the models of another state of the migrations.
    """
    if candidates is None:
        candidates = installed.get_models(include_auto_created=True)
    return sorted(
        (
            model
            for model in candidates
            if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
        ),
        key=lambda model: model._meta.db_table,
    )


def fields(model: Model) -> list["models.Field[Any, Any]"]:
    """Return the fields with a column to back up."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def columns(model: Model) -> tuple[StoredColumn, ...]:
    """Return the columns of a model; raise LookupError for one of an unknown kind."""
    return tuple(StoredColumn(str(field.column), _kind(field)) for field in fields(model))


def _kind(field: "models.Field[Any, Any]") -> str:
    target: Any = field
    while target.remote_field and isinstance(target, models.ForeignKey):
        target = target.target_field
    kind = _KIND_OF.get(target.get_internal_type())
    if kind is None:
        raise LookupError(f"{field} is of a type that a backup does not know how to write.")
    return kind


def upload_positions(model: Model) -> list[int]:
    """Return the positions of the columns with names of uploads, in a model or its history."""
    # A history has a plain text field with the same name in place of a FileField.
    recorded = getattr(model, "instance_type", model)
    return [
        i
        for i, field in enumerate(fields(model))
        if any(
            isinstance(other, models.FileField) and other.attname == field.attname
            for other in recorded._meta.local_concrete_fields
        )
    ]


def encoder(model: Model, connection: BaseDatabaseWrapper) -> Callable[[DatabaseRow], EncodedRow]:
    """Return a function that encodes a row as the database returns it."""
    conversions: list[tuple[int, list[Convert]]] = []
    for i, field in enumerate(fields(model)):
        kind = KINDS[_kind(field)]
        if kind.encode is not None:
            conversions.append((i, [*_from_database(model, field, connection), kind.encode]))
    return _row_converter(conversions)


def _from_database(
    model: Model, field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper
) -> list[Convert]:
    column = Col(model._meta.db_table, field)
    converters = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
    return [_bound(converter, column, connection) for converter in converters]


def _bound(converter: Any, column: Col, connection: BaseDatabaseWrapper) -> Convert:
    return lambda value: converter(value, column, connection)


def decoder(model: Model, connection: BaseDatabaseWrapper) -> Callable[[EncodedRow], DatabaseRow]:
    """Return a function that decodes an encoded row to values that the database accepts."""
    conversions: list[tuple[int, list[Convert]]] = []
    for i, field in enumerate(fields(model)):
        kind = KINDS[_kind(field)]
        if kind.decode is not None:
            conversions.append((i, [kind.decode, _to_database(field, connection)]))
    return _row_converter(conversions)


def _to_database(field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper) -> Convert:
    return lambda value: field.get_db_prep_save(value, connection=connection)


def _row_converter(
    conversions: Sequence[tuple[int, list[Convert]]],
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    if not conversions:
        return tuple

    def convert(row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for i, converters in conversions:
            value = values[i]
            if value is not None:
                for converter in converters:
                    value = converter(value)
                values[i] = value
        return tuple(values)

    return convert


class RowChecker:
    """Checks that encoded rows match their columns."""

    def __init__(self, columns: Sequence[StoredColumn]) -> None:
        self._columns = columns
        self._types = [{type(None), KINDS[column.kind].type} for column in columns]
        self._valid: set[tuple[type, ...]] = set()
        self._decoders = [
            (i, decode)
            for i, column in enumerate(columns)
            if (decode := KINDS[column.kind].decode) is not None
        ]

    def check(self, row: Sequence[Any], *, decoding: bool = False) -> None:
        """Raise ValueError for a row with other columns or types.

        With ``decoding``, try to decode the values as well, which may raise other exceptions.
        """
        types = tuple(map(type, row))
        if types not in self._valid:
            self._compare(types)
            self._valid.add(types)
        if decoding:
            for i, decode in self._decoders:
                if (value := row[i]) is not None:
                    decode(value)

    def _compare(self, types: tuple[type, ...]) -> None:
        if len(types) != len(self._columns):
            raise ValueError(f"{len(types)} values in place of {len(self._columns)}")
        for value_type, allowed, column in zip(types, self._types, self._columns, strict=True):
            if value_type not in allowed:
                raise ValueError(f"{column.name} is not of kind {column.kind}")
