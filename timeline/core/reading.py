"""Parse a reader's question from the lists of values of a query string.

Nothing is guessed: unknown parameters are ignored, empty values count as absent, and a value that
cannot be read is an error that names its parameter. Dates may be typed as people write them
wherever there is only one reading; the question contains them as EDTF.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from timeline.core.codes import CommitmentNature, LedgerSort, Order
from timeline.core.dates import EdtfDate, parse
from timeline.core.display import AS_LIST, MAX_ZOOM, Colour, Display, GroupBy, Position, Sort, View
from timeline.core.filters import CODED
from timeline.core.folding import parse_query, words
from timeline.core.letters import fold
from timeline.core.loose_dates import readings
from timeline.core.question import (
    NO_LETTER,
    AnyQuestion,
    ChangesQuestion,
    IndexQuestion,
    InstrumentQuestion,
    LedgerQuestion,
    Problem,
    Question,
    QuestionError,
)

MAX_CHARACTERS: Final = 1000
"""The maximum length of a search query, both as typed and as folded."""

MAX_WORDS: Final = 64
"""The maximum number of words in a search query, including stop words and the words of phrases.

Each is looked up; each character of a script without spaces is a word."""

MAX_VALUES: Final = 60
"""The maximum number of values of a repeatable parameter."""

_CLOSED: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(codes) for name, codes in CODED.items()
}

_OPEN: Final = ("place", "person", "instrument", "source")
"""Parameters with too many possible values to list."""

_SWITCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "order": tuple(Order),
    "party_match": ("all", "any"),
    **dict.fromkeys(("direct", "met", "certain", "overdue", "quiet", "waiting"), ("0", "1")),
    **dict.fromkeys(("stacked", "all", "facets"), ("0", "1")),
    "lang": ("fr", "en"),
    "nature": (*CommitmentNature, "any"),
    "view": tuple(View),
    "lanes": tuple(GroupBy),
    "colour": tuple(Colour),
    "against": tuple(GroupBy),
    "sort": tuple(Sort),
}

INDEX_PARAMETERS: Final = ("q", "initial", "after")
"""Parameters of the index of a noun, none of which may be repeated."""

CHANGES_PARAMETERS: Final = ("month", "noun", "party", "after")
"""Parameters of the list of changes, none of which may be repeated."""

API_PARAMETERS: Final = ("lang", "fields", "facets")
"""Parameters that the API takes beside those of a question, none of which may be repeated."""

_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)

_KEY: Final = re.compile("[0-9]{1,18}")

DISPLAY_PARAMETERS: Final = (
    "view",
    "lanes",
    "zoom",
    "centre",
    "colour",
    "against",
    "sort",
    "stacked",
)
"""Parameters of the display, none of which may be repeated."""

QUESTION_PARAMETERS: Final = frozenset(
    (*Question.REPEATABLE, *Question.SINGLE, *DISPLAY_PARAMETERS)
)
"""Parameters of a file of the results of a question."""

PARAMETERS: Final = frozenset(
    (
        *(*LedgerQuestion.REPEATABLE, *LedgerQuestion.SINGLE),
        *(*InstrumentQuestion.REPEATABLE, *InstrumentQuestion.SINGLE),
        *(*DISPLAY_PARAMETERS, *INDEX_PARAMETERS, *CHANGES_PARAMETERS, "options", "all", "at"),
        *API_PARAMETERS,
    )
)
"""All parameters of pages and files; pages ignore any other."""

_PERIOD: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?", re.ASCII)
"""A year, a month or a day, but not a season."""

_POSITION: Final = re.compile(
    r"(-?[0-9]{1,2}(?:\.[0-9]{1,9})?),(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)", re.ASCII
)
"""A latitude and a longitude."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def accepted(parameter: str, choices: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the values that a parameter accepts, sorted unless they have an order of their own.

    Empty where there are too many to list, or where it accepts any text. ``choices`` are the values
    of parameters that depend on the record or on the list.
    """
    if parameter in _OPEN:
        return ()
    if parameter in choices:
        values = choices[parameter]
        return tuple(sorted(values)) if isinstance(values, frozenset) else tuple(values)
    return _SWITCHES.get(parameter) or tuple(sorted(_CLOSED.get(parameter, ())))


def read(data: Mapping[str, Sequence[str]], choices: Mapping[str, frozenset[str]]) -> Question:
    """Parse a question from the lists of values of a query string.

    ``choices`` contains the recorded slugs and codes for ``sector``, ``party``, ``framework``,
    ``place``, ``person``, ``instrument`` and ``source``. Raises QuestionError with a problem for
    every parameter that cannot be read.
    """
    problems: list[Problem] = []
    single = _single_values(Question.SINGLE, data, problems)
    switches = _event_switches(single, problems)
    return _build(Question, single, data, choices, problems, **switches)


def read_ledger(
    data: Mapping[str, Sequence[str]], choices: Mapping[str, frozenset[str]], today: dt.date
) -> LedgerQuestion:
    """Parse a question about commitments as :func:`read` does; ``asof`` may not be after today."""
    problems: list[Problem] = []
    single = _single_values(LedgerQuestion.SINGLE, data, problems)
    overdue, quiet = (_switch(name, single, problems) == "1" for name in ("overdue", "quiet"))
    nature = _switch("nature", single, problems) or CommitmentNature.UNDERTAKING.value
    asof = _past_day(single.get("asof", ""), today, problems)
    sort = _switch("sort", single, problems, tuple(LedgerSort)) or LedgerSort.NEWEST.value
    parties = {"obligor": choices["party"], "beneficiary": choices["party"]}
    return _build(
        LedgerQuestion,
        single,
        data,
        {**choices, **parties},
        problems,
        overdue=overdue,
        quiet=quiet,
        **_event_switches(single, problems),
        nature=None if nature == "any" else CommitmentNature(nature),
        asof=asof,
        sort=LedgerSort(sort),
    )


def read_instruments(
    data: Mapping[str, Sequence[str]], choices: Mapping[str, frozenset[str]], today: dt.date
) -> InstrumentQuestion:
    """Parse a question about texts as :func:`read` does; ``asof`` may not be after today."""
    problems: list[Problem] = []
    single = _single_values(InstrumentQuestion.SINGLE, data, problems)
    return _build(
        InstrumentQuestion,
        single,
        data,
        choices,
        problems,
        waiting=_switch("waiting", single, problems) == "1",
        asof=_past_day(single.get("asof", ""), today, problems),
    )


def read_asof(data: Mapping[str, Sequence[str]], today: dt.date) -> dt.date | None:
    """Parse the day of the ``asof`` parameter; None without one.

    Raises QuestionError for a value that is not a day, for two values, or for a day after today.
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
    """Whether a calendar is to be whole (``all=1``), which is not part of a question."""
    return _switch("all", _single_values(("all",), data, problems), problems) == "1"


