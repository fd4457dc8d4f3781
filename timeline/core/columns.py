"""The columns of the files in which each noun can be taken out of the record.

Names and codes are the same in every language; an address in French and one in English differ in
the texts that have no language in their name. Meanings are messages, translated where they are
shown.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple


def gettext_noop(message: str) -> str:
    """Mark a message to be translated where it is shown."""
    return message


class Kind(StrEnum):
    """What the values of a column are; the codes are stable, and named in the metadata of files."""

    TEXT = "text"
    CODE = "code"
    ADDRESS = "address"
    EDTF = "edtf"
    DAY = "day"
    TIME = "time"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"


class Column(NamedTuple):
    """A column: its name, what its values are, and what they mean.

    With ``parts`` each value has these parts, in this order. A ``repeated`` column has any number
    of values. ``of`` is the table whose ``id`` it holds, if it holds one.
    """

    name: str
    kind: Kind
    meaning: str
    parts: tuple[str, ...] = ()
    repeated: bool = False
    of: str = ""


SEPARATOR: Final = "|"
"""Stands between the values of a repeated column in a cell; inside a value it is replaced."""

PART_SEPARATOR: Final = ":"
"""Stands between the parts of a value in a cell; parts are codes, which contain none."""

LIST_NOUNS: Final = ("events", "commitments", "instruments")
"""The nouns whose lists take the filters of a question."""

INDEX_NOUNS: Final = ("parties", "people", "places", "sources")
"""The nouns whose indexes take words and an initial."""


def _in_languages(name: str, meaning: str) -> tuple[Column, Column, Column]:
    """Return a text in the language of the file, and as it is recorded in each language."""
    return (
        Column(name, Kind.TEXT, meaning),
        Column(f"{name}_fr", Kind.TEXT, gettext_noop("The same in French; empty where missing.")),
        Column(f"{name}_en", Kind.TEXT, gettext_noop("The same in English; empty where missing.")),
    )


def _dated(name: str, earliest: str, latest: str, meaning: str) -> tuple[Column, Column, Column]:
    """Return a date as EDTF, with the first and the last day that it may mean."""
    return (
        Column(name, Kind.EDTF, meaning),
        Column(earliest, Kind.DAY, gettext_noop("The first day that this date may mean.")),
        Column(
            latest,
            Kind.DAY,
            gettext_noop("The last day that this date may mean; empty where it is open."),
        ),
    )


def _codes(name: str, meaning: str, *parts: str) -> Column:
    return Column(name, Kind.CODE, meaning, parts, repeated=True)


def _one(name: str, of: str, meaning: str) -> Column:
    """Return a column that names one record of a table."""
    return Column(name, Kind.CODE, meaning, of=of)


_ID: Final = Column(
    "id",
    Kind.CODE,
    gettext_noop("Identifies the record for good; the last part of its address."),
)
_URL: Final = Column("url", Kind.ADDRESS, gettext_noop("The address of its page."))
_LICENCE: Final = Column(
    "licence", Kind.TEXT, gettext_noop("What others may do with the texts and data of the record.")
)
_SOURCES: Final = (
    _codes("sources", gettext_noop("The sources cited for it, by their identifiers.")),
    Column(
        "source_urls",
        Kind.ADDRESS,
        gettext_noop("The addresses of these sources, without those that have none."),
        repeated=True,
    ),
)
_SECTORS: Final = _codes("sectors", gettext_noop("What it is about, by the codes of sectors."))
_EVENT_COUNT: Final = Column(
    "events", Kind.INTEGER, gettext_noop("How many published events its page lists.")
)
_TITLE: Final = gettext_noop("Title in the language of the file, or else in the other.")
_NAME: Final = gettext_noop("Name in the language of the file, or else in the other.")
_SUMMARY: Final = gettext_noop("Summary in the language of the file, or else in the other.")

_EVENTS: Final = (
    _ID,
    _URL,
    *_in_languages("title", _TITLE),
    Column("kind", Kind.CODE, gettext_noop("What kind of event it is.")),
    Column(
        "state",
        Kind.CODE,
        gettext_noop("Whether it is planned, was held, postponed or cancelled."),
    ),
    *_dated("date", "earliest", "latest", gettext_noop("When it took place, as EDTF.")),
    Column(
        "date_sure",
        Kind.FLAG,
        gettext_noop("Whether the date is neither uncertain nor approximate."),
    ),
    *_in_languages(
        "duration", gettext_noop("Duration as a source words it, in the language of the file.")
    ),
    Column("duration_minutes", Kind.INTEGER, gettext_noop("Duration in minutes, if known.")),
    _codes("places", gettext_noop("Where it took place, by the codes of places.")),
    Column(
        "venues",
        Kind.TEXT,
        gettext_noop("The venues, in the language of the file."),
        repeated=True,
    ),
    _codes(
        "participants",
        gettext_noop("The parties that sources name as taking part, each with its role."),
        *("party", "role"),
    ),
    _codes("parties", gettext_noop("All parties that took part, directly or through a bloc.")),
    _codes(
        "via",
        gettext_noop("The parties that took part through a bloc, each with the bloc."),
        *("party", "bloc"),
    ),
    _codes(
        "possibly_via",
        gettext_noop("Those of them that may not have belonged to the bloc on some day of it."),
        *("party", "bloc"),
    ),
    _codes(
        "people",
        gettext_noop("The people present, each with the party represented and the role."),
        *("person", "party", "role"),
    ),
    _SECTORS,
    _one("framework", "frameworks", gettext_noop("The framework of which it is a meeting.")),
    Column(
        "takes_turn",
        Kind.FLAG,
        gettext_noop("Whether it is a regular session of its framework, which takes a turn."),
    ),
    _one("follows", "events", gettext_noop("The event that it follows.")),
    _codes("instruments", gettext_noop("The texts with which something was done at it.")),
    _codes("commitments", gettext_noop("What was undertaken or requested at it.")),
    *_in_languages("summary", _SUMMARY),
    *_SOURCES,
    _LICENCE,
)

_COMMITMENTS: Final = (
    _ID,
    _URL,
    *_in_languages("title", _TITLE),
    *_in_languages(
        "wording", gettext_noop("Wording in the language of the file, or else in the other.")
    ),
    *_in_languages(
        "condition", gettext_noop("What it depends on, in the language of the file or the other.")
    ),
    Column("nature", Kind.CODE, gettext_noop("Whether it is an undertaking or a request.")),
    _codes("obligors", gettext_noop("The parties that owe it.")),
    _codes(
        "obligors_via",
        gettext_noop("The parties that owe it as members of a bloc on the day it was made."),
    ),
    _codes("beneficiaries", gettext_noop("The parties to which it is owed.")),
    Column("mutual", Kind.FLAG, gettext_noop("Whether each that owes it owes it to the others.")),
    _codes("askers", gettext_noop("The parties that make the request.")),
    _codes("asked", gettext_noop("The parties of which it is requested.")),
    Column("status", Kind.CODE, gettext_noop("Its state; empty for a request, which has none.")),
    *_dated(
        *("evidence", "evidence_earliest", "evidence_latest"),
        gettext_noop("When the latest evidence of its state is from, as EDTF."),
    ),
    Column(
        "evidence_age",
        Kind.INTEGER,
        gettext_noop("Days from the latest evidence to the day until which sources were searched."),
    ),
    Column("quiet", Kind.FLAG, gettext_noop("Whether it is open without evidence for 270 days.")),
    Column("overdue", Kind.FLAG, gettext_noop("Whether it is open and past its due date.")),
    Column("as_of", Kind.DAY, gettext_noop("The day of which the state and the clocks are.")),
    *_dated("due", "due_earliest", "due_latest", gettext_noop("When it is due, as EDTF.")),
    *_dated("made", "made_earliest", "made_latest", gettext_noop("When it was made, as EDTF.")),
    _one("event", "events", gettext_noop("The event at which it was made.")),
    _one("instrument", "instruments", gettext_noop("The text in which it stands.")),
    Column("article", Kind.TEXT, gettext_noop("Where it stands in that text.")),
    _one("restates", "commitments", gettext_noop("The earlier commitment that it takes up.")),
    Column("restatement", Kind.CODE, gettext_noop("What that did to the earlier one.")),
    _one("answers", "commitments", gettext_noop("The request that it answers.")),
    _SECTORS,
    *_SOURCES,
    _LICENCE,
)

_INSTRUMENTS: Final = (
    _ID,
    _URL,
    *_in_languages("title", _TITLE),
    Column("kind", Kind.CODE, gettext_noop("What kind of text it is.")),
    *_dated(
        *("date", "earliest", "latest"),
        gettext_noop("When it was adopted or first signed, as EDTF."),
    ),
    Column("binds", Kind.CODE, gettext_noop("How it binds its parties, as a source says.")),
    Column("state", Kind.CODE, gettext_noop("Whether it is in force.")),
    Column("state_since", Kind.EDTF, gettext_noop("Since when it has this state, as EDTF.")),
    _codes(
        "parties",
        gettext_noop("Its parties, each with its status."),
        *("party", "status"),
    ),
    _codes("waiting", gettext_noop("The parties whose ratification is waited for.")),
    _codes(
        "steps",
        gettext_noop("What was done with it: the day as EDTF, the act, and the party that did it."),
        *("done", "act", "party"),
    ),
    Column("as_of", Kind.DAY, gettext_noop("The day of which the state and the statuses are.")),
    _codes("events", gettext_noop("The events at which something was done with it.")),
    _codes("commitments", gettext_noop("The commitments that stand in it.")),
    *_in_languages("summary", _SUMMARY),
    *_SOURCES,
    _LICENCE,
)

_PARTIES: Final = (
    _ID,
    _URL,
    *_in_languages("name", _NAME),
    *_in_languages("short", gettext_noop("Short name in the language of the file or the other.")),
    Column("kind", Kind.CODE, gettext_noop("Whether it is a state, a bloc or a body.")),
    Column("body_kind", Kind.CODE, gettext_noop("What kind of body it is.")),
    _one("part_of", "parties", gettext_noop("The state or bloc to which the body belongs.")),
    *_dated(
        *("founded", "founded_earliest", "founded_latest"),
        gettext_noop("When it was founded, as EDTF."),
    ),
    *_dated(
        *("dissolved", "dissolved_earliest", "dissolved_latest"),
        gettext_noop("When it ended, as EDTF."),
    ),
    _codes("predecessors", gettext_noop("The parties that it succeeded.")),
    _codes(
        "memberships",
        gettext_noop(
            "Its spells in blocs: the standing, the first day and the first day outside, as EDTF."
        ),
        *("bloc", "standing", "starts", "ends"),
    ),
    *_in_languages(
        "description", gettext_noop("Description in the language of the file, or the other.")
    ),
    _EVENT_COUNT,
    _LICENCE,
)

_PEOPLE: Final = (
    _ID,
    _URL,
    *_in_languages("name", _NAME),
    *_in_languages(
        "family_name",
        gettext_noop("The part of the name under which the person is listed; empty for all of it."),
    ),
    Column(
        "offices",
        Kind.TEXT,
        gettext_noop("The offices held, with party and dates, in the language of the file."),
        repeated=True,
    ),
    _codes("parties", gettext_noop("The parties for which offices were held.")),
    _LICENCE,
)

_PLACES: Final = (
    _ID,
    _URL,
    *_in_languages("name", _NAME),
    _one("party", "parties", gettext_noop("The state in which it lies.")),
    Column("latitude", Kind.NUMBER, gettext_noop("Degrees north (WGS 84).")),
    Column("longitude", Kind.NUMBER, gettext_noop("Degrees east (WGS 84).")),
    _EVENT_COUNT,
    _LICENCE,
)

_SECTORS_NOUN: Final = (
    _ID,
    _URL,
    *_in_languages("name", _NAME),
    _one("parent", "sectors", gettext_noop("The sector of which it is a part.")),
    Column("dac_code", Kind.CODE, gettext_noop("The purpose code of the OECD DAC, if one fits.")),
    *_in_languages(
        "description", gettext_noop("Description in the language of the file, or the other.")
    ),
    _EVENT_COUNT,
    _LICENCE,
)

_SOURCES_NOUN: Final = (
    _ID,
    _URL,
    Column("title", Kind.TEXT, gettext_noop("Title in the language of the document.")),
    Column("publisher", Kind.TEXT, gettext_noop("Who published it.")),
    Column("carried_by", Kind.TEXT, gettext_noop("Where it was read, if not at its publisher.")),
    Column("kind", Kind.CODE, gettext_noop("What kind of author it has.")),
    _one("speaks_for", "parties", gettext_noop("The party whose voice it is.")),
    Column("address", Kind.ADDRESS, gettext_noop("The address of the document.")),
    Column("archive", Kind.ADDRESS, gettext_noop("The address of the archived copy.")),
    *_in_languages(
        "no_archive_reason",
        gettext_noop("Why no copy is kept, in the language of the file or the other."),
    ),
    Column("language", Kind.CODE, gettext_noop("The language of the document, as BCP 47.")),
    *_dated(
        *("published", "published_earliest", "published_latest"),
        gettext_noop("When it was published, as EDTF."),
    ),
    Column("consulted", Kind.DAY, gettext_noop("The day on which editors read it.")),
    Column("citations", Kind.INTEGER, gettext_noop("How many facts of the record rest on it.")),
    _LICENCE,
)

_FRAMEWORKS: Final = (
    _ID,
    _URL,
    *_in_languages("title", _TITLE),
    _codes("sides", gettext_noop("Its sides, in the order of turns.")),
    Column("rotation", Kind.CODE, gettext_noop("How the role of host passes on.")),
    _one("fixed_host", "parties", gettext_noop("The fixed host, if there is one.")),
    Column("cadence_months", Kind.INTEGER, gettext_noop("Months from one session to the next.")),
    Column("tolerance_months", Kind.INTEGER, gettext_noop("Months of tolerance of the editors.")),
    Column("starts", Kind.EDTF, gettext_noop("Since when it exists, as EDTF.")),
    Column("ended", Kind.EDTF, gettext_noop("When it ended, as EDTF.")),
    Column("state", Kind.CODE, gettext_noop("Whether a session is due.")),
    _one("last_host", "parties", gettext_noop("The side that hosted last.")),
    _one("next_side", "parties", gettext_noop("The side whose turn it is.")),
    _codes("candidates", gettext_noop("The parties that may host next.")),
    Column("window_first", Kind.DAY, gettext_noop("The first day of the window of the next one.")),
    Column("window_last", Kind.DAY, gettext_noop("The last day of that window.")),
    _codes("meetings", gettext_noop("Its meetings in any state, by the identifiers of events.")),
    Column("as_of", Kind.DAY, gettext_noop("The day of which the state and the turn are.")),
    *_in_languages("summary", _SUMMARY),
    *_SOURCES,
    _LICENCE,
)

COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "events": _EVENTS,
    "commitments": _COMMITMENTS,
    "instruments": _INSTRUMENTS,
    "frameworks": _FRAMEWORKS,
    "parties": _PARTIES,
    "people": _PEOPLE,
    "places": _PLACES,
    "sectors": _SECTORS_NOUN,
    "sources": _SOURCES_NOUN,
}
"""The columns of each noun, in their order in files; nouns are named as in their addresses."""

PAGES: Final = {
    "events": "event",
    "commitments": "commitment",
    "instruments": "instrument",
    "frameworks": "framework",
    "parties": "party",
    "people": "person",
    "places": "place",
    "sectors": "sector",
    "sources": "source",
}
"""The name of one record of each noun, by which its page is known."""

LISTS: Final = {noun: "home" if noun == "events" else noun for noun in COLUMNS}
"""The name of the page that lists the records of a noun."""


def names(columns: Iterable[Column]) -> list[str]:
    """Return the names of columns."""
    return [column.name for column in columns]


# Tables that only the whole record has


class Relation(NamedTuple):
    """A table that only the whole record has: what its rows are, in a sentence, and its columns."""

    meaning: str
    columns: tuple[Column, ...]


_ROW: Final = Column("id", Kind.CODE, gettext_noop("Identifies the row in this table."))
_NOTE: Final = _in_languages(
    "note", gettext_noop("Note of the editors, in the language of the file or the other.")
)
_OF_EVENT: Final = _one("event", "events", gettext_noop("The event."))
_OF_COMMITMENT: Final = _one("commitment", "commitments", gettext_noop("The commitment."))
_OF_TEXT: Final = _one("instrument", "instruments", gettext_noop("The text."))
_OF_FRAMEWORK: Final = _one("framework", "frameworks", gettext_noop("The framework."))
_OF_PARTY: Final = _one("party", "parties", gettext_noop("The party."))
_OF_PERSON: Final = _one("person", "people", gettext_noop("The person."))
_OF_SECTOR: Final = _one("sector", "sectors", gettext_noop("The sector."))
_SEEN_AT: Final = _one("event", "events", gettext_noop("The event at which it was seen or done."))
_ENTRY: Final = Column("entry", Kind.INTEGER, gettext_noop("The number of the step."))
_POSITION: Final = Column("position", Kind.INTEGER, gettext_noop("The place in the order."))
_ROLE: Final = Column("role", Kind.CODE, gettext_noop("The role."))
_AS_OF: Final = Column("as_of", Kind.DAY, gettext_noop("The day of which this is."))
_OFFICE: Final = (
    _one("office", "offices", gettext_noop("The office held that day.")),
    *_in_languages(
        "office_reason",
        gettext_noop("Why the office is named though its dates do not cover the day."),
    ),
)
_SPELL: Final = (
    *_dated(
        *("starts", "starts_earliest", "starts_latest"),
        gettext_noop("The first day, as EDTF; empty where it is not known."),
    ),
    *_dated(
        *("ends", "ends_earliest", "ends_latest"),
        gettext_noop("The first day outside, as EDTF; empty where there is none."),
    ),
)
_CORRECTED: Final = (_OF_EVENT, _OF_COMMITMENT, _OF_TEXT, _OF_FRAMEWORK)

RELATIONS: Final[Mapping[str, Relation]] = {
    "participations": Relation(
        gettext_noop("Which party a source names as taking part in which event."),
        (_ROW, _OF_EVENT, _OF_PARTY, _ROLE),
    ),
    "involvements": Relation(
        gettext_noop("Which party took part in which event, directly or through a bloc."),
        (
            _OF_EVENT,
            _OF_PARTY,
            _one("via", "parties", gettext_noop("The bloc; empty of who took part directly.")),
            _one("membership", "memberships", gettext_noop("The membership that it rests on.")),
            Column(
                "possibly",
                Kind.FLAG,
                gettext_noop("Whether it may not have belonged to the bloc on some day."),
            ),
            Column(
                "addressee",
                Kind.FLAG,
                gettext_noop("Whether the event was only aimed at it."),
            ),
        ),
    ),
    "attendances": Relation(
        gettext_noop("Who was present at which event, for which party."),
        (_ROW, _OF_EVENT, _OF_PERSON, _OF_PARTY, _ROLE, *_OFFICE),
    ),
    "statements": Relation(
        gettext_noop("What people said at events, word for word."),
        (
            *(_ROW, _OF_EVENT, _OF_PERSON, _OF_PARTY, *_OFFICE, _POSITION),
            Column("language", Kind.CODE, gettext_noop("The language of the words, as BCP 47.")),
            Column("text", Kind.TEXT, gettext_noop("The words, as in the source.")),
            *_in_languages(
                "translation",
                gettext_noop("Translation into the language of the file, or else the other."),
            ),
        ),
    ),
    "event_places": Relation(
        gettext_noop("Where events took place."),
        (
            *(_ROW, _OF_EVENT, _one("place", "places", gettext_noop("The place."))),
            *_in_languages("venue", gettext_noop("The venue.")),
            *_dated(
                *("days", "days_earliest", "days_latest"),
                gettext_noop("The days spent there, as EDTF; empty where it is all of them."),
            ),
            _POSITION,
        ),
    ),
    "event_sectors": Relation(
        gettext_noop("What events are about."), (_ROW, _OF_EVENT, _OF_SECTOR)
    ),
    "event_steps": Relation(
        gettext_noop("How the date or the state of an event changed."),
        (
            *(_ROW, _OF_EVENT, _ENTRY),
            *_dated("on", "on_earliest", "on_latest", gettext_noop("When that was said, as EDTF.")),
            Column("state", Kind.CODE, gettext_noop("The state from then on.")),
            Column("date", Kind.EDTF, gettext_noop("The date from then on, as EDTF.")),
            Column("previous_state", Kind.CODE, gettext_noop("The state until then.")),
            Column("previous_date", Kind.EDTF, gettext_noop("The date until then, as EDTF.")),
            *_NOTE,
        ),
    ),
    "commitment_parties": Relation(
        gettext_noop("Who owes what to whom, and who asks whom."),
        (_ROW, _OF_COMMITMENT, _OF_PARTY, _ROLE),
    ),
    "commitment_sectors": Relation(
        gettext_noop("What commitments are about."), (_ROW, _OF_COMMITMENT, _OF_SECTOR)
    ),
    "status_updates": Relation(
        gettext_noop("The steps in the lives of commitments, with those that were corrected."),
        (
            *(_ROW, _OF_COMMITMENT, _ENTRY),
            *_dated(*("date", "earliest", "latest"), gettext_noop("When it was so, as EDTF.")),
            Column("status", Kind.CODE, gettext_noop("The state from then on.")),
            _SEEN_AT,
            _one("corrects", "status_updates", gettext_noop("The step that it corrects.")),
            *_NOTE,
        ),
    ),
    "instrument_parties": Relation(
        gettext_noop("How parties stand to texts."),
        (
            *(_OF_TEXT, _OF_PARTY),
            Column("status", Kind.CODE, gettext_noop("What is known of it.")),
            Column("since", Kind.EDTF, gettext_noop("Since when it has this status, as EDTF.")),
            Column("waiting", Kind.FLAG, gettext_noop("Whether its ratification is waited for.")),
            _AS_OF,
        ),
    ),
    "instrument_steps": Relation(
        gettext_noop("What was done with texts, with the steps that were corrected."),
        (
            *(_ROW, _OF_TEXT),
            _one("party", "parties", gettext_noop("Who did it; empty of what concerns the text.")),
            Column("act", Kind.CODE, gettext_noop("What was done.")),
            *_dated(*("done", "earliest", "latest"), gettext_noop("When it was done, as EDTF.")),
            *_dated(
                *("effect", "effect_earliest", "effect_latest"),
                gettext_noop("When it takes effect, as EDTF, if a source gives another day."),
            ),
            _SEEN_AT,
            _one(
                "regards",
                "instrument_steps",
                gettext_noop("The step that it withdraws or objects to."),
            ),
            _one(
                "later_instrument",
                "instruments",
                gettext_noop("The text that amends or replaces this one."),
            ),
            _one("corrects", "instrument_steps", gettext_noop("The step that it corrects.")),
            *_in_languages("reason", gettext_noop("Why it is on record though it is unusual.")),
            *_NOTE,
        ),
    ),
    "sides": Relation(
        gettext_noop("The sides of frameworks, in the order of turns."),
        (
            *(_ROW, _OF_FRAMEWORK, _OF_PARTY, _POSITION),
            Column(
                "member_order",
                Kind.CODE,
                gettext_noop("Whether a source fixes which member of the bloc hosts next."),
            ),
        ),
    ),
    "host_orders": Relation(
        gettext_noop("The order in which the members of a side host."),
        (
            *(_ROW, _one("side", "sides", gettext_noop("The side of the framework."))),
            *(_OF_PARTY, _POSITION),
        ),
    ),
    "expected_meetings": Relation(
        gettext_noop("The sessions that frameworks expect and no published event announces."),
        (
            _OF_FRAMEWORK,
            Column("state", Kind.CODE, gettext_noop("Whether a session is due.")),
            _one("next_side", "parties", gettext_noop("The side whose turn it is.")),
            _codes("candidates", gettext_noop("The parties that may host next.")),
            Column("window_first", Kind.DAY, gettext_noop("The first day of the window.")),
            Column("window_last", Kind.DAY, gettext_noop("The last day of that window.")),
            _AS_OF,
        ),
    ),
    "party_names": Relation(
        gettext_noop("The other and former names of parties."),
        (
            *(_ROW, _OF_PARTY, Column("name", Kind.TEXT, gettext_noop("The name."))),
            Column("language", Kind.CODE, gettext_noop("The language of the name, as BCP 47.")),
            Column("kind", Kind.CODE, gettext_noop("What kind of name it is.")),
            *_SPELL,
        ),
    ),
    "person_names": Relation(
        gettext_noop("Other spellings of the names of people."),
        (
            *(_ROW, _OF_PERSON, Column("name", Kind.TEXT, gettext_noop("The name."))),
            Column("language", Kind.CODE, gettext_noop("The language of the name, as BCP 47.")),
        ),
    ),
    "successions": Relation(
        gettext_noop("Which party succeeded which."),
        (
            *(_ROW, _OF_PARTY),
            _one("predecessor", "parties", gettext_noop("The party that it succeeded.")),
        ),
    ),
    "memberships": Relation(
        gettext_noop("Who belongs or belonged to which bloc."),
        (
            *(_ROW, _OF_PARTY, _one("bloc", "parties", gettext_noop("The bloc."))),
            Column(
                "standing",
                Kind.CODE,
                gettext_noop("Whether it is a member, suspended, an observer or an associate."),
            ),
            *_SPELL,
            _one("start_event", "events", gettext_noop("Where it was decided that it begins.")),
            _one("end_event", "events", gettext_noop("Where it was decided that it ends.")),
        ),
    ),
    "membership_remarks": Relation(
        gettext_noop("When joining or leaving a bloc was announced or notified."),
        (
            *(_ROW, _one("membership", "memberships", gettext_noop("The membership."))),
            Column("kind", Kind.CODE, gettext_noop("What was announced or notified.")),
            *_dated(*("date", "earliest", "latest"), gettext_noop("When that was said, as EDTF.")),
            _SEEN_AT,
        ),
    ),
    "offices": Relation(
        gettext_noop("The offices that people hold or held."),
        (
            *(_ROW, _OF_PERSON),
            _one("party", "parties", gettext_noop("The party for which it is held, if any.")),
            *_in_languages("title", _TITLE),
            *_SPELL,
        ),
    ),
    "citations": Relation(
        gettext_noop("Which source supports what; each row names one record, or a part of one."),
        (
            *(_ROW, _one("source", "sources", gettext_noop("The source."))),
            *(_OF_EVENT, _OF_COMMITMENT, _OF_TEXT, _OF_FRAMEWORK, _OF_PARTY),
            _one("place", "places", gettext_noop("The place.")),
            *(
                _one(name, table, gettext_noop("The row of that table which it supports."))
                for name, table in (
                    ("event_step", "event_steps"),
                    ("participation", "participations"),
                    ("attendance", "attendances"),
                    ("statement", "statements"),
                    ("status_update", "status_updates"),
                    ("instrument_step", "instrument_steps"),
                    ("party_name", "party_names"),
                    ("membership", "memberships"),
                    ("membership_remark", "membership_remarks"),
                    ("office", "offices"),
                )
            ),
            Column(
                "field",
                Kind.CODE,
                gettext_noop("The field that it supports; empty where it is the whole."),
            ),
            Column("stance", Kind.CODE, gettext_noop("Whether it states or implies it.")),
            Column("confidence", Kind.CODE, gettext_noop("How sure the editors are of it.")),
            Column("excerpt", Kind.TEXT, gettext_noop("The words of the source.")),
            Column(
                "excerpt_language",
                Kind.CODE,
                gettext_noop("The language of the excerpt, as BCP 47; empty if the source's."),
            ),
            Column(
                "date_as_worded",
                Kind.TEXT,
                gettext_noop("The date in the words of the source."),
            ),
            Column(
                "value_given",
                Kind.TEXT,
                gettext_noop("The value that the source gives, where it is another."),
            ),
            *_NOTE,
        ),
    ),
    "corrections": Relation(
        gettext_noop("What was wrong in a published record; each row names the record."),
        (
            *(_ROW, *_CORRECTED),
            Column("made_on", Kind.DAY, gettext_noop("When it was corrected.")),
            *_in_languages("text", gettext_noop("What was wrong, and what it says now.")),
        ),
    ),
    "changes": Relation(
        gettext_noop("What readers saw added, changed or corrected in records, the last first."),
        (
            Column("id", Kind.CODE, gettext_noop("Identifies the change.")),
            Column("made_at", Kind.TIME, gettext_noop("When it was made, in UTC.")),
            Column("verb", Kind.CODE, gettext_noop("What was done.")),
            Column("noun", Kind.CODE, gettext_noop("What kind of record it is.")),
            Column("record", Kind.CODE, gettext_noop("The record, by its identifier.")),
            Column("url", Kind.ADDRESS, gettext_noop("The address of its page.")),
            Column(
                "state_before",
                Kind.CODE,
                gettext_noop("The state of a commitment before one of its steps."),
            ),
            Column("state_after", Kind.CODE, gettext_noop("The state after that step.")),
            Column(
                "says",
                Kind.TEXT,
                gettext_noop("What differs, or was said, in the language of the file."),
                repeated=True,
            ),
        ),
    ),
}
"""The tables that only the whole record has, in their order; named as in the data model."""

CHANGE_LISTS: Final = ("changes", "corrections")
"""The tables among them that are lists of their own, on pages and in the API."""

TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    **COLUMNS,
    **{name: relation.columns for name, relation in RELATIONS.items()},
}
"""The columns of every table of the whole record, by its name."""
