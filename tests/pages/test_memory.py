"""Questions of readers are not cached without limit: memory does not grow with odd ones."""

import gc
import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper
from operator import attrgetter
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

import pytest
from django.core.cache import caches
from django.test import Client

from tests import factories as make
from timeline.actions import events

Ask = Callable[[Iterator[str], int], int]

pytestmark = pytest.mark.django_db(transaction=True)

NOT_FOLLOWED = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)

LETTERS = (
    *("abcdefghijklmnopqrstuvwxyz", "àâçéèêëîïôûœæ", "абвгдежзийклмнопрстуфхцчшщъыьэюя"),
    *(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
        "中国和马里签署协议俄罗斯",
        "말리와러시아협정",
        "กขคงจฉชซมาลีู",
    ),
    *("\ufdfa\ufdfb½ﬁﬃ㍿㎏", "𞤢𞤣𞤤𞤥𞤦", "-'’.–/"),
)


def odd_questions(seed: int) -> Iterator[str]:
    """Yield words, runs of letters and phrases of any script, some longer than is accepted."""
    draw = random.Random(seed)  # noqa: S311
    while True:
        letters = draw.choice(LETTERS)
        words = [
            "".join(draw.choices(letters, k=draw.choice((1, 4, 9, 30, 180))))
            for _ in range(draw.choice((1, 2, 5, 40)))
        ]
        text = " ".join(words)[: draw.choice((20, 200, 1000))]
        yield draw.choice(("{}", '"{}"', "mali {}")).format(text)
        yield "\ufdfa" * draw.randrange(1, 990)


def kept_bytes() -> int:
    """Return the bytes in the caches of the application, with each object counted once."""
    left: list[object] = [
        candidate
        for candidate in gc.get_objects()
        # By type(), because asking a lazy object for its class evaluates it.
        if type(candidate) is _lru_cache_wrapper
        and str(candidate.__module__).startswith("timeline")
    ]
    left += [attrgetter("_cache")(caches[alias]) for alias in caches]
    seen: set[int] = set()
    total = 0
    while left:
        item = left.pop()
        if id(item) in seen or isinstance(item, NOT_FOLLOWED):
            continue
        seen.add(id(item))
        total += sys.getsizeof(item)
        left += gc.get_referents(item)
    return total


@pytest.fixture
def ask(client: Client, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Send so many questions; return how many of them were answered."""
    monkeypatch.setattr(caches["questions"], "_max_entries", 10)  # full from the start
    mali = make.a_state("ml", name_fr="Mali", name_en="Mali")
    for number in range(3):
        event = make.an_event(parties=(mali,), title_en=f"Visit {number}", publication="published")
        make.a_commitment(event, publication="published")
    events.refresh_derived()

    def asked(questions: Iterator[str], times: int) -> int:
        answered = 0
        for number, q in zip(range(times), questions, strict=False):
            path = "/en/commitments/" if number % 10 == 0 else "/fr/"
            status = client.get(path, {"q": q}).status_code
            assert status in (200, 400, 414)
            answered += status == 200
        return answered

    return asked


@pytest.mark.parametrize(
    ("warming", "times"), [(150, 150), pytest.param(1000, 1000, marks=pytest.mark.soak)]
)
def test_odd_questions_leave_memory_as_it_is(ask: Ask, warming: int, times: int) -> None:
    questions = odd_questions(1)
    before = kept_bytes()
    assert ask(questions, warming) > warming * 0.3
    first = kept_bytes()
    assert ask(questions, times) > times * 0.3
    second = kept_bytes()
    assert second < first + 1000 * times, (first, second)
    assert second < before + 40_000_000


@pytest.mark.parametrize("warming", [200, pytest.param(600, marks=pytest.mark.soak)])
def test_what_is_allocated_for_odd_questions_is_freed(ask: Ask, warming: int) -> None:
    questions = odd_questions(2)
    ask(questions, warming)
    tracemalloc.start()
    try:
        ask(questions, 50)
        gc.collect()
        first, _peak = tracemalloc.get_traced_memory()
        ask(questions, 150)
        gc.collect()
        second, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert second < first + 3_000_000
