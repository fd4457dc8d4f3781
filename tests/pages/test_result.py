"""A result holds everything that a page or a file shows: rendering it makes no queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils.translation import override
from jinja2.environment import Template

from tests.parsed_page import TODAY
from timeline.pages._question import read_question
from timeline.pages._result import answer, card_histogram, embed_result, file_result, page_result
from timeline.pages._runs import histogram, runs
from timeline.pages._sidebar import expected, sidebar
from timeline.pictures import export
from timeline.pictures.histogram.data import HistogramData

pytestmark = pytest.mark.usefixtures("demo", "nothing_kept")

ADDRESSES = (
    *("", "?party=ml&sector=energy", "?party=ml&view=lanes", "?view=matrix", "?view=map"),
    *("?stacked=1", "?from=2025-04&to=2025-04", "?q=visa", "?party=nowhere"),
)


def answered(address: str) -> Any:
    request = RequestFactory().get(f"/en/{address}")
    return answer(read_question(request), TODAY)


@pytest.mark.parametrize("address", ADDRESSES)
def test_rendering_a_result_makes_no_queries(address: str, django_assert_num_queries: Any) -> None:
    with override("en"):
        answer = answered(address)
        result = page_result(answer, is_readable=True, with_sidebar=True)
        embedded, drawn = embed_result(answer), file_result(answer, "https://example.org/en/")
        bars = card_histogram(answer)
        with django_assert_num_queries(0):
            shown = [histogram(result), histogram(embedded)]
            assert result.sidebar is not None
            shown += sidebar(result.sidebar)
            shown.append(expected(result.expected, TODAY))
            if result.picture is None:
                shown += [run.cards for run in (*runs(result), *runs(embedded))]
            else:
                shown.append(result.picture.figure())
            shown.append(export.picture(answer, drawn.drawing(), drawn.origin, "Register"))
            shown.append(export.question_card(answer, bars, "Register", "example.org/en/"))
    assert all(shown[-2:])
    assert len("".join(shown)) > 10_000


def test_bars_of_a_card_are_never_stacked() -> None:
    with override("en"):
        stacked = answered("?stacked=1")
        on_page = page_result(stacked, is_readable=True, with_sidebar=False).histogram
        on_card = card_histogram(stacked)
    assert isinstance(on_page, HistogramData)
    assert isinstance(on_card, HistogramData)
    assert (bool(on_page.parts), dict(on_card.parts)) == (True, {})


PAGES = (
    *ADDRESSES,
    *("?from=soon", "embed/?view=lanes", "data/?kind=summit", "commitments/", "frameworks/"),
    *("commitments/?party=ml", "frameworks/ru-aes/", "parties/", "parties/ml/", "sectors/"),
    *("sectors/energy/", "people/", "people/sergey-lavrov/", "sources/", "about/", "changes/"),
    *("corrections/", "parties/nowhere/", "events/nothing/", "sources/1/"),
    *("events/ru-aes-consultations-moscow-2025/", "events/ru-ml-diplomas-cairo-2025/"),
    *("commitments/aes-bank-first-board/", "instruments/", "instruments/aes-protocol-parliaments/"),
    *("places/", "places/bamako/", "compare/ml/ru/", "search/?q=Bamako"),
)


@pytest.mark.parametrize("address", PAGES)
def test_template_makes_no_queries(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    refused: list[str] = []

    def silent(make: Callable[..., Any]) -> Callable[..., Any]:
        def made(template: Template, *args: Any, **more: Any) -> Any:
            def refuse(_execute: object, sql: str, *_rest: object) -> None:
                refused.append(f"{template.name}: {sql}")
                raise AssertionError(f"{template.name} asks for {sql}")

            rendered.append(str(template.name))
            with connection.execute_wrapper(refuse):
                return make(template, *args, **more)

        return made

    monkeypatch.setattr(Template, "render", silent(Template.render))
    monkeypatch.setattr(Template, "make_module", silent(Template.make_module))
    client.get(f"/en/{address}")
    assert rendered
    assert refused == []
