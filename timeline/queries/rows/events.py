"""The rows of events."""

from collections.abc import Sequence
from typing import Final

from timeline.core.codes import Publication
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventPlace,
    EventSector,
    InstrumentStep,
    Involvement,
    Participation,
)
from timeline.queries.as_of import AsOf
from timeline.queries.rows._shared import Cited, Row, cited, dated, grouped, in_order, texts

_COLUMNS: Final = (
    *("slug", "title_fr", "title_en", "kind", "state", "date", "duration_fr", "duration_en"),
    *("duration_minutes", "takes_turn", "summary_fr", "summary_en"),
    *("framework__slug", "framework__publication", "follows__slug", "follows__publication"),
)


def rows(keys: Sequence[int], _when: AsOf) -> list[Row]:
    """Return the rows of the published ones of these events, in the order of the keys.

    Beside their columns they have ``coordinates``: degrees east and north of each place.
    """
    related = _Related(keys)
    events = Event.objects.published().filter(pk__in=keys).order_by()
    records = {
        event.pk: event for event in events.select_related("framework", "follows").only(*_COLUMNS)
    }
    return [related.row(key, event) for key, event in in_order(records, keys)]


class _Related:
    """What belongs to some events, read in a fixed number of queries."""

    def __init__(self, keys: Sequence[int]) -> None:
        places = EventPlace.objects.filter(event__in=keys).order_by("position", "pk")
        self.place_links = [*places.select_related("place")]
        self.places = grouped(
            (link.event_id, link.place.slug) for link in self.place_links if link.place
        )
        self.coordinates = grouped(
            (link.event_id, link.place.longitude, link.place.latitude)
            for link in self.place_links
            if link.place and link.place.latitude is not None
        )
        self.venues = grouped(
            (link.event_id, str(link.venue)) for link in self.place_links if link.venue
        )
        named = Participation.objects.filter(event__in=keys).order_by("pk")
        self.participants = grouped(named.values_list("event", "party__code", "role"))
        involved = Involvement.objects.filter(event__in=keys).order_by("pk")
        ways = [*involved.values_list("event", "party__code", "via__code", "possibly")]
        self.parties = grouped((key, party) for key, party, _via, _possibly in ways)
        self.via = grouped((key, party, via) for key, party, via, _possibly in ways if via)
        self.possibly_via = grouped(
            (key, party, via) for key, party, via, may in ways if via and may
        )
        present = Attendance.objects.filter(event__in=keys).order_by("pk")
        self.people = grouped(present.values_list("event", "person__slug", "party__code", "role"))
        sectors = EventSector.objects.filter(event__in=keys).order_by("pk")
        self.sectors = grouped(sectors.values_list("event", "sector__slug"))
        steps = InstrumentStep.objects.filter(
            event__in=keys, instrument__publication=Publication.PUBLISHED
        ).order_by("pk")
        self.instruments = grouped(steps.values_list("event", "instrument__slug"))
        made = Commitment.objects.filter(event__in=keys, publication=Publication.PUBLISHED)
        self.commitments = grouped(made.order_by("pk").values_list("event", "slug"))
        citations = Citation.objects.of_events([*keys]).with_event()
        self.cited: dict[int, Cited] = cited((citations, "about_event"))

    def row(self, key: int, event: Event) -> Row:
        framework, follows = event.framework, event.follows
        return {
            "id": event.slug,
            **dict(texts(event, "title", "duration", "summary")),
            "kind": event.kind,
            "state": event.state,
            **dict(dated(event.date, "date", "earliest", "latest")),
            "date_sure": event.date.sure,
            "duration_minutes": event.duration_minutes,
            "places": self.places[key],
            "venues": self.venues[key],
            "coordinates": self.coordinates[key],
            "participants": self.participants[key],
            "parties": self.parties[key],
            "via": self.via[key],
            "possibly_via": self.possibly_via[key],
            "people": self.people[key],
            "sectors": self.sectors[key],
            "framework": framework.slug if framework and framework.is_public else None,
            "takes_turn": event.takes_turn if framework and framework.is_public else None,
            "follows": follows.slug if follows and follows.is_public else None,
            "instruments": self.instruments[key],
            "commitments": self.commitments[key],
            **dict(self.cited[key].columns()),
        }
