"""Drawing a corpus in a process of its own: one core draws while the other writes."""

import gc
import multiprocessing
from collections.abc import Generator, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from bench.corpus.tables import Rows


def drawn_ahead(
    *, events: int, seed: int, first: Mapping[str, int], sectors: Sequence[int]
) -> Generator["Rows", None, None]:
    """Yield the rows of ``blocks.blocks``, and draw the next block meanwhile.

    At most one block waits. Raises RuntimeError when the other process ends too early.
    """
    # A fork would share the open database with this process.
    apart = multiprocessing.get_context("spawn")
    receiver, sender = apart.Pipe(duplex=False)
    arguments = {"events": events, "seed": seed, "first": dict(first), "sectors": list(sectors)}
    drawer = apart.Process(target=_draw, args=(sender, arguments), daemon=True)
    drawer.start()
    sender.close()
    try:
        while (rows := receiver.recv()) is not None:
            yield rows
    except EOFError:
        drawer.join()
        message = "The process that draws the events ended before its time"
        raise RuntimeError(f"{message} (exit code {drawer.exitcode}).") from None
    finally:
        drawer.terminate()
        drawer.join()
        receiver.close()


def _draw(sender: Connection, arguments: dict[str, object]) -> None:
    """Send each block, and None after the last."""
    gc.disable()
    django.setup()
    from bench.corpus.blocks import blocks

    for rows in blocks(**arguments):  # type: ignore[arg-type]
        sender.send(rows)
    sender.send(None)
