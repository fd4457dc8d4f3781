"""What cannot be read, and answers that fail, are said where a reader looks."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_message_stands_at_the_field_and_the_summary_has_the_focus(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1360, "height": 860})
    page.goto(f"{site}/en/")
    page.locator("#from").fill("soon")
    page.locator("#from").press("Enter")
    message = "cannot be read; write a year (2025), a month (2025-04) or a day (2025-04-03)."
    expect(page.locator("#error-from")).to_have_text(f"soon {message}")
    expect(page.locator("#problems li")).to_have_text(f"From soon {message}")
    expect(page.locator("#from")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#found")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    page.locator("#problems li a").click()
    expect(page.locator("#from")).to_be_focused()
    page.locator("#from").fill("2025")
    page.locator("#from").press("Enter")
    expect(page.locator("#error-from")).to_be_hidden()
    assert page.locator("#from").get_attribute("aria-invalid") is None


def test_summary_leads_into_the_sheet_of_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/en/")
    page.locator("a.to-filters").click()
    page.locator("#from").fill("soon")
    page.locator("#from").press("Enter")
    expect(page.locator("#found")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    page.locator("#problems li a").click()
    expect(page.locator("#from")).to_be_focused()
    expect(page.locator("#error-from")).to_be_in_viewport()


def test_filter_that_cannot_work_is_not_offered(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    orders, surely = page.locator("#order option"), page.locator("#certain")
    expect(orders).to_have_text(["Newest first", "Oldest first"])
    expect(surely).to_have_count(0)
    page.locator("#q").fill("russia")
    expect(orders).to_have_text(["Newest first", "Oldest first", "By relevance"])
    page.locator("#order").select_option("relevance")
    expect(page).to_have_url(f"{site}/en/?q=russia&order=relevance")
    page.locator("#q").fill("")
    expect(page).to_have_url(f"{site}/en/")
    page.locator("#from").fill("2025")
    page.locator("#from").press("Enter")
    expect(surely).to_be_visible()


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (None, "Check the connection, then try again."),
        (500, "The site cannot answer just now"),
        (503, "The site cannot answer just now"),
        (429, "Wait 12 seconds, then try again"),
    ],
)
@pytest.mark.parametrize("width", [390, 1360])
def test_failure_is_said_beside_what_was_used_which_goes_back(
    page: Page, site: str, status: int | None, message: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/en/?sector=energy")
    fail = '<h2 id="found">Wait 12 seconds, then try again</h2>'
    page.route(
        "**/en/?*",
        lambda route: route.abort() if status is None else route.fulfill(status=status, body=fail),
    )
    if width == 390:
        page.locator("a.to-filters").click()
    page.locator("#party-ml").press("Space")
    told = page.locator("label:has(#party-ml) + .failure")
    expect(told).to_contain_text(message)
    expect(told).to_be_in_viewport()
    expect(page.locator("#party-ml")).not_to_be_checked()
    expect(page.locator("#sector-energy")).to_be_checked()
    expect(page.locator("#found")).to_have_text("11 events")
    page.unroute("**/en/?*")
    page.locator("#party-ml").press("Space")
    expect(page.locator("#found")).to_have_text("6 events")
    expect(page.locator(".failure")).to_have_count(0)
