"""Measure the running site and print tables: `make bench`, or `python -m bench --sizes 10k,100k`.

Times are medians and 95th percentiles of whole pages over HTTP on loopback, requested one after the
other from the production server. Machines differ and are shared: compare ratios of one run only.
"""

import argparse
import json

from bench import files, ledger, texts, timeline, views


def main() -> None:
    """Measure the timeline at each size, its views and files, the ledger and the texts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(timeline.SIZES), help="of 10k, 100k and 1M")
    parser.add_argument("--views", default=",".join(views.SIZES), help="of 100, 10k and 1M")
    parser.add_argument(
        "--files", default="10k,100k", help="of 10k, 100k and 1M; '' leaves them out"
    )
    parser.add_argument("--no-load", action="store_true", help="leave the throughput out")
    parser.add_argument("--commitments", type=int, default=100_000, help="0 leaves the ledger out")
    parser.add_argument("--texts", type=int, default=10_000, help="0 leaves the texts out")
    parser.add_argument("--rounds", type=int, default=30, help="of each page of ledger and texts")
    options = parser.parse_args()
    results = {}
    for name in filter(None, options.sizes.split(",")):
        results[name] = timeline.measured(name, load=not options.no_load)
        (timeline.FOLDER / "timeline.json").write_text(json.dumps(results, indent=2) + "\n")
    if results:
        print(timeline.table(results), flush=True)
    if options.views:
        views.measure(options.views.split(","))
    if options.files:
        files.measure(options.files.split(","))
    if options.commitments:
        ledger.measure(options.commitments, options.rounds)
    if options.texts:
        texts.measure(options.texts, options.rounds)


if __name__ == "__main__":
    main()
