"""Reading a reader's question from the lists of values of a query string.

It never guesses: an unknown parameter is ignored, an empty value is as if absent, and a value that
cannot be read is an error that names its parameter. A date may be typed as people write it wherever
only one reading is possible; the question holds it as EDTF.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from timeline.core.codes import Order
from timeline.core.dates import EdtfDate, parse
from timeline.core.display import AS_LIST, MOST_ZOOM, Display, Group, Sort, View
from timeline.core.filters import CODED
from timeline.core.folding import parse_query, words
from timeline.core.loose_dates import readings
from timeline.core.question import LedgerQuestion, Problem, Question, QuestionError

MAX_LETTERS: Final = 1000
"""How many characters of words to find are accepted, as they are typed and as they are folded."""

MAX_WORDS: Final = 64
"""How many words to find are accepted, those of phrases and of what is left out included. Each is
looked up, and each character of a script without blanks is one."""

MAX_VALUES: Final = 60
"""How many values one repeatable parameter may carry."""

_CLOSED: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(codes) for name, codes in CODED.items()
}

_OPEN: Final = ("place", "person", "source")
"""Parameters whose values are too many to be told."""

_SWITCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "order": tuple(Order),
    "party_match": ("all", "any"),
    **dict.fromkeys(("direct", "met", "certain", "overdue", "quiet", "stacked", "all"), ("0", "1")),
    "view": tuple(View),
    "lanes": tuple(Group),
    "against": tuple(Group),
    "sort": tuple(Sort),
}

DISPLAY_PARAMETERS: Final = ("view", "lanes", "zoom", "centre", "against", "sort", "stacked")
"""Parameters that say how to show what is found; none of them stands more than once."""

QUESTION_PARAMETERS: Final = frozenset(
    (*Question.REPEATABLE, *Question.SINGLE, *DISPLAY_PARAMETERS)
)
"""What may stand in the address of a file that is made of what a question finds."""

PARAMETERS: Final = frozenset(
    (*LedgerQuestion.REPEATABLE, *LedgerQuestion.SINGLE, *DISPLAY_PARAMETERS, "options", "all")
)
"""All parameters that a page or a file of the record knows; pages ignore any other."""

_PERIOD: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?", re.ASCII)
"""A year, a month or a day; no season."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def accepted(parameter: str, known: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The values that a parameter takes, in order; none where they are too many, or any text."""
    if parameter in _SWITCHES:
        return _SWITCHES[parameter]
    if parameter in _OPEN:
        return ()
    return tuple(sorted(_CLOSED.get(parameter) or known.get(parameter) or ()))


def read(data: Mapping[str, Sequence[str]], known: Mapping[str, frozenset[str]]) -> Question:
    """Read a question from the lists of values of a query string.

    ``known`` gives the slugs and codes on record for ``sector``, ``party``, ``framework``,
    ``place``, ``person`` and ``source``. Raises QuestionError naming every parameter that cannot
    be read.
    """
    problems: list[Problem] = []
    single = _singles(Question, data, problems)
    return _made(Question, single, data, known, problems)


def read_ledger(
    data: Mapping[str, Sequence[str]], known: Mapping[str, frozenset[str]], today: dt.date
) -> LedgerQuestion:
    """Read a question about commitments as :func:`read` does; ``asof`` may not be after today."""
    problems: list[Problem] = []
    single = _singles(LedgerQuestion, data, problems)
    overdue, quiet = (_one_of(name, single, problems) == "1" for name in ("overdue", "quiet"))
    asof = _past_day(single.get("asof", ""), today, problems)
    parties = {"obligor": known["party"], "beneficiary": known["party"]}
    return _made(
        LedgerQuestion,
        single,
        data,
        {**known, **parties},
        problems,
        overdue=overdue,
        quiet=quiet,
        asof=asof,
    )


def read_asof(data: Mapping[str, Sequence[str]], today: dt.date) -> dt.date | None:
    """Read the day that a page is asked for as of; None when it is asked for as it is today.

    Raises QuestionError for what is not a day, two days, or a day after today.
    """
    problems: list[Problem] = []
    values = _present(data.get("asof", ()))
    if len(values) > 1:
        problems.append(Problem("asof", "twice", values[1]))
    day = _past_day(values[0] if values else "", today, problems)
    if problems:
        raise QuestionError(problems)
    return day


def read_whole(data: Mapping[str, Sequence[str]], problems: list[Problem]) -> bool:
    """Whether a calendar is asked for as a whole (``all=1``); no part of a question."""
    return _one_of("all", _only_once(("all",), data, problems), problems) == "1"


def read_opened(
    data: Mapping[str, Sequence[str]], groups: Collection[str], problems: list[Problem]
) -> tuple[str, ...]:
    """The groups whose options a page shall hold whole (``options``); no part of a question."""
    return _repeated("options", data, {"options": frozenset(groups)}, problems)


def read_display(data: Mapping[str, Sequence[str]], problems: list[Problem]) -> Display:
    """How a page shall show what it finds; what cannot be read is told and left out."""
    single = _only_once(DISPLAY_PARAMETERS, data, problems)
    if not single:
        return AS_LIST
    named = {
        name: _one_of(name, single, problems) for name in DISPLAY_PARAMETERS if name in _SWITCHES
    }
    plain = AS_LIST
    return Display(
        view=View(named["view"] or plain.view),
        lanes=Group(named["lanes"] or plain.lanes),
        zoom=_zoom(single.get("zoom", ""), problems),
        centre=_day("centre", single.get("centre", ""), problems),
        against=Group(named["against"] or plain.against),
        sort=Sort(named["sort"] or plain.sort),
        stacked=named["stacked"] == "1",
    )


