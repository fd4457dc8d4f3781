"""The version of the record, which every change updates, whoever makes it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests import factories as make
from tests.parsed_page import TODAY
from tests.threads import elsewhere
from timeline.core.question import LedgerQuestion
from timeline.database import triggers, version
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    EventSector,
    Instrument,
    Participation,
    Party,
    RecordVersion,
    Sector,
    Source,
    StatusUpdate,
)
from timeline.queries import ledger
from timeline.queries.as_of import AsOf

pytestmark = pytest.mark.django_db(transaction=True)


def renewed(change: Callable[[], object]) -> bool:
    before = RecordVersion.objects.get()
    change()
    after = RecordVersion.objects.get()
    assert (after.number > before.number) == (after.etag != before.etag)
    return after.etag != before.etag


def test_every_table_of_the_record_renews_it_and_no_other() -> None:
    assert set(triggers.tables()) >= {
        "timeline_commitment",
        "timeline_citation",
        "timeline_event",
        "timeline_eventstep",
        "timeline_involvement",
        "timeline_membership",
        "timeline_partyname",
        "timeline_statusupdate",
    }
    assert not any("historical" in name or "errorreport" in name for name in triggers.tables())


def test_any_change_renews_it_by_whatever_means() -> None:
    mali = make.a_state("ml")
    event = make.an_event(parties=(mali,))
    assert renewed(lambda: Event.objects.filter(pk=event.pk).update(duration_en="Two days"))
    assert renewed(event.save)
    assert renewed(lambda: Party.objects.bulk_create([Party(code="ru", kind="state", name_en="R")]))
    assert renewed(lambda: Participation.objects.all()._raw_delete("default"))

    def by_hand() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE timeline_party SET name_en = 'Mali'")

    assert renewed(by_hand)


def test_reading_and_what_is_not_the_record_renews_nothing() -> None:
    make.an_event()
    assert not renewed(lambda: list(Event.objects.all()))
    from timeline.models import ErrorReport

    assert not renewed(lambda: ErrorReport.objects.create(message="Wrong."))


def test_change_that_is_taken_back_leaves_the_version_as_it_was() -> None:
    def taken_back() -> None:
        with transaction.atomic():
            make.a_state("ml")
            assert version.current() is None
            transaction.set_rollback(True)

    assert not renewed(taken_back)


def test_emptied_database_has_a_version_again() -> None:
    make.a_state("ml")
    before = version.current()
    call_command("flush", interactive=False, verbosity=0)
    assert version.current() not in (None, before)
    assert renewed(lambda: make.a_state("ml"))


def total(when: AsOf) -> int:
    return ledger.on(when).answer(LedgerQuestion(), {}).total


def test_ledger_is_kept_until_the_record_changes() -> None:
    commitment = make.a_commitment(make.an_event(publication="published"), publication="published")
    first = ledger.on(AsOf(TODAY)).index
    assert ledger.on(AsOf(TODAY)).index is first
    Commitment.objects.filter(pk=commitment.pk).update(publication="draft")
    assert ledger.on(AsOf(TODAY)).index is not first
    assert total(AsOf(TODAY)) == 0


def test_ledger_read_in_a_transaction_is_kept_for_nobody() -> None:
    event = make.an_event(publication="published")
    assert total(AsOf(TODAY)) == 0
    with transaction.atomic():
        make.a_commitment(event, publication="published")
        assert total(AsOf(TODAY)) == 1
        transaction.set_rollback(True)
    assert total(AsOf(TODAY)) == 0


def test_ledger_read_while_somebody_writes_is_of_the_version_that_it_is_kept_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = make.an_event(publication="published")
    make.a_commitment(event, publication="published")
    read = ledger._read

    def disturbed(when: AsOf, seen: version.Version) -> object:
        elsewhere(lambda: make.a_commitment(event, publication="published"))
        return read(when, seen)

    monkeypatch.setattr(ledger, "_read", disturbed)
    assert total(AsOf(TODAY)) == 1
    monkeypatch.setattr(ledger, "_read", read)
    assert total(AsOf(TODAY)) == Commitment.objects.count() == 2


def test_snapshot_sees_one_state_and_says_which() -> None:
    make.an_event()
    before = version.current()
    with version.snapshot() as seen:
        elsewhere(make.an_event)
        assert (seen, Event.objects.count()) == (before, 1)
    assert Event.objects.count() == 2
    assert version.current() != before


def test_block_sees_one_version_however_often_it_is_read(
    django_assert_num_queries: Any,
) -> None:
    with version.one_version():
        with django_assert_num_queries(1):
            first = version.current()
            elsewhere(make.an_event)
            assert version.current() == first
        with version.snapshot() as seen:
            assert (seen, Event.objects.count()) == (first, 0)
        assert Event.objects.count() == 0
    assert (version.current() == first, Event.objects.count()) == (False, 1)


def test_block_that_reads_no_version_begins_no_transaction() -> None:
    with version.one_version():
        make.an_event()
    assert Event.objects.count() == 1


def test_block_that_fails_leaves_the_connection_as_it_was() -> None:
    def fail() -> None:
        with version.one_version():
            raise ValueError(version.current())

    with pytest.raises(ValueError, match="Version"):
        fail()
    make.an_event()
    assert Event.objects.count() == 1


def touched(change: Callable[[], object]) -> set[int]:
    before = version.current()
    assert before is not None
    change()
    after = version.current()
    assert after is not None
    changes = version.touched_since(before.number)
    assert all(before.number < number <= after.number for number in changes.values())
    return set(changes)


def test_change_of_an_event_or_its_part_is_noted() -> None:
    mali, russia = make.a_state("ml"), make.a_state("ru")
    first, second = make.an_event(parties=(mali,)), make.an_event()
    sector, source = make.a_sector("energy"), make.a_source()
    changes: list[Callable[[], object]] = [
        lambda: Event.objects.filter(pk=first.pk).update(duration_en="Two days"),
        lambda: Participation.objects.create(event=first, party=russia),
        lambda: first.participations.filter(party=russia).delete(),
        lambda: EventSector.objects.create(event=first, sector=sector),
        lambda: make.a_commitment(first),
        lambda: Citation.objects.create(event=first, source=source),
        lambda: Citation.objects.create(
            participation=first.participations.get(party=mali), source=source
        ),
        lambda: Source.objects.filter(pk=source.pk).update(kind="research"),
        lambda: Sector.objects.filter(pk=sector.pk).update(parent=make.a_sector("trade")),
        lambda: Citation.objects.all().delete(),
    ]
    for change in changes:
        assert touched(change) == {first.pk}
    assert touched(lambda: first.sector_links.update(event=second)) == {first.pk, second.pk}
    assert touched(lambda: Event.objects.filter(pk=second.pk).delete()) == {second.pk}
    unrelated: list[Callable[[], object]] = [
        lambda: Source.objects.filter(pk=source.pk).update(title="Other"),
        lambda: Sector.objects.filter(pk=sector.pk).update(name_en="Power"),
        lambda: Party.objects.filter(pk=mali.pk).update(name_en="Mali"),
        make.a_source,
    ]
    for change in unrelated:
        assert touched(change) == set()


def test_change_of_a_part_of_a_commitment_touches_the_event_at_which_it_was_made() -> None:
    first, second = make.an_event(), make.an_event()
    commitment, source = make.a_commitment(first), make.a_source()
    step, mali, energy = commitment.updates.get(), make.a_state("ml"), make.a_sector("energy")
    changes: list[Callable[[], object]] = [
        lambda: CommitmentParty.objects.create(commitment=commitment, party=mali),
        lambda: commitment.party_links.update(role="beneficiary"),
        lambda: commitment.party_links.all().delete(),
        lambda: CommitmentSector.objects.create(commitment=commitment, sector=energy),
        lambda: StatusUpdate.objects.create(
            commitment=commitment, date="2025-05", entry=1, status="fulfilled"
        ),
        lambda: Citation.objects.create(commitment=commitment, source=source),
        lambda: Source.objects.filter(pk=source.pk).update(kind="research"),
        lambda: Citation.objects.update(commitment=None, status_update=step),
        lambda: Source.objects.filter(pk=source.pk).update(kind="official"),
        lambda: Citation.objects.all().delete(),
    ]
    for change in changes:
        assert touched(change) == {first.pk}
    assert touched(lambda: Commitment.objects.update(event=second)) == {first.pk, second.pk}
    assert touched(lambda: Commitment.objects.all().delete()) == {second.pk}


def test_row_written_or_passed_over_in_one_statement_is_noted() -> None:
    event, sector = make.an_event(), make.a_sector("energy")

    def put_in() -> None:
        again = [EventSector(event=event, sector=sector)]
        EventSector.objects.bulk_create(again, ignore_conflicts=True)

    assert touched(put_in) == {event.pk}
    assert touched(put_in) == set()
    assert touched(lambda: EventSector.objects.update(sector=make.a_sector("trade"))) == {event.pk}


def test_what_filters_offer_and_what_events_name_have_numbers_of_their_own() -> None:
    def moved(change: Callable[[], object]) -> tuple[bool, bool]:
        before = RecordVersion.objects.get()
        change()
        after = RecordVersion.objects.get()
        assert max(after.vocabulary, after.labels_revision) <= after.number
        return after.vocabulary > before.vocabulary, after.labels_revision > before.labels_revision

    assert moved(lambda: make.a_state("ml")) == (True, False)
    assert moved(lambda: Party.objects.update(name_en="Mali")) == (True, True)
    mali = Party.objects.get()
    assert moved(lambda: mali.names.create(name="Soudan", kind="short")) == (False, True)
    union = make.a_state("suhh")
    assert moved(lambda: mali.successions.create(predecessor=union)) == (True, False)
    assert moved(make.a_source) == (False, False)
    assert moved(lambda: Source.objects.update(title="Other")) == (False, True)
    assert moved(make.an_event) == (False, False)


def test_texts_their_parties_and_their_steps_have_a_number_of_their_own() -> None:
    def moved(change: Callable[[], object]) -> bool:
        before = RecordVersion.objects.get()
        change()
        after = RecordVersion.objects.get()
        assert after.instruments <= after.number
        return after.instruments > before.instruments

    mali = make.a_state("ml")
    text = make.a_text()
    rows = Instrument.objects.filter(pk=text.pk)
    changes: list[Callable[[], object]] = [
        lambda: make.a_text(mali),
        lambda: rows.update(publication="published"),
        lambda: text.party_links.create(party=mali),
        lambda: text.steps.create(act="signed", party=mali, done="2025"),
        lambda: text.steps.create(act="opened", done="2025"),
    ]
    assert [moved(change) for change in changes] == [True] * len(changes)
    assert not moved(make.an_event)
    assert not moved(lambda: Party.objects.update(name_en="Mali"))
    assert moved(lambda: make.a_text().delete())


def test_emptied_database_begins_a_new_era() -> None:
    make.an_event()
    before = RecordVersion.objects.get().epoch
    call_command("flush", interactive=False, verbosity=0)
    assert RecordVersion.objects.get().epoch != before


def test_era_goes_on_while_the_triggers_stand() -> None:
    before = RecordVersion.objects.get()
    call_command("migrate", verbosity=0)
    triggers.install(connection)
    after = RecordVersion.objects.get()
    assert (after.epoch, after.etag) == (before.epoch, before.etag)
    with connection.cursor() as cursor:
        name = "timeline_event_renews_version"
        on = "_update" if connection.vendor == "sqlite" else " ON timeline_event"
        cursor.execute(f"DROP TRIGGER {name}{on}")
    triggers.install(connection)
    assert RecordVersion.objects.get().epoch != before.epoch
    RecordVersion.objects.update(triggers="as they were made before")
    second = RecordVersion.objects.get().epoch
    triggers.install(connection)
    assert RecordVersion.objects.get().epoch != second


def test_writers_take_turns_without_waiting_in_a_circle() -> None:
    events = [make.an_event(), make.an_event()]
    failed: list[Exception] = []

    def write(first: Event, second: Event) -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    for event in (first, second):
                        Event.objects.filter(pk=event.pk).update(duration_en="Two days")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=order) for order in (events, events[::-1])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=30)
    assert failed == []
