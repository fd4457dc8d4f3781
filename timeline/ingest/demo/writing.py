"""Writing the records of a folder: new ones, and what an earlier load wrote otherwise.

What nobody has changed since a load takes the values that the files have now. What somebody with an
account ever changed stays as it is; rows that belong to a record, such as the parties of an event,
stay all of them once somebody added, changed or deleted one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.db import IntegrityError, models, transaction

from timeline.actions import publication
from timeline.fields import EDTFField
from timeline.ingest.demo.files import FileError, RecordData
from timeline.models import Citation, FormerSlug, Office, Party, Source
from timeline.models.sources import CITED
from timeline.queries.citations import FIELDS

_OF_CITATION: Final = (
    *("stance", "confidence", "excerpt", "excerpt_language", "date_as_worded", "value_given"),
    *("note_fr", "note_en"),
)
"""What a citation says, beside what it cites for which field."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """What the files say of a row that belongs to a record, and the citations that support it."""

    values: RecordData
    citations: Iterable[RecordData] = ()


@dataclass(slots=True)
class _Citations:
    """The citations on record, by what they support.

    ``stored`` are those of each foreign key and row, ``kept`` the sources of which somebody with an
    account ever added, changed or deleted a citation there.
    """

    stored: dict[tuple[str, Any], list[Citation]] = field(default_factory=lambda: defaultdict(list))
    kept: set[tuple[str, Any, Any]] = field(default_factory=set)

    @classmethod
    def on_record(cls) -> "_Citations":
        citations = cls()
        for citation in Citation.objects.all():
            for name in CITED:
                if key := getattr(citation, f"{name}_id"):
                    citations.stored[name, key].append(citation)
        history = Citation.history
        edited = history.exclude(history_user=None).values("id")
        columns = [f"{name}_id" for name in CITED]
        for source, *keys in history.filter(id__in=edited).values_list("source_id", *columns):
            citations.kept |= {
                (name, key, source) for name, key in zip(CITED, keys, strict=True) if key
            }
        return citations


class DemoWriter:
    """Writes the records of one load.

    ``sources`` and ``offices`` are those of the folder by key, ``speakers`` the sources with the
    code of the party that they speak for. ``new`` are the records to publish, ``where`` is the
    record being loaded, for errors, and ``added`` the number of rows written for each model.
    """

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self.offices: dict[str, Office] = {}
        self.speakers: list[tuple[Source, str]] = []
        self.new: list[publication.Record] = []
        self.added: dict[str, int] = {}
        self.where = ""
        self._found: dict[tuple[Any, ...], Any] = {}
        self._edited: dict[tuple[Any, str], Set[Any]] = {}
        self._rows: dict[tuple[Any, str], dict[Any, list[Any]]] = {}

    def error(self, sentence: str) -> FileError:
        """Return the error to raise for the record that is being loaded."""
        return FileError(f"{self.where}: {sentence}")

    def publish_new(self) -> None:
        """Publish the new records with all that was loaded for them, as their first version."""
        for record in self.new:
            self.where = str(record.slug)
            record.refresh_from_db()
            publication.publish(record=record)

    def count(self, instance: models.Model, what: str = "") -> None:
        """Count a row that was written."""
        kind = " ".join(filter(None, (str(instance._meta.model_name), what)))
        self.added[kind] = self.added.get(kind, 0) + 1

    def save(self, instance: models.Model) -> None:
        is_new = instance._state.adding
        # Validating constraints takes longer than saving, so it is left to the database. Only if
        # that refuses, full_clean() is called again for the message.
        instance.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                instance.save()
        except IntegrityError:
            instance.full_clean()
            raise
        self.count(instance, "" if is_new else "changed")

    def delete(self, instance: models.Model) -> None:
        """Delete a row of an earlier load."""
        self.count(instance, "deleted")
        instance.delete()

    def create(self, model: type[models.Model], record: RecordData, **more: Any) -> Any:
        """Create an instance from the remaining keys of a record; refuse unknown keys."""
        instance = model(**self.values(model, record), **more)
        self.save(instance)
        return instance

    def values(self, model: type[models.Model], record: RecordData) -> RecordData:
        """Return the values of a record's keys; refuse one that is not a field of the model."""
        self.check_keys(record, {f.name for f in model._meta.get_fields() if not f.auto_created})
        return {key: value for key, value in record.items() if value is not None}

    def check_keys(self, record: RecordData, valid: Set[str]) -> None:
        if unknown := set(record) - valid:
            raise self.error(f"unknown key {', '.join(sorted(unknown))}.")

    def slug_is_taken(self, model: type[models.Model], slug: str) -> bool:
        """Whether a row has this slug, or had it before an editor changed it."""
        former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug)
        return model._default_manager.filter(slug=slug).exists() or former.exists()

    def find(self, queryset: "models.QuerySet[Any]", **key: Any) -> Any:
        """Return the row with these values, or the one that had this slug before.

        Raises FileError if there is none.
        """
        looked_up = (queryset.model, *key.items())
        if looked_up in self._found:
            return self._found[looked_up]
        instance = queryset.filter(**key).first()
        if instance is None and "slug" in key:
            kind = queryset.model._meta.model_name
            former = FormerSlug.objects.filter(kind=kind, slug=key["slug"]).values("object_id")
            instance = queryset.filter(pk__in=former).first()
        if instance is None:
            raise self.error(f"{', '.join(map(str, key.values()))} is not on record.")
        self._found[looked_up] = instance
        return instance

    def party_with_code(self, code: str | None) -> Party | None:
        return self.find(Party.objects.all(), code=code) if code else None

    def is_untouched(self, instance: models.Model) -> bool:
        """Whether nobody with an account ever changed an instance."""
        return instance.pk not in self._edited_by_account(type(instance), instance._meta.pk.attname)

    def rows_are_untouched(self, model: type[models.Model], **owner: models.Model) -> bool:
        """Whether nobody with an account ever added, changed or deleted a row of this owner."""
        ((name, instance),) = owner.items()
        return instance.pk not in self._edited_by_account(model, f"{name}_id")

    def _edited_by_account(self, model: Any, column: str) -> Set[Any]:
        """Return the values of a column in all rows that people with an account changed."""
        if (model, column) not in self._edited:
            by_account = model.history.exclude(history_user=None)
            self._edited[model, column] = set(by_account.values_list(column, flat=True))
        return self._edited[model, column]

    def renew(
        self, instance: Any, values: RecordData, citations: Iterable[RecordData] | None = None
    ) -> bool:
        """Let what nobody has changed say the values of its record, and cite the same sources.

        Return whether its values were others.
        """
        if not self.is_untouched(instance):
            return False
        values = self._complete(type(instance), values)
        differs = not self._says(instance, values)
        self.update(instance, values)
        self.cite_again(instance, citations)
        return differs

    @staticmethod
    def _says(instance: Any, values: RecordData) -> bool:
        for key, value in values.items():
            column: Any = instance._meta.get_field(key)
            stored = getattr(instance, column.attname)
            if str(stored) != str(value.pk if column.is_relation and value else value):
                return False
        return True

    def update(self, instance: Any, values: RecordData) -> Any:
        """Let an instance say these values; save it only if it says others."""
        if not self._says(instance, values):
            for key, value in values.items():
                setattr(instance, key, value)
            self.save(instance)
        return instance

    def write_rows(
        self,
        model: Any,
        rows: Sequence[FileRow],
        *,
        key: Sequence[str],
        like: str | None = None,
        **owner: models.Model,
    ) -> bool:
        """Let the rows of a record be those of the files, unless somebody ever changed one.

        ``key`` are the columns that tell rows apart. A row that the files have no longer becomes
        one that they have now if both have the same value of ``like``; else it goes. Return whether
        anything was written.
        """
        if not self.rows_are_untouched(model, **owner):
            return False
        before = dict(self.added)
        stored = {
            tuple(getattr(row, name) for name in key): row for row in self._rows_of(model, **owner)
        }
        wanted = [(model(**self.values(model, row.values), **owner), row) for row in rows]
        keys = [tuple(getattr(new, name) for name in key) for new, _row in wanted]
        left_over = [row for stored_key, row in stored.items() if stored_key not in keys]
        written = []
        for wanted_key, (new, row) in zip(keys, wanted, strict=True):
            present = stored.get(wanted_key) or next(
                (one for one in left_over if like and getattr(one, like) == getattr(new, like)),
                None,
            )
            if present is None:
                self.save(present := new)
            else:
                left_over = [one for one in left_over if one is not present]
                self.update(present, self._complete(model, row.values))
            self.cite_again(present, row.citations)
            written.append(present)
        for row_of_before in left_over:
            self.delete(row_of_before)
        self._keep_rows(model, written, **owner)
        return self.added != before

    def _rows_of(self, model: Any, **owner: models.Model) -> Sequence[Any]:
        """Return the rows of a record; those of all records are read at the first call.

        Rows that are not written by :meth:`write_rows` must be written before it.
        """
        ((name, instance),) = owner.items()
        if (model, name) not in self._rows:
            rows = self._rows[model, name] = defaultdict(list)
            for row in model.objects.all():
                rows[getattr(row, f"{name}_id")].append(row)
        return self._rows[model, name].get(instance.pk, ())

    def _keep_rows(self, model: Any, rows: list[Any], **owner: models.Model) -> None:
        ((name, instance),) = owner.items()
        self._rows[model, name][instance.pk] = rows

    @staticmethod
    def _complete(model: Any, values: RecordData) -> RecordData:
        """Return values with those of a new row for the texts and dates that they leave out."""
        new = model()
        left_out = (
            column.name
            for column in model._meta.concrete_fields
            if type(column) in (models.CharField, models.TextField, EDTFField)
            and column.editable
            and column.blank
            and not column.name.startswith("withdrawn_")
        )
        return {name: getattr(new, name) for name in left_out} | values

    def cite(self, citations: Iterable[RecordData] | None, **target: models.Model) -> None:
        for citation in citations or ():
            record = dict(citation)
            source = self._source(record.pop("source"))
            self.create(Citation, record, source=source, **target)

    def _source(self, key: str) -> Source:
        if key not in self.sources:
            raise self.error(f"source {key} is not in sources.yaml.")
        return self.sources[key]

    @cached_property
    def _citations(self) -> _Citations:
        return _Citations.on_record()

    def cite_again(self, instance: models.Model, records: Iterable[RecordData] | None) -> None:
        """Give a record the citations that the files have now; those of an earlier load go.

        What somebody with an account made of a source there stays, all of it.
        """
        if (name := FIELDS.get(type(instance))) is None:
            return
        stored = defaultdict(list)
        for citation in self._citations.stored.pop((name, instance.pk), ()):
            if (name, instance.pk, citation.source_id) not in self._citations.kept:
                stored[citation.source_id, citation.field].append(citation)
        missing = []
        for record in records or ():
            source = self._source(record["source"])
            if (name, instance.pk, source.pk) in self._citations.kept:
                continue
            if same := stored[source.pk, record.get("field", "")]:
                values = {key: record.get(key, _DEFAULTS[key]) for key in _OF_CITATION}
                self.update(same.pop(0), values)
            else:
                missing.append(record)
        for citation in [one for same in stored.values() for one in same]:
            self.delete(citation)
        self.cite(missing, **{name: instance})


_DEFAULTS: Final = {key: getattr(Citation(), key) for key in _OF_CITATION}
