"""Writing the records of a folder: new ones, and what an earlier demo said otherwise."""

from collections.abc import Iterable, Set
from typing import Any

from django.db import IntegrityError, models, transaction

from timeline.ingest.demo.files import FileError, RecordData
from timeline.models import Citation, FormerSlug, Office, Party, Source


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

    def save(self, instance: models.Model) -> None:
        kind = str(instance._meta.model_name) + (" changed" if instance.pk else "")
        # Validating constraints takes longer than saving, so it is left to the database. Only if
        # that refuses, full_clean() is called again for the message.
        instance.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                instance.save()
        except IntegrityError:
            instance.full_clean()
            raise
        self.added[kind] = self.added.get(kind, 0) + 1

    def create(self, model: type[models.Model], record: RecordData, **more: Any) -> Any:
        """Create an instance from the remaining keys of a record; refuse unknown keys."""
        self.check_keys(record, {f.name for f in model._meta.get_fields() if not f.auto_created})
        values = {key: value for key, value in record.items() if value is not None}
        instance = model(**values, **more)
        self.save(instance)
        return instance

    def check_keys(self, record: RecordData, valid: Set[str]) -> None:
        if unknown := set(record) - valid:
            raise FileError(f"{self.where}: unknown key {', '.join(sorted(unknown))}.")

    def slug_is_taken(self, model: type[models.Model], slug: str) -> bool:
        """Whether a row has this slug, or had it before an editor changed it."""
        former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug)
        return model._default_manager.filter(slug=slug).exists() or former.exists()

    def find(self, queryset: "models.QuerySet[Any]", **key: Any) -> Any:
        instance = queryset.filter(**key).first()
        if instance is None:
            raise FileError(f"{self.where}: {', '.join(map(str, key.values()))} is not on record.")
        return instance

    def party_with_code(self, code: str | None) -> Party | None:
        return self.find(Party.objects.all(), code=code) if code else None

    def cite(self, citations: Iterable[RecordData] | None, **target: models.Model) -> None:
        for citation in citations or ():
            record = dict(citation)
            key = record.pop("source")
            if key not in self.sources:
                raise FileError(f"{self.where}: source {key} is not in sources.yaml.")
            self.create(Citation, record, source=self.sources[key], **target)

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
                values = {key: value for key, value in record.items() if key != "source"}
                self.update(citation, values)
            elif citation.source in of_demo:
                citation.delete()
        self.cite(cited.values(), **target)
