"""What the editors' forms share: the database's rules said on the form, slugs and sectors."""

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
    """Refuses, in every text box of a form, characters that no file can hold."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            if isinstance(field, forms.CharField):
                field.validators = [*field.validators, refuse_unsuited]


def refuse_unsuited(text: str) -> None:
    """Raise ValidationError naming the first character that XML or a calendar cannot hold."""
    sign = first_forbidden(text)
    if sign is not None and sign != "\0":  # Django refuses that one itself
        said = _("“%(sign)s” is a character that files cannot hold; take it out.")
        raise ValidationError(said, "unsuited", {"sign": code_point(sign)})


class RecordForm(ReadableTexts, forms.ModelForm):  # type: ignore[type-arg]
    """A form that says, with the rule's own sentence, what the database would refuse.

    ``refusal`` is what was found out only while saving; the form is then shown again as typed.
    """

    refusal: ClassVar[ValidationError | None] = None

    def _get_validation_exclusions(self) -> set[str]:
        """Validate the days that a date on the form fills: named rules compare them."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        for column in self._meta.model._meta.concrete_fields:
            if isinstance(column, EDTFField) and column.name not in excluded:
                excluded -= set(column.derived)
        return excluded

    def clean(self) -> dict[str, Any] | None:
        """Repeat what was refused while saving."""
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
        """Make a slug that nothing else has, unless one is typed or on record."""
        cleaned = super().clean() or self.cleaned_data
        if "slug" in self.fields and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self.instance.slug or self._made(cleaned)
        return cleaned

    def _made(self, cleaned: dict[str, Any]) -> str:
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
    """The taxonomy as boxes to tick, parts after their whole."""

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
        """Name the whole before its part."""
        return f"{obj.parent} › {obj}" if obj.parent else str(obj)


class SectoredForm(SluggedForm):
    """A form of a record that is about sectors; each link is a row with a history of its own."""

    about = SectorsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "about" not in self.initial:
            self.initial["about"] = [link.sector_id for link in self.instance.sector_links.all()]

    def save_sectors(self) -> None:
        """Link the sectors ticked and unlink the others."""
        if "about" not in self.cleaned_data:
            return
        chosen = {sector.pk: sector for sector in self.cleaned_data["about"]}
        for link in self.instance.sector_links.all():
            if chosen.pop(link.sector_id, None) is None:
                link.delete()
        for sector in chosen.values():
            self.instance.sector_links.create(sector=sector)


class RowFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows that show what they look up without asking for it row by row.

    A row that somebody else has removed meanwhile is shown as typed, as one to add.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._keep_what_was_removed()

    def _keep_what_was_removed(self) -> None:
        prefix, count = str(self.prefix), self.initial_form_count()
        known = {str(row.pk) for row in self.get_queryset()} if count else set()
        keys = [self.data.get(f"{prefix}-{number}-id", "") for number in range(count)]
        gone = [number for number, key in enumerate(keys) if key and key not in known]
        if gone:
            there = [number for number in range(count) if number not in gone]
            kept = [number for number in gone if f"{prefix}-{number}-DELETE" not in self.data]
            rows = [*there, *kept, *range(count, self.total_form_count())]
            self.data = _numbered_anew(cast(QueryDict, self.data), prefix, rows, set(kept))
            self.data[f"{prefix}-INITIAL_FORMS"] = str(len(there))
            self.data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
            del self.management_form

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if form.instance.pk and hasattr(widget, "known"):
                column = form.instance._meta.get_field(name)
                found = getattr(form.instance, name) if column.is_cached(form.instance) else None
                widget.known = {str(found.pk): found} if found else {}
        return form


def _numbered_anew(data: QueryDict, prefix: str, rows: list[int], new: set[int]) -> QueryDict:
    """What was typed with these rows of a formset in this order, some of them as rows to add."""
    typed: dict[str, dict[str, list[str]]] = defaultdict(dict)
    found = data.copy()
    for name, values in data.lists():
        number, _dash, column = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and number.isdecimal():
            typed[number][column] = values
            del found[name]
    for place, row in enumerate(rows):
        for column, values in typed[str(row)].items():
            empty = column == "id" and row in new
            found.setlist(f"{prefix}-{place}-{column}", [""] if empty else values)
    return found
