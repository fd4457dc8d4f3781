"""The tables of the whole record: those of the nouns, and those of what links their records."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from timeline.core.columns import (
    COLUMNS,
    TITLE,
    Column,
    Kind,
    codes,
    dated,
    gettext_noop,
    in_languages,
    reference,
)


class Relation(NamedTuple):
    """A table that only the whole record has: what its rows are, in a sentence, and its columns."""

    meaning: str
    columns: tuple[Column, ...]


_ROW: Final = Column("id", Kind.CODE, gettext_noop("Identifies the row in this table."))
_NOTE: Final = in_languages(
    "note", gettext_noop("Note of the editors, in the language of the file or the other.")
)
_OF_EVENT: Final = reference("event", "events", gettext_noop("The event."))
_OF_COMMITMENT: Final = reference("commitment", "commitments", gettext_noop("The commitment."))
_OF_TEXT: Final = reference("instrument", "instruments", gettext_noop("The text."))
_OF_FRAMEWORK: Final = reference("framework", "frameworks", gettext_noop("The framework."))
_OF_PARTY: Final = reference("party", "parties", gettext_noop("The party."))
_OF_PERSON: Final = reference("person", "people", gettext_noop("The person."))
_OF_SECTOR: Final = reference("sector", "sectors", gettext_noop("The sector."))
_SEEN_AT: Final = reference(
    "event", "events", gettext_noop("The event at which it was seen or done.")
)
_ENTRY: Final = Column("entry", Kind.INTEGER, gettext_noop("The number of the step."))
_POSITION: Final = Column("position", Kind.INTEGER, gettext_noop("The place in the order."))
_ROLE: Final = Column("role", Kind.CODE, gettext_noop("The role."))
_AS_OF: Final = Column("as_of", Kind.DAY, gettext_noop("The day of which this is."))
_OFFICE: Final = (
    reference("office", "offices", gettext_noop("The office held that day.")),
    *in_languages(
        "office_reason",
        gettext_noop("Why the office is named though its dates do not cover the day."),
    ),
)
_SPELL: Final = (
    *dated(
        *("starts", "starts_earliest", "starts_latest"),
        gettext_noop("The first day, as EDTF; empty where it is not known."),
    ),
    *dated(
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
            reference("via", "parties", gettext_noop("The bloc; empty of who took part directly.")),
            reference(
                "membership", "memberships", gettext_noop("The membership that it rests on.")
            ),
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
            *in_languages(
                "translation",
                gettext_noop("Translation into the language of the file, or else the other."),
            ),
        ),
    ),
    "event_places": Relation(
        gettext_noop("Where events took place."),
        (
            *(_ROW, _OF_EVENT, reference("place", "places", gettext_noop("The place."))),
            *in_languages("venue", gettext_noop("The venue.")),
            *dated(
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
            *dated("on", "on_earliest", "on_latest", gettext_noop("When that was said, as EDTF.")),
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
            *dated(*("date", "earliest", "latest"), gettext_noop("When it was so, as EDTF.")),
            Column("status", Kind.CODE, gettext_noop("The state from then on.")),
            _SEEN_AT,
            reference("corrects", "status_updates", gettext_noop("The step that it corrects.")),
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
            reference(
                "party", "parties", gettext_noop("Who did it; empty of what concerns the text.")
            ),
            Column("act", Kind.CODE, gettext_noop("What was done.")),
            *dated(*("done", "earliest", "latest"), gettext_noop("When it was done, as EDTF.")),
            *dated(
                *("effect", "effect_earliest", "effect_latest"),
                gettext_noop("When it takes effect, as EDTF, if a source gives another day."),
            ),
            _SEEN_AT,
            reference(
                "regards",
                "instrument_steps",
                gettext_noop("The step that it withdraws or objects to."),
            ),
            reference(
                "later_instrument",
                "instruments",
                gettext_noop("The text that amends or replaces this one."),
            ),
            reference("corrects", "instrument_steps", gettext_noop("The step that it corrects.")),
            *in_languages("reason", gettext_noop("Why it is on record though it is unusual.")),
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
            *(_ROW, reference("side", "sides", gettext_noop("The side of the framework."))),
            *(_OF_PARTY, _POSITION),
        ),
    ),
    "expected_meetings": Relation(
        gettext_noop("The sessions that frameworks expect and no published event announces."),
        (
            _OF_FRAMEWORK,
            Column("state", Kind.CODE, gettext_noop("Whether a session is due.")),
            reference("next_side", "parties", gettext_noop("The side whose turn it is.")),
            codes("candidates", gettext_noop("The parties that may host next.")),
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
            reference("predecessor", "parties", gettext_noop("The party that it succeeded.")),
        ),
    ),
    "memberships": Relation(
        gettext_noop("Who belongs or belonged to which bloc."),
        (
            *(_ROW, _OF_PARTY, reference("bloc", "parties", gettext_noop("The bloc."))),
            Column(
                "standing",
                Kind.CODE,
                gettext_noop("Whether it is a member, suspended, an observer or an associate."),
            ),
            *_SPELL,
            reference(
                "start_event", "events", gettext_noop("Where it was decided that it begins.")
            ),
            reference("end_event", "events", gettext_noop("Where it was decided that it ends.")),
        ),
    ),
    "membership_remarks": Relation(
        gettext_noop("When joining or leaving a bloc was announced or notified."),
        (
            *(_ROW, reference("membership", "memberships", gettext_noop("The membership."))),
            Column("kind", Kind.CODE, gettext_noop("What was announced or notified.")),
            *dated(*("date", "earliest", "latest"), gettext_noop("When that was said, as EDTF.")),
            _SEEN_AT,
        ),
    ),
    "offices": Relation(
        gettext_noop("The offices that people hold or held."),
        (
            *(_ROW, _OF_PERSON),
            reference("party", "parties", gettext_noop("The party for which it is held, if any.")),
            *in_languages("title", TITLE),
            *_SPELL,
        ),
    ),
    "citations": Relation(
        gettext_noop("Which source supports what; each row names one record, or a part of one."),
        (
            *(_ROW, reference("source", "sources", gettext_noop("The source."))),
            *(_OF_EVENT, _OF_COMMITMENT, _OF_TEXT, _OF_FRAMEWORK, _OF_PARTY),
            reference("place", "places", gettext_noop("The place.")),
            *(
                reference(name, table, gettext_noop("The row of that table which it supports."))
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
            *in_languages("text", gettext_noop("What was wrong, and what it says now.")),
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
