"""What cannot be read in a query string, said so that a reader can put it right."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from timeline.core.question import Problem, Question
from timeline.core.reading import MAX_VALUES
from timeline.fields import format_readings
from timeline.formats.facets import GROUP_NAMES, LEDGER_GROUPS
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
    "twice": lambda: _("is given twice; give it once."),
    "no_words": lambda: _("holds no word to find; type some letters or digits."),
    "too_long": lambda: _("is too long; use fewer words."),
    "too_many": lambda: _("has too many values; choose %(n)s at the most.") % {"n": MAX_VALUES},
    "relevance_without_words": lambda: _(
        "by relevance needs words to find; type some, or choose another order."
    ),
}


_DATES: Final = frozenset({"from", "to", "asof"})


def _names_of_parameters() -> dict[str, str]:
    of_groups = {**LEDGER_GROUPS, **GROUP_NAMES}
    return {
        **{name: str(said) for name, said in of_groups.items()},
        "q": _("Words"),
        "place": _("Place"),
        "person": _("Person"),
        "source": _("Source"),
        "from": _("From"),
        "to": _("To"),
        "order": _("Order"),
        "after": _("Page"),
        "certain": _("Surely in the period"),
        "direct": _("Directly"),
        "met": _("Not only addressed"),
        "party_match": _("All or any of the parties"),
        "status": _("State of the commitment"),
        "overdue": _("Overdue"),
        "quiet": _("Quiet"),
        "asof": _("As of"),
        "options": _("Options in full"),
        "all": _("The whole calendar"),
        "view": _("View"),
        "lanes": _("Lanes"),
        "zoom": _("Zoom"),
        "centre": _("Middle of the picture"),
        "against": _("Columns"),
        "sort": _("Order of rows and columns"),
        "stacked": _("Bars by sector"),
    }


def typed(
    data: Mapping[str, Sequence[str]], names: Sequence[str], question: Question | None = None
) -> dict[str, str]:
    """What stands in the boxes of a form, as typed; dates as they were read for a question."""
    found = {name: next(iter(data.get(name, ())), "") for name in names}
    read = question.pairs_without_display() if question else ()
    return found | {name: value for name, value in read if name in _DATES}


def explained(found: Sequence[Problem]) -> list[dict[str, str]]:
    """The problems of a question as the page says them."""
    return [_explained(problem) for problem in found]


def _explained(problem: Problem) -> dict[str, str]:
    said = _SENTENCES[problem.code]()
    if problem.code == "ambiguous":
        reader = language()
        said %= {"either": format_readings(problem.value, reader)}
    if problem.parameter == "after":
        said = _("does not belong to this list any more; start again from its first page.")
    return {
        "parameter": problem.parameter,
        "name": _names_of_parameters()[problem.parameter],
        "value": problem.value[:80],
        "said": said,
    }
