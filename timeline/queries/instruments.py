"""Texts as of a day: their state, and the status of each of their parties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from timeline.core import instruments
from timeline.core.codes import Binding, PartyStatus
from timeline.core.instruments import Status, TextState
from timeline.core.searched import Clock
from timeline.models import Instrument, InstrumentParty, InstrumentStep, Party
from timeline.queries import names, searched
from timeline.queries.as_of import AsOf
from timeline.queries.citations import citations_prefetch


@dataclass(frozen=True, slots=True)
class InstrumentView:
    """A text as of a day.

    ``statuses`` are those of its parties by their keys. ``steps`` are those done by the day, in
    order, with those that are corrected or withdrawn. ``on_record`` is False as of a day before the
    text. What is waited for is that of the ``clock``.
    """

    instrument: Instrument
    parties: tuple[Party, ...]
    state: TextState
    statuses: Mapping[int, Status]
    steps: tuple[InstrumentStep, ...]
    on_record: bool
    clock: Clock

    @property
    def waiting(self) -> tuple[Party, ...]:
        """The parties whose ratification is waited for."""
        return tuple(party for party in self.parties if self.statuses[party.pk].waiting)

    @property
    def unsearched(self) -> tuple[Party, ...]:
        """The parties whose ratification would be waited for had sources been searched since."""
        return tuple(party for party in self.parties if self.statuses[party.pk].unsearched)

    def with_status(self, status: PartyStatus) -> tuple[Party, ...]:
        """Return the parties with a status."""
        return tuple(p for p in self.parties if self.statuses[p.pk].status == status)


def with_life(rows: QuerySet[Instrument]) -> QuerySet[Instrument]:
    """Prefetch everything that the views of texts show, in a fixed number of queries."""
    citations = citations_prefetch()
    steps = InstrumentStep.objects.select_related("party", "event", "later_instrument")
    return rows.prefetch_related(
        Prefetch("party_links", _links()),
        Prefetch("steps", steps.prefetch_related(citations)),
        citations,
    )


def _links() -> QuerySet[InstrumentParty]:
    return InstrumentParty.objects.select_related("party").order_by("party__sort_fr", "pk")


def views(rows: QuerySet[Instrument], when: AsOf) -> list[InstrumentView]:
    """Work out how texts stand on a day, in a fixed number of queries."""
    return _views(with_life(rows), when)


def in_order(keys: Sequence[int], when: AsOf) -> list[InstrumentView]:
    """Return the texts with these keys, in the order of the keys, without what their steps name."""
    rows = Instrument.objects.filter(pk__in=keys)
    loaded = _views(rows.prefetch_related(Prefetch("party_links", _links()), "steps"), when)
    by_key = {view.instrument.pk: view for view in loaded}
    return [by_key[key] for key in keys if key in by_key]


def _views(rows: QuerySet[Instrument], when: AsOf) -> list[InstrumentView]:
    loaded = list(rows)
    parties = ((link.party, row.date) for row in loaded for link in row.party_links.all())
    names.set_names_then(parties, when.day)
    for row in loaded:
        _flag_steps(row)
    clock = searched.clock(when)
    return [view(instrument, instrument.steps.all(), when, clock) for instrument in loaded]


def _flag_steps(text: Instrument) -> None:
    """Flag the steps of parties that did not exist, and the parties all of whose steps are such.

    A state may accede to a text that is older than itself.
    """
    steps = text.steps.all()
    for link in text.party_links.all():
        done = [step.done for step in steps if step.party_id == link.party_id]
        outside = [link.party.outside_life_on(day) for day in done]
        if outside:
            link.party.outside_life = outside[0] if all(outside) else None
    names.set_outside_life(
        (step.party, step.done) for step in steps if InstrumentStep.party.is_cached(step)
    )


def view(
    instrument: Instrument, rows: Iterable[InstrumentStep], when: AsOf, clock: Clock
) -> InstrumentView:
    """Work out how a text stands on a day from its steps, which may be those of a preview."""
    binding = Binding(instrument.binds)
    parties = tuple(link.party for link in instrument.party_links.all())
    by_key = {row.pk: row for row in rows}
    values = [row.as_value() for row in by_key.values()]
    done = instruments.in_order(step for step in values if step.done.earliest <= when.day)
    keys = [party.pk for party in parties]
    state, statuses = instruments.state_and_statuses(binding, keys, values, *clock)
    return InstrumentView(
        instrument=instrument,
        parties=parties,
        state=state,
        statuses=statuses,
        steps=tuple(by_key[step.key] for step in done),
        on_record=when.knows(instrument.date) or bool(done),
        clock=clock,
    )
