"""A list as one page to keep, with its pictures, its sources and its data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from timeline.core import dates
from timeline.core.dates import parse
from timeline.core.display import View
from timeline.formats import pack
from timeline.formats.description import Description
from timeline.jinja2 import language
from timeline.middleware.site import site_of
from timeline.pages._asked import Asked
from timeline.pages._question import read_question
from timeline.pages._result import answer, file_result, page_address
from timeline.pictures import export
from timeline.pictures.rasterize import style_element
from timeline.queries import packs
from timeline.queries.rows import Row


def page(
    request: HttpRequest,
    asked_for: Asked,
    described: Description,
    keys: Sequence[int],
    batches: Iterable[list[Row]],
) -> str:
    """Return the page of the records with these keys, whose rows come in batches."""
    noun, rows = asked_for.noun, [row for batch in batches for row in batch]
    names = packs.names(pack.codes(noun, rows), language())
    quotes = packs.quotes(noun, keys)
    cited = {source for row in rows for source in row["sources"]}
    context = {
        "described": described,
        "style": style_element("timeline/pack.css"),
        "drawings": [*_drawings(request, asked_for)] if noun == "events" and rows else (),
        "entries": pack.entries(noun, rows, names, quotes),
        "sources": [_source(row) for row in packs.sources(cited, asked_for.when)],
        "data": mark_safe(pack.data(described, rows)),  # noqa: S308 — without a "<"
    }
    return render_to_string("pages/pack.html", context)


def _source(row: Row) -> dict[str, Any]:
    published = row["published"]
    return {**row, "date": dates.wording(parse(published), language()) if published else ""}


def _drawings(request: HttpRequest, asked_for: Asked) -> Iterator[SafeString]:
    """Yield the histogram and the lanes of the events."""
    reading = read_question(request)
    for view in (View.LIST, View.LANES):
        question = reading.question.with_display(view=view)
        answered = answer(replace(reading, question=question), asked_for.when.day)
        result = file_result(answered, page_address(request, answered))
        yield export.picture(answered, result.drawing(), result.origin, site_of(request).own_name)
