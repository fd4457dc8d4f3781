"""What the API's description says of the data: the schemas of OpenAPI, made from the columns."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ninja import Schema
from pydantic import Field, create_model

from timeline.core.columns import COLUMNS, Column, Kind
from timeline.core.relations import CHANGE_LISTS, TABLES

_TYPES: Final[Mapping[Kind, Any]] = {
    Kind.TEXT: str,
    Kind.CODE: str,
    Kind.ADDRESS: str,
    Kind.EDTF: str,
    Kind.DAY: dt.date,
    Kind.TIME: dt.datetime,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.FLAG: bool,
}

SINGULAR: Final = {
    "events": "Event",
    "commitments": "Commitment",
    "instruments": "Instrument",
    "frameworks": "Framework",
    "parties": "Party",
    "people": "Person",
    "places": "Place",
    "sectors": "Sector",
    "sources": "Source",
    "changes": "Change",
    "corrections": "Correction",
}
"""The name of the schema of one row, by noun or by list of changes."""


class Index(Schema):
    """Where the lists are."""

    openapi: str = Field(description="The address of this description.")
    docs: str = Field(description="The address of the documentation.")
    nouns: dict[str, str] = Field(description="The addresses of the lists, by noun.")


class Cited(Schema):
    """A source cited for a record, or for one field of it."""

    source: str = Field(description="The identifier of the source.")
    part: str = Field(description="What of the record it supports; empty for the record itself.")
    field: str = Field(description="The field that it supports; empty for all of it.")
    stance: str = Field(description="Whether it states it, is read so, or contradicts it.")
    confidence: str = Field(description="How sure the editors are of it.")
    excerpt: str = Field(description="The words of the source.")
    excerpt_language: str = Field(description="The language of the excerpt, as BCP 47.")
    date_as_worded: str = Field(description="The date in the words of the source.")
    value_given: str = Field(description="The value that the source gives, where it is another.")


class Update(Schema):
    """A dated step in the life of a commitment."""

    date: str = Field(description="When it was so, as EDTF.")
    entry: int = Field(description="The number of the step; a correction names it.")
    status: str = Field(description="The state from then on.")
    event: str | None = Field(description="The event at which it was seen, if readers may see it.")
    note_fr: str
    note_en: str
    corrects: int | None = Field(description="The number of the step that it corrects.")
    corrected: bool = Field(description="Whether a later step corrects it.")


class Standing(Schema):
    """A row of the status table of a text: one of its parties."""

    party: str = Field(description="The code of the party.")
    status: str = Field(description="What is known of it.")
    since: str | None = Field(description="Since when it has this status, as EDTF.")
    waiting: bool = Field(description="Whether its ratification is waited for.")


class Turn(Schema):
    """A session of a framework and the side whose turn it took."""

    event: str = Field(description="The session.")
    side: str | None = Field(description="The side that hosted, if one did.")
    due: str | None = Field(description="The side whose turn it was.")


class WhoseTurn(Schema):
    """Whose turn it is to host, by the rule of the framework."""

    state: str = Field(description="Whether a session is due.")
    next_side: str | None = Field(description="The side whose turn it is.")
    candidates: list[str] = Field(description="The parties that may host next.")
    window_first: dt.date | None
    window_last: dt.date | None
    planned: str | None = Field(description="The session that is planned.")
    days_overdue: int
    turns: list[Turn] = Field(description="The turns taken, the oldest first.")


DETAILS: Final[Mapping[str, Mapping[str, Any]]] = {
    "events": {"citations": (list[Cited], ...)},
    "commitments": {"citations": (list[Cited], ...), "updates": (list[Update], ...)},
    "instruments": {"citations": (list[Cited], ...), "status_table": (list[Standing], ...)},
    "frameworks": {"citations": (list[Cited], ...), "turn": (WhoseTurn, ...)},
}
"""What a record by itself has beyond its columns, by noun."""


def _fields(columns: tuple[Column, ...]) -> Iterator[tuple[str, Any]]:
    # With field selection any of them may be missing.
    for column in columns:
        one: Any = _TYPES[column.kind]
        if column.parts:
            parts: dict[str, Any] = dict.fromkeys(column.parts, (str | None, None))
            one = create_model(f"{column.name.title().replace('_', '')}Entry", **parts)
        declared = list[one] if column.repeated else one | None
        yield column.name, (declared, Field(default=None, description=column.meaning))


def _record(noun: str) -> type[Schema]:
    return create_model(SINGULAR[noun], __base__=Schema, **dict(_fields(TABLES[noun])))


RECORDS: Final = {noun: _record(noun) for noun in (*COLUMNS, *CHANGE_LISTS)}
"""The schema of a record in a list, by noun."""

ALONE: Final = {
    noun: create_model(f"{SINGULAR[noun]}Alone", __base__=record, **DETAILS.get(noun, {}))
    for noun, record in RECORDS.items()
    if noun in COLUMNS
}
"""The schema of a record by itself, by noun."""


_COUNTED: Final[Mapping[str, Any]] = {
    "facets": (
        dict[str, dict[str, int]] | None,
        Field(description="With facets=1: what each value of each filter would find."),
    ),
}

_IN_CHANGES: Final[Mapping[str, Any]] = {
    "month": (str | None, Field(description="The month of these; null if of all months.")),
    "months": (list[str], Field(description="The months that have any, the last one first.")),
}


def _page(noun: str) -> type[Schema]:
    record: Any = RECORDS[noun]
    described: dict[str, Any] = {
        "noun": (str, Field(description="What the records are.")),
        "title": (str, Field(description="The filter in words.")),
        "count": (int, Field(description="How many the filter finds, the same on every page.")),
        "first": (int, Field(description="The number of the first record of this page, from 1.")),
        "page": (str, Field(description="The address of the page that shows the same.")),
        "next": (str | None, Field(description="The address of the next page; null on the last.")),
        "previous": (str | None, Field(description="The address of the page before, if any.")),
        "language": (str, Field(description="The language of texts without one in their name.")),
        "version": (str, Field(description="The version of the record.")),
        "day": (dt.date, Field(description="The day of which states and turns are.")),
        "searched_until": (dt.date, Field(description="The day until which was searched.")),
        "licence": (str, Field(description="What others may do with it.")),
        "licence_url": (str, Field(description="Where the licence is.")),
        "citation": (str, Field(description="How to cite it.")),
        **(_IN_CHANGES if noun in CHANGE_LISTS else _COUNTED),
        "rows": (list[record], Field(description="The records of this page.")),
    }
    return create_model(f"{SINGULAR[noun]}List", __base__=Schema, **described)


PAGES: Final = {noun: _page(noun) for noun in RECORDS}
"""The schema of one page of a list, by noun."""


class WrongParameter(Schema):
    """A parameter that cannot be read."""

    name: str
    value: str
    code: str
    detail: str
    accepted: list[str]


class Problem(Schema):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    parameters: list[WrongParameter] = []
