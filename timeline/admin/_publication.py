"""Drafts, review, publication and withdrawal of events, commitments and frameworks."""

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from timeline.actions import publication, review
from timeline.admin._shared import RecordAdmin, typed_values
from timeline.core.codes import Publication
from timeline.forms.publication import WithdrawForm
from timeline.forms.steps import PUBLISHING

CONFIRMED: Final = "_published_so"
"""The button that publishes in spite of doubts; its value is the digest of the doubts shown."""
DRAFT: Final = "_save"
"""The button that saves the draft without publishing it."""
BACK: Final = "_unpublished"
"""The button that shows the form again as typed."""


class Doubted(Exception):
    """Raised to undo a save that would publish a record in spite of doubts not confirmed yet."""

    def __init__(self, doubts: list[str]) -> None:
        super().__init__(*doubts)
        self.doubts = doubts


def _publishes(request: HttpRequest) -> bool:
    return not PUBLISHING.isdisjoint(request.POST)


def _digest(doubts: list[str]) -> str:
    return hashlib.sha256("\x1e".join(doubts).encode()).hexdigest()


class PublishableAdmin(RecordAdmin):
    """A record that readers see once an editor publishes it."""

    actions: tuple[str, ...] = ("publish_chosen", "send_chosen_to_review", "withdraw_chosen")
    public_page: ClassVar[str]
    preview_template: ClassVar[str]

    def preview_context(self, obj: Any) -> dict[str, Any]:
        """Return the context of the public page."""
        raise NotImplementedError

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Make the publication state read-only, because buttons of its own change it."""
        own = super().get_readonly_fields(request, obj)
        return (*own, "publication", "published_at", "withdrawn_for")

    @admin.display(description=_("reason for withdrawal"))
    def withdrawn_for(self, obj: Any) -> str:
        """The reason that readers see."""
        return str(obj.withdrawn_reason) or "–"

    def view_on_site(self, obj: Any) -> str | None:
        """Return the address of the public page, if the record is published."""
        return reverse(self.public_page, args=(obj.slug,)) if obj.is_public else None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid deleting what was ever published."""
        if obj is not None and obj.published_at is not None:
            return False
        return bool(super().has_delete_permission(request, obj))

    def discard(self, obj: Any) -> None:
        """Delete a draft; raise ValidationError for what was ever published."""
        if obj.published_at is not None:
            raise ValidationError(_("What was published is never deleted; withdraw it."))
        super().discard(obj)

    # Doubts

    def doubts(self, obj: Any) -> list[str]:
        """Return the doubts that an editor must confirm before a record is published."""
        if publication.is_sourced(obj):
            return []
        return [gettext("No source supports it yet, and readers are told so.")]

    def _confirmed(self, request: HttpRequest, doubts: list[str]) -> bool:
        return not doubts or request.POST.get(CONFIRMED) == _digest(doubts)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Ask for confirmation of doubts on a page that keeps everything that was typed."""
        if request.method == "POST" and BACK in request.POST:
            request.refusal = ValidationError(  # type: ignore[attr-defined]
                gettext("Nothing is saved yet. This is the form as you typed it.")
            )
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Doubted as error:
            # Django has rolled the transaction back.
            typed = typed_values(request, buttons=(CONFIRMED, BACK, "_publish"))
            return self._ask_before_publishing(request, [(None, error.doubts)], typed)

    def _ask_before_publishing(
        self,
        request: HttpRequest,
        doubted: list[tuple[Any, list[str]]],
        typed: list[tuple[str, str]],
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Publish all the same?"),
            "opts": self.opts,
            "doubted": doubted,
            "digest": _digest([doubt for _record, doubts in doubted for doubt in doubts]),
            "confirmed": CONFIRMED,
            "typed": typed,
            "draft": DRAFT,
            "back": BACK,
            "listed": doubted[0][0] is not None,
        }
        return TemplateResponse(request, "admin/timeline/publish.html", context)

    # Saving

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Publish the record or send it to review, if that button was pressed."""
        if _publishes(request):
            rewritten = form.has_changed() or any(formset.has_changed() for formset in formsets)
            self._may_publish(request, form.instance, rewritten=rewritten)
        super().save_related(request, form, formsets, change)
        if _publishes(request):
            doubts = self.doubts(form.instance)
            if not self._confirmed(request, doubts):
                raise Doubted(doubts)
            publication.publish(record=form.instance)
        elif "_review" in request.POST:
            publication.send_to_review(record=form.instance)

    def _may_publish(self, request: HttpRequest, obj: Any, *, rewritten: bool) -> None:
        review.refuse_own_work(record=obj, by=request.user, rewritten=rewritten)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Stay on the record after publishing it."""
        return self._published(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        """Stay on the record after publishing it."""
        return self._published(request, obj) or super().response_change(request, obj)

    def _published(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        if _publishes(request):
            address = reverse(self.public_page, args=(obj.slug,))
            message = gettext("Published: readers see it at")
            self.message_user(
                request, format_html('{} <a href="{}">{}</a>.', message, address, address)
            )
        elif "_review" in request.POST:
            self.message_user(request, gettext("Saved and sent to review."))
        else:
            return None
        return HttpResponseRedirect(self.page("change", obj.pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the buttons that fit the publication state."""
        obj = kwargs.get("obj")
        state = obj.publication if obj else Publication.DRAFT.value
        may_change = self.has_change_permission(request, obj) if obj else True
        context |= {
            "can_publish": may_change and state != Publication.PUBLISHED,
            "can_send_to_review": may_change and state == Publication.DRAFT,
            "can_withdraw": may_change and state == Publication.PUBLISHED,
            "review_required": review.needs_review(request.user),
            "publishable": True,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    # Actions on the list

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Publish all selected records or none, after asking for confirmation of any doubts."""
        records = list(queryset)
        by_record = [(obj, self.doubts(obj)) for obj in records]
        doubted = [
            (obj, [f"{obj}: {doubt}" for doubt in doubts]) for obj, doubts in by_record if doubts
        ]
        if not self._confirmed(request, [doubt for _obj, doubts in doubted for doubt in doubts]):
            keys = [(helpers.ACTION_CHECKBOX_NAME, str(obj.pk)) for obj in records]
            return self._ask_before_publishing(
                request, doubted, [("action", "publish_chosen"), *keys]
            )

        def publish(obj: Any) -> None:
            self._may_publish(request, obj, rewritten=False)
            publication.publish(record=obj)

        self._each(request, queryset, publish)
        return None

    @admin.action(description=_("Send to review"), permissions=["change"])
    def send_chosen_to_review(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Send the selected records to review."""
        self._each(request, queryset, lambda obj: publication.send_to_review(record=obj))

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Any], step: Callable[[Any], object]
    ) -> None:
        records = list(queryset)
        for obj in records:
            step(obj)
        count = len(records)
        message = ngettext("%(count)d record is done.", "%(count)d records are done.", count)
        self.message_user(request, message % {"count": count})

    @admin.action(description=_("Withdraw…"), permissions=["change"])
    def withdraw_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Ask for the reason, then withdraw the selected records."""
        return self._withdraw(request, list(queryset))

    # Pages of their own

    def get_urls(self) -> list[URLPattern]:
        """Add the page for a withdrawal and the preview."""
        name = f"timeline_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/withdraw/", wrap(self.withdraw_view), name=f"{name}_withdraw"),
            path("<path:object_id>/preview/", wrap(self.preview_view), name=f"{name}_preview"),
        ]
        return [*own, *super().get_urls()]

    def _get_or_404(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404(object_id)
        return obj

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason, then withdraw one record."""
        obj = self._get_or_404(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        response = self._withdraw(request, [obj])
        return response or HttpResponseRedirect(self.page("change", obj.pk))

    def _withdraw(self, request: HttpRequest, records: list[Any]) -> HttpResponse | None:
        """Return the page with the form, or None once the records are withdrawn."""
        is_submitted = "withdraw" in request.POST
        form = WithdrawForm(request.POST if is_submitted else None)
        if is_submitted and form.is_valid():
            try:
                with transaction.atomic():
                    for obj in records:
                        review.refuse_public_change(row=obj, by=request.user)
                        publication.withdraw(record=obj, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.message_user(
                    request, gettext("Withdrawn: the address says why."), messages.SUCCESS
                )
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Withdraw"),
            "opts": self.opts,
            "chosen": records,
            "form": form,
            "action": "withdraw_chosen",
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/timeline/withdraw.html", context)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the public page of a record that readers may not see yet."""
        return require_safe(self._preview)(request, object_id)

    def _preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        obj = self._get_or_404(request, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.preview_context(obj),
            "preview": not obj.is_public,
            "asof": {"day": None, "typed": "", "problems": ()},
            "asof_query": "",
        }
        return render(request, self.preview_template, context)
