"""Load the ledger in the background when a worker starts, so that no reader has to wait for it."""

import datetime as dt
import logging
from threading import Thread

from django.db import connection

from timeline.database import version
from timeline.database.outages import is_outage
from timeline.queries import ledger
from timeline.queries.as_of import AsOf

_log = logging.getLogger(__name__)


def warm_up(today: dt.date) -> Thread:
    """Start loading today's ledger, while pages that do not need it are already served.

    With a large record it takes many seconds, once for each worker, which then only applies
    changes.
    """
    thread = Thread(target=_load_ledger, args=(today,), name="ahead", daemon=True)
    thread.start()
    return thread


def _load_ledger(today: dt.date) -> None:
    try:
        if version.current() is not None:
            ledger.on(AsOf(today))
    except Exception as error:
        if is_outage(error):
            _log.warning("The database that DATABASE_URL names cannot be used yet: %s", error)
            return
        _log.exception("Nothing could be read ahead; the first reader waits for it.")
    finally:
        connection.close()
