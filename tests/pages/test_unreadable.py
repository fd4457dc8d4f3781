"""All pages that take a question refuse unreadable values in the same way."""

import pytest
from django.http import QueryDict
from django.test import Client

pytestmark = pytest.mark.usefixtures("demo")

ADDRESSES = (
    *("", "commitments/", "embed/", "data/", "events.ics"),
    *("picture.svg", "picture.png", "card.png"),
)

FILES = ("events.csv", "events.atom", "events.bib", "cite/events/", "commitments.csv")
"""What htmx asks for nowhere."""

OF_TEXTS = ("instruments/", "instruments.csv")
"""Lists of texts, which have fewer filters."""

UNREADABLE = {
    "from=soon": "From",
    "to=2025-13": "To",
    "from=2026&to=2025": "From",
    "q=!!!": "Words",
    "sector=nowhere": "Sector",
    "party=ml&party=nobody": "Country or bloc",
    "kind=feast": "Kind",
    "person=nobody": "Person",
    "source=0": "Source",
    f"source={'9' * 20}": "Source",
    "order=sideways": "Order",
    "order=relevance": "Order",
    "certain=perhaps": "Surely in the period",
    "direct=1&direct=0": "Directly",
    "after=nothing": "Page",
}
"""Query strings, with the name of the field that cannot be read."""

NOT_OF_TEXTS = {
    *("sector=nowhere", "person=nobody", "source=0", f"source={'9' * 20}", "direct=1&direct=0"),
}
"""Those of parameters that a list of texts does not have."""

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_unreadable_value_is_refused_and_its_field_named(client: Client, address: str) -> None:
    for query, name in UNREADABLE.items():
        for headers in ({}, HTMX):
            answer = client.get(f"/en/{address}?{query}", headers=headers)
            assert answer.status_code == 400, (address, query, headers)
            assert name in answer.content.decode(), (address, query, headers)


@pytest.mark.parametrize("address", [*FILES, *OF_TEXTS])
def test_unreadable_value_is_refused_by_files_and_lists_of_texts(
    client: Client, address: str
) -> None:
    for query, name in UNREADABLE.items():
        if address in OF_TEXTS and query in NOT_OF_TEXTS:
            continue
        answer = client.get(f"/en/{address}?{query}")
        assert answer.status_code == 400, (address, query)
        assert name in answer.content.decode(), (address, query)


@pytest.mark.parametrize("noun", ["events", "commitments"])
def test_unreadable_value_is_refused_and_its_parameter_named_by_the_api(
    client: Client, noun: str
) -> None:
    for query in UNREADABLE:
        answer = client.get(f"/api/v1/{noun}?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        named = {wrong["name"] for wrong in answer.json()["parameters"]}
        assert named & QueryDict(query).keys(), query


@pytest.mark.parametrize("address", ["", "commitments/"])
def test_group_of_options_is_refused_with_an_unreadable_value(client: Client, address: str) -> None:
    headers = {**HTMX, "HX-Target": "options-party"}
    for query in UNREADABLE:
        answer = client.get(f"/en/{address}?{query}&options=party", headers=headers)
        assert answer.status_code == 400, (address, query)
        assert 'id="options-party"' in answer.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_same_question_that_can_be_read_is_answered(client: Client, address: str) -> None:
    for headers in ({}, HTMX):
        answer = client.get(f"/en/{address}?from=2025&party=ml&sector=energy", headers=headers)
        assert answer.status_code == 200
