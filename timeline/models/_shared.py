"""What models of several nouns share."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from timeline import enums
from timeline.core import codes
from timeline.fields import RECORD_LANGUAGES, EDTFField, FoldedField


class _HistoryManager(HistoryManager):  # type: ignore[misc]
    """A manager of a history, whose class is made once, not for each row that is saved."""

    @classmethod
    @cache
    def from_queryset(
        cls, queryset_class: type[models.QuerySet[Any]], class_name: str | None = None
    ) -> Any:
        return super().from_queryset(queryset_class, class_name)


class Recorded(models.Model):
    """A row whose every change is kept with author, time and difference."""

    history = HistoricalRecords(inherit=True, history_manager=_HistoryManager)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save the row; with ``update_fields``, save what is derived from these fields as well."""
        if update_fields is not None:
            update_fields = set(update_fields)
            for field in self._meta.concrete_fields:
                if isinstance(field, EDTFField) and field.name in update_fields:
                    update_fields |= set(field.derived)
                if isinstance(field, FoldedField) and update_fields & set(field.of):
                    update_fields.add(field.name)
        super().save(*args, update_fields=update_fields, **options)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Skip constraints on what is derived from a date that has been refused, as on itself."""
        excluded = set(exclude or ())
        for field in self._meta.concrete_fields:
            if isinstance(field, EDTFField) and field.name in excluded:
                excluded |= set(field.derived)
        super().validate_constraints(exclude=excluded)


def office_reasons() -> "tuple[models.CharField[str, str], models.CharField[str, str]]":
    """Return the French and English columns for why an office is kept that does not fit the event.

    Readers see the reason beside the office.
    """
    help_text = _(
        "Only where the office was not held on the day, or is another party's: readers see why "
        "the record keeps it."
    )
    return (
        models.CharField(
            _("reason for the office, in French"), max_length=240, blank=True, help_text=help_text
        ),
        models.CharField(
            _("reason for the office, in English"), max_length=240, blank=True, help_text=help_text
        ),
    )


def slips() -> "models.BooleanField[bool, bool]":
    """Return the column for a name that nobody bears, kept so that the bearer is found by it."""
    return models.BooleanField(
        _("a slip"),
        default=False,
        help_text=_(
            "A mistake, such as a machine translation's: found by search and never shown to "
            "readers as a name."
        ),
    )


class PublishableQuerySet(models.QuerySet[Any]):
    """Rows that carry a publication state of their own."""

    def published(self) -> "PublishableQuerySet":
        """Return the rows that readers may see: neither drafts nor withdrawn ones."""
        return self.filter(publication=codes.Publication.PUBLISHED)


class Publishable(Recorded):
    """A record that goes from draft to published, and is withdrawn rather than deleted."""

    publication = models.CharField(
        _("publication"),
        max_length=12,
        choices=enums.choices(enums.PUBLICATIONS),
        default=codes.Publication.DRAFT.value,
        db_index=True,
    )
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    withdrawn_reason_fr = models.TextField(_("reason for withdrawal, in French"), blank=True)
    withdrawn_reason_en = models.TextField(_("reason for withdrawal, in English"), blank=True)

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        """Whether readers may see the record."""
        return self.publication == codes.Publication.PUBLISHED


def in_a_language(name: str, constraint: str) -> models.CheckConstraint:
    """Require a bilingual text in at least one of its languages."""
    condition = Q()
    for language in RECORD_LANGUAGES:
        condition |= ~Q(**{f"{name}_{language}": ""})
    return models.CheckConstraint(
        condition=condition,
        name=constraint,
        violation_error_message=_("Write this text in French or in English, best in both."),
    )


def withdrawn_with_reason(constraint: str) -> models.CheckConstraint:
    """Require a reason for a withdrawn record."""
    return models.CheckConstraint(
        condition=~Q(publication=codes.Publication.WITHDRAWN.value)
        | ~Q(withdrawn_reason_fr="")
        | ~Q(withdrawn_reason_en=""),
        name=constraint,
        violation_error_message=_(
            "Say why the record is withdrawn: readers see the reason at its address."
        ),
    )


def exactly_one(names: Iterable[str]) -> Q:
    """Build the condition that exactly one of these foreign keys of a row is set."""
    keys = tuple(names)
    condition = Q()
    for chosen in keys:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in keys})
    return condition
