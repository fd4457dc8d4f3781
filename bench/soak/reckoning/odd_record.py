"""A random record of difficult shapes, to hold the site against another reckoning."""

from collections.abc import Iterator
from random import Random
from typing import Final

from django.core.exceptions import ValidationError

from timeline.actions.events import refresh_derived
from timeline.models import (
    Commitment,
    CommitmentParty,
    Event,
    EventPlace,
    Identity,
    Membership,
    Participation,
    Party,
    Place,
    StatusUpdate,
)

_DATES: Final = (
    *("2019-06-29", "2020-05-12", "2021-05-30", "2025-01-28", "2025-01-29", "2025-04-03"),
    *("2019", "2020-05", "2025-01", "2021~", "2021?", "2022-01-28?", "2020-06%", "201X", "202X"),
    *("2020-21", "2020-24", "2020-25", "2021-30", "2019-12-31/2020-01-01", "2022-03-01/.."),
    *("2020-05-10/2020-06-02", "2018-02/2019", "2020-06~/2021-05-30", "2025-01-28/2025-01-30"),
)
_TURNS: Final = (
    *("2015", "2018-02", "2019-06-29", "2020-05-12", "2020-06~", "2020-24", "2021", "2021-05-30"),
    *("2022-01-28", "2025-01-29", "2025-01/2025-02"),
)
"""The dates on which spells begin and end; most begin where another ends."""

_STANDINGS: Final = ("member", "member", "member", "suspended", "observer", "associate")
_ROLES: Final = (
    *("host", "participant", "participant", "signatory", "observer", "mediator"),
    *("addressee", "addressee"),
)
_LIVES: Final[tuple[dict[str, str], ...]] = (
    *({}, {}, {}),
    *({"founded": "2018-02"}, {"founded": "2020~"}, {"dissolved": "2021-12-26"}),
    {"founded": "2019", "dissolved": "2022-01"},
)
_DAYS_MADE: Final = (*(None,) * 6, "2018-12", "2020-06-01/2020-06-10", "2021~", "2025-01-29")
_SEARCHED: Final = ("2025-06-29", "2025-06-30", "2025-07-01", "2025-12-31")
_DUE: Final = (*_SEARCHED, "2025", "2025-06", "2025~", "2026-03-01", "2026", "2024-10-02")
"""Days until which sources were searched, and dates on which something is due or was evidenced."""

_BLOCS: Final = 5
_PLACES: Final = 6


