"""Short words stay on one line, whatever the width of the window."""

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = (
    *("", "?view=lanes", "?view=matrix", "?view=map", "?q=nuclaire", "commitments/"),
    *("commitments/aes-roadmap-adoption/", "events/ru-aes-consultations-moscow-2025/"),
    *("frameworks/", "frameworks/ru-aes/", "parties/ml/", "about/"),
    *("places/", "compare/ru/ml/", "changes/", "search/?q=mali+2025"),
)

BROKEN = r"""() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest("svg, textarea, option, .unseen, .meetings thead")) continue;
    for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      if (word[0].length > 16) continue;
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width && box.height);
      if (boxes.length > 1) found.push(`${word[0]} in ${text.parentElement.className}`);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("width", [320, 768, 1360])
def test_no_short_word_is_broken(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    broken = {}
    for address in ADDRESSES:
        page.goto(f"{site}/fr/{address}")
        if found := page.evaluate(BROKEN):
            broken[address] = found
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert broken == {}
