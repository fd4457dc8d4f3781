"""What readers who use the keyboard or listen meet: few stops, arrows, names with their numbers."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

STOPS = """figures => figures.map(figure => {
  const links = [...figure.querySelectorAll("svg a")].filter(link => link.getClientRects().length);
  return [links.length > 1, links.filter(link => link.tabIndex === 0).length];
})"""


@pytest.mark.parametrize("path", ["", "?view=lanes", "?view=map"])
def test_drawing_is_one_stop_of_the_tab_key(path: str, page: Page, site: str) -> None:
    page.goto(f"{site}/en/{path}")
    stops = page.locator("figure:has(svg a)").evaluate_all(STOPS)
    assert [True, 1] in stops
    assert {number for _has_many, number in stops} == {1}


def test_arrows_lead_to_the_nearest_mark_on_a_side(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes")
    marks = page.locator(".lanes .wide a")
    marks.first.focus()
    at = page.locator(":focus")
    before = at.bounding_box()
    expect(page.locator(".pointed")).to_have_text(marks.first.locator("title").text_content() or "")
    page.keyboard.press("ArrowDown")
    below = at.bounding_box()
    page.keyboard.press("ArrowUp")
    assert before is not None
    assert below is not None
    assert below["y"] > before["y"]
    page.keyboard.press("End")
    assert marks.last.evaluate("mark => mark === document.activeElement")
    assert page.locator(".lanes .wide a[tabindex='0']").count() == 1
    page.keyboard.press("Home")
    assert marks.first.evaluate("mark => mark === document.activeElement")
    assert "zoom" not in page.url


def test_arrows_move_the_time_where_no_mark_is_on_that_side(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes&zoom=2")
    marks = page.locator(".lanes .wide a")
    marks.first.focus()
    while page.evaluate(
        """() => {
          const before = document.activeElement;
          before.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
          return document.activeElement !== before;
        }"""
    ):
        pass
    for _mark in range(marks.count() + 1):
        page.keyboard.press("ArrowLeft")
        if "centre" in page.url:
            return
    expect(page).to_have_url(re.compile("centre="))


def test_lane_names_itself_to_who_listens(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=lanes")
    lane = page.locator(".lanes .wide").get_by_role("group", name="Russia", exact=True)
    assert lane.get_by_role("link").count() > 0


def test_skip_link_of_a_list_leads_to_its_results(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the results")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_focused()
    expect(page.locator("#found")).to_be_in_viewport()


def test_option_says_its_number_with_its_name(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?party=ru")
    found = re.match(r"\d+", page.locator("#found").inner_text())
    assert found is not None
    box = page.get_by_role("checkbox", name=f"Russia {found[0]}", exact=True)
    expect(box).to_be_checked()
    assert page.locator("#filters [role=status], #filters output").count() <= 5
