"""Folding, and the texts that a query finds."""

from unicodedata import normalize

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.folding import (
    MAX_WORD,
    LanguageText,
    Term,
    TermKind,
    contains,
    fold,
    parse_query,
    search_text,
    words,
)
from timeline.core.stemming import Language, Word, marks, query_marks


def word(text: str) -> tuple[TermKind, str]:
    return TermKind.WORD, text


def prefix(text: str) -> tuple[TermKind, str]:
    return TermKind.PREFIX, text


def phrase(text: str) -> tuple[TermKind, str]:
    return TermKind.PHRASE, text


def finds(query: str, text: str, language: Language | None = "fr") -> bool:
    searched = search_text(LanguageText(text, language))
    return all(contains(searched, term) for term in parse_query(query))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Énergie nucléaire", "l energie nucleaire"),
        ("d'accord, aujourd’hui ʼn", "d accord aujourd hui n"),
        ("ŒUVRE, Ægis — ça", "oeuvre aegis ca"),
        ("e\u0301te\u0301 ﬁn Straße İstanbul", "ete fin strasse istanbul"),
        ("nuclé\u00adaire Saint-Pétersbourg", "nucleaire saint petersbourg"),
        ("Сергей Лавров, ещё ЁЛКА", "сергеи лавров еще елка"),
        ("Assimi Goïta", "assimi goita"),
        ("الأمَّة إلى آخر", "الامه الي اخر"),
        ("مؤتمر شاطئ", "موتمر شاطي"),
        ("ایران نفت‌کش مـــالي", "ايران نفتكش مالي"),
        ("ﻣﺎﻟﻲ ٢٠٢٥ ۲۰۲۵", "مالي 2025 2025"),
        ("  a\x00b\u00a0c ", "a b c"),
        ("हिन्दी ประเทศ e\ufe0fu", "हिनदी ประเทศ eu"),
    ],
)
def test_fold_ignores_accents_case_and_signs(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_fold_is_the_same_when_folded_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_words_are_those_of_the_folded_text(text: str) -> None:
    folded_words = words(text)
    assert "".join(folded_words) == normalize("NFC", fold(text).replace(" ", ""))
    assert all(len(word) == 1 for word in folded_words if "\u3040" <= word[0] <= "\u9fff")


@given(st.text("aeéç’'- Mali中", max_size=60))
def test_words_without_unspaced_scripts_are_those_between_blanks(text: str) -> None:
    assert words(text.replace("中", "")) == tuple(fold(text.replace("中", "")).split())


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Énergie  nucleaire", (word("energie"), prefix("nucleaire"))),
        ("énergie nucléaire ", (word("energie"), prefix("nucleaire"))),
        ("énergie nucléaire.", (word("energie"), word("nucleaire"))),
        ("l’", (word("l"),)),
        ("qu'il", (prefix("il"),)),
        ("la paix de", (word("paix"),)),
        ("de la", (word("de"), prefix("la"))),
        ('"paix" de la', (phrase("paix"),)),
        ("AU summit, au Mali", (word("au"), word("summit"), prefix("mali"))),
        ("ACCORD DE PAIX", (word("accord"), prefix("paix"))),
        ("J. F. Kennedy, U.E", (word("jf"), word("kennedy"), prefix("ue"))),
        ("Mali's army ", (word("mali"), prefix("army"))),
        ("中国 mali", (phrase("中 国"), prefix("mali"))),
        ("第3届G5峰会", (phrase("第 3 届 g5 峰 会"),)),
        ("말리", (phrase("말 리"),)),
        ("e\u0301te\u0301", (prefix("ete"),)),
        ('"force unifiée" mali', (prefix("mali"), phrase("force unifiee"))),
        ('mali "force unifiée"', (word("mali"), phrase("force unifiee"))),
        ("« vision commune »", (phrase("vision commune"),)),
        ("“vision commune” “vision commune”", (phrase("vision commune"),)),
        ('half "open', (word("half"), prefix("open"))),
        ('half ""', (word("half"),)),
        ("mali Mali mali niger", (word("mali"), prefix("niger"))),
        ("!!!", ()),
        ("", ()),
    ],
)
def test_query_is_read_as_words_a_prefix_and_phrases(
    query: str, terms: tuple[tuple[TermKind, str], ...]
) -> None:
    assert tuple((term.kind, term.text) for term in parse_query(query)) == terms


def test_search_form_is_words_and_then_marks_of_their_stems() -> None:
    searched = search_text(
        LanguageText("L’énergie", "fr"),
        LanguageText(""),
        LanguageText("Nuclear energy", "en"),
        LanguageText("Лавров"),
    )
    assert searched == (
        " l energie ~ nuclear energy ~ лавров ~ ~fl ~fenerg ~enuclear ~eenergi ~rлавров ~rлавр "
    )
    assert search_text(LanguageText("U.E., covid-19", "fr")) == (
        " u e covid 19 ~ ~fu ~fe ~fcovid ~jcovid19 ~jue "
    )


