"""The strip above every view: how many events began when, each bar a link to its period."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from timeline.charts import density, plate
from timeline.charts.density import Bar, Bin, Strip
from timeline.core.look import View
from timeline.core.question import Question
from timeline.index.current import current
from timeline.index.interface import Answer
from timeline.presenters import bins
from timeline.presenters.sentences import Names
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


def strip(
    question: Question, answer: Answer, words: Vocabulary, known: Names, address: str
) -> SafeString:
    """The strip of what a question finds, the period left out; nothing where that is nothing."""
    if not answer.months:
        return SafeString()
    made = _made(question, answer, words)
    drawn, reader, stacked = made.drawn, language(), question.look.stacked
    bars, number = drawn.bars, len(made.cut.bins)
    addresses = _Addresses(question, made.cut, address)
    toggle = question.looked_at(stacked=not stacked).query_string()
    return _frame(reader, tuple(made.sectors), stacked, bool(drawn.shade)).fill(
        **_shade(drawn),
        **{f"sector_{n}": escaped(known["sector"][slug]) for n, slug in enumerate(made.sectors)},
        shapes=_shapes(drawn, made.parts),
        links=_links(bars, made.said, addresses, number, reader),
        rows=_rows(bars, made.said, made.parts),
        labels=_labels(drawn, reader),
        said=made.reach,
        begin=SafeString(made.cut.bins[0].first.isoformat()),
        step=made.cut.step,
        number=number,
        toggle=escape(address + toggle),
        files=downloads(question) if question.look.view == View.LIST else SafeString(),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """The strip as it is drawn: its bins, its scene, what its bars are made of, and their times.

    ``parts`` are the sectors and what is in none of them; without sectors there are none.
    """

    cut: density.Bins
    drawn: Strip
    sectors: Sequence[str]
    parts: Sequence[str]
    said: Sequence[str]

    @property
    def reach(self) -> SafeString:
        """From when to when the bars reach."""
        first, last = self.said[0], self.said[-1]
        return SafeString(first if first == last else f"{first} – {last}")


def _made(question: Question, answer: Answer, words: Vocabulary) -> _Made:
    cut = density.cut(*reach(answer))
    sectors = _largest(answer, words) if question.look.stacked else []
    counts, parts = _counts(question, answer, cut, sectors)
    drawn = density.draw(cut, counts, parts, question.period)
    said = [escaped(bins.said(bar.bin, drawn.step, language())) for bar in drawn.bars]
    return _Made(cut, drawn, sectors, list(parts), said)


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
        "labels": _labels(drawn, language()),
    }
    return Drawing(
        title=f"{_('When they began:')} {made.reach}",
        description=_("Events over time; the highest bar stands for %(n)s.")
        % {"n": max(bar.number for bar in drawn.bars)},
        width=width,
        height=HIGH + (places[-1].y + LEGEND if places else 0),
        marks=mark_safe(render_to_string("timeline/_strip_drawing.html", context)),  # noqa: S308
    )


def _shade(drawn: Strip) -> dict[str, SafeString]:
    begin, wide = drawn.shade or (0.0, 0.0)
    return {"shade_x": SafeString(begin), "shade_width": SafeString(wide)}


def reach(answer: Answer) -> tuple[dt.date, dt.date]:
    """The first and the last day of the months in which something began."""
    first, last = min(answer.months), max(answer.months)
    return dt.date(*first, 1), _end_of(last)


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
    question: Question, answer: Answer, cut: density.Bins, sectors: Sequence[str]
) -> tuple[Sequence[int], dict[str, Sequence[int]]]:
    """How many began in each bin, and of which sectors: each counts with its largest."""
    if cut.step:
        counts: Sequence[int] = density.by_bin(cut, answer.months)
    else:
        counts = current().spread(question, cut.edges, whole=True)[""].counts
    if not sectors:
        return counts, {}
    found = current().spread(
        question, cut.edges, group="sector", values=sectors, whole=True, apart=True
    )
    parts = {slug: found[slug].counts for slug in sectors}
    others = [count - sum(column) for count, *column in zip(counts, *parts.values(), strict=True)]
    return counts, {**parts, "": others}


class _Addresses:
    """The question that each bar asks.

    A first click chooses a bar's period; a second, on another bar, all from the one to the other;
    on the same bar it takes the period away.
    """

    def __init__(self, question: Question, cut: density.Bins, address: str) -> None:
        self._step = cut.step
        self._chosen = next((one for one in cut.bins if tuple(one) == question.period), None)
        # In the text of a value '=' and '&' are written otherwise: the span stands there but once.
        within = address + question.within(_FROM, _TO).query_string()
        self._before, self._after = (escape(part) for part in within.split(_SPAN))
        self._without = escape(address + question.within("", "").query_string())

    def of(self, one: Bin) -> str:
        """The address that a bar leads to."""
        if one == self._chosen:
            return self._without
        first = min(one, self._chosen or one)
        last = max(one, self._chosen or one)
        begin, end = bins.ends(first, self._step)[0], bins.ends(last, self._step)[1]
        return f"{self._before}from={begin}&amp;to={end}{self._after}"


def _shapes(drawn: Strip, names: Sequence[str]) -> SafeString:
    """All bars, or all parts of one name, as one shape: those beside the chosen period paler."""
    shapes: dict[tuple[int, bool], list[str]] = {}
    for bar in drawn.bars:
        parts = [(names.index(part.name), part.y, part.height) for part in bar.parts]
        for number, y, height in parts or [(_WHOLE, bar.y, bar.height)]:
            path = f"M{bar.x} {y}h{bar.width}v{height}h-{bar.width}z"
            shapes.setdefault((number, bar.chosen), []).append(path)
    return SafeString(
        "".join(
            _shape(number, names[number] if names else "", chosen).fill(
                path=SafeString("".join(paths))
            )
            for (number, chosen), paths in sorted(shapes.items())
        )
    )


def _links(
    bars: Sequence[Bar], said: Sequence[str], addresses: _Addresses, number: int, reader: str
) -> SafeString:
    wide = 100 / number
    form, one = _link(reader, 2, f"{wide:.4g}"), _link(reader, 1, f"{wide:.4g}")
    rows = [
        {
            "address": addresses.of(bar.bin),
            "when": when,
            "n": bar.number,
            "x": f"{bar.x - wide * 0.1:.4g}",
        }
        for bar, when in zip(bars, said, strict=True)
    ]
    if all(bar.number > 1 for bar in bars):
        return form.each(rows)
    each = (
        (one if bar.number == 1 else form).each([row]) for bar, row in zip(bars, rows, strict=True)
    )
    return SafeString("".join(each))


def _rows(bars: Sequence[Bar], said: Sequence[str], names: Sequence[str]) -> SafeString:
    form = _row_form(len(names))
    if not names:
        rows = zip(bars, said, strict=True)
        return form.each({"when": when, "n": bar.number} for bar, when in rows)
    told = []
    for bar, when in zip(bars, said, strict=True):
        counts = {part.name: part.number for part in bar.parts}
        parts = {f"n_{number}": counts.get(name, 0) for number, name in enumerate(names)}
        told.append({"when": when, "n": bar.number, **parts})
    return form.each(told)


def _labels(drawn: Strip, reader: str) -> SafeString:
    return _label_form().each(
        {"x": label.x, "said": escaped(bins.named(label.bin, drawn.step, reader))}
        for label in drawn.labels
    )


@once(most=256)
def _frame(_language: str, sectors: tuple[str, ...], stacked: bool, shaded: bool) -> Mould:
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
def _link(_language: str, n: int, width: str) -> Mould:
    return poured(
        "timeline/_strip_link.html", *("address", "when", "x"), n=counted("n", n), width=width
    )


@once(most=8)
def _row_form(parts: int) -> Mould:
    named = [slot(f"n_{number}") for number in range(parts)]
    return poured("timeline/_strip_row.html", "when", "n", parts=named)


@once(most=1)
def _label_form() -> Mould:
    return poured("timeline/_strip_label.html", "x", "said")
