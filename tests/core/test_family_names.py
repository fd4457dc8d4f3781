"""The family name in a name, and names as indexes list them."""

import pytest

from timeline.core.family_names import is_part, listed


@pytest.mark.parametrize(
    ("name", "family", "expected"),
    [
        ("Ibrahim Traoré", "Traoré", "Traoré, Ibrahim"),
        ("Karamoko Jean Marie Traoré", "Traoré", "Traoré, Karamoko Jean Marie"),
        ("Apollinaire Kyélem de Tambèla", "Kyélem de Tambèla", "Kyélem de Tambèla, Apollinaire"),
        ("Pedro Sánchez Castejón", "Sánchez", "Sánchez Castejón, Pedro"),
        ("Omar el-Béchir", "Béchir", "Béchir, Omar el-"),
        ("Diallo Amadou Diallo", "Diallo", "Diallo, Diallo Amadou"),
        ("Xi Jinping", "Xi", "Xi Jinping"),
        ("Mohammed VI", "", "Mohammed VI"),
        ("Iya Touré", "Ya", "Iya Touré"),
    ],
)
def test_name_is_listed_from_its_family_name_on(name: str, family: str, expected: str) -> None:
    assert listed(name, family) == expected


@pytest.mark.parametrize(
    ("family", "name", "expected"),
    [
        ("Diop", "Abdoulaye Diop", True),
        ("Béchir", "Omar el-Béchir", True),
        ("", "Mohammed VI", True),
        ("", "", True),
        ("Dio", "Abdoulaye Diop", False),
        ("diop", "Abdoulaye Diop", False),
        ("Diop (Mali)", "Abdoulaye Diop", False),
        ("Diop", "", False),
    ],
)
def test_family_name_is_whole_words_of_the_name(family: str, name: str, expected: bool) -> None:
    assert is_part(family, name) is expected
