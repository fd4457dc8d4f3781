"""The timeline page of Cadre over HTTP beside Datasette, a bare page, the floor and plain SQL."""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from bench import best_case
from bench.floor import Floor
from bench.serving import Server, free_port, granian, running
from config.environment import MEMORY

FOLDER: Final = Path(__file__).parents[1] / ".bench"
SIZES: Final = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
SEED: Final = 42
ROUNDS: Final = 40
_CONNECTIONS: Final = 8
"""Enough connections for each of both workers to get some."""


def database(name: str, events: int) -> Path:
    """Make Cadre's own file with so many events, unless an earlier run has made it."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"events-{name}.sqlite3"
    if not file.exists():
        aside = FOLDER / f"events-{name}.part"
        for left in FOLDER.glob(f"{aside.name}*"):
            left.unlink()
        for command in (
            ("migrate", "--verbosity", "0"),
            ("make_events", str(events), "--seed", str(SEED)),
        ):
            manage(aside, *command)
        aside.rename(file)
    return file


def settings(file: Path) -> dict[str, str]:
    """Return the environment variables of a site over a file, without limits on requests."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{file}",
        "SECRET_KEY": "for-measuring-only-and-nothing-else-0123456789",
        "SERVE_LOOPBACK": "1",
        "NETWORK_SECONDS_PER_MINUTE": "0",
    }


def environment(file: Path) -> dict[str, str]:
    """Return the environment of a process of Cadre over a file."""
    return {**MEMORY, **os.environ, **settings(file)}


def manage(file: Path, *arguments: str) -> None:
    """Run a management command over a file."""
    subprocess.run(  # noqa: S603 — our own interpreter and commands
        [sys.executable, "manage.py", *arguments], env=environment(file), check=True
    )


