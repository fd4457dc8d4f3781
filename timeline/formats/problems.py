"""The problems of a query string in words that tell a reader how to correct it."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from timeline.core.question import ListQuestion, Problem
from timeline.core.reading import MAX_VALUES
from timeline.fields import format_readings
from timeline.formats.facets import GROUP_NAMES, INSTRUMENT_GROUPS, LEDGER_GROUPS
from timeline.jinja2 import language

_SENTENCES = {
    "unknown": lambda: _("is not a value that the record knows; choose one of the options."),
    "unreadable": lambda: _(
        "cannot be read; write a year (2025), a month (2025-04) or a day (2025-04-03)."
    ),
    "not_a_day": lambda: _("is not a day of the calendar; write one such as 2025-12-31."),
    "no_zoom": lambda: _("is no step of the zoom; write a number from 0 to 20."),
    "ambiguous": lambda: _("can be read in two ways: write %(either)s."),
    "in_the_future": lambda: _("is after today; the record can be read as of a day that is past."),
    "after_to": lambda: _("is later than the end of the period; swap the two."),
    "not_a_month": lambda: _("is not a month; write one such as 2025-04 or April 2025."),
    "twice": lambda: _("is given twice; give it once."),
    "no_words": lambda: _("holds no word to find; type some letters or digits."),
    "too_long": lambda: _("is too long; use fewer words."),
    "too_many": lambda: _("has too many values; choose %(n)s at the most.") % {"n": MAX_VALUES},
    "not_by_time": lambda: _("can only be found in a list by date; sort it by date first."),
    "relevance_without_words": lambda: _(
        "by relevance needs words to find; type some, or choose another order."
    ),
}


_DATES: Final = frozenset({"from", "to", "asof"})


def _parameter_names() -> dict[str, str]:
    facet_names = {**INSTRUMENT_GROUPS, **LEDGER_GROUPS, **GROUP_NAMES}
    return {
        **{parameter: str(name) for parameter, name in facet_names.items()},
        "q": _("Words"),
        "person": _("Person"),
        "instrument": _("Text"),
        "source": _("Source"),
        "from": _("From"),
        "to": _("To"),
        "order": _("Order"),
        "after": _("Page"),
        "at": _("Go to a date"),
        "initial": _("Initial"),
        "month": _("Month"),
        "noun": _("Kind of record"),
        "certain": _("Surely in the period"),
        "direct": _("Directly"),
        "met": _("Not only addressed"),
        "party_match": _("All or any of the parties"),
        "status": _("State of the commitment"),
        "overdue": _("Overdue"),
        "quiet": _("Quiet"),
        "waiting": _("Waiting"),
        "nature": _("Undertakings or requests"),
        "asof": _("As of a day"),
        "options": _("Options in full"),
        "all": _("The whole calendar"),
        "view": pgettext("of a list", "View"),
        "lanes": _("Lanes"),
        "zoom": _("Zoom"),
        "centre": _("Middle of the picture"),
        "colour": _("Colours"),
        "against": _("Columns"),
        "sort": _("Sorting"),
        "stacked": _("Bars by sector"),
        "lang": _("Language"),
        "fields": _("Columns wanted"),
        "facets": _("Counts"),
    }


def typed(
    data: Mapping[str, Sequence[str]], names: Sequence[str], question: ListQuestion | None = None
) -> dict[str, str]:
    """Return the values of a form's fields as typed, except the dates, which are as read.

    Without a question the dates are as typed too.
    """
    values = {name: next(iter(data.get(name, ())), "") for name in names}
    pairs = question.pairs_without_display() if question else ()
    return values | {name: value for name, value in pairs if name in _DATES}


def messages(
    problems: Sequence[Problem], groups: Mapping[str, Promise] | None = None
) -> list[dict[str, str]]:
    """Return for each problem its parameter, the parameter's name, the value and a message.

    ``groups`` are the names of facets on a page that calls some of them differently.
    """
    names = {**_parameter_names(), **(groups or {})}
    return [_message(problem, names) for problem in problems]


def _message(problem: Problem, names: Mapping[str, object]) -> dict[str, str]:
    message = _SENTENCES[problem.code]()
    if problem.code == "ambiguous":
        message %= {"either": format_readings(problem.value, language())}
    if problem.parameter == "after":
        message = _("does not belong to this list any more; start again from its first page.")
    return {
        "parameter": problem.parameter,
        "name": str(names[problem.parameter]),
        "value": problem.value[:80],
        "message": message,
    }
