"""Load records from YAML files that a person can read and correct.

Records are identified by slug, code or key. A load adds missing records and brings those up to date
that nobody with an account has changed, so an editor's changes survive the next load. Dates are
loaded as they are written.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from timeline.actions.events import refresh_derived
from timeline.ingest.demo import commitments, events, vocabulary
from timeline.ingest.demo.files import FileError, RecordData, read
from timeline.ingest.demo.instruments import write_instrument
from timeline.ingest.demo.memberships import Memberships
from timeline.ingest.demo.writing import DemoWriter

__all__ = ("FOLDER", "FileError", "load")

FOLDER: Final = Path(__file__).resolve().parents[2] / "demo"
"""The files of the demo timeline."""


def load(folder: Path = FOLDER) -> Mapping[str, int]:
    """Load a folder of records in one transaction; return the number of rows added for each model.

    Raises FileError for a record that cannot be loaded; nothing is loaded then.
    """
    writer = DemoWriter()
    try:
        with transaction.atomic():
            _load(folder, writer)
    except KeyError as error:
        raise FileError(f"{writer.where}: the key {error.args[0]} is missing.") from error
    except ValidationError as error:
        raise FileError(f"{writer.where}: {' '.join(error.messages)}") from error
    return writer.added


def _load(folder: Path, writer: DemoWriter) -> None:
    def each(name: str, write: Callable[[RecordData], None]) -> None:
        for record in read(folder / name):
            key = record.get("slug") or record.get("code") or record.get("key") or record
            writer.where = f"{name}: {key}"
            write(dict(record))

    spells = Memberships(writer)
    each("identity.yaml", partial(vocabulary.add_identity, writer))
    each("sources.yaml", partial(vocabulary.add_source, writer))
    each("parties.yaml", partial(vocabulary.add_party, writer))
    vocabulary.link_speakers(writer)
    each("memberships.yaml", spells.add)
    each("sectors.yaml", partial(vocabulary.add_sector, writer))
    each("places.yaml", partial(vocabulary.add_place, writer))
    each("people.yaml", partial(vocabulary.add_person, writer))
    each("frameworks.yaml", partial(vocabulary.add_framework, writer))
    written = events.write(writer, folder)
    events.follow(writer, written)
    spells.decide()
    refresh_derived(events=[event.pk for event, _record, changed in written if changed])
    each("instruments.yaml", partial(write_instrument, writer))
    changed_events = {
        event.pk
        for event, record, changed in written
        if events.write_attendances(writer, event, record) or changed
    }
    new = [
        commitment
        for event, record, _changed in written
        for commitment in commitments.write(writer, event, record)
    ]
    for event, record in new:
        commitments.add_steps(writer, event, record)
    refresh_derived(events=sorted(changed_events))
    writer.publish_new()
