"""Codes of states."""

import pytest

from timeline.core.states import alpha_2


def test_codes_are_those_that_iso_3166_1_gives() -> None:
    assert len(alpha_2()) == 249


@pytest.mark.parametrize("code", ["ml", "ru", "tw", "ps", "aq"])
def test_country_or_territory_has_its_code(code: str) -> None:
    assert code in alpha_2()


@pytest.mark.parametrize("code", ["xx", "zz", "xk", "eu", "un", "su", "yu", "ac"])
def test_code_reserved_withdrawn_or_of_nobody_is_no_code_of_a_state(code: str) -> None:
    assert code not in alpha_2()
