"""What a browser caches of a record that is withdrawn, renamed and published again."""

from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from timeline.actions import publication
from timeline.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talks(event_of: Callable[..., Event]) -> Event:
    from tests import factories as make

    make.a_state("ml")
    return event_of("ml", "2025-04-03", slug="one", title_en="Talks")


def rename(event: Event, slug: str) -> None:
    former, event.slug = event.slug, slug
    with transaction.atomic():
        event.save()
        publication.keep_former_address(record=event, former=former)


def shown(page: Page, address: str) -> tuple[int, str, str]:
    """Return the status, the end of the address and the heading of the page reached."""
    answer = page.goto(address)
    assert answer is not None
    return answer.status, page.url.rstrip("/").rsplit("/", 1)[1], page.locator("h1").inner_text()


def test_reader_of_a_withdrawn_page_sees_it_once_it_is_published_again(
    page: Page, live_server: LiveServer, talks: Event
) -> None:
    address = f"{live_server.url}/en/events/one/"
    assert shown(page, address) == (200, "one", "Talks")
    publication.withdraw(record=talks, reason_en="Entered twice.")
    assert shown(page, address) == (410, "one", "This record was withdrawn")
    publication.publish(record=talks)
    assert shown(page, address) == (200, "one", "Talks")


def test_reader_of_a_missing_page_sees_it_once_it_is_published(
    page: Page, live_server: LiveServer, talks: Event
) -> None:
    address = f"{live_server.url}/en/events/one/"
    Event.objects.update(publication="draft")
    assert shown(page, address)[0] == 404
    Event.objects.update(publication="published")
    assert shown(page, address) == (200, "one", "Talks")


def test_slug_that_is_given_back_sends_nobody_round_in_a_circle(
    page: Page, live_server: LiveServer, talks: Event
) -> None:
    first, second = (f"{live_server.url}/en/events/{slug}/" for slug in ("one", "two"))
    assert shown(page, first) == (200, "one", "Talks")
    rename(talks, "two")
    assert shown(page, first) == (200, "two", "Talks")
    rename(talks, "one")
    assert shown(page, first) == (200, "one", "Talks")
    assert shown(page, second) == (200, "one", "Talks")
