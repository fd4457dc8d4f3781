"""The histogram above every view: a bar for each period, with a link to its events."""

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
from timeline.pictures.histogram.layout import Histogram, HistogramBar
from timeline.pictures.interface import AnsweredQuestion, Drawing
from timeline.pictures.page_layout import legend

WIDTH: Final = 912
HEIGHT: Final = 88
LEGEND_HEIGHT: Final = 30
"""The size in pixels of the drawing, and the height of the line below it that names sectors."""

_HATCHED: Final = (1, 2)
"""Parts that have a pattern as well as a colour, for readers who cannot tell the colours apart."""

_NO_PART: Final = -1
"""The number of the shape of bars that have no parts."""

_FROM, _TO = "1111", "1112"
_PLACEHOLDER: Final = f"from={_FROM}&to={_TO}"

_figures: Final[VersionedCache[SafeString]] = VersionedCache("histogram", alias="questions")
"""For the pages of one list, which all have the same histogram above them."""

_MAX_CACHED_WORDS: Final = 100
"""Characters of search words up to which a figure is cached: each of its links repeats them."""


def cached(answered: AnsweredQuestion) -> SafeString | None:
    """Return the figure of a question if it is cached for the version that the reader sees."""
    if len(answered.question.q) > _MAX_CACHED_WORDS:
        return None
    return _figures.get(_key(answered), None)


def figure(data: HistogramData) -> SafeString:
    """Render the figure of a page, and cache it for the other pages of its list."""
    figure = _figure(data)
    if len(data.answered.question.q) <= _MAX_CACHED_WORDS:
        _figures.set(_key(data.answered), None, figure)
    return figure


def _key(answered: AnsweredQuestion) -> tuple[str, str, str]:
    query = answered.question.without_page().query_string()
    return query, answered.address, language()


def _figure(data: HistogramData) -> SafeString:
    histogram, address, names = _labelled(data), data.answered.address, data.answered.names
    question = data.answered.question.without_page()
    stacked, bins = question.display.stacked, data.bins
    toggle = question.with_display(stacked=not stacked).query_string()
    query = question.query_string() if question.display.view == View.LIST else None
    context = {
        "sectors": [
            {"number": n, "slug": slug, "name": names["sector"][slug], "hatched": n in _HATCHED}
            for n, slug in enumerate(data.sectors)
        ],
        "others": _others(data),
        "stacked": stacked,
        "caption": histogram.caption,
        "period": histogram.period,
        "shade": histogram.layout.shade,
        "shapes": _shapes(histogram.layout, histogram.parts),
        "links": _links(histogram, _Addresses(question, histogram, address)),
        "rows": _rows(histogram),
        "labels": histogram.texts.labels,
        "begin": bins.bins[0].first.isoformat(),
        "step": bins.step,
        "bins": len(bins.bins),
        "width": f"{bins.width:.4g}",
        "toggle": address + toggle,
        "query": query,
    }
    return rendered("pictures/histogram_figure.html", context)


def _others(data: HistogramData) -> str:
    """Name the last part of stacked bars: all events that are of none of the named sectors."""
    if not data.other_sectors:
        return _("no sector")
    form = ngettext(
        "%(n)s other sector, or none", "%(n)s other sectors, or none", data.other_sectors
    )
    return form % {"n": Grouped(data.other_sectors, language())}


@dataclass(frozen=True, slots=True)
class _BinTexts:
    """The texts of bins, whatever they count: the period of each, in words and as parameters.

    ``lefts`` is where the links of bins begin; ``labels`` are the labels below the picture.
    """

    periods: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]
    lefts: tuple[str, ...]
    labels: tuple[tuple[float, str], ...]


@lru_cache(maxsize=64)
def _bin_texts(bins: layout.TimeBins, reader_language: str) -> _BinTexts:
    return _BinTexts(
        periods=tuple(words.period(bin, bins.step, reader_language) for bin in bins.bins),
        ends=tuple(words.ends(bin, bins.step) for bin in bins.bins),
        lefts=tuple(f"{index * bins.width:.4g}" for index in range(len(bins.bins))),
        labels=tuple(
            (label.x, words.label(label.bin, bins.step, reader_language)) for label in bins.labels
        ),
    )


@dataclass(frozen=True, slots=True)
class _LabelledHistogram:
    """The histogram with its texts and its layout."""

    data: HistogramData
    texts: _BinTexts
    layout: Histogram

    @property
    def parts(self) -> list[str]:
        """The names of the parts of bars, the sectors first; empty if they are not stacked."""
        return [*self.data.parts]

    @property
    def caption(self) -> str:
        """The sentence that says what the bars count."""
        if self.data.answered.question.certain:
            return _("Events surely in each period:")
        return _("Events whose dates touch each period:")

    @property
    def period(self) -> str:
        """The time from the first to the last bar."""
        first, last = (
            self.texts.periods[bar.bin_index] for bar in (self.layout.bars[0], self.layout.bars[-1])
        )
        return first if first == last else f"{first} – {last}"


def _labelled(data: HistogramData) -> _LabelledHistogram:
    period = data.answered.question.period
    histogram = layout.draw(data.bins, data.counts, data.parts, period)
    return _LabelledHistogram(data, _bin_texts(data.bins, language()), histogram)


