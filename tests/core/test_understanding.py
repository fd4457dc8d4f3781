"""What the words of a query name."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core.question import LedgerQuestion, Question
from timeline.core.understanding import (
    KIND_OF_TEXT,
    Meaning,
    Name,
    NameIndex,
    understand,
    with_filters,
    with_filters_of_texts,
)


def _names(parameter: str, value: str, *texts: str, parts: bool = False) -> list[Name]:
    return [Name(text, Meaning(parameter, value), parts) for text in texts]


def _in_both(parameter: str, value: str, french: str, english: str) -> list[Name]:
    meaning = Meaning(parameter, value)
    return [
        Name(french, meaning, parts=True, language="fr"),
        Name(english, meaning, parts=True, language="en"),
    ]


NAMES: Final = NameIndex(
    [
        *_names("party", "ru", "Russie", "Russia", "Россия", "ru"),
        *_names("party", "ml", "Mali", "Republic of Mali", "ml"),
        *_names("party", "ci", "Côte d’Ivoire", "Ivory Coast"),
        *_names("party", "un", "Nations unies", "ONU", "UN", "un"),
        *_names("party", "cn", "中国"),
        *_names("party", "cd", "Congo"),
        *_names("party", "cg", "Congo"),
        *_names("party", "dj", "Djibouti"),
        Name("Upper Volta", Meaning("party", "bf", "former")),
        *_names("place", "djibouti", "Djibouti"),
        *_names("place", "bamako", "Bamako"),
        *_names("person", "lavrov", "Sergueï Lavrov", parts=True),
        *_names("person", "traore", "Jean-Marie Traoré", parts=True),
        *_names("person", "traore-i", "Ibrahim Traoré", parts=True),
        *_in_both("sector", "energy", "Énergie", "Energy"),
        *_in_both("sector", "civil-nuclear", "Nucléaire civil", "Civil nuclear energy"),
        *_in_both("sector", "forums", "Instances internationales", "International forums"),
        *_in_both("kind", "summit", "Sommet", "Summit"),
        *_in_both("kind", "withdrawal", "Retrait", "Withdrawal"),
        *_in_both(KIND_OF_TEXT, "treaty", "Traité", "Treaty"),
        *_names("party", "ecowas", "CEDEAO", "ECOWAS"),
        *_in_both("framework", "ru-ml", "Commission mixte", "Joint commission Russia–Mali"),
    ],
    {"civil-nuclear": "energy"},
)


def asked(text: str) -> str:
    """Return the question about events that a text is understood as."""
    return with_filters(Question(), understand(text, NAMES)).query_string()


def owed(text: str) -> str:
    """Return the question about commitments that a text is understood as."""
    return with_filters(LedgerQuestion(), understand(text, NAMES).owed()).query_string()


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("nucléaire Mali 2025", "?sector=civil-nuclear&party=ml&from=2025&to=2025"),
        ("NUCLEAR, mali 2025!", "?sector=civil-nuclear&party=ml&from=2025&to=2025"),
        ("Bamako avril 2025", "?place=bamako&from=2025-04&to=2025-04"),
        (
            "who met in Bamako on April 3, 2025?",
            "?q=met&place=bamako&from=2025-04-03&to=2025-04-03",
        ),
        ("Republic of Mali", "?party=ml"),
        ("republic", "?q=republic"),
        ("cote d'ivoire", "?party=ci"),
        ("Upper Volta", "?party=bf"),
        ("Россия", "?party=ru"),
        ("中国", "?party=cn"),
        ("Lavrov", "?person=lavrov"),
        ("Jean-Marie Traoré", "?person=traore"),
        ("sommets à Bamako", "?kind=summit&place=bamako"),
        ("énergie", "?sector=energy"),
        ("énergie nucléaire", "?sector=civil-nuclear"),
        ("forum international", "?sector=forums"),
        ("Joint Commission Russia-Mali", "?framework=ru-ml"),
        ("commission mixte 2024", "?framework=ru-ml&from=2024&to=2024"),
        ("commission", "?q=commission"),
        ("Mali depuis 2024", "?party=ml&from=2024"),
        ("Mali until May 2024", "?party=ml&to=2024-05"),
        ("Mali 2023-2025", "?party=ml&from=2023&to=2025"),
        ("du 3 au 4 avril 2025", "?from=2025-04-03&to=2025-04-04"),
        ("Mali entre 2023 et mai 2025", "?party=ml&from=2023&to=2025-05"),
        ("drones Mali", "?q=drones&party=ml"),
        ('"Mali 2025" Russie', "?q=%22Mali+2025%22&party=ru"),
        ("accord RU", "?q=accord&party=ru"),
        ("accord ru", "?q=accord+ru"),
        ("un accord", "?q=accord"),
        ("UN accord", "?q=accord&party=un"),
        ("Djibouti", "?party=dj"),
        ("ru", "?party=ru"),
        ("un", ""),
        ("who left ECOWAS?", "?q=ECOWAS&kind=withdrawal"),
        ("qui a quitté la CEDEAO", "?q=CEDEAO&kind=withdrawal"),
        ("retrait de la CEDEAO", "?q=CEDEAO&kind=withdrawal"),
        ("Mali left ECOWAS in 2025", "?q=ECOWAS&party=ml&kind=withdrawal&from=2025&to=2025"),
        ("left bank", "?q=left+bank"),
        ("Mali left", "?q=left&party=ml"),
    ],
)
def test_words_that_name_something_are_filters(text: str, question: str) -> None:
    assert asked(text) == question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("what did Russia promise Mali", "?obligor=ru&beneficiary=ml"),
        (
            "What did Russia promise to Mali on nuclear energy?",
            "?sector=civil-nuclear&obligor=ru&beneficiary=ml",
        ),
        ("what is Mali owed by Russia", "?obligor=ru&beneficiary=ml"),
        ("commitments to Mali", "?beneficiary=ml"),
        ("Qu’est-ce que la Russie a promis au Mali ?", "?obligor=ru&beneficiary=ml"),
        ("ce que le Mali doit à la Russie", "?obligor=ml&beneficiary=ru"),
        ("dû au Mali par la Russie", "?obligor=ru&beneficiary=ml"),
        ("engagements de la Russie en 2025", "?obligor=ru&from=2025&to=2025"),
        ("accords du Mali", "?q=accords&party=ml"),
    ],
)
def test_words_that_ask_for_promises_say_who_owes_whom(text: str, question: str) -> None:
    assert owed(text) == question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("treaties of Mali", "?party=ml&kind=treaty"),
        ("traité 2024", "?kind=treaty&from=2024&to=2024"),
        ("treaty drones", "?q=drones&kind=treaty"),
        # Texts have no sectors.
        ("nuclear treaty", None),
        ("Mali", None),
    ],
)
def test_words_that_name_kinds_of_texts_are_filters_of_texts(
    text: str, question: str | None
) -> None:
    found = with_filters_of_texts(understand(text, NAMES))
    assert (found and found.query_string()) == question
    assert "treaty" not in text or "treaty" in asked(text)


def test_words_that_name_several_records_are_offered_and_not_applied() -> None:
    found = understand("Congo 2025", NAMES)
    (congo,) = found.named
    assert (congo.words, congo.clear) == ("Congo", False)
    assert [meaning.value for meaning in congo.meanings] == ["cd", "cg"]
    assert found.rest == "Congo"
    assert not understand("Congo", NAMES).applies


def test_name_of_a_state_and_of_a_place_offers_the_place_too() -> None:
    (named,) = understand("Djibouti", NAMES).named
    assert [meaning.pair for meaning in named.meanings] == [
        ("party", "dj"),
        ("place", "djibouti"),
    ]


def test_date_with_two_readings_is_none() -> None:
    found = understand("Mali 03/04/2025", NAMES)
    assert (found.start, found.end, found.rest) == (None, None, "03 04 2025")


def test_name_by_which_a_record_is_found_is_told() -> None:
    (named,) = understand("upper volta", NAMES).named
    assert named.meaning.other == "former"


def test_words_that_ask_and_connect_are_no_words_to_find() -> None:
    found = understand("What about the of what does it", NAMES)
    assert (bool(found), found.rest) == (False, "")


WHOLE_NAMES = sorted(
    {
        name.text
        for name in NAMES.names
        if len(name.text) > 2 and name.meaning.parameter != KIND_OF_TEXT
    }
)


@settings(max_examples=tries(60, soak=600))
@given(st.sampled_from(WHOLE_NAMES), st.sampled_from([str, str.upper, str.lower, str.title]))
def test_whole_name_of_any_record_is_understood_in_any_case(name: str, spell: object) -> None:
    found = understand(spell(name), NAMES)  # type: ignore[operator]
    values = {n.meaning.value for n in NAMES.names if n.text == name}
    (named,) = found.named
    assert values & {meaning.value for meaning in named.meanings}


PIECES = st.sampled_from([*WHOLE_NAMES, "2025", "avril 2025", "promise", "the", "drones", "à", "«"])


@settings(max_examples=tries(80, soak=2000))
@given(st.lists(PIECES | st.text(max_size=12), max_size=9).map(" ".join))
def test_any_text_is_read_and_each_of_its_words_stands_somewhere(text: str) -> None:
    found = understand(text, NAMES)
    for named in found.named:
        assert named.words in text
        assert named.clear == (
            len({m.value for m in named.meanings if m.parameter == named.meaning.parameter}) == 1
        )
    if found.start and found.end:
        assert found.start.earliest <= found.end.latest
    assert with_filters(Question(), found).q == found.rest
