"""What `make soak` asks by the ten thousand, in a few hundred requests to the production server."""

from itertools import islice
from pathlib import Path

import pytest

from bench.soak import hostile
from bench.soak.grammar import Request, requests
from bench.soak.hostile import Answer, Report, is_broken

# The database that the campaign starts from is a copy of the migrated one.
pytestmark = pytest.mark.django_db

REQUESTS = 600


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


def test_every_public_address_may_be_asked(demo_file: Path) -> None:
    addresses = hostile.world_of(demo_file).addresses
    assert {"/", "/fr/", "/en/events/{}/", "/fr/frameworks/{}.ics", "/oembed", "/readyz"} <= {
        *addresses
    }


def test_only_an_answer_that_says_when_to_try_again_may_be_a_503() -> None:
    asked = Request("GET", "/fr/")
    assert is_broken(asked, Answer(500, "", 0.1, 0))
    assert is_broken(asked, Answer(503, "", 0.1, 0))
    assert not is_broken(asked, Answer(503, "5", 0.1, 0))
    assert not is_broken(asked, Answer(501, "", 0.1, 0))
    assert is_broken(asked, Answer(None, "", 0.1, 0))
    assert not is_broken(Request("GET", "/fr/", leaves=True), Answer(None, "", 0.1, 0))
