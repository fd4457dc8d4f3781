"""What a phone shows first: nothing cut, who took part, and the list soon."""

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("path", ["", "commitments/", "frameworks/ru-aes/"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_navigation_is_whole(page: Page, site: str, language: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/{language}/{path}")
    cut = page.locator("header.top nav a, .views a").evaluate_all(
        "(links) => links.filter((link) => link.getBoundingClientRect().right > innerWidth)"
        ".map((link) => link.textContent)"
    )
    assert cut == []


def test_first_event_of_the_list_begins_within_a_screen_and_a_half(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/fr/")
    first = page.locator("ol.events > .event:not(.dashed)").first.bounding_box()
    assert first is not None
    assert first["y"] <= 1.5 * 844


def test_who_took_part_stands_under_the_title_of_an_event(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/en/events/ru-aes-consultations-moscow-2025/")
    expect(page.locator("h1 + .took-part")).to_have_text("Russia (host), AES · Participants")
    expect(page.locator("h1 + .took-part")).to_be_in_viewport()
    page.set_viewport_size({"width": 1360, "height": 900})
    expect(page.locator(".took-part")).to_be_hidden()
    expect(page.locator("#participants")).to_be_in_viewport()
    context.close()


def test_first_tap_on_a_mark_names_it_and_the_second_opens_it(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/en/?view=lanes&zoom=2")
    mark = page.locator(".lanes .phone a:not([data-swap])").first
    title = mark.locator("title").text_content()
    address = mark.get_attribute("href")
    mark.tap()
    expect(page.locator(".pointed")).to_have_text(f"{title} Tap again to open.")
    expect(page.locator(".pointed")).to_be_in_viewport()
    assert "view=lanes" in page.url
    mark.tap()
    expect(page).to_have_url(f"{site}{address}")
    context.close()


def test_filters_are_chosen_by_a_tap_on_their_names(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/en/")
    page.locator(".to-filters").tap()
    page.locator("#filters .option", has_text="Civil nuclear").tap()
    expect(page.get_by_label("Civil nuclear energy").first).to_be_checked()
    see = page.locator("#see")
    expect(see).to_have_text("See the 7 events")
    see.tap()
    expect(page.locator("#found")).to_have_text("7 events")
    expect(page.locator("#found")).to_be_in_viewport()
    context.close()
