"""How a score is said."""

import pytest
from django.utils.translation import override

from timeline.jinja2 import signed


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0.5, "+0.50"),
        (-0.25, "\N{MINUS SIGN}0.25"),
        (-0.006, "\N{MINUS SIGN}0.01"),
        (-0.004, "0"),
        (0.004, "0"),
        (0.0, "0"),
    ],
)
def test_score_carries_a_sign_unless_it_is_said_to_be_none(number: float, said: str) -> None:
    with override("en"):
        assert signed(number) == said
    with override("fr"):
        assert signed(number) == said.replace(".", ",")
