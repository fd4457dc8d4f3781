"""Citations in each form: escaped, in one line a field, and no more precise than the record."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any, Final

import pytest
from django.utils.translation import override

from timeline.core.dates import parse
from timeline.formats.archived import ZippedPackage
from timeline.formats.citing import CitedRecord, bibtex, csl, csl_date, ris, sentence

TALKS: Final = CitedRecord(
    key="event-talks-v2",
    title="Talks in Bamako",
    title_language="en",
    site="Cadre",
    keeper="Observatory",
    address="https://example.org/en/events/talks/versions/2/",
    consulted=dt.date(2026, 11, 28),
    language="en",
    date=parse("2025-04"),
    version="2",
    issued=dt.date(2026, 6, 3),
)
LIST: Final = replace(
    TALKS,
    key="events",
    title="Events with Mali",
    address="https://example.org/en/?party=ml",
    date=None,
    version="812-ab",
    issued=None,
    is_list=True,
    count=1234,
)


def test_sentence_names_the_version_and_the_day_consulted() -> None:
    assert sentence(TALKS) == (
        "Observatory. “Talks in Bamako”, April 2025. Cadre, version 2 of 3 June 2026. "
        "https://example.org/en/events/talks/versions/2/ (consulted on 28 November 2026)."
    )
    assert sentence(LIST) == (
        "Observatory. “Events with Mali”, 1,234 records. Cadre, version 812-ab of the record. "
        "https://example.org/en/?party=ml (consulted on 28 November 2026)."
    )


def test_list_names_the_archive_that_holds_the_record_of_its_day() -> None:
    found = replace(LIST, archive=ZippedPackage("ab" * 32, dt.date(2026, 11, 27)))
    said = f"Whole record of 27 November 2026: SHA-256 {'ab' * 32}."
    assert sentence(found) == f"{sentence(LIST)} {said}"
    for cited, note in ((LIST, "1,234 records."), (found, f"1,234 records. {said}")):
        assert f"  note = {{{note}}}," in bibtex(cited).splitlines()
        assert f"N1  - {note}" in ris(cited).splitlines()
        assert json.loads(csl(cited))[0]["note"] == note


def test_sentence_is_in_the_language_of_what_is_cited() -> None:
    with override("en"):
        assert sentence(replace(TALKS, language="fr", keeper="", title="Entretiens")) == (
            "«\xa0Entretiens\xa0», avril 2025. Cadre, version 2 du 3 juin 2026. "
            "https://example.org/en/events/talks/versions/2/ (consulté le 28 novembre 2026)."
        )


def test_record_without_versions_is_cited_by_its_page() -> None:
    plain = replace(TALKS, version="", issued=None, date=None, keeper="")
    assert sentence(plain) == (
        "“Talks in Bamako”. Cadre. "
        "https://example.org/en/events/talks/versions/2/ (consulted on 28 November 2026)."
    )
    assert "version" not in bibtex(plain).replace("versions", "")


def test_bibtex_has_the_date_of_the_event_in_edtf() -> None:
    assert bibtex(TALKS) == (
        "@online{event-talks-v2,\n"
        "  title = {Talks in Bamako},\n"
        "  author = {{Observatory}},\n"
        "  organization = {Cadre},\n"
        "  date = {2026-06-03},\n"
        "  year = {2026},\n"
        "  eventdate = {2025-04},\n"
        "  version = {2},\n"
        "  url = {https://example.org/en/events/talks/versions/2/},\n"
        "  urldate = {2026-11-28},\n"
        "  langid = {english},\n"
        "}\n"
    )
    assert bibtex(LIST).startswith("@dataset{events,\n")


def test_bibtex_escapes_what_means_something_to_latex() -> None:
    hostile = "100 % & {open \\ #1 $x_y^z~\n\u202eend"
    assert bibtex(replace(TALKS, title=hostile)).splitlines()[1] == (
        r"  title = {100 \% \& {\textbraceleft}open {\textbackslash} \#1 "
        "\\$x\\_y{\\textasciicircum}z{\\textasciitilde} \u202eend\u202c},"
    )


def test_ris_has_one_line_for_each_field() -> None:
    assert ris(TALKS).split("\r\n") == [
        "TY  - ELEC",
        "ID  - event-talks-v2",
        "TI  - Talks in Bamako",
        "AU  - Observatory",
        "T2  - Cadre",
        "PY  - 2026",
        "DA  - 2026/06/03",
        "ET  - 2",
        "UR  - https://example.org/en/events/talks/versions/2/",
        "Y2  - 2026/11/28",
        "LA  - en",
        "N1  - Date: April 2025",
        "ER  - ",
        "",
    ]
    split = replace(TALKS, title="Talks\r\nER  - \u2028TY  - BOOK")
    assert ris(split).split("\r\n")[2] == "TI  - Talks ER - TY - BOOK"
    assert ris(LIST).startswith("TY  - DATA\r\n")


def test_csl_is_a_list_of_one_item() -> None:
    assert json.loads(csl(TALKS)) == [
        {
            "id": "event-talks-v2",
            "type": "webpage",
            "title": "Talks in Bamako",
            "container-title": "Cadre",
            "URL": "https://example.org/en/events/talks/versions/2/",
            "accessed": {"date-parts": [[2026, 11, 28]]},
            "language": "en",
            "author": [{"literal": "Observatory"}],
            "version": "2",
            "issued": {"date-parts": [[2026, 6, 3]]},
            "event-date": {"date-parts": [[2025, 4]]},
        }
    ]
    assert json.loads(csl(LIST))[0]["type"] == "dataset"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-04-03", {"date-parts": [[2025, 4, 3]]}),
        ("2025-04", {"date-parts": [[2025, 4]]}),
        ("2025", {"date-parts": [[2025]]}),
        ("2025-04-03/2025-04-04", {"date-parts": [[2025, 4, 3], [2025, 4, 4]]}),
        ("2025-04~", {"date-parts": [[2025, 4]], "circa": True}),
        ("2025-04?", {"literal": "April 2025 (uncertain)"}),
        ("2025-04%", {"literal": "about April 2025 (uncertain)"}),
        ("198X", {"literal": "1980s"}),
        ("2025-25", {"literal": "spring 2025 (March–May)"}),
        ("2025-04-03/..", {"literal": "since 3 April 2025"}),
    ],
)
def test_csl_date_says_no_more_than_is_known(date: str, expected: dict[str, Any]) -> None:
    assert csl_date(parse(date), "en") == expected
