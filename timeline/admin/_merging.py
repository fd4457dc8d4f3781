"""Two records of one thing: compared and merged on a page of its own, and made two again."""

from typing import Any, Final, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from timeline.actions import involvement, merging, review, unmerging
from timeline.actions.merged_rows import MERGED
from timeline.admin import _meanwhile as meanwhile
from timeline.admin._shared import RecordAdmin, is_key, refusal, use_autocompletes
from timeline.forms.merging import OtherForm
from timeline.models import Citation, Commitment, Event, EventPlace, Merge, PartyName, PersonName
from timeline.queries import lookalikes
from timeline.queries.linked_rows import is_chosen, value_text
from timeline.queries.merge_plan import Choice, Collision, MergePlan
from timeline.queries.merging import default_kept, plan

SEEN_OTHER: Final = "_seen_other"
"""The form field with the number of the last history entry of the other record."""
ANOTHER: Final = "_another"
"""The form field with the keys of what a new record looks like and is not."""
COMPARED: Final = "_compared"
"""The form field with the digest of everything that the page showed."""

_CHOSEN: Final[Any] = {
    "party": PartyName._meta.get_field("party"),
    "person": PersonName._meta.get_field("person"),
    "place": EventPlace._meta.get_field("place"),
    "source": Citation._meta.get_field("source"),
    "event": Event._meta.get_field("follows"),
    "commitment": Commitment._meta.get_field("restates"),
}
"""A foreign key to each noun, so that the other record is chosen as on other forms."""


class _Line(NamedTuple):
    """One column of both records; ``chosen`` is empty where there is nothing to choose.

    ``left`` says what becomes of the name that is not chosen, if both have one.
    """

    name: str
    label: str
    kept: str
    other: str
    chosen: str
    left: str = ""


class _Question(NamedTuple):
    """A collision, with what is chosen of its options."""

    collision: Collision
    chosen: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """The options with what each keeps."""
        return [(str(choice), text) for choice, text in self.collision.options.items()]


