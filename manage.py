#!/usr/bin/env python3
"""Cadre's command line."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run a command, first making the kept secret key where none is set."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from django.core.management import execute_from_command_line  # noqa: PLC0415 — after the check

    from config.environment import keep_secret_key  # noqa: PLC0415 — after the check

    keep_secret_key(Path(__file__).resolve().parent / "var" / "secret-key")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