API_LANGUAGE: Final = "en"
"""The default language of the API."""


class AnswerShape(NamedTuple):
    """How the API is to answer: the language of texts, the columns, and whether with counts."""

    language: str
    fields: tuple[str, ...]
    facets: bool


def read_shape(
    data: Mapping[str, Sequence[str]], columns: Collection[str], problems: list[Problem]
) -> AnswerShape:
    """Parse how the API is to answer; ``fields`` are names of columns with commas between them."""
    single = _single_values(API_PARAMETERS, data, problems)
    fields = tuple(dict.fromkeys(_present(single.get("fields", "").split(","))))
    problems += [Problem("fields", "unknown", name) for name in fields if name not in columns]
    return AnswerShape(
        _switch("lang", single, problems) or API_LANGUAGE,
        tuple(name for name in fields if name in columns),
        _switch("facets", single, problems) == "1",
    )


def read_opened(
    data: Mapping[str, Sequence[str]], groups: Collection[str], problems: list[Problem]
) -> tuple[str, ...]:
    """Return the groups to show with all options (``options``), which is not part of a question."""
    return _repeated("options", data, {"options": frozenset(groups)}, problems)


def read_at(data: Mapping[str, Sequence[str]], problems: list[Problem]) -> EdtfDate | None:
    """Return the date at which a page is to begin (``at``), which is not part of a question."""
    text = _single_values(("at",), data, problems).get("at", "")
    date = _only_reading("at", text, _PERIOD, "unreadable", problems) if text else ""
    return parse(date) if date else None


