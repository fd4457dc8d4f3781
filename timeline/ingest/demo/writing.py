"""Writing the records of a folder: new ones, and what an earlier demo said otherwise."""

from collections.abc import Iterable, Set
from typing import Any, Final

from django.db import IntegrityError, models, transaction

from timeline.ingest.demo.files import FileError, RecordData
from timeline.models import Citation, FormerSlug, Office, Party, Source

_OF_CITATION: Final = (
    *("stance", "confidence", "excerpt", "excerpt_language", "date_as_worded", "value_given"),
    *("note_fr", "note_en"),
)
"""What a citation says, beside what it cites for which field."""


class Writer:
    """Writes the records of one load.

    ``sources`` and ``offices`` are those of the folder by key, ``speakers`` the sources with the
    code of the party that they speak for. ``where`` is the record being loaded, for errors, and
    ``added`` the number of rows written for each model.
    """

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self.offices: dict[str, Office] = {}
        self.speakers: list[tuple[Source, str]] = []
        self.added: dict[str, int] = {}
        self.where = ""

    def error(self, sentence: str) -> FileError:
        """Return the error to raise for the record that is being loaded."""
        return FileError(f"{self.where}: {sentence}")

    def count(self, instance: models.Model, *, is_new: bool = True) -> None:
        """Count a row that was written."""
        kind = str(instance._meta.model_name) + ("" if is_new else " changed")
        self.added[kind] = self.added.get(kind, 0) + 1

    def save(self, instance: models.Model) -> None:
        is_new = instance.pk is None
        # Validating constraints takes longer than saving, so it is left to the database. Only if
        # that refuses, full_clean() is called again for the message.
        instance.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                instance.save()
        except IntegrityError:
            instance.full_clean()
            raise
        self.count(instance, is_new=is_new)

    def create(self, model: type[models.Model], record: RecordData, **more: Any) -> Any:
        """Create an instance from the remaining keys of a record; refuse unknown keys."""
        self.check_keys(record, {f.name for f in model._meta.get_fields() if not f.auto_created})
        values = {key: value for key, value in record.items() if value is not None}
        instance = model(**values, **more)
        self.save(instance)
        return instance

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
        instance = queryset.filter(**key).first()
        if instance is None and "slug" in key:
            kind = queryset.model._meta.model_name
            former = FormerSlug.objects.filter(kind=kind, slug=key["slug"]).values("object_id")
            instance = queryset.filter(pk__in=former).first()
        if instance is None:
            raise self.error(f"{', '.join(map(str, key.values()))} is not on record.")
        return instance

    def party_with_code(self, code: str | None) -> Party | None:
        return self.find(Party.objects.all(), code=code) if code else None

    def cite(self, citations: Iterable[RecordData] | None, **target: models.Model) -> None:
        for citation in citations or ():
            record = dict(citation)
            key = record.pop("source")
            if key not in self.sources:
                raise self.error(f"source {key} is not in sources.yaml.")
            self.create(Citation, record, source=self.sources[key], **target)

    def renew(
        self, instance: Any, record: RecordData, former: RecordData | None, **target: models.Model
    ) -> bool:
        """Let what still says the ``former`` values say those of its record, and cite the same.

        Return whether it did.
        """
        if not former or not self.is_untouched(instance, former):
            return False
        self.update(instance, self._values(type(instance), record, former))
        self.cite_again(record.get("citations"), **target)
        return True

    @staticmethod
    def _values(model: type[models.Model], record: RecordData, keys: Iterable[str]) -> RecordData:
        """Return the values of these keys; one that a record leaves out is that of a new row."""
        new = model()
        return {key: record.get(key, getattr(new, key)) for key in keys}

    @staticmethod
    def _says(instance: Any, values: RecordData) -> bool:
        return all(str(getattr(instance, key)) == str(value) for key, value in values.items())

    def is_untouched(self, instance: Any, former: RecordData) -> bool:
        """Whether an instance still says what an earlier demo said, and nobody ever changed it."""
        by_editors = instance.history.exclude(history_user=None)
        return self._says(instance, former) and not by_editors.exists()

    def update(self, instance: Any, values: RecordData) -> Any:
        """Let an instance say these values; save it only if it says others."""
        if not self._says(instance, values):
            for key, value in values.items():
                setattr(instance, key, value)
            self.save(instance)
        return instance

    def cite_again(self, records: Iterable[RecordData] | None, **target: models.Model) -> None:
        """Give a record the citations of the present demo; those of an earlier one go."""
        cited = {
            (self.sources[record["source"]].pk, record.get("field", "")): record
            for record in records or ()
        }
        of_demo = set(self.sources.values())
        for citation in Citation.objects.filter(**target):
            record = cited.pop((citation.source_id, citation.field), None)
            if not self.is_untouched(citation, {}):
                continue
            if record is not None:
                self.update(citation, self._values(Citation, record, _OF_CITATION))
            elif citation.source in of_demo:
                citation.delete()
        self.cite(cited.values(), **target)
