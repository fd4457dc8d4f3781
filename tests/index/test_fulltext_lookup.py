"""The full-text lookup of terms, compared with plain Python on the same search texts."""

import time

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core.folding import (
    LanguageText,
    SearchTerms,
    Term,
    TermKind,
    contains,
    parse_query,
    search_text,
)
from timeline.database.fulltext import SearchField
from timeline.index import fulltext_lookup
from timeline.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("swept")]

VOCABULARY = st.sampled_from(
    [
        *("énergie", "énergies", "Énergétique", "l’énergie", "negotiation", "negotiations", "é"),
        *("Œuvre", "d’accord", "AGS", "ags", "agsa", "Лавров", "Лаврова", "ещё", "еще", "йод"),
        *(
            "مالي",
            "الأمة",
            "الامه",
            "ﻣﺎﻟﻲ",
            "2025",
            "2025-04",
            "中",
            "a" * 300,
            "x\x00y",
            "%",
            "~f",
            *("négocié", "négocier", "negocie", "covid-19", "covid19", "U.E.", "UE", "N’Djamena"),
            *("Лаврову", "中国和马里", "马里", "말리와", "말리", "มาลี", "de", "AU"),
        ),
    ]
)
TEXTS = st.lists(VOCABULARY, max_size=4).map(" ".join)
SAID = st.builds(LanguageText, TEXTS, st.sampled_from(["fr", "en", None]))
FORMS = st.lists(SAID, max_size=3)
ASKED = st.one_of(
    st.lists(VOCABULARY, min_size=1, max_size=2).map(" ".join),
    TEXTS.map(lambda text: f'"{text}"'),
    st.text("aegsлм", min_size=1, max_size=2),
)


def an_event(
    number: int,
    titles: list[LanguageText],
    quotations: list[LanguageText],
    rest: list[LanguageText],
) -> Event:
    return Event.objects.create(
        slug=f"e{number}",
        date="2025",
        kind="visit",
        title_en="x",
        publication=["published", "draft"][number % 2],
        folded_title=search_text(*titles),
        folded_quotation=search_text(*quotations),
        folded_text=search_text(*titles, *quotations, *rest),
    )


@settings(max_examples=tries(40, soak=200), suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(FORMS, FORMS, FORMS), max_size=4), st.lists(ASKED, min_size=1, max_size=3)
)
@example(
    [([LanguageText("Force"), LanguageText("unifiée")], [LanguageText("Force unifiée")], [])],
    ['"force unifiee"'],
)
@example([([LanguageText("a b a c")], [], [])], ['"a c"', '"b c"', '"a b a c"'])
def test_index_finds_what_the_forms_hold(
    rows: list[tuple[list[LanguageText], list[LanguageText], list[LanguageText]]],
    queries: list[str],
) -> None:
    with transaction.atomic():
        events = [an_event(number, *row) for number, row in enumerate(rows)]
        for term in [term for query in queries for term in parse_query(query)]:
            for zone in SearchField:
                expected = [
                    event.pk for event in events if contains(getattr(event, zone.column), term)
                ]
                assert fulltext_lookup.keys(term, zone).tolist() == expected
                plain = Event.objects.filter(fulltext_lookup.holding(zone.column, [term])).order_by(
                    "pk"
                )
                assert list(plain.values_list("pk", flat=True)) == expected
        transaction.set_rollback(True)


def found(query: str, zone: SearchField = SearchField.TEXT) -> list[str]:
    (term,) = parse_query(query)
    slugs = dict(Event.objects.values_list("pk", "slug"))
    return [slugs[key] for key in fulltext_lookup.keys(term, zone).tolist()]


def test_each_zone_is_looked_in_alone() -> None:
    an_event(
        0, [LanguageText("Énergie", "fr")], [LanguageText("Paix", "fr")], [LanguageText("Mali")]
    )
    queries = ["énergies.", "paix", "mali"]
    assert [[found(query, zone) for zone in SearchField] for query in queries] == [
        [["e0"], [], ["e0"]],
        [[], ["e0"], ["e0"]],
        [[], [], ["e0"]],
    ]


def test_keys_are_numbers_even_when_there_are_none() -> None:
    none = fulltext_lookup.keys(Term(TermKind.WORD, "zzz"), SearchField.TEXT)
    assert (none.dtype.name, none.tolist()) == ("int64", [])


def test_many_terms_are_looked_up_at_once() -> None:
    letters = [chr(0x4E00 + number) for number in range(500)]
    an_event(0, [], [], [LanguageText(" ".join(letters))])
    terms = parse_query(" ".join(letters))
    assert Event.objects.filter(fulltext_lookup.holding("folded_text", terms)).count() == 1
    assert Event.objects.filter(fulltext_lookup.holding("folded_title", terms)).count() == 0
    missing = SearchTerms((*terms, Term(TermKind.WORD, "zzz")))
    assert Event.objects.filter(fulltext_lookup.holding("folded_text", missing)).count() == 0
    assert found(f'"{" ".join(letters)}"') == ["e0"]


def test_words_of_many_events_are_known_ahead() -> None:
    for number in range(5):
        an_event(
            number,
            [LanguageText("Énergie" if number else "Paix", "fr")],
            [],
            [LanguageText("Mali")],
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE timeline_event")
    assert fulltext_lookup.common_words(5) == ["mali"]
    assert fulltext_lookup.common_words(3) == ["mali", "energie"]


_ATTEMPTS = 120
"""Seconds that the transactions of another worker may take."""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no plan to choose")
def test_postgres_uses_its_index_even_for_a_word_of_every_event() -> None:
    for number in range(20):
        an_event(number, [], [], [LanguageText("Mali")])

    def whole_readings() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'timeline_event'"
            )
            return int(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE timeline_event")
    # PostgreSQL may leave an index aside that was made anew, as tests of migrations do, while a
    # transaction is open that is older (indcheckxmin): another worker may have one.
    for _attempt in range(_ATTEMPTS):
        before = whole_readings()
        assert fulltext_lookup.keys(Term(TermKind.WORD, "mali"), SearchField.TEXT).size == 20
        if whole_readings() == before:
            break
        time.sleep(1)
    assert whole_readings() == before
    Event.objects.filter(folded_text__contains="mali").count()
    assert whole_readings() > before
