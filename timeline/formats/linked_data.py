"""What a page says to programs in the words of schema.org, as JSON-LD.

It says little, and nothing that the record does not know: a date is given as far as it is known, in
a form that schema.org has (a day, a month or a year), and in EDTF where that says more. There is no
type for a commitment, which is said to be a work, as is a text.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from timeline.core import dates
from timeline.core.codes import EventState, PartyKind
from timeline.core.dates import EdtfDate
from timeline.formats.site import Site
from timeline.formats.values import date_of
from timeline.models import (
    Commitment,
    Event,
    Framework,
    Instrument,
    Party,
    Person,
    Place,
    Sector,
    Source,
)

CONTEXT: Final = "https://schema.org"

_STATUSES: Final = {
    EventState.POSTPONED: f"{CONTEXT}/EventPostponed",
    EventState.CANCELLED: f"{CONTEXT}/EventCancelled",
}

_EDTF: Final = "http://id.loc.gov/datatypes/edtf/EDTF"
_DATE: Final = "http://purl.org/dc/terms/date"

_ESCAPES: Final = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""What could end the element or begin another one, as JSON writes it."""


def in_element(text: str) -> str:
    """Return JSON that stands in an element of a page and cannot end it (HTML, 4.12.1.3)."""
    return text.translate(_ESCAPES)


def data_block(data: Mapping[str, Any]) -> SafeString:
    """Return the element that holds data: browsers read it and run nothing of it."""
    text = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False, separators=(",", ":"))
    block = f'<script type="application/ld+json">{in_element(text)}</script>'
    return mark_safe(block)  # noqa: S308 — escaped above


def of_record(record: Any, places: Sequence[Place] = ()) -> dict[str, Any]:
    """Return what a record is; ``places`` are those of an event."""
    said = {"@type": type_of(record), **_SAID[type(record)](record)}
    if places:
        said["location"] = [{"@type": "Place", "name": str(place.name)} for place in places]
    return said


def of_dataset(
    site: Site, title: str, page: str, version: str, files: Mapping[str, str]
) -> dict[str, Any]:
    """Return what a list is as a data set; ``files`` are addresses by content type."""
    identity = site.identity
    said: dict[str, Any] = {
        "@type": "Dataset",
        "name": f"{site.name} — {title}",
        "description": str(identity.subject or title),
        "url": page,
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
            for kind, address in files.items()
        ],
    }
    if version:
        said["version"] = version
    if licence := identity.licence_url or identity.licence:
        said["license"] = str(licence)
    if identity.keeper:
        said["creator"] = {"@type": "Organization", "name": str(identity.keeper)}
    if identity.since and identity.since.sure and _is_plain(identity.since.text):
        said["temporalCoverage"] = f"{identity.since.text}/.."
    return said


def type_of(record: Any) -> str:
    """Return the type of schema.org that fits a record."""
    if isinstance(record, Party):
        return "Country" if record.kind == PartyKind.STATE else "Organization"
    return _TYPES[type(record)]


_TYPES: Final[Mapping[type, str]] = {
    Event: "Event",
    Commitment: "CreativeWork",
    Instrument: "CreativeWork",
    Framework: "EventSeries",
    Person: "Person",
    Place: "Place",
    Sector: "DefinedTerm",
    Source: "CreativeWork",
}


def _event(event: Event) -> dict[str, Any]:
    status = _STATUSES.get(EventState(event.state))
    return {
        **_titled(event),
        **_dated(event.date, "startDate", "endDate"),
        **({"eventStatus": status} if status else {}),
    }


def _commitment(commitment: Commitment) -> dict[str, Any]:
    return {"name": str(commitment.title), **_dated(date_of(commitment), "dateCreated")}


def _instrument(text: Instrument) -> dict[str, Any]:
    return {**_titled(text), **_dated(text.date, "dateCreated")}


def _framework(framework: Framework) -> dict[str, Any]:
    return {**_titled(framework), **_dated(framework.starts, "startDate")}


def _party(party: Party) -> dict[str, Any]:
    said: dict[str, Any] = {"name": str(party.name)}
    if party.kind == PartyKind.STATE:
        return said
    founded, dissolved = (
        _dated(date, name)
        for date, name in ((party.founded, "foundingDate"), (party.dissolved, "dissolutionDate"))
    )
    return {**said, **founded, **dissolved}


def _person(person: Person) -> dict[str, Any]:
    said = _named(person)
    return {**said, "familyName": person.family} if person.family else said


def _place(place: Place) -> dict[str, Any]:
    said: dict[str, Any] = {"name": str(place.name)}
    if place.latitude is not None and place.longitude is not None:
        position = {"latitude": place.latitude, "longitude": place.longitude}
        said["geo"] = {"@type": "GeoCoordinates", **position}
    return said


def _source(source: Source) -> dict[str, Any]:
    said: dict[str, Any] = {"name": source.title, "inLanguage": source.language}
    if source.url:
        said["url"] = source.url
    return {**said, **_dated(source.published, "datePublished")}


def _named(record: Any) -> dict[str, Any]:
    return {"name": str(record.name)}


def _titled(record: Any) -> dict[str, Any]:
    said = {"name": str(record.title)}
    return {**said, "description": str(record.summary)} if record.summary else said


_SAID: Final[Mapping[type, Any]] = {
    Event: _event,
    Commitment: _commitment,
    Instrument: _instrument,
    Framework: _framework,
    Party: _party,
    Person: _person,
    Place: _place,
    Sector: _named,
    Source: _source,
}


def _dated(date: EdtfDate | None, first: str, last: str = "") -> dict[str, Any]:
    """Return a date as properties: its day, month or year, or both its ends, and else its EDTF."""
    if date is None:
        return {}
    ends = date.text.split("/")
    if date.sure and all(map(_is_plain, ends)):
        if len(ends) == 1:
            return {first: date.text}
        if last:
            return {first: ends[0], last: ends[1]}
    return {_DATE: {"@type": _EDTF, "@value": date.text}}


def _is_plain(text: str) -> bool:
    return text != ".." and bool(dates.machine_readable(dates.parse(text)))
