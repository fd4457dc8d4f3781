"""The strip above every view: how many events each period touches, each bar a link to them.

A bar counts what its link finds, so an event whose date reaches over several periods counts in
each of them. Where the question asks for what is certain, a bar counts what is surely in it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.cache import VersionedCache
from timeline.charts import density, plate
from timeline.charts.density import Bar, Strip
from timeline.core.look import View
from timeline.core.numbers import Grouped
from timeline.core.question import Question
from timeline.formats import bins
from timeline.formats.sentences import Names
from timeline.index.current import current
from timeline.index.interface import Answer, Period, Periods
from timeline.jinja2 import language, rendered
from timeline.queries.vocabulary import Vocabulary
from timeline.rendering.pictures import Asked, Drawing

STACKED: Final = 3
"""Sectors that bars are made of, when that is asked for."""

WIDE: Final = 912
HIGH: Final = 88
LEGEND: Final = 30
"""Pixels of the strip as a drawing, and of the line below that names sectors."""

_HATCHED: Final = (1, 2)
"""Parts that a pattern tells apart where colours do not."""

_WHOLE: Final = -1
"""Stands for a bar that has no parts."""

_FROM, _TO = "1111", "1112"
_SPAN: Final = f"from={_FROM}&to={_TO}"


_strips: Final[VersionedCache[SafeString]] = VersionedCache("strip", alias="questions")
"""For the pages of one list, which all have the same strip above them."""

_LONGEST_KEPT: Final = 100
"""Characters of words to find up to which a strip is kept: each of its links repeats them."""


def strip(
    question: Question,
    answer: Answer,
    words: Vocabulary,
    known: Names,
    address: str,
) -> SafeString:
    """The strip of what a question finds, the period left out; nothing where that is nothing."""
    if not answer.months:
        return SafeString()
    asked = question.without_page()
    if len(question.q) > _LONGEST_KEPT:
        return _drawn(asked, answer, words, known, address)
    return _strips.get_or_load(
        (asked.query_string(), address, language()),
        None,
        lambda: _drawn(asked, answer, words, known, address),
    )


def _drawn(
    question: Question, answer: Answer, words: Vocabulary, known: Names, address: str
) -> SafeString:
    made = _made(question, answer, words)
    stacked, cut = question.look.stacked, made.time.cut
    toggle = question.looked_at(stacked=not stacked).query_string()
    query = question.query_string() if question.look.view == View.LIST else None
    context = {
        "sectors": [
            {"number": n, "slug": slug, "name": known["sector"][slug], "over": n in _HATCHED}
            for n, slug in enumerate(made.sectors)
        ],
        "stacked": stacked,
        "counted": made.counted,
        "reach": made.reach,
        "shade": made.drawn.shade,
        "shapes": _shapes(made.drawn, made.parts),
        "links": _links(made, _Addresses(question, made, address)),
        "rows": _rows(made),
        "labels": made.time.labels,
        "begin": cut.bins[0].first.isoformat(),
        "step": cut.step,
        "bins": len(cut.bins),
        "width": f"{cut.width:.4g}",
        "toggle": address + toggle,
        "query": query,
    }
    return rendered("pictures/strip_figure.html", context)


@dataclass(frozen=True, slots=True)
class _Time:
    """What strips over the same time share: its bins, and of each its words and its period.

    ``lefts`` tell where the links of bins begin, ``labels`` is the foot of the picture.
    """

    cut: density.Bins
    said: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]
    lefts: tuple[str, ...]
    labels: tuple[tuple[float, str], ...]


@lru_cache(maxsize=64)
def _time(first: dt.date, last: dt.date, reader: str) -> _Time:
    cut = density.cut(first, last)
    return _Time(
        cut,
        said=tuple(bins.said(one, cut.step, reader) for one in cut.bins),
        ends=tuple(bins.ends(one, cut.step) for one in cut.bins),
        lefts=tuple(f"{number * cut.width:.4g}" for number in range(len(cut.bins))),
        labels=tuple((label.x, bins.named(label.bin, cut.step, reader)) for label in cut.labels),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """The strip as it is drawn: its time, its scene, and what its bars are made of.

    ``parts`` are the sectors and what is in none of them; without sectors there are none.
    ``chosen`` is the place of the bar whose period is asked for, if one is, and ``reached`` how
    many events the link of each bar finds then.
    """

    time: _Time
    drawn: Strip
    sectors: Sequence[str]
    parts: Sequence[str]
    certain: bool
    chosen: int | None
    reached: Sequence[int]

    @property
    def counted(self) -> str:
        """What the bars count, in words."""
        if self.certain:
            return _("Events surely in each period:")
        return _("Events whose dates touch each period:")

    @property
    def reach(self) -> str:
        """From when to when the bars reach."""
        first, last = (
            self.time.said[bar.place] for bar in (self.drawn.bars[0], self.drawn.bars[-1])
        )
        return first if first == last else f"{first} – {last}"


def _made(question: Question, answer: Answer, words: Vocabulary) -> _Made:
    time = _time(*reach(answer), language())
    sectors = _largest(answer, words) if question.look.stacked else []
    chosen = _place(question, time.cut)
    reached = _reached(time.cut.bins, chosen)
    counts, parts, further = _counts(question, time.cut, sectors, reached)
    drawn = density.draw(time.cut, counts, parts, question.period)
    return _Made(time, drawn, sectors, list(parts), question.certain, chosen, further)


def drawing(asked: Asked, width: int = WIDE) -> Drawing:
    """The strip by itself, so many pixels wide, with what its bars are made of below it.

    What is asked must find something in some period.
    """
    made = _made(asked.question, asked.answer, asked.words)
    drawn = made.drawn
    names = [asked.known["sector"][slug] for slug in made.sectors]
    places = plate.legend([*names, _("other or none")] if names else [], width)
    context = {
        "width": width,
        "places": [
            {
                "number": number,
                "sector": made.parts[number],
                "name": place.name,
                "x": place.x,
                "text_x": place.text_x,
                "y": HIGH + 12 + place.y,
                "text_y": HIGH + 23 + place.y,
                "over": number in _HATCHED and number < len(names),
            }
            for number, place in enumerate(places)
        ],
        "shade": drawn.shade,
        "shapes": _shapes(drawn, made.parts),
        "labels": made.time.labels,
    }
    return Drawing(
        title=f"{made.counted} {made.reach}",
        description=_("Events over time; the highest bar stands for %(n)s.")
        % {"n": Grouped(max(bar.number for bar in drawn.bars), language())},
        width=width,
        height=HIGH + (places[-1].y + LEGEND if places else 0),
        marks=rendered("pictures/strip_drawing.html", context),
    )


def reach(answer: Answer) -> tuple[dt.date, dt.date]:
    """The first and the last day of the months in which something began."""
    return dt.date(*min(answer.months), 1), _end_of(max(answer.months))


def _end_of(month: tuple[int, int]) -> dt.date:
    year, number = month
    if number == 12:
        return dt.date(year, 12, 31)
    return dt.date(year, number + 1, 1) - dt.timedelta(days=1)


def _largest(answer: Answer, words: Vocabulary) -> list[str]:
    """The top sectors that most of what was found is about, the largest first."""
    branches = words.offered.branches
    tops = [slug for slug in answer.options["sector"] if not branches.get(slug, ("", True))[1]]
    return sorted(tops, key=lambda slug: (-answer.options["sector"][slug], slug))[:STACKED]


def _counts(
    question: Question, cut: density.Bins, sectors: Sequence[str], reached: Sequence[Period]
) -> tuple[Sequence[int], dict[str, Sequence[int]], Sequence[int]]:
    """How many events each bin and each period reached finds, and of which sectors in a bin.

    Of those sectors each event counts with the largest.
    """
    periods = (*cut.bins, *reached)
    asked = Periods(periods, "sector" if sectors else "", tuple(sectors), apart=True)
    found = current().held(question, asked)
    size = len(cut.bins)
    counts, further = found[""][:size], found[""][size:]
    if not sectors:
        return counts, {}, further
    parts = {slug: found[slug][:size] for slug in sectors}
    others = [count - sum(column) for count, *column in zip(counts, *parts.values(), strict=True)]
    return counts, {**parts, "": others}, further


def _reached(bins: Sequence[density.Bin], chosen: int | None) -> list[Period]:
    """The period that each bar leads to while the one at a place is chosen; none while none is."""
    if chosen is None:
        return []
    return [
        (bins[min(place, chosen)].first, bins[max(place, chosen)].last)
        for place in range(len(bins))
    ]


class _Addresses:
    """The question that each bar asks.

    A first click chooses a bar's period; a second, on another bar, all from the one to the other;
    on the same bar it takes the period away.
    """

    def __init__(self, question: Question, made: _Made, address: str) -> None:
        self._ends, self._said = made.time.ends, made.time.said
        self._reached, self.chosen = made.reached, made.chosen
        # In the text of a value '=' and '&' are written otherwise: the span stands there but once.
        within = address + question.within(_FROM, _TO).query_string()
        self._before, self._after = within.split(_SPAN)
        self._without = address + question.within("", "").query_string()

    def to(self, place: int) -> str:
        """Where the bar at a place leads to."""
        if place == self.chosen:
            return self._without
        chosen = place if self.chosen is None else self.chosen
        begin, end = self._ends[min(place, chosen)][0], self._ends[max(place, chosen)][1]
        return f"{self._before}from={begin}&to={end}{self._after}"

    def said(self, bar: Bar) -> tuple[str, int]:
        """The period that a bar leads to, in words, and how many events it finds there."""
        when = self._said[bar.place]
        if self.chosen is None or self.chosen == bar.place:
            return when, bar.number
        form = (
            _("%(when)s, all from %(chosen)s")
            if bar.place > self.chosen
            else _("%(when)s, all until %(chosen)s")
        )
        told = form % {"when": when, "chosen": self._said[self.chosen]}
        return told, self._reached[bar.place]


def _place(question: Question, cut: density.Bins) -> int | None:
    """The place of the bin whose period is asked for, if one is."""
    if question.period is None:
        return None
    places = (place for place, one in enumerate(cut.bins) if tuple(one) == question.period)
    return next(places, None)


class _Shape(NamedTuple):
    """All bars, or all parts of one name, as one shape; those outside the chosen period apart."""

    name: str
    number: int
    chosen: bool
    over: bool
    path: str


def _shapes(drawn: Strip, names: Sequence[str]) -> list[_Shape]:
    paths: dict[tuple[int, bool], list[str]] = {}
    wide = drawn.bars[0].width
    for bar in drawn.bars:
        begin, chosen = f"M{bar.x} ", bar.chosen
        if not bar.parts:
            path = f"{begin}{bar.y}h{wide}v{bar.height}h-{wide}z"
            paths.setdefault((_WHOLE, chosen), []).append(path)
        for part in bar.parts:
            path = f"{begin}{part.y}h{wide}v{part.height}h-{wide}z"
            paths.setdefault((names.index(part.name), chosen), []).append(path)
    return [
        _Shape(_class(number, names), number, chosen, number in _HATCHED, "".join(found))
        for (number, chosen), found in sorted(paths.items())
    ]


def _class(number: int, names: Sequence[str]) -> str:
    """The class of a shape, by its number and, where it has one, by its sector."""
    if number == _WHOLE:
        return "bar"
    return f"part p{number} f-{names[number]}" if names[number] else f"part p{number}"


def _links(made: _Made, addresses: _Addresses) -> list[tuple[str, str, str]]:
    """The link of each bar: its address, its title and where it begins."""
    found = []
    for bar in made.drawn.bars:
        when, number = addresses.said(bar)
        if bar.place == made.chosen:
            title = _("%(when)s: remove the period") % {"when": when}
        else:
            form = ngettext("%(when)s: %(n)s event", "%(when)s: %(n)s events", number)
            title = form % {"when": when, "n": Grouped(number, language())}
        found.append((addresses.to(bar.place), title, made.time.lefts[bar.place]))
    return found


def _rows(made: _Made) -> list[tuple[str, int, list[int]]]:
    """The table of the bars: of each its period, its number and the numbers of its parts."""
    found = []
    for bar in made.drawn.bars:
        counts = {part.name: part.number for part in bar.parts}
        parts = [counts.get(name, 0) for name in made.parts]
        found.append((made.time.said[bar.place], bar.number, parts))
    return found
