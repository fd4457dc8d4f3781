"""Too many new combinations of filters are refused for a while; all else is answered."""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests import factories as make
from tests.parsed_page import Page
from timeline.pages import _throttled
from timeline.pages._throttled import seconds_to_wait

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_kept")]

HERE: Final = "192.0.2.1"


class Clock:
    """A fake clock for the limits: of the day, and of the processor."""

    def __init__(self) -> None:
        self.now, self.worked, self.cost = 1_200_000_000.0, 0.0, 2.0

    def tell(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.now, dt.UTC)

    def thread_time(self) -> float:
        """Return the processor's time, which advances by ``cost`` seconds with each call."""
        self.worked += self.cost
        return self.worked


@pytest.fixture(autouse=True)
def clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Limit each network to ten seconds of work a minute, by a fake clock."""
    settings.NETWORK_SECONDS_PER_MINUTE = 10
    fake = Clock()
    monkeypatch.setattr(_throttled, "time", SimpleNamespace(thread_time=fake.thread_time))
    monkeypatch.setattr(_throttled, "timezone", SimpleNamespace(now=fake.tell))
    yield fake
    cache.clear()


@pytest.fixture(autouse=True)
def records() -> None:
    make.one_of_each()


def get(address: str, network: str = HERE, **headers: str) -> Any:
    return Client(REMOTE_ADDR=network).get(address, headers=headers)


def combination(number: int) -> str:
    return f"/en/?party=ml&from={1900 + number}"


def use_up(network: str = HERE) -> None:
    answers = [get(combination(number), network).status_code for number in range(20, 26)]
    assert answers == [200] * 5 + [429]


def test_new_combinations_are_refused_after_the_time_of_a_network_is_spent() -> None:
    use_up()
    refused = get(combination(9))
    assert refused.status_code == 429
    assert refused.headers["Cache-Control"] == "no-store"
    assert 0 < int(refused.headers["Retry-After"]) <= 120
    assert get(combination(9), "198.51.100.1").status_code == 200


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Wait 71 seconds, then try again"), ("fr", "Attendez 71 secondes, puis réessayez")],
)
def test_refusal_says_in_the_language_of_the_page_what_to_do(language: str, sentence: str) -> None:
    use_up()
    refused = get(f"/{language}/?party=ml&q=%3Cb%3E")
    page = Page(refused)
    assert refused.headers["Retry-After"] == "71"
    assert page.root.xpath("string(//h2)") == sentence
    links = page.root.xpath("//main//a/@href")
    assert links == [f"/{language}/?party=ml&q=%3Cb%3E", f"/{language}/"]
    assert len(refused.content) < 10_000


def test_refused_swap_says_how_long_to_wait() -> None:
    use_up()
    swap = {"HX-Request": "true", "HX-Target": "options-party"}
    refused = get(combination(9), **swap)
    assert refused.status_code == 429
    assert refused.content.lstrip().startswith(b'<section id="results"')
    assert Page(refused).text("//*[@id='found']").startswith("Wait ")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "commitments/",
            "frameworks/",
            "parties/",
            "sectors/",
            "people/",
            "sources/",
            "data/",
        ),
        *("events/event/", "commitments/commitment/", "frameworks/framework/", "parties/ml/"),
        *("sectors/trade/", "people/lavrov/", "sources/7/", "events/event.png", "events.ics"),
        *("frameworks/framework.ics", "picture.svg", "about/", "changes/", "corrections/"),
        *("?party=ml", "?sector=trade", "?kind=summit", "?view=lanes", "commitments/?obligor=ml"),
        *("?party=ml&q=&from=", "?party=ml&utm_source=elsewhere", "picture.svg?party=ml"),
    ],
)
def test_pages_of_which_there_are_few_are_always_answered(address: str) -> None:
    use_up()
    assert get(f"/en/{address}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        *("?party=ml&sector=trade", "?party=ml&party=ru", "?q=gas", "?from=2025", "?options=party"),
        *(
            "?after=abc",
            "?view=lanes&zoom=3",
            "commitments/?asof=2025-06-01",
            "parties/ml/?asof=2025",
        ),
        *("picture.svg?party=ml&kind=summit", "picture.png?q=gas", "card.png?q=gas"),
        *(
            "events.ics?party=ml&all=1",
            "embed/?party=ml&sector=trade",
            "data/?party=ml&kind=summit",
        ),
        *("commitments/?sector=trade&status=agreed", "?sector=trade&sector=nope"),
    ],
)
def test_whatever_is_asked_without_end_is_refused(address: str) -> None:
    use_up()
    refused = get(f"/en/{address}")
    assert refused.status_code == 429
    assert "ETag" not in refused.headers


def test_kept_answers_and_unchanged_ones_are_always_given() -> None:
    first = get(combination(0))
    use_up("198.51.100.1")
    assert get(combination(0), "198.51.100.1").content == first.content
    unchanged = get(combination(0), "198.51.100.1", **{"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304


def test_refusal_is_not_kept(clock: Clock) -> None:
    use_up()
    assert get(combination(9)).status_code == 429
    assert get(combination(9), "198.51.100.1").status_code == 200
    assert get(combination(9)).status_code == 200


def test_network_is_answered_again_after_the_stated_seconds(clock: Clock) -> None:
    use_up()
    clock.cost = 0.0
    wait = int(get(combination(9)).headers["Retry-After"])
    clock.now += wait - 2
    assert get(combination(9)).status_code == 429
    clock.now += 2
    assert get(combination(9)).status_code == 200


def test_robot_that_goes_on_asking_stays_refused(clock: Clock) -> None:
    use_up()
    answers = set()
    for number in range(100, 160):
        clock.now += 10
        answers.add(get(combination(number)).status_code)
    assert answers == {429}
    clock.cost = 0.0
    clock.now += 120
    assert get(combination(161)).status_code == 200


def test_cheap_answers_are_not_counted_by_their_number(clock: Clock) -> None:
    clock.cost = 0.01
    assert {get(combination(number)).status_code for number in range(100)} == {200}


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ("192.0.2.250", 429),
        ("192.0.3.1", 200),
        ("::ffff:192.0.2.9", 429),
        ("2001:db8::1", 200),
    ],
)
def test_neighbours_in_a_network_share_its_time(other: str, status: int) -> None:
    use_up()
    assert get(combination(9), other).status_code == status


def test_site_of_ipv6_shares_its_time() -> None:
    use_up("2001:db8:1:2::3")
    assert get(combination(9), "2001:db8:1:ff::4").status_code == 429
    assert get(combination(9), "2001:db8:2:2::3").status_code == 200


def test_client_behind_a_proxy_is_who_the_proxy_names(settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    for number in range(5):
        get(combination(number), **{"X-Forwarded-For": "203.0.113.9"})
    assert get(combination(9), **{"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert get(combination(9), **{"X-Forwarded-For": "198.51.100.9"}).status_code == 200


def test_limit_can_be_turned_off(settings: Settings) -> None:
    settings.NETWORK_SECONDS_PER_MINUTE = 0
    assert {get(combination(number)).status_code for number in range(9)} == {200}


def test_nothing_is_written_to_the_database() -> None:
    with CaptureQueriesContext(connection) as captured:
        use_up()
    assert captured.captured_queries
    writing = ("INSERT", "UPDATE", "DELETE", "REPLACE")
    assert not [query for query in captured.captured_queries if query["sql"].startswith(writing)]


@pytest.mark.parametrize(
    ("spent", "before", "into", "wait"),
    [
        (0, 0, 30.0, 0),
        (9_999, 0, 30.0, 0),
        (10_000, 0, 0.0, 61),
        (10_000, 0, 59.0, 2),
        (20_000, 0, 30.0, 61),
        (0, 20_000, 0.0, 31),
        (0, 20_000, 29.0, 2),
        (0, 20_000, 31.0, 0),
        (5_000, 10_000, 15.0, 16),
        (5_000, 10_000, 31.0, 0),
    ],
)
def test_limit_slides(spent: int, before: int, into: float, wait: int) -> None:
    assert seconds_to_wait(spent, before, into, 10_000) == wait
