"""Pictures, cards and embeds are revalidated and not made again if unchanged."""

import pytest
from django.test import Client

from timeline.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_kept")]

FILES = ["picture.svg", "picture.png", "card.png", "events/{}.png", "embed/", "data/"]


@pytest.mark.parametrize("file", FILES)
def test_file_is_revalidated_and_not_sent_again(client: Client, event: Event, file: str) -> None:
    address = f"/en/{file.format(event.slug)}"
    first = client.get(address)
    assert first["Cache-Control"] == "public, no-cache"
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    answer = client.get(address)
    assert answer.content == first.content
    for name in ("Content-Type", "Content-Security-Policy", "ETag"):
        assert answer[name] == first[name]
    assert answer.headers.get("X-Frame-Options") == first.headers.get("X-Frame-Options")


@pytest.mark.parametrize("file", FILES)
def test_changed_record_makes_another_file(client: Client, event: Event, file: str) -> None:
    address = f"/en/{file.format(event.slug)}"
    first = client.get(address)
    event.title_en = "Another title"
    event.save()
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_event_that_was_withdrawn_is_gone_from_what_is_kept(client: Client, event: Event) -> None:
    address = f"/en/events/{event.slug}.png"
    tag = client.get(address)["ETag"]
    event.publication = "withdrawn"
    event.withdrawn_reason_en = "Entered twice."
    event.save()
    assert client.get(address).status_code == 410
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 410
