"""The status of the parties to a text, and the state of the text itself, on a day.

The words are those of the Vienna Convention on the Law of Treaties (1969): consent to be bound
(art. 11), entry into force (art. 24), denunciation (art. 54–56). Nothing is inferred from silence:
'nothing known' is a status.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from timeline.core.codes import Binding, InstrumentAct, InstrumentState, PartyStatus
from timeline.core.dates import EdtfDate
from timeline.core.searched import Clock

WAITING_AFTER: Final = 365
"""Days after a signature beyond which a ratification is waited for."""

OF_THE_TEXT: Final = frozenset(
    {
        InstrumentAct.OPENED,
        InstrumentAct.ENTERED_INTO_FORCE,
        InstrumentAct.AMENDED,
        InstrumentAct.REPLACED,
        InstrumentAct.TERMINATED,
    }
)
"""Acts that concern the whole text. All others are a party's; a retraction may be of either."""

CONSENTS: Final = frozenset(
    {
        InstrumentAct.RATIFIED,
        InstrumentAct.ACCEPTED,
        InstrumentAct.APPROVED,
        InstrumentAct.ACCEDED,
        InstrumentAct.SUCCEEDED,
    }
)
"""Acts by which a party consents to be bound; a signature is one where the text says so."""

OF_BINDING_TEXTS: Final = CONSENTS | {
    InstrumentAct.DEPOSITED,
    InstrumentAct.PROVISIONALLY_APPLIED,
    InstrumentAct.RESERVATION,
    InstrumentAct.OBJECTION,
    InstrumentAct.IN_FORCE_FOR,
    InstrumentAct.SUSPENDED,
    InstrumentAct.RESUMED,
    InstrumentAct.DENOUNCED,
    InstrumentAct.ENTERED_INTO_FORCE,
}
"""Acts that make no sense with a text that does not bind legally."""

_ENDS: Final = frozenset({InstrumentAct.REPLACED, InstrumentAct.TERMINATED})

_NEED_A_SIGNATURE: Final = frozenset(
    {InstrumentAct.RATIFIED, InstrumentAct.ACCEPTED, InstrumentAct.APPROVED}
)

_BOUND_BY: Final = 2
"""Parties that have to consent before a text can enter into force."""


@dataclass(frozen=True, slots=True)
class TextStep:
    """What was done with a text, once.

    ``party`` is the key of the party that did it, None if it concerns the whole text. ``done`` is
    the day on which it was done, ``effect`` the day on which it takes effect where that is another
    one. ``regards`` is the key of the earlier step that it withdraws or objects to, ``corrects``
    that of a step that it stands in the place of.
    """

    key: int
    act: InstrumentAct
    done: EdtfDate
    party: int | None = None
    effect: EdtfDate | None = None
    regards: int | None = None
    corrects: int | None = None

    @property
    def effective(self) -> dt.date:
        """The earliest possible day of its effect."""
        return self.in_effect.earliest

    @property
    def in_effect(self) -> EdtfDate:
        """The date since which it has effect."""
        return self.effect or self.done


def in_order(steps: Iterable[TextStep]) -> list[TextStep]:
    """Sort steps by the day on which they were done, then in the order in which texts live."""
    return sorted(steps, key=_by_day)


_ORDER: Final = {act: number for number, act in enumerate(InstrumentAct)}


def _by_day(step: TextStep) -> tuple[dt.date, dt.date, int, int]:
    return step.done.earliest, step.done.latest, _ORDER[step.act], step.key


def as_of(steps: Iterable[TextStep], day: dt.date) -> list[TextStep]:
    """Return the steps that count on a day, in order.

    A step counts from its earliest possible day, unless another one dated by then corrects it or
    withdraws it; a withdrawal works from its own day of effect. So a step dated later changes no
    earlier day, as with updates of commitments (:mod:`timeline.core.status`).
    """
    by_then = [step for step in steps if step.done.earliest <= day]
    corrected = {step.corrects for step in by_then}
    valid = [step for step in by_then if step.key not in corrected]
    withdrawn = _withdrawn(valid, day)
    return in_order(
        step for step in valid if step.key not in withdrawn and step.act != InstrumentAct.RETRACTED
    )


