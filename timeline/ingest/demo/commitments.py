"""Commitments and the steps of their lives."""

from typing import Final

from timeline.actions import commitments, publication
from timeline.core.codes import CommitmentRole, CommitmentStatus
from timeline.ingest.demo.files import RecordData
from timeline.ingest.demo.writing import Writer
from timeline.models import (
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    Sector,
)

_ROLES: Final = {
    "obligors": CommitmentRole.OBLIGOR,
    "beneficiaries": CommitmentRole.BENEFICIARY,
    "askers": CommitmentRole.ASKER,
    "asked": CommitmentRole.ASKED,
}
"""The roles of parties by the keys of the record of a commitment."""

_NOT_OF_COMMITMENT: Final = frozenset(
    {
        *("obligors", "beneficiaries", "askers", "asked", "sectors", "restates", "answers"),
        *("citations", "updates", "status", "former"),
    }
)
"""Keys of the record of a commitment that are not its own fields or are looked up."""


def add(writer: Writer, event: Event, event_record: RecordData) -> None:
    for record in event_record.get("commitments") or ():
        writer.where = f"{event.slug}: commitment {record.get('slug')}"
        _commitment(writer, event, record)


def _commitment(writer: Writer, event: Event, record: RecordData) -> None:
    values = {key: value for key, value in record.items() if key not in _NOT_OF_COMMITMENT}
    values.setdefault("mutual", _is_mutual(record))
    commitment = writer.create(
        Commitment,
        values,
        event=event,
        restates=_commitment_with_slug(writer, record.get("restates")),
        answers=_commitment_with_slug(writer, record.get("answers")),
    )
    for key, role in _ROLES.items():
        for code in record.get(key) or ():
            writer.create(
                CommitmentParty,
                {"role": role.value},
                commitment=commitment,
                party=writer.party_with_code(code),
            )
    for slug in record.get("sectors") or ():
        sector = writer.find(Sector.objects.all(), slug=slug)
        writer.create(CommitmentSector, {}, commitment=commitment, sector=sector)
    writer.cite(record.get("citations"), commitment=commitment)
    commitments.check_roles(commitment=commitment)
    publication.publish(record=commitment)


def _commitment_with_slug(writer: Writer, slug: str | None) -> Commitment | None:
    return writer.find(Commitment.objects.all(), slug=slug) if slug else None


def _is_mutual(record: RecordData) -> bool:
    """Whether sides undertook a commitment together and for nobody named."""
    return len(record.get("obligors") or ()) > 1 and not record.get("beneficiaries")


def bring_up_to_date(writer: Writer, event: Event, event_record: RecordData) -> None:
    """Add what an earlier demo did not say of an event, and make mutual what it said is so.

    Commitments with ``former`` values take the present ones.
    """
    for record in event_record.get("commitments") or ():
        writer.where = f"{event_record['slug']}: commitment {record.get('slug')}"
        if not writer.slug_is_taken(Commitment, record["slug"]):
            _commitment(writer, event, record)
            _updates_of(writer, record)
            continue
        commitment = Commitment.objects.filter(slug=record["slug"]).first()
        if commitment is None:
            continue
        if _is_mutual(record) and writer.is_untouched(commitment, {"mutual": False}):
            writer.update(commitment, {"mutual": record.get("mutual", True)})
        former = record.get("former")
        if former and writer.is_untouched(commitment, former):
            values = {key: record.get(key, getattr(Commitment(), key)) for key in former}
            answers = _commitment_with_slug(writer, record.get("answers"))
            writer.update(commitment, {**values, "answers": answers})
            writer.cite_again(record.get("citations"), commitment=commitment)
            _update_first_step(writer, commitment, record)


def _update_first_step(writer: Writer, commitment: Commitment, record: RecordData) -> None:
    """Let the first step of a commitment's life have its present day and sources.

    A step is never changed: for another day, a new one corrects it.
    """
    first = commitment.updates.order_by("entry").first()
    if first is None:
        return
    if first.date != commitment.date_made:
        if first.corrected_by.exists():
            return
        first = commitments.record_update(
            commitment=commitment,
            date=commitment.date_made.text,
            status=CommitmentStatus(first.status),
            event=first.event,
            corrects=first,
        )
        writer.added["statusupdate"] = writer.added.get("statusupdate", 0) + 1
    citations = [
        {key: value for key, value in citation.items() if key != "field"}
        for citation in record.get("citations") or ()
        if citation.get("field", "") in commitments.OF_MAKING
    ]
    writer.cite_again(citations, status_update=first)


def add_updates(writer: Writer, event_record: RecordData) -> None:
    for record in event_record.get("commitments") or ():
        writer.where = f"{event_record['slug']}: updates of {record['slug']}"
        _updates_of(writer, record)


def _updates_of(writer: Writer, record: RecordData) -> None:
    commitment = Commitment.objects.select_related("event").get(slug=record["slug"])
    first_status = CommitmentStatus(record.get("status", CommitmentStatus.AGREED.value))
    commitments.create_first_update(commitment=commitment, status=first_status)
    for step in map(dict, record.get("updates") or ()):
        writer.check_keys(step, {"date", "status", "note_fr", "note_en", "event", "citations"})
        citations, slug = step.pop("citations", ()), step.pop("event", None)
        update = commitments.record_update(
            commitment=commitment,
            status=CommitmentStatus(step.pop("status")),
            event=writer.find(Event.objects.all(), slug=slug) if slug else None,
            **step,
        )
        writer.cite(citations, status_update=update)
