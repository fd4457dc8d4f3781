"""The list of many texts: times of its pages over HTTP, beside the timeline's in the same run.

`cold` is the first answer of a process: the index of texts is made anew before the page.
"""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from bench.serving import free_port, granian, running
from bench.timeline import settings

FOLDER = Path(__file__).parents[1] / ".bench"

EVENTS = 10_000


def prepare(texts: int) -> Path:
    """Make a database with so many texts beside events, unless an earlier run has made it."""
    FOLDER.mkdir(exist_ok=True)
    database = FOLDER / f"texts-{texts}.sqlite3"
    os.environ.update(settings(database), WEB_CONCURRENCY="1")
    import django

    django.setup()
    from django.core.management import call_command

    from bench.corpus.texts import make_texts
    from timeline.clock import today
    from timeline.models import Event, Instrument

    call_command("migrate", verbosity=0)
    if not Event.objects.exists():
        call_command("load_demo", verbosity=0)
        call_command("make_events", EVENTS, seed=1, verbosity=0)
    if not Instrument.objects.filter(slug__startswith="bench-").exists():
        make_texts(texts, seed=1, today=today(), say=lambda text: print(text, flush=True))
    return database


def measure(texts: int, rounds: int) -> None:
    """Measure, print the table and write it as JSON."""
    prepare(texts)
    year_ago = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=365)
    pages = {
        "timeline": "/en/",
        "texts": "/en/instruments/",
        "texts, party and status": "/en/instruments/?party=ml&status=signed",
        "texts, waiting": "/en/instruments/?waiting=1",
        "texts, words": "/en/instruments/?q=uranium",
        "texts as of a year ago": f"/en/instruments/?asof={year_ago}",
    }
    rows = [_row(name, path, rounds) for name, path in pages.items()]
    print(f"\n{texts} texts, {EVENTS} events, {rounds} rounds, each page made anew")
    print(f"{'page':28}{'cold ms':>10}{'p50':>9}{'p95':>9}{'bytes':>9}")
    for row in rows:
        print(
            f"{row['page']:28}{row['first']:>10.1f}{row['p50']:>9.1f}{row['p95']:>9.1f}"
            f"{row['size']:>9}"
        )
    (FOLDER / "texts.json").write_text(json.dumps(rows, indent=2) + "\n")


def _row(page: str, path: str, rounds: int) -> dict[str, Any]:
    """Measure a page of a server of its own: its first answer, then others made anew."""
    port = free_port()
    command = granian("config.wsgi:application", port, 1)
    with running(command, port, "/healthz", os.environ) as server:
        times = server.times([path], rounds=rounds, budget=60, anew=True)
    return {"page": page, **times._asdict()}
