"""How the site is set that campaigns attack."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench import timeline

SETTINGS: Final[Mapping[str, str]] = {}
"""Variables of the served site that differ from its defaults: a limit that a campaign would meet
instead of what it looks for is set aside here."""


def environment(file: Path) -> dict[str, str]:
    """What a server over a file is started with."""
    return {**timeline.environment(file), **SETTINGS}