class OddRecord:
    """Draws a record with a number of events; :meth:`write` adds it to an empty database."""

    def __init__(self, draw: Random, events: int, *, states: int = 12) -> None:
        self._draw, self._events, self._number_of_states = draw, events, states

    def write(self) -> None:
        """Write the rows, and what is derived from them."""
        self._parties()
        self._memberships()
        self._places = [
            Place.objects.create(slug=f"place-{number}", name_en=f"Place {number}")
            for number in range(_PLACES)
        ]
        Event.objects.bulk_create(self._event(number) for number in range(self._events))
        events = list(Event.objects.order_by("pk"))
        Participation.objects.bulk_create(row for event in events for row in self._roles(event))
        EventPlace.objects.bulk_create(row for event in events for row in self._stays(event))
        Commitment.objects.bulk_create(row for event in events for row in self._promises(event))
        promises = list(Commitment.objects.order_by("pk"))
        CommitmentParty.objects.bulk_create(row for made in promises for row in self._sides(made))
        StatusUpdate.objects.bulk_create(row for made in promises for row in _life(made))
        Identity.objects.create(searched_until=Random(self._events).choice(_SEARCHED))  # noqa: S311
        refresh_derived()

    def _parties(self) -> None:
        codes = [f"s-{number}" for number in range(self._number_of_states)]
        self._states = [
            Party.objects.create(
                code=code, kind="state", name_en=code, **_LIVES[number % len(_LIVES)]
            )
            for number, code in enumerate(codes)
        ]
        self._blocs = [
            Party.objects.create(code=f"b-{number}", kind="bloc", name_en=f"b-{number}")
            for number in range(_BLOCS)
        ]
        body = Party.objects.create(
            code="body", kind="body", body_kind="company", part_of=self._states[0], name_en="body"
        )
        self._all = [*self._states, *self._blocs, body]

    def _memberships(self) -> None:
        """Let states, and the first bloc, belong to some blocs for spells that mostly touch."""
        draw = self._draw
        for party in (*self._states, self._blocs[0]):
            for bloc in draw.sample(self._blocs[1:], 3):
                turns = sorted(draw.sample(_TURNS, draw.randint(1, 6)))
                for starts, ends in zip(
                    turns, [*turns[1:], draw.choice((None, "2030"))], strict=True
                ):
                    if draw.random() < 0.15:
                        continue
                    standing = draw.choice(_STANDINGS)
                    spell = Membership(
                        party=party, bloc=bloc, starts=starts, ends=ends, standing=standing
                    )
                    try:
                        spell.full_clean()
                    except ValidationError:
                        # It would surely overlap another, or end before it begins.
                        continue
                    spell.save()

    def _event(self, number: int) -> Event:
        """Draw an event; one in five is a draft. All take part in the first, so as to be public."""
        is_published = number == 0 or self._draw.random() < 0.8
        return Event(
            slug=f"e-{number}",
            kind="summit",
            title_en=f"Event {number}",
            date=self._draw.choice(_DATES),
            publication="published" if is_published else "draft",
        )

    def _roles(self, event: Event) -> Iterator[Participation]:
        draw = self._draw
        if event.slug == "e-0":
            rows = {(party, "participant") for party in self._all}
        else:
            parties = draw.sample(self._all, draw.randint(0, 4))
            rows = {
                (party, role)
                for party in parties
                for role in draw.choices(_ROLES, k=draw.choice((1, 1, 1, 2, 3)))
            }
        for party, role in sorted(rows, key=lambda row: (row[0].pk, row[1])):
            yield Participation(event=event, party=party, role=role)

    def _stays(self, event: Event) -> Iterator[EventPlace]:
        number = self._draw.choice((0, 1, 1, 2, 3))
        for position, place in enumerate(self._draw.sample(self._places, number)):
            yield EventPlace(event=event, place=place, position=position)

    def _promises(self, event: Event) -> Iterator[Commitment]:
        draw = self._draw
        for number in range(draw.choice((0, 0, 1, 2))):
            nature = draw.choice(("undertaking",) * 4 + ("request",))
            yield Commitment(
                slug=f"{event.slug}-{number}",
                event=event,
                title_en="Promise",
                nature=nature,
                mutual=nature == "undertaking" and draw.random() < 0.4,
                made_on=draw.choice(_DAYS_MADE),
                due=None
                if nature == "request"
                else _of_its_own(event, number).choice((None, *_DUE)),
                publication=draw.choice(("published", "published", "published", "draft")),
            )

    def _sides(self, made: Commitment) -> Iterator[CommitmentParty]:
        """Draw the parties of a commitment; nobody is named to whom what is mutual is owed."""
        draw = self._draw
        if made.is_request:
            roles = ["asked", *draw.choices(("asker", "asked"), k=2)]
        elif made.mutual:
            roles = ["obligor"] * draw.choice((1, 2, 2, 2, 3))
        else:
            roles = ["obligor", *draw.choices(("obligor", "beneficiary"), k=draw.randint(0, 3))]
        for role, party in zip(roles, draw.sample(self._all, len(roles)), strict=True):
            yield CommitmentParty(commitment=made, party=party, role=role)


def _of_its_own(event: Event, number: int) -> Random:
    """Return the chance of one commitment, so that its clocks leave all else as it is drawn."""
    return Random(f"{event.slug} {number}")  # noqa: S311 — no secret


def _life(made: Commitment) -> Iterator[StatusUpdate]:
    """Draw the steps of a commitment, of which the latest dated one may be entered first."""
    draw = Random(made.slug)  # noqa: S311 — no secret
    steps = 0 if made.is_request else draw.choice((0, 1, 1, 2, 3))
    for entry, date in enumerate(draw.sample(_DUE, steps), start=1):
        status = draw.choice(("agreed", "in_progress", "stalled", "fulfilled", "broken"))
        yield StatusUpdate(commitment=made, date=date, entry=entry, status=status)
