"""An editor enters the founding article from nothing, then adds the meeting that follows it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.admin.desks import an_editor
from tests.factories import a_bloc, a_membership, a_state

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Working session of the foreign ministers of Russia and the AES"

UNDERTAKINGS = (
    "Equipment and training",
    "Support to the Unified Force",
    "Six sectors to intensify",
    "Convergence of views in forums",
    "A permanent framework with alternating meetings",
)
"""What the article says was undertaken; the parties are filled in from the event."""


@pytest.fixture
def editor_client(transactional_db: None, live_server: Any, page: Page) -> str:
    """The page of a signed-in editor, on a site with states, a bloc and sectors."""
    from timeline.models import Sector

    russia, aes = a_state("ru", name_en="Russia"), a_bloc("aes", name_en="Sahel Confederation")
    for code, name in (("ml", "Mali"), ("bf", "Burkina Faso"), ("ne", "Niger")):
        a_membership(a_state(code, name_en=name), aes)
    for slug in (
        "counter-terrorism",
        "civil-nuclear",
        "infrastructure",
        "higher-education",
        "transport",
        "trade",
        "information-technology",
        "multilateral",
    ):
        Sector.objects.create(slug=slug, name_en=slug.replace("-", " ").capitalize())
    assert russia.pk
    an_editor("anna")
    page.set_extra_http_headers({"Accept-Language": "en"})
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("[name=username]", "anna")
    page.fill("[name=password]", "a long word")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    return str(live_server.url)


def publish_all_the_same(page: Page) -> None:
    """Confirm that a record without a source is published."""
    page.click("[name=_publish]")
    expect(page.locator(".doubts")).to_contain_text("No source supports it yet")
    page.get_by_role("button", name="Publish all the same").click()


def pick(page: Page, name: str, words: str) -> None:
    """Choose from an autocomplete by typing, once the results for these words have arrived."""
    page.locator(f"#id_{name} + .select2").click()
    box = page.locator(".select2-search__field").last
    expect(box).to_be_focused()
    with page.expect_response(lambda answer: f"term={words}" in answer.url):
        box.fill(words)
    expect(page.locator(".select2-results__option.loading-results")).to_have_count(0)
    page.locator(".select2-results__option", has_text=words).first.click()
    expect(page.locator(f"#id_{name}")).not_to_have_value("")


def add(
    page: Page,
    editor_client: str,
    model: str,
    values: dict[str, str],
    picks: dict[str, str] | None = None,
) -> None:
    """Fill in the short form of a record and save it."""
    page.goto(f"{editor_client}/admin/timeline/{model}/add/")
    for name, value in values.items():
        box = page.locator(f"[name={name}]")
        for fold in page.locator("details:not([open]) > summary").all():
            if fold.locator("xpath=..").locator(f"[name={name}]").count():
                fold.click()
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    for name, words in (picks or {}).items():
        pick(page, name, words)
    page.click("[name=_save]")
    expect(page.locator(".messagelist li").first).to_be_visible()


def test_editor_enters_the_founding_article_from_nothing(page: Page, editor_client: str) -> None:
    add(
        page,
        editor_client,
        "source",
        {
            "title": "Article de presse",
            "publisher": "Presse",
            "kind": "independent",
            "language": "fr",
            "no_archive_reason_en": "No copy is known.",
        },
    )
    add(page, editor_client, "place", {"name_en": "Moscow"}, {"party": "Russia"})
    for name in ("Sergey Lavrov", "Abdoulaye Diop"):
        add(page, editor_client, "person", {"name_en": name})
    page.goto(f"{editor_client}/admin/timeline/framework/add/")
    page.fill("[name=title_en]", "Russia–AES consultations")
    page.select_option("[name=rotation]", "alternating")
    page.fill("[name=sides-0-position]", "1")
    pick(page, "sides-0-party", "Russia")
    page.get_by_role("button", name=re.compile("Add another Side")).click()
    page.locator("[name=sides-1-position]").fill("2")
    pick(page, "sides-1-party", "Sahel")
    publish_all_the_same(page)
    expect(page.locator(".messagelist li").first).to_be_visible()

    page.goto(f"{editor_client}/admin/timeline/event/add/")
    page.fill("[name=title_en]", TITLE)
    page.fill("[name=date]", "2025-04-03")
    page.select_option("[name=kind]", "consultation")
    pick(page, "place_links-0-place", "Moscow")
    pick(page, "framework", "Russia")
    page.check("[name=takes_turn]")
    for box in page.locator("[name=about]").all():
        box.check()
    pick(page, "participations-0-party", "Russia")
    page.select_option("[name=participations-0-role]", "host")
    page.get_by_role("button", name=re.compile("Add another Party")).click()
    pick(page, "participations-1-party", "Sahel")
    pick(page, "citations-0-source", "Article")
    page.select_option("[name=citations-0-field]", "date")
    page.select_option("[name=citations-0-stance]", "inferred")
    page.locator("#citations-0 summary").click()
    page.fill("[name=citations-0-note_en]", "No year is given.")
    page.fill("[name=citations-0-date_as_worded]", "ce mercredi 3 avril")
    pick(page, "attendances-0-person", "Lavrov")
    pick(page, "attendances-0-party", "Russia")
    page.get_by_role("button", name=re.compile("Add another Person present")).click()
    pick(page, "attendances-1-person", "Diop")
    pick(page, "attendances-1-party", "Sahel")
    pick(page, "statements-0-person", "Lavrov")
    page.fill("[name=statements-0-language]", "fr")
    page.fill(
        "[name=statements-0-text]",
        "la Russie adhère entièrement à ce nouveau format de coopération",
    )
    page.get_by_role("button", name=re.compile("Add another Statement")).click()
    pick(page, "statements-1-person", "Diop")
    page.fill("[name=statements-1-language]", "fr")
    page.fill("[name=statements-1-text]", "la Russie est un allié sincère")
    page.click("[name=_publish]")
    expect(page.locator(".messagelist li").first).to_be_visible()

    event = page.url
    for title in UNDERTAKINGS:
        page.goto(event)
        page.get_by_role("link", name=re.compile("Add a commitment")).first.click()
        page.fill("[name=title_en]", title)
        page.click("[name=_publish]")
        expect(page.locator(".messagelist li").first).to_be_visible()

    page.goto(f"{editor_client}/en/?sector=civil-nuclear&party=ml")
    card = page.locator("li.event", has_text=TITLE)
    expect(card).to_contain_text(
        "Mali via SAHEL CONFEDERATION, member since 16 September 2023", ignore_case=True
    )
    expect(card).to_contain_text("that day was a Thursday")
    expect(card).to_contain_text("5 commitments")

    page.goto(f"{editor_client}/admin/timeline/event/")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name=re.compile("follow-up", re.IGNORECASE)).click()
    page.fill("[name=title_en]", "Second session, in Bamako")
    expect(page.locator("[name=state]")).to_have_value("planned")
    expect(page.locator("[name=takes_turn]")).to_be_checked()
    page.fill("[name=date]", "2099-04")
    publish_all_the_same(page)
    expect(page.locator(".messagelist li").first).to_be_visible()
    page.goto(f"{editor_client}/en/")
    expect(page.locator("h2.month").first).to_contain_text("Upcoming")
    expect(page.locator("li.event.planned h3")).to_have_text("Second session, in Bamako")


def test_refused_form_keeps_what_was_typed(page: Page, editor_client: str) -> None:
    page.goto(f"{editor_client}/admin/timeline/event/add/")
    page.fill("[name=title_en]", TITLE)
    page.fill("[name=date]", "2025/2024")
    page.select_option("[name=kind]", "visit")
    page.click("[name=_save]")
    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.locator("body")).to_contain_text("This interval ends before it starts.")
    expect(page.locator("[name=date]")).to_have_value("2025/2024")
    expect(page.locator("[name=title_en]")).to_have_value(TITLE)
