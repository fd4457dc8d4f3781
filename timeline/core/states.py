"""The codes of states."""

from functools import cache
from typing import Final

from babel import Locale

_NO_STATES: Final = frozenset(
    {
        *("AC", "CP", "CQ", "DG", "EA", "IC", "TA"),  # reserved in ISO 3166-1 for parts of states
        *("EU", "EZ", "QO", "UN", "XA", "XB", "XK", "ZZ"),  # of others, or of nobody
    }
)
"""Two-letter codes of CLDR that ISO 3166-1 does not give to a country or territory."""


@cache
def alpha_2() -> frozenset[str]:
    """Return the codes of ISO 3166-1 alpha-2, in lower case."""
    territories = Locale("en").territories
    return frozenset(
        code.lower()
        for code in map(str, territories)
        if len(code) == 2 and code.isalpha() and code not in _NO_STATES
    )
