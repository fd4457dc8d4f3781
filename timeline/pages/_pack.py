"""A list as one page to keep, with its pictures, its sources and its data."""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from timeline.core import dates
from timeline.core.batches import batched
from timeline.core.dates import parse
from timeline.core.display import View
from timeline.formats import pack
from timeline.formats.description import Description
from timeline.jinja2 import language, streamed
from timeline.middleware.site import site_of
from timeline.pages._list_request import ListRequest
from timeline.pages._question import read_question
from timeline.pages._result import answer, file_result, page_address
from timeline.pictures import export
from timeline.pictures.rasterize import style_element
from timeline.queries import packs
from timeline.queries.as_of import AsOf
from timeline.queries.rows import BATCH, Row


def parts(
    request: HttpRequest,
    list_request: ListRequest,
    described: Description,
    keys: Sequence[int],
    batches: Iterable[list[Row]],
) -> Iterator[str]:
    """Yield the page of the records with these keys, whose rows come in batches.

    It holds one batch at a time. The template loops over the entries first: what it cites, and the
    data that stand at its end, are collected meanwhile.
    """
    cited: set[str] = set()
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as data:

        def entries() -> Iterator[pack.PackEntry]:
            noun, written = list_request.noun, pack.DataFile(described)
            data.write(written.head())
            for batch, rows in zip(batched(keys, BATCH), batches, strict=True):
                names = packs.names(pack.codes(noun, rows), language())
                yield from pack.entries(noun, rows, names, packs.quotes(noun, batch))
                cited.update(source for row in rows for source in row["sources"])
                data.write(written.part(rows))
            data.write(written.end())
            data.seek(0)

        context = {
            "described": described,
            "style": style_element("timeline/pack.css"),
            "drawings": _drawings(request, list_request)
            if list_request.noun == "events" and keys
            else (),
            "entries": entries(),
            "sources": _sources(cited, list_request.when),
            "data": map(mark_safe, data),  # without a "<"
        }
        yield from streamed("pages/pack.html", context)


def _sources(cited: Collection[str], when: AsOf) -> Iterator[dict[str, Any]]:
    for row in packs.sources(cited, when):
        published = row["published"]
        yield {**row, "date": dates.wording(parse(published), language()) if published else ""}


def _drawings(request: HttpRequest, list_request: ListRequest) -> Iterator[SafeString]:
    """Yield the histogram and the lanes of the events."""
    reading = read_question(request)
    for view in (View.LIST, View.LANES):
        question = reading.question.with_display(view=view)
        answered = answer(replace(reading, question=question), list_request.when.day)
        result = file_result(answered, page_address(request, answered))
        yield export.picture(answered, result.drawing(), result.origin, site_of(request).own_name)
