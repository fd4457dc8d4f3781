"""The timeline in a real browser: with htmx, without JavaScript, by keyboard, on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FOUNDING = "Working session of the foreign ministers of Russia and the AES"


def found(page: Page) -> str:
    return (page.locator("#found").text_content() or "").strip()


def choose(page: Page, option: str) -> None:
    page.locator(f"#{option}").check()


def test_filters_swap_results_counts_and_address_together(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    everything = found(page)
    page.evaluate("window.stayed = true")
    choose(page, "sector-energy")
    expect(page).to_have_url(f"{site}/en/?sector=energy")
    expect(page.locator("#found")).to_have_text("11 events")
    expect(page.locator("#announcement")).to_have_text("11 events found")
    choose(page, "party-ml")
    expect(page).to_have_url(f"{site}/en/?sector=energy&party=ml")
    expect(page.locator("#found")).to_have_text("6 events")
    expect(page.locator("label:has(#party-ru) .number")).to_have_text("5")
    expect(page.get_by_role("link", name=FOUNDING)).to_be_visible()
    assert page.evaluate("window.stayed") is True
    assert everything == "97 events"


def test_focus_stays_on_the_box_that_was_ticked(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    page.locator("#sector-energy").focus()
    page.keyboard.press("Space")
    expect(page.locator("#found")).to_have_text("11 events")
    assert page.evaluate("document.activeElement.id") == "sector-energy"


def test_chip_takes_its_filter_away(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?sector=energy&party=ml")
    page.get_by_role("link", name=re.compile("Remove the filter Energy")).click()
    expect(page).to_have_url(f"{site}/en/?party=ml")
    expect(page.locator("#sector-energy")).not_to_be_checked()
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("#found")).to_have_text("97 events")
    expect(page.locator("#party-ml")).not_to_be_checked()


def test_back_and_forward_ask_the_server_for_whole_pages(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    choose(page, "sector-energy")
    expect(page.locator("#found")).to_have_text("11 events")
    choose(page, "party-ml")
    expect(page.locator("#found")).to_have_text("6 events")
    page.go_back()
    expect(page.locator("#found")).to_have_text("11 events")
    expect(page.locator("#party-ml")).not_to_be_checked()
    expect(page.locator("header.top")).to_be_visible()
    page.go_back()
    expect(page.locator("#found")).to_have_text("97 events")
    page.go_forward()
    expect(page.locator("#found")).to_have_text("11 events")
    expect(page.locator("#sector-energy")).to_be_checked()


def test_next_page_goes_on_where_the_first_ended(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".stand span")).to_have_text("51–97 of 97")
    expect(page.locator("ol.events > li")).to_have_count(47)
    page.get_by_role("link", name="Previous page").click()
    expect(page.locator(".stand span")).to_have_text("1–50 of 97")


def test_words_are_found_as_they_are_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/")
    page.locator("#q").press_sequentially("nucleaire")
    expect(page.locator("#found")).to_have_text(re.compile(r"^\d événements$"))
    expect(page).to_have_url(f"{site}/fr/?q=nucleaire")
    assert page.evaluate("document.activeElement.id") == "q"


def test_unreadable_date_is_explained_and_kept(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    page.locator("#from").fill("soon")
    page.locator("#from").press("Tab")
    expect(page.locator("#problems")).to_contain_text("write a year (2025)")
    assert page.locator("#from").input_value() == "soon"


def test_long_list_is_narrowed_without_the_server(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    page.locator("#options-sector a.more").click()
    page.locator("#options-sector input.narrow").fill("justi")
    shown = page.locator("#options-sector .option:visible")
    expect(shown).to_have_count(1)
    assert page.url == f"{site}/en/"


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("BURKINA", ["Burkina Faso"]),
        ("upper v", ["Burkina Faso, Upper Volta until 1984"]),
        ("haute volta", ["Burkina Faso, Haute-Volta until 1984"]),
        ("мавритания", ["Mauritania, Мавритания"]),
        ("republique du niger", ["Niger, République du Niger"]),
        ("sl", ["Sierra Leone, sl"]),
        # A slip, and a number that stands beside an option.
        ("AHS", ["Confederation of Sahel States (AES)"]),
        ("97", []),
    ],
)
def test_long_list_finds_other_names_and_says_them(
    page: Page, site: str, typed: str, options: list[str]
) -> None:
    page.goto(f"{site}/en/?options=party")
    group = page.locator("#options-party")
    group.locator("input.narrow").fill("x")
    group.locator("input.narrow").fill(typed)
    labels = group.locator(".option:visible span").all()
    said = [(label.text_content() or "").partition(" of which")[0] for label in labels]
    assert said == options
    expect(group.locator("p[role=status]")).to_have_text(
        "" if options else "Nothing in this list has such a name."
    )


def test_opened_list_keeps_the_focus_and_stays_open_while_filters_change(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/en/")
    page.evaluate("window.stayed = true")
    expect(page.locator("#options-sector .option")).to_have_count(12)
    page.locator("#options-sector a.more").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#options-sector input.narrow")).to_be_focused()
    everything = page.locator("#options-sector .option").count()
    assert everything > 12
    page.locator("#options-sector input.narrow").fill("energ")
    choose(page, "sector-energy")
    expect(page).to_have_url(f"{site}/en/?sector=energy&options=sector")
    expect(page.locator("#options-sector .option")).to_have_count(everything)
    expect(page.locator("#options-sector input.narrow")).to_have_value("energ")
    page.get_by_role("link", name=re.compile("Remove the filter Energy")).click()
    expect(page).to_have_url(f"{site}/en/?options=sector")
    page.locator("#options-sector a.more").click()
    expect(page.locator("#options-sector .option")).to_have_count(12)
    expect(page.locator("#options-sector a.more")).to_be_focused()
    choose(page, "sector-energy")
    expect(page).to_have_url(f"{site}/en/?sector=energy")
    assert page.evaluate("window.stayed") is True


def test_long_list_opens_and_stays_open_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/en/")
    page.locator("a.to-filters").click()
    page.locator("#options-sector a.more").click()
    expect(page).to_have_url(f"{site}/en/?options=sector#options-sector")
    expect(page.locator("#options-sector .option").nth(12)).to_be_visible()
    expect(page.locator("#options-sector input.narrow")).to_be_hidden()
    choose(page, "sector-energy")
    page.get_by_role("button", name="Apply the filters").click()
    expect(page).to_have_url(re.compile("sector=energy.*options=sector"))
    expect(page.locator("#options-sector .option").nth(12)).to_be_attached()
    context.close()


def test_everything_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/fr/")
    choose(page, "sector-energy")
    choose(page, "party-ml")
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.locator("#found")).to_have_text("6 événements")
    page.get_by_role("link", name=re.compile("Retirer le filtre Mali")).click()
    expect(page.locator("#found")).to_have_text("11 événements")
    page.goto(f"{site}/fr/")
    page.get_by_role("link", name="Page suivante").click()
    expect(page.locator(".stand span")).to_have_text("51–97 sur 97")
    context.close()


def test_keyboard_alone_reaches_an_event(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?sector=infrastructure")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == FOUNDING:
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(FOUNDING)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "/fr/",
        "/fr/events/ru-aes-consultations-moscow-2025/",
        "/fr/commitments/",
        "/fr/frameworks/ru-aes/",
        "/fr/sources/",
        "/fr/about/",
    ],
)
def test_phone_never_scrolls_sideways(
    browser: Browser, site: str, address: str, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}{address}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ink, paper = page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; }"
    )
    lightness = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (ink, paper)]
    assert (lightness[0] > lightness[1]) is (scheme == "dark")
    context.close()


def test_filters_are_a_sheet_on_a_phone_which_leads_to_what_they_find(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/en/?sector=energy&party=ml")
    opener, sheet = page.locator("a.to-filters"), page.locator("details.fold")
    expect(opener).to_have_text(re.compile(r"Filters\s+2"))
    expect(sheet).to_be_hidden()
    page.mouse.wheel(0, 2000)
    expect(opener).to_be_in_viewport()
    opener.click()
    expect(page.locator("#sector-energy")).to_be_checked()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    choose(page, "party-ru")
    see = page.get_by_role("button", name="See the 5 events")
    expect(see).to_be_in_viewport()
    see.click()
    expect(sheet).to_be_hidden()
    expect(page.locator("#found")).to_be_focused()
    expect(page.locator("#found")).to_be_in_viewport()
    expect(page).to_have_url(f"{site}/en/?sector=energy&party=ml&party=ru")
    context.close()


def test_button_of_the_filters_applies_what_is_typed_first(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?sector=energy")
    page.locator("#from").fill("2025")
    page.get_by_role("button", name="See the 11 events").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/en/?sector=energy&from=2025")
    expect(page.locator("#found")).to_be_focused()


def test_year_narrows_the_list_in_place_and_another_tab_opens_as_ever(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/en/?party=ml")
    page.evaluate("window.stayed = true")
    year = page.locator(".years a", has_text="2025")
    year.click()
    expect(page).to_have_url(f"{site}/en/?party=ml&from=2025&to=2025")
    expect(page.locator(".years a[aria-current]")).to_contain_text("2025")
    expect(page.locator("#from")).to_have_value("2025")
    assert page.evaluate("window.stayed") is True
    with page.context.expect_page() as opened:
        page.locator(".years a", has_text="2024").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(f"{site}/en/?party=ml&from=2024&to=2024")
    expect(page).to_have_url(f"{site}/en/?party=ml&from=2025&to=2025")


def test_bars_choose_a_period_by_clicks_and_by_a_drag(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?party=ml")
    page.evaluate("window.stayed = true")
    page.locator(".strip a", has_text="April 2025").click()
    expect(page).to_have_url(f"{site}/en/?party=ml&from=2025-04&to=2025-04")
    page.locator(".strip a", has_text="June 2025").click()
    expect(page).to_have_url(f"{site}/en/?party=ml&from=2025-04&to=2025-06")
    expect(page.locator("#from")).to_have_value("2025-04")
    bars = page.locator(".strip svg.plot")
    box, number = bars.bounding_box(), int(bars.get_attribute("data-bins") or 0)
    assert box is not None
    wide = box["width"] / number
    page.mouse.move(box["x"] + 0.5 * wide, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 2.5 * wide, box["y"] + 30, steps=4)
    expect(page.locator(".strip .drawn")).to_be_visible()
    page.mouse.up()
    expect(page).to_have_url(f"{site}/en/?party=ml&from=2022-05&to=2022-07")
    expect(page.locator("#found")).to_have_text("1 event")
    assert page.evaluate("window.stayed") is True


def test_bar_is_a_link_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/?party=ml")
    page.locator(".strip a", has_text="April 2025").click()
    expect(page).to_have_url(f"{site}/en/?party=ml&from=2025-04&to=2025-04")
    context.close()


def test_number_of_the_matrix_opens_its_list_in_place(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?view=matrix")
    page.evaluate("window.stayed = true")
    number = page.locator("figure.matrix td a").first
    address, count = number.get_attribute("href") or "", number.text_content() or ""
    number.click()
    expect(page).to_have_url(f"{site}{address}")
    expect(page.locator("#found")).to_have_text(f"{count} events")
    expect(page.locator("ol.events .event").first).to_be_visible()
    assert page.evaluate("window.stayed") is True
