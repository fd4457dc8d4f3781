"""A number beside a link is what the link finds, on the demo."""

import pytest
from django.test import Client

from tests.links import addresses, untrue


@pytest.mark.usefixtures("demo")
def test_each_number_beside_a_link_of_the_demo_is_what_it_finds(client: Client) -> None:
    more = ("parties/ml/", "sectors/energy/", "frameworks/ru-ml/", "parties/ml/?asof=2025-06-01")
    number, wrong = untrue(client, [*addresses(), *(f"/en/{one}" for one in more)])
    assert wrong == []
    assert number > 300
