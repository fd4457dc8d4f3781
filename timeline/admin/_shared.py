"""What all pages of the admin share: search, form fields, saving, refusals and history."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, ClassVar, Final

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from timeline.actions import review
from timeline.actions.publication import keep_former_address, was_public
from timeline.admin import _meanwhile as meanwhile
from timeline.clock import today
from timeline.core.characters import has_direction_marks, with_visible_marks
from timeline.core.folding import Term, TermKind, parse_query
from timeline.database import constraints
from timeline.database.outages import RETRY_AFTER, is_outage
from timeline.fields import LanguageField, LanguageInput
from timeline.forms.records import RecordForm, RowFormSet
from timeline.index.fulltext_lookup import holding_one
from timeline.jinja2 import rendered
from timeline.queries.flags import weekday_flags
from timeline.queries.slugs import KINDS


def is_key(text: str) -> bool:
    """Whether a text from an address can be the primary key of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19


def typed_values(request: HttpRequest, *, buttons: Collection[str]) -> list[tuple[str, str]]:
    """Return the name and value of everything that was typed, without these buttons."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in buttons and name != "csrfmiddlewaretoken"
        for value in values
    ]


class FetchedAutocomplete(AutocompleteSelect):
    """An autocomplete that shows a choice that is already fetched without querying it again."""

    fetched: dict[str, models.Model]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fetched = {}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """Return the chosen options, and an empty one unless the field is required."""
        chosen = [str(key) for key in value if key not in ("", None)]
        if any(key not in self.fetched for key in chosen):
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [
            self.create_option(name, key, str(self.fetched[key]), True, number)
            for number, key in enumerate(chosen, start=1)
        ]
        return [(None, options, 0)]


def use_autocompletes(
    form: forms.BaseForm, site: admin.AdminSite, columns: Mapping[str, Any]
) -> None:
    """Choose related records on a form of its own page as on other forms.

    ``columns`` has for each field of the form the foreign key for which the same is chosen.
    """
    for name, column in columns.items():
        field: Any = form.fields[name]
        widget = FetchedAutocomplete(column, site)
        widget.is_required, widget.choices = field.required, field.choices
        field.widget = widget


class FormFields:
    """The form fields of pages and of their rows: autocompletes, and small boxes for long texts."""

    admin_site: admin.AdminSite
    formfield_overrides: Any = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})},
        models.URLField: {"assume_scheme": "https"},
        # Without this, the admin's own text box stands in for that of the field's form.
        LanguageField: {"widget": LanguageInput(attrs={"class": "vTextField"})},
    }

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:  # type: ignore[type-arg]
        """Use :class:`FetchedAutocomplete` for autocompletes."""
        names = self.get_autocomplete_fields(request)  # type: ignore[attr-defined]
        if "widget" not in kwargs and db_field.name in names:
            kwargs["widget"] = FetchedAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc,no-any-return]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer to add a related record, but not to change one: that is done on its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = False
            widget.can_view_related = False
        return field

    def related_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch what the autocompletes show together with the rows."""
        names = getattr(self, "autocomplete_fields", ())
        return rows.select_related(*names) if names else rows


def by_year(first: str, last: str) -> type[admin.SimpleListFilter]:
    """Return a filter for records whose date may lie in a year, by its first and last day.

    Unlike ``date_hierarchy``, it does not take a date that is only a year for 1 January.
    """

    class YearFilter(admin.SimpleListFilter):
        title = _("year")
        parameter_name = "year"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            days = model_admin.get_queryset(request).dates(first, "year", order="DESC")
            return [(f"{day.year:04d}", str(day.year)) for day in days]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            year = self.value() or ""
            if not re.fullmatch("[0-9]{4}", year) or year == "0000":
                return queryset
            begins, ends = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
            return queryset.filter(**{f"{first}__lte": ends, f"{last}__gte": begins})

    return YearFilter


def refusal(error: ValidationError | IntegrityError) -> ValidationError:
    """Return the sentences for the editor; raise the error again if no rule of ours caused it."""
    if isinstance(error, ValidationError):
        return ValidationError(error.messages)
    sentence = constraints.validation_error(error)
    if sentence is not None:
        return sentence
    for model in apps.get_app_config("timeline").get_models():
        for constraint in model._meta.constraints:
            if constraint.name in str(error):
                return ValidationError(str(constraint.violation_error_message))
    raise error


