"""The words of a query marked in HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.folding import LanguageText, contains, parse_query, search_text
from timeline.core.marking import mark


def marked(html: str, query: str) -> str:
    return mark(html, parse_query(query))


@pytest.mark.parametrize(
    ("html", "query", "expected"),
    [
        ("<p>L’Énergie</p>", "energie.", "<p>L’<mark>Énergie</mark></p>"),
        ("<p>les énergies</p>", "énergie.", "<p>les <mark>énergies</mark></p>"),
        ("<p>Session</p>", "sess", "<p><mark>Session</mark></p>"),
        ("<p>Session</p>", "sess.", "<p>Session</p>"),
        ("Openings, opened", "opening.", "<mark>Openings</mark>, <mark>opened</mark>"),
        ("<b>Лавров</b> ещё", "ЛАВРОВ еще", "<b><mark>Лавров</mark></b> <mark>ещё</mark>"),
        ("في مـــالي", "مالي", "في <mark>مـــالي</mark>"),
        ("e\u0301te\u0301 nuclé\u00adaire", "été nucléaire",
         "<mark>e\u0301te\u0301</mark> <mark>nuclé\u00adaire</mark>"),
        ("Mali, AES et Mali", "mali aes.",
         "<mark>Mali</mark>, <mark>AES</mark> et <mark>Mali</mark>"),
        ("Ils ont négocié", "négociations", "Ils ont <mark>négocié</mark>"),
        ("Ils ont négocié", "negocier", "Ils ont <mark>négocié</mark>"),
        ("l’énergie de la paix", "l'énergie de", "l’<mark>énergie</mark> de la paix"),
        ("l’U.E., U. E. et E.U.", "UE", "l’<mark>U.E.</mark>, <mark>U. E.</mark> et E.U."),
        ("l’UE", "U.E.", "l’<mark>UE</mark>"),
        ("le G-5 et le G5", "g5", "le <mark>G-5</mark> et le <mark>G5</mark>"),
        ("covid19, covid-19", "covid-19", "<mark>covid19</mark>, <mark>covid-19</mark>"),
        ("N&#x27;Djamena, N’Djaména", "ndjamena",
         "<mark>N&#x27;Djamena</mark>, <mark>N’Djaména</mark>"),
        ("<i>中国和马里签署协议</i>", "马里", "<i>中国和<mark>马里</mark>签署协议</i>"),
        ("말리와, ประเทศมาลี", "말리 มาลี", "<mark>말리</mark>와, ประเทศ<mark>มาลี</mark>"),
        ("С Лавровым", "Лавров", "С <mark>Лавровым</mark>"),
    ],
)  # fmt: skip
def test_word_is_marked_as_it_is_found(html: str, query: str, expected: str) -> None:
    assert marked(html, query) == expected


@pytest.mark.parametrize(
    ("html", "query", "expected"),
    [
        ("une Force, unifiée !", '"force unifiée"', "une <mark>Force, unifiée</mark> !"),
        ("force des forces unifiées", '"force unifiée"', "force des forces unifiées"),
        ("<b>force</b> unifiée", '"force unifiée"', "<b>force</b> unifiée"),
        ("a b a b a", '"a b a"', "<mark>a b a b a</mark>"),
        ("a b c", '"a b" c', "<mark>a b</mark> <mark>c</mark>"),
        ("a b c", '"a b" "b c"', "<mark>a b c</mark>"),
        ("l&#x27;or", '"l or"', "<mark>l&#x27;or</mark>"),
    ],
)
def test_phrase_is_marked_as_one(html: str, query: str, expected: str) -> None:
    assert marked(html, query) == expected


@pytest.mark.parametrize(
    "html",
    [
        '<a title="mali" href="/mali/" data-x=\'mali\' mali></a>',
        '<a title="a > mali"></a>',
        '<a title="a <b mali > mali"></a>',
        "<mali-x></mali-x>",
        "<!-- mali <p>mali</p> --><!doctype mali>",
        "<mark>mali <b>Mali</b></mark>",
        "<svg><title>mali</title><text>mali</text></svg>",
        "<script>mali</script><style>mali</style><textarea>mali</textarea>",
        "&mali; &#x6d;mali1",
        "malin maliens2",
    ],
)
def test_what_is_not_free_text_is_left_alone(html: str) -> None:
    assert marked(html, "mali.") == html
    assert marked(f"mali {html} <p>Mali</p>", "mali.") == (
        f"<mark>mali</mark> {html} <p><mark>Mali</mark></p>"
    )


def test_sign_that_opens_no_tag_is_text() -> None:
    assert marked("1 < 2 mali > 1", "mali") == "1 < 2 <mark>mali</mark> > 1"


def test_nothing_asked_marks_nothing() -> None:
    assert marked("<p>Mali</p>", "!!!") == "<p>Mali</p>"


def test_more_texts_than_are_kept_are_marked_alike() -> None:
    results = {marked(f"<p>Mali {number}</p>", "mali") for number in range(6000)}
    assert results == {f"<p><mark>Mali</mark> {number}</p>" for number in range(6000)}


WHOLE = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<a href=\"/mali/?q=é\" title='a > b'>",
            "</a>",
            "<br/>",
            "<svg>",
            "</svg>",
        ),
        *("<!-- mali -->", "<mark>mali</mark>", "&amp;", "&#x27;", ">", '"', "½", " "),
        *("Énergie", "énergies", "mali", "Mali", "force unifiée", "Лавров"),
    ]
)
HTML = st.lists(st.one_of(WHOLE, st.text("aeéml >&'\u0301;½ﷺ", max_size=6)), max_size=12)
ANYTHING = st.lists(st.one_of(WHOLE, st.text("aeéml <>&\"'!-/;½", max_size=6)), max_size=12)
QUERIES = st.sampled_from(
    ["mali", "énergie mali.", '"force unifiée"', '"mali énergie" e', "a", '"a e" m', "1"]
)


@given(ANYTHING.map("".join), QUERIES)
def test_marks_are_all_that_is_added(html: str, query: str) -> None:
    assert re.sub("</?mark>", "", marked(html, query)) == re.sub("</?mark>", "", html)


@given(HTML.map("".join), QUERIES)
def test_what_is_marked_is_not_marked_again(html: str, query: str) -> None:
    once = marked(html, query)
    assert marked(once, query) == once


@given(st.text("aeéml'-\u0301 ½中", max_size=30), QUERIES)
def test_text_is_marked_where_the_query_matches(text: str, query: str) -> None:
    searched = search_text(LanguageText(text, "fr")), search_text(LanguageText(text, "en"))
    is_match = any(contains(text, term) for term in parse_query(query) for text in searched)
    assert ("<mark>" in marked(text, query)) == is_match
