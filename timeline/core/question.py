"""A reader's question about the timeline: one frozen value, from a query string and back to it.

Page, exports, feeds, API and embeds all take the same question. Reading it never guesses: an
unknown parameter is ignored, an empty value is as if absent, and a value that cannot be read is
an error that names its parameter.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Final, NamedTuple, Self, TypeVar
from urllib.parse import urlencode

from timeline.core.codes import CommitmentStatus, EventKind, EventState, Order, SourceKind
from timeline.core.dates import EdtfDate, EdtfError, Precision, parse
from timeline.core.folding import SearchTerms, parse_query
from timeline.core.look import AS_A_LIST, MOST_ZOOM, Group, Look, Sort, View

MAX_WORDS: Final = 1000
"""How many characters of words to find are accepted."""

MAX_VALUES: Final = 250
"""How many values one repeatable parameter may carry."""

_CLOSED: Final[Mapping[str, frozenset[str]]] = {
    "kind": frozenset(EventKind),
    "state": frozenset(EventState),
    "source_kind": frozenset(SourceKind),
    "status": frozenset(CommitmentStatus),
}

_OPEN: Final = ("place", "person", "source")
"""Parameters whose values are too many to be told."""

_SWITCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "order": tuple(Order),
    "party_match": ("all", "any"),
    **dict.fromkeys(("direct", "certain", "overdue", "quiet", "stacked"), ("0", "1")),
    "view": tuple(View),
    "lanes": tuple(Group),
    "against": tuple(Group),
    "sort": tuple(Sort),
}

LOOKS: Final = ("view", "lanes", "zoom", "centre", "against", "sort", "stacked")
"""Parameters that say how to show what is found; none of them stands more than once."""

_RUNS: Final[Mapping[Order, int]] = {Order.NEWEST: 2, Order.OLDEST: 2, Order.RELEVANCE: 3}
"""Runs that a list is made of, one after the other: what is upcoming and what is not; or what the
title names, what a quotation does, and what only the text does."""

_PERIOD: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Problem(NamedTuple):
    """What is wrong with one parameter: its name, a stable code and the value as sent."""

    parameter: str
    code: str
    value: str


class QuestionError(ValueError):
    """A query string that cannot be read; ``problems`` says which parameters and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{p.parameter}: {p.code}" for p in problems))
        self.problems = tuple(problems)


class Cursor(NamedTuple):
    """Where a page begins: after the event with this place in the order of the list."""

    rank: int
    earliest: dt.date
    latest: dt.date
    pk: int
    seen: int


