"""The ledger's indexes follow each change of the record, and today's index the days."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.ledgers import SPAN, content
from tests.parsed_page import TODAY
from timeline.core import status
from timeline.core.question import LedgerQuestion, Question
from timeline.core.searched import Clock
from timeline.index.commitment_entries import IndexedCommitment
from timeline.index.ledger import Ledger
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    Framework,
    Membership,
    Party,
    Sector,
    Source,
    StatusUpdate,
)
from timeline.pictures.lanes import rows as lanes
from timeline.queries import ledger, ledger_loader
from timeline.queries.as_of import AsOf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read_anew(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The keys of the commitments read during a test, in order."""
    keys: list[int] = []
    entries = ledger_loader.entries

    def noted(when: AsOf, wanted: object = None) -> Iterator[IndexedCommitment]:
        for entry in entries(when, wanted):  # type: ignore[arg-type]
            keys.append(entry.key)
            yield entry

    monkeypatch.setattr(ledger_loader, "entries", noted)
    return keys


def changes_of_a_commitment(key: int, other: int) -> list[Callable[[], object]]:
    """Return every kind of change that affects a commitment in the ledger."""
    rows = Commitment.objects.filter(pk=key)
    row, party = rows.get(), make.a_state(f"of-{key}")
    event, source = Event.objects.filter(pk=row.event_id), make.a_source()
    sector = make.a_sector(f"of-{key}", parent=Sector.objects.filter(parent=None)[0])

    def step(date: str, status: str, corrects: int | None = None) -> StatusUpdate:
        entry = StatusUpdate.objects.count() + 1
        return StatusUpdate.objects.create(
            commitment=row, date=date, entry=entry, status=status, corrects_id=corrects
        )

    return [
        lambda: rows.update(publication="draft"),
        lambda: rows.update(publication="published"),
        lambda: rows.update(due="2026-01", due_earliest="2026-01-01", due_latest="2026-01-31"),
        lambda: rows.update(made_on="2002", made_earliest="2002-01-01", made_latest="2002-12-31"),
        lambda: rows.update(made_on=None, made_earliest=None, made_latest=None),
        lambda: step("2026-11", "fulfilled"),
        lambda: step("2026-11", "stalled", row.updates.latest("entry").pk),
        lambda: step("2026-12", "broken"),
        lambda: CommitmentParty.objects.create(commitment=row, party=party, role="beneficiary"),
        lambda: CommitmentParty.objects.filter(commitment=row, party=party).delete(),
        lambda: CommitmentSector.objects.create(commitment=row, sector=sector),
        lambda: Citation.objects.create(commitment=row, source=source),
        lambda: Source.objects.filter(pk=source.pk).update(kind="research"),
        lambda: Citation.objects.create(status_update=row.updates.first(), source=make.a_source()),
        lambda: event.update(date="1999-02", earliest="1999-02-01", latest="1999-02-28"),
        lambda: event.update(kind="rupture", state="cancelled"),
        lambda: event.update(framework=Framework.objects.first()),
        lambda: Commitment.objects.filter(pk=other).update(restates=key, restatement="same"),
        lambda: Commitment.objects.filter(pk=other).update(restates=None, restatement=""),
        lambda: make.a_commitment(Event.objects.published()[0], publication="published"),
        lambda: rows.update(event=Event.objects.published().last()),
        lambda: event.update(publication="draft"),
        lambda: event.update(publication="published"),
    ]


@pytest.mark.parametrize("when", [AsOf(TODAY), AsOf(dt.date(2026, 11, 20), is_past=True)], ids=str)
def test_ledger_of_a_day_follows_each_change(read_anew: list[int], when: AsOf) -> None:
    call_command("make_events", 60, seed=7, verbosity=0)
    assert content(ledger.on(when)) == content(Ledger(ledger._read_all(when)))
    first, other, third = Commitment.objects.published().values_list("pk", flat=True)[:3]
    last = Event.objects.published()[0]
    again = {"restates": Commitment.objects.get(pk=third), "restatement": "same"}
    restated = make.a_commitment(last, publication="published", **again)
    changed = 0
    changes = [
        *changes_of_a_commitment(first, other),
        *changes_of_a_commitment(restated.pk, other),
        Commitment.objects.filter(pk=restated.pk).delete,
    ]
    before = content(ledger.on(when))
    for change in changes:
        change()
        read_anew.clear()
        after = content(ledger.on(when))
        assert len(read_anew) < 12
        assert after == content(Ledger(ledger._read_all(when)))
        changed += after != before
        before = after
    assert changed > 30