def _withdrawn(valid: Iterable[TextStep], day: dt.date) -> set[int]:
    """Return the keys of the steps that are withdrawn on a day.

    A withdrawal that is itself withdrawn takes nothing back.
    """
    withdrawals: dict[int, list[int]] = defaultdict(list)
    for step in valid:
        if (
            step.act == InstrumentAct.WITHDRAWN
            and step.regards is not None
            and step.effective <= day
        ):
            withdrawals[step.regards].append(step.key)

    def is_withdrawn(key: int) -> bool:
        return any(not is_withdrawn(by) for by in withdrawals.get(key, ()))

    return {key for key in withdrawals if is_withdrawn(key)}


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a party to a text on a day.

    ``since`` is the step that gives the status, None if nothing is known. ``waiting`` says that a
    ratification is waited for: it signed more than a year before the end of the search, and nothing
    more was seen. ``unsearched`` says that it signed more than a year ago, but that sources were
    not searched for as long.
    """

    status: PartyStatus
    since: TextStep | None = None
    waiting: bool = False
    unsearched: bool = False

    @property
    def date(self) -> EdtfDate | None:
        """The date since which it has the status.

        A party signs and consents on the day of the act; it is bound, or has left, by the effect.
        """
        if self.since is None:
            return None
        by_effect = self.status in (PartyStatus.BOUND, PartyStatus.LEFT)
        return self.since.in_effect if by_effect else self.since.done


def statuses(
    binding: Binding,
    parties: Collection[int],
    steps: Iterable[TextStep],
    day: dt.date,
    searched_until: dt.date | None = None,
) -> dict[int, Status]:
    """Return what is known of each party to a text on a day.

    A bloc's step binds the bloc alone, never its members: only a party's own steps count. A
    ratification is waited for by the day until which sources were searched, if that is earlier.
    """
    return _statuses(binding, parties, as_of(steps, day), Clock(day, searched_until))


def _statuses(
    binding: Binding, parties: Collection[int], counting: Sequence[TextStep], clock: Clock
) -> dict[int, Status]:
    return {party: _status(binding, party, counting, clock) for party in parties}


def _status(binding: Binding, party: int, counting: Sequence[TextStep], clock: Clock) -> Status:
    day = clock.as_of
    own = [step for step in counting if step.party == party]
    denounced = _by_effect(own, _DENOUNCED, day)
    if denounced:
        # What it did before counts no more; it may have come back since.
        own = [step for step in own if step.done.earliest > denounced[-1].done.earliest]
    consents = [step for step in own if _is_consent(step.act, binding)]
    if denounced and not consents:
        return Status(PartyStatus.LEFT, denounced[-1])
    if consents:
        in_force = _in_force_for(own, consents, counting, day)
        if in_force is not None:
            return Status(PartyStatus.BOUND, in_force)
        return Status(PartyStatus.CONSENTED, consents[0])
    signed = next((step for step in own if step.act == InstrumentAct.SIGNED), None)
    if signed is None:
        return Status(PartyStatus.NOTHING_KNOWN)
    awaits = binding == Binding.BY_RATIFICATION and not _by_effect(counting, _ENDS, day)
    waiting, by_day = (
        awaits and (on - signed.done.latest).days > WAITING_AFTER for on in (clock.day, day)
    )
    return Status(PartyStatus.SIGNED, signed, waiting, unsearched=by_day and not waiting)


def history(
    binding: Binding, party: int, steps: Iterable[TextStep], day: dt.date
) -> list[tuple[dt.date, PartyStatus]]:
    """Return the statuses that a party had until a day, each with the day on which it began.

    A step that another one corrects by the day never counts, even before the correction.
    """
    by_then = [step for step in steps if step.done.earliest <= day]
    corrected = {step.corrects for step in by_then}
    own = [step for step in by_then if step.key not in corrected and step.party in (party, None)]
    days = {first for step in own for first in (step.done.earliest, step.effective)}
    changes: list[tuple[dt.date, PartyStatus]] = []
    before = PartyStatus.NOTHING_KNOWN
    for first in sorted(days):
        status = statuses(binding, [party], own, first)[party].status
        if first <= day and status != before:
            changes.append((first, status))
            before = status
    return changes


_DENOUNCED: Final = frozenset({InstrumentAct.DENOUNCED})
_ENTRIES: Final = frozenset({InstrumentAct.ENTERED_INTO_FORCE})
_ENTRIES_FOR_ONE: Final = frozenset({InstrumentAct.IN_FORCE_FOR})


def _is_consent(act: InstrumentAct, binding: Binding) -> bool:
    return act in CONSENTS or (act == InstrumentAct.SIGNED and binding == Binding.BY_SIGNATURE)


def _in_force_for(
    own: Iterable[TextStep],
    consents: Iterable[TextStep],
    counting: Iterable[TextStep],
    day: dt.date,
) -> TextStep | None:
    """Return the step since which a text is in force for a party that consented, if it is.

    That is the first step that says so of the party; else the entry into force of the text or, for
    who consented later, the consent that took effect first.
    """
    if _by_effect(counting, _ENDS, day):
        return None
    if for_party := _by_effect(own, _ENTRIES_FOR_ONE, day):
        return for_party[0]
    entries = _by_effect(counting, _ENTRIES, day)
    consented = _in_order_of_effect(step for step in consents if step.effective <= day)
    if not (entries and consented):
        return None
    return max(entries[0], consented[0], key=lambda step: step.effective)


def _by_effect(
    steps: Iterable[TextStep], acts: Collection[InstrumentAct], day: dt.date
) -> list[TextStep]:
    """Return the steps of these kinds that have taken effect by a day, in the order of that."""
    return _in_order_of_effect(s for s in steps if s.act in acts and s.effective <= day)


def _in_order_of_effect(steps: Iterable[TextStep]) -> list[TextStep]:
    return sorted(steps, key=lambda step: (step.effective, _by_day(step)))


@dataclass(frozen=True, slots=True)
class TextState:
    """The state of a text on a day, and the step that gives it, where one does."""

    state: InstrumentState
    since: TextStep | None = None

    @property
    def date(self) -> EdtfDate | None:
        """The date since which it has the state, where a step gives it."""
        return self.since.in_effect if self.since else None


def state(binding: Binding, steps: Iterable[TextStep], day: dt.date) -> TextState:
    """Return the state of a text on a day.

    It is in force if a source says so, of the text or of one of its parties. If no source says
    that, nor how it binds, its state is 'not stated'.
    """
    return _state(binding, as_of(steps, day), day)


def state_and_statuses(
    binding: Binding,
    parties: Collection[int],
    steps: Iterable[TextStep],
    day: dt.date,
    searched_until: dt.date | None = None,
) -> tuple[TextState, dict[int, Status]]:
    """Return what :func:`state` and :func:`statuses` do, of steps that are put in order once."""
    counting = as_of(steps, day)
    clock = Clock(day, searched_until)
    return _state(binding, counting, day), _statuses(binding, parties, counting, clock)


def _state(binding: Binding, counting: Sequence[TextStep], day: dt.date) -> TextState:
    if ends := _by_effect(counting, _ENDS, day):
        return TextState(InstrumentState.ENDED, ends[0])
    if binding == Binding.NOT_LEGALLY:
        return TextState(InstrumentState.NOT_BINDING)
    if entries := _by_effect(counting, _ENTRIES | _ENTRIES_FOR_ONE, day):
        return TextState(InstrumentState.IN_FORCE, entries[0])
    if binding == Binding.NOT_STATED:
        return TextState(InstrumentState.NOT_STATED)
    return TextState(InstrumentState.OPEN)


def oddities(new: TextStep, others: Iterable[TextStep], binding: Binding) -> Iterator[str]:
    """Yield a code for each way in which a step is one that history seldom knows.

    Such a step needs a reason. The codes are ``effect_before_act``; ``signature_unseen``, of a
    ratification or provisional application whose signature is not on record by its day;
    ``consent_unseen``, of a denunciation or entry into force for a party whose consent is not; and
    ``two_not_bound``, of an entry into force for which fewer than two parties have consented.
    """
    if new.effect is not None and new.effect.latest < new.done.earliest:
        yield "effect_before_act"
    by_then = as_of(others, new.done.latest)
    own = [step for step in by_then if step.party == new.party]
    needs_signature = new.act in _NEED_A_SIGNATURE | {InstrumentAct.PROVISIONALLY_APPLIED}
    if needs_signature and not any(step.act == InstrumentAct.SIGNED for step in own):
        yield "signature_unseen"
    needs_consent = new.act in _DENOUNCED | _ENTRIES_FOR_ONE
    if needs_consent and not any(_is_consent(step.act, binding) for step in own):
        yield "consent_unseen"
    if new.act == InstrumentAct.ENTERED_INTO_FORCE:
        bound = {step.party for step in by_then if _is_consent(step.act, binding)}
        if len(bound) < _BOUND_BY:
            yield "two_not_bound"
