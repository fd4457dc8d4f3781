"""Comparison of an index with plain SQL, by questions drawn at random from the record's values."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final, TypeVar

from django.db.models import Max, Min

from timeline.core.codes import Order
from timeline.core.dates import EdtfDate, parse
from timeline.core.filters import CODED, OF_EVENTS
from timeline.core.folding import words
from timeline.core.question import Question
from timeline.database import version
from timeline.index.interface import Answer, Bins, EventIndex, Periods, whole_year
from timeline.index.sql import SqlIndex
from timeline.models import Event, Framework, Instrument, Party, Person, Place, Sector, Source

_SAMPLE: Final = 200
"""Places, people, texts, sources and titles that questions are drawn from."""

_YEARS: Final = 24
"""Years that pictures are compared over."""

_ATTEMPTS: Final = 20
"""Attempts to have two answers of one state of the record."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SampleValues:
    """The values that questions are drawn from."""

    sectors: Sequence[str]
    parties: Sequence[str]
    frameworks: Sequence[str]
    places: Sequence[str]
    people: Sequence[str]
    instruments: Sequence[str]
    sources: Sequence[str]
    words: Sequence[str]
    years: tuple[int, int]

    @classmethod
    def read(cls) -> "SampleValues":
        """Read the values of the record, of the more numerous kinds only the first."""
        published = Event.objects.published().order_by("pk")
        ends = published.aggregate(first=Min("earliest"), last=Max("earliest"))
        title_words: dict[str, None] = {}
        for title_fr, title_en in published.values_list("title_fr", "title_en")[:_SAMPLE]:
            title_words |= dict.fromkeys(words(f"{title_fr} {title_en}"))
        keys = Source.objects.order_by("pk").values_list("pk", flat=True)[:_SAMPLE]
        return cls(
            sectors=list(Sector.objects.order_by("pk").values_list("slug", flat=True)),
            parties=list(Party.objects.order_by("pk").values_list("code", flat=True)),
            frameworks=list(
                Framework.objects.published().order_by("pk").values_list("slug", flat=True)
            ),
            places=list(Place.objects.order_by("pk").values_list("slug", flat=True)[:_SAMPLE]),
            people=list(Person.objects.order_by("pk").values_list("slug", flat=True)[:_SAMPLE]),
            instruments=list(
                Instrument.objects.published()
                .order_by("pk")
                .values_list("slug", flat=True)[:_SAMPLE]
            ),
            sources=[str(key) for key in keys],
            words=list(title_words),
            years=(
                ends["first"].year if ends["first"] else 2000,
                ends["last"].year if ends["last"] else 2000,
            ),
        )


def questions(draw: Random, sample: SampleValues) -> Iterator[Question]:
    """Yield questions without end: first without filters, then with few or many of any kind."""
    yield Question()
    while True:
        chance = draw.choice((0.15, 0.3, 0.6))

        def some(values: Sequence[str], most: int = 3, chance: float = chance) -> tuple[str, ...]:
            if not values or draw.random() > chance:
                return ()
            return tuple(sorted(draw.sample(values, min(draw.randint(1, most), len(values)))))

        q = " ".join(some(sample.words, 2)) if draw.random() < 0.5 else ""
        if q and draw.random() < 0.2:
            q = f'"{q}"'
        start, end = _period(draw, sample.years) if draw.random() < chance else (None, None)
        question = Question(
            q=q,
            sectors=some(sample.sectors),
            parties=some(sample.parties),
            any_party=draw.random() < 0.3,
            direct=draw.random() < 0.2,
            met=draw.random() < 0.2,
            frameworks=some(sample.frameworks),
            places=some(sample.places, 20) if draw.random() < 0.3 else (),
            people=some(sample.people) if draw.random() < 0.3 else (),
            instruments=some(sample.instruments) if draw.random() < 0.3 else (),
            sources=some(sample.sources) if draw.random() < 0.3 else (),
            start=start,
            end=end,
            certain=start is not None and draw.random() < 0.3,
            order=draw.choice(list(Order)) if q else draw.choice((Order.NEWEST, Order.OLDEST)),
        )
        for name in sorted(CODED.keys() & OF_EVENTS.keys()):
            question = question.with_values(name, some([*CODED[name]]))
        yield question


def _period(draw: Random, years: tuple[int, int]) -> tuple[EdtfDate, EdtfDate]:
    first, last = sorted(draw.randint(*years) for _ in range(2))
    month = draw.randint(1, 12)
    start = draw.choice((f"{first:04d}", f"{first:04d}-{month:02d}", f"{first:04d}-{month:02d}-15"))
    return parse(start), parse(draw.choice((f"{last:04d}", f"{last:04d}-12")))


class Unsettled(Exception):
    """The record changed so often that no two answers were of the same state."""


def differing(index: EventIndex, question: Question, *, today: dt.date) -> str:
    """Compare an index's answers with plain SQL's, for up to three pages and for pictures.

    Return a description of what differs, or an empty text. Raise Unsettled if the record changes
    during every comparison.
    """

    def ask(index: EventIndex) -> Answer:
        return index.answer(question, today=today)

    first = None
    for _page in range(3):
        fast, plain = _both(index, ask)
        if fast != plain:
            return ", ".join(_differences(fast, plain))
        first = first or plain
        if plain.following is None:
            break
        question = question.cursor_after(plain.following)
    if first is None or not first.years:
        return ""
    return _differing_pictures(index, question.without_page(), first)


def _differing_pictures(index: EventIndex, question: Question, answer: Answer) -> str:
    """Compare what the pictures of a question ask, for the values with the most events."""
    years = sorted(answer.years)[-_YEARS:]
    edges = [dt.date(year, 1, 1).toordinal() for year in (*years, min(years[-1] + 1, 9999))]
    sides = {
        group: (group, sorted(counts, key=lambda value: (-counts[value], value))[:3])
        for group, counts in ((name, answer.options[name]) for name in ("party", "sector"))
    }
    periods = Periods(tuple(map(whole_year, years)))
    comparisons: dict[str, Callable[[EventIndex], object]] = {
        "spread": lambda index: index.spread(question, Bins(edges, most=2)),
        "period counts": lambda index: index.period_counts(question, periods),
        "pair counts": lambda index: index.pair_counts(question, sides["party"], sides["sector"]),
        "place counts": lambda index: index.place_counts(question),
        **{
            f"spread by {group}": partial(_spread_by_value, question, edges, side)
            for group, side in sides.items()
        },
    }
    for name, ask in comparisons.items():
        fast, plain = _both(index, ask)
        if fast != plain:
            return f"{name}: {fast!r:.200} in memory, {plain!r:.200} in plain SQL"
    return ""


def _spread_by_value(
    question: Question, edges: Sequence[int], side: tuple[str, Sequence[str]], index: EventIndex
) -> object:
    group, values = side
    return index.spread(question, Bins(edges, group, values, most=2))


def _both(index: EventIndex, ask: Callable[[EventIndex], T]) -> tuple[T, T]:
    """Return what an index and plain SQL answer for the same state of the record."""
    for _attempt in range(_ATTEMPTS):
        before = version.current()
        fast = ask(index)
        with version.snapshot() as during:
            plain = ask(SqlIndex())
        if during == before:
            return fast, plain
    raise Unsettled


def _differences(fast: Answer, plain: Answer) -> Iterator[str]:
    for name in Answer.__dataclass_fields__:
        in_memory, in_sql = getattr(fast, name), getattr(plain, name)
        if in_memory != in_sql:
            yield f"{name}: {in_memory!r:.200} in memory, {in_sql!r:.200} in plain SQL"
