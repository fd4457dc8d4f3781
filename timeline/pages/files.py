"""The records that a question finds as files of data, by the suffix of their addresses."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.log import log_response
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.columns import COLUMNS, LISTS, PAGES
from timeline.database.version import current as current_version
from timeline.database.version import snapshot
from timeline.formats import making, pack, spreadsheet
from timeline.formats.description import Description, metadata
from timeline.formats.geojson import GeoJsonFile
from timeline.formats.tables import CsvFile, Format, JsonFile
from timeline.formats.timelinejs import TimelineJsFile
from timeline.middleware.site import site_of
from timeline.pages import _made as made
from timeline.pages import _pack
from timeline.pages._addressed import address_pattern, canonical_query, redirect_unknown
from timeline.pages._framed import open_to_scripts
from timeline.pages._list_request import PARAMETERS, ListRequest, Refused, read_list_request
from timeline.pages._refusal import plain_refusal, refused_as_json, refused_as_text
from timeline.pages._revalidated import revalidated, strong_etag
from timeline.queries import searched
from timeline.queries.as_of import AsOf
from timeline.queries.rows import Row, RowContext, batches

MakeResponse = Callable[[HttpRequest, ListRequest], HttpResponseBase]

FORMATS: Final[dict[str, type[Format]]] = {
    "csv": CsvFile,
    "json": JsonFile,
    "geojson": GeoJsonFile,
    "timelinejs.json": TimelineJsFile,
}
"""The formats that are written in parts."""

OF_EVENTS: Final = frozenset({"geojson", "timelinejs.json"})
"""The suffixes that only events have."""

CONTENT_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "timelinejs.json": "application/json",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_IN_TEXT: Final = frozenset({"csv", "xlsx", "html"})
"""The suffixes of files that say in plain text what cannot be read; the others in JSON."""

LONG: Final = 10_000
"""Rows beyond which a file is made first and then sent."""

RETRY_AFTER: Final = 5
"""Seconds after which to ask again for a file that is being made."""

_FIRST: Final = 50
"""Rows that are sent at once. They fit into the buffers of a connection, so that the version of the
record is not held while a slow reader receives them."""

_CHUNK: Final = 64 * 1024
"""Bytes that are sent at a time."""


def _file(noun: str, suffix: str, build: MakeResponse) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view of the files of a noun with a suffix."""
    refused = refused_as_text if suffix in _IN_TEXT else refused_as_json

    def canonical(request: HttpRequest) -> str | None:
        try:
            return read_list_request(noun, request, today()).query
        except Refused:
            return None

    @require_safe
    @open_to_scripts
    @redirect_unknown(*PARAMETERS[noun])
    @canonical_query(canonical)
    @revalidated
    def view(request: HttpRequest) -> HttpResponseBase:
        try:
            return build(request, read_list_request(noun, request, today()))
        except Refused as error:
            return refused(error.problems, error.choices, error.groups)

    return view


def describe(request: HttpRequest, list_request: ListRequest, count: int) -> Description:
    """Describe a list with this number of records."""
    return Description(
        noun=list_request.noun,
        title=list_request.title(),
        page=request.build_absolute_uri(_page(list_request)),
        count=count,
        site=site_of(request),
        version=current_version(),
        day=list_request.when.day,
        consulted=today(),
        searched_until=searched.clock(list_request.when).stopped,
    )


def _page(list_request: ListRequest) -> str:
    """Return the address of the page of a list."""
    return reverse(f"timeline:{LISTS[list_request.noun]}") + list_request.query


def row_context(request: HttpRequest, noun: str, when: AsOf, licence: str) -> RowContext:
    """Return what the rows of a noun share."""
    return RowContext(when, address_pattern(request, f"timeline:{PAGES[noun]}"), licence)