class FoldedSearch:
    """Search that ignores accents and case in every script, in the same way on both databases."""

    folded_fields: ClassVar[Sequence[str]] = ()
    """Columns that hold search texts."""
    spelled_in: ClassVar[Sequence[tuple[type[models.Model], str, str]]] = ()
    """Models of other names: each with the foreign key of the bearer, and the path to that key."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Match each term in any of the columns: as readers' search does, or inside a word.

        ``search_fields`` are columns of ASCII text: codes, slugs, addresses.
        """
        text = search_term.replace("\0", "")[:_LONGEST_SEARCH]
        terms = list(parse_query(text))[:_MOST_TERMS]
        if text.strip() and not terms:
            return queryset.none(), False
        for term in terms:
            condition = Q()
            for name in self.search_fields:  # type: ignore[attr-defined]
                condition |= Q(**{f"{name}__icontains": term.text})
            for name in self.folded_fields:
                condition |= _contains(name, term)
            for model, key, path in self.spelled_in:
                rows = model._default_manager.filter(_contains("folded_name", term))
                condition |= Q(**{f"{path}__in": rows.values(key)})
            queryset = queryset.filter(condition)
        return queryset, False


_LONGEST_SEARCH: Final = 300
_MOST_TERMS: Final = 12


def _contains(column: str, term: Term) -> Q:
    """Match a term as readers' search does, or its letters inside a word."""
    if term.kind == TermKind.PHRASE:
        return holding_one(column, term)
    condition = Q(**{f"{column}__contains": term.text})
    for pattern in term.other_patterns:
        condition |= Q(**{f"{column}__contains": pattern})
    return condition


def direction_remarks(record: models.Model | None) -> list[str]:
    """Say which texts of a record contain invisible marks of direction, and show the marks."""
    if record is None:
        return []
    remarks = []
    for column in record._meta.concrete_fields:
        text = column.value_from_object(record)
        if column.editable and isinstance(text, str) and has_direction_marks(text):
            shown = {"field": column.verbose_name, "text": with_visible_marks(text)}
            remarks.append(gettext("Invisible marks of direction in “%(field)s”: %(text)s") % shown)
    return remarks


