"""The sources on which an answer is based, and the facts that rest on one of them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import Exact

from timeline.core.batches import batched
from timeline.core.question import Question
from timeline.index.current import current
from timeline.models import Citation, Source
from timeline.models.sources import CITED
from timeline.queries import public
from timeline.queries.footnotes import Line, Subject
from timeline.queries.keys import Keys

COUNTED: Final = 10_000
"""Largest number of events whose sources are counted while a reader waits: about a second."""

_BATCH: Final = 2000
"""Events whose sources are read in one query."""


def relied_on(question: Question, total: int, today: dt.date) -> int | None:
    """Count the sources of the events found; None if there are too many events."""
    if total > COUNTED:
        return None
    # The index finds the events: to find words, a database would read every event for each part.
    keys = current().matching(question, today=today)
    found: set[int] = set()
    for batch in batched(keys, _BATCH):
        citations = Citation.objects.order_by().of_events(Keys(batch))
        found.update(citations.values_list("source", flat=True).distinct())
    return len(found)


def with_records(rows: QuerySet[Citation], kinds: Iterable[str] = CITED) -> QuerySet[Citation]:
    """Fetch citations with the records that they support, for :func:`record_of`.

    All of them support rows of these kinds: to join all others takes longer than to read them.
    """
    return rows.select_related(*(path for kind in kinds for path in _JOINED[kind]))


def record_of(citation: Citation) -> tuple[Any, Subject]:
    """Return the record whose page shows what a citation supports, and what names the part of it.

    For the record itself the name is empty.
    """
    path, subject = _RECORDS[citation.target_name]
    return attrgetter(path)(citation), attrgetter(subject)(citation) if subject else ""


class Resting(NamedTuple):
    """The records of a kind that rest on a source, each with a line for each fact."""

    kind: str
    records: list[tuple[Any, list[Line]]]


_RECORDS: Final[Mapping[str, tuple[str, str]]] = {
    "event": ("event", ""),
    "event_step": ("event_step.event", "event_step.on"),
    "participation": ("participation.event", "participation.party.name"),
    "attendance": ("attendance.event", "attendance.person.name"),
    "statement": ("statement.event", "statement.person.name"),
    "commitment": ("commitment", ""),
    "status_update": ("status_update.commitment", "status_update.date"),
    "instrument": ("instrument", ""),
    "instrument_step": ("instrument_step.instrument", "instrument_step.done"),
    "framework": ("framework", ""),
    "party": ("party", ""),
    "party_name": ("party_name.party", "party_name.name"),
    "membership": ("membership.party", "membership.bloc.name"),
    "membership_remark": (
        "membership_remark.membership.party",
        "membership_remark.membership.bloc.name",
    ),
    "office": ("office.person", "office.title"),
    "place": ("place", ""),
}
"""For each kind of row that a citation may support, the paths from the citation to the record whose
page shows it, and to what names the row there."""

_JOINED: Final = {
    kind: [path.replace(".", "__") for path in (record, subject.rpartition(".")[0]) if path]
    for kind, (record, subject) in _RECORDS.items()
}
"""For each kind of row the relations that lead from a citation to these."""

_MOST_FACTS: Final = 500
"""Facts of a source that its page lists."""


def resting_on(source: Source) -> tuple[int, int, list[Resting]]:
    """Return the public facts that rest on a source, by record, and how many are not listed.

    The first number counts all of them, the second those beyond the most that are listed. Kinds,
    which are names of models, come in their order, and the records of each in that of citations.
    """
    return _listed(public.citations().filter(source=source))


def falling_with(source: Source) -> tuple[int, int, list[Resting]]:
    """Return the facts that rest on a source alone, as :func:`resting_on` does, drafts included.

    A fact rests on others as well if another source supports it, or the record as a whole.
    """
    others = Citation.objects.filter(value_given="").exclude(source=source)
    alone = Q()
    for target in CITED:
        of_the_fact = Q(field__in=(OuterRef("field"), "")) | Q(Exact(OuterRef("field"), Value("")))
        others_too = others.filter(of_the_fact, **{target: OuterRef(target)})
        alone |= Q(**{f"{target}__isnull": False}) & Q(~Exists(others_too))
    return _listed(Citation.objects.filter(alone, source=source, value_given=""))


def _listed(rows: QuerySet[Citation]) -> tuple[int, int, list[Resting]]:
    lines: dict[str, dict[Any, list[Line]]] = {kind: {} for kind in _KINDS}
    found = [*rows.order_by("pk")[:_MOST_FACTS]]
    these = Citation.objects.filter(pk__in=Keys(citation.pk for citation in found))
    kinds = {citation.target_name for citation in found}
    citations = [*with_records(these, kinds).order_by("pk")] if found else []
    for citation in citations:
        record, subject = record_of(citation)
        kind = str(record._meta.model_name)
        lines[kind].setdefault(record, []).append(Line(citation, "", subject))
    total = rows.count() if len(citations) == _MOST_FACTS else len(citations)
    listed = [Resting(kind, [*records.items()]) for kind, records in lines.items() if records]
    return total, total - len(citations), listed


_KINDS: Final = ("event", "commitment", "instrument", "framework", "party", "person", "place")
"""The kinds of records whose pages show facts with sources."""
