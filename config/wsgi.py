"""The WSGI application, which does not start with an incomplete configuration."""

import multiprocessing
import os
import signal
import sys
import time
from threading import Thread
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

GRACE: Final = 10
"""Seconds for current requests to finish when the server's main process is gone."""


def _start() -> WSGIHandler:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from config import environment, settings  # noqa: PLC0415 — its errors are caught below

    settings.refuse_to_serve_unset()
    database = settings.DATABASES["default"]
    environment.refuse_unopenable("DATABASE_URL", database)
    environment.open_existing(database)
    return get_wsgi_application()


def _exit_with_main_process() -> None:
    """Exit when the main process has ended without stopping its workers, as after ``kill -9``.

    This worker would otherwise occupy the port and the database, and nobody could stop or restart
    it.
    """
    main = multiprocessing.parent_process()
    if main is None:
        return

    def watch() -> None:
        while os.getppid() == main.pid:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    Thread(target=watch, name="main process", daemon=True).start()


try:
    application = _start()
except ImproperlyConfigured as error:
    sys.exit(str(error))

from timeline.clock import today  # noqa: E402
from timeline.warmup import warm_up  # noqa: E402 — only once Django is set up

_exit_with_main_process()
warm_up(today())
