"""Two records of one thing are made one, and two again."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.examples import tries
from tests.merged import SmallRecord, decided, table_rows
from tests.parsed_page import TODAY
from timeline.actions import commitments, involvement, merging, search, unmerging
from timeline.actions.events import refresh_derived
from timeline.actions.publication import keep_former_address
from timeline.core.codes import CommitmentStatus
from timeline.index import checking
from timeline.index.incremental import LiveIndex
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventStep,
    FormerSlug,
    InstrumentStep,
    Involvement,
    Membership,
    Merge,
    Office,
    Participation,
    Party,
    PartyName,
    Person,
    Place,
    Side,
    Source,
    Statement,
    Succession,
)
from timeline.queries.linked_rows import MOVED, NOUNS, relations
from timeline.queries.merge_plan import MergePlan
from timeline.queries.merging import plan

KINDS = sorted(NOUNS)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def choose(kept: Any, other: Any, **chosen: str) -> Merge:
    """Merge with the choices proposed, and these where none is proposed, by the model's name."""
    choices = {
        one.key: str(one.default or chosen[one.key.partition("-")[0]])
        for one in plan(kept, other).collisions
        if one.options
    }
    columns = {f"column-{name}": value for name, value in chosen.items()}
    return merging.merge(kept=kept, other=other, choices={**choices, **columns})


def refusals(kept: Any, other: Any, **choices: str) -> list[str]:
    before = table_rows()
    with pytest.raises(ValidationError) as error:
        merging.merge(kept=kept, other=other, choices=choices)
    assert table_rows() == before
    assert not Merge.objects.exists()
    return error.value.messages


# Nothing is forgotten


