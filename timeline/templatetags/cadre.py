"""Small words for templates: dates, labels, language marks and scripts."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from timeline import enums
from timeline.core import dates, weekdays, wordings
from timeline.core.cadence import Window, window_wording
from timeline.core.characters import closed
from timeline.core.following import Calendar, calendar
from timeline.core.numbers import Grouped
from timeline.fields import LocalText
from timeline.models import Commitment, Party

register = template.Library()

_LABELS: Final[Mapping[str, enums.Labels | Mapping[str, enums.Label]]] = {
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


@register.simple_tag
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


def _language() -> str:
    return (get_language() or "fr")[:2]


@register.filter
def label(code: str, vocabulary: str) -> str:
    """Say a stored code in the reader's language."""
    return enums.label(_LABELS[vocabulary], code)


@register.filter
def on_the_web(address: str) -> bool:
    """Whether an address may be printed as a link: http and https only."""
    return address.lower().startswith(("http://", "https://"))


register.filter("closed", closed)


@register.filter
def said(date: dates.EdtfDate | None) -> str:
    """Say a date no more precisely than it is known."""
    return dates.wording(date, _language()) if date else ""


@register.filter
def said_short(date: dates.EdtfDate | None) -> str:
    """Say a date with its month shortened."""
    return dates.wording(date, _language(), short=True) if date else ""


@register.filter
def since(date: dates.EdtfDate) -> str:
    """Say a date after 'since' or 'planned for': French puts an article before a day."""
    words = dates.wording(date, _language())
    bare_day = date.precision == dates.Precision.DAY and not date.approximate
    return f"le {words}" if bare_day and _language() == "fr" else words


@register.filter
def day_said(day: Any) -> str:
    """Say a calendar day."""
    return dates.day_wording(day, _language()) if day else ""


@register.filter
def as_of_said(day: Any) -> str:
    """Say a calendar day after 'as of': French puts an article before it."""
    words = dates.day_wording(day, _language())
    return f"au {words}" if _language() == "fr" else words


@register.filter
def grouped(number: Any) -> Any:
    """Write a number of things with its digits in groups; a year or a key is none.

    What is not a plain number, such as a slot of a mould, is left as it is.
    """
    return Grouped(number, _language()) if type(number) is int else number


@register.filter
def signed(number: float) -> str:
    """Say a score with its sign, two decimals at most and the reader's decimal mark."""
    text = f"{number:+.2f}".replace("-", "\N{MINUS SIGN}")
    plain = text if round(number, 2) else "0"
    return plain.replace(".", ",") if _language() == "fr" else plain


@register.filter
def month_said(day: Any) -> str:
    """Say the month of a calendar day."""
    return dates.month_wording(day.year, day.month, _language()) if day else ""


@register.filter
def window_said(window: Window) -> str:
    """Say the months in which a session is expected."""
    return window_wording(window, _language())


@register.filter
def how_often(months: int) -> str:
    """Say a cadence in months, or in years where it makes whole ones."""
    return enums.cadence(months)


@register.filter
def heading_said(heading: dates.Heading) -> str:
    """Say the heading of a group: a month with its year, or a year alone."""
    if heading.month is None:
        return str(heading.year)
    words = dates.month_wording(heading.year, heading.month, _language())
    return words[0].upper() + words[1:]


@register.filter
def period(date: dates.EdtfDate) -> str:
    """The query of the period that a date stands in: '?from=2025-04&to=2025-04'."""
    first, last = dates.spread(date)
    return f"?from={first}&to={last}"


@register.filter
def period_said(date: dates.EdtfDate) -> str:
    """Say the period that a date stands in: its month, its year, or its decade."""
    first, last = dates.spread(date)
    return dates.wording(dates.parse(first if first == last else f"{first}/{last}"), _language())


@register.filter
def called(parties: Mapping[str, Party], code: str) -> str:
    """Name one of these parties by its code, in short where it has a short name."""
    party = parties[code]
    return str(party.short or party.name)


@register.simple_tag
def when(date: dates.EdtfDate, *, short: bool = False) -> SafeString:
    """A date in a ``time`` element, with its machine-readable value where HTML has one."""
    words = dates.wording(date, _language(), short=short)
    machine = dates.machine_readable(date)
    if not machine:
        return format_html("<time>{}</time>", words)
    return format_html('<time datetime="{}">{}</time>', machine, words)


@register.filter
def weekday(number: int) -> str:
    """Name a weekday counted from Monday, 0."""
    return weekdays.weekday_name(number, _language())


@register.filter
def marked(text: str) -> str:
    """Mark a text that is shown in another language than the reader's with that language."""
    if isinstance(text, LocalText) and text.fallback and text:
        return format_html('<span lang="{}">{}</span>', text.lang, str(text))
    return str(text)


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, language: str) -> str:
    """The whole address of this page in another language of the interface.

    A page that knows its addresses hands them over as ``in_languages``.
    """
    if "in_languages" in context:
        return str(context["in_languages"][language])
    request: HttpRequest = context["request"]
    return request.build_absolute_uri(translate_url(request.get_full_path(), language))


@register.simple_tag(takes_context=True)
def calendar_links(context: template.Context, address: str) -> Calendar:
    """The ways to follow the calendar under a path of this site."""
    request: HttpRequest = context["request"]
    return calendar(address, request.get_host())


@register.simple_tag
def compared(earlier: Commitment, later: Commitment) -> dict[str, Any]:
    """The words of one promise at two times, side by side; empty where none are on record.

    What stands in two languages, or beside no words, is not marked as changed.
    """
    before, after = _words_of(earlier), _words_of(later)
    both = bool(before and after and before.lang == after.lang)
    pair = wordings.compare(before, after) if both else wordings.unmarked(before, after)
    return {
        **pair._asdict(),
        "earlier_language": before.lang,
        "later_language": after.lang,
        "marked": both,
    }


def _words_of(commitment: Commitment) -> LocalText:
    """How a promise was worded: as recorded, else as a source is quoted for it, else unknown."""
    quoted = (one for one in commitment.citations.all() if one.excerpt)
    citation = None if commitment.wording else next(quoted, None)
    if citation is None:
        return commitment.wording
    language = citation.excerpt_language or citation.source.language
    return LocalText(citation.excerpt, language, fallback=language != _language())


@register.simple_tag
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