def test_change_of_what_all_commitments_stand_on_is_seen_in_all_of_them() -> None:
    bloc, state = make.a_bloc("aes"), make.a_state("ml")
    commitment = make.a_commitment(make.an_event(publication="published"), publication="published")
    CommitmentParty.objects.create(commitment=commitment, party=bloc)
    energy = make.a_sector("energy")
    CommitmentSector.objects.create(commitment=commitment, sector=energy)
    when = AsOf(TODAY)

    def options(group: str) -> dict[str, int]:
        return dict(ledger.on(when).answer(LedgerQuestion(), {}).options[group])

    assert (options("party"), options("sector")) == ({"aes": 1}, {"energy": 1})
    make.a_membership(state, bloc)
    assert options("party") == {"aes": 1, "ml": 1}
    Membership.objects.update(ends="2024", ends_earliest="2024-01-01", ends_latest="2024-12-31")
    assert options("party") == {"aes": 1}
    Party.objects.filter(pk=bloc.pk).update(code="ags")
    assert options("party") == {"ags": 1}
    Sector.objects.filter(pk=energy.pk).update(parent=make.a_sector("trade"))
    assert options("sector") == {"energy": 1, "trade": 1}


def days_on_which_something_turns() -> list[dt.date]:
    """Return the first days on which a step counts, or a commitment is overdue or quiet."""
    steps = list(StatusUpdate.objects.all())
    dues = [
        commitment.due.latest
        for commitment in Commitment.objects.exclude(due=None)
        if commitment.due
    ]
    days: set[dt.date] = {
        *(step.date.earliest for step in steps),
        *(step.date.latest + dt.timedelta(days=status.QUIET_AFTER) for step in steps),
        *(due + dt.timedelta(days=1) for due in dues if due < dt.date(9999, 1, 1)),
    }
    return sorted(days)


def test_ledger_of_today_moves_on_with_the_days(read_anew: list[int]) -> None:
    call_command("make_events", 60, seed=7, verbosity=0)
    turns = days_on_which_something_turns()
    days = [turns[0], *(turn - dt.timedelta(days=before) for turn in turns for before in (1, 0))]
    few: list[int] = []
    seen: list[object] = []
    for day in days:
        read_anew.clear()
        index = content(ledger.on(AsOf(day)))
        few.append(len(read_anew))
        assert index == content(Ledger(ledger._read_all(AsOf(day))))
        if not seen or index != seen[-1]:
            seen.append(index)
    assert len(seen) > 12
    assert max(few[2:]) < few[0] / 2
    assert few.count(0) > len(few) / 3
    before = AsOf(days[0])
    assert content(ledger.on(before)) == content(Ledger(ledger._read_all(before))) == seen[0]


def test_what_is_read_after_a_change_does_not_grow_with_the_record(read_anew: list[int]) -> None:
    event, when = make.an_event(publication="published"), AsOf(TODAY)
    commitment = make.a_commitment(event, publication="published")

    def read(count: int) -> tuple[int, list[int]]:
        for _number in range(count):
            there = make.an_event(publication="published")
            make.a_commitment(there, publication="published")
        ledger.on(when)
        read_anew.clear()
        Commitment.objects.filter(pk=commitment.pk).update(title_en="Other")
        with CaptureQueriesContext(connection) as captured:
            lanes.open_commitments(Question(), SPAN, 12, Clock(TODAY))
        return len(captured), list(read_anew)

    few = read(3)
    assert few == read(30)
    assert few[1] == [commitment.pk]


def test_many_changes_at_once_are_read_with_all_the_rest(
    read_anew: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_MAX_CHANGED", 2)
    monkeypatch.setattr(ledger_loader, "_BATCH_SIZE", 2)
    for _number in range(5):
        make.a_commitment(make.an_event(publication="published"), publication="published")
    assert ledger.on(AsOf(TODAY)).answer(LedgerQuestion(), {}).total == 5
    Commitment.objects.filter(pk__gt=0).update(publication="draft")
    Commitment.objects.filter(pk__gt=0).update(publication="published")
    read_anew.clear()
    assert ledger.on(AsOf(TODAY)).answer(LedgerQuestion(), {}).total == 5
    assert len(read_anew) == 5
