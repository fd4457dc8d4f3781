"""The Jinja2 environments of public templates, with the functions and filters they all can use.

Public pages are rendered by Jinja2 from ``templates/public``, the admin by Django's own engine. In
the former, a variable missing from the context is an error, not an empty text.

There is an environment for each language of the interface. It compiles each template once, with
the translations of constant messages in it: a page has about fifty, and to look up one takes as
long as to render ten variables.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.files.storage import Storage
from django.http import HttpRequest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils.encoding import iri_to_uri
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import (
    get_language,
    gettext,
    ngettext,
    npgettext,
    override,
    pgettext,
)
from jinja2 import Environment, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from timeline import enums
from timeline.core import dates, languages, weekdays
from timeline.core.cadence import Window, window_wording
from timeline.core.characters import close_direction
from timeline.core.following import calendar
from timeline.core.numbers import Grouped
from timeline.fields import LocalText
from timeline.models import Party, Place
from timeline.queries.footnotes import grouped_alike

LABELS: Final[Mapping[str, enums.Labels | Mapping[str, enums.Label]]] = {
    "kind": enums.EVENT_KINDS,
    "state": enums.EVENT_STATES,
    "role": enums.PARTICIPATION_ROLES,
    "attendance": enums.ATTENDANCE_ROLES,
    "status": enums.COMMITMENT_STATUSES,
    "definition": enums.COMMITMENT_STATUS_DEFINITIONS,
    "restatement": enums.RESTATEMENTS,
    "rotation": enums.ROTATIONS,
    "framework_state": enums.FRAMEWORK_STATES,
    "source_kind": enums.SOURCE_KINDS,
    "stance": enums.STANCES,
    "stance_definition": enums.STANCE_DEFINITIONS,
    "confidence_definition": enums.CONFIDENCE_DEFINITIONS,
    "cited": enums.CITED_FIELDS,
    "record_field": enums.RECORD_FIELDS,
    "cited_row": enums.CITED_ROWS,
    "noun": enums.NOUNS,
    "noun_alone": enums.NOUNS_ALONE,
    "change_verb": enums.CHANGE_VERBS,
    "confidence": enums.CONFIDENCES,
    "body_kind": enums.BODY_KINDS,
    "party_kind": enums.PARTY_KINDS,
    "instrument_kind": enums.INSTRUMENT_KINDS,
    "instrument_state": enums.INSTRUMENT_STATES,
    "binding": enums.BINDINGS,
    "act": enums.INSTRUMENT_ACTS,
    "party_status": enums.PARTY_STATUSES,
    "party_status_definition": enums.PARTY_STATUS_DEFINITIONS,
}


class Templates(Jinja2):
    """Django's Jinja2 backend with an environment for each language instead of one."""

    def __init__(self, params: dict[str, Any]) -> None:
        self._environments: dict[str, Environment] = {}
        for code, _name in settings.LANGUAGES:
            with override(code):
                super().__init__(params)

    @property
    def env(self) -> Environment:
        """The environment of the current language."""
        return self._environments[language()]

    @env.setter
    def env(self, env: Environment) -> None:
        self._environments[language()] = env


class TranslatedEnvironment(Environment):
    """An environment whose templates have their constant messages in the current language.

    Their lines are not indented: a reader has no use for it.
    """

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        return _Unindenter().visit(_Translator().visit(template))  # type: ignore[no-any-return]


class _Unindenter(NodeTransformer):
    """Leave one newline of the whitespace around each end of a line."""

    def visit_TemplateData(self, text: nodes.TemplateData) -> nodes.Node:  # noqa: N802
        return nodes.TemplateData(_BETWEEN_LINES.sub("\n", text.data), lineno=text.lineno)


_BETWEEN_LINES: Final = re.compile(r"[ \t]*\n[ \t\n]*")


class _Translator(NodeTransformer):
    """Replace calls of ``_()`` and constant ``trans`` blocks by the translation."""

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 — the name that Jinja2 calls
        self.generic_visit(call)
        is_gettext = isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext")
        match call:
            case nodes.Call(args=[nodes.Const(value=str(message))], kwargs=[]) if is_gettext:
                # As for newstyle gettext, messages are markup and '%%' is a percent sign.
                return nodes.Const(Markup(gettext(message)) % {}, lineno=call.lineno)  # noqa: S704
        return call


