"""The environment of the public templates."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.shortcuts import render
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override
from django.views.defaults import server_error
from jinja2 import UndefinedError

from timeline.formats.pagination import Pagination
from timeline.middleware import site
from timeline.models import Identity

PUBLIC = Path(settings.BASE_DIR) / "templates" / "public"


def environment() -> Any:
    return engines["jinja2"].env  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    sorted(
        path.relative_to(PUBLIC).as_posix()
        for path in PUBLIC.rglob("*")
        if path.suffix in (".html", ".svg")
    ),
)
def test_template_can_be_read(name: str) -> None:
    assert environment().get_template(name).name == name


def test_name_that_a_context_lacks_is_an_error() -> None:
    template = environment().from_string("{% if mispelt %}{% endif %}")
    with pytest.raises(UndefinedError, match="mispelt"):
        template.render()


def test_texts_are_escaped_and_messages_are_not() -> None:
    template = environment().from_string("{{ text }} {% trans text %}{{ text }} & co{% endtrans %}")
    assert template.render(text="<b>") == "&lt;b&gt; &lt;b&gt; & co"


def test_imported_macros_speak_the_language_of_each_page() -> None:
    template = environment().from_string(
        '{% import "parts/lists.html" as lists %}{{ lists.pagination(pagination) }}'
    )
    stand = Pagination("/", 51, 1234, start_again="", preceding="", following="?after=x")
    texts = []
    for language in ("fr", "en", "fr"):
        with override(language):
            texts.append(template.render(pagination=stand))
    assert "51–100 sur 1\u202f234" in texts[0]
    assert "51–100 of 1,234" in texts[1]
    assert texts[2] == texts[0]


@pytest.mark.parametrize(
    "source",
    ['{{ _("Words") }}', "{% trans %}Words{% endtrans %}", '{% set word = _("Words") %}{{ word }}'],
)
def test_constant_messages_are_translated_when_a_template_is_compiled(source: str) -> None:
    with override("fr"):
        template = environment().from_string(source)
    with override("en"):
        assert template.render() == "Mots"
        assert environment().from_string(source).render() == "Words"


def test_constant_messages_may_have_markup_and_percent_signs() -> None:
    template = environment().from_string("{% trans %}<b>100%</b> & co{% endtrans %}")
    assert template.render() == "<b>100%</b> & co"


def test_blocks_of_statements_leave_no_blank_lines() -> None:
    template = environment().from_string("<p>\n  {% if true %}\n  a\n  {% endif %}\n</p>")
    assert template.render() == "<p>\n  a\n</p>"


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "413.html", "429.html"])
def test_error_pages_need_no_database(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Identity:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(site, "identity", gone)
    page = render(RequestFactory().get("/fr/no/such/page/"), name)
    assert "<h1>" in page.content.decode()
    assert "— testserver</title>" in page.content.decode()


def test_page_of_a_server_error_needs_nothing_at_all() -> None:
    answer = server_error(RequestFactory().get("/fr/"))
    assert answer.status_code == 500
    assert "Une erreur s’est produite" in answer.content.decode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>one\n    two</p>\n\n  <p>", "<p>one\ntwo</p>\n<p>"),
        ("{{ '  a\n\n  b' }}  c  d", "  a\n\n  b  c  d"),
        ("«\u00a0\nmot\n\u202f»", "«\u00a0\nmot\n\u202f»"),
    ],
)
def test_markup_is_not_indented(source: str, expected: str) -> None:
    assert environment().from_string(source).render() == expected
