"""What an auditor finds in the published record."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from tests import factories as make
from timeline.core import citable
from timeline.database import constraints
from timeline.models import Citation, Event
from timeline.queries import auditing
from timeline.queries.auditing import Fault, Figures, Finding, Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks() -> Event:
    """A published event without a source."""
    return make.an_event(slug="talks", publication="published")


def cite(event: Event, field: str = "", **values: Any) -> Citation:
    source = values.pop("source", None) or make.a_source()
    return Citation.objects.create(event=event, source=source, field=field, **values)


def errors() -> list[Finding]:
    return list(auditing.errors())


def test_each_claim_without_a_source_is_named() -> None:
    make.all_that_is_citable()
    found = errors()
    assert {finding.kind for finding in found} == {Fault.UNCITED}
    assert [(f.noun, f.record, f.part, f.field) for f in found] == [
        *(("event", slug, "", "title") for slug in ("earlier", "event")),
        *(("event", slug, "", "date") for slug in ("earlier", "event")),
        *(("event", "event", "", field) for field in ("place", "duration", "framework")),
        ("event", "earlier", "participation ml", "role"),
        *(("event", "event", f"participation {code}", "role") for code in PRESENT),
        ("event", "event", "attendance lavrov", "role"),
        ("event", "event", "statement lavrov", "text"),
        ("event", "event", "event_step 2025-03-01", "date"),
        *(("commitment", slug, "", "title") for slug in ("first", "commitment")),
        *(("commitment", slug, "", "parties") for slug in ("first", "commitment")),
        *(("commitment", "commitment", "", field) for field in PROMISED),
        ("commitment", "first", "status_update 2024-04-03 announced", "status"),
        ("commitment", "commitment", "status_update 2025-04-04 announced", "status"),
        *(("instrument", "instrument", "", field) for field in OF_A_TEXT),
        ("instrument", "instrument", "instrument_step signed 2024-07-06 ml", "act"),
        *(("framework", "framework", "", field) for field in OF_A_FRAMEWORK),
        *(("party", code, "", "founded") for code in ("ml", "sahel", "bank")),
        *(("party", code, "", "dissolved") for code in ("sahel", "bank")),
        ("party", "sahel", "party_name Sahel", "name"),
        ("party", "ml", "membership sahel 2023-09-16", "starts"),
        ("party", "ml", "membership sahel 2023-09-16", "ends"),
        ("party", "ml", "membership_remark sahel leaving_announced 2024", "date"),
        *(("person", "lavrov", "office Minister", field) for field in ("title", "starts", "ends")),
    ]


PRESENT = ("ml", "sahel", "bank", "till")
PROMISED = ("condition", "made_on", "due", "instrument")
OF_A_TEXT = ("title", "kind", "date", "binds", "parties")
OF_A_FRAMEWORK = ("title", "sides", "rotation", "cadence_months", "starts", "ended")


def test_record_with_a_source_for_each_claim_has_no_error() -> None:
    rows = make.all_that_is_citable()
    source = make.a_source()
    for target, row in rows.items():
        for field in citable.FIELDS[target]:
            Citation.objects.create(source=source, field=field, **{target: row})
    left = {(f.noun, f.record, f.part) for f in errors()}
    assert left == {
        *(("event", "earlier", part) for part in ("", "participation ml")),
        *(("commitment", "first", part) for part in ("", "status_update 2024-04-03 announced")),
        *(("party", code, "") for code in ("ml", "sahel")),
    }


def test_source_of_the_whole_record_supports_its_claims(talks: Event) -> None:
    assert [finding.field for finding in errors()] == ["title", "date"]
    cite(talks)
    assert errors() == []


def test_source_of_another_value_supports_nothing(talks: Event) -> None:
    cite(talks, "title")
    cite(talks, "date", value_given="2026")
    assert errors() == [Finding(Fault.UNCITED, "event", "talks", "", "date")]


def test_drafts_and_withdrawn_records_are_not_looked_at() -> None:
    make.an_event()
    make.an_event(publication="withdrawn", withdrawn_reason_en="Wrong.")
    assert errors() == []
    assert list(auditing.notes()) == []


def test_citations_from_before_the_rules_are_named(talks: Event) -> None:
    cite(talks)
    constraints.uninstall(connection)
    cite(talks, "names")
    cite(talks, "colour", value_given="red")
    cite(talks, "date", stance="inferred")
    constraints.install(connection)
    assert errors() == [
        Finding(Fault.UNREASONED, "event", "talks", "", "date"),
        Finding(Fault.NO_SUCH_FIELD, "event", "talks", "", "names"),
        Finding(Fault.VALUE_NOWHERE, "event", "talks", "", "colour"),
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "held"),
    [
        ("2025-04-04", None, False),
        ("2025-04", None, True),
        ("2020", "2025-04-03", False),
        ("2020", "2025-04-04", True),
        (None, None, True),
    ],
)
def test_office_not_held_on_the_day_needs_its_reason(
    talks: Event, starts: str | None, ends: str | None, held: bool
) -> None:
    cite(talks)
    person, mali = make.a_person(), make.a_state("ml")
    office = person.offices.create(title_en="Minister", party=mali, starts=starts, ends=ends)
    office.citations.create(source=make.a_source())
    said = talks.statements.create(
        person=person, party=mali, office=office, text="Oui.", language="fr"
    )
    said.citations.create(source=make.a_source())
    error = Finding(Fault.OFFICE_NOT_HELD, "event", "talks", "statement lavrov Minister", "office")
    assert errors() == ([] if held else [error])
    said.office_reason_en = "As the source has it."
    said.save()
    assert errors() == []


def test_address_of_a_section_is_no_document(talks: Event) -> None:
    source = make.a_source(url="https://example.org/politique")
    cite(talks, source=source)
    address = f"{source.pk} https://example.org/politique"
    assert errors() == [Finding(Fault.SECTION_PAGE, "source", address, "", "url")]


def test_party_outside_its_life_is_named_where_no_page_says_so(talks: Event) -> None:
    cite(talks)
    union = make.a_state("suhh", dissolved="1991-12-26")
    union.citations.create(source=make.a_source())
    said = talks.statements.create(person=make.a_person(), party=union, text="Oui.", language="fr")
    said.citations.create(source=make.a_source(speaks_for=union, published="1991"))
    assert errors() == []
    source = make.a_source(speaks_for=union, published="1992")
    said.citations.create(source=source)
    Event.objects.filter(pk=talks.pk).update(turn_side=union)
    assert errors() == [
        Finding(Fault.OUTSIDE_LIFE, "event", "talks", "suhh", "takes_turn"),
        Finding(Fault.OUTSIDE_LIFE, "source", f"{source.pk} {source.url}", "suhh", "speaks_for"),
    ]


def test_notes_are_single_sources_missing_excerpts_and_missing_copies(talks: Event) -> None:
    kept = make.a_source(archive_url="https://archive.example.org/1")
    cite(talks, source=kept, excerpt="Ils ont parlé.")
    cite(talks, "date", source=kept, excerpt="Ils ont parlé.")
    other = cite(talks, "title").source
    assert list(auditing.notes()) == [
        Finding(Note.ONE_SOURCE, "event", "talks", "", "date"),
        Finding(Note.NO_EXCERPT, "event", "talks", "", "title"),
        Finding(Note.NO_COPY, "source", f"{other.pk} {other.url}", "", "archive_url"),
    ]


def test_facts_are_counted_by_what_supports_them(talks: Event) -> None:
    cite(talks, "title")
    cite(talks, "title")
    cite(talks, "date", stance="inferred", note_en="Why.")
    cite(talks, "date", value_given="2026")
    talks.sectors.add(make.a_sector())
    assert auditing.figures() == Figures(
        published=3,
        cited=2,
        inferred=1,
        contradicted=1,
        one_source=1,
        no_excerpt=4,
        no_copy=4,
    )


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_does_not_grow_with_the_record(
    number: int, django_assert_num_queries: Any
) -> None:
    mali = make.a_state("ml")
    for _event in range(number):
        event = make.an_event(parties=(mali,), publication="published")
        make.a_commitment(event, publication="published", due=str(dt.date(2026, 1, 1)))
    list(auditing.errors())
    with django_assert_num_queries(60):
        assert len(list(auditing.errors())) == number * 7
    with django_assert_num_queries(62):
        auditing.figures()


def test_large_record_is_not_counted_while_a_reader_waits(
    talks: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    cite(talks)
    assert auditing.kept_figures() == auditing.figures()
    monkeypatch.setattr(auditing, "COUNTED", 0)
    assert auditing.kept_figures() is None
