"""On the demo, the number beside a link is that of the records that the link leads to."""

import pytest
from django.test import Client

from tests.links import addresses, untrue
from tests.parsed_page import Page


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_each_number_beside_a_link_of_the_demo_is_what_it_finds(
    client: Client, every: bool
) -> None:
    more = ("parties/ml/", "sectors/energy/", "frameworks/ru-ml/", "parties/ml/?asof=2025-06-01")
    number, wrong = untrue(client, [*addresses(), *(f"/en/{path}" for path in more)], every=every)
    assert wrong == []
    assert number > 300


@pytest.mark.usefixtures("demo")
def test_number_beside_a_year_is_read_apart_from_it(client: Client) -> None:
    years = Page(client.get("/en/")).root.xpath("//nav[@class='years']/a")
    read = [" ".join(link.text_content().split()) for link in years]
    assert read == ["2022 1", "2023 9", "2024 31", "2025 47", "2026 9"]
