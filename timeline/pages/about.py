"""About the record, its corrections, and the form to report an error."""

import math
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from timeline.clock import today
from timeline.database.outages import RETRY_AFTER, is_outage
from timeline.formats import markdown
from timeline.formats.site import STATEMENTS, about_page
from timeline.forms.report import MAX_BODY, ReportForm
from timeline.middleware.clients import body_longer_than, network_of
from timeline.middleware.site import site_of
from timeline.models import TooMany
from timeline.models.editorial import CORRECTED
from timeline.pages._revalidated import revalidated
from timeline.queries import public


@require_safe
@revalidated
def about(request: HttpRequest) -> HttpResponse:
    """The page about the record: its subject, its keeper, its marks, and how to cite it."""
    return render(request, "pages/about.html", about_page(site_of(request)))


@require_safe
@revalidated
def statement(request: HttpRequest, name: str) -> HttpResponse:
    """A text of the site about itself that has a page of its own, such as its legal notice."""
    text = getattr(site_of(request).identity, name)
    if not text:
        raise Http404(name)
    context = {"title": STATEMENTS[name], "text": text, "html": markdown.html(text)}
    return render(request, "pages/statement.html", context)


@require_safe
@revalidated
def corrections(request: HttpRequest) -> HttpResponse:
    """The corrections made to published records until today."""
    rows = public.corrections(today()).select_related(*CORRECTED)
    return render(request, "pages/corrections.html", {"corrections": [*rows]})


# The form acts for nobody in particular, so it needs no cookie and no CSRF token.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report an error: by mail if ``REPORT_ERRORS_TO`` is set, else by a form."""
    page = request.GET.get("page", "")[:300].replace("\0", "")
    if settings.REPORT_ERRORS_TO:
        subject = quote(f"{site_of(request).name}: {page}")
        address = f"mailto:{settings.REPORT_ERRORS_TO}?subject={subject}"
        return _report_page(request, mail=address, address=settings.REPORT_ERRORS_TO)
    if request.method != "POST" and "sent" in request.GET:
        is_own = page.startswith("/") and url_has_allowed_host_and_scheme(page, None)
        return _report_page(request, thanks=True, page=page if is_own else "")
    if body_longer_than(request, MAX_BODY):
        return render(request, "413.html", status=413)
    form = ReportForm(request.POST or None, initial={"address": page})
    if request.method == "POST" and form.is_valid():
        try:
            form.save(network_of(request))
        except TooMany as error:
            form.add_error(None, _("Too many reports came lately: please send yours later."))
            response = _report_page(request, 429, form=form)
            response.headers["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
            return response
        except Error as error:
            if not is_outage(error):
                raise
            response = _report_page(request, 503, form=form, not_saved=True)
            response.headers["Retry-After"] = str(RETRY_AFTER)
            return response
        query = {"sent": "1", "page": form.cleaned_data["address"]}
        return redirect(f"{reverse('timeline:report')}?{urlencode(query)}")
    return _report_page(request, 400 if request.method == "POST" else 200, form=form)


def _report_page(request: HttpRequest, status: int = 200, **variables: Any) -> HttpResponse:
    """Render the page with the form, with thanks, or with the address to write to instead."""
    context = {
        "form": None,
        "mail": "",
        "not_saved": False,
        "thanks": False,
        "page": "",
    } | variables
    return render(request, "pages/report.html", context, status=status)
