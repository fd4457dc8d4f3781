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


def in_languages(name: str, meaning: str) -> tuple[Column, Column, Column]:
    """Return a text in the language of the file, and as it is recorded in each language."""
    return (
        Column(name, Kind.TEXT, meaning),
        Column(f"{name}_fr", Kind.TEXT, gettext_noop("The same in French; empty where missing.")),
        Column(f"{name}_en", Kind.TEXT, gettext_noop("The same in English; empty where missing.")),
    )


def dated(name: str, earliest: str, latest: str, meaning: str) -> tuple[Column, Column, Column]:
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


def codes(name: str, meaning: str, *parts: str) -> Column:
    return Column(name, Kind.CODE, meaning, parts, repeated=True)


def reference(name: str, of: str, meaning: str) -> Column:
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
    codes("sources", gettext_noop("The sources cited for it, by their identifiers.")),
    Column(
        "source_urls",
        Kind.ADDRESS,
        gettext_noop("The addresses of these sources, without those that have none."),
        repeated=True,
    ),
)
_SECTORS: Final = codes("sectors", gettext_noop("What it is about, by the codes of sectors."))
_EVENT_COUNT: Final = Column(
    "events", Kind.INTEGER, gettext_noop("How many published events its page lists.")
)
TITLE: Final = gettext_noop("Title in the language of the file, or else in the other.")
_NAME: Final = gettext_noop("Name in the language of the file, or else in the other.")
_SUMMARY: Final = gettext_noop("Summary in the language of the file, or else in the other.")

_EVENTS: Final = (
    _ID,
    _URL,
    *in_languages("title", TITLE),
    Column("kind", Kind.CODE, gettext_noop("What kind of event it is.")),
    Column(
        "state",
        Kind.CODE,
        gettext_noop("Whether it is planned, was held, postponed or cancelled."),
    ),
    *dated("date", "earliest", "latest", gettext_noop("When it took place, as EDTF.")),
    Column(
        "date_sure",
        Kind.FLAG,
        gettext_noop("Whether the date is neither uncertain nor approximate."),
    ),
    *in_languages(
        "duration", gettext_noop("Duration as a source words it, in the language of the file.")
    ),
    Column("duration_minutes", Kind.INTEGER, gettext_noop("Duration in minutes, if known.")),
    codes("places", gettext_noop("Where it took place, by the codes of places.")),
    Column(
        "venues",
        Kind.TEXT,
        gettext_noop("The venues, in the language of the file."),
        repeated=True,
    ),
    codes(
        "participants",
        gettext_noop("The parties that sources name as taking part, each with its role."),
        *("party", "role"),
    ),
    codes("parties", gettext_noop("All parties that took part, directly or through a bloc.")),
    codes(
        "via",
        gettext_noop("The parties that took part through a bloc, each with the bloc."),
        *("party", "bloc"),
    ),
    codes(
        "possibly_via",
        gettext_noop("Those of them that may not have belonged to the bloc on some day of it."),
        *("party", "bloc"),
    ),
    codes(
        "people",
        gettext_noop("The people present, each with the party represented and the role."),
        *("person", "party", "role"),
    ),
    _SECTORS,
    reference("framework", "frameworks", gettext_noop("The framework of which it is a meeting.")),
    Column(
        "takes_turn",
        Kind.FLAG,
        gettext_noop("Whether it is a regular session of its framework, which takes a turn."),
    ),
    reference("follows", "events", gettext_noop("The event that it follows.")),
    codes("instruments", gettext_noop("The texts with which something was done at it.")),
    codes("commitments", gettext_noop("What was undertaken or requested at it.")),
    *in_languages("summary", _SUMMARY),
    *_SOURCES,
    _LICENCE,
)

