"""Which events hold a term, asked of the database's full-text index or of plain SQL."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Final, TypeAlias

import numpy as np
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

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

_GROUP: Final = 50

Keys: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]


def holding(column: str, terms: Iterable[Term]) -> Q:
    """The condition that a search text in a column holds each of some terms."""
    return all_of(holding_one(column, term) for term in terms)


def all_of(conditions: Iterable[Q]) -> Q:
    """All of some conditions, in groups: SQLite refuses a row of more than some hundreds."""
    known = list(conditions)
    if len(known) <= _GROUP:
        return reduce(and_, known, Q())
    groups = (known[first : first + _GROUP] for first in range(0, len(known), _GROUP))
    return Q(*(ExpressionWrapper(reduce(and_, one), BooleanField()) for one in groups))


def holding_one(column: str, term: Term) -> Q:
    """The condition that a search text in a column holds a term."""
    return reduce(or_, (Q(**{f"{column}__contains": pattern}) for pattern in term.patterns))


def keys(term: Term, zone: SearchField) -> Keys:
    """The keys of all events, published or not, that hold a term, in rising order."""
    return _keys_postgres(term, zone) if _on_postgres() else _keys_sqlite(term, zone)


def common_words(least: int) -> list[str]:
    """The words that at least so many events hold, the most common first, to be got ready ahead.

    SQLite counts them; PostgreSQL has them from its last ANALYZE, about a thousand at most, and
    none before the first.
    """
    found = _common_postgres(least) if _on_postgres() else _common_sqlite(least)
    return [word for word in found if not word.startswith(SIGN)]


def _on_postgres() -> bool:
    return connection.vendor == "postgresql"


def _keys_sqlite(term: Term, zone: SearchField) -> Keys:
    # One long text is read several times faster than as many rows.
    question = f"SELECT group_concat(rowid) FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(question, [f"{zone.column} : ({_asked_of_sqlite(term)})"])
        (found,) = cursor.fetchone()
    return (
        np.sort(np.fromstring(found, dtype=np.int64, sep=",")) if found else np.empty(0, np.int64)
    )


def _asked_of_sqlite(term: Term) -> str:
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


def _keys_postgres(term: Term, zone: SearchField) -> Keys:
    """The index keeps no places: it finds a phrase's words, and the form tells their order."""
    said = f"%{term.patterns[0]}%" if term.kind == TermKind.PHRASE else None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {lookup_function(zone)}(%s::tsquery, %s)",
            [_asked_of_postgres(term), said],
        )
        (found,) = cursor.fetchone()
    return np.sort(np.frombuffer(found or b"", dtype=">i8").astype(np.int64))


def _asked_of_postgres(term: Term) -> str:
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
