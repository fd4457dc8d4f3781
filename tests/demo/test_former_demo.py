"""Loading the demo over an earlier one updates what the demo changed and keeps editors' work."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from timeline.actions import involvement, memberships, search
from timeline.actions.commitments import create_first_update
from timeline.actions.events import refresh_derived
from timeline.core.codes import CommitmentStatus
from timeline.ingest.demo import load
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventPlace,
    Involvement,
    Membership,
    MembershipRemark,
    Participation,
    Person,
    PersonName,
    Source,
)

pytestmark = pytest.mark.usefixtures("demo")

RECALL = "aes-algeria-recall-2025"
SUMMIT = "ecowas-summit-65-2024"
FOUNDING = "ru-aes-consultations-moscow-2025"
TOUR = "novak-tour-2024"


def cities() -> list[str]:
    return [place.slug for place in Event.objects.get(slug=TOUR).places]


def spells(party: str) -> list[tuple[str, ...]]:
    rows = Membership.objects.filter(party__code=party, bloc__code="ecowas")
    names = ("standing", "starts", "ends", "end_event__slug")
    return [tuple(map(str, row)) for row in rows.order_by("starts_earliest").values_list(*names)]


def citations() -> set[tuple[object, ...]]:
    rows = Citation.objects.filter(membership__bloc__code="ecowas")
    return set(
        rows.values_list(
            "membership__party__code", "membership__starts", "source__url", "field", "stance"
        )
    )


@pytest.fixture(autouse=True)
def former_demo(demo: None) -> set[tuple[object, ...]]:
    """The demo as it was before it knew standings and addressees; gives the citations of today."""
    today = citations()
    for party in ("ml", "bf", "ne"):
        member, suspended = Membership.objects.filter(
            party__code=party, bloc__code="ecowas"
        ).order_by("starts_earliest")
        member.citations.filter(field="ends").delete()
        suspended.citations.filter(field="starts").delete()
        suspended.citations.update(membership=member)
        suspended.delete()
        member.ends = "2025-01-29"
        member.save()
    role = Participation.objects.get(event__slug=RECALL, party__code="dz")
    role.role = "participant"
    role.save()
    EventPlace.objects.filter(event__slug=TOUR).exclude(place__slug="bamako").delete()
    Citation.objects.filter(event__slug=TOUR, field="place").delete()
    memberships.refresh_derived(bloc=member.bloc_id)
    refresh_derived(events=[role.event_id])
    assert Involvement.objects.filter(event__slug=SUMMIT, party__code="ml").exists()
    return today


def test_former_demo_becomes_the_present_one(former_demo: set[tuple[object, ...]]) -> None:
    load()
    assert spells("ml") == [
        ("member", "1975-05-28", "2021-05-30", "None"),
        ("suspended", "2021-05-30", "2025-01-29", "ecowas-exit-2025"),
    ]
    assert spells("bf")[1][1] == "2022-01-28"
    assert spells("ne")[1][1] == "2023-12-10"
    assert citations() == former_demo
    assert not Involvement.objects.filter(event__slug=SUMMIT, party__code="ml").exists()
    assert Involvement.objects.get(event__slug=RECALL, party__code="dz").addressee
    assert cities() == ["bamako", "ouagadougou", "niamey"]
    assert Citation.objects.filter(event__slug=TOUR, field="place").count() == 1
    assert involvement.resolve() == []
    assert search.refresh() == []
    assert load() == {}


def test_membership_that_an_editor_changed_stays_as_it_is() -> None:
    row = Membership.objects.get(party__code="ml", bloc__code="ecowas")
    row._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    row.save()
    load()
    assert spells("ml") == [("member", "1975-05-28", "2025-01-29", "None")]
    assert len(spells("ne")) == 2


@pytest.mark.soak
def test_role_that_an_editor_changed_stays_as_it_is() -> None:
    row = Participation.objects.get(event__slug=RECALL, party__code="dz")
    row.role = "observer"
    row._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    row.save()
    load()
    assert Participation.objects.get(event__slug=RECALL, party__code="dz").role == "observer"


@pytest.mark.soak
def test_places_that_an_editor_changed_stay_as_they_are() -> None:
    row = EventPlace.objects.get(event__slug=TOUR)
    row.venue_en = "Palace"
    row._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    row.save()
    load()
    assert cities() == ["bamako"]


@pytest.mark.soak
def test_citation_that_an_editor_added_stays() -> None:
    row = Membership.objects.get(party__code="ml", bloc__code="ecowas")
    added = Citation(membership=row, source=Citation.objects.filter(event=None)[0].source)
    added.field, added.note_en = "ends", "By an editor."
    added._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    added.save()
    load()
    assert len(spells("ml")) == 2
    assert Citation.objects.filter(pk=added.pk, note_en="By an editor.").exists()


@pytest.mark.soak
def test_commitments_that_sides_made_together_become_mutual_unless_an_editor_decided() -> None:
    mutual = set(Commitment.objects.filter(mutual=True).values_list("slug", flat=True))
    assert len(mutual) > 20
    Commitment.objects.update(mutual=False)
    decided = Commitment.objects.filter(slug__in=mutual)[0]
    decided._history_user = User.objects.create_user("editor")
    decided.save()
    load()
    slugs = set(Commitment.objects.filter(mutual=True).values_list("slug", flat=True))
    assert slugs == mutual - {decided.slug}


@pytest.mark.soak
def test_commitment_that_was_worded_as_a_request_is_worded_as_the_statement_has_it() -> None:
    row = Commitment.objects.get(slug="ru-aes-unified-force-support")
    now = row.wording_fr
    former = "dont l’efficacité dépendra du soutien technique et logistique de la Russie"
    Commitment.objects.filter(pk=row.pk).update(wording_fr=former, answers=None)
    article = Citation.objects.filter(
        source__publisher="Africaho", source__title__contains="nouvel accord"
    )[0].source
    for target in ({"commitment": row}, {"status_update": row.updates.get()}):
        Citation.objects.create(
            source=article, stance="inferred", note_en="It is asked for.", **target
        )
    load()
    row.refresh_from_db()
    assert row.wording_fr == now
    assert row.answers is not None
    assert row.answers.slug == "aes-unified-force-request"
    for citations in (row.citations, row.updates.get().citations):
        assert "Africaho" not in citations.values_list("source__publisher", flat=True)


def sources_of(row: Commitment) -> list[tuple[object, ...]]:
    """What is cited for a commitment and for each of its steps."""
    own = ("field", "source__url", "date_as_worded", "stance")
    steps = ("status_update__entry", "source__url", "field", "date_as_worded")
    of_steps = Citation.objects.filter(status_update__commitment=row)
    return [*sorted(row.citations.values_list(*own)), *sorted(of_steps.values_list(*steps))]


@pytest.mark.soak
def test_commitment_takes_its_condition_and_the_words_of_its_due_date() -> None:
    satellites, treaty, capital = (
        Commitment.objects.get(slug=slug)
        for slug in ("aes-satellites", "aes-treaty-to-heads", "aes-bank-capital")
    )
    rows = (satellites, treaty, capital)
    present = [sources_of(row) for row in rows]
    satellites.condition_fr = satellites.condition_en = ""
    satellites.save()
    satellites.citations.filter(field="condition").delete()
    treaty.title_fr += " dans les semaines à venir"
    treaty.title_en += " in the coming weeks"
    treaty.save()
    treaty.citations.filter(field="due").delete()
    capital.citations.filter(field="due").update(date_as_worded="")
    # Every source of a commitment used to be one of its first step.
    first = capital.updates.get(entry=1)
    Citation.objects.create(source=capital.citations.get(field="due").source, status_update=first)
    load()
    for row in rows:
        row.refresh_from_db()
    assert satellites.condition_en == "if the negotiations succeed"
    assert treaty.title_en == "Submit the treaty to the heads of state"
    assert [sources_of(row) for row in rows] == present
    assert load() == {}


@pytest.mark.soak
def test_first_step_of_a_commitment_made_on_another_day_is_corrected() -> None:
    present = Commitment.objects.get(slug="aes-bank-first-board")
    # Its step is never changed or taken away; another stands in its place.
    Commitment.objects.filter(pk=present.pk).update(slug="elsewhere")
    row = Commitment.objects.create(
        event=present.event, slug=present.slug, title_en=present.title_en, due="2026-01-31"
    )
    create_first_update(commitment=row, status=CommitmentStatus.ANNOUNCED)
    load()
    row.refresh_from_db()
    assert str(row.made_on) == "2025-12-23/2026-01-04"
    steps = row.updates.order_by("entry").values_list("date", "status", "corrects__entry")
    assert [(str(date), status, corrects) for date, status, corrects in steps] == [
        ("2025-12-23", "announced", None),
        ("2025-12-23/2026-01-04", "announced", 1),
        ("2026-01-27", "fulfilled", None),
    ]
    assert list(row.updates.get(entry=2).citations.values_list("source__publisher", "stance")) == [
        ("HCN Times", "stated"),
        ("Nandi", "inferred"),
    ]
    assert load() == {}


@pytest.mark.soak
def test_commitment_that_an_editor_changed_keeps_its_sources() -> None:
    row = Commitment.objects.get(slug="aes-passport")
    row.citations.filter(field="due").delete()
    row._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    row.save()
    load()
    assert not row.citations.filter(field="due").exists()


@pytest.mark.soak
def test_source_that_an_editor_reworded_stays() -> None:
    citation = Citation.objects.get(commitment__slug="aes-bank-capital", field="due")
    citation.date_as_worded = "avant octobre"
    citation._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    citation.save()
    load()
    citation.refresh_from_db()
    assert citation.date_as_worded == "avant octobre"


@pytest.mark.soak
def test_load_of_what_a_source_says_is_not_mutual_changes_nothing(tmp_path: Path) -> None:
    """Two sides undertook it together, and each owes only its own part."""
    events = tmp_path / "events"
    events.mkdir()
    (events / "2025.yaml").write_text(
        "- slug: met\n  kind: meeting\n  date: '2025'\n  title_en: They met\n"
        "  commitments: [{slug: apart, title_en: Each apart, mutual: false, obligors: [ru, ml]}]\n"
    )
    assert load(tmp_path)["commitment"] == 1
    assert load(tmp_path) == {}
    assert Commitment.objects.get(slug="apart").mutual is False


def remarks() -> set[tuple[str, ...]]:
    rows = MembershipRemark.objects.all()
    return set(rows.values_list("membership__party__code", "membership__bloc__code", "kind"))


@pytest.mark.soak
def test_what_was_announced_is_added_unless_an_editor_took_it_out() -> None:
    MembershipRemark.objects.all().delete()
    MembershipRemark.history.all().delete()
    load()
    added = remarks()
    assert len(added) == 12
    MembershipRemark.objects.filter(membership__bloc__code="oif").delete()
    load()
    assert remarks() == {one for one in added if one[1] != "oif"}
    assert load() == {}


def capacities() -> set[tuple[str, ...]]:
    rows = Attendance.objects.filter(event__slug=FOUNDING)
    return set(rows.values_list("person__slug", "party__code", "role"))


@pytest.fixture
def one_capacity_each() -> set[tuple[str, ...]]:
    """The founding session with one capacity for each minister; gives those of today."""
    today = capacities()
    rows = Attendance.objects.filter(event__slug=FOUNDING)
    rows.filter(role="co_chair").delete()
    rows.filter(role="head", person__slug="abdoulaye-diop").delete()
    for row in rows.filter(role="head").exclude(person__slug="sergey-lavrov"):
        row.role = "member"
        row.save()
        row.citations.filter(field="role").delete()
    assert len(capacities()) == 4
    return today


@pytest.mark.soak
def test_people_of_a_former_demo_take_their_present_capacities(
    one_capacity_each: set[tuple[str, ...]],
) -> None:
    load()
    assert capacities() == one_capacity_each
    cited = Citation.objects.filter(attendance__event__slug=FOUNDING, field="role")
    assert cited.count() == len(one_capacity_each) - 1
    assert load() == {}


@pytest.mark.soak
def test_capacity_that_an_editor_gave_stays_alone(
    one_capacity_each: set[tuple[str, ...]],
) -> None:
    row = Attendance.objects.get(event__slug=FOUNDING, person__slug="sergey-lavrov")
    row._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    row.role = "chair"
    row.save()
    load()
    of_lavrov = {key for key in capacities() if key[0] == "sergey-lavrov"}
    assert of_lavrov == {("sergey-lavrov", "ru", "chair")}


def names() -> set[str]:
    rows = PersonName.objects.filter(person__slug="abdourahamane-tiani")
    return set(rows.values_list("name", flat=True))


def test_whatever_a_former_demo_said_becomes_what_the_present_one_says() -> None:
    present = names()
    source = Source.objects.get(publisher="Africaho", title__contains="nouvel accord")
    note = source.note_en
    source.note_en, source.published = "", "2024"
    source.save()
    PersonName.objects.filter(name="Tchiani").delete()
    PersonName.objects.create(
        person=Person.objects.get(slug="abdourahamane-tiani"), name="A. T.", language="fr"
    )
    citation = Citation.objects.filter(event__slug=FOUNDING, field="duration").get()
    citation.excerpt = "an hour and a half"
    citation.save()
    load()
    source.refresh_from_db()
    citation.refresh_from_db()
    assert (source.note_en, source.published.text) == (note, "2025-04~")
    assert names() == present
    assert citation.excerpt == "Durant plus d’une heure et demie d’échanges"
    assert load() == {}


@pytest.mark.soak
def test_people_take_their_family_names_unless_an_editor_changed_them() -> None:
    families = dict(Person.objects.values_list("slug", "family_fr"))
    assert families["vladimir-putin"] == "Poutine"
    Person.objects.update(family_fr="", family_en="")
    changed = Person.objects.get(slug="ibrahim-traore")
    changed._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    changed.save()
    load()
    expected = families | {"ibrahim-traore": ""}
    assert dict(Person.objects.values_list("slug", "family_fr")) == expected
    assert Person.objects.get(slug="vladimir-putin").sort_fr == "poutine"
    assert load() == {}


def test_citation_and_name_that_an_editor_deleted_stay_deleted() -> None:
    editor = User.objects.create_user("editor")
    citation = Citation.objects.filter(event__slug=FOUNDING, field="duration").get()
    name = PersonName.objects.get(name="Tchiani")
    rows: list[Any] = [citation, name]
    for row in rows:
        row._history_user = editor
        row.delete()
    load()
    assert "Tchiani" not in names()
    assert not Citation.objects.filter(event__slug=FOUNDING, field="duration").exists()


def test_unknown_copies_of_an_earlier_demo_go_unless_an_editor_looked_for_them() -> None:
    asserted = {"no_archive_reason_en": "No public archived copy is known."}
    Source.objects.update(**asserted)
    looked_for = Source.objects.get(publisher="Africaho", title__contains="nouvel accord")
    looked_for._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    looked_for.save()
    load()
    assert list(Source.objects.filter(**asserted)) == [looked_for]
