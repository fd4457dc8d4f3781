"""The lanes in a real browser: keys and links zoom and pan, on a phone too, without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

TITLE = "#shown-title"


def press(page: Page, key: str) -> str:
    """Press a key, wait for the new picture, and return its title."""
    before = page.locator(TITLE).text_content() or ""
    page.keyboard.press(key)
    expect(page.locator(TITLE)).not_to_have_text(before)
    busy = page.locator(".htmx-request, .htmx-settling, .htmx-added")
    expect(busy).to_have_count(0)
    return page.locator(TITLE).text_content() or ""


def test_keys_zoom_pan_and_fit(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes")
    page.evaluate("window.stayed = true")
    whole = page.locator(TITLE).text_content() or ""
    closer = press(page, "+")
    earlier = press(page, "ArrowLeft")
    assert press(page, "ArrowRight") not in (whole, earlier)
    assert press(page, "0") == whole
    assert press(page, "=") == closer
    assert press(page, "-") == whole
    assert page.evaluate("window.stayed") is True


def test_keys_typed_into_a_box_move_nothing(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes")
    page.locator("#from").focus()
    page.keyboard.type("0+-")
    assert page.locator("#from").input_value() == "0+-"
    assert "zoom" not in page.url


def test_focus_stays_on_the_link_that_was_followed(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes")
    page.locator("#lanes-closer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lanes-wider")).to_have_attribute("data-key", "-")
    assert page.evaluate("document.activeElement.id") == "lanes-closer"


def test_group_opens_in_its_place(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes")
    page.evaluate("window.stayed = true")
    group = page.locator(".lanes .wide a[data-swap]").first
    address = group.get_attribute("href") or ""
    group.click()
    expect(page.locator("#lanes-wider")).to_have_attribute("data-key", "-")
    expect(page).to_have_url(f"{site}{address}")
    assert page.evaluate("window.stayed") is True


def test_mark_leads_to_its_event(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes&party=ru&kind=signing")
    page.locator(".lanes .wide a[href*='/events/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page).to_have_url(re.compile("/en/events/"))


def test_links_work_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/?view=lanes")
    page.locator("#lanes-closer").click()
    expect(page.locator("#lanes-wider")).to_be_visible()
    page.locator(".lanes .wide a[data-swap]").first.click()
    expect(page).to_have_url(re.compile("zoom="))
    context.close()


@pytest.mark.parametrize("width", [360, 390, 768, 1360])
@pytest.mark.parametrize("query", ["", "&lanes=sector", "&zoom=4&centre=2025-04-03"])
def test_picture_fits_and_its_targets_are_large_enough(
    browser: Browser, site: str, width: int, query: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/fr/?view=lanes{query}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        """[...document.querySelectorAll('.lanes > svg .hit')]
        .map((one) => one.getBoundingClientRect()).filter((one) => one.width)
        .map((one) => [one.width, one.height])"""
    )
    assert sizes
    least = 24 if width > 360 else 23.5
    assert min(size for both in sizes for size in both) >= least
    context.close()
