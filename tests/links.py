"""Links that say how many things they find, and how many they do find.

Counted links are found by what they look like, wherever they stand: a link that says '4 events',
one that is a number or holds one, and one whose row or item says a number beside it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urldefrag, urlsplit

from django.test import Client
from lxml.html import HtmlElement

from tests.pages import TODAY, Page
from timeline.core.ledger import Ledger
from timeline.core.reading import read, read_ledger
from timeline.index.sql_filter import filtered
from timeline.queries import ledger
from timeline.queries.as_of import AsOf
from timeline.queries.vocabulary import vocabulary

SAID: Final = re.compile(
    r"(?<![\d,–-])(\d[\d,]*) (?:open )?(event|commitment|source|framework)s?\b"
)
NUMBER: Final = re.compile(r"\d[\d,]*")

FILTERS: Final = (
    *("", "from=2025-04&to=2025-04&party=ml", "certain=1&party=ml", "party=ml&party=ru"),
    *("party=ml&party=ru&party_match=any", "sector=energy&from=2025&to=2025&stacked=1"),
    *("from=2025-04&to=2025-06&certain=1", "order=oldest&kind=meeting&direct=1"),
)
"""What timelines are asked for; the ledger and the pictures take the same."""

LOOKS: Final = (
    *("view=matrix", "view=matrix&against=party", "view=map", "view=lanes"),
    *("view=lanes&lanes=sector", "view=lanes&zoom=9&centre=2025-04-03"),
)


class Counted(NamedTuple):
    """A link with the number that is said of it."""

    page: str
    said: str
    noun: str
    number: int
    to: str


def folded(text: str) -> str:
    return " ".join(text.split())


def told(text: str) -> tuple[int, str] | None:
    """The number that a text says of something, and what of; None where it says none or several."""
    found = SAID.findall(text)
    if len(found) == 1:
        return int(found[0][0].replace(",", "")), found[0][1]
    plain = folded(text)
    return (int(plain.replace(",", "")), "") if NUMBER.fullmatch(plain) else None


def inside(link: HtmlElement) -> tuple[int, str] | None:
    """What a link says itself; a small number at its end counts what its words name."""
    small = link.xpath("./small")
    return told(small[0].text_content()) if small else told(link.text_content())


def beside(link: HtmlElement) -> tuple[int, str] | None:
    """What stands beside the first link of a row or an item: in a cell, an output or small type."""
    row = next((one for one in link.iterancestors() if one.tag in ("tr", "li", "article")), None)
    if row is None or row.tag == "article" or row.get("class") in ("event", "promise"):
        return None
    if row.xpath("(.//a)[1]")[0] is not link:
        return None
    places = row.xpath("./td[last()] | ./output | ./small")
    return told(places[-1].text_content()) if places and not places[-1].xpath(".//a") else None


def counted(address: str, page: Page) -> Iterator[Counted]:
    for link in page.root.xpath("//a[@href]"):
        to = link.get("href")
        said = folded(link.text_content())
        # Pages of the list and moves of the picture find the same; options come in their place.
        if not to.startswith(("/", "#")) or "options=" in to or ", zoom in" in said:
            continue
        if (what := inside(link) or beside(link)) is not None:
            yield Counted(address, said, what[1], what[0], to)


Books = Callable[[], Ledger]


def found(client: Client, one: Counted, books: Books) -> int:
    """How many things an address finds, of the kind that was counted."""
    address, part = urldefrag(one.to)
    asked = urlsplit(address)
    data = {name: list(values) for name, values in parse_qs(asked.query).items()}
    words = vocabulary(data)
    if asked.path == "/en/":
        return filtered(read(data, words.known)).count()
    if asked.path == "/en/commitments/":
        question = read_ledger(data, words.known, TODAY)
        when = AsOf(TODAY)
        return books().answer(question, ledger.narrowed(question, when)).total
    page = Page(client.get(one.to))
    if part:
        item = {"sources": "ol[@class='sources']/li[@id]", "commitments": "ol[@class='ledger']/li"}
        return len(page.root.xpath(f"//section[@aria-labelledby='{part}']/{item[part]}"))
    if asked.path == "/en/frameworks/":
        return len(page.root.xpath("//ol[@class='cards']/li[@class='event']"))
    (number,) = SAID.findall(page.text("//*[@id='events']"))
    return int(number[0].replace(",", ""))


def addresses() -> Iterator[str]:
    yield from (f"/en/?{query}" for query in FILTERS)
    yield from (f"/en/commitments/?{query.replace('&stacked=1', '')}" for query in FILTERS[:6:2])
    for number, look in enumerate(LOOKS):
        yield from (f"/en/?{look}&{FILTERS[(number + step) % 6]}" for step in (0, 3))
    yield from (f"/en/{noun}/" for noun in ("parties", "sectors", "people", "sources"))


def untrue(client: Client, pages: Iterable[str]) -> tuple[int, list[tuple[Counted, int]]]:
    """How many counted links there are on some pages, and those that find another number."""
    links: dict[tuple[str, int], Counted] = {}
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        for one in counted(address, Page(response)):
            links.setdefault((one.to, one.number), one)
    numbers: dict[str, int] = {}
    books = cache(lambda: ledger.on(AsOf(TODAY)))
    for one in links.values():
        if one.to not in numbers:
            numbers[one.to] = found(client, one, books)
    wrong = [(one, numbers[one.to]) for one in links.values() if numbers[one.to] != one.number]
    return len(links), wrong
