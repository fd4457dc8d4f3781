"""Many keys as one parameter of a query, and what was found for them in their order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func, Value
from django.db.models.sql.compiler import SQLCompiler

Item = TypeVar("Item")


class Keys(Func):
    """Keys to compare a column with: ``filter(event__in=Keys(keys))``.

    A parameter for each of a thousand keys takes longer to prepare than the rows take to read. No
    keys match nothing, for which Django asks no query, as for an empty list.
    """

    template = "(SELECT value FROM json_each(%(expressions)s))"
    output_field = BigIntegerField()

    def __init__(self, keys: Iterable[int]) -> None:
        listed = ",".join(map(str, keys))
        super().__init__(Value(f"[{listed}]"))
        self.has_keys = bool(listed)

    def as_sql(self, *arguments: Any, **context: Any) -> tuple[str, Any]:
        if not self.has_keys:
            raise EmptyResultSet
        return super().as_sql(*arguments, **context)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, Any]:
        template = "(SELECT value::bigint FROM json_array_elements_text(%(expressions)s::json))"
        return self.as_sql(compiler, connection, template=template)


def in_order(records: Mapping[int, Item], keys: Sequence[int]) -> Iterator[tuple[int, Item]]:
    """Yield the records that are still there, in the order of the keys."""
    return ((key, records[key]) for key in keys if key in records)
