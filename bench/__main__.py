"""Measure the running site and print tables: `make bench`, or `python -m bench --sizes 10k,100k`.

Times are of whole pages over HTTP on loopback from the production server, asked for one after the
other: medians and 95th percentiles. Machines differ and are shared: compare ratios of one run only.
"""

import argparse
import json

from bench import ledger, timeline, views


def main() -> None:
    """Measure the timeline at each size, its views and the ledger; write all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(timeline.SIZES), help="of 10k, 100k and 1M")
    parser.add_argument("--views", default=",".join(views.SIZES), help="of 100, 10k and 1M")
    parser.add_argument("--no-load", action="store_true", help="leave the throughput out")
    parser.add_argument("--commitments", type=int, default=100_000, help="0 leaves the ledger out")
    parser.add_argument("--rounds", type=int, default=30, help="of each page of the ledger")
    asked = parser.parse_args()
    found = {}
    for name in filter(None, asked.sizes.split(",")):
        found[name] = timeline.measured(name, load=not asked.no_load)
        (timeline.FOLDER / "timeline.json").write_text(json.dumps(found, indent=2) + "\n")
    if found:
        print(timeline.table(found), flush=True)
    if asked.views:
        views.measure(asked.views.split(","))
    if asked.commitments:
        ledger.measure(asked.commitments, asked.rounds)


if __name__ == "__main__":
    main()
