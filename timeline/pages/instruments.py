"""The list of texts between parties, and the page of one text."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import Any, Final, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.dates import EdtfDate
from timeline.core.question import Cursor, InstrumentQuestion
from timeline.formats import problems, sentences
from timeline.formats.facets import INSTRUMENT_GROUPS, Facet, Option, facets
from timeline.formats.sentences import Chip
from timeline.index.dated import Narrowed
from timeline.index.instruments import InstrumentAnswer, InstrumentIndex
from timeline.middleware.site import site_of
from timeline.models import Event, Instrument
from timeline.pages._addressed import redirect_unknown
from timeline.pages._asof import AsOfReading, as_of, as_of_reading, asof_query
from timeline.pages._described import record_response
from timeline.pages._framed import allow_cross_origin
from timeline.pages._list_as_of import list_context
from timeline.pages._nothing import NothingFound, nothing_found, still_narrowed
from timeline.pages._question import list_response, read_instrument_question, redirect_to_date
from timeline.pages._respond import (
    HtmxRequest,
    record_or_raise,
    record_view,
)
from timeline.pages._revalidated import revalidated
from timeline.pages.feeds import follows
from timeline.pages.pictures import allow_own_style
from timeline.pictures import export
from timeline.pictures.rasterize import png as rasterized
from timeline.pictures.text_life import data as text_life
from timeline.pictures.text_life import figure
from timeline.queries import instrument_list, instruments
from timeline.queries.as_of import AsOf
from timeline.queries.instruments import InstrumentView
from timeline.queries.pages import instrument_page
from timeline.queries.related import related
from timeline.queries.vocabulary import Vocabulary

_TEMPLATES: Final = ("pages/instruments.html", "parts/instruments_answer.html")


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponse:
    """The list of texts, or its fragment for a swap of its results or of one group of options."""
    day = today()
    reading = read_instrument_question(request, day, INSTRUMENT_GROUPS)
    to_date = redirect_to_date(
        reading, reverse("timeline:instruments"), lambda at: _page_at(reading.question, at, day)
    )
    if to_date is not None:
        return to_date
    context = _context(reading.question, reading.vocabulary, day, reading.opened)
    messages = problems.messages(reading.problems, INSTRUMENT_GROUPS)
    return list_response(
        cast(HtmxRequest, request), reading, context, messages, _TEMPLATES, _("Texts")
    )


def _page_at(question: InstrumentQuestion, date: EdtfDate, day: dt.date) -> Cursor | None:
    index = instrument_list.on(as_of(question.asof, day))
    return index.found_at(question, instrument_list.narrowed(question), date)


def _context(
    question: InstrumentQuestion, vocabulary: Vocabulary, day: dt.date, opened: tuple[str, ...]
) -> dict[str, Any]:
    when = as_of(question.asof, day)
    index, narrowed = instrument_list.on(when), instrument_list.narrowed(question)
    answer = index.answer(question, narrowed)
    beside = related(question, vocabulary.offered, partial(index.total, narrowed=narrowed))
    names = sentences.instrument_names(vocabulary)
    chips = sentences.chips(question, names, beside)
    groups = facets(
        question, answer.options, {}, vocabulary, names, groups=INSTRUMENT_GROUPS, opened=opened
    )
    shared = list_context(
        *(question, answer, when, reverse("timeline:instruments")),
        chips=chips,
        nothing=None if answer.total else _nothing(question, chips, index, narrowed),
        groups=[*groups, _waiting(question, answer)],
        opened=opened,
    )
    return {
        **shared,
        "rows": instruments.in_order(answer.keys, when),
        "sentence": sentences.instruments_sentence(question, names),
    }


def _nothing(
    question: InstrumentQuestion, chips: list[Chip], index: InstrumentIndex, narrowed: Narrowed
) -> NothingFound:
    def count(other: InstrumentQuestion) -> int:
        return index.total(other, still_narrowed(narrowed, other))

    def count_words(other: InstrumentQuestion) -> int:
        return index.total(other, instrument_list.narrowed(other))

    return nothing_found(question, chips, count, count_words)


def _waiting(question: InstrumentQuestion, answer: InstrumentAnswer) -> Facet:
    """Return the filter for ratifications that are waited for, as a facet of one option."""
    label = _("Signed more than a year ago, no source seen for a ratification")
    option = Option("1", label, answer.waiting, question.waiting, parameter="waiting")
    return Facet("waiting", _("Waiting"), (option,) if answer.waiting or question.waiting else ())


@require_safe
@record_view("timeline:instrument")
@revalidated
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """One text, with what each of its parties did with it."""
    record = record_or_raise("instrument", slug)
    reading = as_of_reading(request, today())
    page = instrument_page(record, reading.when)
    context = {
        **page,
        "life": _figure(page["view"], page["events"], reading),
        **reading.context,
    }
    said = follows("instrument", record.pk, reading.when)
    return record_response(request, "instrument", record, context, reading.status, follows=said)


def _figure(view: InstrumentView, events: Iterable[Event], reading: AsOfReading) -> str:
    life = text_life.read(view, events, reading.when.day)
    if life is None:
        return ""
    slug = view.instrument.slug
    downloads = [
        reverse(f"timeline:instrument_{suffix}", args=[slug]) + reading.context["asof_query"]
        for suffix in ("svg", "png")
    ]
    return figure.figure(life, downloads, is_today=not reading.when.is_past)


@require_safe
@allow_cross_origin
@redirect_unknown()
@record_view("timeline:instrument_card")
@revalidated
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of one text: its kind, date and state, its title and its parties."""
    record = record_or_raise("instrument", slug)
    (view,) = instruments.views(Instrument.objects.filter(pk=record.pk), AsOf(today()))
    address = request.build_absolute_uri(reverse("timeline:instrument", args=[record.slug]))
    svg = export.text_card(view, site_of(request).name, address.partition("://")[2])
    return HttpResponse(rasterized(svg), content_type="image/png")


