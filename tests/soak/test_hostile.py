"""The hostile requests of `make soak`: a few hundred of them to the production server."""

from itertools import islice
from math import inf
from pathlib import Path

import pytest

from bench.soak import hostile
from bench.soak.grammar import Request, requests
from bench.soak.hostile import Answer, Report, grown, is_broken

# The campaign starts from a copy of the migrated database.
pytestmark = pytest.mark.django_db

REQUESTS = 250


def test_odd_requests_are_answered_without_an_error_of_the_server(demo_file: Path) -> None:
    drawn = requests(2025, hostile.world_of(demo_file))
    with hostile.served(demo_file) as server:
        report = hostile.attack(server.port, islice(drawn, REQUESTS), Report())
    assert report.asked == REQUESTS
    assert [f"{answer.status} {request}" for request, answer in report.broken] == []
    assert report.statuses.keys() >= {"200", "400", "404"}


def test_same_seed_draws_the_same_requests(demo_file: Path) -> None:
    world = hostile.world_of(demo_file)
    first, again, other = (list(islice(requests(seed, world), 50)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_every_public_address_may_be_requested(demo_file: Path) -> None:
    addresses = hostile.world_of(demo_file).addresses
    assert {"/", "/fr/", "/en/events/{}/", "/fr/frameworks/{}.ics", "/oembed", "/readyz"} <= {
        *addresses
    }


@pytest.mark.parametrize("status", [429, 503])
def test_only_an_answer_that_says_when_to_try_again_may_put_off(status: int) -> None:
    request, report = Request("GET", "/fr/"), Report()
    assert is_broken(request, Answer(status, "", 0.1, 0))
    report.note(request, Answer(status, "5", 0.1, 0))
    assert report.broken == []
    assert f"put off: {status}, again after 5 s: GET /fr/" in report.lines()


def test_worker_that_grows_or_ends_is_seen() -> None:
    assert grown({1: 100.0, 2: 90.0}, {1: 101.0, 2: 190.0}) == 100
    assert grown({1: 100.0, 2: 90.0}, {1: 101.0, 3: 90.0}) == inf
    assert grown({}, {}) == inf


def test_error_of_the_server_and_a_closed_connection_are_broken() -> None:
    request = Request("GET", "/fr/")
    assert is_broken(request, Answer(500, "", 0.1, 0))
    assert not is_broken(request, Answer(501, "", 0.1, 0))
    assert is_broken(request, Answer(None, "", 0.1, 0))
    assert not is_broken(Request("GET", "/fr/", leaves=True), Answer(None, "", 0.1, 0))
