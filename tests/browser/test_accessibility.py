"""No page breaks an accessibility rule of axe, in light or dark."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

OF_BOTH_WIDTHS = [
    "/fr/",
    "/fr/?view=matrix",
    "/fr/events/ru-aes-consultations-moscow-2025/",
    "/fr/commitments/ru-aes-permanent-framework/",
    "/fr/instruments/aes-confederation-treaty/",
]
"""One page of each layout that changes with the width."""

NARROW = [
    "/en/?stacked=1&from=2025-01&to=2025-06",
    "/fr/?from=soon",
    "/fr/?q=zzzz",
    "/en/?view=lanes&lanes=sector&zoom=3&centre=2025-04-03",
    "/en/?view=map&party=ru&party=aes",
    "/fr/commitments/?asof=2025-12-31&status=agreed",
    "/fr/commitments/?asof=soon",
    "/en/instruments/?party=ml&status=signed",
    "/fr/frameworks/",
    "/fr/frameworks/ru-aes/?asof=2025-12-31",
    "/fr/parties/",
    "/fr/parties/aes/",
    "/fr/sectors/",
    "/fr/sectors/energy/",
    "/fr/people/",
    "/fr/people/sergey-lavrov/",
    "/fr/sources/",
    "/fr/sources/1/",
    "/fr/places/",
    "/fr/places/bamako/",
    "/en/compare/",
    "/fr/compare/ru/ml/",
    "/en/search/?q=what+did+Russia+promise+Mali",
    "/fr/changes/?month=2026-13",
    "/fr/about/",
    "/fr/legal/",
    "/fr/privacy/",
    "/fr/changes/",
    "/fr/corrections/",
    "/fr/report/",
    "/fr/data/?party=ml",
    "/fr/embed/?party=ml",
    "/fr/embed/?from=soon",
    "/fr/parties/aes/versions/1/",
    "/fr/events/ru-aes-consultations-moscow-2025/cite/",
    "/fr/none/",
]
"""One page of each other kind."""

MORE = [
    "/en/?party=ml&sector=energy",
    "/fr/?view=lanes",
    "/en/?view=matrix&against=party&sort=similarity&party=ml",
    "/fr/?view=map",
    "/fr/events/aes-summit-bamako-2025/",
    "/fr/commitments/",
    "/fr/commitments/ru-aes-support-restated/",
    "/fr/frameworks/ru-aes/",
    "/fr/parties/ml/?asof=2025-07-10",
]
"""Others of these kinds."""


def shown() -> Iterator[Any]:
    """The width and the address of what the gate looks at, and of what a soak adds."""
    for width in (320, 390, 1360):
        yield from (pytest.param(width, address) for address in OF_BOTH_WIDTHS)
        once = pytest.mark.soak if width != 390 else ()
        yield from (pytest.param(width, address, marks=once) for address in NARROW)
        yield from (pytest.param(width, address, marks=pytest.mark.soak) for address in MORE)


VIOLATIONS: Final = {"resultTypes": ["violations"]}
EVERY_RULE: Final = {**VIOLATIONS, "rules": {"target-size": {"enabled": True}}}
"""The rules that are on by themselves, and that of the least size of what is tapped."""

OF_COLOURS: Final = {**VIOLATIONS, "runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules that read colours, which are all that another scheme changes."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page for all addresses, without the policy that would refuse the script of the rules."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def violations(page: Page, rules: dict[str, Any]) -> list[Any]:
    """Return the violations on the page as it is shown."""
    return [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in Axe().run(page, options=rules).response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("width", "address"), list(shown()))
def test_page_has_no_violation(page: Page, site: str, width: int, address: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}{address}")
    light = violations(page, EVERY_RULE)
    page.emulate_media(color_scheme="dark")
    assert (light, violations(page, OF_COLOURS)) == ([], [])
