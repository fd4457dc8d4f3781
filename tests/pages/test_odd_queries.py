"""Whatever stands in a query string, the page answers 200 or 400."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timeline.core.reading import PARAMETERS

pytestmark = pytest.mark.django_db

ODD = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60),
    st.sampled_from(
        [
            "9999-99",
            "-1",
            "2025",
            "2025-04",
            "0001",
            "\x00",
            "\ud800",
            "ml",
            "energy",
            "1",
            "relevance",
            "A" * 8000,
            "' OR 1=1 --",
            "%",
            "\u202e",
        ]
    ),
)
KEYS = st.one_of(st.sampled_from(sorted(PARAMETERS)), st.text(max_size=8))


def _raw(pairs: list[tuple[str, Any]]) -> bytes:
    def encoded(value: Any) -> bytes:
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")

    return urlencode([(encoded(key), encoded(value)) for key, value in pairs]).encode()[:8192]


ANSWERED = (200, 400, 414)

# Where a question is read, no database is asked: most of them need only be sent to one.
SENT = 2000 if connection.vendor == "sqlite" else 500


@settings(max_examples=SENT, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(KEYS, ODD), max_size=6))
def test_no_query_string_breaks_the_page(pairs: list[tuple[str, Any]]) -> None:
    client = Client(raise_request_exception=True)
    response = client.get("/en/", QUERY_STRING=_raw(pairs).decode("ascii"))
    assert response.status_code in ANSWERED


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(KEYS, ODD), max_size=6))
def test_no_query_string_breaks_the_ledger(pairs: list[tuple[str, Any]]) -> None:
    client = Client(raise_request_exception=True)
    for address in ("/en/commitments/", "/en/frameworks/"):
        response = client.get(address, QUERY_STRING=_raw(pairs).decode("ascii"))
        assert response.status_code in ANSWERED
