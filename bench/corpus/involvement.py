"""Who took part in many new events, computed by the database in one statement.

It gives the same rows as :func:`timeline.queries.involvement.ways`, without reading any.
"""

from typing import Final

from django.db import connection

_PARTICIPATIONS: Final = (
    "SELECT event_id, party_id, MIN(CASE role WHEN 'addressee' THEN 1 ELSE 0 END) = 1 AS addressee "
    "FROM timeline_participation WHERE event_id BETWEEN %(first)s AND %(last)s "
    "GROUP BY event_id, party_id"
)

_LIVES: Final = (
    "(m.founded_earliest IS NULL OR {m}.ends_latest IS NULL "
    "OR m.founded_earliest < {m}.ends_latest) "
    "AND (m.dissolved_latest IS NULL OR {m}.starts_earliest <= m.dissolved_latest)"
)
"""Whether a membership may share a day with the life of its party, which ``m`` has."""

_MAY_TOUCH: Final = (
    "{m}.starts_earliest <= e.latest AND ({m}.ends_latest IS NULL OR e.earliest < {m}.ends_latest) "
    f"AND {_LIVES}"
)
_NOT_ALL: Final = (
    "NOT ({m}.starts_latest <= e.earliest "
    "AND ({m}.ends_earliest IS NULL OR e.latest < {m}.ends_earliest))"
)
"""Whether a membership alone may leave out a day of the event."""

_BETTER: Final = (
    "EXISTS (SELECT 1 FROM timeline_membership o "  # noqa: S608 — texts of this module only
    "WHERE o.party_id = m.party_id AND o.bloc_id = m.bloc_id AND o.standing = 'member' "
    f"AND {_MAY_TOUCH.format(m='o')} "
    f"AND ({_NOT_ALL.format(m='o')}, o.starts_earliest, o.id) "
    f"< ({_NOT_ALL.format(m='m')}, m.starts_earliest, m.id))"
)
"""Of several memberships of a pair, the first that surely covers all days counts, or the first."""

_OUTSIDE: Final = (
    "NOT EXISTS (SELECT 1 FROM timeline_membership h "  # noqa: S608 — as above
    "WHERE h.party_id = m.party_id AND h.bloc_id = m.bloc_id AND h.standing = 'member' "
    f"AND {_LIVES.format(m='h')} "
    "AND h.starts_latest <= {day} AND (h.ends_earliest IS NULL OR {day} < h.ends_earliest))"
)
_POSSIBLY: Final = (
    f"CASE WHEN m.rivals THEN {_OUTSIDE.format(day='e.earliest')} "  # noqa: S608 — as above
    "OR EXISTS (SELECT 1 FROM timeline_membership o "
    "WHERE o.party_id = m.party_id AND o.bloc_id = m.bloc_id AND o.standing = 'member' "
    "AND o.ends_earliest > e.earliest AND o.ends_earliest <= e.latest "
    f"AND {_OUTSIDE.format(day='o.ends_earliest')}) "
    f"ELSE {_NOT_ALL.format(m='m')} END"
)
"""Whether all memberships of a pair together may leave out a day of the event, as
:func:`timeline.core.intervals.surely_cover` says it."""

_RESOLVE: Final = (
    "INSERT INTO timeline_involvement "  # noqa: S608 — texts of this module only
    "(event_id, party_id, via_id, membership_id, possibly, addressee) "
    f"WITH named AS MATERIALIZED ({_PARTICIPATIONS}), "
    # Few pairs have several memberships; only theirs are compared with each other.
    "member AS MATERIALIZED (SELECT m.*, p.founded_earliest, p.dissolved_latest, "
    "EXISTS (SELECT 1 FROM timeline_membership o "
    "WHERE o.party_id = m.party_id AND o.bloc_id = m.bloc_id AND o.id <> m.id "
    "AND o.standing = 'member') AS rivals "
    "FROM timeline_membership m JOIN timeline_party p ON p.id = m.party_id "
    "WHERE m.standing = 'member') "
    "SELECT event_id, party_id, NULL, NULL, FALSE, addressee FROM named UNION ALL "
    f"SELECT e.id, m.party_id, m.bloc_id, m.id, {_POSSIBLY}, FALSE "
    # The keys of events are repeated, because PostgreSQL has no statistics of tables that are being
    # filled, and would read all of them in each call.
    "FROM named JOIN timeline_event e ON e.id = named.event_id "
    "AND e.id BETWEEN %(first)s AND %(last)s "
    "JOIN member m ON m.bloc_id = named.party_id AND NOT named.addressee "
    "AND (m.founded_earliest IS NULL OR m.founded_earliest <= e.latest) "
    "AND (m.dissolved_latest IS NULL OR e.earliest <= m.dissolved_latest) "
    f"WHERE {_MAY_TOUCH.format(m='m')} AND NOT (m.rivals AND {_BETTER})"
)


def resolve_new(*, first: int, last: int) -> int:
    """Insert who took part in the events with these keys, which must have no such rows yet.

    It does not wait for other writers, so nobody else may write during the transaction. Returns
    the number of rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESOLVE, {"first": first, "last": last})
        return int(cursor.rowcount)
