"""What was recorded with a former release stays as it was after migrating."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from tests import factories as make
from timeline.actions import involvement
from timeline.actions.commitments import may_be_mutual
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Involvement,
    Membership,
    Person,
    Source,
)

pytestmark = [pytest.mark.django_db, pytest.mark.soak]


@dataclass
class Record:
    """The keys of what was recorded, and what was there before and while it was migrated."""

    membership: int
    source: int
    joint: int
    worded: int
    worded_at: int
    found_by: str
    citation: int
    citing: tuple[int, int, str]
    entries: int
    ways: set[tuple[Any, ...]]
    people: list[str]
    columns: dict[str, set[str]]


def record() -> Record:
    mali, russia, aes = make.a_state("ml"), make.a_state("ru"), make.a_bloc("aes")
    membership = make.a_membership(mali, aes)
    source = make.a_source(language="fr", no_archive_reason_en="none")
    event = make.an_event(host=russia, parties=(aes,), publication="published")
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    joint = make.a_commitment(event, publication="published")
    for slug, name in (("traore", "Ibrahim Traoré"), ("diop", "Élie Diop"), ("xi", "Xi")):
        make.a_person(slug, name_fr=name, name_en=name)
    for party in (russia, aes):
        joint.party_links.create(party=party, role="obligor")
    later = make.an_event(slug="later", publication="published")
    words = {"title_fr": "Énergie", "wording_en": "They undertake it.", "due": "2025-12"}
    worded = make.a_commitment(later, slug="worded", publication="published", **words)
    citation = Citation.objects.create(membership=membership, source=source, field="ends")
    return Record(
        membership=membership.pk,
        source=source.pk,
        joint=joint.pk,
        worded=worded.pk,
        worded_at=later.pk,
        found_by=worded.folded_text,
        citation=citation.pk,
        citing=(membership.pk, source.pk, "ends"),
        entries=citation.history.count(),
        ways=ways(),
        people=[*Person.objects.order_by("sort_fr", "pk").values_list("slug", flat=True)],
        columns={},
    )


def ways() -> set[tuple[Any, ...]]:
    return set(Involvement.objects.values_list("event", "party", "via", "membership", "possibly"))


def columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    return {column.name for column in described}


@pytest.fixture(scope="module")
def taken_over(django_db_setup: None, django_db_blocker: Any) -> Iterator[Record]:
    """A record migrated back to releases that did not know of what came later, and taken over."""
    from tests import pristine

    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                found = record()
            try:
                call_command("migrate", "timeline", "0019", verbosity=0)
                found.columns["commitment"] = columns("timeline_commitment")
                call_command("migrate", "timeline", "0014", verbosity=0)
                found.columns["membership"] = columns("timeline_membership")
                found.columns["person"] = columns("timeline_person")
            finally:
                call_command("migrate", verbosity=0)
            yield found
        finally:
            pristine.put_back()


def test_record_without_standings_addressees_and_mutual_commitments_is_taken_over(
    taken_over: Record,
) -> None:
    assert "standing" not in taken_over.columns["membership"]
    membership = Membership.objects.get(pk=taken_over.membership)
    commitment = Commitment.objects.get(pk=taken_over.joint)
    source = Source.objects.get(pk=taken_over.source)
    assert (membership.standing, membership.start_event, membership.end_event) == (
        ("member", None, None)
    )
    # Editors decide it; the list of commitments shows them which may be mutual.
    assert commitment.mutual is False
    assert list(may_be_mutual(Commitment.objects.all())) == [commitment]
    assert source.language == "fr"
    assert ways() == taken_over.ways
    assert list(involvement.differing()) == []
    source.language = "zh-Hant-TW"
    source.save()
    assert Source.objects.get(pk=source.pk).language == "zh-Hant-TW"


def test_commitments_without_conditions_and_days_of_their_own_are_taken_over(
    taken_over: Record,
) -> None:
    assert taken_over.columns["commitment"].isdisjoint({"condition_fr", "made_on"})
    commitment = Commitment.objects.get(pk=taken_over.worded)
    kept = commitment.history.latest()
    for row in (commitment, kept):
        said = (row.condition_fr, row.condition_en, row.made_on, row.made_earliest, row.made_latest)
        assert said == ("", "", None, None, None)
        assert row.folded_text == taken_over.found_by
    assert commitment.event_id == taken_over.worded_at
    assert commitment.date_made == commitment.event.date
    commitment.condition_fr, commitment.made_on = "si l’accord est signé", "2025-04-09"
    commitment.save()
    commitment.refresh_from_db()
    assert " signe " in commitment.folded_text
    assert str(commitment.made_earliest) == "2025-04-09"


def test_people_without_family_names_keep_their_order(taken_over: Record) -> None:
    assert "family_fr" not in taken_over.columns["person"]
    assert [person.slug for person in Person.objects.all()] == taken_over.people
    assert taken_over.people == ["diop", "traore", "lavrov", "xi"]
    for row in (*Person.objects.all(), *Person.history.all()):
        assert (row.family_fr, row.family_en) == ("", "")
    person = Person.objects.get(slug="traore")
    person.family_fr = person.family_en = "Traoré"
    person.save()
    assert [person.slug for person in Person.objects.all()] == ["diop", "lavrov", "traore", "xi"]
    with pytest.raises(IntegrityError, match="person_family_name_in_name"), transaction.atomic():
        Person.objects.filter(slug="diop").update(family_en="Traoré")


def test_citations_stay_as_they_are_when_remarks_can_be_cited(taken_over: Record) -> None:
    citation = Citation.objects.get(pk=taken_over.citation)
    assert (citation.membership_id, citation.source_id, citation.field) == taken_over.citing
    assert citation.history.count() == taken_over.entries
    source = citation.source
    remark = Membership.objects.get(pk=taken_over.membership).remarks.create(
        kind="leaving_announced", date="2024-01-28"
    )
    assert Citation.objects.create(membership_remark=remark, source=source).membership is None
    both = Citation.objects.filter(pk=citation.pk)
    with pytest.raises(IntegrityError, match="citation_of_exactly_one"), transaction.atomic():
        both.update(membership_remark=remark)