@require_safe
@allow_cross_origin
@redirect_unknown("asof")
@allow_own_style
@record_view("timeline:instrument_svg")
@revalidated
def svg(request: HttpRequest, slug: str) -> HttpResponse:
    """The life of one text as a self-contained SVG file."""
    content, headers = _picture(request, slug).encode(), _headers(request, slug, "svg")
    return HttpResponse(content, content_type="image/svg+xml", headers=headers)


@require_safe
@allow_cross_origin
@redirect_unknown("asof")
@record_view("timeline:instrument_png")
@revalidated
def png(request: HttpRequest, slug: str) -> HttpResponse:
    """The life of one text as a PNG file."""
    content = rasterized(_picture(request, slug), sharp=True)
    return HttpResponse(content, content_type="image/png", headers=_headers(request, slug, "png"))


def _picture(request: HttpRequest, slug: str) -> str:
    """Return the life of a text as SVG; raise Http404 if there is none to draw on the day."""
    record = record_or_raise("instrument", slug)
    when = as_of_reading(request, today()).when
    (view,) = instruments.views(Instrument.objects.filter(pk=record.pk), when)
    life = text_life.read(view, (), when.day)
    if life is None:
        raise Http404(slug)
    drawing = figure.drawing(life, is_today=not when.is_past)
    address = request.build_absolute_uri(reverse("timeline:instrument", args=[slug]))
    origin = export.Origin(address + asof_query(when), today(), sources=None)
    return export.on_a_page(
        drawing, [drawing.description], origin, figure.NAME, site_of(request).own_name
    )


def _headers(request: HttpRequest, slug: str, suffix: str) -> dict[str, str]:
    filename = f"{site_of(request).file_name}-{slug}.{suffix}"
    return {"Content-Disposition": f'inline; filename="{filename}"'}
