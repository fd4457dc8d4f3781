"""Labels that depend on a number."""

import pytest
from django.utils.translation import override

from timeline import enums


@pytest.mark.parametrize(
    ("months", "french", "english"),
    [
        (1, "chaque mois", "every month"),
        (6, "tous les 6 mois", "every 6 months"),
        (12, "tous les ans", "every year"),
        (18, "tous les 18 mois", "every 18 months"),
        (24, "tous les 2 ans", "every 2 years"),
    ],
)
def test_cadence_is_worded_in_years_where_its_months_make_whole_ones(
    months: int, french: str, english: str
) -> None:
    with override("fr"):
        assert enums.cadence(months) == french
    with override("en"):
        assert enums.cadence(months) == english
