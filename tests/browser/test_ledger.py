"""The ledger in a real browser: its filters and its day, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def rows(page: Page) -> int:
    return page.locator("ol.ledger > li").count()


def test_filters_swap_rows_counts_and_address_together(page: Page, site: str) -> None:
    page.goto(f"{site}/en/commitments/")
    everything = rows(page)
    page.evaluate("window.stayed = true")
    page.locator("#status-agreed").check()
    expect(page).to_have_url(f"{site}/en/commitments/?status=agreed")
    expect(page.locator("#announcement")).to_have_text(re.compile(r"\d+ commitments found"))
    some = rows(page)
    assert 0 < some < everything
    page.locator("#quiet-1").check()
    expect(page).to_have_url(f"{site}/en/commitments/?status=agreed&quiet=1")
    offered = page.locator("label:has(#obligor-ru) .number").text_content()
    page.locator("#obligor-ru").check()
    expect(page.locator("#found")).to_have_text(re.compile(rf"^{offered} commitment"))
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.locator("#obligor-ru")).not_to_be_checked()
    expect(page.locator("#quiet-1")).to_be_checked()


def test_day_to_read_it_as_of_stays_while_filters_change(page: Page, site: str) -> None:
    page.goto(f"{site}/en/commitments/")
    page.locator("#asof").fill("2025-12-31")
    page.locator("#asof").press("Enter")
    expect(page.locator(".asof strong")).to_contain_text("As of 31 December 2025")
    page.locator("#status-agreed").check()
    expect(page).to_have_url(f"{site}/en/commitments/?status=agreed&asof=2025-12-31")
    page.get_by_role("link", name=re.compile("Remove the filter as of")).click()
    expect(page).to_have_url(f"{site}/en/commitments/?status=agreed")
    expect(page.locator("#asof")).to_have_value("")


def test_unreadable_day_is_an_error_and_stays_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/en/commitments/?status=agreed")
    page.locator("#asof").fill("soon")
    page.locator("#asof").press("Enter")
    expect(page.locator("#problems")).to_contain_text("is not a day of the calendar")
    expect(page.locator("#asof")).to_have_value("soon")
    expect(page.locator("#status-agreed")).to_be_checked()


def test_ledger_is_filtered_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/commitments/")
    page.locator("#status-agreed").check()
    page.locator("#asof").fill("2025-12-31")
    page.get_by_role("button", name="Apply the filters").click()
    expect(page).to_have_url(re.compile("status=agreed.*asof=2025-12-31"))
    expect(page.locator("#asof")).to_have_value("2025-12-31")
    expect(page.locator("ol.ledger > li").first).to_be_visible()
    context.close()
