"""The ledger of many commitments: times of its pages over HTTP, and the number of their queries.

Queries are counted of the same pages requested in process.
"""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from bench.serving import LOOPBACK, free_port, granian, running, unused_host
from bench.timeline import settings

FOLDER = Path(__file__).parents[1] / ".bench"


def prepare(commitments: int) -> Path:
    """Make a database with so many commitments, unless an earlier run has made it."""
    FOLDER.mkdir(exist_ok=True)
    database = FOLDER / f"ledger-{commitments}.sqlite3"
    os.environ.update(settings(database), WEB_CONCURRENCY="1")
    import django

    django.setup()
    from django.core.management import call_command

    from bench.corpus.ledger import make_ledger
    from timeline.clock import today
    from timeline.models import Commitment

    call_command("migrate", verbosity=0)
    if not Commitment.objects.filter(slug__startswith="bench-").exists():
        call_command("load_demo", verbosity=0)
        make_ledger(commitments, seed=1, today=today(), say=lambda text: print(text, flush=True))
    return database


def queries(path: str) -> int:
    """Count the queries of a page when the ledger's index is loaded but the page is not cached."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": LOOPBACK})
    client.get(path, headers={"host": unused_host()})
    with CaptureQueriesContext(connection) as captured:
        client.get(path, headers={"host": unused_host()})
    return len(captured)


def measure(commitments: int, rounds: int) -> None:
    """Measure, print the table and write it as JSON."""
    prepare(commitments)
    year_ago = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=365)
    pages = {
        "ledger": "/en/commitments/",
        "ledger, state and sector": "/en/commitments/?status=announced&sector=energy",
        "ledger, party and quiet": "/en/commitments/?party=ml&quiet=1",
        "ledger, words": "/en/commitments/?q=uranium",
        "ledger as of a year ago": f"/en/commitments/?asof={year_ago}",
        "one commitment": "/en/commitments/bench-77/",
        "one commitment as of a year ago": f"/en/commitments/bench-77/?asof={year_ago}",
    }
    rows: list[dict[str, Any]] = []
    port = free_port()
    command = granian("config.wsgi:application", port, 1)
    with running(command, port, "/healthz", os.environ) as server:
        for name, path in pages.items():
            times = server.times([path], rounds=rounds, budget=60, anew=True)
            again = server.times([path], rounds=rounds).p50
            row = {"page": name, **times._asdict(), "again": again, "queries": queries(path)}
            rows.append(row)
    print(f"\n{commitments} commitments, {rounds} rounds, each page made anew")
    print(
        f"{'page':34}{'first ms':>10}{'p50':>9}{'p95':>9}{'bytes':>9}{'queries':>9}{'again ms':>10}"
    )
    for row in rows:
        print(
            f"{row['page']:34}{row['first']:>10.1f}{row['p50']:>9.1f}{row['p95']:>9.1f}"
            f"{row['size']:>9}{row['queries']:>9}{row['again']:>10.2f}"
        )
    (FOLDER / "ledger.json").write_text(json.dumps(rows, indent=2) + "\n")
