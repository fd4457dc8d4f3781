"""A reader's question about the timeline: one frozen value, from a query string and back to it.

Page, exports, feeds, API and embeds all take the same question; ``reading`` makes it of what was
sent.
"""

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Final, NamedTuple, Self
from urllib.parse import urlencode

from timeline.core.codes import Order
from timeline.core.dates import EdtfDate, Heading, parse
from timeline.core.display import AS_LIST, Display
from timeline.core.filters import OF_COMMITMENTS, OF_EVENTS
from timeline.core.folding import SearchTerms, parse_query

_RUNS: Final[Mapping[Order, int]] = {Order.NEWEST: 2, Order.OLDEST: 2, Order.RELEVANCE: 3}
"""Runs that a list is made of, one after the other: what is upcoming and what is not; or what the
title names, what a quotation does, and what only the text does."""


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
    """Where a page begins: after the event with this place in the order of the list.

    ``vague`` says that its date is less precise than a month, so that it stands under its year.
    """

    rank: int
    earliest: dt.date
    latest: dt.date
    pk: int
    seen: int
    vague: bool = False

    @property
    def heading(self) -> Heading:
        """The heading that the event stands under."""
        return Heading(self.earliest.year, None if self.vague else self.earliest.month)


@dataclass(frozen=True, slots=True)
class Question:
    """Which events a reader asks for, in which order, from where on.

    ``direct`` leaves out what parties took part in only through a bloc, ``met`` that of which they
    are only the addressee. ``display`` says how they are shown and is carried along with what is
    asked.
    """

    REPEATABLE: ClassVar[Mapping[str, str]] = {
        name: one.attribute for name, one in OF_EVENTS.items()
    }
    """Parameters that may be repeated, with the attribute that holds their values."""

    SINGLE: ClassVar[Sequence[str]] = (
        "q",
        "party_match",
        "direct",
        "met",
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
    met: bool = False
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
    display: Display = AS_LIST

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

    def with_display(self, **changes: object) -> Self:
        """The same question from its first page, shown otherwise."""
        return replace(self.without_page(), display=replace(self.display, **changes))  # type: ignore[arg-type]

    def to_pairs(self) -> list[tuple[str, str]]:
        """The parameters that ask this question, defaults left out, in a fixed order."""
        pairs = self.asked_pairs()
        return pairs if self.display is AS_LIST else [*pairs, *self.display.pairs()]

    def asked_pairs(self) -> list[tuple[str, str]]:
        """The parameters of what is asked, however it is shown."""
        pairs = [("q", self.q)] if self.q else []
        for parameter, attribute in self.REPEATABLE.items():
            for value in getattr(self, attribute):
                pairs.append((parameter, value))
        if self.any_party:
            pairs.append(("party_match", "any"))
        if self.direct:
            pairs.append(("direct", "1"))
        if self.met:
            pairs.append(("met", "1"))
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
                str(int(cursor.vague)),
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
            mark, rank, earliest, latest, pk, seen, vague = text.split("|")
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
        name: one.attribute for name, one in OF_COMMITMENTS.items()
    }
    SINGLE: ClassVar[Sequence[str]] = (*Question.SINGLE, "overdue", "quiet", "asof")

    statuses: tuple[str, ...] = ()
    obligors: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    overdue: bool = False
    quiet: bool = False
    asof: dt.date | None = None

    def asked_pairs(self) -> list[tuple[str, str]]:
        """The parameters of what is asked, however it is shown."""
        # No super() here: a dataclass with slots is made anew after its body is read.
        pairs = Question.asked_pairs(self)
        if self.overdue:
            pairs.append(("overdue", "1"))
        if self.quiet:
            pairs.append(("quiet", "1"))
        if self.asof:
            pairs.append(("asof", self.asof.isoformat()))
        return pairs
