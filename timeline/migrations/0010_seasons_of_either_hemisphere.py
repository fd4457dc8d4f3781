# ruff: noqa: S608
"""Derive anew what rests on seasons, and who took part through memberships that touch.

A season without a hemisphere (EDTF 21-24) reaches over its northern and its southern months and is
never sure; it used to be read as a northern one. Memberships of one pair that touch are one stretch.
Both are written out here as they were when this was made.
"""

import datetime as dt
import re

from django.db import migrations

FIRST_MONTHS = {21: 3, 22: 6, 23: 3, 24: 6}
SEASON = re.compile(r"([0-9]{4})-(2[1-4])[?~%]?")

DATES = {
    "event": [("date", "earliest", "latest", "date_sure")],
    "eventstep": [("on", "on_earliest", "on_latest", None)],
    "commitment": [("due", "due_earliest", "due_latest", None)],
    "statusupdate": [("date", "earliest", "latest", None)],
    "framework": [
        ("starts", "starts_earliest", "starts_latest", None),
        ("ended", "ended_earliest", "ended_latest", None),
    ],
    "party": [
        ("founded", "founded_earliest", "founded_latest", None),
        ("dissolved", "dissolved_earliest", "dissolved_latest", None),
    ],
    "partyname": [
        ("starts", "starts_earliest", "starts_latest", None),
        ("ends", "ends_earliest", "ends_latest", None),
    ],
    "membership": [
        ("starts", "starts_earliest", "starts_latest", None),
        ("ends", "ends_earliest", "ends_latest", None),
    ],
    "office": [
        ("starts", "starts_earliest", "starts_latest", None),
        ("ends", "ends_earliest", "ends_latest", None),
    ],
    "source": [("published", "published_earliest", "published_latest", None)],
}
"""By table: each date, the columns of its first and last day, and of whether it is sure."""


def reach(text):
    """The first day of a date that begins with a season, and the last of one that ends with one."""
    start, slash, end = text.partition("/")
    first, last = SEASON.fullmatch(start), SEASON.fullmatch(end if slash else start)
    earliest = latest = None
    if first:
        earliest = dt.date(int(first[1]), FIRST_MONTHS[int(first[2])], 1)
    if last:
        year, code = int(last[1]), int(last[2])
        if code in (21, 23):
            latest = dt.date(year, 11, 30)
        elif year < 9999:
            latest = dt.date(year + 1, 3, 1) - dt.timedelta(days=1)
        else:
            latest = dt.date(9999, 12, 31)
    return earliest, latest


def derive(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            # Made again after the migration: no step says anything else than before.
            for step in ("statusupdate", "eventstep"):
                cursor.execute(
                    f"DROP TRIGGER IF EXISTS step_never_changed_{step} ON timeline_{step}"
                )
        for model, dates in DATES.items():
            for table in (f"timeline_{model}", f"timeline_historical{model}"):
                for date in dates:
                    _derive(
                        cursor, table, "id" if "historical" not in table else "history_id", *date
                    )
        cursor.execute(CORRECT)
        cursor.execute(ADD)


def _derive(cursor, table, key, date, earliest, latest, sure):
    quoted = f'"{date}"'
    like = " OR ".join(f"{quoted} LIKE '%-{code}%'" for code in FIRST_MONTHS)
    cursor.execute(f"SELECT {key}, {quoted} FROM {table} WHERE {like}")
    for row, text in cursor.fetchall():
        first, last = reach(text)
        changed = {earliest: first, latest: last}
        if sure and (first or last):
            changed[sure] = False
        changed = {column: value for column, value in changed.items() if value is not None}
        if changed:
            said = ", ".join(f"{column} = %s" for column in changed)
            cursor.execute(f"UPDATE {table} SET {said} WHERE {key} = %s", [*changed.values(), row])


TOUCHES = (
    "{m}.starts_earliest <= e.latest AND ({m}.ends_latest IS NULL OR e.earliest < {m}.ends_latest)"
)
NOT_ALL = (
    "NOT ({m}.starts_latest <= e.earliest "
    "AND ({m}.ends_earliest IS NULL OR e.latest < {m}.ends_earliest))"
)
BETTER = (
    "EXISTS (SELECT 1 FROM timeline_membership o "
    "WHERE o.party_id = m.party_id AND o.bloc_id = m.bloc_id "
    f"AND {TOUCHES.format(m='o')} AND ({NOT_ALL.format(m='o')}, o.starts_earliest, o.id) "
    f"< ({NOT_ALL.format(m='m')}, m.starts_earliest, m.id))"
)
OUTSIDE = (
    "NOT EXISTS (SELECT 1 FROM timeline_membership h "
    "WHERE h.party_id = m.party_id AND h.bloc_id = m.bloc_id "
    "AND h.starts_latest <= {day} AND (h.ends_earliest IS NULL OR {day} < h.ends_earliest))"
)
POSSIBLY = (
    f"({OUTSIDE.format(day='e.earliest')} OR EXISTS (SELECT 1 FROM timeline_membership o "
    "WHERE o.party_id = m.party_id AND o.bloc_id = m.bloc_id "
    "AND o.ends_earliest > e.earliest AND o.ends_earliest <= e.latest "
    f"AND {OUTSIDE.format(day='o.ends_earliest')}))"
)
CONCERNED = " OR ".join(
    [
        *(f"e.date LIKE '%-{code}%'" for code in FIRST_MONTHS),
        *(f"m.starts LIKE '%-{code}%' OR m.ends LIKE '%-{code}%'" for code in FIRST_MONTHS),
        "EXISTS (SELECT 1 FROM timeline_membership o WHERE o.party_id = m.party_id "
        "AND o.bloc_id = m.bloc_id AND o.id <> m.id)",
    ]
)
WAYS = (
    "SELECT e.id AS event, m.party_id AS party, m.bloc_id AS via, m.id AS membership, "
    f"{POSSIBLY} AS possibly "
    "FROM (SELECT DISTINCT event_id, party_id FROM timeline_participation) n "
    "JOIN timeline_event e ON e.id = n.event_id "
    "JOIN timeline_membership m ON m.bloc_id = n.party_id "
    f"WHERE {TOUCHES.format(m='m')} AND NOT {BETTER} AND ({CONCERNED})"
)
"""One row for each way through a bloc that may read otherwise now. No way is lost: every date
reaches as far as before, or further."""

CORRECT = (
    "UPDATE timeline_involvement SET membership_id = w.membership, possibly = w.possibly "
    f"FROM ({WAYS}) w WHERE timeline_involvement.event_id = w.event "
    "AND timeline_involvement.party_id = w.party AND timeline_involvement.via_id = w.via "
    "AND (timeline_involvement.membership_id <> w.membership "
    "OR timeline_involvement.possibly <> w.possibly)"
)
ADD = (
    "INSERT INTO timeline_involvement (event_id, party_id, via_id, membership_id, possibly) "
    f"SELECT w.event, w.party, w.via, w.membership, w.possibly FROM ({WAYS}) w "
    "WHERE NOT EXISTS (SELECT 1 FROM timeline_involvement i WHERE i.event_id = w.event "
    "AND i.party_id = w.party AND i.via_id = w.via)"
)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0009_search_forms")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
