"""Datasette's best case over Cadre's own file: the same events as one table of plain columns.

Its facets count only columns of one value each, all indexed (main sector, host, kind, year), which
is a lighter task than Cadre's page; filters by sector and party go through indexed link tables.
"""

import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

FACETS: Final = ("main_sector", "host", "kind", "year")

_SCRIPT: Final = """
PRAGMA main.journal_mode=OFF; PRAGMA main.synchronous=OFF; PRAGMA main.cache_size=-400000;
CREATE TABLE event (id INTEGER PRIMARY KEY, slug TEXT, title TEXT, summary TEXT, date_start TEXT,
  kind TEXT, year INTEGER, main_sector TEXT, host TEXT);
INSERT INTO event SELECT e.id, e.slug, COALESCE(NULLIF(e.title_en, ''), e.title_fr),
  COALESCE(NULLIF(e.summary_en, ''), e.summary_fr), e.earliest, e.kind,
  CAST(substr(e.earliest, 1, 4) AS INTEGER),
  (SELECT s.slug FROM cadre.timeline_eventsector l JOIN cadre.timeline_sector s
    ON s.id = l.sector_id WHERE l.event_id = e.id ORDER BY l.id LIMIT 1),
  (SELECT p.code FROM cadre.timeline_participation l JOIN cadre.timeline_party p
    ON p.id = l.party_id WHERE l.event_id = e.id AND l.role = 'host' ORDER BY l.id LIMIT 1)
  FROM cadre.timeline_event e WHERE e.publication = 'published';
CREATE TABLE event_sector (event_id INTEGER, sector TEXT);
INSERT INTO event_sector SELECT DISTINCT event_id, s.slug
  FROM cadre.timeline_eventsector l JOIN cadre.timeline_sector s ON s.id = l.sector_id
  UNION SELECT event_id, t.slug FROM cadre.timeline_eventsector l
  JOIN cadre.timeline_sector s ON s.id = l.sector_id
  JOIN cadre.timeline_sector t ON t.id = s.parent_id;
CREATE TABLE event_party (event_id INTEGER, party TEXT);
INSERT INTO event_party SELECT DISTINCT i.event_id, p.code
  FROM cadre.timeline_involvement i JOIN cadre.timeline_party p ON p.id = i.party_id;
DETACH DATABASE cadre;
CREATE INDEX event_day ON event (date_start);
CREATE INDEX event_by_kind ON event (kind, date_start);
CREATE INDEX event_by_year ON event (year);
CREATE INDEX event_by_sector ON event (main_sector);
CREATE INDEX event_by_host ON event (host, date_start);
CREATE INDEX sector_events ON event_sector (sector, event_id);
CREATE INDEX party_events ON event_party (party, event_id);
CREATE VIRTUAL TABLE event_words USING fts5 (title, summary, content='event', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2');
INSERT INTO event_words (event_words) VALUES ('rebuild');
ANALYZE;
"""


def make(cadre: Path, file: Path) -> None:
    """Make the table from Cadre's file, unless an earlier run has made it."""
    if file.exists():
        return
    aside = file.with_suffix(".part")
    aside.unlink(missing_ok=True)
    database = sqlite3.connect(f"file:{aside}", uri=True, isolation_level=None)
    database.execute("ATTACH DATABASE ? AS cadre", [f"file:{cadre}?mode=ro"])
    database.executescript(_SCRIPT)
    database.close()
    aside.replace(file)


def command(file: Path, port: int) -> list[str]:
    """Return Datasette's command for the table, with limits so high that it drops no facet."""
    limits = {
        "facet_time_limit_ms": 120_000,
        "sql_time_limit_ms": 120_000,
        "default_facet_size": 250,
        "max_returned_rows": 1000,
        "max_csv_mb": 0,
        "suggest_facets": "off",
    }
    settings = [word for name, value in limits.items() for word in ("--setting", name, str(value))]
    served = ("serve", "-i", str(file), "-h", "127.0.0.1", "-p", str(port))
    return [sys.executable, "-m", "datasette", *served, *settings]


def paths(file: Path, shapes: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return Datasette's address for each shape of question."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    addresses = {}
    for name, filters in shapes.items():
        query = [("_size", "50"), ("_sort_desc", "date_start")]
        query += [("_facet", facet) for facet in FACETS]
        for key, table in (("sector", "event_sector"), ("party", "event_party")):
            if key in filters:
                # Two _through filters at once find nothing in Datasette 0.65; this works, indexed.
                linked = f"SELECT event_id FROM {table} WHERE {key} = '{filters[key]}'"  # noqa: S608
                query.append(("_where", f"id IN ({linked})"))
        if "from" in filters:
            query += [("date_start__gte", f"{filters['from']}-01-01")]
            query += [("date_start__lte", f"{filters['to']}-12-31")]
        if "q" in filters:
            query += [("_search", filters["q"]), ("_fts_table", "event_words"), ("_fts_pk", "id")]
        if "page" in filters:
            row = database.execute(
                "SELECT date_start, id FROM event ORDER BY date_start DESC, id LIMIT 1 OFFSET ?",
                [50 * (int(filters["page"]) - 1) - 1],
            ).fetchone()
            query.append(("_next", f"{row[0]},{row[1]}"))
        addresses[name] = f"/{file.stem}/event?{urlencode(query)}"
    database.close()
    return addresses
