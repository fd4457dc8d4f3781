"""The rows of the tables that only the whole record has.

The values are those of :data:`timeline.core.relations.RELATIONS`, of published records alone. Where
a row names something that readers may not see, that column is empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet

from timeline.core.batches import batched
from timeline.core.columns import Column, Kind
from timeline.core.dates import OPEN_END
from timeline.core.relations import TABLES
from timeline.fields import RECORD_LANGUAGES, reader_language
from timeline.models import (
    Attendance,
    CommitmentParty,
    CommitmentSector,
    EventPlace,
    EventSector,
    EventStep,
    HostOrder,
    Instrument,
    InstrumentStep,
    Involvement,
    MembershipRemark,
    Participation,
    PartyName,
    PersonName,
    Side,
    Statement,
    StatusUpdate,
    Succession,
)
from timeline.queries import frameworks, public, searched
from timeline.queries.as_of import AsOf
from timeline.queries.instrument_lives import lives
from timeline.queries.keys import in_order
from timeline.queries.rows._shared import Row, shown

BATCH: Final = 500
"""Rows read at a time."""

_IDENTIFIERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("events", "commitments", "instruments", "frameworks"), "slug"),
    **dict.fromkeys(("people", "places", "sectors"), "slug"),
    "parties": "code",
}
"""The column that identifies a record of a noun; all other rows are identified by their keys."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of a model that readers may see.

    ``values`` has what does not stand in the field that a column is named after, or may not be
    shown for every row.
    """

    rows: QuerySet[Any]
    values: Mapping[str, Case] = field(default_factory=dict)

    def batches(self, name: str) -> Iterator[list[Row]]:
        """Yield the rows in the order of entry, as the columns of the table ask for them."""
        columns = TABLES[name]
        stored = [column for column in columns if not _is_a_choice(column, columns)]
        read = [self.values.get(column.name) or _path(column) for column in stored]
        found = self.rows.order_by("pk").values_list(*read).iterator(chunk_size=BATCH)
        while batch := [*islice(found, BATCH)]:
            yield [_row(columns, stored, values) for values in batch]


def _is_a_choice(column: Column, columns: tuple[Column, ...]) -> bool:
    """Whether a column has a text in the language of the file, chosen from those recorded."""
    return any(other.name == f"{column.name}_{RECORD_LANGUAGES[0]}" for other in columns)


def _path(column: Column) -> F:
    if column.name == "id":
        return F("pk")
    identifier = _IDENTIFIERS.get(column.of)
    return F(f"{column.name}__{identifier}" if identifier else column.name)


def _row(columns: tuple[Column, ...], stored: list[Column], values: tuple[Any, ...]) -> Row:
    row = {column.name: _plain(column, value) for column, value in zip(stored, values, strict=True)}
    first = reader_language()
    languages = sorted(RECORD_LANGUAGES, key=lambda language: language != first)
    for column in columns:
        if column.name not in row:
            texts = (row[f"{column.name}_{language}"] for language in languages)
            row[column.name] = next(filter(None, texts), "")
    return row


def _plain(column: Column, value: Any) -> Any:
    if column.kind == Kind.CODE and value is not None:
        return str(value)  # the key of a row
    if column.kind == Kind.EDTF:
        return value.text if value else None
    return None if value == OPEN_END else value


def stored(when: AsOf) -> Mapping[str, Stored]:
    """Return the tables whose rows are those of a model, by their names."""
    party_keys = [*public.parties().order_by().values_list("pk", flat=True)]
    offices = public.offices()

    def event(name: str = "event") -> Mapping[str, Case]:
        return {name: shown(public.published(name), f"{name}__slug")}

    def party(name: str = "party") -> Mapping[str, Case]:
        return {name: shown(Q(**{f"{name}__in": party_keys}), f"{name}__code")}

    def of(model: type[Model], parent: str = "event") -> QuerySet[Any]:
        return model._default_manager.filter(public.published(parent))

    office = {"office": shown(Q(Exists(offices.filter(pk=OuterRef("office")))), "office")}
    of_commitments = public.published_commitment("commitment")
    text = {
        "later_instrument": shown(public.published("later_instrument"), "later_instrument__slug")
    }
    memberships = public.memberships()
    return {
        "participations": Stored(of(Participation)),
        "involvements": Stored(of(Involvement)),
        "attendances": Stored(of(Attendance), office),
        "statements": Stored(of(Statement), office),
        "event_places": Stored(of(EventPlace)),
        "event_sectors": Stored(of(EventSector)),
        "event_steps": Stored(of(EventStep)),
        "commitment_parties": Stored(CommitmentParty.objects.filter(of_commitments)),
        "commitment_sectors": Stored(CommitmentSector.objects.filter(of_commitments)),
        "status_updates": Stored(StatusUpdate.objects.filter(of_commitments), event()),
        "instrument_steps": Stored(
            of(InstrumentStep, "instrument"), {**party(), **event(), **text}
        ),
        "sides": Stored(of(Side, "framework")),
        "host_orders": Stored(of(HostOrder, "side__framework")),
        "party_names": Stored(PartyName.objects.filter(party__in=party_keys, slip=False)),
        "person_names": Stored(
            PersonName.objects.filter(
                Exists(public.people().filter(pk=OuterRef("person"))), slip=False
            )
        ),
        "successions": Stored(
            Succession.objects.filter(party__in=party_keys, predecessor__in=party_keys)
        ),
        "memberships": Stored(memberships, {**event("start_event"), **event("end_event")}),
        "membership_remarks": Stored(
            MembershipRemark.objects.filter(Exists(memberships.filter(pk=OuterRef("membership")))),
            event(),
        ),
        "offices": Stored(offices),
        "citations": Stored(public.citations()),
        "corrections": Stored(public.corrections(when.day)),
    }


def corrections(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of corrections, in the order of the keys."""
    table = Stored(public.corrections(when.day).filter(pk__in=keys))
    rows = {int(row["id"]): row for batch in table.batches("corrections") for row in batch}
    return [row for _key, row in in_order(rows, keys)]


def instrument_parties(when: AsOf) -> Iterator[list[Row]]:
    """Yield the parties of published texts, with what is known of them on a day."""
    slugs = dict(Instrument.objects.published().order_by("pk").values_list("pk", "slug"))
    clock = searched.clock(when)
    for keys in batched([*slugs], BATCH):
        by_key = {life.key: life for life in lives(keys)}
        yield [
            {
                "instrument": slugs[key],
                "party": life.parties[party],
                "status": status.status.value,
                "since": status.date.text if status.date else None,
                "waiting": status.waiting,
                "as_of": when.day,
            }
            for key, life in in_order(by_key, keys)
            for party, status in life.on(clock)[1].items()
        ]


def expected_meetings(when: AsOf) -> Iterator[list[Row]]:
    """Yield the sessions that frameworks expect, the most urgent first."""
    yield [
        {
            "framework": view.framework.slug,
            "state": view.host_turn.state.value,
            "next_side": view.host_turn.next_side,
            "candidates": [party.code for party in view.candidate_parties],
            "window_first": view.host_turn.window.first if view.host_turn.window else None,
            "window_last": view.host_turn.window.last if view.host_turn.window else None,
            "as_of": when.day,
        }
        for view in frameworks.all_views(when)
        if view.expects_a_session
    ]
