"""Measurements that need Cadre's own code: addresses of deep pages, and answers in process.

Run as ``python -m bench.inside QUESTIONS`` with the environment of that file; prints JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def main() -> None:
    """Print each shape's addresses, and the times of the index and of plain SQL."""
    import django

    django.setup()

    from timeline.clock import today
    from timeline.core.question import Question
    from timeline.core.reading import read
    from timeline.index.current import current
    from timeline.index.sql import SqlIndex
    from timeline.queries.vocabulary import vocabulary

    day, index = today(), current()
    everything = index.matching(Question(), today=day)
    results: dict[str, Any] = {}
    for shape, variants in json.loads(sys.argv[1]).items():
        questions = []
        for filters in variants:
            data = {key: [value] for key, value in filters.items() if key != "page"}
            question = read(data, vocabulary(data).choices)
            if "page" in filters:
                question = _at_page(question, everything, int(filters["page"]), day)
            questions.append(question)
        results[shape] = {
            "paths": [f"/en/{question.query_string()}" for question in questions],
            "index_ms": _median(lambda q: index.answer(q, today=day), questions, 40, 5),
            "sql_ms": _median(lambda q: SqlIndex().answer(q, today=day), questions, 5, 20),
            "total": index.answer(questions[0], today=day).total,
        }
    print(json.dumps(results))


def _at_page(question: Any, keys: Sequence[int], page: int, day: Any) -> Any:
    """Return the question from a later page on, as if a reader had gone from page to page."""
    from timeline.core.question import Cursor
    from timeline.index.interface import PAGE_SIZE
    from timeline.models import Event

    seen = PAGE_SIZE * (page - 1)
    last = Event.objects.get(pk=keys[seen - 1])
    rank = 0 if last.is_upcoming(day) else 1
    return question.cursor_after(Cursor(rank, last.earliest, last.latest, last.pk, seen))


def _median(
    ask: Callable[[Any], object], questions: list[Any], rounds: int, budget: float
) -> float:
    """Return the median of the milliseconds of some answers, within a budget of seconds."""
    import statistics

    times: list[float] = []
    begin = time.perf_counter()
    for number in range(rounds + 1):
        if times and time.perf_counter() - begin > budget:
            break
        start = time.perf_counter()
        ask(questions[number % len(questions)])
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[1:] or times)


if __name__ == "__main__":
    main()
