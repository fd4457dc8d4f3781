"""How to cite a record: a page with every form to copy, and a file of each."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.dates import EdtfDate
from timeline.fields import LocalText
from timeline.formats import citing
from timeline.formats.citing import Cited
from timeline.jinja2 import language
from timeline.middleware.site import site_of
from timeline.models import Commitment, Event, Instrument, Source
from timeline.pages._addressed import redirect_unknown
from timeline.pages._framed import allow_cross_origin
from timeline.pages._respond import record_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.queries import changes
from timeline.queries.slugs import KINDS
from timeline.queries.versions import versions


class Form(NamedTuple):
    """A form of citations: what it is called, the content type of its file, what writes it."""

    name: str
    content_type: str
    written: Callable[[Cited], str]


LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)

FORMS: Final = {
    "bib": Form("BibTeX", "application/x-bibtex", citing.bibtex),
    "ris": Form("RIS", "application/x-research-info-systems", citing.ris),
    "csl.json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json", citing.csl),
}
"""The forms of citations, by the suffix of their files."""


@require_safe
@allow_cross_origin
@redirect_unknown()
@record_view()
@revalidated
def file(request: HttpRequest, slug: str, noun: str, suffix: str) -> HttpResponse:
    """The citation of a record as a file, of its latest published version."""
    cited, form = _of_record(request, noun, record_or_raise(noun, slug)), FORMS[suffix]
    return HttpResponse(
        form.written(cited),
        content_type=f"{form.content_type}; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{cited.key}.{suffix}"'},
    )


@require_safe
@redirect_unknown()
@record_view()
@revalidated
def page(request: HttpRequest, slug: str, noun: str) -> HttpResponse:
    """Every form of the citation of a record."""
    record = record_or_raise(noun, slug)
    address = reverse(f"timeline:{noun}", args=[slug])
    cited = _of_record(request, noun, record)
    context = {
        "record": _name(record),
        "versioned": bool(cited.version),
        "address": address,
        "sentences": [
            (code, citing.sentence(_in(code, request, noun, record)))
            for code in sorted(LANGUAGES, key=lambda code: code != language())
        ],
        "forms": [(suffix, form.name, form.written(cited)) for suffix, form in FORMS.items()],
        "files": address.removesuffix("/"),
    }
    response = render(request, "pages/cite.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _in(code: str, request: HttpRequest, noun: str, record: Any) -> Cited:
    with override(code):
        return _of_record(request, noun, record)


def _of_record(request: HttpRequest, noun: str, record: Any) -> Cited:
    """Return the latest published version of a record to cite, or its page if it has no versions.

    It is said in the current language, and its address is that of the page in it.
    """
    slug, name, site = getattr(record, KINDS[noun].column), _name(record), site_of(request)
    latest = versions(noun, record)[-1:] if noun in changes.MODELS else []
    key, address = f"{noun}-{slug}", reverse(f"timeline:{noun}", args=[slug])
    version, issued = "", None
    for one in latest:
        version, issued = str(one.number), one.since.date()
        key = f"{key}-v{version}"
        address = reverse("timeline:version", args=[noun, slug, one.number])
    return Cited(
        key=key,
        title=str(name),
        title_language=name.lang if isinstance(name, LocalText) else language(),
        site=site.name,
        keeper=str(site.identity.keeper),
        address=request.build_absolute_uri(address),
        consulted=today(),
        language=language(),
        date=_date(record),
        version=version,
        issued=issued,
    )


def _name(record: Any) -> str:
    name: str = record.title if hasattr(record, "title") else record.name
    return name


def _date(record: Any) -> EdtfDate | None:
    """Return the date of what a record is about, if it is of one."""
    date: EdtfDate | None = None
    if isinstance(record, Commitment):
        date = record.made_on or record.event.date
    elif isinstance(record, Source):
        date = record.published
    elif isinstance(record, Event | Instrument):
        date = record.date
    return date
