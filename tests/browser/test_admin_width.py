"""The forms of the admin fit a laptop; wide rows scroll by themselves."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.admin.desks import an_editor, as_user
from tests.factories import a_bloc, a_person, a_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = 1360


@pytest.fixture
def signed_in(page: Page, transactional_db: None, live_server: Any) -> None:
    """An editor has signed in."""
    session = as_user(an_editor("anna")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def test_forms_are_no_wider_than_a_laptop(page: Page, live_server: Any, signed_in: None) -> None:
    page.set_viewport_size({"width": WIDE, "height": 900})
    addresses = ("event/add/", "commitment/add/", "framework/add/", "party/add/", "source/add/")
    widths = {}
    for address in (
        *addresses,
        f"person/{a_person().pk}/change/",
        f"source/{a_source().pk}/change/",
    ):
        answer = page.goto(f"{live_server.url}/admin/timeline/{address}")
        assert answer is not None
        assert answer.status == 200, address
        assert page.locator("#content-main form").count(), address
        for more in page.locator(".add-row a").all():
            more.click()
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: wide for address, wide in widths.items() if wide > WIDE} == {}


NARROW = 390


def test_two_records_to_merge_fit_a_phone(page: Page, live_server: Any, signed_in: None) -> None:
    page.set_viewport_size({"width": NARROW, "height": 844})
    kept, other = a_bloc("ecowas"), a_bloc("cedeao")
    page.goto(f"{live_server.url}/admin/timeline/party/{kept.pk}/merge/?other={other.pk}")
    assert page.locator("[name=left-name_en]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW
    widths = page.locator(".merge-line legend").evaluate_all(
        "names => names.map(name => name.getBoundingClientRect().width)"
    )
    assert min(widths) > NARROW / 4
