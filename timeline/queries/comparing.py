"""Two parties side by side: what they did together, promised each other and signed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from timeline.core.codes import CommitmentStatus
from timeline.core.filters import OF_INSTRUMENTS
from timeline.core.question import InstrumentQuestion, LedgerQuestion, Question
from timeline.index.current import current
from timeline.index.interface import Answer
from timeline.index.ledger import Ledger
from timeline.models import Party
from timeline.queries import instrument_list, instruments, ledger
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView, all_views
from timeline.queries.host_turns import host_turns
from timeline.queries.instruments import InstrumentView

LISTED: Final = 10
"""How many texts of both parties their comparison lists."""


class QueryCount(NamedTuple):
    """How many records a query string finds."""

    number: int
    query: str


class Owed(NamedTuple):
    """The commitments of one party to the other: all, by state, overdue and quiet."""

    obligor: Party
    beneficiary: Party
    total: QueryCount
    by_status: dict[str, QueryCount]
    overdue: QueryCount
    quiet: QueryCount


class TextsOfBoth(NamedTuple):
    """The texts to which both are parties: all, those in which both have a status, the newest.

    ``waiting`` are those for which the ratification of both is waited for.
    """

    total: QueryCount
    by_status: dict[str, QueryCount]
    waiting: QueryCount
    newest: Sequence[InstrumentView]


@dataclass(frozen=True, slots=True)
class PartyComparison:
    """Two parties side by side, as of a day.

    ``events`` are those that each took part in, by its code, and ``together`` those of both, of
    which ``answer`` has the keys of the first page. ``owed`` has both directions. ``frameworks``
    are those in which both are, as sides or as members of a bloc that is one.
    """

    parties: tuple[Party, Party]
    events: dict[str, QueryCount]
    together: QueryCount
    question: Question
    answer: Answer
    owed: tuple[Owed, Owed]
    texts: TextsOfBoth
    frameworks: Sequence[FrameworkView]

    @property
    def statuses(self) -> list[CommitmentStatus]:
        """The states in which one of them owes the other something."""
        return [
            status
            for status in CommitmentStatus
            if any(direction.by_status[status].number for direction in self.owed)
        ]


def compared(first: Party, second: Party, when: AsOf, today: dt.date) -> PartyComparison:
    """Compare two parties; events are those dated until the day, as recorded now."""
    codes = (first.code, second.code)
    together = events_of(codes, when)
    answer = current().answer(together, today=today)
    views = all_views(when) if when.is_past else host_turns(when.day)
    ledger_then = ledger.on(when)
    return PartyComparison(
        parties=(first, second),
        events={code: _events(events_of((code,), when), today) for code in codes},
        together=QueryCount(answer.total, together.query_string()),
        question=together,
        answer=answer,
        owed=(
            _owed(ledger_then, first, second, when),
            _owed(ledger_then, second, first, when),
        ),
        texts=_texts(codes, when),
        frameworks=[view for view in views if all(view.includes(code) for code in codes)],
    )


def events_of(codes: tuple[str, ...], when: AsOf) -> Question:
    """Return the question for the events of these parties together, dated until the day."""
    question = Question(parties=codes)
    return question.within("", when.day.isoformat()) if when.is_past else question


def _events(question: Question, today: dt.date) -> QueryCount:
    return QueryCount(current().answer(question, today=today).total, question.query_string())


def _owed(ledger_then: Ledger, obligor: Party, beneficiary: Party, when: AsOf) -> Owed:
    question = LedgerQuestion(
        obligors=(obligor.code,),
        beneficiaries=(beneficiary.code,),
        asof=when.day if when.is_past else None,
    )
    counts = ledger_then.statuses(question)

    def counted(narrower: LedgerQuestion) -> QueryCount:
        return QueryCount(ledger_then.total(narrower, {}), narrower.query_string())

    return Owed(
        obligor,
        beneficiary,
        QueryCount(sum(counts.values()), question.query_string()),
        {
            status: QueryCount(
                counts.get(status, 0), replace(question, statuses=(status.value,)).query_string()
            )
            for status in CommitmentStatus
        },
        overdue=counted(replace(question, overdue=True)),
        quiet=counted(replace(question, quiet=True)),
    )


def _texts(codes: tuple[str, str], when: AsOf) -> TextsOfBoth:
    question = InstrumentQuestion(parties=codes, asof=when.day if when.is_past else None)
    answer = instrument_list.on(when).answer(question, {})
    return TextsOfBoth(
        QueryCount(answer.total, question.query_string()),
        {
            status: QueryCount(
                answer.options["status"].get(status, 0),
                replace(question, statuses=(str(status),)).query_string(),
            )
            for status in OF_INSTRUMENTS["status"].codes
        },
        QueryCount(answer.waiting, replace(question, waiting=True).query_string()),
        instruments.in_order(answer.keys[:LISTED], when),
    )
