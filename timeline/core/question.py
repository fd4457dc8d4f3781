"""A reader's question about a list: a frozen value that can be written as a query string.

Pages, exports, feeds, the API and embeds all take the same question. :mod:`timeline.core.reading`
parses it from the parameters of a request.
"""

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Final, NamedTuple, Self, TypeVar
from urllib.parse import urlencode

from timeline.core.codes import CommitmentNature, LedgerSort, Order
from timeline.core.dates import EdtfDate, Heading, heading, parse
from timeline.core.display import AS_LIST, Display
from timeline.core.filters import (
    OF_COMMITMENTS,
    OF_EVENTS,
    OF_INSTRUMENTS,
    Filter,
    attributes,
)
from timeline.core.folding import SearchTerms, parse_query

_RUNS: Final[Mapping[Order, int]] = {Order.NEWEST: 2, Order.OLDEST: 2, Order.RELEVANCE: 3}
"""The number of consecutive parts of a list by its order: upcoming events and others, or matches in
the title, in a quotation and only in the text."""


class Problem(NamedTuple):
    """An error in one parameter: its name, a stable code and the value as sent."""

    parameter: str
    code: str
    value: str


class QuestionError(ValueError):
    """Raised for a query string that cannot be read; ``problems`` has an entry for each error."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{p.parameter}: {p.code}" for p in problems))
        self.problems = tuple(problems)


class Cursor(NamedTuple):
    """The position of the last event before a page: the page begins after it.

    ``rank`` is the part of the list that the event is in. ``seen`` is the number of events up to
    it. ``vague`` means that its date is less precise than a month, so that it stands under its
    year.
    """

    rank: int
    earliest: dt.date
    latest: dt.date
    pk: int
    seen: int
    vague: bool = False

    @property
    def heading(self) -> Heading:
        return Heading(self.earliest.year, None if self.vague else self.earliest.month)


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """What every question about a list has: words, parties, a period, an order and a page.

    ``FILTERS`` are its repeatable filters. ``certain`` keeps only dates that are surely in the
    period; without a period it is always False.
    """

    FILTERS: ClassVar[Mapping[str, Filter]]
    REPEATABLE: ClassVar[Mapping[str, str]]
    """Parameters that may be repeated, with the attribute for their values."""

    SINGLE: ClassVar[Sequence[str]] = ("q", "from", "to", "certain", "order", "after")
    """Parameters that may be given only once."""

    q: str = ""
    parties: tuple[str, ...] = ()
    start: EdtfDate | None = None
    end: EdtfDate | None = None
    certain: bool = False
    order: Order = Order.NEWEST
    after: str = ""

    def __post_init__(self) -> None:
        # Every date is surely in a period without ends.
        if self.certain and self.period is None:
            object.__setattr__(self, "certain", False)

    @property
    def terms(self) -> SearchTerms:
        """The folded words and phrases to search for."""
        return parse_query(self.q)

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """The first and last day of the period, both included; None without a period."""
        if self.start is None and self.end is None:
            return None
        first = self.start.earliest if self.start else dt.date.min
        last = self.end.latest if self.end else dt.date.max
        return first, last

    def values(self, parameter: str) -> tuple[str, ...]:
        """Return the values of a repeatable parameter."""
        chosen: tuple[str, ...] = getattr(self, self.REPEATABLE[parameter])
        return chosen

    def with_values(self, parameter: str, values: Sequence[str]) -> Self:
        """Return the first page of the question with other values for a repeatable parameter."""
        return self.without_page()._replaced(self.REPEATABLE[parameter], tuple(values))

    def _replaced(self, attribute: str, value: tuple[str, ...]) -> Self:
        attributes = {field.name: getattr(self, field.name) for field in fields(self)}
        return type(self)(**{**attributes, attribute: value})

    def toggling(self, parameter: str, value: str) -> Self:
        """Return the question with a value removed if it was chosen, else added."""
        chosen = self.values(parameter)
        rest = tuple(other for other in chosen if other != value)
        return self.with_values(parameter, rest if len(rest) < len(chosen) else (*chosen, value))

    def without_page(self) -> Self:
        """Return the first page of the question."""
        return replace(self, after="") if self.after else self

    def within(self, start: str, end: str) -> Self:
        """Return the first page of the question for another period; '' leaves an end open."""
        return replace(
            self.without_page(),
            start=parse(start) if start else None,
            end=parse(end) if end else None,
        )

    def to_pairs(self) -> list[tuple[str, str]]:
        """Return the query parameters of the question, without defaults, in a fixed order."""
        return self.pairs_without_display()

    def pairs_without_display(self) -> list[tuple[str, str]]:
        """Return the query parameters of the question except those of its display."""
        pairs = [("q", self.q)] if self.q else []
        for parameter, attribute in self.REPEATABLE.items():
            pairs += [(parameter, value) for value in getattr(self, attribute)]
        pairs += self._switches()
        if self.start:
            pairs.append(("from", self.start.text))
        if self.end:
            pairs.append(("to", self.end.text))
        if self.certain:
            pairs.append(("certain", "1"))
        if self.order != Order.NEWEST:
            pairs.append(("order", self.order.value))
        if self.after:
            pairs.append(("after", self.after))
        return pairs

    @property
    def is_by_time(self) -> bool:
        """Whether the list is in the order of time."""
        return self.order != Order.RELEVANCE

    def cursor_at(self, date: EdtfDate) -> Cursor:
        """Return a cursor after which the list begins with the first record at a date.

        From the newest to the oldest, that is the first one dated at or before its last day, else
        at or after its first day. The cursor is not that of a record.
        """
        if self.order == Order.OLDEST:
            # A year stands before its months, so that what is dated with it alone comes first.
            vague = heading(date).month is None
            return Cursor(0, date.earliest, dt.date.max, 0, 0, vague)
        if date.latest == dt.date.max:
            return Cursor(0, dt.date.max, dt.date.min, 0, 0)
        following = date.latest + dt.timedelta(days=1)
        vague = (following.month, following.day) == (1, 1)
        return Cursor(0, following, dt.date.max, 0, 0, vague)

    @property
    def _ranks(self) -> int:
        """The number of ranks that the cursor of a page may have."""
        return _RUNS[self.order]

    def _switches(self) -> list[tuple[str, str]]:
        """Return the parameters that say how the filters before them are meant."""
        return []

    def query_string(self) -> str:
        """Return the query string of the question, with its '?', or '' without parameters."""
        pairs = self.to_pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def fingerprint(self) -> str:
        """A short digest of the question without page and display, which cursors contain."""
        text = urlencode(self.without_page().pairs_without_display())
        return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()

    def cursor_after(self, cursor: Cursor) -> Self:
        """Return the page of the question that begins after a cursor."""
        text = "|".join(
            (
                self.fingerprint,
                str(cursor.rank),
                cursor.earliest.isoformat(),
                cursor.latest.isoformat(),
                str(cursor.pk),
                str(cursor.seen),
                str(int(cursor.vague)),
            )
        )
        encoded = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return replace(self, after=encoded)

    def cursor(self) -> Cursor | None:
        """Decode the cursor of the page; None for the first page.

        Raises QuestionError for a cursor of another question.
        """
        if not self.after:
            return None
        try:
            padded = self.after + "=" * (-len(self.after) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
            fingerprint, rank, earliest, latest, pk, seen, vague = text.split("|")
            cursor = Cursor(
                int(rank),
                dt.date.fromisoformat(earliest),
                dt.date.fromisoformat(latest),
                int(pk),
                int(seen),
                {"0": False, "1": True}[vague],
            )
        except (ValueError, KeyError, binascii.Error) as error:
            raise QuestionError([Problem("after", "unreadable", self.after)]) from error
        in_range = (
            0 <= cursor.rank < self._ranks and 0 <= cursor.pk < 2**63 and 0 <= cursor.seen < 2**63
        )
        if fingerprint != self.fingerprint or not in_range:
            raise QuestionError([Problem("after", "unreadable", self.after)])
        return cursor


AnyQuestion = TypeVar("AnyQuestion", bound=ListQuestion)


@dataclass(frozen=True, slots=True)
class Question(ListQuestion):
    """The filters, the order and the page of a list of events, and how it is displayed.

    ``direct`` leaves out what parties took part in only through a bloc, ``met`` that of which they
    are only the addressee.
    """

    FILTERS: ClassVar[Mapping[str, Filter]] = OF_EVENTS
    REPEATABLE: ClassVar[Mapping[str, str]] = attributes(OF_EVENTS)
    SINGLE: ClassVar[Sequence[str]] = (*ListQuestion.SINGLE, "party_match", "direct", "met")

    sectors: tuple[str, ...] = ()
    any_party: bool = False
    direct: bool = False
    met: bool = False
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    source_kinds: tuple[str, ...] = ()
    display: Display = AS_LIST

    def with_display(self, **changes: object) -> Self:
        """Return the first page of the question with changes to its display."""
        return replace(self.without_page(), display=replace(self.display, **changes))  # type: ignore[arg-type]

    def to_pairs(self) -> list[tuple[str, str]]:
        """Return the query parameters of the question, without defaults, in a fixed order."""
        pairs = self.pairs_without_display()
        return pairs if self.display is AS_LIST else [*pairs, *self.display.pairs()]

    def _switches(self) -> list[tuple[str, str]]:
        pairs = [("party_match", "any")] if self.any_party else []
        if self.direct:
            pairs.append(("direct", "1"))
        if self.met:
            pairs.append(("met", "1"))
        return pairs


@dataclass(frozen=True, slots=True)
class LedgerQuestion(Question):
    """The filters, the order and the page of a list of commitments.

    The filters of events apply to the events at which commitments were made, but sectors, parties
    and sources are the commitments' own. With several statuses, obligors or beneficiaries, a
    commitment matches if it has any of them. ``nature`` is None for undertakings and requests
    alike. ``asof`` gives the ledger as of a day. ``sort`` comes before the order of time; the rank
    of a cursor is then what is sorted by: a day as an ordinal, or the number of a state.
    """

    FILTERS: ClassVar[Mapping[str, Filter]] = OF_COMMITMENTS
    REPEATABLE: ClassVar[Mapping[str, str]] = attributes(OF_COMMITMENTS)
    SINGLE: ClassVar[Sequence[str]] = (
        *(*Question.SINGLE, "overdue", "quiet", "nature", "asof"),
        "sort",
    )

    statuses: tuple[str, ...] = ()
    obligors: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    overdue: bool = False
    quiet: bool = False
    nature: CommitmentNature | None = CommitmentNature.UNDERTAKING
    asof: dt.date | None = None
    sort: LedgerSort = LedgerSort.NEWEST

    @property
    def is_by_time(self) -> bool:
        """Whether the list is in the order of time."""
        return self.sort == LedgerSort.NEWEST and self.order != Order.RELEVANCE

    @property
    def _ranks(self) -> int:
        if self.sort == LedgerSort.NEWEST:
            return _RUNS[self.order]
        return dt.date.max.toordinal() + 1

    def pairs_without_display(self) -> list[tuple[str, str]]:
        """Return the query parameters of the question except those of its display."""
        # super() does not work here: dataclass(slots=True) replaces the class with a new one.
        pairs = Question.pairs_without_display(self)
        if self.overdue:
            pairs.append(("overdue", "1"))
        if self.quiet:
            pairs.append(("quiet", "1"))
        if self.nature != CommitmentNature.UNDERTAKING:
            pairs.append(("nature", self.nature.value if self.nature else "any"))
        if self.asof:
            pairs.append(("asof", self.asof.isoformat()))
        if self.sort != LedgerSort.NEWEST:
            pairs.append(("sort", self.sort.value))
        return pairs


@dataclass(frozen=True, slots=True)
class InstrumentQuestion(ListQuestion):
    """The filters, the order and the page of a list of texts.

    ``statuses`` and ``waiting`` apply to each of the ``parties``, or to any party to the text if
    none is chosen. ``asof`` gives the list as of a day.
    """

    FILTERS: ClassVar[Mapping[str, Filter]] = OF_INSTRUMENTS
    REPEATABLE: ClassVar[Mapping[str, str]] = attributes(OF_INSTRUMENTS)
    SINGLE: ClassVar[Sequence[str]] = (*ListQuestion.SINGLE, "waiting", "asof")

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    bindings: tuple[str, ...] = ()
    waiting: bool = False
    asof: dt.date | None = None

    def pairs_without_display(self) -> list[tuple[str, str]]:
        """Return the query parameters of the question except those of its display."""
        pairs = ListQuestion.pairs_without_display(self)
        if self.asof:
            pairs.append(("asof", self.asof.isoformat()))
        return pairs

    def _switches(self) -> list[tuple[str, str]]:
        return [("waiting", "1")] if self.waiting else []


@dataclass(frozen=True, slots=True)
class IndexQuestion:
    """What a reader asks of the index of a noun: words, an initial, and a page.

    ``initial`` is a folded letter, or :data:`NO_LETTER`. ``after`` is the key of the last record
    before the page, None for the first page.
    """

    q: str = ""
    initial: str = ""
    after: int | None = None

    @property
    def terms(self) -> SearchTerms:
        """The terms of the words, all of which a record must hold."""
        return parse_query(self.q)

    def query_string(self) -> str:
        """Return the question as a query string, with its question mark if it is not empty."""
        pairs = {"q": self.q, "initial": self.initial, "after": self.after}
        present = {name: value for name, value in pairs.items() if value}
        return f"?{urlencode(present)}" if present else ""


@dataclass(frozen=True, slots=True)
class ChangesQuestion:
    """What a reader asks of the changes of the record: a month, a noun, a party, and a page.

    Without a ``month``, such as '2026-11', it is the last one in which something changed. ``after``
    is the key of the last change before the page, '' for the first page.
    """

    month: str = ""
    noun: str = ""
    party: str = ""
    after: str = ""

    def query_string(self) -> str:
        """Return the question as a query string, with its question mark if it is not empty."""
        pairs = {name: getattr(self, name) for name in ("month", "noun", "party", "after")}
        present = {name: value for name, value in pairs.items() if value}
        return f"?{urlencode(present)}" if present else ""


NO_LETTER: Final = "0"
"""The initial of records whose names begin with a digit or a sign."""
