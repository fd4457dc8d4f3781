"""The operations of the API, and the errors that it answers with."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, override
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from timeline.clock import today
from timeline.core.columns import COLUMNS, PAGES, names
from timeline.core.question import Problem, QuestionError
from timeline.core.reading import API_LANGUAGE, AnswerShape, read_asof, read_changes, read_shape
from timeline.core.relations import CHANGE_LISTS, RELATIONS, TABLES
from timeline.database.version import current as current_version
from timeline.formats.cells import as_json
from timeline.formats.changes import row as change_row
from timeline.formats.description import Description, licence, summary
from timeline.middleware.site import site_of
from timeline.pages._addressed import address_pattern, remove_unknown
from timeline.pages._asof import as_of
from timeline.pages._framed import opened_to_scripts
from timeline.pages._list_request import Refused, read_list_request
from timeline.pages._refusal import PROBLEM_JSON, json_refusal, refused_as_json
from timeline.pages._respond import (
    Gone,
    Moved,
    query_lists,
    record_or_raise,
)
from timeline.pages._revalidated import revalidated
from timeline.pages.api import parameters, schema
from timeline.pages.api.docs import Docs
from timeline.pages.files import describe, row_context
from timeline.queries import searched
from timeline.queries.as_of import AsOf
from timeline.queries.changes import MODELS, ChangesPage, changes_page, corrections_page
from timeline.queries.details import detail
from timeline.queries.rows import batches
from timeline.queries.rows.relations import corrections
from timeline.queries.vocabulary import vocabulary


class _NotYet(Http404):
    """The record begins after the day of ``asof``."""


MakeBody = Callable[[HttpRequest, AnswerShape, str], dict[str, Any]]
ApiView = Callable[..., HttpResponseBase]

_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_REFUSED: Final = ("POST", "PUT", "PATCH", "DELETE")


def _list(noun: str) -> MakeBody:
    """Return how a page of the list of a noun is made."""
    to_json = as_json(COLUMNS[noun])

    def build(request: HttpRequest, shape: AnswerShape, _identifier: str) -> dict[str, Any]:
        list_request = read_list_request(noun, request, today())
        page = list_request.page()
        place = page.pagination
        described = describe(request, list_request, place.total)
        context = row_context(request, noun, list_request.when, described.licence)
        rows = [row for batch in batches(noun, page.keys, context) for row in batch]

        def beside(query: str) -> str:
            return request.build_absolute_uri(_path(noun)) + _with_shape(query, shape)

        return {
            **summary(described),
            "first": place.first,
            "next": beside(place.following) if place.following else None,
            "previous": None if place.preceding is None else beside(place.preceding),
            "facets": page.facets if shape.facets else None,
            "rows": [_chosen(to_json(row), shape) for row in rows],
        }

    return build


def _changes_page(name: str) -> MakeBody:
    """Return how a page of the changes or of the corrections is made."""

    def build(request: HttpRequest, shape: AnswerShape, _identifier: str) -> dict[str, Any]:
        day, data = today(), query_lists(request)
        accepted = vocabulary(data)
        choices = {**accepted.choices, "noun": frozenset(MODELS)}
        try:
            question = read_changes(accepted.up_to_date(data), choices)
            page = _CHANGES_PAGES[name](question, day)
        except QuestionError as error:
            raise Refused(error.problems, choices) from error
        whole = replace(question, after="").query_string()
        described = Description(
            noun=name,
            title=gettext(RELATIONS[name].meaning),
            page=request.build_absolute_uri(reverse(f"timeline:{name}") + whole),
            count=page.total,
            site=site_of(request),
            version=current_version(),
            day=day,
            consulted=day,
            searched_until=searched.clock(AsOf(day)).stopped,
        )

        def beside(after: str) -> str:
            query = replace(question, after=after).query_string()
            return request.build_absolute_uri(_path(name)) + _with_shape(query, shape)

        written = as_json(TABLES[name])
        return {
            **summary(described),
            "first": page.first,
            "next": beside(page.following) if page.following else None,
            "previous": beside(page.preceding) if page.first > 1 else None,
            "month": page.month or None,
            "months": [*page.months],
            "rows": [
                _chosen(written(row), shape) for row in _change_rows(request, name, page, day)
            ],
        }

    return build


def _change_rows(
    request: HttpRequest, name: str, page: ChangesPage, day: dt.date
) -> Iterable[dict[str, Any]]:
    if name == "corrections":
        return corrections([shown.change.row for shown in page.changes], AsOf(day))
    pages = {noun: address_pattern(request, f"timeline:{noun}") for noun in MODELS}
    return [change_row(shown, lambda noun, slug: pages[noun] % slug) for shown in page.changes]


_CHANGES_PAGES: Final = {"changes": changes_page, "corrections": corrections_page}


def _path(noun: str, identifier: str = "") -> str:
    return reverse("api:api-root") + (f"{noun}/{identifier}" if identifier else noun)


def _with_shape(query: str, shape: AnswerShape) -> str:
    """Return a query string with how the answer is to be shaped."""
    parameters = {
        "lang": shape.language if shape.language != API_LANGUAGE else "",
        "fields": ",".join(shape.fields),
        "facets": "1" if shape.facets else "",
    }
    more = urlencode({name: value for name, value in parameters.items() if value})
    return f"{query}{'&' if query else '?'}{more}" if more else query


def _alone(noun: str) -> MakeBody:
    """Return how one record of a noun is made."""
    to_json = as_json(COLUMNS[noun])

    def build(request: HttpRequest, shape: AnswerShape, identifier: str) -> dict[str, Any]:
        when = _day_of(request) if noun in parameters.WITH_DAY else AsOf(today())
        record = record_or_raise(PAGES[noun], identifier)
        context = row_context(request, noun, when, licence(site_of(request)))
        (rows,) = batches(noun, [record.pk], context)
        if not rows:
            raise _NotYet(identifier)
        (row,) = rows
        return _chosen({**to_json(row), **detail(noun, record, when)}, shape)

    return build


def _day_of(request: HttpRequest) -> AsOf:
    try:
        day = today()
        return as_of(read_asof(query_lists(request), day), day)
    except QuestionError as error:
        raise Refused(error.problems, {}) from error


def _chosen(row: Mapping[str, Any], shape: AnswerShape) -> dict[str, Any]:
    """Return the columns that are wanted, in the order of the request; all if none is named."""
    return {name: row[name] for name in shape.fields or row}


# Answers and errors


def _view(noun: str, build: MakeBody, *, alone: bool) -> ApiView:
    """Return the view of an operation: what ``build`` makes, or why there is no answer."""
    known = parameters.names_of(noun, alone=alone)
    details = schema.DETAILS.get(noun, {}) if alone else {}
    columns = (*names(TABLES[noun]), *details)

    @revalidated
    def answer(
        request: HttpRequest, identifier: str, shape: AnswerShape, problems: list[Problem]
    ) -> HttpResponseBase:
        choices: Mapping[str, Collection[str]] = {"fields": columns}
        try:
            made = build(request, shape, identifier)
        except Refused as error:
            problems += error.problems
            return refused_as_json(problems, {**choices, **error.choices}, error.groups)
        if problems:
            return refused_as_json(problems, choices)
        return JsonResponse(made, json_dumps_params={"ensure_ascii": False})

    def respond(
        request: HttpRequest, identifier: str, shape: AnswerShape, problems: list[Problem]
    ) -> HttpResponseBase:
        try:
            return answer(request, identifier, shape, problems)
        except Moved as moved:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(_path(noun, moved.slug) + (query and f"?{query}"))
        except Gone as gone:
            return _problem(HTTPStatus.GONE, str(gone.record.withdrawn_reason))
        except _NotYet:
            return _problem(HTTPStatus.NOT_FOUND, gettext("On that day it was not on record."))
        except Http404:
            return _problem(HTTPStatus.NOT_FOUND)

    def view(request: HttpRequest, identifier: str = "") -> HttpResponseBase:
        remove_unknown(request, known)
        problems: list[Problem] = []
        shape = read_shape(query_lists(request), columns, problems)
        with override(shape.language):
            response = respond(request, identifier, shape, problems)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            wait = response.headers["Retry-After"]
            response = _problem(HTTPStatus.TOO_MANY_REQUESTS)
            response.headers["Retry-After"] = wait
        response.headers["Content-Language"] = shape.language
        return opened_to_scripts(response)

    return view


def _problem(status: HTTPStatus, detail: str = "") -> HttpResponse:
    return json_refusal(status.phrase, (), status, detail)


def _preflight(_request: HttpRequest, _identifier: str = "") -> HttpResponseBase:
    """Allow what scripts of other sites ask before they read."""
    response = opened_to_scripts(HttpResponse(status=HTTPStatus.NO_CONTENT))
    response.headers["Allow"] = ", ".join(_METHODS)
    response.headers["Access-Control-Allow-Methods"] = ", ".join(_METHODS)
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _not_allowed(_request: HttpRequest, _identifier: str = "") -> HttpResponseBase:
    """Refuse to change anything."""
    response = _problem(HTTPStatus.METHOD_NOT_ALLOWED)
    response.headers["Allow"] = ", ".join(_METHODS)
    return opened_to_scripts(response)


def _index(request: HttpRequest) -> HttpResponseBase:
    """The addresses of the lists."""
    lists = {noun: request.build_absolute_uri(_path(noun)) for noun in (*COLUMNS, *CHANGE_LISTS)}
    described = {
        "openapi": request.build_absolute_uri(reverse("api:openapi-json")),
        "docs": request.build_absolute_uri(reverse("api:openapi-view")),
    }
    return opened_to_scripts(JsonResponse({**described, "nouns": lists}))


def _unknown(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Say that nothing is at this address."""
    del request  # Ninja knows it by its name.
    return opened_to_scripts(_problem(HTTPStatus.NOT_FOUND, rest))


