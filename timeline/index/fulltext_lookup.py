"""Which events hold a term: conditions for plain SQL, and lookups in the full-text index."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Final, TypeAlias

import numpy as np
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from timeline.core.batches import batched
from timeline.core.folding import Term, TermKind
from timeline.core.stemming import SIGN
from timeline.database.fulltext import (
    EVENTS,
    TABLE,
    WORDS,
    SearchField,
    index_name,
    lookup_function,
)

_GROUP_SIZE: Final = 50

KeyArray: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]


def holding(column: str, terms: Iterable[Term]) -> Q:
    """Return the condition that the search text in a column holds all of these terms."""
    return all_of(holding_one(column, term) for term in terms)


def all_of(conditions: Iterable[Q]) -> Q:
    """Join conditions with AND.

    They are joined in groups: SQLite refuses a chain of more than a few hundred.
    """
    every = list(conditions)
    if len(every) <= _GROUP_SIZE:
        return reduce(and_, every, Q())
    groups = (reduce(and_, group) for group in batched(every, _GROUP_SIZE))
    return Q(*(ExpressionWrapper(group, BooleanField()) for group in groups))


def holding_one(column: str, term: Term) -> Q:
    """Return the condition that the search text in a column holds a term."""
    return reduce(or_, (Q(**{f"{column}__contains": pattern}) for pattern in term.patterns))


def keys(term: Term, field: SearchField) -> KeyArray:
    """Return the keys of all events, published or not, that hold a term, in ascending order."""
    return _keys_postgres(term, field) if _on_postgres() else _keys_sqlite(term, field)


def common_words(least: int) -> list[str]:
    """Return the words that at least ``least`` events hold, the most common first.

    SQLite counts them. PostgreSQL takes them from its last ANALYZE, about a thousand at most, and
    has none before the first.
    """
    words = _common_postgres(least) if _on_postgres() else _common_sqlite(least)
    return [word for word in words if not word.startswith(SIGN)]


def _on_postgres() -> bool:
    return connection.vendor == "postgresql"


def _keys_sqlite(term: Term, field: SearchField) -> KeyArray:
    # One long text is read several times faster than as many rows.
    statement = f"SELECT group_concat(rowid) FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"{field.column} : ({_sqlite_match(term)})"])
        (text,) = cursor.fetchone()
    return np.sort(np.fromstring(text, dtype=np.int64, sep=",")) if text else np.empty(0, np.int64)


def _sqlite_match(term: Term) -> str:
    return " OR ".join(
        f'"{pattern.strip()}"{"" if pattern.endswith(" ") else " *"}' for pattern in term.patterns
    )


def _common_sqlite(least: int) -> Iterable[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT term FROM {WORDS} WHERE doc >= %s ORDER BY doc DESC, term",  # noqa: S608
            [least],
        )
        return [term for (term,) in cursor.fetchall()]


def _keys_postgres(term: Term, field: SearchField) -> KeyArray:
    # The index stores no positions: it finds the words of a phrase, LIKE checks their order.
    pattern = f"%{term.patterns[0]}%" if term.kind == TermKind.PHRASE else None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {lookup_function(field)}(%s::tsquery, %s)",
            [_postgres_tsquery(term), pattern],
        )
        (packed,) = cursor.fetchone()
    return np.sort(np.frombuffer(packed or b"", dtype=">i8").astype(np.int64))


def _postgres_tsquery(term: Term) -> str:
    if term.kind == TermKind.PHRASE:
        return " & ".join(f"'{word}'" for word in dict.fromkeys(term.text.split()))
    return " | ".join(
        f"'{pattern.strip()}'{'' if pattern.endswith(' ') else ':*'}" for pattern in term.patterns
    )


def _common_postgres(least: int) -> Iterable[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM pg_stats s, pg_class c, "
            "unnest(most_common_elems::text::text[], most_common_elem_freqs) AS e (word, share) "
            "WHERE c.oid = %s::regclass AND s.schemaname = c.relnamespace::regnamespace::text "
            "AND s.tablename = %s AND word IS NOT NULL AND share * c.reltuples >= %s "
            "ORDER BY share DESC, word",
            [EVENTS, index_name(SearchField.TEXT), least],
        )
        return [word for (word,) in cursor.fetchall()]
