"""Run the long campaigns: `make soak`, or `python -m bench.soak compare --minutes 5`.

Each one prints what it did and how to repeat it, and the exit code is 1 when any of them failed.
"""

import argparse
import sys
import time
from collections.abc import Callable
from typing import Final

from bench.soak import compare, hostile, kill, properties, reckoning

CAMPAIGNS: Final[dict[str, Callable[[argparse.Namespace], bool]]] = {
    "compare": lambda asked: compare.campaign(asked.minutes, asked.events, asked.seed),
    "hostile": lambda asked: hostile.campaign(asked.requests, asked.large, asked.seed),
    "kill": lambda asked: kill.campaign(asked.kills, asked.seed),
    "properties": lambda asked: properties.campaign(asked.minutes, asked.seed),
    "reckoning": lambda asked: reckoning.campaign(asked.events, asked.seed),
}


def main() -> None:
    """Run the campaigns named, or all of them one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaigns", nargs="*", metavar="|".join(CAMPAIGNS))
    parser.add_argument("--minutes", type=float, default=60, help="of 'compare' and 'properties'")
    parser.add_argument("--events", type=int, default=3_000, help="of 'compare' and 'reckoning'")
    parser.add_argument("--requests", type=int, default=20_000, help="of 'hostile'")
    parser.add_argument("--large", type=int, default=100_000, help="events of 'hostile'")
    parser.add_argument("--kills", type=int, default=200, help="of 'kill'")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    options = parser.parse_args()
    if unknown := set(options.campaigns) - set(CAMPAIGNS):
        parser.error(f"there is no campaign {', '.join(sorted(unknown))}")
    failed = []
    for name in options.campaigns or CAMPAIGNS:
        print(f"{name}, seed {options.seed}", flush=True)
        if not CAMPAIGNS[name](options):
            failed.append(name)
            print(
                f"FAILED. Repeat it: python -m bench.soak {name} --seed {options.seed}", flush=True
            )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