class MergeableAdmin(RecordAdmin):
    """Records of which there can be two of one thing."""

    actions: tuple[str, ...] = ("merge_chosen",)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which two records are merged, and made two again."""
        name = f"timeline_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("<int:key>/merge/", wrap(self.merge_view), name=f"{name}_merge"),
            path("<int:key>/unmerge/<int:number>/", wrap(self.undo_view), name=f"{name}_unmerge"),
            *super().get_urls(),
        ]

    @admin.action(description=_("Merge two…"), permissions=["change"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Lead to the page on which the two selected records are merged."""
        records = list(queryset[:3])
        if len(records) != 2:
            raise ValidationError(_("Tick exactly two records: the two that are one thing."))
        kept, other = default_kept(*records)
        return HttpResponseRedirect(f"{self.page('merge', kept.pk)}?other={other.pk}")

    # Two that look like one

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Refuse a new record that looks like another, until an editor says that it is none."""
        super().save_related(request, form, formsets, change)
        if change:
            return
        alike = lookalikes.of(form.instance)
        if {str(row.pk) for row in alike} - set(request.POST.get(ANOTHER, "").split(",")):
            request.alike = alike  # type: ignore[attr-defined]
            raise ValidationError(
                _(
                    "Nothing is saved yet: this looks like what is on record already. Open that "
                    "instead, or say above that it is another one and save again."
                ),
                code="alike",
            )

    # The page

    def merge_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask for the other record, show what merging would do, then do it."""
        kept = self._mergeable_or_raise(request, key)
        typed = request.POST.get("other") or request.GET.get("other")
        form = OtherForm({"other": typed} if typed is not None else None, kept=kept)
        use_autocompletes(form, self.admin_site, {"other": _CHOSEN[str(self.opts.model_name)]})
        if not form.is_valid():
            return self._choose_page(request, kept, form)
        other = form.cleaned_data["other"]
        if not self.has_change_permission(request, other):
            raise PermissionDenied
        problems: list[str] = []
        if request.method == "POST" and MERGED in request.POST:
            try:
                with transaction.atomic():
                    self._merge(request, kept, other)
            except (ValidationError, IntegrityError) as error:
                problems = refusal(error).messages
            else:
                return HttpResponseRedirect(self.page("change", kept.pk))
        return self._compare_page(request, kept, other, problems)

    def _mergeable_or_raise(self, request: HttpRequest, key: int) -> Any:
        record = self.get_object(request, str(key))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def _merge(self, request: HttpRequest, kept: Any, other: Any) -> None:
        """Merge two records, if they are as they were shown and the editor may change both."""
        involvement.take_turns()
        meanwhile.refuse(kept, request.POST.get(meanwhile.SEEN))
        meanwhile.refuse(other, request.POST.get(SEEN_OTHER))
        for row in (kept, other):
            review.refuse_public_change(row=row, by=request.user)
        name = str(other)
        merging.merge(
            kept=kept,
            other=other,
            choices=request.POST.dict(),
            by=request.user,
            compared=request.POST.get(COMPARED, ""),
        )
        said = gettext(
            "Merged: all that belonged to “%(other)s” is here, and its address leads here."
        )
        self.message_user(request, said % {"other": name}, messages.SUCCESS)

    def _choose_page(self, request: HttpRequest, kept: Any, form: OtherForm) -> TemplateResponse:
        context = {
            **self._context(kept),
            **self.admin_site.each_context(request),
            "form": form,
            "alike": lookalikes.of(kept),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/timeline/merge_with.html", context)

    def _compare_page(
        self, request: HttpRequest, kept: Any, other: Any, problems: list[str]
    ) -> TemplateResponse:
        choices = request.POST.dict() if request.method == "POST" else {}
        found = plan(kept, other, choices)
        is_public = any(review.is_public(row) for row in (kept, other))
        context = {
            **self._context(kept),
            **self.admin_site.each_context(request),
            "other": other,
            "plan": found,
            "lines": _lines(found, choices),
            "questions": [
                _Question(one, choices.get(one.key, str(one.default or "")))
                for one in found.collisions
                if one.options
            ],
            "joined": [one for one in found.collisions if not one.options],
            "problems": problems,
            "open": len(found.open_collisions(choices)),
            "refused": found.obstacles,
            "seen": meanwhile.last_entry(self.model, kept.pk),
            "seen_other": meanwhile.last_entry(self.model, other.pk),
            "compared": plan(kept, other).digest,
            "button": MERGED,
            "only_read": is_public and review.needs_review(request.user),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/timeline/merge.html", context)

    def _context(self, kept: Any) -> dict[str, Any]:
        return {"title": gettext("Merge two records"), "opts": self.opts, "original": kept}

    # Two again

    def undo_view(self, request: HttpRequest, key: int, number: int) -> HttpResponse:
        """Make two records of one again, or say what stands in the way."""
        return require_POST(self._undo)(request, key, number)

    def _undo(self, request: HttpRequest, key: int, number: int) -> HttpResponse:
        kept = self._mergeable_or_raise(request, key)
        rows = Merge.objects.filter(kind=self.opts.model_name, kept=kept.pk)
        merge = rows.filter(pk=number).first()
        if merge is None:
            raise Http404
        try:
            with transaction.atomic():
                review.refuse_public_change(row=kept, by=request.user)
                other = unmerging.undo(record=merge, by=request.user)
        except (ValidationError, IntegrityError) as error:
            for sentence in refusal(error).messages:
                self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(self.page("change", kept.pk))
        self.message_user(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                gettext("Two records again, as they were before. The other one is"),
                self.page("change", kept.pk),
                kept,
            ),
            messages.SUCCESS,
        )
        return HttpResponseRedirect(self.page("change", other.pk))

    def _merges(self, obj: Any) -> list[Merge]:
        """Return what was merged into a record and can be made two again."""
        rows = Merge.objects.filter(kind=self.opts.model_name, kept=obj.pk, undone_at=None)
        return list(rows.defer("rows").select_related("made_by"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Offer to merge the record with another, and to undo that."""
        obj = kwargs.get("obj")
        alike = getattr(request, "alike", ())
        keys = ",".join(str(row.pk) for row in alike)
        context |= {"alike": alike, "alike_keys": keys, "another": ANOTHER}
        if obj is not None and self.has_change_permission(request, obj):
            context |= {"mergeable": True, "merges": self._merges(obj)}
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Offer to undo a merge beside the history."""
        obj = self.get_object(request, object_id) if is_key(object_id) else None
        merges = self._merges(obj) if obj and self.has_change_permission(request, obj) else []
        context = {**(extra_context or {}), "merges": merges}
        return super().history_view(request, object_id, context)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Lead from the form of a record that was merged to that of the one kept."""
        rows = Merge.objects.filter(kind=opts.model_name, undone_at=None)
        merge = rows.filter(other=object_id).first() if is_key(object_id) else None
        if merge is None:
            return super()._get_obj_does_not_exist_redirect(  # type: ignore[no-any-return]
                request, opts, object_id
            )
        said = gettext("“%(other)s” was merged into this record.") % {"other": merge.other_name}
        self.message_user(request, said, messages.INFO)
        return HttpResponseRedirect(self.page("change", merge.kept))


def _lines(found: MergePlan, choices: dict[str, str]) -> list[_Line]:
    """Return both values of each column that one of two records has, in the order of columns."""
    differing = {column.name: column for column in found.columns}
    lines = []
    for column in found.kept._meta.concrete_fields:
        one = differing.get(column.name)
        if one is not None:
            chosen = choices.get(f"column-{one.name}", str(one.default))
            left = ""
            if one.is_name and one.kept and one.other:
                left = choices.get(f"left-{one.name}", str(Choice.BOTH))
            lines.append(_Line(one.name, one.label, one.kept, one.other, chosen, left))
        elif is_chosen(column) or column.name in ("slug", "code", "publication"):
            mine, theirs = (value_text(row, column) for row in (found.kept, found.other))
            if mine or theirs:
                lines.append(_Line(column.name, str(column.verbose_name), mine, theirs, ""))
    return lines
