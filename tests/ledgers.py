"""The whole content of a ledger's index, to compare it with another."""

import datetime as dt

from timeline.core.question import LedgerQuestion, Question
from timeline.index import ledger as core
from timeline.pictures.lanes import rows as lanes

SPAN = dt.date(1990, 1, 1), dt.date(2030, 12, 31)


def content(index: core.Ledger) -> object:
    """Return the counts, the keys and the lanes of a ledger's index, and what is late in it."""
    questions = [LedgerQuestion(), lanes.still_open(Question()), LedgerQuestion(direct=True)]
    return (
        [index.answer(question, {}) for question in questions],
        [list(index.keys(question, {})) for question in questions],
        [index.standing(question, {}, SPAN, 40) for question in questions],
        [index.late(LedgerQuestion(overdue=True), 40), index.late(LedgerQuestion(quiet=True), 40)],
    )
