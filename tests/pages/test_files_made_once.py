"""Files are cached for their question, however the address is written."""

from collections.abc import Hashable
from typing import Any

import pytest
from django.test import Client

from timeline.models import Event
from timeline.pages import _revalidated

SPELLED = (
    "state=held&kind=meeting",
    "kind=meeting&state=held",
    "q=&kind=meeting&state=held&order=newest",
    "state=held&state=held&kind=meeting&direct=0",
)
"""One question in several spellings."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "file",
    [
        *("picture.svg", "picture.png", "card.png", "embed/", "events.atom", "events.ics"),
        *("events.csv", "events.xlsx", "commitments.json"),
        *("cite/events/", "events.bib"),
    ],
)
def test_spellings_of_a_question_have_one_tag(client: Client, event: Event, file: str) -> None:
    answers = [client.get(f"/en/{file}?{query}") for query in SPELLED]
    for answer in answers:
        answer.close()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer["ETag"] for answer in answers}) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("file", ["picture.svg", "card.png", "embed/"])
def test_one_question_is_drawn_once(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    drawings: list[object] = []
    keep = _revalidated.response_cache.set

    def kept(key: Hashable, revision: Hashable, answer: Any) -> None:
        drawings.append(key)
        keep(key, revision, answer)

    monkeypatch.setattr(_revalidated.response_cache, "set", kept)
    bodies = {client.get(f"/en/{file}?{query}").content for query in SPELLED}
    assert len(bodies) == len(drawings) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("address", ["/en/", "/en/embed/", "/en/data/", "/en/commitments/"])
def test_page_is_made_once_whatever_it_does_not_know(
    client: Client, event: Event, address: str
) -> None:
    first = client.get(address)
    other = client.get(f"{address}?zz=1&utm_source=x")
    assert other.status_code == 200
    assert other["ETag"] == first["ETag"]
    assert client.get(f"{address}?kind=meeting")["ETag"] != first["ETag"]
