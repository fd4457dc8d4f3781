"""Signed scores."""

import pytest
from django.utils.translation import override

from timeline.jinja2 import signed


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0.5, "+0.50"),
        (-0.25, "\N{MINUS SIGN}0.25"),
        (-0.006, "\N{MINUS SIGN}0.01"),
        (-0.004, "0"),
        (0.004, "0"),
        (0.0, "0"),
    ],
)
def test_score_carries_a_sign_unless_it_is_zero(number: float, expected: str) -> None:
    with override("en"):
        assert signed(number) == expected
    with override("fr"):
        assert signed(number) == expected.replace(".", ",")
