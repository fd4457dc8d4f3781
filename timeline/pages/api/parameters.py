"""What the API's description says of parameters."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from timeline.core.codes import LedgerSort
from timeline.core.columns import INDEX_NOUNS
from timeline.core.filters import CODED
from timeline.core.question import InstrumentQuestion, LedgerQuestion, ListQuestion, Question
from timeline.core.reading import CHANGES_PARAMETERS, accepted
from timeline.core.relations import CHANGE_LISTS
from timeline.queries.changes import MODELS

QUESTIONS: Final[Mapping[str, type[ListQuestion]]] = {
    "events": Question,
    "commitments": LedgerQuestion,
    "instruments": InstrumentQuestion,
}

_MEANINGS: Final[Mapping[str, str]] = {
    # Of a filter with a closed list, which needs no words of its own.
    **dict.fromkeys(CODED, gettext_noop("One of these codes. Repeated: any of them.")),
    "q": gettext_noop("Words, all of them, without regard to accents and case; “…” for a phrase."),
    "sector": gettext_noop(
        "The slug of a sector; a parent includes its parts. Repeated: any of them."
    ),
    "party": gettext_noop("The code of a party. Repeated: all of them together."),
    "party_match": gettext_noop("With any, one of the parties is enough."),
    "direct": gettext_noop("With 1, leave out what parties took part in only through a bloc."),
    "met": gettext_noop("With 1, leave out events that a chosen party is only the addressee of."),
    "kind": gettext_noop("A kind. Repeated: any of them."),
    "state": gettext_noop("A state. Repeated: any of them."),
    "framework": gettext_noop("The slug of a framework. Repeated: any of them."),
    "person": gettext_noop("The slug of a person. Repeated: any of them."),
    "place": gettext_noop("The slug of a place. Repeated: any of them."),
    "instrument": gettext_noop("The slug of a text. Repeated: any of them."),
    "source": gettext_noop("The number of a source. Repeated: any of them."),
    "source_kind": gettext_noop("A kind of source. Repeated: any of them."),
    "from": gettext_noop("The beginning of a period: 2025, 2025-04 or 2025-04-03, included."),
    "to": gettext_noop("The end of a period: 2025, 2025-04 or 2025-04-03, included."),
    "certain": gettext_noop("With 1, only what surely lies in the period."),
    "order": gettext_noop("The order; relevance needs words."),
    "after": gettext_noop("The cursor of a page, as in next."),
    "status": gettext_noop("A status. Repeated: any of them."),
    "obligor": gettext_noop("The code of a party that owes it. Repeated: any of them."),
    "beneficiary": gettext_noop("The code of a party to which it is owed. Repeated: any of them."),
    "overdue": gettext_noop("With 1, only what is open and past its due date."),
    "quiet": gettext_noop("With 1, only what is open without evidence for 270 days."),
    "nature": gettext_noop("Undertakings, requests or any."),
    "sort": gettext_noop("What commitments are sorted by before the order."),
    "waiting": gettext_noop(
        "With 1, only texts whose ratification by a chosen party is waited for, or by any."
    ),
    "binds": gettext_noop("How the text binds. Repeated: any of them."),
    "asof": gettext_noop("A past day: the record as it would have stood on it."),
    "initial": gettext_noop("The first letter of names; 0 for digits and signs."),
    "lang": gettext_noop("The language of texts without one in their name."),
    "fields": gettext_noop(
        "The names of the columns wanted, with commas between them; all without it."
    ),
    "facets": gettext_noop("With 1, count what each value of each filter would find."),
}

_MEANINGS_IN_CHANGES: Final[Mapping[str, str]] = {
    "month": gettext_noop("A month, such as 2026-11; of changes the last one without it."),
    "noun": gettext_noop("The kind of record that it is about."),
    "party": gettext_noop("The code of a party that it concerns."),
}
"""Those of the changes and corrections, where they differ."""

_EXAMPLES: Final[Mapping[str, Any]] = {
    "q": "nuclear",
    "sector": ["energy"],
    "party": ["ru", "ml"],
    "from": "2025-04",
    "to": "2025",
    "asof": "2025-06-30",
    "fields": "id,title,date",
    "obligor": ["ru"],
    "beneficiary": ["ml"],
}


def of_list(noun: str) -> list[dict[str, Any]]:
    """Return the parameters of the list of a noun, as OpenAPI describes them."""
    asked = QUESTIONS.get(noun)
    repeatable: Collection[str] = ()
    single: Collection[str] = ()
    if asked is not None:
        repeatable, single = asked.REPEATABLE, (*asked.SINGLE, "facets")
    elif noun in INDEX_NOUNS:
        single = ("q", "initial", "after")
    elif noun == "frameworks":
        single = ("asof",)
    elif noun in CHANGE_LISTS:
        single = CHANGES_PARAMETERS
    return [
        *(_parameter(name, noun, repeated=True) for name in repeatable),
        *(_parameter(name, noun) for name in (*single, "lang", "fields")),
    ]


def of_record(noun: str) -> list[dict[str, Any]]:
    """Return the parameters of a record, beside its identifier."""
    dated = ("asof",) if noun in WITH_DAY else ()
    return [_parameter(name, noun) for name in (*dated, "lang", "fields")]


WITH_DAY: Final = frozenset({"commitments", "instruments", "frameworks"})
"""The nouns whose records can be read as of a past day."""


def names_of(noun: str, *, alone: bool) -> frozenset[str]:
    """Return the names of the parameters of a list, or of a record."""
    described = of_record(noun) if alone else of_list(noun)
    return frozenset(parameter["name"] for parameter in described)


def _parameter(name: str, noun: str, *, repeated: bool = False) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    values = _values(name, noun)
    if values:
        schema["enum"] = list(values)
    if repeated:
        schema = {"type": "array", "items": schema, "uniqueItems": True}
    parameter: dict[str, Any] = {
        "name": name,
        "in": "query",
        "description": (_MEANINGS_IN_CHANGES if noun in CHANGE_LISTS else {}).get(name)
        or _MEANINGS[name],
        "required": False,
        "schema": schema,
    }
    if name in _EXAMPLES and (repeated or name not in ("party",)):
        parameter["example"] = _EXAMPLES[name]
    return parameter


def _values(name: str, noun: str) -> tuple[str, ...]:
    """Return the accepted values where there are few of them."""
    asked = QUESTIONS.get(noun)
    if name == "noun":
        return tuple(MODELS)
    if asked is not None and name in asked.FILTERS:
        return tuple(str(code) for code in asked.FILTERS[name].codes)
    return accepted(name, {"sort": tuple(LedgerSort)})
