"""Draw an odd record into the empty database of the environment, and compare; exit 1 if it differs.

Run as ``python -m bench.soak.reckoning EVENTS SEED``.
"""

import sys
from random import Random
from typing import Final

import django

_MOST: Final = 20
"""Differences that are printed."""


def main(events: int, seed: int) -> bool:
    """Print what was compared and what differed; return whether nothing did."""
    from bench.soak.reckoning.comparison import Comparison
    from bench.soak.reckoning.odd_record import OddRecord
    from timeline.clock import today
    from timeline.index.current import current
    from timeline.index.sql import SqlIndex

    OddRecord(Random(seed), events).write()  # noqa: S311 — no secret
    comparison = Comparison(today())
    comparison.involvement()
    for index in (current(), SqlIndex()):
        comparison.filters(index)
        comparison.options(index)
    comparison.ledger()
    comparison.clocks()
    comparison.pages("localhost")
    for difference in comparison.differences[:_MOST]:
        print(difference, flush=True)
    kinds = "".join(f"\n  {count:>7} {kind}" for kind, count in sorted(comparison.facts.items()))
    print(
        f"{events} events, {comparison.facts.total()} facts compared, "
        f"{len(comparison.differences)} differences.{kinds}",
        flush=True,
    )
    return not comparison.differences


if __name__ == "__main__":
    django.setup()
    sys.exit(0 if main(int(sys.argv[1]), int(sys.argv[2])) else 1)
