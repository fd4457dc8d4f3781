"""The rows of events."""

from collections.abc import Sequence
from typing import Final

from timeline.core.codes import Publication
from timeline.core.dates import EdtfDate
from timeline.fields import form_columns, reader_language, text_in
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
    Party,
    Sector,
)
from timeline.queries import public
from timeline.queries.as_of import AsOf
from timeline.queries.keys import Keys, in_order
from timeline.queries.rows._shared import Row, cited, dated, grouped, text_columns, texts

_TEXTS: Final = ("title", "duration", "summary")

_COLUMNS: Final = (
    *("slug", "kind", "state", "date", "duration_minutes", "takes_turn"),
    *("framework__slug", "framework__publication", "follows__slug", "follows__publication"),
    *text_columns(*_TEXTS),
)


def rows(keys: Sequence[int], _when: AsOf) -> list[Row]:
    """Return the rows of the published ones of these events, in the order of the keys.

    Beside their columns they have ``coordinates``: degrees east and north of each place.
    """
    these = Keys(keys)
    related = _Related(these)
    events = Event.objects.published().filter(pk__in=these).order_by()
    records = {record["pk"]: record for record in events.values("pk", *_COLUMNS)}
    return [related.row(key, record) for key, record in in_order(records, keys)]


class _Related:
    """What belongs to some events, read in a fixed number of queries."""

    def __init__(self, these: Keys) -> None:
        codes = dict(Party.objects.order_by().values_list("pk", "code"))
        slugs = dict(Sector.objects.order_by().values_list("pk", "slug"))
        links = EventPlace.objects.filter(event__in=these).order_by("position", "pk")
        on_map = ("place__longitude", "place__latitude")
        places = [*links.values_list("event", "place__slug", *on_map, *form_columns("venue"))]
        self.places = grouped((key, place) for key, place, *_rest in places if place)
        self.coordinates = grouped(
            (key, (longitude, latitude))
            for key, _place, longitude, latitude, *_venue in places
            if latitude is not None
        )
        self.texts, language = texts(*_TEXTS), reader_language()
        venues = ((key, text_in(language, venue)) for key, _place, _x, _y, *venue in places)
        self.venues = grouped((key, venue) for key, venue in venues if venue)
        named = Participation.objects.filter(event__in=these).order_by("pk")
        self.participants = grouped(
            (key, (codes[party], role))
            for key, party, role in named.values_list("event", "party", "role")
        )
        involved = Involvement.objects.filter(event__in=these).order_by("pk")
        ways = [*involved.values_list("event", "party", "via", "possibly")]
        self.parties = grouped((key, codes[party]) for key, party, _via, _possibly in ways)
        through = [(key, (codes[party], codes[via]), may) for key, party, via, may in ways if via]
        self.via = grouped((key, way) for key, way, _possibly in through)
        self.possibly_via = grouped((key, way) for key, way, possibly in through if possibly)
        present = Attendance.objects.filter(event__in=these).order_by("pk")
        people = present.values_list("event", "person__slug", "party", "role")
        self.people = grouped(
            (key, (person, codes[party], role)) for key, person, party, role in people
        )
        sectors = EventSector.objects.filter(event__in=these).order_by("pk")
        self.sectors = grouped(
            (key, slugs[sector]) for key, sector in sectors.values_list("event", "sector")
        )
        steps = InstrumentStep.objects.filter(
            event__in=these, instrument__publication=Publication.PUBLISHED
        ).order_by("pk")
        self.instruments = grouped(steps.values_list("event", "instrument__slug"))
        made = Commitment.objects.filter(public.published(), event__in=these)
        self.commitments = grouped(made.order_by("pk").values_list("event", "slug"))
        self.cited = cited((Citation.objects.of_events(these).with_event(), "about_event"))

    def row(self, key: int, record: Row) -> Row:
        date: EdtfDate = record["date"]
        meets = record["framework__publication"] == Publication.PUBLISHED
        follows = record["follows__publication"] == Publication.PUBLISHED
        return {
            **record,
            **self.texts(record),
            "id": record["slug"],
            **dict(dated(date, "date", "earliest", "latest")),
            "date_sure": date.sure,
            "places": self.places[key],
            "venues": self.venues[key],
            "coordinates": self.coordinates[key],
            "participants": self.participants[key],
            "parties": self.parties[key],
            "via": self.via[key],
            "possibly_via": self.possibly_via[key],
            "people": self.people[key],
            "sectors": self.sectors[key],
            "framework": record["framework__slug"] if meets else None,
            "takes_turn": record["takes_turn"] if meets else None,
            "follows": record["follows__slug"] if follows else None,
            "instruments": self.instruments[key],
            "commitments": self.commitments[key],
            **dict(self.cited[key].columns()),
        }