def _kept_or(
    suffix: str,
    build: Callable[[HttpRequest, ListRequest, dict[str, str], str | None], HttpResponseBase],
) -> MakeResponse:
    """Return how a file is answered: as it is kept, else as ``build`` makes it for a GET.

    That takes the headers, and the ETag of the file if it can be kept. While the file is being
    made, only its progress is read. A HEAD request makes nothing, and has no length if the file is
    not made.
    """

    def kept_or_built(request: HttpRequest, list_request: ListRequest) -> HttpResponseBase:
        etag, headers = strong_etag(request), _headers(request, list_request, suffix)
        path = made.kept(_kept_name(etag, suffix)) if etag else None
        if etag and path:
            return made.sent(request, path, etag, headers)
        try:
            progress = made.underway(_kept_name(etag, suffix)) if etag else None
        except made.FailedError:
            page = _page(list_request)
            return _to_retry(request, page, making.failed(), made.FAILED_FOR, by_itself=False)
        if progress:
            return _being_made(request, list_request, progress)
        if request.method != "GET":
            # Only of an answer that is streamed does Django not say that it has no bytes.
            return StreamingHttpResponse((), headers=headers)
        return build(request, list_request, headers, etag)

    return kept_or_built


class _FileKeys(NamedTuple):
    """The keys that a question found, and the ETag of its file in that version of the record."""

    etag: str
    keys: Sequence[int]


def _streamed(suffix: str) -> MakeResponse:
    """Return how a file that is written in parts is answered: at once, or if long as a kept one."""

    def build(
        request: HttpRequest, list_request: ListRequest, headers: dict[str, str], etag: str | None
    ) -> HttpResponseBase:
        found = _FileKeys(etag, list_request.keys()) if etag else None
        if found and len(found.keys) > LONG:
            return _made_beside(request, list_request, suffix, found.etag, len(found.keys))
        parts = _parts(request, list_request, found, FORMATS[suffix], get_language())
        return StreamingHttpResponse(parts, headers=headers)

    return _kept_or(suffix, build)


def whole(
    suffix: str, most: int, too_many: Callable[[int], str], long: int | None = None
) -> MakeResponse:
    """Return how a file is answered that is written as a whole.

    It is refused with more rows than ``most``, and with more than ``long`` made beside answering:
    by default, with more than of any file.
    """

    def build(
        request: HttpRequest, list_request: ListRequest, headers: dict[str, str], etag: str | None
    ) -> HttpResponseBase:
        keys = list_request.keys()
        if len(keys) > most:
            return plain_refusal(too_many(len(keys)))
        if etag and len(keys) > (LONG if long is None else long):
            return _made_beside(request, list_request, suffix, etag, len(keys))

        def write(path: Path) -> None:
            _write(path, request, list_request, suffix, keys)

        if etag:
            return made.sent(request, made.make_now(_kept_name(etag, suffix), write), etag, headers)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / suffix
            write(path)
            return HttpResponse(path.read_bytes(), headers=headers)

    return _kept_or(suffix, build)


def _kept_name(etag: str, suffix: str) -> str:
    digest = etag.strip('"')
    return f"{digest}.{suffix}"


def _headers(request: HttpRequest, list_request: ListRequest, suffix: str) -> dict[str, str]:
    name = f"{site_of(request).file_name}-{list_request.noun}.{suffix}"
    return {
        "Content-Type": CONTENT_TYPES[suffix],
        "Content-Disposition": f'{_disposition(suffix)}; filename="{name}"',
    }


def _made_beside(
    request: HttpRequest, list_request: ListRequest, suffix: str, etag: str, count: int
) -> HttpResponseBase:
    """Have a long file made beside answering, and say how much of it there is."""
    spoken = get_language()

    def write(path: Path, note: made.OnProgress) -> None:
        with snapshot(), override(spoken):
            if strong_etag(request) != etag:
                raise made.OutdatedError
            _write(path, request, list_request, suffix, list_request.keys(), note)

    return _being_made(
        request, list_request, made.make_beside(_kept_name(etag, suffix), count, write)
    )


def _being_made(
    request: HttpRequest, list_request: ListRequest, progress: made.Progress
) -> HttpResponse:
    """Say how much there is of a file."""
    said = making.progress(*progress)
    return _to_retry(request, _page(list_request), said, RETRY_AFTER, by_itself=True)


