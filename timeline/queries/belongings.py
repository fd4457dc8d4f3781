"""Who belongs to which bloc, from when until when, with what decided it and the sources."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q, QuerySet

from timeline.models import Citation, Event, Membership, MembershipRemark, Party
from timeline.queries.as_of import AsOf
from timeline.queries.citations import CitationsByRow, citations_of
from timeline.queries.flags import Flag, flags, flags_by_fact
from timeline.queries.footnotes import Footnotes, Mark, by_fact


class Remark(NamedTuple):
    """That joining or leaving was announced or notified, and the event that readers may see."""

    row: MembershipRemark
    event: Event | None
    marks: list[Mark]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Spell:
    """A membership as a page says it; ``left`` says that no other spell follows its end.

    ``outlived`` says that it surely begins or goes on when the party or the bloc does not exist.
    The events at which its start and its end were decided are those that readers may see.
    ``joining`` and ``leaving`` are what was remarked of them by the day. ``marks`` has those of its
    sources by the field that they support, ``flags`` what they say otherwise.
    """

    membership: Membership
    left: bool
    outlived: bool
    start_event: Event | None
    end_event: Event | None
    joining: tuple[Remark, ...]
    leaving: tuple[Remark, ...]
    marks: Mapping[str, list[Mark]]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """A party in a bloc, with its spells in the order of their days."""

    party: Party
    bloc: Party
    spells: tuple[Spell, ...]


def with_decisions(
    memberships: QuerySet[Membership], remarks: QuerySet[MembershipRemark] | None = None
) -> QuerySet[Membership]:
    """Fetch memberships with their sides, their events and their remarks."""
    remarks = MembershipRemark.objects.all() if remarks is None else remarks
    in_order = remarks.select_related("event").order_by("earliest", "latest", "pk")
    return memberships.select_related("party", "bloc", "start_event", "end_event").prefetch_related(
        Prefetch("remarks", in_order)
    )


def cited_rows(memberships: Iterable[Membership]) -> Iterator[Membership | MembershipRemark]:
    """Yield memberships and what was remarked of them, whose sources :func:`belongings` marks."""
    for membership in memberships:
        yield membership
        yield from membership.remarks.all()


def changed_at(event: Event, when: AsOf, footnotes: Footnotes) -> tuple[Belonging, ...]:
    """Return the spells that began or ended at an event, or were announced or notified there.

    A published event makes their parties and blocs public (:mod:`timeline.queries.public`).
    """
    decided = Membership.objects.filter(
        Q(start_event=event) | Q(end_event=event) | Q(remarks__event=event)
    )
    pairs = [*decided.order_by().values_list("party", "bloc")]
    if not pairs:
        return ()
    remarks = MembershipRemark.objects.filter(event=event)
    # All spells of a pair: whether a party left shows in whether another spell follows.
    of_any = reduce(or_, (Q(party=party, bloc=bloc) for party, bloc in pairs))
    of_pairs = with_decisions(Membership.objects.filter(of_any), remarks)
    in_order = [
        *of_pairs.order_by("bloc__sort_fr", "bloc", "party__sort_fr", "starts_earliest", "pk")
    ]
    return belongings(
        in_order,
        citations_of(cited_rows(in_order)),
        when,
        footnotes,
        lambda spell: spell.party,
        lambda spell: event.pk in (spell.start_event_id, spell.end_event_id) or spell.remarks.all(),
    )


def belongings(
    memberships: Iterable[Membership],
    cited: CitationsByRow,
    when: AsOf,
    footnotes: Footnotes,
    other: Callable[[Membership], Party],
    is_shown: Callable[[Membership], object] = bool,
) -> tuple[Belonging, ...]:
    """Return spells by party and bloc, in the order of the first spell of each.

    ``cited`` has the citations of them and of their remarks, ``other`` is the side of a spell by
    which the list of sources calls it. Spells that are not shown still tell of others whether the
    party left.
    """
    by_pair: dict[tuple[int, int], list[Membership]] = {}
    for membership in memberships:
        by_pair.setdefault((membership.party_id, membership.bloc_id), []).append(membership)
    return tuple(
        Belonging(
            rows[0].party,
            rows[0].bloc,
            tuple(
                Spell(
                    row,
                    **_sources(row, cited[row], when, footnotes, other(row)),
                    left=row.ends is not None and not any(_follows(row, other) for other in rows),
                    outlived=not all(
                        party.outside_life_on(date) is None
                        for party in (row.party, row.bloc)
                        for date in (row.starts, row.span.last_day)
                        if date is not None
                    ),
                    start_event=_if_shown(row.start_event, when),
                    end_event=_if_shown(row.end_event, when) if row.ends is not None else None,
                    joining=_remarks(row, cited, when, footnotes, other(row), of_leaving=False),
                    leaving=_remarks(row, cited, when, footnotes, other(row), of_leaving=True),
                )
                for row in rows
                if is_shown(row)
            ),
        )
        for rows in by_pair.values()
    )


def _sources(
    row: Membership,
    citations: Iterable[Citation],
    when: AsOf,
    footnotes: Footnotes,
    other: Party,
) -> dict[str, Any]:
    """Return the marks and the flags of a spell; those of an end that is not known yet are none.

    A source that knows of an end where the record has none contradicts the whole spell.
    """
    known = [one for one in citations if row.ends or one.field != "ends" or not when.is_past]
    cited = by_fact(known, {"starts": "starts", "ends": "ends" if row.ends else ""})
    anchor = f"membership-{row.pk}"
    return {
        "marks": {name: footnotes.mark(rows, anchor, other.name) for name, rows in cited.items()},
        "flags": tuple(chain.from_iterable(flags_by_fact(row, cited).values())),
    }


def _remarks(
    membership: Membership,
    cited: CitationsByRow,
    when: AsOf,
    footnotes: Footnotes,
    other: Party,
    *,
    of_leaving: bool,
) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            row,
            _if_shown(row.event, when),
            footnotes.mark(cited[row], f"membershipremark-{row.pk}", other.name),
            flags(row, cited[row]),
        )
        for row in membership.remarks.all()
        if row.of_leaving == of_leaving and when.knows(row.date)
    )


def _follows(spell: Membership, other: Membership) -> bool:
    """Whether another spell of the pair may begin on the first day after a spell."""
    return (
        other.pk != spell.pk
        and spell.ends is not None
        and other.starts_earliest <= spell.ends.latest
        and other.starts_latest >= spell.ends.earliest
    )


def _if_shown(event: Event | None, when: AsOf) -> Event | None:
    return event if event is not None and event.is_public and when.knows(event.date) else None