@dataclass(frozen=True, slots=True)
class Question:
    """Which events a reader asks for, in which order, from where on.

    ``look`` says how they are shown and is carried along with what is asked.
    """

    REPEATABLE: ClassVar[Mapping[str, str]] = {
        "sector": "sectors",
        "party": "parties",
        "kind": "kinds",
        "state": "states",
        "framework": "frameworks",
        "place": "places",
        "person": "people",
        "source": "sources",
        "source_kind": "source_kinds",
    }
    """Parameters that may be repeated, with the attribute that holds their values."""

    SINGLE: ClassVar[Sequence[str]] = (
        "q",
        "party_match",
        "direct",
        "from",
        "to",
        "certain",
        "order",
        "after",
    )
    """Parameters that stand at most once."""

    q: str = ""
    sectors: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    any_party: bool = False
    direct: bool = False
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    source_kinds: tuple[str, ...] = ()
    start: EdtfDate | None = None
    end: EdtfDate | None = None
    certain: bool = False
    order: Order = Order.NEWEST
    after: str = ""
    look: Look = AS_A_LIST

    @property
    def terms(self) -> SearchTerms:
        """The words and phrases to find, folded."""
        return parse_query(self.q)

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """First and last day asked for, both included; None when no period is."""
        if self.start is None and self.end is None:
            return None
        first = self.start.earliest if self.start else dt.date.min
        last = self.end.latest if self.end else dt.date.max
        return first, last

    def values(self, parameter: str) -> tuple[str, ...]:
        """The values chosen for a repeatable parameter."""
        chosen: tuple[str, ...] = getattr(self, self.REPEATABLE[parameter])
        return chosen

    def with_values(self, parameter: str, values: Sequence[str]) -> Self:
        """The same question, from its first page, with other values for a repeatable parameter."""
        return self.without_page()._replaced(self.REPEATABLE[parameter], tuple(values))

    def _replaced(self, attribute: str, value: tuple[str, ...]) -> Self:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return type(self)(**{**given, attribute: value})

    def toggling(self, parameter: str, value: str) -> Self:
        """The same question with a value taken out if it was chosen, else added."""
        chosen = self.values(parameter)
        rest = tuple(other for other in chosen if other != value)
        return self.with_values(parameter, rest if len(rest) < len(chosen) else (*chosen, value))

    def without_page(self) -> Self:
        """The same question from its first page."""
        return replace(self, after="") if self.after else self

    def within(self, start: str, end: str) -> Self:
        """The same question, from its first page, for another period; '' leaves an end open."""
        return replace(
            self.without_page(),
            start=parse(start) if start else None,
            end=parse(end) if end else None,
            certain=self.certain and bool(start or end),
        )

    def looked_at(self, **changes: object) -> Self:
        """The same question from its first page, shown otherwise."""
        return replace(self.without_page(), look=replace(self.look, **changes))  # type: ignore[arg-type]

    def to_pairs(self) -> list[tuple[str, str]]:
        """The parameters that ask this question, defaults left out, in a fixed order."""
        return [*self.asked_pairs(), *self.look.pairs()]

    def asked_pairs(self) -> list[tuple[str, str]]:
        """The parameters of what is asked, however it is shown."""
        pairs = [("q", self.q)] if self.q else []
        for parameter, attribute in self.REPEATABLE.items():
            pairs += [(parameter, value) for value in getattr(self, attribute)]
        return pairs + [(name, value) for name, value in self._single_pairs() if value]

    def _single_pairs(self) -> tuple[tuple[str, str], ...]:
        return (
            ("party_match", "any" if self.any_party else ""),
            ("direct", "1" if self.direct else ""),
            ("from", self.start.text if self.start else ""),
            ("to", self.end.text if self.end else ""),
            ("certain", "1" if self.certain else ""),
            ("order", "" if self.order == Order.NEWEST else self.order.value),
            ("after", self.after),
        )

    def query_string(self) -> str:
        """The query string that asks this question, with its '?' when there is anything to ask."""
        pairs = self.to_pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def fingerprint(self) -> str:
        """A short digest of what is asked, apart from the page: cursors carry it."""
        text = urlencode(self.without_page().asked_pairs())
        return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()

    def cursor_after(self, cursor: Cursor) -> Self:
        """The same question from the event after a place in its list."""
        text = "|".join(
            (
                self.fingerprint,
                str(cursor.rank),
                cursor.earliest.isoformat(),
                cursor.latest.isoformat(),
                str(cursor.pk),
                str(cursor.seen),
            )
        )
        encoded = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return replace(self, after=encoded)

    def cursor(self) -> Cursor | None:
        """Where its page begins; raises QuestionError for a cursor of another question."""
        if not self.after:
            return None
        try:
            padded = self.after + "=" * (-len(self.after) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
            mark, rank, earliest, latest, pk, seen = text.split("|")
            cursor = Cursor(
                int(rank),
                dt.date.fromisoformat(earliest),
                dt.date.fromisoformat(latest),
                int(pk),
                int(seen),
            )
        except (ValueError, binascii.Error) as error:
            raise QuestionError([Problem("after", "unreadable", self.after)]) from error
        in_range = (
            0 <= cursor.rank < _RUNS[self.order]
            and 0 <= cursor.pk < 2**63
            and 0 <= cursor.seen < 2**63
        )
        if mark != self.fingerprint or not in_range:
            raise QuestionError([Problem("after", "unreadable", self.after)])
        return cursor


@dataclass(frozen=True, slots=True)
class LedgerQuestion(Question):
    """Which commitments a reader asks for: the filters are those of the events they were made at.

    Sectors, parties and sources are the commitments' own. Of several statuses, obligors or
    beneficiaries any will do. ``asof`` asks for the ledger as of a day.
    """

    REPEATABLE: ClassVar[Mapping[str, str]] = {
        **Question.REPEATABLE,
        "status": "statuses",
        "obligor": "obligors",
        "beneficiary": "beneficiaries",
    }
    SINGLE: ClassVar[Sequence[str]] = (*Question.SINGLE, "overdue", "quiet", "asof")

    statuses: tuple[str, ...] = ()
    obligors: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    overdue: bool = False
    quiet: bool = False
    asof: dt.date | None = None

    # No super() here: a dataclass with slots is made anew after its body is read.
    def _single_pairs(self) -> tuple[tuple[str, str], ...]:
        return (
            *Question._single_pairs(self),
            ("overdue", "1" if self.overdue else ""),
            ("quiet", "1" if self.quiet else ""),
            ("asof", self.asof.isoformat() if self.asof else ""),
        )


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


def read_opened(
    data: Mapping[str, Sequence[str]], groups: Collection[str], problems: list[Problem]
) -> tuple[str, ...]:
    """The groups whose options a page shall hold whole (``options``); no part of a question."""
    return _repeated("options", data, {"options": frozenset(groups)}, problems)


def read_look(data: Mapping[str, Sequence[str]], problems: list[Problem]) -> Look:
    """How a page shall show what it finds; what cannot be read is told and left out."""
    single = _only_once(LOOKS, data, problems)
    named = {name: _one_of(name, single, problems) for name in LOOKS if name in _SWITCHES}
    plain = AS_A_LIST
    return Look(
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
    }
    start, end = _period(single, problems)
    order = _one_of("order", single, problems) or Order.NEWEST.value
    match = _one_of("party_match", single, problems)
    direct, certain = (_one_of(name, single, problems) for name in ("direct", "certain"))
    q = single.get("q", "")
    if len(q) > MAX_WORDS:
        problems.append(Problem("q", "too_long", q))
    elif not parse_query(q) and q:
        q = ""
    if order == Order.RELEVANCE and not q and not any(one.parameter == "q" for one in problems):
        problems.append(Problem("order", "relevance_without_words", order))
    if problems:
        raise QuestionError(problems)
    given = {
        "q": q,
        "any_party": match == "any",
        "direct": direct == "1",
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
        values = _present(data.get(name, ()))
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
        date = _day_month_or_year(text) if text else None
        if text and date is None:
            problems.append(Problem(name, "unreadable", text))
        ends.append(date)
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
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        problems.append(Problem(name, "not_a_day", text))
    return day


def _zoom(text: str, problems: list[Problem]) -> int:
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_ZOOM):
        problems.append(Problem("zoom", "no_zoom", text))
        return 0
    return int(text or 0)


def _day_month_or_year(text: str) -> EdtfDate | None:
    if not _PERIOD.fullmatch(text):
        return None
    try:
        date = parse(text)
    except EdtfError:
        return None
    plain = (Precision.DAY, Precision.MONTH, Precision.YEAR)
    return date if date.precision in plain else None