def test_every_foreign_key_to_a_noun_is_named() -> None:
    found = {relation.name for model in NOUNS.values() for relation in relations(model)}
    assert found == MOVED.keys()


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000))
@settings(
    max_examples=tries(3, soak=300),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_merged_and_made_two_again_is_as_it_was(kind: str, seed: int) -> None:
    with transaction.atomic():
        record = SmallRecord(Random(seed))  # noqa: S311 — no secret
        kept, other = record.two(kind)
        before = table_rows()
        choices = decided(record, kept, other)
        going = went(plan(kept, other, choices))
        try:
            merge = merging.merge(kept=kept, other=other, choices=choices)
        except (ValidationError, IntegrityError):
            pass  # What forms refuse, such as a circle of successors: nothing has changed.
        else:
            after = table_rows()
            lost = Counter([kind, *going])
            lost.subtract(row["model"] for row in merge.rows if row["before"] is None)
            assert {name: len(before[name]) - len(after[name]) for name in COUNTED} == {
                **dict.fromkeys(COUNTED, 0),
                **{name: number for name, number in lost.items() if name in COUNTED},
            }
            assert (list(involvement.differing()), list(search.differing())) == ([], [])
            assert unmerging.in_the_way(merge) == []
            unmerging.undo(record=merge)
            assert (list(involvement.differing()), list(search.differing())) == ([], [])
        assert table_rows() == before
        transaction.set_rollback(True)


COUNTED = sorted(
    {
        str(relation.model._meta.model_name)
        for noun in NOUNS.values()
        for relation in relations(noun)
    }
    | {*KINDS, "membershipremark", "partyname", "personname"}
)
"""The tables of which no row may be lost."""


def went(found: MergePlan) -> list[str]:
    """Name the tables of the rows that go: those joined to others, and those taken out whole."""
    tables = [str(model._meta.model_name) for model, _key in found.joined]
    waiting = list(found.taken_out)
    while waiting:
        row = waiting.pop()
        tables.append(row._meta.model_name)
        for relation in relations(type(row)):
            waiting += relation.model._default_manager.filter(**{relation.column.name: row})
    return tables


@pytest.mark.django_db(transaction=True)
def test_index_counts_as_plain_sql_does_before_and_after(tmp_path: Path) -> None:
    record = SmallRecord(Random(5))  # noqa: S311 — no secret
    Event.objects.update(publication="published", published_at="2026-01-01T00:00Z")
    index = LiveIndex(tmp_path / "index")
    for kind in KINDS:
        kept, other = record.two(kind)
        if kind == "party":
            kept, other = record.blocs[:2]
        assert differences(index) == []
        merge = merging.merge(kept=kept, other=other, choices=decided(record, kept, other))
        assert differences(index) == []
        unmerging.undo(record=merge)
        assert differences(index) == []


def differences(index: LiveIndex) -> list[str]:
    drawn = checking.questions(Random(1), checking.SampleValues.read())  # noqa: S311 — no secret
    found = [
        checking.differing(index, question, today=TODAY)
        for question in islice(drawn, tries(8, soak=25))
    ]
    return [difference for difference in found if difference]


# Collisions


def test_nothing_is_merged_while_a_collision_is_open() -> None:
    mali, twin, bloc = make.a_state("ml"), make.a_state("mali2"), make.a_bloc("aes")
    make.a_membership(mali, bloc, "2023", "2025")
    make.a_membership(twin, bloc, "2024", "2026")
    (refusal,) = refusals(mali, twin)
    assert refusal == (
        "Nothing is merged yet: choose first what is kept of membership (MALI2 – AES: these "
        "spells overlap.)."
    )


def test_spell_that_lies_in_another_is_joined_and_its_sources_say_what_they_gave() -> None:
    mali, twin, bloc = make.a_state("ml"), make.a_state("mali2"), make.a_bloc("aes")
    wide = make.a_membership(mali, bloc, "2023-09-16")
    narrow = make.a_membership(twin, bloc, "2024", "2025")
    citation = Citation.objects.create(membership=narrow, source=make.a_source(), field="starts")
    choose(mali, twin)
    assert list(Membership.objects.all()) == [wide]
    citation.refresh_from_db()
    assert (citation.membership, citation.value_given) == (wide, "2024")


def test_spell_of_the_other_record_is_kept_where_that_is_chosen() -> None:
    mali, twin, bloc = make.a_state("ml"), make.a_state("mali2"), make.a_bloc("aes")
    first = make.a_membership(mali, bloc, "2023", "2025")
    second = make.a_membership(twin, bloc, "2024", "2026")
    event = make.an_event(parties=(bloc,), date="2025-06-01")
    Attendance.objects.create(event=event, person=make.a_person(), party=twin)
    choose(mali, twin, membership="other")
    spells = Membership.objects.values_list("pk", "party", "starts", "ends")
    assert [(*row[:2], *map(str, row[2:])) for row in spells] == [
        (first.pk, mali.pk, "2024", "2026")
    ]
    assert not Membership.objects.filter(pk=second.pk).exists()
    assert [(way.party, way.via) for way in involved(event)] == [(mali, bloc)]


def involved(event: Event) -> Any:
    return event.involvements.exclude(via=None).select_related("party", "via")


def test_membership_in_itself_and_succession_of_itself_are_taken_out() -> None:
    aes, twin = make.a_bloc("aes"), make.a_bloc("ags")
    make.a_membership(twin, aes, "2023")
    Succession.objects.create(party=aes, predecessor=twin)
    asked = [(one.about, [*one.options]) for one in plan(aes, twin).collisions]
    assert asked == [
        ("AGS · AES · Member · 2023: It would belong to itself.", ["out"]),
        ("AES · AGS: It would succeed itself.", ["out"]),
    ] or asked == [
        ("AES · AGS: It would succeed itself.", ["out"]),
        ("AGS · AES · Member · 2023: It would belong to itself.", ["out"]),
    ]
    choose(aes, twin, membership="out", succession="out")
    assert not Membership.objects.exists()
    assert not Succession.objects.exists()


def test_one_role_twice_at_one_event_is_one_with_the_sources_of_both() -> None:
    russia, twin = make.a_state("ru"), make.a_state("russia")
    event = make.an_event(parties=(russia, twin))
    for participation in event.participations.all():
        Citation.objects.create(participation=participation, source=make.a_source())
    assert [one.options for one in plan(russia, twin).collisions] == [{}]
    choose(russia, twin)
    (participation,) = event.participations.all()
    assert (participation.party, participation.citations.count()) == (russia, 2)


def test_name_that_both_bear_keeps_the_dates_chosen() -> None:
    mali, twin = make.a_state("ml"), make.a_state("mali2")
    first = PartyName.objects.create(party=mali, name="Mali", language="fr", kind="short")
    PartyName.objects.create(party=twin, name="Mali", language="fr", kind="short", starts="1960")
    choose(mali, twin, partyname="other")
    first.refresh_from_db()
    assert (str(first.starts), mali.names.filter(name="Mali").count()) == ("1960", 1)


# Names that are not chosen


def spellings(record: Party | Person) -> list[tuple[str, str, bool]]:
    return sorted(record.names.values_list("name", "language", "slip"))


@pytest.mark.parametrize(
    ("choices", "kept", "others"),
    [
        ({}, "Eswatini", [("Swasiland", "fr", False), ("Swaziland", "en", False)]),
        (
            {"column-name_en": "other"},
            "Swaziland",
            [("Swasiland", "fr", False)],
        ),
        ({"left-name_en": "slip", "left-name_fr": "out"}, "Eswatini", [("Swaziland", "en", True)]),
        ({"left-name_en": "out", "left-name_fr": "out"}, "Eswatini", []),
    ],
)
def test_name_that_is_not_chosen_is_kept_beside_the_others(
    choices: dict[str, str], kept: str, others: list[tuple[str, str, bool]]
) -> None:
    first = make.a_state("sz", name_fr="Eswatini", name_en="Eswatini")
    second = make.a_state("swaziland", name_fr="Swasiland", name_en="Swaziland")
    event = make.an_event(parties=(second,))
    before = table_rows()
    merge = merging.merge(kept=first, other=second, choices=choices)
    first.refresh_from_db()
    assert (first.name_en, spellings(first)) == (kept, others)
    event.refresh_from_db()
    assert [f" {name.lower()} " in event.folded_text for name, _language, _slip in others] == [
        True
    ] * len(others)
    unmerging.undo(record=merge)
    assert table_rows() == before


def test_name_that_is_on_record_already_is_not_kept_twice() -> None:
    first = make.a_person("diop", name_fr="Diop", name_en="Diop")
    second = make.a_person("diop-2", name_fr="DIOP", name_en="Abdoulaye Diop")
    second.names.create(name="Abdoulaye Diop", language="fr")
    merging.merge(kept=first, other=second, choices={})
    assert spellings(first) == [("Abdoulaye Diop", "fr", False)]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ("Ibrahim Traore", "")),
        ({"column-family_en": "kept"}, ("Ibrahim Traore", "")),
        ({"column-name_en": "other"}, ("Ibrahim Traoré", "Traoré")),
        ({"column-name_en": "other", "column-family_en": "kept"}, ("Ibrahim Traoré", "")),
    ],
)
def test_family_name_is_one_of_the_name_that_is_kept(
    chosen: dict[str, str], expected: tuple[str, str]
) -> None:
    first = make.a_person("traore", name_en="Ibrahim Traore")
    second = make.a_person("traore-2", name_en="Ibrahim Traoré", family_en="Traoré")
    before = table_rows()
    merge = merging.merge(kept=first, other=second, choices=chosen)
    first.refresh_from_db()
    assert (first.name_en, first.family_en) == expected
    unmerging.undo(record=merge)
    assert table_rows() == before


