"""No page needs what its own policy refuses, those of the admin included."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES: Final = (
    "/admin/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
)
"""Addresses opened by somebody who may see all of them."""

PUBLIC: Final = ("/fr/", "/en/", "/fr/commitments/", "/fr/frameworks/", "/fr/about/")


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """The messages of the browser's console about a page."""
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            messages.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: messages.append(str(error)))
    yield messages
    page.remove_listener("console", note)


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> Callable[[], None]:
    """Sign in through the form, as a superuser."""

    def go() -> None:
        User.objects.create_superuser("anna", password="a-long-password")
        page.goto(f"{live_server.url}/admin/login/")
        page.locator("[name=username]").fill("anna")
        page.locator("[name=password]").fill("a-long-password")
        page.locator("[type=submit]").click()
        page.wait_for_url("**/admin/")

    return go


def test_pages_of_the_admin_obey_the_policy(
    page: Page, live_server: LiveServer, sign_in: Callable[[], None], complaints: list[str]
) -> None:
    sign_in()
    for address in ADDRESSES:
        answer = page.goto(f"{live_server.url}{address}", wait_until="load")
        assert (address, answer and answer.status, complaints) == (address, 200, [])


def test_public_pages_obey_the_policy(
    page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    for address in PUBLIC:
        answer = page.goto(f"{live_server.url}{address}", wait_until="load")
        assert (address, answer and answer.status, complaints) == (address, 200, [])


def test_data_in_a_page_obeys_the_policy(
    page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    make.an_event(slug="talks", publication="published")
    answer = page.goto(f"{live_server.url}/en/events/talks/", wait_until="load")
    assert (answer and answer.status, complaints) == (200, [])
    assert page.locator("script[type='application/ld+json']").count() == 1


def test_script_put_into_a_page_is_refused(
    page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    page.goto(f"{live_server.url}/admin/login/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("() => window.ran === undefined")
    assert len(complaints) == 1
    assert "Content Security Policy" in complaints[0]
