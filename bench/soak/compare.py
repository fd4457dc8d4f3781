"""Edits without pause, while readers ask and the two answers to each question are compared."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench.serving import free_port, granian, running
from bench.timeline import FOLDER, environment, manage

QUESTIONS: Final = 100
"""Asked in both ways once all is done."""


def campaign(minutes: float, events: int, seed: int) -> bool:
    """Make a corpus, serve it, and let an editor, a comparer and readers at it.

    Return whether the index and plain SQL gave the same answers throughout.
    """
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / "soak.sqlite3"
    for left in FOLDER.glob(f"{file.name}*"):
        left.unlink()
    print(f"{events} events, {minutes:g} minutes.", flush=True)
    manage(file, "migrate", "--verbosity", "0")
    manage(file, "make_events", str(events), "--seed", str(seed), "--quiet")
    port = free_port()
    command = granian("config.wsgi:application", port, 2)
    with running(command, port, "/readyz", environment(file)) as server:
        parts = [_started(name, file, minutes, seed) for name in ("edit", "compare")]
        asked = 0
        for path in _paths(file, seed):
            if all(part.poll() is not None for part in parts):
                break
            # What a question names may have been withdrawn or renamed since it was drawn.
            server.times([path], rounds=0, accepted=(200, 400))
            asked += 1
        failed = [part.returncode for part in parts if part.returncode]
    print(f"Readers: {asked} pages answered.", flush=True)
    manage(file, "check_index", "--questions", str(QUESTIONS))
    manage(file, "rebuild_involvement", "--check")
    manage(file, "rebuild_search", "--check")
    return not failed


def _started(name: str, file: Path, minutes: float, seed: int) -> "subprocess.Popen[bytes]":
    command = (sys.executable, "-m", "bench.soak.compare", name)
    return subprocess.Popen(  # noqa: S603 — our own interpreter and module
        [*command, str(minutes), str(seed)], env=environment(file)
    )


def _paths(file: Path, seed: int) -> Iterator[str]:
    """Addresses of questions without end."""
    os.environ.update(environment(file))
    import django

    django.setup()
    from timeline.index.checking import SampleValues, questions

    for question in questions(Random(seed), SampleValues.read()):  # noqa: S311
        yield f"/en/{question.query_string()}"


def edit(end: float, seed: int) -> None:
    """Change the record until the end, with short and long pauses; say what was done."""
    from bench.edits import Editor

    editor, draw, done = Editor(seed), Random(seed), Counter[str]()  # noqa: S311
    while time.monotonic() < end:
        done[editor.change()] += 1
        time.sleep(draw.choice((0.0, 0.02, 0.2, 1.0)))
    told = ", ".join(f"{name} {count}" for name, count in sorted(done.items()))
    print(f"Editor: {sum(done.values())} changes ({told}).", flush=True)


def compare(end: float, seed: int) -> None:
    """Ask the index and plain SQL the same until the end; exit 1 when ever they differ."""
    from timeline.clock import today
    from timeline.index.checking import SampleValues, Unsettled, differing, questions
    from timeline.index.current import current

    told: Counter[str] = Counter()
    for question in questions(Random(seed + 1), SampleValues.read()):  # noqa: S311
        if time.monotonic() > end:
            break
        try:
            wrong = differing(current(), question, today=today())
        except Unsettled:
            told["unsettled"] += 1
            continue
        told["wrong" if wrong else "the same"] += 1
        if wrong:
            print(f"differs: {question.query_string() or 'no filter'}: {wrong}", flush=True)
    print(f"Compared: {dict(told)}.", flush=True)
    if told["wrong"]:
        raise SystemExit(1)


if __name__ == "__main__":
    import django

    django.setup()
    _name, _minutes, _seed = sys.argv[1:]
    _part = {"edit": edit, "compare": compare}[_name]
    _part(time.monotonic() + float(_minutes) * 60, int(_seed))