def test_family_name_of_the_other_record_is_taken_where_there_was_none() -> None:
    first = make.a_person("diop", name_en="Abdoulaye Diop")
    second = make.a_person("diop-2", name_en="Diop", family_en="Diop")
    merging.merge(kept=first, other=second, choices={})
    first.refresh_from_db()
    assert (first.name_en, first.family_en, first.sort_fr) == ("Abdoulaye Diop", "Diop", "diop")


def test_source_of_a_name_that_a_merge_kept_stands_in_the_way() -> None:
    first, second = make.a_state("ml"), make.a_state("mali2")
    merge = choose(first, second)
    Citation.objects.create(party_name=first.names.get(), source=make.a_source())
    (sentence,) = unmerging.in_the_way(merge)
    assert "has changed since: MALI2" in sentence


# Commitments


def promised(event: Event, *parties: Party, **values: Any) -> Commitment:
    commitment = make.a_commitment(event, **values)
    for party in parties:
        commitment.party_links.create(party=party, role="obligor")
    return commitment


def test_commitment_entered_twice_is_one_with_the_sources_and_steps_of_both() -> None:
    mali, russia = make.a_state("ml"), make.a_state("ru")
    event = make.an_event(parties=(mali, russia), publication="published")
    shown = {"publication": "published", "published_at": "2026-01-01T00:00Z"}
    first = promised(event, mali, title_en="Trade", slug="trade", **shown)
    second = promised(
        event, mali, russia, title_en="More trade", slug="trade-2", due="2030", **shown
    )
    later = promised(event, mali, restates=second, restatement="same")
    for commitment in (first, second):
        commitment.citations.create(source=make.a_source())
        update = commitment.updates.get()
        update.citations.create(source=make.a_source())
    step = commitments.record_update(
        commitment=second, date="2026", status=CommitmentStatus.STALLED, corrects=update
    )
    before = table_rows()
    merge = choose(first, second)
    first.refresh_from_db()
    assert (first.title_en, str(first.due), first.citations.count()) == ("Trade", "2030", 2)
    assert [link.party for link in first.party_links.order_by("party__code")] == [mali, russia]
    announced, stalled = first.updates.order_by("latest")
    assert (announced.citations.count(), stalled.pk, stalled.corrects) == (2, step.pk, announced)
    later.refresh_from_db()
    assert later.restates == first
    assert FormerSlug.objects.get().slug == "trade-2"
    unmerging.undo(record=merge)
    assert table_rows() == before


