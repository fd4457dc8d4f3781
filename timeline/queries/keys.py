"""Many keys as one parameter of a query, and what was found for them in their order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func, Value
from django.db.models.sql.compiler import SQLCompiler

Found = TypeVar("Found")


class Keys(Func):
    """Keys to compare a column with: ``filter(event__in=Keys(keys))``.

    A parameter for each of a thousand keys takes longer to prepare than the rows take to read.
    """

    template = "(SELECT value FROM json_each(%(expressions)s))"
    output_field = BigIntegerField()

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__(Value(f"[{','.join(map(str, keys))}]"))

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, Any]:
        template = "(SELECT value::bigint FROM json_array_elements_text(%(expressions)s::json))"
        return self.as_sql(compiler, connection, template=template)


def in_order(records: Mapping[int, Found], keys: Sequence[int]) -> Iterator[tuple[int, Found]]:
    """Yield the records that are still there, in the order of the keys."""
    return ((key, records[key]) for key in keys if key in records)
