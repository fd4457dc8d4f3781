"""Five questions of readers, answered on a phone within two taps on what can be read there."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

MOST_TAPS = 2


class Reader:
    """Somebody with a phone who follows visible texts of links and labels, and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, text: str) -> None:
        """Tap the first link or button in sight that is called so."""
        called = re.compile(rf"\b{re.escape(text)}\b")
        link = self.page.get_by_role("link", name=called)
        link.or_(self.page.get_by_role("button", name=called)).filter(visible=True).first.tap()
        self.page.wait_for_load_state()
        self.taps += 1

    def type(self, label: str, words: str) -> None:
        """Type words into the field of a label, and tap the key of the keyboard that sends them."""
        field = self.page.get_by_label(label, exact=True).first
        field.fill(words)
        field.press("Enter")
        self.page.wait_for_url("**?q=*")
        self.taps += 1

    def reads(self, *texts: str) -> list[str]:
        """Return those of some texts that the page does not show."""
        shown = " ".join(self.page.locator("body").inner_text().split())
        return [text for text in texts if text not in shown]


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/fr/")
    yield Reader(page)
    context.close()


def promised_on_nuclear_energy(reader: Reader) -> list[str]:
    reader.tap("Rechercher")
    reader.type("Mots, noms, dates", "Qu’a promis la Russie au Mali sur le nucléaire ?")
    return reader.reads("Intensifier la coopération", "En cours")


def next_host(reader: Reader) -> list[str]:
    return reader.reads("Consultations Russie–AES", "avril 2026")


def changed_this_month(reader: Reader) -> list[str]:
    reader.tap("Changements récents")
    return reader.reads("ajouté")


def who_left_ecowas(reader: Reader) -> list[str]:
    reader.tap("Parties")
    reader.tap("CEDEAO")
    return reader.reads("29 janvier 2025", "Mali", "Burkina Faso", "Niger")


def met_in_bamako(reader: Reader) -> list[str]:
    reader.tap("Rechercher")
    reader.type("Mots, noms, dates", "Bamako 2025")
    return reader.reads("Bamako", "en 2025", "Voir les 13 événements")


@pytest.mark.parametrize(
    "answered_by",
    [promised_on_nuclear_energy, next_host, changed_this_month, who_left_ecowas, met_in_bamako],
)
def test_question_is_answered_within_two_taps(
    reader: Reader, answered_by: Callable[[Reader], list[str]]
) -> None:
    assert answered_by(reader) == []
    assert reader.taps <= MOST_TAPS
