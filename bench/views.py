"""The views of the timeline at three sizes over HTTP: bytes, and milliseconds without a cache.

A view groups what it draws, so that neither should grow as fast as the record.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from bench.serving import free_port, granian, running
from bench.timeline import FOLDER, database, environment, manage

SIZES: Final = {"100": 100, "10k": 10_000, "1M": 1_000_000}

VIEWS: Final = {
    "list": "/en/",
    "list, stacked strip": "/en/?stacked=1",
    "lanes": "/en/?view=lanes",
    "lanes of sectors": "/en/?view=lanes&lanes=sector",
    "matrix": "/en/?view=matrix",
    "matrix of parties": "/en/?view=matrix&against=party&sort=similarity",
    "map": "/en/?view=map",
    "strip as SVG": "/en/picture.svg",
    "strip as PNG": "/en/picture.png",
}

_ROUNDS: Final = 20


def measure(names: Sequence[str]) -> None:
    """Measure each view at some sizes, print the table and write it as JSON."""
    results = {name: _measured(name) for name in names}
    (FOLDER / "views.json").write_text(json.dumps(results, indent=2) + "\n")
    print(table(results), flush=True)


def _measured(name: str) -> dict[str, Any]:
    """Measure each view the first time, then under addresses that no request named before."""
    print(f"{name}: views", flush=True)
    file = database(name, SIZES[name])
    manage(file, "build_index")
    port = free_port()
    command = granian("config.wsgi:application", port, 1)
    with running(command, port, "/readyz", environment(file)) as server:
        rows = {}
        for view, path in VIEWS.items():
            times = server.times([path], rounds=_ROUNDS, anew=True)
            rows[view] = {**times._asdict(), "compressed": server.compressed(path)}
        return {"views": rows, "memory_mb": server.memory()}


def table(results: dict[str, dict[str, Any]]) -> str:
    """Return the measurements as a table; a view requested again would come from the cache."""
    lines = []
    for name, result in results.items():
        lines += [
            "",
            f"{name} events; {result['memory_mb']:.0f} MB in the worker after all views",
            "",
            f"{'':22}{'bytes':>9}{'gzip':>9}{'first ms':>10}{'anew':>8}{'p95':>8}",
        ]
        lines += [
            f"{view:22}{row['size']:>9,}{row['compressed']:>9,}{row['first']:>10.1f}"
            f"{row['p50']:>8.1f}{row['p95']:>8.1f}"
            for view, row in result["views"].items()
        ]
    return "\n".join(lines)
