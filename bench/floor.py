"""The floor: the least work that answers the measured page, in process, without HTTP or HTML.

Fifty rows, newest first, the exact total, counts per sector, party and kind, and events per year:
roaring bitmaps over the events in the order of time, counts of each value and of each pair of
values kept, rows from SQLite by key. It is asked one question after another and knows nothing of
edits, languages, several choices or what is upcoming.
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
    """The table of the best case in memory, as bitmaps of its events' places in time."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._database.execute("PRAGMA mmap_size=8000000000")
        rows = self._database.execute("SELECT id, date_start FROM event ORDER BY date_start, id")
        told = rows.fetchall()
        self._keys = np.array([key for key, _day in told], dtype=np.int64)
        self._days = [day for _key, day in told]
        self._place = {int(key): place for place, key in enumerate(self._keys)}
        self._everything = BitMap(range(len(told)))
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

    def question(self, asked: Mapping[str, str]) -> Callable[[], Page]:
        """The work that answers a question."""
        return lambda: self._answer(asked)

    def _answer(self, asked: Mapping[str, str]) -> Page:
        found = self._everything
        for group in ("sector", "party"):
            if group in asked:
                found = found & self._sets[group][asked[group]]
        if "from" in asked:
            days = np.searchsorted(self._days, [f"{asked['from']}-01-01", f"{asked['to']}-12-32"])
            found = found & BitMap(range(*days.tolist()))
        if "q" in asked:
            keys = self._database.execute(
                "SELECT rowid FROM event_words WHERE event_words MATCH ?", [asked["q"]]
            )
            found = found & BitMap(array("I", sorted(self._place[key] for (key,) in keys)))
        counts, years = self._counted(asked, found)
        last = len(found) - PAGE * (int(asked.get("page", "1")) - 1)
        keys_of_page = [int(self._keys[found[at]]) for at in range(max(last - PAGE, 0), last)]
        marks = ", ".join("?" * len(keys_of_page))
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM event WHERE id IN ({marks})",  # noqa: S608 — marks only
            keys_of_page,
        ).fetchall()
        return len(found), rows, counts, years

    def _counted(
        self, asked: Mapping[str, str], found: BitMap
    ) -> tuple[Mapping[str, Mapping[str, int]], list[int]]:
        """Counts of options and years, kept for none and for one filter as its pairs would be."""
        filters = tuple(sorted((key, value) for key, value in asked.items() if key != "page"))
        lone = filters[0] if len(filters) == 1 and filters[0][0] != "q" else ("", "")
        if (filters and not lone[0]) or lone not in self._pairs:
            counted = {
                group: {
                    value: count
                    for value, held in sets.items()
                    if (count := found.intersection_cardinality(held))
                }
                for group, sets in self._sets.items()
            }
            upto = np.searchsorted(np.frombuffer(found.to_array(), dtype=np.uint32), self._ends)
            page: Page = (0, [], counted, np.diff(upto, prepend=0).tolist())
            if filters and not lone[0]:
                return page[2], page[3]
            self._pairs[lone] = page
        return self._pairs[lone][2], self._pairs[lone][3]