def read_display(data: Mapping[str, Sequence[str]], problems: list[Problem]) -> Display:
    """Parse the display of a page; parameters that cannot be read are problems and left out."""
    single = _single_values(DISPLAY_PARAMETERS, data, problems)
    if not single:
        return AS_LIST
    switches = {
        name: _switch(name, single, problems) for name in DISPLAY_PARAMETERS if name in _SWITCHES
    }
    default = AS_LIST
    return Display(
        view=View(switches["view"] or default.view),
        lanes=GroupBy(switches["lanes"] or default.lanes),
        zoom=_zoom(single.get("zoom", ""), problems),
        centre=_centre(single.get("centre", ""), problems),
        colour=Colour(switches["colour"]) if switches["colour"] else None,
        against=GroupBy(switches["against"] or default.against),
        sort=Sort(switches["sort"] or default.sort),
        stacked=switches["stacked"] == "1",
    )


def read_words(data: Mapping[str, Sequence[str]]) -> str:
    """Read the words of a search (``q``), empty without any; raise QuestionError if it cannot."""
    problems: list[Problem] = []
    q = _words(_single_values(("q",), data, problems), problems)
    if problems:
        raise QuestionError(problems)
    return q


def read_index(data: Mapping[str, Sequence[str]]) -> IndexQuestion:
    """Parse a question about the index of a noun; raise QuestionError for unreadable values."""
    problems: list[Problem] = []
    single = _single_values(INDEX_PARAMETERS, data, problems)
    initial, after = single.get("initial", ""), single.get("after", "")
    if initial and initial != NO_LETTER and (len(initial) > 1 or fold(initial) != initial):
        problems.append(Problem("initial", "unknown", initial))
    if after and not _KEY.fullmatch(after):
        problems.append(Problem("after", "unreadable", after))
    q = _words(single, problems)
    if problems:
        raise QuestionError(problems)
    return IndexQuestion(q, initial, int(after) if after else None)


def read_changes(
    data: Mapping[str, Sequence[str]], choices: Mapping[str, frozenset[str]]
) -> ChangesQuestion:
    """Parse a question about the changes; raise QuestionError for unreadable values.

    ``choices`` contains the values of ``noun`` and the codes of ``party``.
    """
    problems: list[Problem] = []
    single = _single_values(CHANGES_PARAMETERS, data, problems)
    month = single.get("month", "")
    if month:
        month = _only_reading("month", month, _MONTH, "not_a_month", problems)
        if month.startswith("0000"):
            problems.append(Problem("month", "not_a_month", single["month"]))
    problems += [
        Problem(name, "unknown", single[name])
        for name in ("noun", "party")
        if name in single and single[name] not in choices[name]
    ]
    if problems:
        raise QuestionError(problems)
    return ChangesQuestion(month, *(single.get(name, "") for name in ("noun", "party", "after")))


def _event_switches(single: Mapping[str, str], problems: list[Problem]) -> dict[str, bool]:
    """Return the attributes of a question that say how its parties took part in events."""
    return {
        "any_party": _switch("party_match", single, problems) == "any",
        "direct": _switch("direct", single, problems) == "1",
        "met": _switch("met", single, problems) == "1",
    }


