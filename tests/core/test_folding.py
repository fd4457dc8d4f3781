"""Folding, and what a reader's words find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.folding import (
    MAX_WORD,
    Said,
    SearchTerms,
    Term,
    TermKind,
    fold,
    holds,
    parse_query,
    search_form,
    words,
)
from timeline.core.stemming import Language, mark, marks


def word(text: str) -> Term:
    return Term(TermKind.WORD, text)


def prefix(text: str) -> Term:
    return Term(TermKind.PREFIX, text)


def phrase(text: str) -> Term:
    return Term(TermKind.PHRASE, text)


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
    ],
)
def test_fold_is_blind_to_accents_case_and_signs(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_fold_is_the_same_when_folded_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_words_are_those_of_the_folded_text(text: str) -> None:
    assert words(text) == tuple(fold(text).split())


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Énergie  nucleaire", (word("energie"), prefix("nucleaire"))),
        ("énergie nucléaire ", (word("energie"), prefix("nucleaire"))),
        ("énergie nucléaire.", (word("energie"), word("nucleaire"))),
        ("l’", (word("l"),)),
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
def test_query_is_read_as_words_a_prefix_and_phrases(query: str, terms: tuple[Term, ...]) -> None:
    assert parse_query(query) == SearchTerms(terms)


def test_search_form_is_words_and_then_marks_of_their_stems() -> None:
    form = search_form(
        Said("L’énergie", "fr"), Said(""), Said("Nuclear energy", "en"), Said("Лавров")
    )
    assert form == " l energie ~ nuclear energy ~ лавров ~ ~fl ~fenerg ~enuclear ~eenergi "


def test_search_form_of_names_has_no_stems_and_of_nothing_is_empty() -> None:
    assert search_form(Said("Mali"), Said("Niger")) == " mali ~ niger "
    assert search_form(Said("Лавров 2025", "fr")) == " лавров 2025 "
    assert search_form(Said("—", "fr"), Said("")) == ""


def test_no_phrase_runs_from_one_text_into_the_next() -> None:
    form = search_form(Said("Force", "fr"), Said("unifiée", "fr"))
    assert (holds(form, word("force")), holds(form, word("unifiee"))) == (True, True)
    assert not holds(form, phrase("force unifiee"))
    assert holds(search_form(Said("Force unifiée")), phrase("force unifiee"))


@pytest.mark.parametrize(
    ("said", "query", "found"),
    [
        (Said("Les négociations", "fr"), "negociation ", True),
        (Said("Les négociations", "fr"), "négoces.", False),
        (Said("Des centrales nucléaires", "fr"), "CENTRALE nucleaire.", True),
        (Said("Negotiations opened", "en"), "opening.", True),
        (Said("Negotiations opened", "fr"), "opening.", False),
        (Said("Openings"), "opening.", False),
        (Said("Opening"), "opening.", True),
        (Said("Session"), "sess", True),
        (Said("Session"), "sess.", False),
        (Said("Session"), "sess mali", False),
        (Said("Nous aiderons", "fr"), "aidera", True),
        (Said("Les sessions", "fr"), '"les session"', False),
        (Said("Les sessions", "fr"), '"les sessions"', True),
    ],
)
def test_words_are_found_by_form_stem_or_beginning(said: Said, query: str, found: bool) -> None:
    form = search_form(said)
    assert all(holds(form, term) for term in parse_query(query)) is found


ALPHABET = "aeéislnt ’-çœабвйёاليةى"
TEXTS = st.text(ALPHABET, max_size=25)
SAID = st.builds(Said, TEXTS, st.sampled_from(["fr", "en", None]))
TERMS = st.one_of(
    st.builds(Term, st.sampled_from(["word", "prefix"]).map(TermKind), TEXTS.map(fold)),
    st.builds(phrase, TEXTS.map(fold)),
).filter(lambda term: bool(term.text) and (term.kind == TermKind.PHRASE or " " not in term.text))


def held(said: list[Said], term: Term) -> bool:
    """Whether texts hold a term, word by word."""
    for text, language in said:
        found = list(words(text))
        if term.kind == TermKind.PHRASE:
            asked = term.text.split()
            if any(found[n : n + len(asked)] == asked for n in range(len(found))):
                return True
            continue
        same = str.startswith if term.kind == TermKind.PREFIX else str.__eq__
        stems = {mark(one, language) for one in found if language} - {""}
        if any(same(one, term.text) for one in found) or stems & set(marks(term.text)):
            return True
    return False


@given(st.lists(SAID, max_size=4), TERMS)
def test_needles_find_what_a_reader_means(said: list[Said], term: Term) -> None:
    assert holds(search_form(*said), term) == held(said, term)


@given(st.lists(SAID, max_size=4))
def test_each_word_of_a_text_finds_it(said: list[Said]) -> None:
    form = search_form(*said)
    asked = [word(one) for text, _language in said for one in words(text)]
    assert [term for term in asked if not holds(form, term)] == []


def test_word_counts_so_far_and_no_further() -> None:
    form = search_form(Said("a" * 500))
    assert form == f" {'a' * MAX_WORD} "
    (term,) = parse_query("A" * 300)
    assert holds(form, term)


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [("nucleaires", "fr", "~fnucleair"), ("talks", "en", "~etalk"), ("2025", "en", "")],
)
def test_mark_tells_the_language(text: str, language: Language, marked: str) -> None:
    assert mark(text, language) == marked
