"""What the site finds in a record, held against what plain Python reckons."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import chain, combinations, product
from random import Random
from typing import Any, Final, TypeVar

from django.test import Client

from bench.soak.reckoning.rules import Apart, Record, Way
from timeline.core.question import LedgerQuestion, Question
from timeline.index.interface import EventIndex
from timeline.models import Commitment, Event, Involvement
from timeline.queries import events, ledger
from timeline.queries.as_of import AsOf

_HEADING: Final = re.compile(r'<h2 id="found"[^>]*>\s*([0-9,]+) ')

Q = TypeVar("Q", bound=Question)


class Comparison:
    """Compares facts of a record, and notes how many of each kind and what differs.

    Of each kind of question at most so many are asked, drawn by the seed; all of them if ``most``
    is None.
    """

    def __init__(self, today: dt.date, *, seed: int = 0, most: int | None = None) -> None:
        self.record = Record()
        self.facts: Counter[str] = Counter()
        self.differences: list[str] = []
        self._today = today
        self._draw, self._most = Random(seed), most  # noqa: S311 — no secret
        parties = list(self.record.lives)
        self._one_party = [Question(), *(Question(parties=(party,)) for party in parties)]
        self._pairs = list(product((None, *parties), repeat=2))

    def hold(self, kind: str, name: str, found: object, reckoned: object) -> None:
        """Compare what the site finds with what is reckoned."""
        self.facts[kind] += 1
        if found != reckoned:
            self.differences.append(f"{kind}, {name}: found {found}, reckoned {reckoned}")

    def hold_each(self, kind: str, found: Collection[Any], reckoned: Collection[Any]) -> None:
        """Compare facts one by one."""
        self.facts[kind] += len({*found, *reckoned})
        self.differences += (f"{kind}, not reckoned: {fact}" for fact in {*found} - {*reckoned})
        self.differences += (f"{kind}, not found: {fact}" for fact in {*reckoned} - {*found})

    def _some(self, questions: Iterable[Q]) -> list[Q]:
        asked = list(questions)
        if self._most is None or len(asked) <= self._most:
            return asked
        return self._draw.sample(asked, self._most)

    def involvement(self) -> None:
        """Compare who took part, and who is named apart on the pages of published events."""
        names = ("event__slug", "party__code", "via__code", "possibly", "addressee")
        rows = Involvement.objects.values_list(*names)
        self.hold_each("ways of taking part", [Way(*row) for row in rows], self.record.ways)
        found = [
            Apart(
                event.slug,
                spell.membership.party.code,
                spell.membership.bloc.code,
                group.standing.value,
                spell.possibly,
            )
            for event in Event.objects.published()
            for group in events.detail(event, today=self._today).apart
            for spell in group.spells
        ]
        reckoned = [one for one in self.record.apart() if one.event in self.record.published]
        self.hold_each("named apart", found, reckoned)

    def filters(self, index: EventIndex) -> None:
        """Compare which events filters by one or two parties, or by a place and a party, find."""
        kind, slugs = f"events by {type(index).__name__}", _slugs(Event)
        places = product(self.record.places, self.record.lives)
        questions = chain(
            self._one_party,
            *(
                (Question(parties=pair), Question(parties=pair, any_party=True))
                for pair in combinations(self.record.lives, 2)
            ),
            (Question(places=(place,), parties=(party,)) for place, party in places),
        )
        for question in self._some(_directly_or_met(questions)):
            keys = index.matching(question, today=self._today)
            reckoned = self.record.found(question)
            self.hold(kind, question.query_string(), {slugs[key] for key in keys}, reckoned)

    def options(self, index: EventIndex) -> None:
        """Compare the counts of parties beside a list, and how many came through blocs alone."""
        kind = f"counts by {type(index).__name__}"
        for question in self._some(_directly_or_met(self._one_party)):
            answer = index.answer(question, today=self._today)
            for party in self.record.lives:
                name = f"{question.query_string()} and {party}"
                with_it = question.with_values("party", [*question.parties, party])
                found = self.record.found(with_it)
                self.hold(kind, name, answer.options["party"].get(party, 0), len(found))
                through = found - self.record.took_part(party, direct=True, met=question.met)
                self.hold(kind, f"{name}, via", answer.indirect.get(party, 0), len(through))

    def ledger(self) -> None:
        """Compare what each pair of an obligor and a beneficiary finds, and the counts of each."""
        index, slugs = ledger.on(AsOf(self._today)), _slugs(Commitment)
        for question in self._some(self._debts(direct=False) + self._debts(direct=True)):
            name, found = question.query_string(), index.keys(question, {})
            reckoned = self.record.owed(question)
            self.hold("commitments", name, {slugs[key] for key in found}, reckoned)
            options = index.answer(question, {}).options
            for group, party in product(("obligor", "beneficiary"), self.record.lives):
                count = len(self.record.owed(question.with_values(group, [party])))
                self.hold(
                    "counts of commitments",
                    f"{name}, {group} {party}",
                    options[group].get(party, 0),
                    count,
                )

    def clocks(self) -> None:
        """Compare what is overdue and what is quiet, as far as sources were searched."""
        index, slugs = ledger.on(AsOf(self._today)), _slugs(Commitment)
        for clock in ("overdue", "quiet"):
            late = self.record.late(clock, self._today)
            for question in self._some(self._debts(direct=False)):
                asked = replace(question, overdue=clock == "overdue", quiet=clock == "quiet")
                found = {slugs[key] for key in index.keys(asked, {})}
                self.hold(clock, question.query_string(), found, self.record.owed(question) & late)

    def _debts(self, *, direct: bool) -> list[LedgerQuestion]:
        return [
            LedgerQuestion(
                obligors=(obligor,) if obligor else (),
                beneficiaries=(beneficiary,) if beneficiary else (),
                direct=direct,
            )
            for obligor, beneficiary in self._pairs
        ]

    def pages(self, host: str) -> None:
        """Compare the totals that pages say."""
        client = Client(SERVER_NAME=host)
        for question in self._some(_directly_or_met(self._one_party)):
            address = f"/en/{question.query_string()}"
            self.hold("pages", address, _total(client, address), len(self.record.found(question)))
        for asked in self._some(self._debts(direct=False)):
            address = f"/en/commitments/{asked.query_string()}"
            self.hold("pages", address, _total(client, address), len(self.record.owed(asked)))


def _slugs(model: type[Event] | type[Commitment]) -> dict[int, str]:
    return dict(model._default_manager.values_list("pk", "slug"))


def _directly_or_met(questions: Iterable[Question]) -> list[Question]:
    """Return each question as it is, with ``direct``, with ``met``, and with both."""
    return [
        replace(question, direct=direct, met=met)
        for question in questions
        for direct, met in product((False, True), repeat=2)
    ]


def _total(client: Client, address: str) -> int | str:
    """Return the number in the heading of the results of a page."""
    response = client.get(address)
    heading = _HEADING.search(response.content.decode())
    return int(heading[1].replace(",", "")) if heading else f"status {response.status_code}"
