"""Who took part in many new events at once: one statement that the database works out itself.

It says what :func:`timeline.queries.involvement.ways` says, without a row leaving the database.
"""

from typing import Final

from django.db import connection

_PARTICIPATIONS: Final = (
    "SELECT DISTINCT event_id, party_id FROM timeline_participation "
    "WHERE event_id BETWEEN %(first)s AND %(last)s"
)

_MAY_TOUCH: Final = (
    "{m}.starts_earliest <= e.latest AND ({m}.ends_latest IS NULL OR e.earliest < {m}.ends_latest)"
)
_POSSIBLY: Final = (
    "NOT ({m}.starts_latest <= e.earliest "
    "AND ({m}.ends_earliest IS NULL OR e.latest < {m}.ends_earliest))"
)

_BETTER: Final = (
    "EXISTS (SELECT 1 FROM timeline_membership o "  # noqa: S608 — texts of this module only
    "WHERE o.party_id = m.party_id AND o.bloc_id = m.bloc_id "
    f"AND {_MAY_TOUCH.format(m='o')} "
    f"AND ({_POSSIBLY.format(m='o')}, o.starts_earliest, o.id) "
    f"< ({_POSSIBLY.format(m='m')}, m.starts_earliest, m.id))"
)
"""Of several memberships of one pair, the surest counts, then the earliest."""

_RESOLVE: Final = (
    "INSERT INTO timeline_involvement "  # noqa: S608 — texts of this module only
    "(event_id, party_id, via_id, membership_id, possibly) "
    f"WITH named AS MATERIALIZED ({_PARTICIPATIONS}), "
    # Few pairs have several memberships; only theirs are compared with each other.
    "member AS MATERIALIZED (SELECT m.*, EXISTS (SELECT 1 FROM timeline_membership o "
    "WHERE o.party_id = m.party_id AND o.bloc_id = m.bloc_id AND o.id <> m.id) AS rivals "
    "FROM timeline_membership m) "
    "SELECT event_id, party_id, NULL, NULL, FALSE FROM named UNION ALL "
    f"SELECT e.id, m.party_id, m.bloc_id, m.id, {_POSSIBLY.format(m='m')} "
    # Said once more of the event: PostgreSQL knows nothing yet of tables that are being filled, and
    # would read all of them for each call.
    "FROM named JOIN timeline_event e ON e.id = named.event_id "
    "AND e.id BETWEEN %(first)s AND %(last)s "
    "JOIN member m ON m.bloc_id = named.party_id "
    f"WHERE {_MAY_TOUCH.format(m='m')} AND NOT (m.rivals AND {_BETTER})"
)


def resolve_new(*, first: int, last: int) -> int:
    """Write who took part in the events with these keys, which must have no such rows yet.

    Only for a transaction in which nobody else writes: it does not wait for its turn. Returns how
    many rows were written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESOLVE, {"first": first, "last": last})
        return int(cursor.rowcount)
