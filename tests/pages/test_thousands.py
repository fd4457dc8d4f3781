"""Numbers of four digits and more are grouped on all pages, in both languages."""

import re
from collections.abc import Iterator
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from timeline.models import Event

pytestmark = pytest.mark.django_db

EVENTS = 1500
SEPARATOR = {"fr": "\u202f", "en": ","}

UNGROUPED = re.compile(r"(?<![\d.,/=-])[1-9]\d{3,}(?![\d.,/-])")

PAGES = (
    *("", "?view=matrix", "?view=map", "?view=lanes", "?view=lanes&lanes=sector", "?stacked=1"),
    *("?from=1900", "?order=oldest", "commitments/", "parties/", "sectors/", "data/", "embed/"),
    *("picture.svg", "picture.svg?view=matrix", "picture.svg?view=map", "picture.svg?view=lanes"),
)


@pytest.fixture(scope="module")
def corpus(swept: None, django_db_blocker: Any) -> Iterator[None]:
    """A corpus that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("make_events", str(EVENTS), "--seed", "3", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def texts(content: str) -> str:
    """Return the texts of a page, with its title and labels: no addresses, keys or coordinates."""
    attributes = re.findall(r'(?:aria-label|title|description" content)="([^"]*)"', content)
    plain = re.sub(r"<(style|script|textarea)\b.*?</\1>", " ", content, flags=re.DOTALL)
    plain = re.sub(r"<(?:q|time|blockquote)\b.*?</(?:q|time|blockquote)>", " ", plain, flags=re.S)
    plain = re.sub(r"https?://\S+|[\w.]+/\S*", " ", re.sub(r"<[^>]*>", " | ", plain))
    # A purpose code names a sector in aid data and is not a number of things.
    plain = re.sub(r"(?:OECD|OCDE)\D{0,12}\d{5}", "", plain)
    # Nor is that of a resolution, which is its name.
    plain = re.sub(r"R[eé]solution \d+", "", plain)
    return unescape(" | ".join([plain, *attributes]))


def in_languages() -> Iterator[Any]:
    """Each page in French, whose separator is the odd one, and one of each kind in English."""
    for address in PAGES:
        yield pytest.param("fr", address)
        kinds = ("", "?view=lanes", "commitments/", "picture.svg")
        yield pytest.param("en", address, marks=() if address in kinds else pytest.mark.soak)


@pytest.mark.parametrize(("language", "address"), list(in_languages()))
def test_numbers_are_grouped_and_years_are_not(
    client: Client, corpus: None, language: str, address: str
) -> None:
    total = Event.objects.published().count()
    assert total >= EVENTS
    content = client.get(f"/{language}/{address}").content.decode()
    shown = texts(content)
    plain = {int(number) for number in UNGROUPED.findall(shown)}
    near = [
        shown[max(shown.find(str(number)) - 60, 0) :][:120]
        for number in plain
        if not 1800 <= number <= 2100 and number != 9999
    ]
    assert near == []
    assert str(total) not in re.findall(r"\d+", shown) or 1800 <= total <= 2100
    if address not in ("parties/", "sectors/", "commitments/"):
        grouped = f"{total:,}".replace(",", SEPARATOR[language])
        assert grouped in shown
    assert not re.search(r"(?:from|to)=\d[,\u202f]", content)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_announcement_and_title_of_a_swap_are_grouped(
    client: Client, corpus: None, language: str
) -> None:
    swapped = client.get(f"/{language}/", headers={"HX-Request": "true"}).content.decode()
    total = Event.objects.published().count()
    grouped = f"{total:,}".replace(",", SEPARATOR[language])
    (announcement,) = re.findall(r'id="announcement"[^>]*>([^<]*)<', swapped)
    assert announcement.startswith(grouped)
