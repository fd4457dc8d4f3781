"""After every swap of what is shown, a reader is where the answer is: on a phone and on a desk.

The controls to try are found by the markup, one of each kind: links that htmx follows, links inside
drawings, and the fields of the filter form.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDTHS: Final = {"phone": (390, 844), "desk": (1360, 900)}

PAGES: Final = {
    "list": "/fr/",
    "filtered": "/en/?sector=energy&sector=trade&party=ml&from=2025-01&to=2025-06&q=russia",
    "later_page": "/fr/?order=oldest",
    "stacked": "/en/?stacked=1&party=ml",
    "nothing": "/fr/?q=zzzz&party=ml",
    "unreadable": "/fr/?from=soon&party=ml",
    "lanes": "/fr/?view=lanes",
    "lanes_closer": "/en/?view=lanes&lanes=sector&zoom=3&centre=2025-04-03",
    "matrix": "/fr/?view=matrix",
    "matrix_of_parties": "/en/?view=matrix&against=party&sort=similarity&party=ml",
    "map": "/fr/?view=map&party=ru",
    "map_closer": "/en/?view=map&zoom=2&centre=13,-3",
    "ledger": "/fr/commitments/",
    "ledger_filtered": "/en/commitments/?status=agreed&party=ml&nature=any&asof=2026-01-31",
    "texts": "/fr/instruments/?party=ml",
}

SWAPPING: Final = (
    "#results a[hx-get], #results form[hx-get] input:not([type=hidden]),"
    " #results [data-swap] a, #results a[data-swap], aside [hx-get],"
    " #filters :is(input:not([type=hidden], .narrow), select, .words button, a[hx-get])"
)
"""Everything that changes what is shown without leaving the page."""

PREPARE: Final = """() => {
  const named = (classes) => [...classes].filter((name) => !/^[a-z]+[0-9]$/.test(name));
  window.kindOf = (element) => {
    const path = [];
    for (let at = element; at && !["results", "filters"].includes(at.id); at = at.parentElement) {
      path.unshift([at.localName, ...named(at.classList)].join("."));
    }
    return path.join(" ");
  };
  window.nameOf = (element) =>
    (element.getAttribute("aria-label") || element.textContent || element.name).trim();
  document.querySelectorAll("#results details, .fold").forEach((one) => { one.open = true; });
}"""

KINDS: Final = """(swapping) => {
  const kinds = {};
  document.querySelectorAll(swapping).forEach((element, number) => {
    if (!element.checkVisibility() || !element.getClientRects().length) return;
    kinds[kindOf(element)] ??= number;
  });
  return kinds;
}"""

CHOOSE: Final = """([swapping, number]) => {
  const chosen = document.querySelectorAll(swapping)[number];
  const fold = document.querySelector(".fold");
  fold.open = fold.contains(chosen);
  chosen.scrollIntoView({ block: "center" });
  chosen.focus({ preventScroll: true });
  window.settled = new Promise((settle) => {
    document.addEventListener("htmx:afterSettle", (event) => {
      requestAnimationFrame(() => setTimeout(() => settle(event.detail.target.id), 50));
    }, { once: true });
    setTimeout(() => settle("nothing"), 15000);
  });
  window.chosen = {
    kind: kindOf(chosen), name: nameOf(chosen),
    next: ["next", "prev"].includes(chosen.rel) || chosen.id === "at",
  };
  return { tag: chosen.localName, type: chosen.type || "", id: chosen.id };
}"""

STATE: Final = """async () => {
  const inSight = (element) => {
    if (!element) return false;
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    if (!width || !height || top < 0 || left < 0 || bottom > innerHeight) return false;
    const middle = Math.min((left + right) / 2, innerWidth - 1);
    const over = document.elementFromPoint(middle, (top + bottom) / 2);
    return Boolean(over) && (element.contains(over) || over.contains(element));
  };
  const all = (page, selector, said) => [...page.querySelectorAll(selector)].map(said);
  const said = (page, ticked) => ({
    title: page.title,
    links: all(
      page,
      "a.lang, link[hreflang], link[rel=canonical], link[type*=oembed], footer a[href*='?page=']",
      (link) => [link.id, link.getAttribute("href")],
    ),
    meta: all(page, "meta[property^=og], meta[name^=twitter]", (one) => one.outerHTML),
    ticked: all(page, `#filters input[type=checkbox]${ticked}`, (box) => box.id),
  });
  const answer = await fetch(location.href);
  const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
  const at = document.activeElement;
  const same = (element) =>
    kindOf(element) === chosen.kind && nameOf(element) === chosen.name && !chosen.next;
  return {
    count: whole.getElementById("found").textContent.trim(),
    here: said(document, ":checked"),
    whole: said(whole, "[checked]"),
    lines: [...document.querySelectorAll("#found, #see")].filter(inSight)
      .map((line) => line.textContent.trim()),
    focus: at.id === "found" ? "found" : same(at) ? "chosen" : `${at.localName}#${at.id}`,
    remains: [...document.querySelectorAll("#results *, #filters *")].some(same),
    focusInSight: inSight(at),
    top: Math.round(document.getElementById("found").getBoundingClientRect().top),
  };
}"""


@pytest.fixture(scope="module", params=list(WIDTHS))
def context(request: Any, browser: Browser) -> Iterator[BrowserContext]:
    width, height = WIDTHS[request.param]
    opened = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=request.param == "phone"
    )
    yield opened
    opened.close()


def opened(page: Page, address: str) -> dict[str, int]:
    """Open a page with all its folds, and return the number of one control of each kind."""
    page.goto(address)
    page.evaluate(PREPARE)
    kinds: dict[str, int] = page.evaluate(KINDS, SWAPPING)
    return kinds


def activate(page: Page, number: int) -> str:
    """Use a control as its kind is used, and return the id of what was swapped."""
    chosen = page.evaluate(CHOOSE, [SWAPPING, number])
    if chosen["tag"] == "select":
        page.locator(f"#{chosen['id']}").select_option(index=1)
    elif chosen["tag"] == "input" and chosen["type"] != "checkbox":
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("mali" if chosen["id"] == "q" else "2025-06-30")
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Space" if chosen["type"] == "checkbox" else "Enter")
    swapped: str = page.evaluate("window.settled")
    return swapped


walked: dict[BrowserContext, set[str]] = {}
"""The kinds of controls that were tried already, which no other page needs to try again."""


@pytest.mark.parametrize("name", list(PAGES))
def test_reader_is_led_to_the_answer(context: BrowserContext, site: str, name: str) -> None:
    page, tried = context.new_page(), walked.setdefault(context, set())
    faults = []
    for kind, number in opened(page, site + PAGES[name]).items():
        if kind in tried:
            continue
        tried.add(kind)
        opened(page, site + PAGES[name])
        swapped = activate(page, number)
        state = page.evaluate(STATE)
        faults += [(kind, *fault) for fault in told_wrong(state, swapped)]
    page.close()
    assert faults == []


def told_wrong(state: dict[str, Any], swapped: str) -> Iterator[tuple[str, Any]]:
    """What a reader would not find where it belongs after a swap."""
    if not state["focusInSight"]:
        yield "focus out of sight", state["focus"]
    if swapped != "results":
        return
    if not any(state["count"] in line for line in state["lines"]):
        yield "heading out of sight", state["top"]
    if state["focus"] != ("chosen" if state["remains"] else "found"):
        yield "focus elsewhere", (state["focus"], state["remains"])
    for part, whole in state["whole"].items():
        if state["here"][part] != whole:
            yield f"{part} of another question", (state["here"][part], whole)
