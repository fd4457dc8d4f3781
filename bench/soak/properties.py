"""The property tests, which the gate runs with fixed examples, with new examples until the end."""

import subprocess
import sys
import time
from itertools import count
from typing import Final

_FOUND_NOTHING: Final = 0


def campaign(minutes: float, seed: int) -> bool:
    """Run every property with one seed after the other; return whether all of them hold."""
    end = time.monotonic() + minutes * 60
    for turn in count():
        options = ("--hypothesis-profile", "soak", "--hypothesis-seed", str(seed + turn))
        command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis or soak", *options]
        print(f"Properties with seed {seed + turn}.", flush=True)
        code = subprocess.run(command, check=False).returncode  # noqa: S603 — our own interpreter
        if code != _FOUND_NOTHING:
            print(f"Repeat it: {' '.join(command[1:])}", flush=True)
            return False
        if time.monotonic() > end:
            return True
    return True
