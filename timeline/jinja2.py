"""The environment of the public templates: the functions and filters that all of them can use.

Public pages are made by Jinja2 from the files of ``templates/public``, the admin by Django's own
engine. A name that a context lacks is an error there, never an empty text.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from timeline import enums
from timeline.core import dates, weekdays
from timeline.core.cadence import Window, window_wording
from timeline.core.characters import close_direction
from timeline.core.following import calendar
from timeline.core.numbers import Grouped
from timeline.fields import LocalText
from timeline.models import Party

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
    "confidence": enums.CONFIDENCES,
    "party_kind": enums.PARTY_KINDS,
    "language": enums.LANGUAGES,
}


def environment(**options: Any) -> Environment:
    """Make the environment; ``options`` are those that Django's backend passes on."""
    env = Environment(  # noqa: S701 — Django's backend turns autoescape on
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
        "in_language": in_language,
        "language": language,
        "preview": False,
        "script": script,
        "static": static,
        "swap": swap,
        "url": url,
        "when": when,
    }
    env.filters |= {
        "as_of_said": as_of_said,
        "close_direction": close_direction,
        "day_said": day_said,
        "grouped": grouped,
        "heading_said": heading_said,
        "how_often": enums.cadence,
        "label": label,
        "marked": marked,
        "month_said": month_said,
        "on_the_web": on_the_web,
        "period": period,
        "period_said": period_said,
        "said": said,
        "said_short": said_short,
        "short": short,
        "signed": signed,
        "since": since,
        "weekday": weekday,
        "window_said": window_said,
    }
    return env


def language() -> str:
    """The language that the reader's page is in."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def rendered(template: str, context: dict[str, Any]) -> SafeString:
    """What a template makes of a context, to stand in another page; every text in it is escaped."""
    return mark_safe(render_to_string(template, context))  # noqa: S308


def pieces(template: str, context: dict[str, Any]) -> Any:
    """What a template sets, as attributes: pieces that something is put between."""
    return engines["jinja2"].env.get_template(template).make_module(context)  # type: ignore[attr-defined]


# Addresses and files


def url(name: str, *arguments: str | int) -> str:
    """The address of a public page in the reader's language."""
    return _reversed(get_language(), name, arguments)


# Pages name the same addresses again and again, and Django looks for the way back each time.
@lru_cache(maxsize=4096)
def _reversed(_language: str, name: str, arguments: tuple[str | int, ...]) -> str:
    return reverse(f"timeline:{name}", args=arguments)


def in_language(request: HttpRequest, code: str) -> str:
    """The whole address of the requested page in a language of the interface."""
    query = request.META.get("QUERY_STRING", "")
    path = _translated(language(), request.get_full_path().partition("?")[0], code)
    return request.build_absolute_uri(f"{path}?{iri_to_uri(query)}" if query else path)


@lru_cache(maxsize=1024)
def _translated(_language: str, path: str, code: str) -> str:
    return translate_url(path, code)


def script(name: str) -> SafeString:
    """Load a static file as a deferred script, and refuse it where its content is another's.

    The digest is of the collected file (https://www.w3.org/TR/SRI/); files that are served as they
    are edited have none.
    """
    address = staticfiles_storage.url(name)
    if not isinstance(staticfiles_storage, ManifestFilesMixin) or settings.DEBUG:
        return format_html('<script src="{}" defer></script>', address)
    digest = _integrity(staticfiles_storage.stored_name(name))
    return format_html('<script src="{}" integrity="{}" defer></script>', address, digest)


@lru_cache(maxsize=16)
def _integrity(stored: str) -> str:
    """The digest of a file whose name changes with its content."""
    with staticfiles_storage.open(stored) as file:
        return f"sha384-{b64encode(hashlib.sha384(file.read()).digest()).decode()}"


