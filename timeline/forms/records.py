"""Base classes of the editors' forms: constraints, slugs, sectors and inline rows."""

from collections import defaultdict
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Coalesce
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from timeline.core import slugs
from timeline.core.characters import code_point, first_forbidden
from timeline.fields import EDTFField
from timeline.models import FormerSlug, Sector


class ReadableTexts:
    """A mixin that refuses characters that no file can contain, in every text field of a form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            if isinstance(field, forms.CharField):
                field.validators = [*field.validators, refuse_forbidden]


def refuse_forbidden(text: str) -> None:
    """Raise ValidationError for a text with a character that XML or a calendar cannot contain."""
    character = first_forbidden(text)
    if character is not None and character != "\0":  # which Django refuses itself
        message = _("“%(sign)s” is a character that files cannot hold; take it out.")
        raise ValidationError(message, "unsuited", {"sign": code_point(character)})


class RecordForm(ReadableTexts, forms.ModelForm):  # type: ignore[type-arg]
    """A form that shows violations of the database's constraints as errors.

    ``refusal`` is an error that was only found while saving; the form is then shown again.
    """

    refusal: ClassVar[ValidationError | None] = None

    def _get_validation_exclusions(self) -> set[str]:
        """Include the columns that a date on the form sets, which constraints compare."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        for column in self._meta.model._meta.concrete_fields:
            if isinstance(column, EDTFField) and column.name not in excluded:
                excluded -= set(column.derived)
        return excluded

    def clean(self) -> dict[str, Any] | None:
        """Raise the error that was found while saving."""
        if self.refusal is not None:
            raise self.refusal
        return super().clean()


class SluggedForm(RecordForm):
    """A form whose slug is made from the name when it is left empty."""

    named_after: ClassVar[tuple[str, ...]] = ("title_en", "title_fr")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Left empty, it is made from the English name, else the French one. "
                "The address of a published record stays: a changed slug sends readers on."
            )

    def clean(self) -> dict[str, Any] | None:
        """Make a unique slug, unless one is typed or recorded."""
        cleaned = super().clean() or self.cleaned_data
        if "slug" in self.fields and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self.instance.slug or self._make_slug(cleaned)
        return cleaned

    def _make_slug(self, cleaned: dict[str, Any]) -> str:
        name = next((cleaned[key] for key in self.named_after if cleaned.get(key)), "")
        limit = self._meta.model._meta.get_field("slug").max_length - 5
        try:
            return slugs.unique_slug(slugs.slugify(name, limit), self._is_taken)
        except ValueError:
            if name:
                self.add_error("slug", _("No slug can be made of this name; write one."))
            return ""

    def _is_taken(self, slug: str) -> bool:
        model = self._meta.model
        former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug)
        return model._default_manager.filter(slug=slug).exists() or former.exists()


class NamedForm(SluggedForm):
    """A form whose slug is made from a name."""

    named_after = ("name_en", "name_fr")


class SectorsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The sectors as check boxes, subsectors after their parent."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        rows = Sector.objects.select_related("parent").order_by(
            Coalesce("parent__position", "position"),
            Coalesce("parent__slug", "slug"),
            F("parent").asc(nulls_first=True),
            "position",
            "slug",
        )
        super().__init__(rows, required=False, label=_("Sectors"))

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent else str(obj)


class SectoredForm(SluggedForm):
    """A form of a record with sectors; each link is a row with a history of its own."""

    about = SectorsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "about" not in self.initial:
            self.initial["about"] = [link.sector_id for link in self.instance.sector_links.all()]

    def save_sectors(self) -> None:
        """Link the chosen sectors and unlink the others."""
        if "about" not in self.cleaned_data:
            return
        chosen = {sector.pk: sector for sector in self.cleaned_data["about"]}
        for link in self.instance.sector_links.all():
            if chosen.pop(link.sector_id, None) is None:
                link.delete()
        for sector in chosen.values():
            self.instance.sector_links.create(sector=sector)


class RowFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """An inline formset that shows related objects without a query for each row.

    A row that somebody else has deleted meanwhile is shown as typed, as a new row.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._turn_deleted_rows_into_new_ones()

    def _turn_deleted_rows_into_new_ones(self) -> None:
        prefix, count = str(self.prefix), self.initial_form_count()
        existing = {str(row.pk) for row in self.get_queryset()} if count else set()
        keys = [self.data.get(f"{prefix}-{number}-id", "") for number in range(count)]
        deleted = [number for number, key in enumerate(keys) if key and key not in existing]
        if deleted:
            initial = [number for number in range(count) if number not in deleted]
            new = [number for number in deleted if f"{prefix}-{number}-DELETE" not in self.data]
            order = [*initial, *new, *range(count, self.total_form_count())]
            self.data = _renumbered(cast(QueryDict, self.data), prefix, order, set(new))
            self.data[f"{prefix}-INITIAL_FORMS"] = str(len(initial))
            self.data[f"{prefix}-TOTAL_FORMS"] = str(len(order))
            del self.management_form

    def get_unique_error_message(self, unique_check: Any) -> Any:
        """Return the sentence of the constraint that two rows of the same form violate."""
        for constraint in self.model._meta.total_unique_constraints:  # type: ignore[union-attr]
            if set(constraint.fields) == set(unique_check):
                return constraint.violation_error_message
        return super().get_unique_error_message(unique_check)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if form.instance.pk and hasattr(widget, "fetched"):
                column = form.instance._meta.get_field(name)
                related = getattr(form.instance, name) if column.is_cached(form.instance) else None
                widget.fetched = {str(related.pk): related} if related else {}
        return form


def _renumbered(data: QueryDict, prefix: str, order: list[int], new: set[int]) -> QueryDict:
    """Return the data of a formset with its rows in another order, some of them as new rows."""
    typed: dict[str, dict[str, list[str]]] = defaultdict(dict)
    renumbered = data.copy()
    for name, values in data.lists():
        number, _dash, column = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and number.isdecimal():
            typed[number][column] = values
            del renumbered[name]
    for i, row in enumerate(order):
        for column, values in typed[str(row)].items():
            empty = column == "id" and row in new
            renumbered.setlist(f"{prefix}-{i}-{column}", [""] if empty else values)
    return renumbered
