"""Links that say how many things they find, and how many they do find.

Counted links are found by what they look like, wherever they stand: a link that says '4 events',
one that is a number or holds one, and one whose row or item says a number beside it.
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

DISPLAY_PARAMETERS: Final = (
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


Named = tuple[tuple[str, ...], ...]
Known = Mapping[str, frozenset[str]]


@dataclass
class Record:
    """What each link is held against: read once, since nothing changes meanwhile."""

    _known: dict[Named, Known] = field(default_factory=dict)

    @cached_property
    def index(self) -> Ledger:
        return ledger.on(AsOf(TODAY))

    def known(self, data: dict[str, list[str]]) -> Known:
        """What filters may name: the same but for the places, people and sources asked for."""
        named = tuple(tuple(data.get(name, ())) for name in ("place", "person", "source"))
        if named not in self._known:
            self._known[named] = vocabulary(data).known
        return self._known[named]


def found(client: Client, one: Counted, record: Record) -> int:
    """How many things an address finds, of the kind that was counted."""
    address, part = urldefrag(one.to)
    asked = urlsplit(address)
    data = {name: list(values) for name, values in parse_qs(asked.query).items()}
    known = record.known(data)
    if asked.path == "/en/":
        return filtered(read(data, known)).count()
    if asked.path == "/en/commitments/":
        question = read_ledger(data, known, TODAY)
        when = AsOf(TODAY)
        return record.index.answer(question, ledger.narrowed(question, when)).total
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
    for number, look in enumerate(DISPLAY_PARAMETERS):
        yield from (f"/en/?{look}&{FILTERS[(number + step) % 6]}" for step in (0, 3))
    yield from (f"/en/{noun}/" for noun in ("parties", "sectors", "people", "sources"))


def untrue(
    client: Client, start: Iterable[str], most: int = 0
) -> tuple[int, list[tuple[Counted, int]]]:
    """How many counted links there are on some pages, and those that find another number.

    The pages are those to start from and, until there are ``most``, those that their counted links
    lead to, drawn from all kinds of them.
    """
    links: dict[tuple[str, int], Counted] = {}
    waiting = list(dict.fromkeys(start))
    known = set(waiting)
    draw = random.Random(1)  # noqa: S311 — the same pages each time
    beyond: list[str] = []
    seen = 0
    while waiting or (beyond and seen < most):
        address = waiting.pop(0) if waiting else beyond.pop(draw.randrange(len(beyond)))
        response = client.get(address)
        assert response.status_code == 200, address
        seen += 1
        for one in counted(address, Page(response)):
            links.setdefault((one.to, one.number), one)
            if (to := urldefrag(one.to)[0]) not in known:
                known.add(to)
                beyond.append(to)
    assert seen >= most
    numbers: dict[str, int] = {}
    record = Record()
    for one in links.values():
        if one.to not in numbers:
            numbers[one.to] = found(client, one, record)
    wrong = [(one, numbers[one.to]) for one in links.values() if numbers[one.to] != one.number]
    return len(links), wrong