class RecordAdmin(FoldedSearch, FormFields, SimpleHistoryAdmin):  # type: ignore[misc]
    """The pages of a record, on which everything is saved or refused as a whole."""

    form: type[forms.ModelForm] = RecordForm  # type: ignore[type-arg]
    show_full_result_count = False
    save_on_top = False
    list_per_page = 50
    change_form_template = "admin/timeline/change_form.html"
    object_history_list_template = "admin/timeline/history_list.html"

    class Media:
        css = {"all": ("timeline/admin.css",)}

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Pass on the day and a refusal, and flag dates whose weekday a source contradicts."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.today = today()
        form.refusal = getattr(request, "refusal", None)
        for name, flag in self.flags(obj) if obj is not None else ():
            if field := form.base_fields.get(name):
                field.help_text = format_html(
                    '{}<br><strong class="flag">⚑ {}</strong>', field.help_text, flag
                )
        return form

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Fill in the initial rows of a new record."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        rows = inline.prefilled(request, obj if obj.pk else None)
        return {**kwargs, "initial": rows} if rows else kwargs

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the form again, as typed, when a rule refuses it only while saving."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (ValidationError, IntegrityError) as error:
            # Django has rolled the transaction back.
            request.refusal = refusal(error)  # type: ignore[attr-defined]
        except Error as error:
            if request.method != "POST" or not is_outage(error):
                raise
            return self._not_saved(request, object_id, form_url, extra_context)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _not_saved(self, request: HttpRequest, *args: Any) -> Any:
        """Show the form as typed while the database can be read but takes no changes.

        Where it cannot be read either, the error goes on to the middleware.
        """
        sentence = gettext("The database takes no changes just now. Nothing was saved; try again.")
        request.refusal = ValidationError(sentence)  # type: ignore[attr-defined]
        # Not in a transaction, which may have to wait for the same lock.
        response = self._changeform_view(request, *args)
        if response.status_code == 200:
            response.status_code = 503
            response.headers["Retry-After"] = str(RETRY_AFTER)
        return response

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Note the last entry of the record's history, before the record is read."""
        if object_id.isascii() and object_id.isdigit():
            request.seen = meanwhile.last_entry(self.model, object_id)  # type: ignore[attr-defined]
        return super().get_object(request, object_id, from_field)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Add the last history entry and what to remark on the record to the context."""
        obj = context.get("original")
        context["seen"] = getattr(request, "seen", None)
        context["direction_remarks"] = direction_remarks(obj)
        fields = context["adminform"].form.fields
        # A date that can be edited shows its flag itself; on the page of a part it cannot.
        context["weekdays"] = [
            flag for name, flag in (self.flags(obj) if obj else ()) if name not in fields
        ]
        context["only_read"] = (
            obj is not None and review.needs_review(request.user) and review.is_public(obj)
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a record only if it changed, so that its history tells who wrote it last.

        The former address redirects if the slug is changed. Raises ValidationError when somebody
        else saved the record since the form was opened.
        """
        if change:
            meanwhile.refuse(obj, request.POST.get(meanwhile.SEEN))
        kind = KINDS.get(str(self.opts.model_name))
        slug_column = kind.column if kind is not None else ""
        is_moved = change and slug_column in form.changed_data
        if is_moved and was_public(obj):
            review.refuse_move(row=obj, by=request.user)
        if form.has_changed() or not change:
            review.refuse_public_change(row=obj, by=request.user)
            super().save_model(request, obj, form, change)
        if is_moved:
            keep_former_address(record=obj, former=form.initial[slug_column])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows of the record's form, then update what is derived."""
        rows_changed = any(formset.has_changed() for formset in formsets)
        if rows_changed:
            review.refuse_public_change(row=form.instance, by=request.user)
        form.save_m2m()
        self.save_rows(request, form, formsets, change)
        if change and rows_changed and not form.has_changed():
            self.rewrite(form.instance)
        self.refresh_derived(request, form, formsets, change)
        for _name, flag in self.flags(form.instance):
            self.message_user(request, format_html("⚑ {}", flag), messages.WARNING)

    def flags(self, record: Any) -> list[tuple[str, Any]]:
        """Return what to warn of, each with the name of the field that it is about.

        For most records these are weekdays of dates, worded as the public page words them.
        """
        flags = weekday_flags(record) if hasattr(record, "citations") else ()
        return [(name, rendered("parts/flag.html", {"flag": flag})) for name, flag in flags]

    def rewrite(self, obj: Any) -> None:
        """Save a record of which only rows changed, so that its history tells who wrote last."""
        obj.save()

    def save_rows(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows of the record's form; some records need an order of their own."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Update what is derived from a saved record; from most, nothing is."""

    def discard(self, obj: Any) -> None:
        """Delete a record with what is derived from it."""
        obj.delete()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one record."""
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        """Delete all selected records, or none."""
        with transaction.atomic():
            for obj in queryset:
                review.refuse_public_change(row=obj, by=request.user)
                self.discard(obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Say why a record cannot be deleted."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ValidationError, IntegrityError) as error:
            return self._refused(request, error, "change", object_id)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Run an action on all selected records, or on none and say why."""
        # Reading a list does not wait for writers, as an immediate transaction would.
        block = transaction.atomic() if request.method == "POST" else nullcontext()
        try:
            with block:
                return super().changelist_view(request, extra_context)
        except (ValidationError, IntegrityError) as error:
            return self._refused(request, error, "changelist")

    def _refused(
        self, request: HttpRequest, error: ValidationError | IntegrityError, page: str, *args: str
    ) -> HttpResponse:
        for sentence in refusal(error).messages:
            self.message_user(request, sentence, messages.ERROR)
        return HttpResponseRedirect(self.page(page, *args))

    def page(self, name: str, *args: object) -> str:
        """Return the address of one of the record's pages in the admin."""
        return reverse(f"admin:timeline_{self.opts.model_name}_{name}", args=args)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid reverting: only a record's form also updates what is derived from it."""
        return True

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> Any:
        """Show a past version, but accept no change there."""
        if request.method == "POST":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)


