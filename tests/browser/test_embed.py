"""The embed in a page of another origin: as high as its results, or scrolling."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ADDRESS = "/en/embed/?party=ml&sector=energy"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Do not log requests."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Serve a page from an origin of its own; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def put(body: str) -> str:
        (tmp_path / "page.html").write_text(f"<!doctype html><title>Host</title>{body}")
        return f"http://127.0.0.1:{server.server_port}/page.html"

    yield put
    server.shutdown()
    server.server_close()


def allow_framing(site: str, *, script: bool) -> str:
    frame = f'<iframe src="{site}{ADDRESS}" width="100%" height="600" title="Cadre" data-cadre>'
    loaded = f'<script src="{site}/static/timeline/embed.js" async></script>' if script else ""
    return f"{frame}</iframe>{loaded}"


def inside(page: Page) -> FrameLocator:
    shown = page.frame_locator("iframe")
    expect(shown.locator("h1")).to_contain_text("events")
    return shown


def height_of_results(shown: FrameLocator) -> int:
    return int(shown.locator("html").evaluate("e => Math.ceil(e.getBoundingClientRect().height)"))


def test_frame_takes_the_height_of_its_results(
    page: Page, site: str, host: Callable[[str], str]
) -> None:
    page.goto(host(allow_framing(site, script=True)))
    shown = inside(page)
    page.wait_for_function("document.querySelector('iframe').height > 700")
    assert int(page.get_attribute("iframe", "height") or 0) == height_of_results(shown)
    shown.locator("details summary").first.click()
    page.wait_for_function(
        f"document.querySelector('iframe').height > {height_of_results(shown) - 2}"
    )
    before = page.get_attribute("iframe", "height")
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(
        "before => document.querySelector('iframe').height != before", arg=before
    )
    assert not shown.locator("html").evaluate("e => e.scrollWidth > e.clientWidth")


def test_frame_keeps_its_height_without_the_script(
    page: Page, site: str, host: Callable[[str], str]
) -> None:
    page.goto(host(allow_framing(site, script=False)))
    shown = inside(page)
    page.wait_for_timeout(300)
    assert page.get_attribute("iframe", "height") == "600"
    assert height_of_results(shown) > 600


def test_frame_in_the_sandbox_of_wordpress_says_its_height_and_where_its_links_lead(
    page: Page, site: str, host: Callable[[str], str]
) -> None:
    frame = f'<iframe sandbox="allow-scripts" src="{site}{ADDRESS}#?secret=Abc123"></iframe>'
    hears = "<script>heard = []; onmessage = (event) => heard.push(event.data)</script>"
    page.goto(host(hears + frame))
    shown = inside(page)
    said = "heard.find((one) => one.secret === 'Abc123' && one.message === '{}')"
    page.wait_for_function(said.format("height"))
    height = page.evaluate(f"{said.format('height')}.value")
    assert height == height_of_results(shown)
    shown.locator("h3 a").first.click()
    page.wait_for_function(said.format("link"))
    link = page.evaluate(f"{said.format('link')}.value")
    assert link == f"{site}{shown.locator('h3 a').first.get_attribute('href')}"


def test_only_the_frame_itself_is_heard(page: Page, site: str, host: Callable[[str], str]) -> None:
    page.goto(host(allow_framing(site, script=True)))
    inside(page)
    page.wait_for_function("document.querySelector('iframe').height > 700")
    before = page.get_attribute("iframe", "height")
    page.evaluate("window.postMessage({cadre: 'height', height: 222}, '*')")
    page.wait_for_timeout(200)
    assert page.get_attribute("iframe", "height") == before


def test_no_other_page_can_be_framed(page: Page, site: str, host: Callable[[str], str]) -> None:
    page.goto(host(f'<iframe src="{site}/en/" width="800" height="600"></iframe>'))
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("#results").count() == 0


def test_links_of_a_frame_open_apart(page: Page, site: str, host: Callable[[str], str]) -> None:
    page.goto(host(allow_framing(site, script=True)))
    shown = inside(page)
    for link in (shown.locator("h3 a").first, shown.locator("svg a").first):
        with page.expect_popup() as opened:
            link.click()
        expect(opened.value.locator("header.top")).to_be_visible()
        opened.value.close()


def test_frame_shows_results_without_script(
    browser: Browser, site: str, host: Callable[[str], str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host(allow_framing(site, script=True)))
    inside(page)
    context.close()


def test_printed_page_has_addresses_of_sources_and_no_navigation(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/events/ru-aes-consultations-moscow-2025/")
    expression = (
        "getComputedStyle(document.querySelector('ol.sources a[href^=http]'), '::after').content"
    )
    assert page.evaluate(expression) == "none"
    page.emulate_media(media="print")
    assert "(" in page.evaluate(expression)
    assert not page.locator("header.top nav").is_visible()
    page.goto(f"{site}/fr/?party=ml")
    for hidden in ("#filters", "nav.views", ".files", "footer nav"):
        assert page.locator(hidden).count() > 0
        assert not page.locator(hidden).first.is_visible()
    assert page.locator(".sentence").is_visible()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_printed_page_says_its_address_and_its_day(page: Page, site: str, language: str) -> None:
    def said(of: str) -> str:
        return str(
            page.evaluate(f"getComputedStyle(document.querySelector('{of}'), '::after').content")
        )

    address = f"{site}/{language}/commitments/?party=ml"
    page.goto(address)
    assert said("header.top") == "none"
    page.emulate_media(media="print")
    assert page.locator("head link:visible").count() == 1
    assert said(f"#in-{language}").strip('"') == address
    assert said("header.top").strip('"') == page.locator("header.top").get_attribute("data-day")


@pytest.mark.parametrize("view", ["map", "matrix", "lanes"])
def test_printed_picture_stands_on_one_sheet_with_its_legend(
    page: Page, site: str, view: str
) -> None:
    page.goto(f"{site}/fr/?view={view}")
    for paper in ("A4", "Letter"):
        printed = page.pdf(format=paper, prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    assert page.locator(".shown figcaption").is_visible()
    assert not page.locator(".strip").is_visible()


def test_printed_lanes_fit_on_one_sheet_without_their_controls(page: Page, site: str) -> None:
    def height(of: str) -> float:
        return float(page.locator(of).evaluate("one => one.getBoundingClientRect().height"))

    page.set_viewport_size({"width": 688, "height": 1000})
    page.goto(f"{site}/fr/?view=lanes&party=ml")
    sheet = 265 / 25.4 * 96
    assert height(".lanes svg.wide") > sheet
    page.emulate_media(media="print")
    assert not page.locator(".lanes .controls").is_visible()
    assert height(".lanes") < sheet
