"""'Searched again, nothing found': one click, by which the day until which sources were searched
moves on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from timeline.actions import review, searches
from timeline.admin._shared import RecordAdmin
from timeline.clock import today
from timeline.core import dates
from timeline.forms.searches import NothingFoundForm
from timeline.jinja2 import language


class SearchedAdmin(RecordAdmin):
    """A record that keeps until when sources were searched for it."""

    def get_urls(self) -> list[URLPattern]:
        """Add the address that notes a search which found nothing."""
        view = self.admin_site.admin_view(self.search_view)
        name = f"timeline_{self.opts.model_name}_searched"
        return [path("<int:key>/searched/", view, name=name), *super().get_urls()]

    def search_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Note the search, or show the form with what is wrong; then return to where it was."""
        record = self.get_object(request, str(key))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        form = NothingFoundForm(request.POST or None, today=today())
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    review.refuse_public_change(row=record, by=request.user)
                    searches.nothing_found(record=record, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self._thank(request, form)
                on_first_page = "first_page" in request.POST
                page = reverse("admin:index") if on_first_page else self.page("change", key)
                return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Searched again, nothing found"),
            "explanation": gettext(
                "What is due, overdue, quiet or waited for is worked out for this day."
            ),
            "opts": self.opts,
            "original": record,
            "form": form,
        }
        return TemplateResponse(request, "admin/timeline/own_page.html", context)

    def _thank(self, request: HttpRequest, form: NothingFoundForm) -> None:
        day = dates.day_wording(form.cleaned_data["until"], language())
        message = gettext("Sources searched until %(day)s: nothing found.") % {"day": day}
        self.message_user(request, message, messages.SUCCESS)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the form beside that of the record, to whoever may change it."""
        record = context.get("original")
        if record is not None and may_search(request, record):
            context["search"] = NothingFoundForm(today=today())
            context["search_address"] = self.page("searched", record.pk)
        return super().render_change_form(request, context, *args, **kwargs)


def may_search(request: HttpRequest, record: Any) -> bool:
    """Whether an editor may move the day of a record alone."""
    may_change = request.user.has_perm(f"timeline.change_{record._meta.model_name}")
    return may_change and not (review.needs_review(request.user) and review.is_public(record))
