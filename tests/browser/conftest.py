"""The demo record, served to a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def site(emptied: None, live_server: Any) -> str:
    """The address of a site that serves the demo timeline."""
    from timeline.ingest.demo import load

    load()
    return str(live_server.url)


@pytest.fixture(autouse=True)
def impatient(page: Page) -> None:
    """Fail in seconds where something does not appear, on a busy machine too."""
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
