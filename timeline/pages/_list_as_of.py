"""What the pages of commitments and of texts show alike: lists that are read as of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from timeline.core.question import InstrumentQuestion, LedgerQuestion
from timeline.formats import options
from timeline.formats.facets import Facet
from timeline.formats.pagination import pagination
from timeline.formats.sentences import Chip
from timeline.formats.years import years
from timeline.index.instruments import InstrumentAnswer
from timeline.index.ledger import LedgerAnswer
from timeline.pages._asof import asof_query
from timeline.pages._nothing import NothingFound
from timeline.queries import searched
from timeline.queries.as_of import AsOf


def list_context(
    question: LedgerQuestion | InstrumentQuestion,
    answer: LedgerAnswer | InstrumentAnswer,
    when: AsOf,
    address: str,
    *,
    chips: Sequence[Chip],
    nothing: NothingFound | None,
    groups: Iterable[Facet],
    opened: tuple[str, ...],
) -> dict[str, Any]:
    """Return the context of an answer, whose page is at an address; ``groups`` are its filters.

    ``nothing`` is what to suggest where nothing was found. The groups of options that are
    ``opened`` show all of theirs.
    """
    return {
        "question": question,
        "answer": answer,
        "address": address,
        "asof": {"day": when.day if when.is_past else None, "problems": ()},
        "asof_query": asof_query(when),
        "clock": searched.clock(when),
        "today_query": replace(question.without_page(), asof=None).query_string(),
        "chips": chips,
        "nothing": nothing,
        "cleared": "",
        "facets": options.option_groups(groups, address + question.query_string(), opened),
        "problems": (),
        "invalid": frozenset(),
        "years": years(question, answer.years, address),
        "pagination": pagination(question, answer, address, opened),
        "carried": [("options", parameter) for parameter in opened],
    }
