"""Whether anything was written of a record since a time.

Every page of a record needs it. The SQL is made once for each noun: Django takes several times as
long to write it as a database to answer it.
"""

import datetime as dt
from collections.abc import Iterator
from functools import cache

from django.db import connection
from django.db.models import Model

from timeline.core.codes import Publication
from timeline.models import Correction
from timeline.queries.record_fields import MODELS, PARTS


def written_since(noun: str, key: int, since: dt.datetime) -> bool:
    """Whether a record or a part of it was written since, or it was ever corrected or withdrawn.

    ``noun`` is one of those with corrections. A part that belonged to the record only for a time
    counts as its own.
    """
    since_then = connection.ops.adapt_datetimefield_value(since)
    with connection.cursor() as cursor:
        cursor.execute(_sql(noun), {"key": key, "since": since_then})
        (exists,) = cursor.fetchone()
    return bool(exists)


@cache
def _sql(noun: str) -> str:
    return f"SELECT EXISTS ({' UNION ALL '.join(_selects(noun))})"


def _selects(noun: str) -> Iterator[str]:
    """Yield what selects the rows that were written, from one table each."""
    record = f"FROM {_history(MODELS[noun])} WHERE id = %(key)s"
    yield f"SELECT 1 {record} AND history_date >= %(since)s"
    yield f"SELECT 1 {record} AND publication = '{Publication.WITHDRAWN.value}'"
    yield f"SELECT 1 FROM {Correction._meta.db_table} WHERE {noun}_id = %(key)s"  # noqa: S608 — names of ours only
    owners = {"": "%(key)s"}
    for part in PARTS[noun]:
        history = _history(part.model)
        for parent, of in part.parents.items():
            rows = f"FROM {history} WHERE {parent}_id IN ({owners[of]})"
            yield f"SELECT 1 {rows} AND history_date >= %(since)s"
            # Parts that others belong to have one parent.
            owners[part.name] = f"SELECT id {rows}"


def _history(model: type[Model]) -> str:
    return model.history.model._meta.db_table  # type: ignore[attr-defined, no-any-return]
