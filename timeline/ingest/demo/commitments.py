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
    {
        *("obligors", "beneficiaries", "askers", "asked", "sectors", "restates", "answers"),
        *("citations", "updates", "status", "former", "instrument"),
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
        instrument=_text(writer, record),
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


def _text(writer: Writer, record: RecordData) -> Instrument | None:
    """Return the text in which a commitment stands, if its record names one."""
    slug = record.get("instrument")
    return writer.find(Instrument.objects.all(), slug=slug) if slug else None


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
        if writer.renew(commitment, record, record.get("former"), commitment=commitment):
            answers = _commitment_with_slug(writer, record.get("answers"))
            writer.update(commitment, {"answers": answers})
            _update_first_step(writer, commitment, record)
        _name_text(writer, commitment, record)
        _add_later_updates(writer, commitment, record)


def _name_text(writer: Writer, commitment: Commitment, record: RecordData) -> None:
    """Name the text in which a commitment stands, if an earlier demo did not know it."""
    text = _text(writer, record)
    if text is None or commitment.instrument is not None:
        return
    if writer.is_untouched(commitment, {}):
        writer.update(commitment, {"instrument": text, "article": record.get("article", "")})
        of_text = [one for one in record["citations"] if one.get("field") == "instrument"]
        writer.cite(of_text, commitment=commitment)


def _add_later_updates(writer: Writer, commitment: Commitment, record: RecordData) -> None:
    """Add the steps that an earlier demo did not know, unless editors added some of their own.

    One that the earlier demo gave another date, the ``former`` one, is corrected.
    """
    made = StatusUpdate.history.filter(commitment=commitment.pk)
    if made.exclude(history_user=None).exists():
        return
    for step in map(dict, record.get("updates") or ()):
        former = step.pop("former", None)
        if commitment.updates.filter(date=step["date"], status=step["status"]).exists():
            continue
        same = commitment.updates.uncorrected().filter(status=step["status"])
        corrected = same.filter(**former).first() if former else None
        _update(writer, commitment, step, corrects=corrected)


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
        writer.count(first)
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
        step.pop("former", None)
        _update(writer, commitment, step)


def _update(
    writer: Writer,
    commitment: Commitment,
    step: RecordData,
    corrects: StatusUpdate | None = None,
) -> None:
    writer.check_keys(step, {"date", "status", "note_fr", "note_en", "event", "citations"})
    citations, slug = step.pop("citations", ()), step.pop("event", None)
    update = commitments.record_update(
        commitment=commitment,
        status=CommitmentStatus(step.pop("status")),
        event=writer.find(Event.objects.all(), slug=slug) if slug else None,
        corrects=corrects,
        **step,
    )
    writer.count(update)
    writer.cite(citations, status_update=update)
