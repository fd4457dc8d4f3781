"""The histogram above every view: a bar for each period, which is a link to its events."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.cache import VersionedCache
from timeline.core.display import View
from timeline.core.numbers import Grouped
from timeline.core.question import Question
from timeline.jinja2 import language, rendered
from timeline.pictures.histogram import layout, words
from timeline.pictures.histogram.data import HistogramData
from timeline.pictures.histogram.layout import Bar, Histogram
from timeline.pictures.interface import Answered, Drawing
from timeline.pictures.page_layout import legend

WIDE: Final = 912
HIGH: Final = 88
LEGEND: Final = 30
"""Pixels of the drawing, and of the line below it that names sectors."""

_HATCHED: Final = (1, 2)
"""Parts that a pattern tells apart where colours do not."""

_WHOLE: Final = -1
"""Stands for a bar that has no parts."""

_FROM, _TO = "1111", "1112"
_SPAN: Final = f"from={_FROM}&to={_TO}"

_figures: Final[VersionedCache[SafeString]] = VersionedCache("histogram", alias="questions")
"""For the pages of one list, which all have the same histogram above them."""

_LONGEST_KEPT: Final = 100
"""Characters of words to find up to which a figure is kept: each of its links repeats them."""


def kept(answered: Answered) -> SafeString | None:
    """The figure of a question where it is kept for the version that the reader sees."""
    if len(answered.question.q) > _LONGEST_KEPT:
        return None
    return _figures.get(_key(answered), None)


def figure(data: HistogramData) -> SafeString:
    """The figure of a page, which is kept for the other pages of its list."""
    made = _figure(data)
    if len(data.answered.question.q) <= _LONGEST_KEPT:
        _figures.set(_key(data.answered), None, made)
    return made


def _key(answered: Answered) -> tuple[str, str, str]:
    query = answered.question.without_page().query_string()
    return query, answered.address, language()


def _figure(data: HistogramData) -> SafeString:
    made, address, names = _drawn(data), data.answered.address, data.answered.names
    question = data.answered.question.without_page()
    stacked, bins = question.display.stacked, data.bins
    toggle = question.with_display(stacked=not stacked).query_string()
    query = question.query_string() if question.display.view == View.LIST else None
    context = {
        "sectors": [
            {"number": n, "slug": slug, "name": names["sector"][slug], "over": n in _HATCHED}
            for n, slug in enumerate(data.sectors)
        ],
        "stacked": stacked,
        "counted": made.counted,
        "reach": made.reach,
        "shade": made.layout.shade,
        "shapes": _shapes(made.layout, made.parts),
        "links": _links(made, _Addresses(question, made, address)),
        "rows": _rows(made),
        "labels": made.time.labels,
        "begin": bins.bins[0].first.isoformat(),
        "step": bins.step,
        "bins": len(bins.bins),
        "width": f"{bins.width:.4g}",
        "toggle": address + toggle,
        "query": query,
    }
    return rendered("pictures/histogram_figure.html", context)


@dataclass(frozen=True, slots=True)
class _Time:
    """What is said of bins, whatever they count: the words and the period of each.

    ``lefts`` tell where the links of bins begin, ``labels`` is the foot of the picture.
    """

    said: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]
    lefts: tuple[str, ...]
    labels: tuple[tuple[float, str], ...]


@lru_cache(maxsize=64)
def _time(bins: layout.Bins, reader: str) -> _Time:
    return _Time(
        said=tuple(words.said(one, bins.step, reader) for one in bins.bins),
        ends=tuple(words.ends(one, bins.step) for one in bins.bins),
        lefts=tuple(f"{number * bins.width:.4g}" for number in range(len(bins.bins))),
        labels=tuple((label.x, words.named(label.bin, bins.step, reader)) for label in bins.labels),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The histogram with its words and its places."""

    data: HistogramData
    time: _Time
    layout: Histogram

    @property
    def parts(self) -> list[str]:
        """What bars are made of, the sectors first; nothing without sectors."""
        return [*self.data.parts]

    @property
    def counted(self) -> str:
        """What the bars count, in words."""
        if self.data.answered.question.certain:
            return _("Events surely in each period:")
        return _("Events whose dates touch each period:")

    @property
    def reach(self) -> str:
        """From when to when the bars reach."""
        first, last = (
            self.time.said[bar.place] for bar in (self.layout.bars[0], self.layout.bars[-1])
        )
        return first if first == last else f"{first} – {last}"


def _drawn(data: HistogramData) -> _Drawn:
    period = data.answered.question.period
    drawn = layout.draw(data.bins, data.counts, data.parts, period)
    return _Drawn(data, _time(data.bins, language()), drawn)


def drawing(data: HistogramData, width: int = WIDE) -> Drawing:
    """The histogram by itself, so many pixels wide, with what its bars are made of below it."""
    made = _drawn(data)
    drawn, parts = made.layout, made.parts
    names = [data.answered.names["sector"][slug] for slug in data.sectors]
    places = legend([*names, _("other or none")] if names else [], width)
    context = {
        "width": width,
        "places": [
            {
                "number": number,
                "sector": parts[number],
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
        "shapes": _shapes(drawn, parts),
        "labels": made.time.labels,
    }
    return Drawing(
        title=f"{made.counted} {made.reach}",
        description=_("Events over time; the highest bar stands for %(n)s.")
        % {"n": Grouped(max(bar.number for bar in drawn.bars), language())},
        width=width,
        height=HIGH + (places[-1].y + LEGEND if places else 0),
        marks=rendered("pictures/histogram_drawing.html", context),
    )


class _Addresses:
    """The question that each bar asks.

    A first click chooses a bar's period; a second, on another bar, all from the one to the other;
    on the same bar it takes the period away.
    """

    def __init__(self, question: Question, made: _Drawn, address: str) -> None:
        self._ends, self._said = made.time.ends, made.time.said
        self._reached, self.chosen = made.data.reached, made.data.chosen
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


class _Shape(NamedTuple):
    """All bars, or all parts of one name, as one shape; those outside the chosen period apart."""

    name: str
    number: int
    chosen: bool
    over: bool
    path: str


def _shapes(drawn: Histogram, names: Sequence[str]) -> list[_Shape]:
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


def _links(made: _Drawn, addresses: _Addresses) -> list[tuple[str, str, str]]:
    """The link of each bar: its address, its title and where it begins."""
    found = []
    for bar in made.layout.bars:
        when, number = addresses.said(bar)
        if bar.place == made.data.chosen:
            title = _("%(when)s: remove the period") % {"when": when}
        else:
            form = ngettext("%(when)s: %(n)s event", "%(when)s: %(n)s events", number)
            title = form % {"when": when, "n": Grouped(number, language())}
        found.append((addresses.to(bar.place), title, made.time.lefts[bar.place]))
    return found


def _rows(made: _Drawn) -> list[tuple[str, int, list[int]]]:
    """The table of the bars: of each its period, its number and the numbers of its parts."""
    found = []
    for bar in made.layout.bars:
        counts = {part.name: part.number for part in bar.parts}
        parts = [counts.get(name, 0) for name in made.parts]
        found.append((made.time.said[bar.place], bar.number, parts))
    return found
