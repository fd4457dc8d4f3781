"""Texts between parties, and the steps of their lives."""

from collections.abc import Mapping
from typing import Final

from timeline.actions.instruments import record_step
from timeline.core.codes import InstrumentAct
from timeline.ingest.demo.files import RecordData
from timeline.ingest.demo.writing import DemoWriter, FileRow
from timeline.models import Event, Instrument, InstrumentParty, InstrumentStep

_OF_STEP: Final = frozenset(
    {
        *("key", "act", "parties", "done", "effect", "event", "regards", "corrects"),
        *("reason_fr", "reason_en", "note_fr", "note_en", "citations"),
    }
)
"""Keys of the record of a step."""


def write_instrument(writer: DemoWriter, record: RecordData) -> None:
    """Create a text with its steps and publish it, or bring one on record up to date.

    One that an editor gave another slug stays as it is.
    """
    slug = record["slug"]
    codes, steps = record.pop("parties"), record.pop("steps", ())
    citations = record.pop("citations", ())
    stored = Instrument.objects.filter(slug=slug).first()
    if stored is None and writer.slug_is_taken(Instrument, slug):
        return
    instrument = stored or writer.create(Instrument, record)
    if stored is None:
        writer.cite(citations, instrument=instrument)
    else:
        writer.renew(instrument, writer.values(Instrument, record), citations)
    parties = [FileRow({"party": writer.party_with_code(code)}) for code in codes]
    writer.write_rows(InstrumentParty, parties, key=("party_id",), instrument=instrument)
    if writer.rows_are_untouched(InstrumentStep, instrument=instrument):
        by_key: dict[str, InstrumentStep] = {}
        for step in steps:
            _steps(writer, instrument, dict(step), by_key)
    if stored is None:
        writer.new.append(instrument)


def _steps(
    writer: DemoWriter,
    instrument: Instrument,
    record: RecordData,
    by_key: dict[str, InstrumentStep],
) -> None:
    """Record what each of its ``parties`` did, or what became of the text where it names none.

    What is on record is cited again. ``regards`` and ``corrects`` are the ``key`` of an earlier
    step, which is kept in ``by_key``.
    """
    writer.check_keys(record, _OF_STEP)
    writer.where = f"{instrument.slug}: {record['act']} {record['done']}"
    key, slug = record.pop("key", None), record.pop("event", None)
    citations, codes = record.pop("citations", ()), record.pop("parties", None)
    act = InstrumentAct(record.pop("act"))
    regards, corrects = (
        _step_with_key(writer, record.pop(name, None), by_key) for name in ("regards", "corrects")
    )
    for code in codes or (None,):
        party = writer.party_with_code(code)
        same = InstrumentStep.objects.filter(instrument=instrument, act=act, party=party)
        step = same.filter(done=record["done"]).first()
        if step is not None:
            writer.cite_again(step, citations)
        else:
            step = record_step(
                instrument=instrument,
                act=act,
                party=party,
                event=writer.find(Event.objects.all(), slug=slug) if slug else None,
                regards=regards,
                corrects=corrects,
                **record,
            )
            writer.count(step)
            writer.cite(citations, instrument_step=step)
        if key:
            by_key[key] = step


def _step_with_key(
    writer: DemoWriter, key: str | None, by_key: Mapping[str, InstrumentStep]
) -> InstrumentStep | None:
    if key is None:
        return None
    if key not in by_key:
        raise writer.error(f"the step {key} is not on record.")
    return by_key[key]
