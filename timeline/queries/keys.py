"""Many keys as one parameter of a query."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func, Value
from django.db.models.sql.compiler import SQLCompiler


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
