"""Renew the picture of the README, ``docs/picture.webp``: `make picture`.

It shows the demo timeline, served from a temporary database on a fixed day, so that the picture
changes only when the site or the demo does.
"""

import base64
import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import ViewportSize, sync_playwright

from bench.serving import LOOPBACK, free_port, granian, running
from bench.timeline import environment, manage
from timeline import clock

FILE: Final = Path(__file__).parents[1] / "docs" / "picture.webp"
DAY: Final = dt.date(2026, 11, 26)
PATH: Final = "/en/?party=ru&to=2025-07"
"""Filters in use, and a first event that shows its host, sectors, framework and sources."""
SIZE: Final[ViewportSize] = {"width": 1280, "height": 860}
CHROMIUM: Final = Path("/usr/bin/chromium")
"""Debian's browser, used if it is installed; otherwise Playwright's own."""


def site() -> WSGIHandler:
    """Make the application on the day of the picture, in a process that serves nothing else."""
    clock.today = lambda: DAY  # before the pages import it
    from config.wsgi import application

    return application


def main() -> None:
    """Take the picture and write it."""
    port = free_port()
    command = [*granian("bench.picture:site", port, 1), "--factory"]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "demo.sqlite3"
        manage(file, "migrate", "--verbosity", "0")
        manage(file, "load_demo")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None
        )
        page = browser.new_page(viewport=SIZE)
        with running(command, port, "/readyz", environment(file)):
            page.goto(f"http://{LOOPBACK}:{port}{PATH}", wait_until="networkidle")
        # Playwright itself writes PNG and JPEG only, which are several times as large.
        clip = {"x": 0, "y": 0, **SIZE, "scale": 1.5}
        form = {"format": "webp", "quality": 75, "clip": clip}
        screenshot = page.context.new_cdp_session(page).send("Page.captureScreenshot", form)
    FILE.write_bytes(base64.b64decode(screenshot["data"]))


if __name__ == "__main__":
    main()
