"""A question typed on a phone is answered within two taps, by visible texts and labels alone."""

import pytest
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("language", "search", "label", "question", "answer"),
    [
        (
            "en",
            "Search",
            "Words, names, dates",
            "What did Russia promise Mali on nuclear energy?",
            "Intensify cooperation, with six sectors among the priorities",
        ),
        (
            "fr",
            "Rechercher",
            "Mots, noms, dates",
            "Que doit la Russie au Mali sur le nucléaire ?",
            "Intensifier la coopération, six secteurs étant parmi les priorités",
        ),
        ("en", "Search", "Words, names, dates", "meetings in Bamako 2025", "See the 3 events"),
        (
            "fr",
            "Rechercher",
            "Mots, noms, dates",
            "consultations Russie AES",
            "Voir les 2 événements",
        ),
    ],
)
def test_question_is_answered_on_a_phone_within_two_taps(
    browser: Browser, site: str, language: str, search: str, label: str, question: str, answer: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/{language}/")
    page.get_by_role("link", name=search, exact=True).tap()
    page.get_by_label(label).fill(question)
    page.get_by_role("button", name=search).tap()
    expect(page.get_by_role("link", name=answer).first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_what_words_name_is_applied_to_the_timeline_by_one_tap(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/en/?q=nuclear+Mali+2025")
    page.get_by_role("link", name="See the 2 events").tap()
    expect(page.locator("#found")).to_have_text("2 events")
    expect(page.locator(".chip").nth(0)).to_contain_text("Civil nuclear energy")
    assert page.url.endswith("/en/?sector=civil-nuclear&party=ml&from=2025&to=2025")
    context.close()
