"""Load a synthetic corpus into the database, all of it or nothing."""

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Final

from bench.corpus.blocks import BLOCK, blocks
from bench.corpus.drawn_ahead import drawn_ahead
from bench.corpus.involvement import resolve_new
from bench.corpus.tables import TABLES
from timeline.ingest import bulk
from timeline.ingest.demo import FOLDER
from timeline.ingest.demo.files import RecordData, read
from timeline.models import Event, Party, Sector

MOST_EVENTS: Final = 10_000_000
MOST_SEED: Final = 10**9

_MORE_SECTORS: Final = (
    ("environment", "Environnement", "Environment", "410"),
    ("culture", "Culture", "Culture", "16061"),
    ("humanitarian-aid", "Aide humanitaire", "Humanitarian aid", "720"),
)
"""Sectors in addition to those of the demo: slug, names and purpose code."""

_EVERY: Final = 4 * BLOCK
"""Events between two lines of progress."""


class RefusedError(ValueError):
    """A corpus that cannot be made, with the reason as a sentence."""


def load(*, events: int, seed: int, say: Callable[[str], None]) -> None:
    """Add so many events with everything that they name; raise RefusedError if that is refused."""
    refuse(events, seed)
    names = [*TABLES, "involvement"]
    with _rows_uncounted(), bulk.loading(names, say):
        first = bulk.free_keys(TABLES)
        writers = {
            name: bulk.BulkWriter(name, table.given, table.shared) for name, table in TABLES.items()
        }
        # Starting another process pays only if it can draw a block while another is written.
        draw = blocks if events <= BLOCK else drawn_ahead
        drawn = draw(events=events, seed=seed, first=first, sectors=_sectors())
        done = ways = 0
        with closing(drawn):
            for rows in drawn:
                for name in TABLES:
                    writers[name].write(rows[name])
                if count := len(rows["event"]):
                    start = first["event"] + done
                    ways += resolve_new(first=start, last=start + count - 1)
                    done += count
                if done and (done % _EVERY == 0 or done == events):
                    say(f"{done} of {events} events, {ways} ways of taking part")
    say("Counting anew")
    bulk.analyze()


@contextmanager
def _rows_uncounted() -> Iterator[None]:
    """Disable the garbage collector, because millions of rows contain no cycles."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def refuse(events: int, seed: int) -> None:
    """Raise RefusedError for numbers out of range, or a seed that was used before."""
    if not 1 <= events <= MOST_EVENTS:
        raise RefusedError(f"The number of events runs from 1 to {MOST_EVENTS}, not {events}.")
    if not 0 <= seed <= MOST_SEED:
        raise RefusedError(f"The seed runs from 0 to {MOST_SEED}, not {seed}.")
    held = Event.objects.filter(slug__startswith=f"s{seed}-")
    if held.exists() or Party.objects.filter(code__startswith=f"s{seed}-").exists():
        raise RefusedError(
            f"This database already holds events of seed {seed}; "
            "take another seed, or another database."
        )


def _sectors() -> list[int]:
    """Return the keys of the sectors, after adding those that are missing."""
    keys = dict(Sector.objects.values_list("slug", "pk"))
    ordered = []
    for row in read(FOLDER / "sectors.yaml"):
        parent = keys.get(row.pop("parent", None))
        ordered.append(_sector(keys, {**row, "parent_id": parent}))
    for place, (slug, name_fr, name_en, code) in enumerate(_MORE_SECTORS, start=14):
        row = {"slug": slug, "name_fr": name_fr, "name_en": name_en, "dac_code": code}
        ordered.append(_sector(keys, {**row, "position": 10 * place}))
    return ordered


def _sector(keys: dict[str, int], row: RecordData) -> int:
    if row["slug"] not in keys:
        keys[row["slug"]] = Sector.objects.create(**row).pk
    return keys[row["slug"]]