def test_names_have_stems_in_scripts_that_tell_the_language_and_nothing_has_none() -> None:
    assert search_text(LanguageText("Mali"), LanguageText("Niger")) == " mali ~ niger "
    assert search_text(LanguageText("Лавров 2025")) == " лавров 2025 ~ ~rлавров ~rлавр "
    assert search_text(LanguageText("—", "fr"), LanguageText("")) == ""


def test_no_phrase_runs_from_one_text_into_the_next() -> None:
    searched = search_text(LanguageText("Force", "fr"), LanguageText("unifiée", "fr"))
    together = Term(TermKind.PHRASE, "force unifiee")
    assert all(contains(searched, term) for term in parse_query("force unifiée"))
    assert not contains(searched, together)
    assert contains(search_text(LanguageText("Force unifiée")), together)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        (LanguageText("Les négociations", "fr"), "negociation ", True),
        (LanguageText("Les négociations", "fr"), "négoces.", False),
        (LanguageText("Des centrales nucléaires", "fr"), "CENTRALE nucleaire.", True),
        (LanguageText("Negotiations opened", "en"), "opening.", True),
        (LanguageText("Negotiations opened", "fr"), "opening.", False),
        (LanguageText("Openings"), "opening.", False),
        (LanguageText("Opening"), "opening.", True),
        (LanguageText("Session"), "sess", True),
        (LanguageText("Session"), "sess.", False),
        (LanguageText("Session"), "sess mali", False),
        (LanguageText("Nous aiderons", "fr"), "aidera", True),
        (LanguageText("Les sessions", "fr"), '"les session"', False),
        (LanguageText("Les sessions", "fr"), '"les sessions"', True),
    ],
)
def test_words_are_found_by_form_stem_or_beginning(
    text: LanguageText, query: str, expected: bool
) -> None:
    searched = search_text(text)
    assert all(contains(searched, term) for term in parse_query(query)) is expected


VERBS = """
accorder adopter aider allier annoncer appeler apprécier associer concilier condamner confier
copier coopérer discuter dénoncer développer envoyer expédier exporter financer former honorer
identifier importer initier inviter justifier livrer modifier négocier planifier proposer publier
qualifier ratifier remercier rencontrer renforcer réunifier signer spécifier unifier varier visiter
vérifier étudier
"""
PARTICIPLES = [
    (verb, verb[:-2] + end) for verb in VERBS.split() for end in ("é", "ée", "és", "ées")
]


def test_french_participles_and_their_verbs_find_each_other_typed_with_accents_or_without() -> None:
    assert len(PARTICIPLES) == 184
    pairs = [
        (text, query, f"{plain}.")
        for pair in PARTICIPLES
        for text, query in (pair, reversed(pair))
        for plain in (query, fold(query))
    ]
    assert [(text, query) for text, _, query in pairs if not finds(query, text)] == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Ils ont négocié un accord", "négocier"),
        ("Négociations", "négocié"),
        ("Négociations", "negocie"),
        ("ACCORD NEGOCIE", "négocié"),
        ("La première session", "premier"),
        ("La première session", "premiere"),
        ("l’énergie", "énergie"),
        ("énergie", "l'énergie"),
        ("Énergie", "d’énergie"),
        ("S'il est venu", "qu'il"),
        ("N’Djamena", "N'Djamena"),
        ("N’Djamena", "n'djaména"),
        ("N’Djamena", "djamena"),
        ("N’Djamena", "Ndjamena"),
        ("Ndjamena", "n'djamena"),
        ("Côte d’Ivoire", "côte d'ivoire"),
        ("Côte d’Ivoire", "cote d ivoire"),
        ("Côte d’Ivoire", "ivoire"),
        ("aujourd’hui", "aujourd'hui"),
        ("aujourd’hui", "aujourdhui"),
        ("M. O’Brien", "O'Brien"),
        ("M. O’Brien", "obrien"),
        ("OBrien", "o'brien"),
        ("Accord à Moscou", "accord de Moscou"),
        ("Visite à Bamako (Mali)", "visite au Mali"),
        ("UE", "U.E."),
        ("L’U.E. annonce", "UE"),
        ("U. E.", "ue"),
        ("С. В. Лавров", "С.В. Лавров"),
        ("G5 Sahel", "G-5"),
        ("G-5 Sahel", "g5"),
        ("covid19", "covid-19"),
        ("Covid-19", "covid19"),
        ("contre-terrorisme", "contreterrorismes"),
        ("contreterrorisme", "contre-terrorisme"),
        ("l’anti-terrorisme", "antiterrorisme"),
        ("Встреча с Лавровым", "Лавров"),
        ("Лавров", "Лаврова"),
        ("Россия", "россии"),
        ("Переговоры", "переговоров"),
        ("اتفاق", "اتفاقية"),
        ("الحكومة", "الحكومه"),
        ("中国和马里签署协议", "马里"),
        ("中国和马里签署协议", "马"),
        ("中国和马里签署协议", "中国 协议"),
        ("中国和马里签署协议", '"马里签署"'),
        ("マリ共和国", "マリ"),
        ("말리와 러시아", "말리"),
        ("외교장관회의", "회의"),
        ("ประเทศมาลี", "มาลี"),
    ],
)
def test_text_is_found_however_its_words_are_written(text: str, query: str) -> None:
    assert finds(query, text), (search_text(LanguageText(text, "fr")), parse_query(query))
    assert finds(query.upper(), text)
    assert finds(query.lower(), text)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Malien", "mali."),
        ("Mali", "malien"),
        ("Le mal", "malien"),
        ("Sommet", "AU sommet"),
        ("Accord", "de la"),
        ("Ils ont négocié", '"négocier"'),
        ("l’énergie", '"les énergies"'),
        ("U. K., Mali’s army", "U.S."),
        ("1-5", "15"),
        ("2025-04", "202504"),
        ("中国和马里签署协议", "里马"),
        ("中国和马里签署协议", "中马"),
        ("L’énergie", "lenergie"),
        ("Élections", "éléphants"),
    ],
)
def test_what_only_looks_alike_is_not_found(text: str, query: str) -> None:
    assert not finds(query, text), (search_text(LanguageText(text, "fr")), parse_query(query))


