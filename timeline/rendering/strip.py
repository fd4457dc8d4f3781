"""The strip above every view: how many events each period touches, each bar a link to them.

A bar counts what its link finds, so an event whose date reaches over several periods counts in
each of them. Where the question asks for what is certain, a bar counts what is surely in it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from timeline.cache import Ready
from timeline.charts import density, plate
from timeline.charts.density import Bar, Strip
from timeline.core.look import View
from timeline.core.numbers import Grouped
from timeline.core.question import Question
from timeline.database.version import Version
from timeline.formats import bins
from timeline.formats.sentences import Names
from timeline.index.current import current
from timeline.index.interface import Answer, Period, Periods
from timeline.queries.vocabulary import Vocabulary
from timeline.rendering.moulds import Mould, counted, escaped, language, once, poured, slot
from timeline.rendering.pictures import Asked, Drawing, downloads

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


_strips: Final[Ready[SafeString]] = Ready(most=64)
"""For the pages of one list, which all have the same strip above them."""

_LONGEST_KEPT: Final = 100
"""Characters of words to find up to which a strip is kept: each of its links repeats them."""


def strip(
    question: Question,
    answer: Answer,
    words: Vocabulary,
    known: Names,
    address: str,
    seen: Version | None,
) -> SafeString:
    """The strip of what a question finds, the period left out; nothing where that is nothing.

    ``seen`` is the version of the record that the answer is of, or None to keep nothing.
    """
    if not answer.months:
        return SafeString()
    asked, reader = question.without_page(), language()
    kept_for = seen if len(question.q) <= _LONGEST_KEPT else None
    return _strips.made(
        kept_for, (asked, address, reader), lambda: _drawn(asked, answer, words, known, address)
    )


def _drawn(
    question: Question, answer: Answer, words: Vocabulary, known: Names, address: str
) -> SafeString:
    made = _made(question, answer, words)
    drawn, reader, stacked = made.drawn, language(), question.look.stacked
    bars, cut = drawn.bars, made.time.cut
    addresses = _Addresses(question, made, address)
    toggle = question.looked_at(stacked=not stacked).query_string()
    return _frame(reader, tuple(made.sectors), stacked, bool(drawn.shade), made.counted).fill(
        **_shade(drawn),
        **{f"sector_{n}": escaped(known["sector"][slug]) for n, slug in enumerate(made.sectors)},
        shapes=_shapes(drawn, made.parts),
        links=_links(bars, made.time, addresses, reader),
        rows=_rows(bars, made.time, made.parts),
        labels=made.time.labels,
        said=made.reach,
        begin=SafeString(cut.bins[0].first.isoformat()),
        step=SafeString(cut.step),
        number=len(cut.bins),
        toggle=escape(address + toggle),
        files=downloads(question) if question.look.view == View.LIST else SafeString(),
    )


@dataclass(frozen=True, slots=True)
class _Time:
    """What strips over the same time share: its bins, and of each its words and its period.

    ``lefts`` tell where the links of bins begin, ``labels`` is the foot of the picture.
    """

    cut: density.Bins
    said: tuple[SafeString, ...]
    ends: tuple[tuple[str, str], ...]
    lefts: tuple[str, ...]
    labels: SafeString


@once(most=64)
def _time(first: dt.date, last: dt.date, reader: str) -> _Time:
    cut = density.cut(first, last)
    return _Time(
        cut,
        said=tuple(escaped(bins.said(one, cut.step, reader)) for one in cut.bins),
        ends=tuple(bins.ends(one, cut.step) for one in cut.bins),
        lefts=tuple(f"{number * cut.width:.4g}" for number in range(len(cut.bins))),
        labels=_label_form().each(
            {"x": label.x, "said": escaped(bins.named(label.bin, cut.step, reader))}
            for label in cut.labels
        ),
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
    def reach(self) -> SafeString:
        """From when to when the bars reach."""
        first, last = (
            self.time.said[bar.place] for bar in (self.drawn.bars[0], self.drawn.bars[-1])
        )
        return SafeString(first if first == last else f"{first} – {last}")


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
                "x": SafeString(place.x),
                "text_x": SafeString(place.text_x),
                "y": HIGH + 12 + place.y,
                "text_y": HIGH + 23 + place.y,
                "over": number in _HATCHED and number < len(names),
            }
            for number, place in enumerate(places)
        ],
        "shaded": bool(drawn.shade),
        **_shade(drawn),
        "shapes": _shapes(drawn, made.parts),
        "labels": made.time.labels,
    }
    return Drawing(
        title=f"{made.counted} {made.reach}",
        description=_("Events over time; the highest bar stands for %(n)s.")
        % {"n": Grouped(max(bar.number for bar in drawn.bars), language())},
        width=width,
        height=HIGH + (places[-1].y + LEGEND if places else 0),
        marks=mark_safe(render_to_string("timeline/_strip_drawing.html", context)),  # noqa: S308
    )


def _shade(drawn: Strip) -> dict[str, SafeString]:
    begin, wide = drawn.shade or (0.0, 0.0)
    return {"shade_x": SafeString(begin), "shade_width": SafeString(wide)}


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
    on the same bar it takes the period away. All addresses but that one are the same ``before``
    their period and ``after`` it.
    """

    def __init__(self, question: Question, made: _Made, address: str) -> None:
        self._ends, self._said = made.time.ends, made.time.said
        self._reached, self.chosen = made.reached, made.chosen
        # In the text of a value '=' and '&' are written otherwise: the span stands there but once.
        within = address + question.within(_FROM, _TO).query_string()
        self.before, self.after = (escape(part) for part in within.split(_SPAN))
        self.without = escape(address + question.within("", "").query_string())

    def period(self, place: int) -> tuple[str, str]:
        """The ends of the period that the bar at a place leads to."""
        if self.chosen is None:
            return self._ends[place]
        first, last = min(place, self.chosen), max(place, self.chosen)
        return self._ends[first][0], self._ends[last][1]

    def said(self, bar: Bar) -> tuple[SafeString, int]:
        """The period that a bar leads to, in words, and how many events it finds there."""
        when = self._said[bar.place]
        if self.chosen is None or self.chosen == bar.place:
            return when, bar.number
        form = (
            _("%(when)s, all from %(chosen)s")
            if bar.place > self.chosen
            else _("%(when)s, all until %(chosen)s")
        )
        told = SafeString(form % {"when": when, "chosen": self._said[self.chosen]})
        return told, self._reached[bar.place]


