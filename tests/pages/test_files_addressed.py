"""Each question has one file: unknown parameters redirect to it, and other sites may show it."""

from typing import Any

import pytest
from django.test import Client
from lxml import etree

from timeline.models import Event, Framework

DEMO_FILES = [
    *("/en/picture.svg", "/en/picture.png", "/en/card.png", "/en/events.ics"),
    *("/en/events/ru-aes-consultations-moscow-2025.png", "/en/frameworks/ru-aes.ics"),
]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("address", DEMO_FILES)
def test_unknown_parameter_leads_to_the_address_without_it(client: Client, address: str) -> None:
    answer = client.get(f"{address}?zz=1&utm_source=x")
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert answer["Cache-Control"] == "public, no-cache"
    assert client.get(address).status_code == 200


@pytest.mark.usefixtures("demo")
def test_what_is_known_stays_in_the_address(client: Client) -> None:
    answer = client.get("/fr/picture.svg?party=ru&zz=1&party=ml&q=%C3%A9nergie&view=map")
    assert answer["Location"] == "/fr/picture.svg?party=ru&party=ml&q=%C3%A9nergie&view=map"
    answer = client.get("/en/frameworks/ru-aes.ics?all=1&party=ru")
    assert answer["Location"] == "/en/frameworks/ru-aes.ics?all=1"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("address", [*DEMO_FILES[:3], DEMO_FILES[4], "/en/embed/"])
@pytest.mark.parametrize("query", ["", "?zz=1", "?from=soon"])
def test_other_sites_may_show_it(client: Client, address: str, query: str) -> None:
    assert client.get(address + query)["Cross-Origin-Resource-Policy"] == "cross-origin"


ODD = "a\x0b\uffffb\ufdd0\x1fc\u202e"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("file", ["picture.svg", "picture.png", "card.png", "events.ics"])
def test_words_that_xml_cannot_hold_break_no_file(client: Client, file: str) -> None:
    answer: Any = client.get(f"/en/{file}", {"q": ODD})
    assert answer.status_code == 200
    if file.endswith("svg"):
        etree.fromstring(answer.content)
    elif file.endswith("png"):
        assert answer.content.startswith(b"\x89PNG")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("view", ["list", "lanes", "matrix", "map"])
def test_text_that_xml_cannot_hold_breaks_no_drawing(client: Client, view: str) -> None:
    Event.objects.update(title_en=f"Title {ODD}")
    for framework in Framework.objects.all():
        Framework.objects.filter(pk=framework.pk).update(title_en=f"{framework.pk} {ODD}")
    answer = client.get(f"/en/picture.svg?view={view}&framework=ru-aes")
    etree.fromstring(answer.content)
    card = client.get("/en/events/ru-aes-consultations-moscow-2025.png")
    assert card.content.startswith(b"\x89PNG")