@given(st.text("aeéèinrstz", min_size=1, max_size=8), st.text("aeéèinrstz", min_size=1, max_size=8))
def test_words_whose_french_stems_agree_find_each_other(text: str, query: str) -> None:
    """Whether accents are typed or not."""
    stem = snowballstemmer.stemmer("french").stemWord
    alike = fold(stem(text)) == fold(stem(query)) or stem(fold(text)) == stem(fold(query))
    assert not alike or finds(f"{query}.", text)


ALPHABET = "aeéislnt ’-.çœабвйёاليةىG5中国"
TEXTS = st.text(ALPHABET, max_size=25)
LANGUAGE_TEXTS = st.builds(LanguageText, TEXTS, st.sampled_from(["fr", "en", None]))
QUERIES = st.one_of(TEXTS, TEXTS.map(lambda text: f'"{text}"'))


@given(st.text(max_size=30))
def test_any_text_can_be_stored_and_searched(text: str) -> None:
    searched = search_text(LanguageText(text, "fr"), LanguageText(text))
    assert all(contains(searched, term) for term in parse_query(f"{text}."))


@pytest.mark.parametrize("sign", ["\u3099", "\uff9e", "\u0374", "\u1160", "\u0e35", "\ufe0f", "№"])
def test_sign_that_is_no_word_harms_none(sign: str) -> None:
    assert parse_query(f"mali {sign} paix.").terms[0].text == "mali"
    assert finds("mali.", f"mali {sign}paix")


def has_term(searched: list[str], term: Term) -> bool:
    """Whether the words of a search text contain a term, word by word."""
    if term.kind == TermKind.PHRASE:
        phrase = term.text.split()
        return any(searched[n : n + len(phrase)] == phrase for n in range(len(searched)))
    whole = {pattern.strip() for pattern in term.patterns if pattern.endswith(" ")}
    prefixes = tuple(pattern.strip() for pattern in term.patterns if not pattern.endswith(" "))
    return any(word in whole or (prefixes and word.startswith(prefixes)) for word in searched)


@given(st.lists(LANGUAGE_TEXTS, max_size=4), QUERIES)
def test_patterns_are_whole_words_or_their_beginnings(
    texts: list[LanguageText], query: str
) -> None:
    searched = search_text(*texts)
    for term in parse_query(query):
        assert contains(searched, term) == has_term(searched.split(), term)


@given(st.lists(LANGUAGE_TEXTS, max_size=4))
def test_each_text_is_found_as_it_is_written(texts: list[LanguageText]) -> None:
    searched = search_text(*texts)
    terms = [term for text, _language in texts for term in parse_query(f"{text}.")]
    assert [term for term in terms if not contains(searched, term)] == []


def test_word_counts_so_far_and_no_further() -> None:
    searched = search_text(LanguageText("a" * 500))
    assert searched == f" {'a' * MAX_WORD} "
    (term,) = parse_query("A" * 300)
    assert contains(searched, term)


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ("nucléaires", "fr", ("~fnucleair",)),
        ("négocié", "fr", ("~fnegoc", "~fnegoci")),
        ("talks", "en", ("~etalk",)),
        ("россии", "fr", ("~rроссии", "~rросс")),
        ("2025", "en", ()),
        ("covid19", "fr", ()),
    ],
)
def test_mark_tells_the_language(text: str, language: Language, marked: tuple[str, ...]) -> None:
    assert marks(Word(fold(text), text), (language,)) == marked


def test_marks_of_a_query_ignore_accents() -> None:
    queries = [query for pair in PARTICIPLES for query in pair]
    differ = [
        query
        for query in queries
        if {*query_marks(Word(fold(query), query))}
        != {*query_marks(Word(fold(query), fold(query)))}
    ]
    assert differ == []
