"""Who took part and who owes what, as the site finds it and as plain Python reckons it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.timeline import environment, manage


def campaign(events: int, seed: int) -> bool:
    """Draw a record of odd events in a database of its own; return whether nothing differs."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "reckoning.sqlite3"
        manage(file, "migrate", "--verbosity", "0")
        command = (sys.executable, "-m", "bench.soak.reckoning", str(events), str(seed))
        compared = subprocess.run(  # noqa: S603 — our own interpreter and module
            command, env=environment(file), check=False
        )
    return not compared.returncode
