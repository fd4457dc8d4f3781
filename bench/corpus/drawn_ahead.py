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
    """The rows of ``blocks.blocks``, the next of which are drawn while these are used.

    One block waits at the most. Raises RuntimeError when the other process ends before its time.
    """
    # A fork would share the open database with this process.
    apart = multiprocessing.get_context("spawn")
    receiver, sender = apart.Pipe(duplex=False)
    asked = {"events": events, "seed": seed, "first": dict(first), "sectors": list(sectors)}
    drawer = apart.Process(target=_draw, args=(sender, asked), daemon=True)
    drawer.start()
    sender.close()
    try:
        while (rows := receiver.recv()) is not None:
            yield rows
    except EOFError:
        drawer.join()
        said = "The process that draws the events ended before its time"
        raise RuntimeError(f"{said} (exit code {drawer.exitcode}).") from None
    finally:
        drawer.terminate()
        drawer.join()
        receiver.close()


def _draw(sender: Connection, asked: dict[str, object]) -> None:
    """Send each block, and None after the last."""
    gc.disable()
    django.setup()
    from bench.corpus.blocks import blocks

    for rows in blocks(**asked):  # type: ignore[arg-type]
        sender.send(rows)
    sender.send(None)
