"""Questions drawn at random from what is on record, to compare two answers to each."""

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
from timeline.index.interface import Answer, Bins, Index, Periods, whole_year
from timeline.index.sql import SqlIndex
from timeline.models import Event, Framework, Party, Person, Place, Sector, Source

_SAMPLE: Final = 200
"""Places, people, sources and titles that questions are drawn from."""

_YEARS: Final = 24
"""Years that pictures are compared over."""

_ATTEMPTS: Final = 20
"""Changes of the record that may come between two answers before that is told."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offered:
    """What questions may name."""

    sectors: Sequence[str]
    parties: Sequence[str]
    frameworks: Sequence[str]
    places: Sequence[str]
    people: Sequence[str]
    sources: Sequence[str]
    words: Sequence[str]
    years: tuple[int, int]

    @classmethod
    def read(cls) -> "Offered":
        """Read what is on record; of what there is much, a part."""
        published = Event.objects.published().order_by("pk")
        ends = published.aggregate(first=Min("earliest"), last=Max("earliest"))
        found: dict[str, None] = {}
        for title_fr, title_en in published.values_list("title_fr", "title_en")[:_SAMPLE]:
            found |= dict.fromkeys(words(f"{title_fr} {title_en}"))
        keys = Source.objects.order_by("pk").values_list("pk", flat=True)[:_SAMPLE]
        return cls(
            sectors=list(Sector.objects.order_by("pk").values_list("slug", flat=True)),
            parties=list(Party.objects.order_by("pk").values_list("code", flat=True)),
            frameworks=list(
                Framework.objects.published().order_by("pk").values_list("slug", flat=True)
            ),
            places=list(Place.objects.order_by("pk").values_list("slug", flat=True)[:_SAMPLE]),
            people=list(Person.objects.order_by("pk").values_list("slug", flat=True)[:_SAMPLE]),
            sources=[str(key) for key in keys],
            words=list(found),
            years=(
                ends["first"].year if ends["first"] else 2000,
                ends["last"].year if ends["last"] else 2000,
            ),
        )


def questions(draw: Random, offered: Offered) -> Iterator[Question]:
    """Questions without end: no filter first, then more and fewer filters in every mixture."""
    yield Question()
    while True:
        eager = draw.choice((0.15, 0.3, 0.6))

        def some(values: Sequence[str], most: int = 3, eager: float = eager) -> tuple[str, ...]:
            if not values or draw.random() > eager:
                return ()
            return tuple(sorted(draw.sample(values, min(draw.randint(1, most), len(values)))))

        q = " ".join(some(offered.words, 2)) if draw.random() < 0.5 else ""
        if q and draw.random() < 0.2:
            q = f'"{q}"'
        start, end = _period(draw, offered.years) if draw.random() < eager else (None, None)
        question = Question(
            q=q,
            sectors=some(offered.sectors),
            parties=some(offered.parties),
            any_party=draw.random() < 0.3,
            direct=draw.random() < 0.2,
            frameworks=some(offered.frameworks),
            places=some(offered.places, 20) if draw.random() < 0.3 else (),
            people=some(offered.people) if draw.random() < 0.3 else (),
            sources=some(offered.sources) if draw.random() < 0.3 else (),
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
    """The record changed so often that no two answers were of one state of it."""


def differing(index: Index, question: Question, *, today: dt.date) -> str:
    """Compare an index's answer with plain SQL's, page after page up to the third, and pictures.

    Returns what differs, in words, or an empty text. Raises Unsettled when the record never
    stood still.
    """

    def answered(one: Index) -> Answer:
        return one.answer(question, today=today)

    first = None
    for _page in range(3):
        fast, plain = _both(index, answered)
        if fast != plain:
            return ", ".join(_parts(fast, plain))
        first = first or plain
        if plain.following is None:
            break
        question = question.cursor_after(plain.following)
    if first is None or not first.years:
        return ""
    return _differing_pictures(index, question.without_page(), first)


def _differing_pictures(index: Index, question: Question, answer: Answer) -> str:
    """Compare what the pictures of a question ask, of the values that it finds most of."""
    years = sorted(answer.years)[-_YEARS:]
    edges = [dt.date(year, 1, 1).toordinal() for year in (*years, min(years[-1] + 1, 9999))]
    sides = {
        group: (group, sorted(found, key=lambda value: (-found[value], value))[:3])
        for group, found in ((name, answer.options[name]) for name in ("party", "sector"))
    }
    asked: dict[str, Callable[[Index], object]] = {
        "spread": lambda one: one.spread(question, Bins(edges, most=2)),
        "held": lambda one: one.held(question, Periods(tuple(map(whole_year, years)))),
        "crossed": lambda one: one.crossed(question, sides["party"], sides["sector"]),
        "places": lambda one: one.places(question),
        **{
            f"spread by {group}": partial(_by_value, question, edges, values)
            for group, values in sides.items()
        },
    }
    for name, ask in asked.items():
        fast, plain = _both(index, ask)
        if fast != plain:
            return f"{name}: {fast!r:.200} in memory, {plain!r:.200} in plain SQL"
    return ""


def _by_value(
    question: Question, edges: Sequence[int], side: tuple[str, Sequence[str]], index: Index
) -> object:
    group, values = side
    return index.spread(question, Bins(edges, group, values, most=2))


def _both(index: Index, ask: Callable[[Index], T]) -> tuple[T, T]:
    """What an index and plain SQL say of one state of the record."""
    for _attempt in range(_ATTEMPTS):
        before = version.current()
        fast = ask(index)
        with version.snapshot() as seen:
            plain = ask(SqlIndex())
        if seen == before:
            return fast, plain
    raise Unsettled


def _parts(fast: Answer, plain: Answer) -> Iterator[str]:
    for name in Answer.__dataclass_fields__:
        one, other = getattr(fast, name), getattr(plain, name)
        if one != other:
            yield f"{name}: {one!r:.200} in memory, {other!r:.200} in plain SQL"
