"""The floor: the least work that answers the measured page, in process, without HTTP or HTML.

Fifty rows, newest first, the exact total, counts per sector, party and kind, and events per year:
roaring bitmaps over the events in the order of time, cached counts of each value and of each pair
of values, rows from SQLite by key. It answers one question after another and does without edits,
languages, several choices and upcoming events.
"""

import sqlite3
from array import array
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from pyroaring import BitMap

PAGE: Final = 50
_COLUMNS: Final = "id, slug, title, summary, date_start, kind, year, main_sector, host"

Row = tuple[Any, ...]
Page = tuple[int, list[Row], Mapping[str, Mapping[str, int]], list[int]]


class Floor:
    """The table of the best case in memory, as bitmaps of the positions of its events in time."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._database.execute("PRAGMA mmap_size=8000000000")
        rows = self._database.execute("SELECT id, date_start FROM event ORDER BY date_start, id")
        events = rows.fetchall()
        self._keys = np.array([key for key, _day in events], dtype=np.int64)
        self._days = [day for _key, day in events]
        self._place = {int(key): place for place, key in enumerate(self._keys)}
        self._everything = BitMap(range(len(events)))
        years = [int(day[:4]) for day in self._days]
        self._ends = np.searchsorted(years, np.unique(years), side="right")
        self._sets = {
            "sector": self._bitmaps("SELECT sector, event_id FROM event_sector ORDER BY 1"),
            "party": self._bitmaps("SELECT party, event_id FROM event_party ORDER BY 1"),
            "kind": self._bitmaps("SELECT kind, id FROM event ORDER BY 1"),
        }
        self._pairs: dict[tuple[str, str], Page] = {}

    def _bitmaps(self, question: str) -> dict[str, BitMap]:
        rows = self._database.execute(question)
        place = self._place
        return {
            str(value): BitMap(array("I", sorted(place[key] for _value, key in run)))
            for value, run in groupby(rows, key=lambda row: row[0])
        }

    def question(self, filters: Mapping[str, str]) -> Callable[[], Page]:
        """Return a function that answers a question."""
        return lambda: self._answer(filters)

    def _answer(self, filters: Mapping[str, str]) -> Page:
        events = self._everything
        for group in ("sector", "party"):
            if group in filters:
                events = events & self._sets[group][filters[group]]
        if "from" in filters:
            days = np.searchsorted(
                self._days, [f"{filters['from']}-01-01", f"{filters['to']}-12-32"]
            )
            events = events & BitMap(range(*days.tolist()))
        if "q" in filters:
            keys = self._database.execute(
                "SELECT rowid FROM event_words WHERE event_words MATCH ?", [filters["q"]]
            )
            events = events & BitMap(array("I", sorted(self._place[key] for (key,) in keys)))
        counts, years = self._counted(filters, events)
        last = len(events) - PAGE * (int(filters.get("page", "1")) - 1)
        keys_of_page = [int(self._keys[events[at]]) for at in range(max(last - PAGE, 0), last)]
        marks = ", ".join("?" * len(keys_of_page))
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM event WHERE id IN ({marks})",  # noqa: S608 — marks only
            keys_of_page,
        ).fetchall()
        return len(events), rows, counts, years

    def _counted(
        self, filters: Mapping[str, str], events: BitMap
    ) -> tuple[Mapping[str, Mapping[str, int]], list[int]]:
        """Count options and years; the counts without a filter and with a single one are cached."""
        pairs = tuple(sorted((key, value) for key, value in filters.items() if key != "page"))
        lone = pairs[0] if len(pairs) == 1 and pairs[0][0] != "q" else ("", "")
        if (pairs and not lone[0]) or lone not in self._pairs:
            counted = {
                group: {
                    value: count
                    for value, held in sets.items()
                    if (count := events.intersection_cardinality(held))
                }
                for group, sets in self._sets.items()
            }
            upto = np.searchsorted(np.frombuffer(events.to_array(), dtype=np.uint32), self._ends)
            page: Page = (0, [], counted, np.diff(upto, prepend=0).tolist())
            if pairs and not lone[0]:
                return page[2], page[3]
            self._pairs[lone] = page
        return self._pairs[lone][2], self._pairs[lone][3]
