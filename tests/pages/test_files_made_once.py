"""Files are cached for their question, however the address is written."""

from collections.abc import Hashable
from typing import Any

import pytest
from django.test import Client

from timeline.models import Event
from timeline.pages import _revalidated


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
    bodies = {
        client.get(f"/en/{file}?{query}").content
        for query in (
            "state=held&kind=meeting",
            "kind=meeting&state=held",
            "q=&kind=meeting&state=held&order=newest",
            "state=held&state=held&kind=meeting&direct=0",
        )
    }
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