def test_commitment_restates_no_other_that_it_is_merged_with() -> None:
    event = make.an_event()
    first = promised(event)
    second = promised(event, restates=first, restatement="widened")
    choose(second, first, itself="out")
    second.refresh_from_db()
    assert (second.restates, second.restatement) == (None, "")


def test_commitment_restates_as_was_chosen_and_has_no_article_by_itself() -> None:
    event = make.an_event()
    text = make.a_text(make.a_state("ml"))
    first = promised(event)
    one, other = (
        promised(event, restates=first, restatement=said, instrument=text)
        for said in ("same", "widened")
    )
    choose(one, other, restatement="other")
    one.refresh_from_db()
    assert (one.restates, one.restatement) == (first, "widened")
    assert (one.instrument, one.article) == (text, "")


def test_request_is_no_undertaking() -> None:
    event = make.an_event()
    first = make.a_commitment(event, title_en="First")
    second = make.a_commitment(event, title_en="Second", nature="request")
    assert refusals(first, second) == [
        "One of “First” and “Second” is an undertaking and the other a request: they are not one "
        "thing. If one of them is wrong, correct it first."
    ]


def test_commitment_that_readers_see_is_left_with_no_event_that_they_do_not() -> None:
    shown, draft = make.an_event(publication="published"), make.an_event()
    first = make.a_commitment(shown, title_en="First", publication="published")
    second = make.a_commitment(draft)
    assert refusals(first, second, **{"column-event": "other"}) == [
        "Readers see “First”, and would not see the event that is chosen for it: choose the event "
        "that they see."
    ]


def test_mutual_commitment_that_somebody_is_owed_is_not_merged() -> None:
    mali, russia = make.a_state("ml"), make.a_state("ru")
    event = make.an_event()
    first = promised(event, mali, russia, mutual=True)
    second = make.a_commitment(event)
    second.party_links.create(party=mali, role="beneficiary")
    with pytest.raises(ValidationError, match="or untick “mutual”"):
        choose(first, second, mutual="kept")
    assert Commitment.objects.count() == 2


def test_event_that_follows_itself_is_no_follow_up() -> None:
    first, second = make.an_event(), make.an_event()
    second.follows = first
    second.save()
    choose(second, first, itself="out")
    second.refresh_from_db()
    assert second.follows is None


def test_changes_of_both_events_are_kept_in_order() -> None:
    first, second = make.an_event(state="planned"), make.an_event(state="planned")
    for number, event in enumerate((first, second), start=1):
        step = {"state": "planned", "date": event.date, "previous_state": "planned"}
        EventStep.objects.create(
            event=event, entry=1, on=f"2025-0{number}", previous_date=event.date, **step
        )
    choose(first, second)
    steps = first.steps.values_list("entry", "on")
    assert [(entry, str(on)) for entry, on in steps] == [(1, "2025-01"), (2, "2025-02")]