def environment(**options: Any) -> Environment:
    """Return the environment of the current language; Django's backend passes ``options``."""
    env = TranslatedEnvironment(
        **{
            **options,
            "undefined": StrictUndefined,
            "extensions": ["jinja2.ext.i18n"],
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals |= {
        "calendar": calendar,
        "described": None,
        "in_language": in_language,
        "language": language,
        "own_query": None,
        "preview": False,
        "script": script,
        "static": static,
        "swap": swap,
        "url": url,
        "when": when,
    }
    env.filters |= {
        "as_of_text": as_of_text,
        "cadence": enums.cadence,
        "close_direction": close_direction,
        "date_text": date_text,
        "coordinates": coordinates,
        "day_text": day_text,
        "done_on": done_on,
        "grouped": grouped,
        "heading_text": heading_text,
        "is_web_address": is_web_address,
        "event_state": enums.event_state,
        "label": label,
        "lang": lang,
        "language_name": language_name,
        "marked": marked,
        "month_text": month_text,
        "named": named,
        "period": period,
        "period_text": period_text,
        "grouped_alike": grouped_alike,
        "primary_language": languages.primary,
        "short": short,
        "short_date_text": short_date_text,
        "signed": signed,
        "since": since,
        "weekday": weekday,
        "window_text": window_text,
        "year_and_month": year_and_month,
    }
    return env


def language() -> str:
    """Return the language of the current page."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def rendered(template: str, context: dict[str, Any]) -> SafeString:
    """Render a template as a part of another page."""
    return mark_safe(render_to_string(template, context))  # noqa: S308 — escaped by the template


def streamed(template: str, context: dict[str, Any]) -> Iterator[str]:
    """Yield a rendered template, for which what it loops over may be read on the way."""
    found = engines["jinja2"].env.get_template(template)  # type: ignore[attr-defined]
    return found.generate(context)  # type: ignore[no-any-return]


def pieces(template: str, context: dict[str, Any]) -> Any:
    """Return the variables that a template sets, as attributes, to assemble a page from."""
    return engines["jinja2"].env.get_template(template).make_module(context)  # type: ignore[attr-defined]


# URLs and files


def url(name: str, *arguments: str | int) -> str:
    """Return the URL of a public page in the reader's language."""
    return _reversed(get_language(), name, arguments)


# Pages repeat the same URLs, and Django computes them each time.
@lru_cache(maxsize=4096)
def _reversed(_language: str, name: str, arguments: tuple[str | int, ...]) -> str:
    return reverse(f"timeline:{name}", args=arguments)


def in_language(request: HttpRequest, code: str, query: str | None = None) -> str:
    """Return the absolute URL of the requested page in a language of the interface.

    ``query`` replaces the query string of the request.
    """
    path, _separator, asked = request.get_full_path().partition("?")
    if query is None:
        query = f"?{iri_to_uri(asked)}" if asked else ""
    return request.build_absolute_uri(_translated(language(), path, code) + query)


@lru_cache(maxsize=1024)
def _translated(_language: str, path: str, code: str) -> str:
    return translate_url(path, code)


def static(name: str) -> str:
    """Return the URL of a static file."""
    return (
        _collected_url(staticfiles_storage, name) if _collected() else staticfiles_storage.url(name)
    )


def script(name: str, *, sandboxed: bool = False) -> SafeString:
    """Return the element that loads a static file as a deferred script.

    A page in a sandbox of another site has no origin, so that its script is one of another origin,
    and browsers check its digest only if it is loaded with ``crossorigin``.

    It has the digest of the collected file, so that browsers refuse any other content
    (https://www.w3.org/TR/SRI/). Files that are served from the source tree have none.
    """
    if not _collected():
        return format_html('<script src="{}" defer></script>', staticfiles_storage.url(name))
    address, digest = static(name), _integrity(staticfiles_storage, name)
    other_origin = SafeString(' crossorigin="anonymous"' if sandboxed else "")
    return format_html(
        '<script src="{}" integrity="{}"{} defer></script>', address, digest, other_origin
    )


def _collected() -> bool:
    """Whether static files are served as collected, under names that never change."""
    return isinstance(staticfiles_storage, ManifestStaticFilesStorage) and not settings.DEBUG


# A process reads the manifest of collected files once, but computes the URLs of a page each time.
@lru_cache(maxsize=64)
def _collected_url(storage: Storage, name: str) -> str:
    return storage.url(name)


@lru_cache(maxsize=16)
def _integrity(storage: ManifestStaticFilesStorage, name: str) -> str:
    with storage.open(storage.stored_name(name)) as file:
        return f"sha384-{b64encode(hashlib.sha384(file.read()).digest()).decode()}"


def swap(address: str, *, to_top: bool = False, rel: str = "nofollow") -> SafeString:
    """Return the attributes of a link that htmx swaps and that works without htmx, too.

    Such links lead to other questions, which robots should not crawl: see
    :mod:`timeline.pages.robots`.
    """
    show = " show:#results:top" if to_top else ""
    escaped = escape(address)
    return SafeString(
        f'href="{escaped}" rel="{rel}" hx-get="{escaped}" hx-target="#results" '
        f'hx-swap="outerHTML{show}" hx-push-url="true"'
    )


def is_web_address(address: str) -> bool:
    """Whether an address may be shown as a link, which only http and https may."""
    return address.lower().startswith(("http://", "https://"))


# Labels and names


def label(code: str, vocabulary: str) -> str:
    """Return the label of a code in the reader's language."""
    return enums.label(LABELS[vocabulary], code)


def short(party: Party) -> str:
    """Return the short name of a party, or else its name; after what it was called on a former day.

    The name of today is then in brackets: 'Alliance of Sahel States (AES)'.
    """
    name = str(party.short or party.name)
    return f"{party.short_then} ({name})" if party.names_then and party.short_then else name


def named(party: Party) -> str:
    """Return the name of a party, marked; after what it was called on a former day."""
    name = marked(party.name)
    if not (party.names_then and party.name_then):
        return name
    return format_html(gettext("{then}, today {name}"), then=party.name_then, name=name)


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does: 'Bamako, Ouagadougou and Niamey'."""
    *first, last = names or ("",)
    return gettext(" and ").join((", ".join(first), last)) if first else last


def language_name(tag: str) -> str:
    """Return the name of a language in the reader's language, for use outside a sentence."""
    name = languages.name(tag, language())
    return name[:1].upper() + name[1:]


def lang(tag: str) -> SafeString:
    """The attributes of an element whose text is in a language, its direction where it differs."""
    direction = SafeString(' dir="rtl"') if languages.direction(tag) == "rtl" else ""
    return format_html('lang="{}"{}', tag, direction)


def marked(text: str) -> str:
    """Mark a text that is not in the reader's language with its language."""
    if isinstance(text, LocalText) and text.fallback and text:
        return format_html('<span lang="{}">{}</span>', text.lang, str(text))
    return str(text)


# Numbers


def grouped(number: Any) -> Any:
    """Format a count with its digits in groups; not to be used for years and keys."""
    # Numbers below a thousand are the same in every language.
    return Grouped(number, language()) if type(number) is int and number > 999 else number


def signed(number: float) -> str:
    """Format a score with its sign, two decimals and the reader's decimal separator."""
    text = f"{number:+.2f}".replace("-", "\N{MINUS SIGN}") if round(number, 2) else "0"
    return text.replace(".", ",") if language() == "fr" else text


def coordinates(place: Place) -> str:
    """Format the position of a place, to about ten metres: '12.6392° N, 8.0029° W'."""
    north, south, east, west = "NSEO" if language() == "fr" else "NSEW"
    parts = [
        f"{abs(degrees):.4f}".rstrip("0").rstrip(".")
        + f"°\N{NO-BREAK SPACE}{positive if degrees >= 0 else negative}"
        for degrees, positive, negative in (
            (place.latitude or 0.0, north, south),
            (place.longitude or 0.0, east, west),
        )
    ]
    return ", ".join(part.replace(".", ",") if language() == "fr" else part for part in parts)


# Dates


def when(date: dates.EdtfDate, *, short: bool = False) -> SafeString:
    """Format a date as a ``time`` element, with a machine-readable value where HTML has one."""
    text = dates.wording(date, language(), short=short)
    machine_readable = dates.machine_readable(date)
    if not machine_readable:
        return format_html("<time>{}</time>", text)
    return format_html('<time datetime="{}">{}</time>', machine_readable, text)


def date_text(date: dates.EdtfDate | None) -> str:
    """Format a date, no more precisely than it is known."""
    return dates.wording(date, language()) if date else ""


def short_date_text(date: dates.EdtfDate | None) -> str:
    """Format a date with an abbreviated month."""
    return dates.wording(date, language(), short=True) if date else ""


def since(date: dates.EdtfDate) -> str:
    """Format a date after 'since' or 'planned for', in French with an article before a day."""
    text = dates.wording(date, language())
    plain_day = date.precision == dates.Precision.DAY and not date.approximate
    return f"le {text}" if plain_day and language() == "fr" else text


def done_on(date: dates.EdtfDate) -> str:
    """Format a date after what was done then, in French with 'le' or 'en'."""
    text = dates.wording(date, language())
    if language() != "fr" or date.approximate:
        return text
    word = {"day": "le", "month": "en", "year": "en"}.get(date.precision)
    return f"{word} {text}" if word else text


def day_text(day: Any) -> str:
    """Format a day."""
    return dates.day_wording(day, language()) if day else ""


def as_of_text(day: Any) -> str:
    """Format a day after 'as of', in French with an article."""
    text = dates.day_wording(day, language())
    return f"au {text}" if language() == "fr" else text


def month_text(day: Any) -> str:
    """Format the month of a day."""
    return dates.month_wording(day.year, day.month, language()) if day else ""


def year_and_month(month: str) -> str:
    """Format a month that is written as '2025-04'."""
    year, number = map(int, month.split("-"))
    return dates.month_wording(year, number, language())


def window_text(window: Window) -> str:
    """Format the months in which a session is expected."""
    return window_wording(window, language())


def heading_text(heading: dates.Heading) -> str:
    """Format the heading of a group: a month with its year, or a year alone."""
    if heading.month is None:
        return str(heading.year)
    text = dates.month_wording(heading.year, heading.month, language())
    return text[0].upper() + text[1:]


def period(date: dates.EdtfDate) -> str:
    """Return the query string of the period of a date's heading: '?from=2025-04&to=2025-04'."""
    first, last = dates.heading_period(date)
    return f"?from={first}&to={last}"


def period_text(date: dates.EdtfDate) -> str:
    """Format the period of a date's heading: its month, its year, or its decade."""
    first, last = dates.heading_period(date)
    return dates.wording(dates.parse(first if first == last else f"{first}/{last}"), language())


def weekday(number: int) -> str:
    """Return the name of a weekday (Monday is 0)."""
    return weekdays.weekday_name(number, language())
