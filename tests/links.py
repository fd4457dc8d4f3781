"""Links that state how many records they lead to, and how many these are in fact.

Such links are recognised by their form, anywhere on a page: a link with a text such as '4 events',
a link that is or contains a number, and a link with a number beside it in its row or item.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urldefrag, urlsplit

from django.test import Client
from lxml.html import HtmlElement

from tests.parsed_page import TODAY, Page
from timeline.core.reading import read, read_ledger
from timeline.index.ledger import Ledger
from timeline.index.sql_filter import filtered
from timeline.queries import ledger
from timeline.queries.as_of import AsOf
from timeline.queries.vocabulary import vocabulary

COUNT: Final = re.compile(
    r"(?<![\d,–-])(\d[\d,]*) (?:open )?(event|commitment|source|framework)s?\b"
)
NUMBER: Final = re.compile(r"\d[\d,]*")

FILTERS: Final = (
    *("", "from=2025-04&to=2025-04&party=ml", "from=2025&certain=1&party=ml", "party=ml&party=ru"),
    *("party=ml&party=ru&party_match=any", "sector=energy&from=2025&to=2025&stacked=1"),
    *("from=2025-04&to=2025-06&certain=1", "order=oldest&kind=meeting&direct=1"),
)
"""Query strings of timelines; the ledger and the pictures use the same."""

DISPLAY_PARAMETERS: Final = (
    *("view=matrix", "view=matrix&against=party", "view=map", "view=lanes"),
    *("view=lanes&lanes=sector", "view=lanes&colour=sector", "view=lanes&zoom=9&centre=2025-04-03"),
    "view=map&zoom=2&centre=13,-3",
)


class Counted(NamedTuple):
    """A link with the number that the page states for it."""

    page: str
    text: str
    noun: str
    number: int
    to: str


def folded(text: str) -> str:
    return " ".join(text.split())


def stated(text: str) -> tuple[int, str] | None:
    """Return the number in a text and its noun; None if there is no number or several."""
    matches = COUNT.findall(text)
    if len(matches) == 1:
        return int(matches[0][0].replace(",", "")), matches[0][1]
    plain = folded(text)
    return (int(plain.replace(",", "")), "") if NUMBER.fullmatch(plain) else None


def inside(link: HtmlElement) -> tuple[int, str] | None:
    """Return the number in a link itself; small type at its end counts what its text names."""
    small = link.xpath("./small")
    return stated(small[0].text_content()) if small else stated(link.text_content())


def beside(link: HtmlElement) -> tuple[int, str] | None:
    """Return the number beside the first link of a row or item: in a cell, output or small type."""
    ancestors = link.iterancestors()
    row = next((tag for tag in ancestors if tag.tag in ("tr", "li", "article")), None)
    if row is None or row.tag == "article" or row.get("class") in ("event", "promise"):
        return None
    if row.xpath("(.//a)[1]")[0] is not link:
        return None
    places = row.xpath("./td[last()] | ./b | ./small")
    return stated(places[-1].text_content()) if places and not places[-1].xpath(".//a") else None


def counted(address: str, page: Page) -> Iterator[Counted]:
    for link in page.root.xpath("//a[@href]"):
        to = link.get("href")
        text = folded(link.text_content())
        # Links to options and zoomed pictures lead to the same records as the page itself.
        if not to.startswith(("/", "#")) or "options=" in to or ", zoom in" in text:
            continue
        if (count := inside(link) or beside(link)) is not None:
            yield Counted(address, text, count[1], count[0], to)


Values = tuple[tuple[str, ...], ...]
Vocabulary = Mapping[str, frozenset[str]]


@dataclass
class Record:
    """The record that links are checked against, read once because nothing changes meanwhile."""

    _vocabularies: dict[Values, Vocabulary] = field(default_factory=dict)

    @cached_property
    def index(self) -> Ledger:
        return ledger.on(AsOf(TODAY))

    def vocabulary(self, data: dict[str, list[str]]) -> Vocabulary:
        """Return what filters may name, which depends only on the values of four parameters."""
        looked_up = ("place", "person", "instrument", "source")
        values = tuple(tuple(data.get(name, ())) for name in looked_up)
        if values not in self._vocabularies:
            self._vocabularies[values] = vocabulary(data).choices
        return self._vocabularies[values]


def found(client: Client, link: Counted, record: Record) -> int:
    """Return how many records of the counted kind a link leads to."""
    address, part = urldefrag(link.to)
    url = urlsplit(address)
    data = {name: list(values) for name, values in parse_qs(url.query).items()}
    known = record.vocabulary(data)
    if url.path == "/en/":
        return filtered(read(data, known)).count()
    if url.path == "/en/commitments/":
        question = read_ledger(data, known, TODAY)
        when = AsOf(TODAY)
        return record.index.answer(question, ledger.narrowed(question, when)).total
    page = Page(client.get(link.to))
    if part:
        item = {"sources": "ol[@class='sources']/li[@id]", "commitments": "ol[@class='ledger']/li"}
        return len(page.root.xpath(f"//section[@aria-labelledby='{part}']/{item[part]}"))
    if url.path == "/en/frameworks/":
        return len(page.root.xpath("//ol[@class='cards']/li[@class='event']"))
    if url.path in ("/en/parties/", "/en/people/", "/en/places/", "/en/sources/"):
        return int(page.text("//p[@class='stand']/span").rpartition(" ")[2].replace(",", ""))
    (number,) = COUNT.findall(page.text("//*[@id='events']"))
    return int(number[0].replace(",", ""))


def addresses() -> Iterator[str]:
    yield from (f"/en/?{query}" for query in FILTERS)
    yield from (f"/en/commitments/?{query.replace('&stacked=1', '')}" for query in FILTERS[:6:2])
    for number, display in enumerate(DISPLAY_PARAMETERS):
        yield from (f"/en/?{display}&{FILTERS[(number + step) % 6]}" for step in (0, 3))
    yield from (f"/en/{noun}/" for noun in ("parties", "sectors", "people", "places", "sources"))


def kind(one: Counted) -> tuple[object, ...]:
    """What links of a page have in common that are made in one place: noun, parameters, part."""
    address, part = urldefrag(one.to)
    asked = urlsplit(address)
    return one.page, asked.path.split("/")[:3], sorted(parse_qs(asked.query)), part, one.noun


def ends_of_kinds(links: Iterable[Counted]) -> list[Counted]:
    """The first and the last link of each kind."""
    ends: dict[str, tuple[Counted, Counted]] = {}
    for one in links:
        first, _last = ends.get(repr(kind(one)), (one, one))
        ends[repr(kind(one))] = first, one
    return list(dict.fromkeys(one for pair in ends.values() for one in pair))


def untrue(
    client: Client, start: Iterable[str], most: int = 0, *, every: bool = True
) -> tuple[int, list[tuple[Counted, int]]]:
    """Return the number of counted links on some pages, and those with a wrong number.

    The pages are those in ``start`` and, until there are ``most``, random pages that their counted
    links lead to. Each wrong link comes with the right number. Unless ``every`` link is followed,
    only the first and the last of each kind on a page are.
    """
    links: dict[tuple[str, int], Counted] = {}
    waiting = list(dict.fromkeys(start))
    known = set(waiting)
    draw = random.Random(1)  # noqa: S311 — the same pages each time
    linked: list[str] = []
    visited = 0
    while waiting or (linked and visited < most):
        address = waiting.pop(0) if waiting else linked.pop(draw.randrange(len(linked)))
        response = client.get(address)
        assert response.status_code == 200, address
        visited += 1
        for link in counted(address, Page(response)):
            links.setdefault((link.to, link.number), link)
            if (to := urldefrag(link.to)[0]) not in known:
                known.add(to)
                linked.append(to)
    assert visited >= most
    numbers: dict[str, int] = {}
    record = Record()
    followed = list(links.values()) if every else ends_of_kinds(links.values())
    for link in followed:
        if link.to not in numbers:
            numbers[link.to] = found(client, link, record)
    wrong = [(link, numbers[link.to]) for link in followed if numbers[link.to] != link.number]
    return len(links), wrong