_COMMITMENTS: Final = (
    _ID,
    _URL,
    *in_languages("title", TITLE),
    *in_languages(
        "wording", gettext_noop("Wording in the language of the file, or else in the other.")
    ),
    *in_languages(
        "condition", gettext_noop("What it depends on, in the language of the file or the other.")
    ),
    Column("nature", Kind.CODE, gettext_noop("Whether it is an undertaking or a request.")),
    codes("obligors", gettext_noop("The parties that owe it.")),
    codes(
        "obligors_via",
        gettext_noop("The parties that owe it as members of a bloc on the day it was made."),
    ),
    codes("beneficiaries", gettext_noop("The parties to which it is owed.")),
    Column("mutual", Kind.FLAG, gettext_noop("Whether each that owes it owes it to the others.")),
    codes("askers", gettext_noop("The parties that make the request.")),
    codes("asked", gettext_noop("The parties of which it is requested.")),
    Column("status", Kind.CODE, gettext_noop("Its state; empty for a request, which has none.")),
    *dated(
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
    *dated("due", "due_earliest", "due_latest", gettext_noop("When it is due, as EDTF.")),
    *dated("made", "made_earliest", "made_latest", gettext_noop("When it was made, as EDTF.")),
    reference("event", "events", gettext_noop("The event at which it was made.")),
    reference("instrument", "instruments", gettext_noop("The text in which it stands.")),
    Column("article", Kind.TEXT, gettext_noop("Where it stands in that text.")),
    reference("restates", "commitments", gettext_noop("The earlier commitment that it takes up.")),
    Column("restatement", Kind.CODE, gettext_noop("What that did to the earlier one.")),
    reference("answers", "commitments", gettext_noop("The request that it answers.")),
    _SECTORS,
    *_SOURCES,
    _LICENCE,
)

_INSTRUMENTS: Final = (
    _ID,
    _URL,
    *in_languages("title", TITLE),
    Column("kind", Kind.CODE, gettext_noop("What kind of text it is.")),
    *dated(
        *("date", "earliest", "latest"),
        gettext_noop("When it was adopted or first signed, as EDTF."),
    ),
    Column("binds", Kind.CODE, gettext_noop("How it binds its parties, as a source says.")),
    Column("state", Kind.CODE, gettext_noop("Whether it is in force.")),
    Column("state_since", Kind.EDTF, gettext_noop("Since when it has this state, as EDTF.")),
    codes(
        "parties",
        gettext_noop("Its parties, each with its status."),
        *("party", "status"),
    ),
    codes("waiting", gettext_noop("The parties whose ratification is waited for.")),
    codes(
        "steps",
        gettext_noop("What was done with it: the day as EDTF, the act, and the party that did it."),
        *("done", "act", "party"),
    ),
    Column("as_of", Kind.DAY, gettext_noop("The day of which the state and the statuses are.")),
    codes("events", gettext_noop("The events at which something was done with it.")),
    codes("commitments", gettext_noop("The commitments that stand in it.")),
    *in_languages("summary", _SUMMARY),
    *_SOURCES,
    _LICENCE,
)

_PARTIES: Final = (
    _ID,
    _URL,
    *in_languages("name", _NAME),
    *in_languages("short", gettext_noop("Short name in the language of the file or the other.")),
    Column("kind", Kind.CODE, gettext_noop("Whether it is a state, a bloc or a body.")),
    Column("body_kind", Kind.CODE, gettext_noop("What kind of body it is.")),
    reference("part_of", "parties", gettext_noop("The state or bloc to which the body belongs.")),
    *dated(
        *("founded", "founded_earliest", "founded_latest"),
        gettext_noop("When it was founded, as EDTF."),
    ),
    *dated(
        *("dissolved", "dissolved_earliest", "dissolved_latest"),
        gettext_noop("When it ended, as EDTF."),
    ),
    codes("predecessors", gettext_noop("The parties that it succeeded.")),
    codes(
        "memberships",
        gettext_noop(
            "Its spells in blocs: the standing, the first day and the first day outside, as EDTF."
        ),
        *("bloc", "standing", "starts", "ends"),
    ),
    *in_languages(
        "description", gettext_noop("Description in the language of the file, or the other.")
    ),
    _EVENT_COUNT,
    _LICENCE,
)

_PEOPLE: Final = (
    _ID,
    _URL,
    *in_languages("name", _NAME),
    *in_languages(
        "family_name",
        gettext_noop("The part of the name under which the person is listed; empty for all of it."),
    ),
    Column(
        "offices",
        Kind.TEXT,
        gettext_noop("The offices held, with party and dates, in the language of the file."),
        repeated=True,
    ),
    codes("parties", gettext_noop("The parties for which offices were held.")),
    _LICENCE,
)

_PLACES: Final = (
    _ID,
    _URL,
    *in_languages("name", _NAME),
    reference("party", "parties", gettext_noop("The state in which it lies.")),
    Column("latitude", Kind.NUMBER, gettext_noop("Degrees north (WGS 84).")),
    Column("longitude", Kind.NUMBER, gettext_noop("Degrees east (WGS 84).")),
    _EVENT_COUNT,
    _LICENCE,
)

_SECTORS_NOUN: Final = (
    _ID,
    _URL,
    *in_languages("name", _NAME),
    reference("parent", "sectors", gettext_noop("The sector of which it is a part.")),
    Column("dac_code", Kind.CODE, gettext_noop("The purpose code of the OECD DAC, if one fits.")),
    *in_languages(
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
    reference("speaks_for", "parties", gettext_noop("The party whose voice it is.")),
    Column("address", Kind.ADDRESS, gettext_noop("The address of the document.")),
    Column("archive", Kind.ADDRESS, gettext_noop("The address of the archived copy.")),
    *in_languages(
        "no_archive_reason",
        gettext_noop("Why no copy is kept, in the language of the file or the other."),
    ),
    Column("language", Kind.CODE, gettext_noop("The language of the document, as BCP 47.")),
    *dated(
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
    *in_languages("title", TITLE),
    codes("sides", gettext_noop("Its sides, in the order of turns.")),
    Column("rotation", Kind.CODE, gettext_noop("How the role of host passes on.")),
    reference("fixed_host", "parties", gettext_noop("The fixed host, if there is one.")),
    Column("cadence_months", Kind.INTEGER, gettext_noop("Months from one session to the next.")),
    Column("tolerance_months", Kind.INTEGER, gettext_noop("Months of tolerance of the editors.")),
    Column("starts", Kind.EDTF, gettext_noop("Since when it exists, as EDTF.")),
    Column("ended", Kind.EDTF, gettext_noop("When it ended, as EDTF.")),
    Column("state", Kind.CODE, gettext_noop("Whether a session is due.")),
    reference("last_host", "parties", gettext_noop("The side that hosted last.")),
    reference("next_side", "parties", gettext_noop("The side whose turn it is.")),
    codes("candidates", gettext_noop("The parties that may host next.")),
    Column("window_first", Kind.DAY, gettext_noop("The first day of the window of the next one.")),
    Column("window_last", Kind.DAY, gettext_noop("The last day of that window.")),
    codes("meetings", gettext_noop("Its meetings in any state, by the identifiers of events.")),
    Column("as_of", Kind.DAY, gettext_noop("The day of which the state and the turn are.")),
    *in_languages("summary", _SUMMARY),
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
    return [column.name for column in columns]
