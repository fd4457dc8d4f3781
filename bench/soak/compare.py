"""Continuous edits, while readers send requests and the index is compared with plain SQL."""

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
"""Questions that both answer at the end."""


def campaign(minutes: float, events: int, seed: int) -> bool:
    """Serve a new corpus to readers, while an editor changes it and answers are compared.

    Return whether the index and plain SQL always gave the same answers.
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
        count = 0
        for path in _paths(file, seed):
            if all(part.poll() is not None for part in parts):
                break
            # A record that the question names may have been withdrawn or renamed meanwhile.
            server.times([path], rounds=0, accepted=(200, 400))
            count += 1
        failed = [part.returncode for part in parts if part.returncode]
    print(f"Readers: {count} pages answered.", flush=True)
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
    """Yield addresses of random questions without end."""
    os.environ.update(environment(file))
    import django

    django.setup()
    from timeline.index.checking import SampleValues, questions

    for question in questions(Random(seed), SampleValues.read()):  # noqa: S311
        yield f"/en/{question.query_string()}"


def edit(end: float, seed: int) -> None:
    """Change the record until the end, with short and long pauses; print what was done."""
    from bench.edits import Editor

    editor, draw, done = Editor(seed), Random(seed), Counter[str]()  # noqa: S311
    while time.monotonic() < end:
        done[editor.change()] += 1
        time.sleep(draw.choice((0.0, 0.02, 0.2, 1.0)))
    summary = ", ".join(f"{name} {count}" for name, count in sorted(done.items()))
    print(f"Editor: {sum(done.values())} changes ({summary}).", flush=True)


def compare(end: float, seed: int) -> None:
    """Compare the answers of the index and plain SQL until the end; exit 1 if any differ."""
    from timeline.clock import today
    from timeline.index.checking import SampleValues, Unsettled, differing, questions
    from timeline.index.current import current

    outcomes: Counter[str] = Counter()
    for question in questions(Random(seed + 1), SampleValues.read()):  # noqa: S311
        if time.monotonic() > end:
            break
        try:
            wrong = differing(current(), question, today=today())
        except Unsettled:
            outcomes["unsettled"] += 1
            continue
        outcomes["wrong" if wrong else "the same"] += 1
        if wrong:
            print(f"differs: {question.query_string() or 'no filter'}: {wrong}", flush=True)
    print(f"Compared: {dict(outcomes)}.", flush=True)
    if outcomes["wrong"]:
        raise SystemExit(1)


if __name__ == "__main__":
    import django

    django.setup()
    _name, _minutes, _seed = sys.argv[1:]
    _part = {"edit": edit, "compare": compare}[_name]
    _part(time.monotonic() + float(_minutes) * 60, int(_seed))
