"""The rows of parties, people, places, sectors, sources and frameworks."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from timeline.core.question import Question
from timeline.index.current import current
from timeline.models import (
    Citation,
    Framework,
    Office,
    Place,
    Sector,
    Source,
    Succession,
)
from timeline.queries import frameworks as whose_turn
from timeline.queries import public
from timeline.queries.as_of import AsOf
from timeline.queries.keys import in_order
from timeline.queries.rows._shared import Row, cited, dated, grouped, texts


def parties(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of public parties."""
    shown = public.parties().order_by()
    codes = dict(shown.values_list("pk", "code"))
    succeeded = Succession.objects.filter(party__in=keys).order_by("pk")
    predecessors = grouped(
        (party, codes[other])
        for party, other in succeeded.values_list("party", "predecessor")
        if other in codes
    )
    memberships = grouped(
        (
            row.party_id,
            (
                codes[row.bloc_id],
                row.standing,
                row.starts.text,
                row.ends.text if row.ends else "",
            ),
        )
        for row in public.memberships().filter(party__in=keys).order_by("starts_earliest", "pk")
    )
    counts = _event_counts("party", when)
    said = texts("name", "short", "description")
    return [
        {
            "id": party.code,
            **said(vars(party)),
            "kind": party.kind,
            "body_kind": party.body_kind or None,
            "part_of": codes.get(party.part_of_id or 0),
            **dict(dated(party.founded, "founded", "founded_earliest", "founded_latest")),
            **dict(dated(party.dissolved, "dissolved", "dissolved_earliest", "dissolved_latest")),
            "predecessors": predecessors[key],
            "memberships": memberships[key],
            "events": counts.get(party.code, 0),
        }
        for key, party in in_order(shown.in_bulk(keys), keys)
    ]


def people(keys: Sequence[int], _when: AsOf) -> list[Row]:
    """Return the rows of public people."""
    rows = public.offices().filter(person__in=keys).select_related("party")
    offices: dict[int, list[Office]] = defaultdict(list)
    for office in rows.order_by("starts_earliest", "pk"):
        offices[office.person_id].append(office)
    said = texts("name")
    return [
        {
            "id": person.slug,
            **said(vars(person)),
            "family_name": person.family,
            "family_name_fr": person.family_fr,
            "family_name_en": person.family_en,
            "offices": [office.label for office in offices[key]],
            "parties": [*dict.fromkeys(o.party.code for o in offices[key] if o.party)],
        }
        for key, person in in_order(public.people().order_by().in_bulk(keys), keys)
    ]


def places(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of public places."""
    counts = _event_counts("place", when)
    shown: dict[int, Place] = public.places().select_related("party").order_by().in_bulk(keys)
    said = texts("name")
    return [
        {
            "id": place.slug,
            **said(vars(place)),
            "party": place.party.code if place.party else None,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "events": counts.get(place.slug, 0),
        }
        for key, place in in_order(shown, keys)
    ]


def sectors(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of public sectors."""
    counts = _event_counts("sector", when)
    shown: dict[int, Sector] = public.sectors().select_related("parent").order_by().in_bulk(keys)
    said = texts("name", "description")
    return [
        {
            "id": sector.slug,
            **said(vars(sector)),
            "parent": sector.parent.slug if sector.parent else None,
            "dac_code": sector.dac_code,
            "events": counts.get(sector.slug, 0),
        }
        for key, sector in in_order(shown, keys)
    ]


def sources(keys: Sequence[int], _when: AsOf) -> list[Row]:
    """Return the rows of public sources."""
    codes = dict(public.parties().order_by().values_list("pk", "code"))
    resting = public.citations().filter(source__in=keys).order_by().values_list("source")
    counts = dict(resting.annotate(number=Count("pk")))
    shown: dict[int, Source] = Source.objects.filter(pk__in=[*counts]).in_bulk(keys)
    said = texts("no_archive_reason")
    return [
        {
            "id": str(key),
            "title": source.title,
            "publisher": source.publisher,
            "carried_by": source.carried_by,
            "kind": source.kind,
            "speaks_for": codes.get(source.speaks_for_id or 0),
            "address": source.url,
            "archive": source.archive_url,
            **said(vars(source)),
            "language": source.language,
            **dict(dated(source.published, "published", "published_earliest", "published_latest")),
            "consulted": source.consulted,
            "citations": counts[key],
        }
        for key, source in in_order(shown, keys)
    ]


def frameworks(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of published frameworks, with whose turn it is on a day."""
    published = Framework.objects.published().filter(pk__in=keys).select_related("fixed_host")
    rows = published.prefetch_related(whose_turn.with_meetings()).order_by()
    views = {view.framework.pk: view for view in whose_turn.views(rows, when) if view.begun}
    sources = cited((Citation.objects.filter(framework__in=keys), "framework"))
    return [{**_turn(view), **dict(sources[key].columns())} for key, view in in_order(views, keys)]


def _turn(view: whose_turn.FrameworkView) -> Row:
    framework, turn = view.framework, view.host_turn
    window, host = turn.window, framework.fixed_host
    return {
        "id": framework.slug,
        **texts("title", "summary")(vars(framework)),
        "sides": [side.code for side in view.sides],
        "rotation": framework.rotation,
        "fixed_host": host.code if host else None,
        "cadence_months": framework.cadence_months,
        "tolerance_months": framework.tolerance_months,
        "starts": framework.starts.text if framework.starts else None,
        "ended": framework.ended.text if framework.ended else None,
        "state": turn.state.value,
        "last_host": turn.last_host,
        "next_side": turn.next_side,
        "candidates": [party.code for party in view.candidate_parties],
        "window_first": window.first if window else None,
        "window_last": window.last if window else None,
        "meetings": [event.slug for event in view.meetings],
        "as_of": view.day,
    }


def _event_counts(group: str, when: AsOf) -> Any:
    """Count the events of each value of a group, as the index of its noun does."""
    return current().answer(Question(), today=when.day).options[group]
