"""No page breaks a rule of accessibility that a machine can check, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = [
    "/fr/",
    "/en/?party=ml&sector=energy",
    "/fr/?from=soon",
    "/fr/?q=zzzz",
    "/fr/events/ru-aes-consultations-moscow-2025/",
    "/fr/events/aes-summit-bamako-2025/",
    "/fr/commitments/",
    "/fr/commitments/ru-aes-permanent-framework/",
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
