"""What a record says: the fields of its own row, and the rows that are part of it.

Readers see their changes, and together they are the text of a version. Derived columns, what only
editors see and the state of publication are no part of it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from django.db.models import Model

from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    EventPlace,
    EventSector,
    EventStep,
    Framework,
    HostOrder,
    Instrument,
    InstrumentParty,
    InstrumentStep,
    Membership,
    Office,
    Participation,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Sector,
    Side,
    Source,
    Statement,
    StatusUpdate,
    Succession,
)

TOGETHER: Final = dt.timedelta(seconds=1)
"""Rows of histories closer than this were written by one request: readers saw only the last."""

MODELS: Final[Mapping[str, type[Model]]] = {
    "event": Event,
    "commitment": Commitment,
    "instrument": Instrument,
    "framework": Framework,
    "party": Party,
    "person": Person,
    "place": Place,
    "sector": Sector,
    "source": Source,
}
"""The models of all nouns with pages of records."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "event": (
        *("title_fr", "title_en", "summary_fr", "summary_en", "kind", "date", "state"),
        *("duration_fr", "duration_en", "framework", "takes_turn", "follows"),
    ),
    "commitment": (
        *("title_fr", "title_en", "wording_fr", "wording_en", "condition_fr", "condition_en"),
        *("made_on", "due", "restates", "instrument"),
    ),
    "instrument": ("title_fr", "title_en", "summary_fr", "summary_en", "kind", "date", "binds"),
    "framework": (
        *("title_fr", "title_en", "summary_fr", "summary_en", "rotation", "cadence_months"),
        *("starts", "ended"),
    ),
    "party": (
        *("name_fr", "name_en", "short_fr", "short_en", "description_fr", "description_en"),
        *("kind", "body_kind", "part_of", "founded", "dissolved"),
    ),
    "person": ("name_fr", "name_en"),
    "place": ("name_fr", "name_en", "party", "latitude", "longitude"),
    "sector": ("name_fr", "name_en", "description_fr", "description_en", "parent", "dac_code"),
    "source": (
        *("title", "publisher", "kind", "carried_by", "speaks_for", "url"),
        *("published", "consulted", "archive_url", "note_fr", "note_en"),
    ),
}
"""The fields of each noun, its title or name first."""


def columns_of(noun: str) -> list[str]:
    """Return the columns of the fields of a noun, in their order."""
    return _columns(MODELS[noun], FIELDS[noun])


def _columns(model: type[Model], fields: tuple[str, ...]) -> list[str]:
    return [model._meta.get_field(name).attname for name in fields]  # type: ignore[union-attr]


class Part(NamedTuple):
    """Rows that are part of a record: the name of the field that they make up, and what they say.

    ``parents`` are the foreign keys that lead to the record, '', or to rows of an earlier part, by
    its name.
    """

    name: str
    model: type[Model]
    fields: tuple[str, ...]
    parents: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        """The columns of what the rows say."""
        return _columns(self.model, self.fields)

    def by_content(self, rows: Iterable[Any]) -> dict[tuple[Any, ...], Any]:
        """Return rows by what they say; of those that say the same, the first one."""
        columns = self.columns
        found: dict[tuple[Any, ...], Any] = {}
        for row in rows:
            found.setdefault(tuple(getattr(row, column) for column in columns), row)
        return found


_NOTE: Final = ("note_fr", "note_en")
_SPAN: Final = ("starts", "ends")


def _sources(noun: str = "", **parts: str) -> Part:
    """Return the sources of a record and of its parts, by the foreign keys of citations."""
    return Part("sources", Citation, ("source",), {**({noun: ""} if noun else {}), **parts})


_OF_EVENT: Final = {"event": ""}
_OF_COMMITMENT: Final = {"commitment": ""}
_OF_INSTRUMENT: Final = {"instrument": ""}
_OF_PARTY: Final = {"party": ""}
_OF_PERSON: Final = {"person": ""}

PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    "event": (
        Part("parties", Participation, ("party", "role"), _OF_EVENT),
        Part("people", Attendance, ("person", "party", "role"), _OF_EVENT),
        Part("place", EventPlace, ("place", "venue_fr", "venue_en", "days"), _OF_EVENT),
        Part("sectors", EventSector, ("sector",), _OF_EVENT),
        Part(
            *("text", Statement),
            ("person", "party", "language", "text", "translation_fr", "translation_en"),
            _OF_EVENT,
        ),
        Part("event_step", EventStep, ("on", "state", "date", *_NOTE), _OF_EVENT),
        _sources(
            "event",
            participation="parties",
            attendance="people",
            statement="text",
            event_step="event_step",
        ),
    ),
    "commitment": (
        Part("parties", CommitmentParty, ("party", "role"), _OF_COMMITMENT),
        Part("sectors", CommitmentSector, ("sector",), _OF_COMMITMENT),
        Part("status_update", StatusUpdate, ("date", "status", *_NOTE), _OF_COMMITMENT),
        _sources("commitment", status_update="status_update"),
    ),
    "instrument": (
        Part("parties", InstrumentParty, ("party",), _OF_INSTRUMENT),
        Part(
            *("instrument_step", InstrumentStep),
            ("party", "act", "done", "effect", *_NOTE),
            _OF_INSTRUMENT,
        ),
        _sources("instrument", instrument_step="instrument_step"),
    ),
    "framework": (
        Part("sides", Side, ("party", "member_order"), {"framework": ""}),
        Part("host_order", HostOrder, ("party",), {"side": "sides"}),
        _sources("framework"),
    ),
    "party": (
        Part("party_name", PartyName, ("name", "kind", *_SPAN), _OF_PARTY),
        Part("successions", Succession, ("predecessor",), _OF_PARTY),
        Part("membership", Membership, ("bloc", "standing", *_SPAN), _OF_PARTY),
        Part("members", Membership, ("party", "standing", *_SPAN), {"bloc": ""}),
        _sources("party", party_name="party_name", membership="membership"),
    ),
    "person": (
        Part("spellings", PersonName, ("name",), _OF_PERSON),
        Part("office", Office, ("title_fr", "title_en", "party", *_SPAN), _OF_PERSON),
        _sources(office="office"),
    ),
    "place": (_sources("place"),),
    "sector": (),
    "source": (),
}
"""The parts of each noun; a part stands after those that lead to it."""
