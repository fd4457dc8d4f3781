"""Which tables a backup holds, and how their values are written as JSON.

A row is an array of ``null``, ``true``, ``false``, whole numbers and texts, so that nothing is
rounded and both databases give the same bytes for the same row. What JSON has no type for is a
text: days and times as in ISO 8601 (times in UTC), decimals and floats as Python writes them,
bytes as base64, JSON with sorted keys.
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
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

LEFT_OUT: Final = {
    "sessions.Session": "signs people in; they sign in again",
    "timeline.RecordVersion": "of one database; the restored one draws its own",
    "timeline.EventRevision": "of one database; the restored one counts its own",
}
"""Models whose rows are not in a backup, with the reason."""

MADE_BY_MIGRATE: Final = frozenset(
    {
        "contenttypes.ContentType",
        "auth.Permission",
        "auth.Group",
        "auth.Group_permissions",
    }
)
"""Models of which ``migrate`` makes rows itself; those of the backup replace them."""


class Kind(NamedTuple):
    """How values of a column are written: the type that JSON gives them, and both ways."""

    type: type
    encode: Convert | None = None
    decode: Convert | None = None


def _in_utc(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return found


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_MICROSECOND: Final = timedelta(microseconds=1)

KINDS: Final = {
    "integer": Kind(int),
    "boolean": Kind(bool),
    "text": Kind(str),
    "date": Kind(str, date.isoformat, date.fromisoformat),
    "datetime": Kind(str, _in_utc, _aware),
    "time": Kind(str, time.isoformat, time.fromisoformat),
    "duration": Kind(
        int,
        lambda value: value // _MICROSECOND,
        lambda number: timedelta(microseconds=number),
    ),
    "decimal": Kind(str, str, Decimal),
    "float": Kind(str, repr, float),
    "uuid": Kind(str, str, uuid.UUID),
    "json": Kind(str, _json_text, json.loads),
    "bytes": Kind(
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


class Column(NamedTuple):
    """A column and the kind of its values."""

    name: str
    kind: str


def kept(among: Iterable[Model] | None = None) -> list[Model]:
    """The models whose rows a backup holds, in the order of their tables.

    All that Django manages, of every application and with the links between rows, but for
    :data:`LEFT_OUT`; ``among`` names those of another state of the migrations.
    """
    found = installed.get_models(include_auto_created=True) if among is None else among
    return sorted(
        (
            model
            for model in found
            if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
        ),
        key=lambda model: model._meta.db_table,
    )


def fields(model: Model) -> list["models.Field[Any, Any]"]:
    """The fields that have a column of their own to be written."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def columns(model: Model) -> tuple[Column, ...]:
    """The columns of a model's table; raise LookupError for one whose kind is not known."""
    return tuple(Column(str(field.column), _kind(field)) for field in fields(model))


def _kind(field: "models.Field[Any, Any]") -> str:
    target: Any = field
    while target.remote_field and isinstance(target, models.ForeignKey):
        target = target.target_field
    kind = _KIND_OF.get(target.get_internal_type())
    if kind is None:
        raise LookupError(f"{field} is of a type that a backup does not know how to write.")
    return kind


def uploads_of(model: Model) -> list[int]:
    """The places of the columns that name uploaded files, in a model or in its history.

    A history keeps the name of a file as plain text under the same name as its model.
    """
    recorded = getattr(model, "instance_type", model)
    return [
        place
        for place, field in enumerate(fields(model))
        if any(
            isinstance(other, models.FileField) and other.attname == field.attname
            for other in recorded._meta.local_concrete_fields
        )
    ]


def encoder(model: Model, connection: BaseDatabaseWrapper) -> Callable[[Row], Row]:
    """What turns a row as the database gives it into what is written."""
    steps: list[tuple[int, list[Convert]]] = []
    for place, field in enumerate(fields(model)):
        kind = KINDS[_kind(field)]
        if kind.encode is not None:
            steps.append((place, [*_from_database(model, field, connection), kind.encode]))
    return _by_steps(steps)


def _from_database(
    model: Model, field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper
) -> list[Convert]:
    read = Col(model._meta.db_table, field)
    converters = [*connection.ops.get_db_converters(read), *field.get_db_converters(connection)]
    return [_bound(converter, read, connection) for converter in converters]


def _bound(converter: Any, read: Col, connection: BaseDatabaseWrapper) -> Convert:
    return lambda value: converter(value, read, connection)


def decoder(model: Model, connection: BaseDatabaseWrapper) -> Callable[[Row], Row]:
    """What turns a row as it is written into what the database takes."""
    steps: list[tuple[int, list[Convert]]] = []
    for place, field in enumerate(fields(model)):
        kind = KINDS[_kind(field)]
        if kind.decode is not None:
            steps.append((place, [kind.decode, _into_database(field, connection)]))
    return _by_steps(steps)


def _into_database(field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper) -> Convert:
    return lambda value: field.get_db_prep_save(value, connection=connection)


def _by_steps(steps: Sequence[tuple[int, list[Convert]]]) -> Callable[[Row], Row]:
    if not steps:
        return tuple

    def convert(row: Row) -> Row:
        values = list(row)
        for place, converters in steps:
            value = values[place]
            if value is not None:
                for converter in converters:
                    value = converter(value)
                values[place] = value
        return tuple(values)

    return convert


class Typed:
    """Checks that rows hold what their columns say."""

    def __init__(self, of: Sequence[Column]) -> None:
        self._columns = of
        self._types = [{type(None), KINDS[column.kind].type} for column in of]
        self._seen: set[tuple[type, ...]] = set()
        self._decoded = [
            (place, decode)
            for place, column in enumerate(of)
            if (decode := KINDS[column.kind].decode) is not None
        ]

    def check(self, row: Sequence[Any], *, decoding: bool = False) -> None:
        """Raise ValueError for a row of other columns or types.

        With ``decoding`` every day, number and the like is read as well.
        """
        types = tuple(map(type, row))
        if types not in self._seen:
            self._compare(types)
            self._seen.add(types)
        if decoding:
            for place, decode in self._decoded:
                if (value := row[place]) is not None:
                    decode(value)

    def _compare(self, types: tuple[type, ...]) -> None:
        if len(types) != len(self._columns):
            raise ValueError(f"{len(types)} values in place of {len(self._columns)}")
        for found, allowed, column in zip(types, self._types, self._columns, strict=True):
            if found not in allowed:
                raise ValueError(f"{column.name} is not of kind {column.kind}")
