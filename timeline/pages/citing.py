"""How to cite a record or what a filter finds: a page with every form to copy, a file of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.columns import LISTS, PAGES
from timeline.formats import citing
from timeline.formats.citing import CitedRecord
from timeline.formats.values import date_of, language_of, name_of
from timeline.jinja2 import language
from timeline.middleware.site import site_of
from timeline.pages import feeds
from timeline.pages._addressed import canonical_query, redirect_unknown
from timeline.pages._framed import allow_cross_origin
from timeline.pages._list_request import PARAMETERS, ListRequest, Refused, read_list_request
from timeline.pages._refusal import refused_as_json, refused_as_text
from timeline.pages._respond import record_or_raise, record_view
from timeline.pages._revalidated import revalidated, revalidated_with
from timeline.pages.files import describe
from timeline.pages.record import kept_archive
from timeline.queries import changes
from timeline.queries.slugs import KINDS
from timeline.queries.versions import TextVersion, versions


class Form(NamedTuple):
    """A form of citations: what it is called, the content type of its file, what writes it."""

    name: str
    content_type: str
    written: Callable[[CitedRecord], str]


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
    record = record_or_raise(noun, slug)
    return _file(_of_record(request, noun, record, versions(noun, record)), suffix)


@require_safe
@redirect_unknown()
@record_view()
@revalidated
def page(request: HttpRequest, slug: str, noun: str) -> HttpResponse:
    """Every form of the citation of a record."""
    record = record_or_raise(noun, slug)
    files = {suffix: reverse("timeline:citation", args=[noun, slug, suffix]) for suffix in FORMS}
    back, kept = reverse(f"timeline:{noun}", args=[slug]), versions(noun, record)
    feed = brings = ""
    if noun in changes.MODELS:
        feed = request.build_absolute_uri(reverse("timeline:record_atom", args=[noun, slug]))
        brings = feeds.brought_by_record(noun, record.pk, today())
    return _page(
        *(request, lambda: _of_record(request, noun, record, kept), back, files),
        feed=feed,
        brings=brings,
    )


def _view_of_list(folder: str) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Return the view of how to cite what a question about a noun finds.

    It takes the suffix of a file, '' for the page.
    """

    def canonical(request: HttpRequest) -> str | None:
        try:
            return read_list_request(folder, request, today()).query
        except Refused:
            return None

    @require_safe
    @redirect_unknown(*PARAMETERS[folder])
    @canonical_query(canonical)
    @revalidated_with(kept_archive)
    def view(request: HttpRequest, suffix: str) -> HttpResponseBase:
        try:
            found = read_list_request(folder, request, today())
        except Refused as error:
            refused = refused_as_json if suffix == "csl.json" else refused_as_text
            return refused(error.problems, error.choices, error.groups)
        count = len(found.keys())
        if suffix:
            return _file(of_list(request, found, count), suffix)
        noun = PAGES[folder]
        files = {
            suffix: reverse("timeline:list_citation", args=[noun, suffix]) + found.query
            for suffix in FORMS
        }
        back = reverse(f"timeline:{LISTS[folder]}") + found.query
        return _page(request, lambda: of_list(request, found, count), back, files)

    return view


_VIEWS: Final = {noun: _view_of_list(folder) for folder, noun in PAGES.items()}


@allow_cross_origin
def list_file(request: HttpRequest, noun: str, suffix: str) -> HttpResponseBase:
    """The citation of what a filter finds as a file."""
    return _VIEWS[noun](request, suffix)


def list_page(request: HttpRequest, noun: str) -> HttpResponseBase:
    """Every form of the citation of what a filter finds."""
    return _VIEWS[noun](request, "")


def _file(cited: CitedRecord, suffix: str) -> HttpResponse:
    form = FORMS[suffix]
    return HttpResponse(
        form.written(cited),
        content_type=f"{form.content_type}; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{cited.key}.{suffix}"'},
    )


def _page(
    request: HttpRequest,
    of: Callable[[], CitedRecord],
    back: str,
    files: Mapping[str, str],
    feed: str = "",
    brings: str = "",
) -> HttpResponse:
    """Show what is cited in every form; ``of`` returns it in the current language.

    The feed of a record stands below, with what it brings.
    """
    cited, sentences = of(), {}
    for code in sorted(LANGUAGES, key=lambda code: code != language()):
        with override(code):
            sentences[code] = citing.sentence(of())
    context = {
        "cited": cited,
        "back": back,
        "sentences": sentences,
        "forms": [
            (form.name, form.written(cited), files[suffix]) for suffix, form in FORMS.items()
        ],
        "feed": feed,
        "brings": brings,
    }
    response = render(request, "pages/cite.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def of_list(request: HttpRequest, found: ListRequest, count: int) -> CitedRecord:
    """Return what a filter finds, so many records, in the version that the request sees."""
    return replace(describe(request, found, count).cited, archive=kept_archive())


def _of_record(
    request: HttpRequest, noun: str, record: Any, kept: Sequence[TextVersion]
) -> CitedRecord:
    """Return the latest published version of a record to cite, or its page if it has no versions.

    It is said in the current language, and its address is that of the page in it.
    """
    slug, name, site = getattr(record, KINDS[noun].column), name_of(record), site_of(request)
    key, address = f"{noun}-{slug}", reverse(f"timeline:{noun}", args=[slug])
    version, issued = "", None
    for one in kept[-1:]:
        version, issued = str(one.number), one.since.date()
        key = f"{key}-v{version}"
        address = reverse("timeline:version", args=[noun, slug, one.number])
    return CitedRecord(
        key=key,
        title=str(name),
        title_language=language_of(name),
        site=site.name,
        keeper=str(site.identity.keeper),
        address=request.build_absolute_uri(address),
        consulted=today(),
        language=language(),
        date=date_of(record),
        version=version,
        issued=issued,
    )
