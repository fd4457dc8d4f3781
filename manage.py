#!/usr/bin/env python3
"""Cadre's command line."""

import os
import sys
from pathlib import Path

CREATING_A_DATABASE = frozenset({"migrate", "restore", "serve", "test"})
"""Commands that may create a SQLite file; for any other one, a missing file is an error."""


def main() -> None:
    """Create the secret key if there is none, and run a command.

    Errors of the settings or the database are printed as a sentence, or with ``--traceback`` in
    full.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 — after the check
    from django.db import Error  # noqa: PLC0415 — after the check

    from config.environment import create_secret_key  # noqa: PLC0415 — after the check
    from timeline.database.outages import is_outage  # noqa: PLC0415 — after the check

    try:
        create_secret_key(Path(__file__).resolve().parent / "var" / "secret-key")
        _run(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(error))
    except Error as error:
        if "--traceback" in sys.argv or not is_outage(error):
            raise
        reason = " ".join(str(error).split())
        sys.exit(f"The database that DATABASE_URL names cannot be used: {reason}")


def _run(arguments: list[str]) -> None:
    from django.conf import settings  # noqa: PLC0415 — after the check
    from django.core.management import execute_from_command_line  # noqa: PLC0415 — after the check

    from config.environment import open_existing  # noqa: PLC0415 — after the check

    if arguments[1:2] and arguments[1] not in CREATING_A_DATABASE:
        open_existing(settings.DATABASES["default"])
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
