"""Commitments and the steps of their lives."""

from typing import Any, Final

from timeline.actions import commitments
from timeline.core.codes import CommitmentRole, CommitmentStatus
from timeline.ingest.demo.files import RecordData
from timeline.ingest.demo.writing import DemoWriter, FileRow
from timeline.models import (
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    Instrument,
    Sector,
    StatusUpdate,
)

_ROLES: Final = {
    "obligors": CommitmentRole.OBLIGOR,
    "beneficiaries": CommitmentRole.BENEFICIARY,
    "askers": CommitmentRole.ASKER,
    "asked": CommitmentRole.ASKED,
}
"""The roles of parties by the keys of the record of a commitment."""

_NOT_OF_COMMITMENT: Final = frozenset(
    {*_ROLES, "sectors", "restates", "answers", "citations", "updates", "status", "instrument"}
)
"""Keys of the record of a commitment that are not its own fields or are looked up."""

_OF_STEP: Final = frozenset(
    {"date", "status", "note_fr", "note_en", "event", "citations", "former"}
)
"""Keys of the record of a step; ``former`` is what an earlier demo gave as its day or state."""


def write(
    writer: DemoWriter, event: Event, event_record: RecordData
) -> list[tuple[Event, RecordData]]:
    """Create the commitments of an event, or bring those on record up to date.

    Return the event with the record of each that is new: its steps wait for other commitments.
    """
    new = []
    for record in event_record.get("commitments") or ():
        writer.where = f"{event.slug}: commitment {record.get('slug')}"
        if not writer.slug_is_taken(Commitment, record["slug"]):
            commitment = writer.create(Commitment, _values(writer, record), event=event)
            _write_rows(writer, commitment, record)
            writer.cite(record.get("citations"), commitment=commitment)
            commitments.check_roles(commitment=commitment)
            writer.new.append(commitment)
            new.append((event, record))
        elif stored := Commitment.objects.filter(slug=record["slug"]).first():
            writer.renew(stored, _values(writer, record), record.get("citations"))
            _write_rows(writer, stored, record)
            _bring_steps_up_to_date(writer, stored, record)
    return new


def _values(writer: DemoWriter, record: RecordData) -> RecordData:
    own = {key: value for key, value in record.items() if key not in _NOT_OF_COMMITMENT}
    text = record.get("instrument")
    return {
        "mutual": _is_mutual(record),
        **writer.values(Commitment, own),
        "restates": _commitment_with_slug(writer, record.get("restates")),
        "answers": _commitment_with_slug(writer, record.get("answers")),
        "instrument": writer.find(Instrument.objects.all(), slug=text) if text else None,
    }


def _commitment_with_slug(writer: DemoWriter, slug: str | None) -> Commitment | None:
    return writer.find(Commitment.objects.all(), slug=slug) if slug else None


def _is_mutual(record: RecordData) -> bool:
    """Whether sides undertook a commitment together and for nobody named."""
    return len(record.get("obligors") or ()) > 1 and not record.get("beneficiaries")


def _write_rows(writer: DemoWriter, commitment: Commitment, record: RecordData) -> None:
    parties = [
        FileRow({"role": role.value, "party": writer.party_with_code(code)})
        for key, role in _ROLES.items()
        for code in record.get(key) or ()
    ]
    writer.write_rows(
        CommitmentParty, parties, key=("party_id", "role"), like="party_id", commitment=commitment
    )
    sectors = (writer.find(Sector.objects.all(), slug=one) for one in record.get("sectors") or ())
    writer.write_rows(
        CommitmentSector,
        [FileRow({"sector": one}) for one in sectors],
        key=("sector_id",),
        commitment=commitment,
    )


def _bring_steps_up_to_date(writer: DemoWriter, commitment: Commitment, record: RecordData) -> None:
    """Add the steps that an earlier demo did not know, unless somebody ever recorded one.

    A step is never changed: what an earlier demo said of it otherwise is corrected by a new one.
    """
    if commitment.is_request or not writer.rows_are_untouched(StatusUpdate, commitment=commitment):
        return
    first = commitment.updates.order_by("entry").first()
    if first is None:
        return
    first = _write_first_step(writer, commitment, record, _as_corrected(first))
    for step in map(dict, record.get("updates") or ()):
        former = {"date": step["date"], "status": step["status"]} | (step.get("former") or {})
        uncorrected = commitment.updates.uncorrected().exclude(pk=first.pk)
        stored = uncorrected.filter(date=step["date"], status=step["status"]).last()
        if stored is None:
            _update(writer, commitment, step, corrects=uncorrected.filter(**former).last())
        elif (stored.note_fr, stored.note_en) != (step.get("note_fr", ""), step.get("note_en", "")):
            _update(writer, commitment, step, corrects=stored)
        else:
            writer.cite_again(stored, step.get("citations"))


def _as_corrected(step: StatusUpdate) -> StatusUpdate:
    """Return the step that stands in the place of a step now."""
    while correction := step.corrected_by.order_by("entry").last():
        step = correction
    return step


def _write_first_step(
    writer: DemoWriter, commitment: Commitment, record: RecordData, stored: StatusUpdate
) -> StatusUpdate:
    """Let the first step of a commitment's life have its present day, state and sources."""
    status = CommitmentStatus(record.get("status", CommitmentStatus.AGREED.value))
    if (stored.date, stored.status) != (commitment.date_made, status.value):
        stored = commitments.record_update(
            commitment=commitment,
            date=commitment.date_made.text,
            status=status,
            event=stored.event,
            corrects=stored,
        )
        writer.count(stored)
    writer.cite_again(stored, _of_making(record))
    return stored


def _of_making(record: RecordData) -> list[RecordData]:
    """Return what a new commitment's first step cites."""
    own = [one for one in record.get("citations") or () if not one.get("value_given")]
    making = [one for one in own if one.get("field", "") in commitments.OF_MAKING] or own
    left_out: dict[str, Any] = {"field": "", "value_given": ""}
    return [
        {**one, **left_out, "date_as_worded": one.get("date_as_worded", "")}
        if one.get("field") == "made_on"
        else {**one, **left_out, "date_as_worded": ""}
        for one in making
    ]


def add_steps(writer: DemoWriter, event: Event, record: RecordData) -> None:
    """Record the steps of a new commitment's life."""
    writer.where = f"{event.slug}: updates of {record['slug']}"
    commitment = Commitment.objects.select_related("event").get(slug=record["slug"])
    first_status = CommitmentStatus(record.get("status", CommitmentStatus.AGREED.value))
    commitments.create_first_update(commitment=commitment, status=first_status)
    for step in record.get("updates") or ():
        _update(writer, commitment, dict(step))


def _update(
    writer: DemoWriter,
    commitment: Commitment,
    step: RecordData,
    corrects: StatusUpdate | None = None,
) -> None:
    writer.check_keys(step, _OF_STEP)
    slug = step.get("event")
    update = commitments.record_update(
        commitment=commitment,
        date=step["date"],
        status=CommitmentStatus(step["status"]),
        note_fr=step.get("note_fr", ""),
        note_en=step.get("note_en", ""),
        event=writer.find(Event.objects.all(), slug=slug) if slug else None,
        corrects=corrects,
    )
    writer.count(update)
    writer.cite(step.get("citations"), status_update=update)
