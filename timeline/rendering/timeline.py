"""The timeline page and its fragments, composed of parts that are kept ready."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from timeline.core import dates
from timeline.core.codes import Order
from timeline.core.following import Calendar, calendar
from timeline.core.look import View
from timeline.core.marking import mark
from timeline.core.question import Question
from timeline.database.version import Version
from timeline.formats.facets import GROUP_NAMES
from timeline.formats.sentences import Chip
from timeline.index.interface import PAGE_SIZE, Answer
from timeline.models import Party
from timeline.rendering import lists
from timeline.rendering.addresses import events_calendar, home
from timeline.rendering.cards import Card, cards
from timeline.rendering.frame import Frame
from timeline.rendering.moulds import Mould, counted, few, language, once, poured, slot
from timeline.rendering.options import Group
from timeline.rendering.reasons import reasons
from timeline.rendering.years import years

NOTHING: Final = SafeString()

_NO_MONTH: Final = dates.Heading(0, None)
"""The heading of events that stand in no order of time: none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with its answer, and what a page says of both.

    ``typed`` is what stands in the form; ``problems`` says what in it cannot be read, and
    ``wrong`` names the parameters. ``host`` serves the page: calendars want whole addresses.
    """

    question: Question
    answer: Answer
    chips: Sequence[Chip]
    sentence: str
    groups: Sequence[Group]
    typed: Mapping[str, str]
    carried: SafeString
    opened: bool = False
    problems: Sequence[Mapping[str, str]] = ()
    wrong: frozenset[str] = frozenset()
    host: str = ""


def page(
    shown: Shown,
    results: SafeString,
    frame: Frame,
    addresses: Mapping[str, str],
    shared: SafeString,
) -> str:
    """The whole page; ``addresses`` are its own in each language, ``shared`` goes into its head."""
    typed = shown.typed
    order = typed["order"] if typed["order"] in (Order.OLDEST, Order.RELEVANCE) else ""
    shell = _shell(
        language(),
        len(shown.chips),
        typed["certain"] == "1",
        order,
        shown.wrong,
        shown.opened,
        tuple(addresses),
    )
    return shell.fill(
        **_options(shown),
        **{f"in_{code}": escape(address) for code, address in addresses.items()},
        q=escape(typed["q"]),
        start=escape(typed["from"]),
        end=escape(typed["to"]),
        sentence=escape(shown.sentence),
        carried=shown.carried,
        results=results,
        shared=shared,
        hero=frame.hero,
        aside=frame.aside,
    )


def _options(shown: Shown) -> dict[str, SafeString | int]:
    return {f"options_{group.parameter}": group.html for group in shown.groups}


_FACETS: Final = tuple(
    {"parameter": parameter, "name": name, "html": slot(f"options_{parameter}")}
    for parameter, name in GROUP_NAMES.items()
)


@once(most=512)
def _shell(
    _language: str,
    chips: int,
    certain: bool,
    order: str,
    wrong: frozenset[str],
    opened: bool,
    languages: tuple[str, ...],
) -> Mould:
    typed = {"q": slot("q"), "from": slot("start"), "to": slot("end"), "order": order}
    return poured(
        "timeline/timeline.html",
        *("sentence", "carried", "results", "shared", "hero", "aside"),
        request={"path": home(language())},
        in_languages={code: slot(f"in_{code}") for code in languages},
        chips=range(chips),
        facets=_FACETS,
        typed={**typed, "certain": "1" if certain else ""},
        wrong=wrong,
        opened=opened,
    )


def fragment(shown: Shown, results: SafeString) -> str:
    """What a swap of the filters needs: results, options, announcement."""
    total = few(shown.answer.total)
    form = _fragment(language(), len(shown.chips), bool(shown.problems), total)
    return form.fill(
        **_options(shown), results=results, carried=shown.carried, total=shown.answer.total
    )


@once(most=256)
def _fragment(_language: str, chips: int, problems: bool, total: int) -> Mould:
    return poured(
        "timeline/_answer.html",
        *("results", "carried"),
        chips=range(chips),
        facets=_FACETS,
        problems=problems,
        answer={"total": counted("total", total)},
    )


def unreadable(problems: Sequence[Mapping[str, str]]) -> SafeString:
    """What stands in the place of results where a question cannot be read."""
    context = {"problems": problems, "address": home(language())}
    return mark_safe(render_to_string("timeline/_unreadable.html", context))  # noqa: S308


def results(
    shown: Shown, strip: SafeString, expected: SafeString, events: SafeString
) -> SafeString:
    """The results of a question."""
    question, answer, address = shown.question, shown.answer, home(language())
    form = _results(language(), bool(shown.chips), bool(events), few(answer.total))
    query = question.without_page().query_string()
    follow = calendar(events_calendar(language()) + query, shown.host)
    return form.fill(
        total=answer.total,
        chips=lists.chips(shown.chips, address, Question(look=question.look).query_string()),
        sentence=escape(shown.sentence),
        period=_period(question, answer),
        views=_views(question, address),
        strip=strip,
        years=years(question, answer.years, address),
        expected=expected,
        events=events,
        stand=_stand(question, answer, address) if question.look.view == View.LIST else NOTHING,
        query=escape(query),
        calendar_https=escape(follow.https),
        calendar_webcal=escape(follow.webcal),
        calendar_whole=escape(follow.whole),
    )


@once(most=32)
def _results(_language: str, filtered: bool, there: bool, total: int) -> Mould:
    return poured(
        "timeline/_results.html",
        *("chips", "sentence", "period", "views", "strip", "years", "expected"),
        *("events", "stand", "query"),
        calendar=Calendar(*(slot(f"calendar_{name}") for name in Calendar._fields)),
        filtered=filtered,
        there=there,
        total=counted("total", total),
    )


VIEWS: Final[dict[View, Promise]] = {
    View.LIST: _("List"),
    View.LANES: _("Lanes"),
    View.MATRIX: _("Matrix"),
    View.MAP: _("Map"),
}


def _views(question: Question, address: str) -> SafeString:
    """The views of what is found, each a link to the same question."""
    form = _view_links(language(), question.look.view)
    return form.fill(
        **{
            view.value: escape(address + question.looked_at(view=view).query_string())
            for view in VIEWS
        }
    )


@once(most=16)
def _view_links(_language: str, chosen: View) -> Mould:
    return poured(
        "timeline/_views.html",
        views=[
            {"address": slot(view.value), "name": name, "chosen": view == chosen}
            for view, name in VIEWS.items()
        ],
    )


def _period(question: Question, answer: Answer) -> SafeString:
    """How many events are surely in the period asked for, where one is."""
    if not question.period or question.certain:
        return SafeString()
    form = _period_form(language(), few(answer.surely), answer.surely == answer.total)
    return form.fill(surely=answer.surely, total=answer.total)


@once(most=16)
def _period_form(_language: str, surely: int, same: bool) -> Mould:
    """What is said of a period in which so many lie surely, or that many and others perhaps."""
    total = surely if same else surely + 1
    return poured(
        "timeline/_period.html",
        question={"period": True, "certain": False},
        answer={"surely": counted("surely", surely), "total": counted("total", total)},
    )


def _stand(question: Question, answer: Answer, address: str) -> SafeString:
    return lists.stand(
        address,
        first=answer.first,
        last=min(answer.first + PAGE_SIZE - 1, answer.total),
        total=answer.total,
        start_again=question.without_page().query_string() if question.after else None,
        following=(
            question.cursor_after(answer.following).query_string() if answer.following else ""
        ),
    )


def events(
    question: Question,
    answer: Answer,
    parties: Sequence[Party],
    day: dt.date,
    seen: Version | None,
) -> SafeString:
    """The cards of a page under their headings, with why each was found for the parties chosen.

    A heading counts all that the list has under it, on this page and on others.
    """
    found = cards(answer.ids, seen)
    why = reasons(answer.ids, parties, seen)
    terms = question.terms
    by_date = question.order != Order.RELEVANCE

    def heading(item: tuple[int, Card]) -> dates.Heading | None:
        card = item[1]
        if not by_date:
            return _NO_MONTH
        return None if card.is_upcoming(day) else dates.Heading(card.year, card.month)

    runs: list[SafeString] = []
    reader = language()
    above = _above(question) if by_date else _NO_MONTH
    for under, run in groupby(found.items(), heading):
        listed = [card.html(day, why.get(pk, "")) for pk, card in run]
        if terms:
            listed = [mark(html, terms) for html in listed]
        made = SafeString("".join(listed))
        continued = not runs and under == above
        if under is None:
            runs.append(_coming(reader, answer.coming, made, continued=continued))
            continue
        n = answer.headings.get(under, len(listed))
        runs.append(_run(reader, under, few(n), continued).fill(cards=made, n=n))
    return SafeString("".join(runs))


def _above(question: Question) -> dates.Heading | None:
    """The heading that the page before ended under, ``_NO_MONTH`` on the first page."""
    cursor = question.cursor()
    if cursor is None:
        return _NO_MONTH
    coming = 0 if question.order == Order.NEWEST else 1
    return None if cursor.rank == coming else cursor.heading


def _coming(
    reader: str, counts: tuple[int, int], made: SafeString, *, continued: bool
) -> SafeString:
    planned, postponed = counts
    form = _coming_form(reader, few(planned), few(postponed), continued)
    return form.fill(cards=made, planned=planned, postponed=postponed)


@once(most=64)
def _coming_form(_language: str, planned: int, postponed: int, continued: bool) -> Mould:
    return poured(
        "timeline/_coming.html",
        "cards",
        planned=counted("planned", planned),
        postponed=counted("postponed", postponed),
        continued=continued,
    )


@once(most=4096)
def _run(_language: str, heading: dates.Heading, n: int, continued: bool) -> Mould:
    return poured(
        "timeline/_group.html",
        "cards",
        heading=heading if heading.year else None,
        n=counted("n", n),
        continued=continued,
    )