def _place(question: Question, cut: density.Bins) -> int | None:
    """The place of the bin whose period is asked for, if one is."""
    if question.period is None:
        return None
    places = (place for place, one in enumerate(cut.bins) if tuple(one) == question.period)
    return next(places, None)


def _shapes(drawn: Strip, names: Sequence[str]) -> SafeString:
    """All bars, or all parts of one name, as one shape: those beside the chosen period paler."""
    shapes: dict[tuple[int, bool], list[str]] = {}
    wide = drawn.bars[0].width
    for bar in drawn.bars:
        begin, chosen = f"M{bar.x} ", bar.chosen
        if not bar.parts:
            path = f"{begin}{bar.y}h{wide}v{bar.height}h-{wide}z"
            shapes.setdefault((_WHOLE, chosen), []).append(path)
        for part in bar.parts:
            path = f"{begin}{part.y}h{wide}v{part.height}h-{wide}z"
            shapes.setdefault((names.index(part.name), chosen), []).append(path)
    return SafeString(
        "".join(
            _shape(number, names[number] if names else "", chosen).fill(
                path=SafeString("".join(paths))
            )
            for (number, chosen), paths in sorted(shapes.items())
        )
    )


def _links(bars: Sequence[Bar], time: _Time, addresses: _Addresses, reader: str) -> SafeString:
    wide = f"{time.cut.width:.4g}"
    many, one = (
        _link(reader, n, wide).partly(before=addresses.before, after=addresses.after)
        for n in (2, 1)
    )
    back = _link(reader, 2, wide, back=True), _link(reader, 1, wide, back=True)

    def form(row: dict[str, object]) -> Mould:
        alone = row["n"] == 1
        if row["place"] == addresses.chosen:
            return back[alone]
        return one if alone else many

    rows = [_linked(bar, time, addresses) for bar in bars]
    return SafeString("".join([made.each(run) for made, run in groupby(rows, form)]))


def _linked(bar: Bar, time: _Time, addresses: _Addresses) -> dict[str, object]:
    place = bar.place
    begin, end = addresses.period(place)
    when, number = addresses.said(bar)
    return {
        "place": place,
        "begin": begin,
        "end": end,
        "address": addresses.without,
        "when": when,
        "n": number,
        "x": time.lefts[place],
    }


def _rows(bars: Sequence[Bar], time: _Time, names: Sequence[str]) -> SafeString:
    form = _row_form(len(names))
    if not names:
        return form.each({"when": time.said[bar.place], "n": bar.number} for bar in bars)
    told = []
    for bar in bars:
        counts = {part.name: part.number for part in bar.parts}
        parts = {f"n_{number}": counts.get(name, 0) for number, name in enumerate(names)}
        told.append({"when": time.said[bar.place], "n": bar.number, **parts})
    return form.each(told)


@once(most=256)
def _frame(
    _language: str, sectors: tuple[str, ...], stacked: bool, shaded: bool, counted: str
) -> Mould:
    return poured(
        "timeline/_strip.html",
        *("shapes", "links", "rows", "labels", "said", "begin", "step", "number", "toggle"),
        "files",
        *("shade_x", "shade_width"),
        sectors=[
            {
                "number": number,
                "slug": slug,
                "name": slot(f"sector_{number}"),
                "over": number in _HATCHED,
            }
            for number, slug in enumerate(sectors)
        ],
        stacked=stacked,
        shaded=shaded,
        counted=counted,
    )


@once(most=256)
def _shape(number: int, sector: str, chosen: bool) -> Mould:
    over, whole = number in _HATCHED, number == _WHOLE
    return poured(
        "timeline/_strip_shape.html",
        "path",
        number=number,
        sector=sector,
        whole=whole,
        chosen=chosen,
        over=over,
    )


@once(most=512)
def _link(_language: str, n: int, width: str, *, back: bool = False) -> Mould:
    """The link of a bar: to a period, or back to the question without one."""
    span = f"{slot('before')}from={slot('begin')}&amp;to={slot('end')}{slot('after')}"
    return poured(
        "timeline/_strip_link.html",
        *("when", "x"),
        address=slot("address") if back else SafeString(span),
        n=counted("n", n),
        width=width,
        back=back,
    )


@once(most=8)
def _row_form(parts: int) -> Mould:
    named = [slot(f"n_{number}") for number in range(parts)]
    return poured("timeline/_strip_row.html", "when", "n", parts=named)


@once(most=1)
def _label_form() -> Mould:
    return poured("timeline/_strip_label.html", "x", "said")