def test_step_of_a_published_text_goes_to_the_party_kept() -> None:
    mali, twin = make.a_state("ml"), make.a_state("mali2")
    text = make.a_text(mali, twin, publication="published", published_at="2026-01-01T00:00Z")
    step = make.a_step(text, "signed", twin)
    merge = choose(mali, twin)
    step = InstrumentStep.objects.get(pk=step.pk)
    assert (step.party, [link.party for link in text.party_links.all()]) == (mali, [mali])
    unmerging.undo(record=merge)
    assert {link.party for link in text.party_links.all()} == {mali, twin}


def test_steps_are_changed_by_nothing_else() -> None:
    mali, niger = make.a_state("ml"), make.a_state("ne")
    step = make.a_step(make.a_text(mali, niger), "signed", mali)
    with pytest.raises(IntegrityError, match="step_never_changed"), transaction.atomic():
        InstrumentStep.objects.filter(pk=step.pk).update(party=niger)


def test_same_citation_twice_is_one() -> None:
    first, second = make.a_source(), make.a_source()
    event = make.an_event()
    for source in (first, second):
        Citation.objects.create(event=event, source=source, field="date", excerpt="so")
    Citation.objects.create(event=event, source=second, field="kind")
    choose(first, second)
    assert list(event.citations.values_list("source", "field")) == [
        (first.pk, "date"),
        (first.pk, "kind"),
    ]


def test_office_that_overlaps_is_chosen_and_people_keep_it() -> None:
    diop, twin, mali = make.a_person("diop"), make.a_person("diop-2"), make.a_state("ml")
    title = {"title_en": "Minister", "party": mali}
    office = Office.objects.create(person=diop, starts="2020", **title)
    other = Office.objects.create(person=twin, starts="2021", **title)
    event = make.an_event(parties=(mali,))
    row = Attendance.objects.create(event=event, person=twin, party=mali, office=other)
    choose(diop, twin, office="kept")
    row.refresh_from_db()
    assert (row.person, row.office, list(Office.objects.all())) == (diop, office, [office])


def test_title_chosen_of_an_office_is_found_by_search_and_comes_back() -> None:
    diop, twin, mali = make.a_person("diop"), make.a_person("diop-2"), make.a_state("ml")
    values = {"party": mali, "title_fr": "ministre", "starts": "2020"}
    office = Office.objects.create(person=diop, title_en="Minister", **values)
    Office.objects.create(person=twin, title_en="Foreign Minister", **values)
    before = table_rows()
    merge = choose(diop, twin, office="other")
    office.refresh_from_db()
    assert "foreign" in office.folded_title
    unmerging.undo(record=merge)
    assert table_rows() == before


# What cannot be one


def test_state_is_no_bloc() -> None:
    (refusal,) = refusals(make.a_bloc("aes"), make.a_state("ml"))
    assert refusal == (
        "“ML” is of the kind “State” and “AES” of the kind “Bloc”: they are not one thing. If one "
        "of the kinds is wrong, correct it first."
    )


def test_record_is_not_merged_into_itself() -> None:
    place = make.a_place()
    assert refusals(place, place) == ["This is one record: choose another one to merge with it."]


def test_sides_of_one_framework_are_two() -> None:
    mali, twin = make.a_state("ml"), make.a_state("mali2")
    make.a_framework(mali, twin, title_en="Commission")
    found = plan(mali, twin, {"side": "kept"})
    choices = {one.key: "kept" for one in found.collisions}
    assert refusals(mali, twin, **choices) == [
        "Both are sides of “Commission”, which would be left with one side. Correct its sides "
        "first."
    ]
    assert Side.objects.count() == 2


SEEN = "Readers see “2025-04-03 · Other” and not “2025-04-03 · Kept”: keep the one that they see."
KNOWN = (
    "“2025-04-03 · Other” was published, and “2025-04-03 · Kept” never was: keep the one whose "
    "address readers know."
)


