"""All that a ledger says, to be compared with what another does."""

import datetime as dt

from timeline.core.question import LedgerQuestion, Question
from timeline.index import ledger as core
from timeline.pictures.lanes import rows as lanes

SPAN = dt.date(1990, 1, 1), dt.date(2030, 12, 31)


def told(found: core.Ledger) -> object:
    """Each count and all keys of a ledger, and what lanes show of it."""
    asked = [LedgerQuestion(), lanes.still_open(Question()), LedgerQuestion(direct=True)]
    return (
        [found.answer(question, {}) for question in asked],
        [list(found.keys(question, {})) for question in asked],
        [found.standing(question, {}, SPAN, 40) for question in asked],
        [found.late(LedgerQuestion(overdue=True), 40), found.late(LedgerQuestion(quiet=True), 40)],
    )