class _Rows(FormFields):
    extra = 0
    formset: Any = RowFormSet
    form: Any = RecordForm

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Return how many rows to add: for a new record the initial ones, or an empty one."""
        prefilled = self.prefilled(request, obj)
        return max(len(prefilled), self.extra if obj is not None else 1)

    def prefilled(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        """Return the initial rows of a new record."""
        if obj is not None or request.method != "GET":
            return []
        rows: dict[type[models.Model], list[dict[str, Any]]] = getattr(request, "prefilled", {})
        return rows.get(self.model, [])  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch what the rows show together with them."""
        return self.related_rows(super().get_queryset(request))  # type: ignore[misc]


class Rows(_Rows, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of a table on the form of a record."""

    classes = ("rows",)


class Blocks(_Rows, admin.StackedInline):  # type: ignore[type-arg]
    """Rows that need room, each as a block."""

    classes = ("blocks",)


class AddOnly:
    """Rows that are added and never edited; saved rows are only shown."""

    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid changing a row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid deleting a row."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let those who may add rows see the saved ones."""
        return bool(self.has_add_permission(request, obj))  # type: ignore[attr-defined]


class CitedRows:
    """Rows with a link to a page of their own, where their sources are cited."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the link beside what is edited."""
        return (*super().get_readonly_fields(request, obj), "sources")  # type: ignore[misc]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the citations of each row in the same query."""
        rows = super().get_queryset(request)  # type: ignore[misc]
        return rows.annotate(citation_count=models.Count("citations"))  # type: ignore[no-any-return]

    @admin.display(description=_("sources"))
    def sources(self, obj: Any) -> str:
        """Link to the page on which the row's sources are cited."""
        if obj.pk is None:
            return gettext("once saved")
        name = obj._meta.model_name
        count = getattr(obj, "citation_count", 0)
        label = ngettext("%(count)d source", "%(count)d sources", count) % {"count": count}
        address = reverse(f"admin:timeline_{name}_change", args=(obj.pk,))
        return format_html('<a href="{}">{}</a>', address, label)


class PartAdmin(RecordAdmin):
    """The page of a part of a record, on which its sources are cited."""

    owner: ClassVar[str] = "event"
    search_fields: Sequence[str] = ("pk",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Leave parts out of the index: they are reached from their record."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding a part here: that is done on its record's form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow deleting a part on its record's form, or with its record, but not here."""
        match = request.resolver_match
        own_pages = f"timeline_{self.opts.model_name}_"
        if match is not None and (match.url_name or "").startswith(own_pages):
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch a part with its record."""
        return super().get_queryset(request).select_related(self.owner)  # type: ignore[no-any-return]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Show the record that it is a part of, then all its other fields."""
        names = [f.name for f in self.opts.fields if f.editable and not f.primary_key]
        return ("part_of", *(name for name in names if name != self.owner))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Make all fields read-only: a part is edited on its record's form."""
        return self.get_fields(request, obj)

    @admin.display(description=_("part of"))
    def part_of(self, obj: Any) -> str:
        """Link back to the record."""
        record = getattr(obj, self.owner)
        address = reverse(f"admin:timeline_{record._meta.model_name}_change", args=(record.pk,))
        return format_html('<a href="{}">{}</a>', address, str(record))


def links(rows: Sequence[tuple[str, str, str]]) -> SafeString:
    """A list of links, each with a remark."""
    items = format_html_join("", '<li><a href="{}">{}</a> {}</li>', rows)
    return format_html('<ul class="made">{}</ul>', items)


def commitment_links(commitments: models.Manager[Any], query: str) -> SafeString:
    """Links to the forms of commitments, and to that of a new one with what the query fills in."""
    rows = [
        (
            reverse("admin:timeline_commitment_change", args=(commitment.pk,)),
            str(commitment),
            " · ".join(filter(None, (commitment.article, commitment.get_publication_display()))),
        )
        for commitment in commitments.order_by("pk")
    ]
    address = reverse("admin:timeline_commitment_add") + query
    label = gettext("Add a commitment")
    add = format_html('<a class="addlink" href="{}">{}</a>', address, label)
    return format_html("{}{}", links(rows), add)