@pytest.mark.parametrize(
    ("kept", "other", "sentence"),
    [
        ("draft", "published", SEEN),
        ("withdrawn", "published", SEEN),
        ("draft", "withdrawn", KNOWN),
        ("published", "draft", ""),
        ("published", "withdrawn", ""),
        ("published", "published", ""),
        ("draft", "in_review", ""),
    ],
)
def test_what_readers_know_is_never_merged_into_what_they_do_not(
    kept: str, other: str, sentence: str
) -> None:
    rows = []
    for title, state in (("Kept", kept), ("Other", other)):
        known = state in ("published", "withdrawn")
        rows.append(
            make.an_event(
                title_en=title,
                publication=state,
                published_at="2026-01-01T00:00Z" if known else None,
                withdrawn_reason_en="Twice." if state == "withdrawn" else "",
            )
        )
    kept_row, other_row = rows
    assert plan(kept_row, other_row).obstacles == ([sentence] if sentence else [])
    if not sentence:
        choose(kept_row, other_row)
        assert list(Event.objects.values_list("title_en", "publication")) == [("Kept", kept)]


def test_attendance_for_a_party_that_was_not_there_on_the_day_kept_is_refused() -> None:
    mali, bloc = make.a_state("ml"), make.a_bloc("aes")
    make.a_membership(mali, bloc, "2024")
    early, late = (make.an_event(parties=(bloc,), date=day) for day in ("2020", "2025"))
    Attendance.objects.create(event=late, person=make.a_person(), party=mali)
    with pytest.raises(IntegrityError, match="attendance_of_involved_party"), transaction.atomic():
        choose(early, late)
    choose(early, late, date="other")
    assert [(way.party, way.via) for way in involved(early)] == [(mali, bloc)]


# Values and addresses


def test_values_are_chosen_column_by_column() -> None:
    first = make.a_place("bamako", name_fr="Bamako", name_en="")
    second = make.a_place("bko", name_fr="Bko", name_en="Bko", latitude=12.6, longitude=-8.0)
    columns = [(one.name, one.kept, one.other, one.default) for one in plan(first, second).columns]
    assert columns == [
        ("name_fr", "Bamako", "Bko", "kept"),
        ("name_en", "", "Bko", "other"),
        ("latitude", "", "12.6", "other"),
        ("longitude", "", "-8.0", "other"),
    ]
    choose(first, second, name_en="kept")
    values = Place.objects.values_list("slug", "name_fr", "name_en", "latitude", "folded_names")
    assert list(values) == [("bamako", "Bamako", "", 12.6, " bamako ")]


def test_source_takes_the_address_of_the_one_that_goes() -> None:
    first, second = make.a_source(url=""), make.a_source(url="https://example.org/a")
    merge = choose(first, second)
    assert Source.objects.get().url == "https://example.org/a"
    unmerging.undo(record=merge)
    assert sorted(Source.objects.values_list("pk", "url")) == [
        (first.pk, ""),
        (second.pk, "https://example.org/a"),
    ]


def test_date_that_is_not_kept_is_shown_beside_the_fact() -> None:
    first, second = make.an_event(date="2025-04-03"), make.an_event(date="2025-04-04")
    for event in (first, second):
        Citation.objects.create(event=event, source=make.a_source(), field="date")
    choose(first, second)
    assert list(first.citations.values_list("value_given", flat=True)) == ["", "2025-04-04"]


def test_former_addresses_lead_to_the_record_kept() -> None:
    ru, twin = make.a_state("ru"), make.a_state("russia")
    make.an_event(parties=(ru, twin), publication="published")
    twin.code = "rossiya"
    twin.save()
    keep_former_address(record=twin, former="russia")
    merge = choose(ru, twin)
    addresses = FormerSlug.objects.order_by("slug").values_list("slug", "object_id")
    assert list(addresses) == [("rossiya", ru.pk), ("russia", ru.pk)]
    unmerging.undo(record=merge)
    assert list(addresses.all()) == [("russia", twin.pk)]


# Histories, and what stands in the way


def test_histories_of_both_stay() -> None:
    first, second = make.a_person("diop"), make.a_person("diop-2")
    merge = choose(first, second)
    reasons = [
        [*row.history.order_by("history_id").values_list("history_type", "history_change_reason")]
        for row in (first, second)
    ]
    said = f"merge:{merge.pk}"
    assert reasons == [[("+", None), ("~", said)], [("+", None), ("-", said)]]