def shapes(file: Path) -> dict[str, list[dict[str, str]]]:
    """Return several variants of each shape of question, with values from the corpus.

    Datasette and the floor answer the first variant of each.
    """
    read = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    events = read.execute("SELECT count(*) FROM event").fetchone()[0]

    def near(table: str, column: str, share: float) -> list[str]:
        rows = read.execute(
            f"SELECT {column} FROM {table} GROUP BY 1 "  # noqa: S608 — names of this module
            "ORDER BY abs(count(*) - ?), 1 LIMIT 12",
            [events * share],
        )
        return [value for (value,) in rows]

    sectors, parties = near("event_sector", "sector", 0.18), near("event_party", "party", 0.2)
    read.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'event_words', 'row')")
    common = read.execute(
        "SELECT term FROM temp.words WHERE length(term) > 4 AND doc BETWEEN ? AND ? "
        "ORDER BY term <> 'cooperation', term LIMIT 12",
        [events * 0.05, events * 0.5],
    )
    words = [word for (word,) in common]
    read.close()
    pages = min(200, events // 100)
    return {
        "none": [{}],
        "sector": [{"sector": slug} for slug in sectors],
        "country": [{"party": code} for code in parties],
        "combination": [
            {"sector": slug, "party": code, "from": str(year), "to": str(year + 9)}
            for year, slug, code in zip(range(1995, 1983, -1), sectors, parties, strict=False)
        ],
        "common word": [{"q": f'"{word}"'} for word in words],
        "rare word": [{"q": '"apostille"'}],
        "deep": [{"page": str(pages - number)} for number in range(12)],
    }


def measured(name: str, *, load: bool) -> dict[str, Any]:
    """Measure Cadre and its peers with one size of corpus."""
    file, beside = database(name, SIZES[name]), FOLDER / f"datasette-{name}.sqlite3"
    say(f"{name}: making what Datasette and the floor read")
    best_case.make(file, beside)
    manage(file, "build_index")
    questions = shapes(beside)
    first = {shape: variants[0] for shape, variants in questions.items()}
    say(f"{name}: Cadre in process, and plain SQL")
    inside = json.loads(
        subprocess.run(  # noqa: S603 — our own interpreter and module
            [sys.executable, "-m", "bench.inside", json.dumps(questions)],
            env=environment(file),
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    paths = {shape: shape_results["paths"] for shape, shape_results in inside.items()}
    results: dict[str, Any] = {"events": SIZES[name], "inside": inside}
    say(f"{name}: the floor")
    results["floor"] = _floor(beside, first)
    say(f"{name}: Cadre over HTTP")
    results["cadre"] = _cadre(file, paths, load=load)
    size = results["cadre"]["shapes"]["none"]["size"]
    say(f"{name}: a bare page of {size} bytes")
    results["bare"] = _bare(size, load=load)
    say(f"{name}: Datasette")
    port = free_port()
    command = best_case.command(beside, port)
    with running(command, port, "/-/versions.json", os.environ) as server:
        addresses = best_case.paths(beside, first)
        results["datasette"] = {
            shape: server.times([path], rounds=20, budget=15)._asdict()
            for shape, path in addresses.items()
        }
    return results


def say(text: str) -> None:
    """Print the progress."""
    print(text, flush=True)


def _floor(file: Path, first: Mapping[str, Mapping[str, str]]) -> dict[str, float]:
    floor = Floor(file)
    return {
        shape: _median_of(
            floor.question({**filters, "q": filters["q"].strip('"')} if "q" in filters else filters)
        )
        for shape, filters in first.items()
    }


def _median_of(work: Callable[[], object]) -> float:
    times: list[float] = []
    begin = time.perf_counter()
    while len(times) < ROUNDS and (len(times) < 4 or time.perf_counter() - begin < 10):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[1:])


def _bare(size: int, *, load: bool) -> dict[str, float]:
    port = free_port()
    weight = {**os.environ, "BARE_BYTES": str(size)}
    with running(granian("bench.bare:application", port, 2), port, "/", weight) as server:
        times = server.times(["/"], rounds=ROUNDS * 3)
        return {"p50": times.p50, "load": server.load(["/"]) if load else 0.0}


def _cadre(file: Path, paths: Mapping[str, Sequence[str]], *, load: bool) -> dict[str, Any]:
    """Measure Cadre's whole page as it is served, from the cache, and when it is made anew.

    Caches are warm, as those of its peers: cards are rendered before anything is measured, except
    for ``cold``, the pages of 50 cards none of which was rendered before. For a phrase, the words
    alone are requested before, so that the phrase is looked up the first time.
    """
    results: dict[str, Any] = {"shapes": {}}
    with _served(file) as server:
        _warm(server)
        cold = [server.times([path], rounds=0, anew=True).first for path in paths["deep"]]
        results["cold"] = statistics.median(cold)
        for shape, addresses in paths.items():
            alone = [address.replace("%22", "") for address in addresses]
            _ask_all(server, alone, anew=True)
            first = [server.times([path], rounds=0, anew=True).first for path in addresses]
            _ask_all(server, addresses, anew=True)
            anew = server.times(addresses, rounds=ROUNDS, anew=True)
            _ask_all(server, addresses, anew=False)
            times = server.times(addresses, rounds=3 * ROUNDS)
            results["shapes"][shape] = {
                **times._asdict(),
                "first": statistics.median(first),
                "anew": anew.p50,
                "anew_p95": anew.p95,
            }
            if load:
                results["shapes"][shape]["load"] = server.load(addresses)
                results["shapes"][shape]["load_anew"] = server.load(addresses, anew=True)
        results["memory_mb"] = server.memory()
    return results


def _ask_all(server: Server, addresses: Sequence[str], *, anew: bool) -> None:
    """Request each address over several connections, because each stays with one worker."""
    for _connection in range(_CONNECTIONS):
        server.times(addresses, rounds=len(addresses), anew=anew)


def _warm(server: Server) -> None:
    """Make both workers load the index, the ledger and the cards of the first page."""
    for _number in range(20):
        server.times(["/en/", "/en/commitments/"], rounds=1, anew=True)


def _served(file: Path) -> AbstractContextManager[Server]:
    port = free_port()
    command = granian("config.wsgi:application", port, 2)
    return running(command, port, "/readyz", environment(file))


# The table

SHAPES: Final = (*("none", "sector", "country", "combination", "common word", "rare word", "deep"),)


def table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the measurements as a table.

    A is the whole page as it is served, 'anew' the same when it is not cached, 'cold' when none of
    its 50 cards was rendered before.
    """
    lines: list[str] = []
    for name, result in results.items():
        cadre, bare = result["cadre"]["shapes"], result["bare"]
        lines += [
            "",
            f"{name} events; a page is {cadre['none']['size']:,} bytes; bare page H "
            f"{bare['p50']:.2f} ms; {result['cadre']['memory_mb']:.0f} MB in a worker",
            "",
            f"{'ms':14}{'A':>7}{'p95':>7}{'anew':>7}{'p95':>7}{'first':>8}{'cold':>8}{'index':>7}"
            f"{'F':>7}{'D':>9}{'SQL':>9}",
        ]
        for shape in SHAPES:
            a, inside = cadre[shape], result["inside"][shape]
            cold = f"{result['cadre']['cold']:.2f}" if shape == "deep" else ""
            lines.append(
                f"{shape:14}{a['p50']:>7.2f}{a['p95']:>7.2f}{a['anew']:>7.2f}{a['anew_p95']:>7.2f}"
                f"{a['first']:>8.2f}{cold:>8}{inside['index_ms']:>7.2f}"
                f"{result['floor'][shape]:>7.2f}"
                f"{result['datasette'][shape]['p50']:>9.1f}{inside['sql_ms']:>9.1f}"
            )
        lines += [
            "",
            f"{'ratios':14}{'D/A':>8}{'D/anew':>8}{'D/first':>9}{'A/(H+F)':>9}{'anew/(H+F)':>12}"
            f"{'p95/p50':>9}{'load/H':>8}{'anew/H':>8}",
        ]
        for shape in SHAPES:
            a, d = cadre[shape], result["datasette"][shape]["p50"]
            least = bare["p50"] + result["floor"][shape]
            shares = (
                a.get(load, 0.0) / bare["load"] if bare["load"] else 0.0
                for load in ("load", "load_anew")
            )
            lines.append(
                f"{shape:14}{d / a['p50']:>8.1f}{d / a['anew']:>8.1f}{d / a['first']:>9.1f}"
                f"{a['p50'] / least:>9.2f}{a['anew'] / least:>12.2f}{a['p95'] / a['p50']:>9.2f}"
                + "".join(f"{share:>8.2f}" for share in shares)
            )
    if {"10k", "1M"} <= results.keys():
        small, large = (results[name]["cadre"]["shapes"] for name in ("10k", "1M"))
        for label, key in (("A(1M) / A(10k)", "p50"), ("anew", "anew")):
            grown = (f"{shape} {large[shape][key] / small[shape][key]:.1f}" for shape in SHAPES)
            lines += ["", f"{label}: {', '.join(grown)}"]
    return "\n".join(lines)
