"""No page breaks a rule of accessibility that a machine can check, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ADDRESSES = [
    "/fr/",
    "/en/?party=ml&sector=energy",
    "/en/?stacked=1&from=2025-01&to=2025-06",
    "/fr/?from=soon",
    "/fr/?q=zzzz",
    "/fr/?view=lanes",
    "/en/?view=lanes&lanes=sector&zoom=3&centre=2025-04-03",
    "/fr/?view=matrix",
    "/en/?view=matrix&against=party&sort=similarity&party=ml",
    "/fr/?view=map",
    "/en/?view=map&party=ru&party=aes",
    "/fr/events/ru-aes-consultations-moscow-2025/",
    "/fr/events/aes-summit-bamako-2025/",
    "/fr/commitments/",
    "/fr/commitments/?asof=2025-12-31&status=agreed",
    "/fr/commitments/?asof=soon",
    "/fr/commitments/ru-aes-permanent-framework/",
    "/fr/commitments/ru-aes-support-restated/",
    "/fr/frameworks/ru-aes/?asof=2025-12-31",
    "/fr/parties/ml/?asof=2025-07-10",
    "/fr/frameworks/",
    "/fr/frameworks/ru-aes/",
    "/fr/parties/",
    "/fr/parties/aes/",
    "/fr/sectors/",
    "/fr/sectors/energy/",
    "/fr/people/",
    "/fr/people/sergey-lavrov/",
    "/fr/sources/",
    "/fr/about/",
    "/fr/changes/",
    "/fr/corrections/",
    "/fr/report/",
    "/fr/data/?party=ml",
    "/fr/embed/?party=ml",
    "/fr/embed/?from=soon",
    "/fr/none/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1360])
def test_pages_have_no_violation(browser: Browser, site: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    found = {}
    for address in ADDRESSES:
        page.goto(f"{site}{address}")
        result = Axe().run(page)
        problems = [
            (violation["id"], node["target"], node["failureSummary"])
            for violation in result.response["violations"]
            for node in violation["nodes"]
        ]
        if problems:
            found[address] = problems
    context.close()
    assert found == {}