def _build(
    question_class: type[AnyQuestion],
    single: Mapping[str, str],
    data: Mapping[str, Sequence[str]],
    choices: Mapping[str, frozenset[str]],
    problems: list[Problem],
    **more: object,
) -> AnyQuestion:
    closed = {name: frozenset(f.codes) for name, f in question_class.FILTERS.items() if f.codes}
    repeated = {
        attribute: _repeated(parameter, data, {**choices, **closed}, problems)
        for parameter, attribute in question_class.REPEATABLE.items()
        if parameter in data
    }
    start, end = _period(single, problems)
    order = _switch("order", single, problems) or Order.NEWEST.value
    certain = _switch("certain", single, problems) == "1"
    q = _words(single, problems)
    if order == Order.RELEVANCE and not q and not any(p.parameter == "q" for p in problems):
        problems.append(Problem("order", "relevance_without_words", order))
    if problems:
        raise QuestionError(problems)
    attributes = {
        "q": q,
        "start": start,
        "end": end,
        "certain": certain,
        "order": Order(order),
        "after": single.get("after", ""),
        **repeated,
        **more,
    }
    question = question_class(**attributes)  # type: ignore[arg-type]
    # Raises QuestionError for a cursor of another question.
    question.cursor()
    return question


def _words(single: Mapping[str, str], problems: list[Problem]) -> str:
    q = single.get("q", "")
    if _too_long(q):
        problems.append(Problem("q", "too_long", q))
    elif q and not parse_query(q):
        problems.append(Problem("q", "no_words", q))
    return q


def _too_long(q: str) -> bool:
    if len(q) > MAX_CHARACTERS:
        return True
    # A single character may fold to four words.
    folded = words(q)
    return len(folded) > MAX_WORDS or sum(map(len, folded)) > MAX_CHARACTERS


def _present(values: Sequence[str]) -> list[str]:
    """Return the stripped values that are not empty; a lone surrogate becomes '?'."""
    encodable = (value.encode("utf-8", "replace").decode() for value in values)
    return [stripped for value in encodable if (stripped := value.strip())]


def _single_values(
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
    choices: Mapping[str, frozenset[str]],
    problems: list[Problem],
) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(_present(data.get(parameter, ()))))
    if len(values) > MAX_VALUES:
        problems.append(Problem(parameter, "too_many", values[MAX_VALUES]))
        return ()
    valid = choices[parameter]
    problems += [Problem(parameter, "unknown", value) for value in values if value not in valid]
    return tuple(sorted(values))


def _switch(
    name: str,
    single: Mapping[str, str],
    problems: list[Problem],
    values: Sequence[str] | None = None,
) -> str:
    value = single.get(name, "")
    if value and value not in (values or _SWITCHES[name]):
        problems.append(Problem(name, "unknown", value))
        return ""
    return value


def _period(
    single: Mapping[str, str], problems: list[Problem]
) -> tuple[EdtfDate | None, EdtfDate | None]:
    ends: list[EdtfDate | None] = []
    for name in ("from", "to"):
        text = single.get(name, "")
        date = _only_reading(name, text, _PERIOD, "unreadable", problems) if text else ""
        ends.append(parse(date) if date else None)
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
    date = _only_reading(name, text, _DAY, "not_a_day", problems) if text else ""
    return dt.date.fromisoformat(date) if date else None


def _only_reading(
    name: str, text: str, pattern: re.Pattern[str], error_code: str, problems: list[Problem]
) -> str:
    """Return the only date matching a pattern that a text may mean, or '' with a problem."""
    dates = [date for date in readings(text) if pattern.fullmatch(date)]
    if len(dates) == 1:
        return dates[0]
    problems.append(Problem(name, "ambiguous" if dates else error_code, text))
    return ""


def _centre(text: str, problems: list[Problem]) -> dt.date | Position | None:
    """Read the middle of a picture: a day of lanes, or a position on the map."""
    if match := _POSITION.fullmatch(text.replace(" ", "")):
        position = Position(*(round(float(degrees), 2) for degrees in match.groups()))
        if abs(position.latitude) <= 90 and abs(position.longitude) <= 180:
            return position
    return _day("centre", text, problems)


def _zoom(text: str, problems: list[Problem]) -> int:
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) <= MAX_ZOOM):
        problems.append(Problem("zoom", "no_zoom", text))
        return 0
    return int(text or 0)