def drawing(data: HistogramData, width: int = WIDTH) -> Drawing:
    """Render the marks alone at a width in pixels, with the legend of stacked bars below."""
    histogram = _labelled(data)
    bars, parts = histogram.layout.bars, histogram.parts
    names = [data.answered.names["sector"][slug] for slug in data.sectors]
    entries = legend([*names, _others(data)] if names else [], width)
    context = {
        "width": width,
        "legend": [
            {
                "number": number,
                "sector": parts[number],
                "name": entry.name,
                "x": entry.x,
                "text_x": entry.text_x,
                "y": HEIGHT + 12 + entry.y,
                "text_y": HEIGHT + 23 + entry.y,
                "hatched": number in _HATCHED and number < len(names),
            }
            for number, entry in enumerate(entries)
        ],
        "shade": histogram.layout.shade,
        "shapes": _shapes(histogram.layout, parts),
        "labels": histogram.texts.labels,
    }
    return Drawing(
        title=f"{histogram.caption} {histogram.period}",
        description=_("Events over time; the highest bar stands for %(n)s.")
        % {"n": Grouped(max(bar.number for bar in bars), language())},
        width=width,
        height=HEIGHT + (entries[-1].y + LEGEND_HEIGHT if entries else 0),
        marks=rendered("pictures/histogram_drawing.html", context),
    )


class _Addresses:
    """The addresses that bars link to.

    The first click chooses the period of a bar. A second click on another bar chooses the time from
    the one to the other; on the same bar it removes the period.
    """

    def __init__(self, question: Question, histogram: _LabelledHistogram, address: str) -> None:
        self._ends, self._periods = histogram.texts.ends, histogram.texts.periods
        self._linked_counts = histogram.data.linked_counts
        self._chosen = histogram.data.chosen
        # Values are percent-encoded, so that '=' and '&' cannot make the placeholder occur twice.
        with_period = address + question.within(_FROM, _TO).query_string()
        self._before, self._after = with_period.split(_PLACEHOLDER)
        self._without_period = address + question.within("", "").query_string()

    def to(self, index: int) -> str:
        """Return the address that the bar at an index links to."""
        if index == self._chosen:
            return self._without_period
        chosen = index if self._chosen is None else self._chosen
        begin, end = self._ends[min(index, chosen)][0], self._ends[max(index, chosen)][1]
        return f"{self._before}from={begin}&to={end}{self._after}"

    def target(self, bar: HistogramBar) -> tuple[str, int]:
        """Return the period that a bar links to, in words, and the number of its events."""
        when = self._periods[bar.bin_index]
        if self._chosen is None or self._chosen == bar.bin_index:
            return when, bar.number
        form = (
            _("%(when)s, all from %(chosen)s")
            if bar.bin_index > self._chosen
            else _("%(when)s, all until %(chosen)s")
        )
        period = form % {"when": when, "chosen": self._periods[self._chosen]}
        return period, self._linked_counts[bar.bin_index]


class _Shape(NamedTuple):
    """All bars, or all parts with one name, as one path; those outside the chosen period apart.

    ``name`` is its CSS class.
    """

    name: str
    number: int
    chosen: bool
    hatched: bool
    path: str


def _shapes(histogram: Histogram, names: Sequence[str]) -> list[_Shape]:
    paths: dict[tuple[int, bool], list[str]] = {}
    width = histogram.bars[0].width
    for bar in histogram.bars:
        begin, chosen = f"M{bar.x} ", bar.chosen
        if not bar.parts:
            path = f"{begin}{bar.y}h{width}v{bar.height}h-{width}z"
            paths.setdefault((_NO_PART, chosen), []).append(path)
        for part in bar.parts:
            path = f"{begin}{part.y}h{width}v{part.height}h-{width}z"
            paths.setdefault((names.index(part.name), chosen), []).append(path)
    return [
        _Shape(_css_class(number, names), number, chosen, number in _HATCHED, "".join(subpaths))
        for (number, chosen), subpaths in sorted(paths.items())
    ]


def _css_class(number: int, names: Sequence[str]) -> str:
    if number == _NO_PART:
        return "bar"
    return f"part p{number} f-{names[number]}" if names[number] else f"part p{number}"


def _links(histogram: _LabelledHistogram, addresses: _Addresses) -> list[tuple[str, str, str]]:
    """Return the link of each bar: its address, its title and its left end."""
    links = []
    for bar in histogram.layout.bars:
        when, number = addresses.target(bar)
        if bar.bin_index == histogram.data.chosen:
            title = _("%(when)s: remove the period") % {"when": when}
        else:
            form = ngettext("%(when)s: %(n)s event", "%(when)s: %(n)s events", number)
            title = form % {"when": when, "n": Grouped(number, language())}
        links.append((addresses.to(bar.bin_index), title, histogram.texts.lefts[bar.bin_index]))
    return links


def _rows(histogram: _LabelledHistogram) -> list[tuple[str, int, list[int]]]:
    """Return the rows of the table: the period of each bar, its count and those of its parts."""
    rows = []
    for bar in histogram.layout.bars:
        counts = {part.name: part.number for part in bar.parts}
        parts = [counts.get(name, 0) for name in histogram.parts]
        rows.append((histogram.texts.periods[bar.bin_index], bar.number, parts))
    return rows