Asked = TypeVar("Asked", bound=Question)


def _made(
    asked: type[Asked],
    single: Mapping[str, str],
    data: Mapping[str, Sequence[str]],
    known: Mapping[str, frozenset[str]],
    problems: list[Problem],
    **more: object,
) -> Asked:
    repeated = {
        attribute: _repeated(parameter, data, known, problems)
        for parameter, attribute in asked.REPEATABLE.items()
        if parameter in data
    }
    start, end = _period(single, problems)
    order = _one_of("order", single, problems) or Order.NEWEST.value
    match = _one_of("party_match", single, problems)
    direct, met, certain = (
        _one_of(name, single, problems) for name in ("direct", "met", "certain")
    )
    q = single.get("q", "")
    if _too_long(q):
        problems.append(Problem("q", "too_long", q))
    elif q and not parse_query(q):
        problems.append(Problem("q", "no_words", q))
    if order == Order.RELEVANCE and not q and not any(one.parameter == "q" for one in problems):
        problems.append(Problem("order", "relevance_without_words", order))
    if problems:
        raise QuestionError(problems)
    given = {
        "q": q,
        "any_party": match == "any",
        "direct": direct == "1",
        "met": met == "1",
        "start": start,
        "end": end,
        "certain": certain == "1",
        "order": Order(order),
        "after": single.get("after", ""),
        **repeated,
        **more,
    }
    question = asked(**given)  # type: ignore[arg-type]
    question.cursor()
    return question


def _too_long(q: str) -> bool:
    """Whether words to find are more than are accepted; a single sign may stand for four words."""
    if len(q) > MAX_LETTERS:
        return True
    found = words(q)
    return len(found) > MAX_WORDS or sum(map(len, found)) > MAX_LETTERS


def _present(values: Sequence[str]) -> list[str]:
    """The values that are not empty; half a character, which no text can hold, becomes '?'."""
    whole = (value.encode("utf-8", "replace").decode() for value in values)
    return [stripped for value in whole if (stripped := value.strip())]


def _singles(
    asked: type[Question], data: Mapping[str, Sequence[str]], problems: list[Problem]
) -> dict[str, str]:
    return _only_once(asked.SINGLE, data, problems)


def _only_once(
    names: Iterable[str], data: Mapping[str, Sequence[str]], problems: list[Problem]
) -> dict[str, str]:
    single: dict[str, str] = {}
    for name in names:
        if name not in data:
            continue
        values = _present(data[name])
        if len(values) > 1:
            problems.append(Problem(name, "twice", values[1]))
        elif values:
            single[name] = values[0]
    return single


def _repeated(
    parameter: str,
    data: Mapping[str, Sequence[str]],
    known: Mapping[str, frozenset[str]],
    problems: list[Problem],
) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(_present(data.get(parameter, ()))))
    if len(values) > MAX_VALUES:
        problems.append(Problem(parameter, "too_many", values[MAX_VALUES]))
        return ()
    choices = _CLOSED.get(parameter) or known[parameter]
    problems += [Problem(parameter, "unknown", value) for value in values if value not in choices]
    return tuple(sorted(values))


def _one_of(name: str, single: Mapping[str, str], problems: list[Problem]) -> str:
    value = single.get(name, "")
    if value and value not in _SWITCHES[name]:
        problems.append(Problem(name, "unknown", value))
        return ""
    return value


def _period(
    single: Mapping[str, str], problems: list[Problem]
) -> tuple[EdtfDate | None, EdtfDate | None]:
    ends: list[EdtfDate | None] = []
    for name in ("from", "to"):
        text = single.get(name, "")
        meant = _meant(name, text, _PERIOD, "unreadable", problems) if text else ""
        ends.append(parse(meant) if meant else None)
    start, end = ends
    if start and end and start.earliest > end.latest:
        problems.append(Problem("from", "after_to", start.text))
    return start, end


def _past_day(text: str, today: dt.date, problems: list[Problem]) -> dt.date | None:
    day = _day("asof", text, problems)
    if day is not None and day > today:
        problems.append(Problem("asof", "in_the_future", text))
    return day


def _day(name: str, text: str, problems: list[Problem]) -> dt.date | None:
    meant = _meant(name, text, _DAY, "not_a_day", problems) if text else ""
    return dt.date.fromisoformat(meant) if meant else None


def _meant(
    name: str, text: str, form: re.Pattern[str], unreadable: str, problems: list[Problem]
) -> str:
    """The one date of a form that a text may mean; '' where there is none, or more than one."""
    found = [date for date in readings(text) if form.fullmatch(date)]
    if len(found) == 1:
        return found[0]
    problems.append(Problem(name, "ambiguous" if found else unreadable, text))
    return ""


def _zoom(text: str, problems: list[Problem]) -> int:
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_ZOOM):
        problems.append(Problem("zoom", "no_zoom", text))
        return 0
    return int(text or 0)
