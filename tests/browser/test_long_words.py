"""On a phone, long words break in every text of the record and in what readers typed."""

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page

from timeline.models import (
    Commitment,
    Event,
    EventPlace,
    Framework,
    Party,
    Person,
    Place,
    Sector,
    Source,
    Statement,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = "Donaudampfschiff" * 19
WIDE = 390

ADDRESSES = (
    *("", "?view=lanes", "?view=matrix", "?view=map", f"?q={WORD}", "?party=ml", "data/"),
    *("embed/", "events/ru-aes-consultations-moscow-2025/", "frameworks/", "frameworks/ru-aes/"),
    *("commitments/", "parties/", "parties/aes/", "parties/ml/", "people/", "sources/"),
    *("sectors/", "sectors/energy/", "changes/", "corrections/", "compare/", "compare/ru/ml/"),
    *("places/", "places/bamako/", "search/?q=mali", f"search/?q={WORD}"),
)


@pytest.fixture
def long_words(transactional_db: None, live_server: Any, demo_rows: Any) -> str:
    """The address of a site with the demo, with a long word as each text."""
    from tests import rows

    with transaction.atomic():
        rows.put_back(demo_rows)
    for model, name in (
        *((model, "name_en") for model in (Party, Place, Sector)),
        *((model, "title_en") for model in (Event, Framework, Commitment)),
        *((EventPlace, "venue_en"), (Source, "title"), (Source, "publisher")),
    ):
        limit = getattr(model._meta.get_field(name), "max_length", None) or 300
        model._default_manager.update(**{name: WORD[:limit]})
    # A family name is part of the name, so both change at once.
    Person.objects.update(name_en=WORD[:160], family_en=WORD[:80])
    Event.objects.update(summary_en=WORD)
    Framework.objects.update(summary_en=WORD)
    Statement.objects.update(text=WORD, translation_en=WORD)
    return str(live_server.url)


def test_no_page_is_wider_than_the_phone(page: Page, long_words: str) -> None:
    page.set_viewport_size({"width": WIDE, "height": 800})
    commitment = Commitment.objects.filter(publication="published").values_list("slug", flat=True)
    source = Source.objects.filter(citations__event__publication="published")[:1].get()
    person = Person.objects.filter(attendances__event__publication="published")[:1].get()
    more = (f"commitments/{commitment[0]}/", f"sources/{source.pk}/", f"people/{person.slug}/")
    wide = {}
    for address in (*ADDRESSES, *more):
        answer = page.goto(f"{long_words}/en/{address}")
        assert answer is not None
        assert answer.status == 200, address
        page_width = page.evaluate("document.documentElement.scrollWidth")
        if page_width > WIDE:
            wide[address] = page_width
    assert wide == {}


def test_name_does_not_turn_what_follows(page: Page, long_words: str) -> None:
    Source.objects.update(title="\u202eabc", publisher="\u202edef")
    page.goto(f"{long_words}/en/events/ru-aes-consultations-moscow-2025/")
    link = page.locator("a[href*='/sources/']").first
    assert link.evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"


BROKEN = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!/^\\s*\\d[\\d,]*\\s*$/.test(texts.currentNode.data)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const boxes = [...range.getClientRects()].filter((box) => box.width);
    const lines = new Set(boxes.map((box) => box.top));
    if (lines.size > 1) found.push(texts.currentNode.parentElement.outerHTML.slice(0, 200));
  }
  return found;
}"""


@pytest.mark.parametrize("width", [WIDE, 1360])
def test_no_number_is_broken_beside_a_long_name(page: Page, long_words: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    addresses = (
        "",
        "?view=matrix",
        "?party=ml",
        "commitments/",
        "parties/",
        "sources/",
        "sectors/",
    )
    broken = {}
    for address in addresses:
        page.goto(f"{long_words}/en/{address}")
        if found := page.evaluate(BROKEN):
            broken[address] = found
    assert broken == {}


def test_dates_of_rows_leave_room_before_titles(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1360, "height": 900})
    for language in ("fr", "en"):
        page.goto(f"{site}/{language}/places/bamako/")
        rooms = page.locator("ol.rows .date").evaluate_all(
            """(dates) => dates.map((date) => {
              const words = document.createRange();
              words.selectNodeContents(date);
              const title = date.nextElementSibling.getBoundingClientRect();
              return title.left - words.getBoundingClientRect().right;
            })"""
        )
        assert min(rooms) >= 8
