"""Whatever stands in a query string, the page answers 200 or 400."""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core.reading import PARAMETERS

pytestmark = pytest.mark.django_db

SPECIAL: Final = (
    *("9999-99", "-1", "2025", "2025-04", "0001", "\x00", "\ud800", "ml", "energy", "1"),
    *("relevance", "A" * 8000, "' OR 1=1 --", "%", "\u202e"),
)
ODD = st.one_of(st.text(max_size=60), st.binary(max_size=60), st.sampled_from(SPECIAL))
KEYS = st.one_of(st.sampled_from(sorted(PARAMETERS)), st.text(max_size=8))
PAIRS = st.lists(st.tuples(KEYS, ODD), max_size=6)

Test = TypeVar("Test", bound=Callable[..., None])


def each_special_value_everywhere(test: Test) -> Test:
    """Try, before what is drawn, each special value in all parameters at once."""
    for value in SPECIAL:
        test = example([(key, value) for key in sorted(PARAMETERS)])(test)
    return test


def raw(pairs: list[tuple[str, Any]]) -> str:
    """The query string, as long as a server passes it on."""

    def encoded(value: Any) -> bytes:
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")

    whole = urlencode([(encoded(key), encoded(value)) for key, value in pairs])
    return whole[:8192]


ANSWERED = (200, 400, 414)


@settings(max_examples=tries(100, soak=2000), suppress_health_check=list(HealthCheck))
@given(PAIRS)
@each_special_value_everywhere
def test_no_query_string_breaks_the_page(pairs: list[tuple[str, Any]]) -> None:
    client = Client(raise_request_exception=True)
    response = client.get("/en/", QUERY_STRING=raw(pairs))
    assert response.status_code in ANSWERED


@settings(max_examples=tries(20, soak=150), suppress_health_check=list(HealthCheck))
@given(PAIRS)
@each_special_value_everywhere
def test_no_query_string_breaks_the_ledger(pairs: list[tuple[str, Any]]) -> None:
    client = Client(raise_request_exception=True)
    for address in ("/en/commitments/", "/en/frameworks/"):
        response = client.get(address, QUERY_STRING=raw(pairs))
        assert response.status_code in ANSWERED
