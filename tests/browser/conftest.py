"""The demo record, served to a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


@pytest.fixture(scope="module")
def site(demo_rows: Any, django_db_blocker: Any) -> Iterator[str]:
    """The address of a site that serves the demo timeline, put there once for tests that only read.

    They are marked for the database all the same, which is only set up where some test is.
    """
    from tests import pristine, rows

    with django_db_blocker.unblock():
        with transaction.atomic():
            rows.put_back(demo_rows)
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        pristine.put_back()


@pytest.fixture(autouse=True)
def impatient(page: Page) -> None:
    """Fail in seconds where something does not appear, on a busy machine too."""
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