def _to_retry(
    request: HttpRequest, page: str, said: str, seconds: int, *, by_itself: bool
) -> HttpResponse:
    """Say why there is no file yet of the list on a page; HTML asks again ``by_itself`` or not.

    It is an error to be tried again, so that no program takes the answer for the file.
    """
    if request.get_preferred_type(["text/plain", "text/html"]) == "text/html":
        context = {"said": said, "by_itself": by_itself, "page": page}
        response = render(request, "pages/making.html", context, status=503)
    else:
        response = HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(seconds)
    if by_itself:
        response.headers["Refresh"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    # Django would log it as an error of the server, each time that somebody waits.
    log_response("No file yet: %s", request.path, response=response, request=request, level="info")
    return response


def _write(
    path: Path,
    request: HttpRequest,
    list_request: ListRequest,
    suffix: str,
    keys: Sequence[int],
    note: made.OnProgress = lambda rows: None,
) -> None:
    """Write a whole file; ``note`` is called with the number of rows written."""
    described = describe(request, list_request, len(keys))
    read = batches(
        list_request.noun,
        keys,
        row_context(request, list_request.noun, list_request.when, described.licence),
    )
    noted = _noted(read, note)
    if suffix == "xlsx":
        spreadsheet.write(path, described, noted)
        return
    if suffix == "html":
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(_pack.parts(request, list_request, described, keys, noted))
        return
    form = FORMATS[suffix](described)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(form.head())
        for rows in noted:
            file.write(form.part(rows))
        file.write(form.end())


def _noted(read: Iterable[list[Row]], note: made.OnProgress) -> Iterator[list[Row]]:
    written = 0
    for rows in read:
        yield rows
        written += len(rows)
        note(written)


def _disposition(suffix: str) -> str:
    return "inline" if suffix.endswith(".json") or suffix == "json" else "attachment"


def _parts(
    request: HttpRequest,
    list_request: ListRequest,
    found: _FileKeys | None,
    form: type[Format],
    language: str | None,
) -> Iterator[bytes]:
    """Yield a file: its first rows at once, the others as soon as all of them are read.

    All are read from one version of the record; what was ``found`` is of use if it is still that
    one. It is held no longer than that takes, however slowly a client receives the file: what
    follows the first rows goes to a temporary file first.
    """
    with tempfile.SpooledTemporaryFile(max_size=16 * _CHUNK) as rest:
        with snapshot():
            # The server iterates after the view returned, when another language may be active.
            with override(language):
                if found is None or found.etag != strong_etag(request):
                    keys = list_request.keys()
                else:
                    keys = found.keys
                described = describe(request, list_request, len(keys))
                context = row_context(
                    request, list_request.noun, list_request.when, described.licence
                )
                written = form(described)
                first = written.head()
                for rows in batches(list_request.noun, keys[:_FIRST], context):
                    first += written.part(rows)
            yield first.encode()
            with override(language):
                for rows in batches(list_request.noun, keys[_FIRST:], context):
                    rest.write(written.part(rows).encode())
                rest.write(written.end().encode())
        rest.seek(0)
        while chunk := rest.read(_CHUNK):
            yield chunk


def _metadata(request: HttpRequest, list_request: ListRequest) -> HttpResponse:
    described = describe(request, list_request, len(list_request.keys()))
    return JsonResponse(metadata(described), json_dumps_params={"ensure_ascii": False, "indent": 1})


BUILDS: Final[dict[str, MakeResponse]] = {
    **{suffix: _streamed(suffix) for suffix in FORMATS},
    "xlsx": whole("xlsx", spreadsheet.MAX_ROWS, spreadsheet.too_many),
    "html": whole("html", pack.MOST, pack.too_many, long=1000),
    "metadata.json": _metadata,
}
"""How the file of any noun is made, by its suffix."""

VIEWS: Final = {
    (noun, suffix): _file(noun, suffix, build)
    for noun in COLUMNS
    for suffix, build in BUILDS.items()
    if (noun == "events" or suffix not in OF_EVENTS) and (noun in pack.NOUNS or suffix != "html")
}
"""The view of each file, by noun and suffix."""