def test_what_was_changed_since_stands_in_the_way() -> None:
    first, second = make.a_person("diop"), make.a_person("diop-2")
    office = Office.objects.create(person=second, title_en="Minister")
    words = Statement.objects.create(
        event=make.an_event(), person=second, language="fr", text="Oui."
    )
    merge = choose(first, second)
    office.refresh_from_db()
    office.title_en = "President"
    office.save()
    words.delete()
    (sentence,) = unmerging.in_the_way(merge)
    assert "office “" in sentence
    assert "statement no longer there" in sentence
    with pytest.raises(ValidationError, match="It cannot be undone"):
        unmerging.undo(record=merge)
    assert Person.objects.count() == 1
    assert Merge.objects.get().undone_at is None


def test_record_kept_may_change_in_what_the_merge_left_alone() -> None:
    first, second = make.a_person("diop", name_fr=""), make.a_person("diop-2", name_fr="Diop")
    merge = choose(first, second)
    first.refresh_from_db()
    first.name_en = "Abdoulaye Diop"
    first.save()
    unmerging.undo(record=merge)
    first.refresh_from_db()
    assert (first.name_fr, first.name_en) == ("", "Abdoulaye Diop")
    assert unmerging.in_the_way(Merge.objects.get()) == ["This merge is undone already."]


def test_merges_are_undone_from_the_last_one_back() -> None:
    first, second, third = (make.a_person(slug) for slug in ("a", "b", "c"))
    inner, outer = choose(first, second), choose(third, first)
    assert unmerging.in_the_way(inner) == ["“A” was itself merged since: undo that first."]
    unmerging.undo(record=outer)
    unmerging.undo(record=inner)
    assert sorted(Person.objects.values_list("pk", flat=True)) == [
        first.pk,
        second.pk,
        third.pk,
    ]


def test_address_given_to_another_record_stands_in_the_way() -> None:
    first, second = make.a_person("diop"), make.a_person("diop-2")
    merge = choose(first, second)
    make.a_person("diop-2", name_en="Another")
    (sentence,) = unmerging.in_the_way(merge)
    assert "the address “diop-2” is that of “Another” now" in sentence


def test_what_was_compared_and_changed_since_is_not_merged() -> None:
    first, second = make.a_person("diop"), make.a_person("diop-2")
    seen = plan(first, second).digest
    Office.objects.create(person=second, title_en="Minister")
    with pytest.raises(ValidationError, match="changed meanwhile"):
        merging.merge(kept=first, other=second, choices={}, compared=seen)
    assert Person.objects.count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_does_not_grow_with_what_moves(
    number: int, django_assert_num_queries: Any
) -> None:
    mali, twin = make.a_state("ml"), make.a_state("mali2")
    for _event in range(number):
        make.an_event(parties=(twin,))
    with django_assert_num_queries(QUERIES + (LOCKS if connection.vendor == "postgresql" else 0)):
        choose(mali, twin)


QUERIES = 144
LOCKS = 3
"""Writers on PostgreSQL lock the row of the version; SQLite locks the file without a query."""


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_to_undo_does_not_grow_with_what_moved(
    number: int, django_assert_num_queries: Any
) -> None:
    mali, twin = make.a_state("ml"), make.a_state("mali2")
    for _event in range(number):
        make.an_event(parties=(twin,))
    merge = choose(mali, twin)
    with django_assert_num_queries(
        QUERIES_TO_UNDO + (LOCKS if connection.vendor == "postgresql" else 0)
    ):
        unmerging.undo(record=merge)


QUERIES_TO_UNDO = 62


def test_party_that_goes_leaves_nothing_worked_out_behind() -> None:
    aes, twin, mali = make.a_bloc("aes"), make.a_bloc("ags"), make.a_state("ml")
    make.a_membership(mali, twin, "2023")
    event = make.an_event(parties=(twin,), title_en="Talks")
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    choose(aes, twin)
    ways = Involvement.objects.order_by("party__code").values_list("party__code", "via__code")
    assert list(ways) == [("aes", None), ("ml", "aes")]
    assert Participation.objects.get().party == aes
    refresh_derived()
    assert Party.objects.count() == 2