# What OpenAPI describes


class _Api(NinjaAPI):
    """An API whose errors are described as what they are (RFC 9457)."""

    def get_openapi_schema(self, *arguments: Any, **options: Any) -> OpenAPISchema:
        """Return the description of OpenAPI."""
        described = super().get_openapi_schema(*arguments, **options)
        for path in described["paths"].values():
            for status, response in path["get"]["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    content = response["content"]
                    response["content"] = {PROBLEM_JSON: content["application/json"]}
        return described


def _make() -> NinjaAPI:
    made = _Api(
        title="Cadre",
        version="1",
        description=(
            "The record of diplomatic events and commitments, to read. Filters, counts and the "
            "order are those of the pages. Nothing here needs a key."
        ),
        urls_namespace="api",
        docs=Docs(),
    )
    _add(made, "", _index, operation_id="index", response={200: schema.Index})
    for noun in (*COLUMNS, *CHANGE_LISTS):
        what = f"The {noun} that a filter finds" if noun in COLUMNS else f"The {noun}, last first"
        _add(
            made,
            f"/{noun}",
            _view(noun, _list(noun) if noun in COLUMNS else _changes_page(noun), alone=False),
            operation_id=f"list_{noun}",
            summary=f"{what}, 50 at a time",
            tags=[noun],
            response={200: schema.PAGES[noun], 400: schema.Problem, 429: schema.Problem},
            openapi_extra={"parameters": parameters.of_list(noun)},
        )
    for noun in COLUMNS:
        one = schema.SINGULAR[noun].lower()
        _add(
            made,
            f"/{noun}/{{identifier}}",
            _view(noun, _alone(noun), alone=True),
            operation_id=f"get_{one}",
            summary=f"One {one}",
            tags=[noun],
            response={
                200: schema.ALONE[noun],
                **dict.fromkeys((400, 404, 410, 429), schema.Problem),
            },
            openapi_extra={"parameters": parameters.of_record(noun)},
        )
    made.api_operation([*_METHODS, *_REFUSED], "/{path:rest}", include_in_schema=False)(_unknown)
    return made


def _add(made: NinjaAPI, path: str, view: ApiView, **described: Any) -> None:
    takes = _taking_identifier if "{" in path else _taking_nothing
    made.get(path, **described)(takes(view))
    made.api_operation(["HEAD"], path, include_in_schema=False)(takes(view))
    made.api_operation(["OPTIONS"], path, include_in_schema=False)(takes(_preflight))
    made.api_operation([*_REFUSED], path, include_in_schema=False)(takes(_not_allowed))


# Ninja reads which parts of its path an operation takes from the signature of its view.


def _taking_nothing(view: ApiView) -> ApiView:
    def without_parts(request: HttpRequest) -> HttpResponseBase:
        return view(request)

    return without_parts


def _taking_identifier(view: ApiView) -> ApiView:
    def with_identifier(request: HttpRequest, identifier: str) -> HttpResponseBase:
        return view(request, identifier)

    return with_identifier


api: Final = _make()
