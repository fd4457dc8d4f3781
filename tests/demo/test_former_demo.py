"""Loading the demo over an earlier one updates what the demo changed and keeps editors' work."""

import pytest
from django.contrib.auth.models import User

from timeline.actions import involvement, memberships, search
from timeline.actions.events import refresh_derived
from timeline.ingest.demo import load
from timeline.models import (
    Citation,
    Commitment,
    Event,
    EventPlace,
    Involvement,
    Membership,
    Participation,
)

pytestmark = pytest.mark.usefixtures("demo")

RECALL = "aes-algeria-recall-2025"
SUMMIT = "ecowas-summit-65-2024"
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


def test_role_that_an_editor_changed_stays_as_it_is() -> None:
    row = Participation.objects.get(event__slug=RECALL, party__code="dz")
    row.role = "observer"
    row.save()
    load()
    assert Participation.objects.get(event__slug=RECALL, party__code="dz").role == "observer"


def test_places_that_an_editor_changed_stay_as_they_are() -> None:
    row = EventPlace.objects.get(event__slug=TOUR)
    row.venue_en = "Palace"
    row._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    row.save()
    load()
    assert cities() == ["bamako"]


def test_citation_that_an_editor_added_stays() -> None:
    row = Membership.objects.get(party__code="ml", bloc__code="ecowas")
    added = Citation(membership=row, source=Citation.objects.filter(event=None)[0].source)
    added.field, added.note_en = "ends", "By an editor."
    added._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    added.save()
    load()
    assert len(spells("ml")) == 2
    assert Citation.objects.filter(pk=added.pk, note_en="By an editor.").exists()


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


def test_commitment_that_was_worded_as_a_request_is_worded_as_the_statement_has_it() -> None:
    row = Commitment.objects.get(slug="ru-aes-unified-force-support")
    now = row.wording_fr
    former = "dont l’efficacité dépendra du soutien technique et logistique de la Russie"
    Commitment.objects.filter(pk=row.pk).update(wording_fr=former, answers=None)
    article = Citation.objects.filter(source__publisher="Africaho")[0].source
    for target in ({"commitment": row}, {"status_update": row.updates.get()}):
        Citation.objects.create(source=article, stance="inferred", **target)
    load()
    row.refresh_from_db()
    assert row.wording_fr == now
    assert row.answers is not None
    assert row.answers.slug == "aes-unified-force-request"
    for citations in (row.citations, row.updates.get().citations):
        assert "Africaho" not in citations.values_list("source__publisher", flat=True)