def swap(address: str, *, to_top: bool = False, rel: str = "nofollow") -> SafeString:
    """The attributes of a link that htmx fetches as a fragment and a browser without it follows.

    They lead to other questions, where robots are not wanted: see :mod:`timeline.pages.robots`.
    """
    return format_html(
        'href="{0}" rel="{2}" hx-get="{0}" hx-target="#results" hx-swap="outerHTML{1}" '
        'hx-push-url="true"',
        address,
        " show:#results:top" if to_top else "",
        rel,
    )


def on_the_web(address: str) -> bool:
    """Whether an address may be printed as a link: http and https only."""
    return address.lower().startswith(("http://", "https://"))


# Labels and names


def label(code: str, vocabulary: str) -> str:
    """The label of a stored code in the reader's language."""
    return enums.label(LABELS[vocabulary], code)


def short(party: Party) -> str:
    """The short name of a party, else its name."""
    return str(party.short or party.name)


def marked(text: str) -> str:
    """Mark a text that is shown in another language than the reader's with that language."""
    if isinstance(text, LocalText) and text.fallback and text:
        return format_html('<span lang="{}">{}</span>', text.lang, str(text))
    return str(text)


# Numbers


def grouped(number: Any) -> Any:
    """Write a number of things with its digits in groups; a year or a key is none."""
    # Below a thousand a number is written the same in every language.
    return Grouped(number, language()) if type(number) is int and number > 999 else number


def signed(number: float) -> str:
    """Write a score with its sign, two decimals at most and the reader's decimal mark."""
    text = f"{number:+.2f}".replace("-", "\N{MINUS SIGN}")
    plain = text if round(number, 2) else "0"
    return plain.replace(".", ",") if language() == "fr" else plain


# Dates


def when(date: dates.EdtfDate, *, short: bool = False) -> SafeString:
    """A date in a ``time`` element, with its machine-readable value where HTML has one."""
    words = dates.wording(date, language(), short=short)
    machine = dates.machine_readable(date)
    if not machine:
        return format_html("<time>{}</time>", words)
    return format_html('<time datetime="{}">{}</time>', machine, words)


def said(date: dates.EdtfDate | None) -> str:
    """A date in words, no more precise than it is known."""
    return dates.wording(date, language()) if date else ""


def said_short(date: dates.EdtfDate | None) -> str:
    """A date in words with its month shortened."""
    return dates.wording(date, language(), short=True) if date else ""


def since(date: dates.EdtfDate) -> str:
    """A date after 'since' or 'planned for': French puts an article before a day."""
    words = dates.wording(date, language())
    bare_day = date.precision == dates.Precision.DAY and not date.approximate
    return f"le {words}" if bare_day and language() == "fr" else words


def day_said(day: Any) -> str:
    """A calendar day in words."""
    return dates.day_wording(day, language()) if day else ""


def as_of_said(day: Any) -> str:
    """A calendar day after 'as of': French puts an article before it."""
    words = dates.day_wording(day, language())
    return f"au {words}" if language() == "fr" else words


def month_said(day: Any) -> str:
    """The month of a calendar day in words."""
    return dates.month_wording(day.year, day.month, language()) if day else ""


def window_said(window: Window) -> str:
    """The months in which a session is expected, in words."""
    return window_wording(window, language())


def heading_said(heading: dates.Heading) -> str:
    """The heading of a group: a month with its year, or a year alone."""
    if heading.month is None:
        return str(heading.year)
    words = dates.month_wording(heading.year, heading.month, language())
    return words[0].upper() + words[1:]


def period(date: dates.EdtfDate) -> str:
    """The query of the period that a date stands in: '?from=2025-04&to=2025-04'."""
    first, last = dates.heading_period(date)
    return f"?from={first}&to={last}"


def period_said(date: dates.EdtfDate) -> str:
    """The period that a date stands in, in words: its month, its year, or its decade."""
    first, last = dates.heading_period(date)
    return dates.wording(dates.parse(first if first == last else f"{first}/{last}"), language())


def weekday(number: int) -> str:
    """The name of a weekday counted from Monday, 0."""
    return weekdays.weekday_name(number, language())
