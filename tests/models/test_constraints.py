"""The constraints of the database, by name, and their messages for editors."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.examples import tries
from timeline.actions import commitments, events, publication
from timeline.core import citable
from timeline.core.codes import CommitmentStatus, EventState
from timeline.database import constraints, fulltext
from timeline.database.install import install, uninstall_before_migrate
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Correction,
    Event,
    EventPlace,
    EventSector,
    EventStep,
    FormerSlug,
    Framework,
    HostOrder,
    Identity,
    Instrument,
    InstrumentParty,
    InstrumentStep,
    Involvement,
    Membership,
    MembershipRemark,
    Office,
    Participation,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Sector,
    Side,
    Source,
    StatusUpdate,
    Succession,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TOLD_BEFORE = {
    "membership_of_another": "A party cannot be a member of itself.",
    "membership_standing_known": "Value 'guest' is not a valid choice.",
    "membership_remark_kind_known": "Value 'rumoured' is not a valid choice.",
    "person_family_name_in_name": (
        "“Diop” is no part of “Sergey Lavrov”: write it as it stands there, or leave it empty."
    ),
    "commitment_restates_another": "These commitments would restate each other in a circle.",
    "source_address_of_the_web": "Enter a valid URL.",
    "source_archive_of_the_web": "Enter a valid URL.",
    "instrument_step_effect_after_act": (
        "This takes effect before it was done: correct a date, or say why the record keeps it."
    ),
    "instrument_step_corrects_another": (
        "This step belongs to another text; choose one of this text's."
    ),
    "framework_cadence_is_positive": "Ensure this value is greater than or equal to 1.",
}
"""Rules of which a field or the whole row tells editors before the constraint is asked."""


def _event(**values: Any) -> Event:
    return Event(**{"slug": "e", "date": "2025-04-03", "kind": "visit", "title_en": "E", **values})


def _saved_event() -> Event:
    event = _event()
    event.save()
    return event


def _commitment(**values: Any) -> Commitment:
    return Commitment(**{"slug": "c", "event": _saved_event(), "title_en": "C", **values})


def _membership(**values: Any) -> Membership:
    bloc = make.a_bloc("aes")
    return Membership(**{"party": make.a_state("ml"), "bloc": bloc, "starts": "2023", **values})


def _member_of_itself() -> Membership:
    bloc = make.a_bloc("aes")
    return Membership(party=bloc, bloc=bloc, starts="2023")


def _succeeding_itself() -> Succession:
    party = make.a_state("ru")
    return Succession(party=party, predecessor=party)


def _twice(model: type[models.Model], **values: Any) -> models.Model:
    model._default_manager.create(**values)
    return model(**values)


def _update(**values: Any) -> StatusUpdate:
    commitment = _commitment()
    commitment.save()
    return StatusUpdate(
        **{"commitment": commitment, "date": "2025-05", "entry": 1, "status": "agreed", **values}
    )


def _second_update() -> StatusUpdate:
    update = _update()
    update.save()
    return StatusUpdate(commitment=update.commitment, date="2025-05", entry=1, status="broken")


def _self_restating() -> Commitment:
    commitment = _commitment()
    commitment.save()
    commitment.restates, commitment.restatement = commitment, "same"
    return commitment


def _self_correcting() -> StatusUpdate:
    update = _update()
    update.save()
    update.corrects = update
    return update


def _text() -> Instrument:
    return make.a_text(make.a_state("ml"), make.a_state("ne"))


def _step(**values: Any) -> InstrumentStep:
    text = _text()
    values.setdefault("party", Party.objects.get(code="ml"))
    return InstrumentStep(**{"instrument": text, "act": "signed", "done": "2024-07-06", **values})


def _step_that_corrects_itself() -> InstrumentStep:
    row = _step(pk=7)
    row.corrects = row
    return row


def _step_beside(**values: Any) -> InstrumentStep:
    """Return a step of the text that itself amends or replaces it."""
    row = _step(party=None, **values)
    row.later_instrument = row.instrument
    return row


BROKEN: dict[str, Callable[[], models.Model]] = {
    "instrument_has_a_title": lambda: Instrument(slug="t", kind="treaty", date="2024"),
    "instrument_withdrawn_with_reason": lambda: Instrument(
        slug="t", kind="treaty", date="2024", title_en="T", publication="withdrawn"
    ),
    "instrument_party_once": lambda: _twice(
        InstrumentParty, instrument=_text(), party=make.a_state("ru")
    ),
    "instrument_step_of_a_party": lambda: _step(party=None),
    "instrument_step_retracts_a_step": lambda: _step(act="retracted"),
    "instrument_step_regards_a_step": lambda: _step(act="withdrawn"),
    "instrument_step_by_a_later_text": lambda: _step(later_instrument=make.a_text()),
    "instrument_step_by_another_text": lambda: _step_beside(act="amended"),
    "instrument_step_effect_after_act": lambda: _step(effect="2024-07-05"),
    "instrument_step_corrects_another": _step_that_corrects_itself,
    "commitment_article_of_a_text": lambda: _commitment(article="art. 6"),
    "party_has_a_name": lambda: Party(code="zz", kind="state"),
    "party_ends_after_it_starts": lambda: Party(
        code="zz", kind="state", name_en="Z", founded="2020", dissolved="2019"
    ),
    "party_name_once": lambda: _twice(
        PartyName, party=make.a_state("ml"), name="Mali", language="fr", kind="short"
    ),
    "party_name_ends_after_it_starts": lambda: PartyName(
        party=make.a_state("ml"),
        name="Mali",
        language="fr",
        kind="short",
        starts="2020",
        ends="2019",
    ),
    "membership_remark_once": lambda: _twice(
        MembershipRemark, membership=_saved(_membership()), kind="leaving_announced", date="2024"
    ),
    "membership_remark_kind_known": lambda: MembershipRemark(
        membership=_saved(_membership()), kind="rumoured", date="2024"
    ),
    "membership_ends_after_it_starts": lambda: _membership(ends="2022"),
    "membership_of_another": _member_of_itself,
    "membership_standing_known": lambda: _membership(standing="guest"),
    "membership_end_event_needs_an_end": lambda: _membership(end_event=_saved_event()),
    "party_only_a_body_is_part_of_another": lambda: Party(
        code="zz", kind="bloc", name_en="Z", body_kind="bank"
    ),
    "succession_once": lambda: _twice(
        Succession, party=make.a_state("ru"), predecessor=make.a_state("xx")
    ),
    "succession_of_another": _succeeding_itself,
    "place_is_on_earth": lambda: Place(slug="p", name_en="P", latitude=91.0, longitude=0.0),
    "place_has_a_name": lambda: Place(slug="p"),
    "office_ends_after_it_starts": lambda: Office(
        person=make.a_person(), title_en="O", starts="2020", ends="2019"
    ),
    "event_place_named": lambda: EventPlace(event=_saved_event(), days="2025-04-03"),
    "event_place_once": lambda: _twice(
        EventPlace, event=_saved_event(), place=make.a_place(), days="2025-04-03"
    ),
    "event_has_a_title": lambda: _event(title_en=""),
    "event_turn_needs_framework": lambda: _event(takes_turn=True),
    "event_withdrawn_with_reason": lambda: _event(publication="withdrawn"),
    "participation_once": lambda: _twice(
        Participation, event=_saved_event(), party=make.a_state("ml"), role="host"
    ),
    "event_step_entry_once": lambda: _twice(
        EventStep,
        event=_saved_event(),
        entry=1,
        on="2025",
        state="held",
        date="2025",
        previous_state="planned",
        previous_date="2025",
    ),
    "commitment_has_a_title": lambda: _commitment(title_en=""),
    "commitment_restates_in_a_way": lambda: _commitment(restatement="same"),
    "commitment_restates_another": _self_restating,
    "commitment_due_after_it_was_made": lambda: _commitment(due="2025", made_on="2026"),
    "commitment_request_binds_nobody": lambda: _commitment(nature="request", mutual=True),
    "commitment_party_once": lambda: _twice(
        CommitmentParty, commitment=_saved(_commitment()), party=make.a_state("ml"), role="obligor"
    ),
    "status_update_entry_once": _second_update,
    "status_update_corrects_another": _self_correcting,
    "framework_cadence_is_positive": lambda: Framework(slug="f", title_en="F", cadence_months=0),
    "framework_fixed_host_is_named": lambda: Framework(
        slug="f", title_en="F", rotation="fixed_host"
    ),
    "side_once": lambda: _twice_side(position=2),
    "side_position_once": lambda: _twice_side(party="zz"),
    "source_address_once": lambda: _second_source(),
    "source_address_of_the_web": lambda: _source_at(url="javascript:alert(1)"),
    "source_archive_of_the_web": lambda: _source_at(archive_url="data:text/html,x"),
    "citation_of_exactly_one_record": lambda: Citation(source=make.a_source()),
    "citation_value_names_its_field": lambda: Citation(
        source=make.a_source(), event=_saved_event(), value_given="x"
    ),
    "attendance_once": lambda: _attending_twice(),
    "event_sector_once": lambda: _twice(
        EventSector, event=_saved_event(), sector=make.a_sector("trade")
    ),
    "commitment_sector_once": lambda: _twice(
        CommitmentSector, commitment=_saved(_commitment()), sector=make.a_sector("trade")
    ),
    "commitment_withdrawn_with_reason": lambda: _commitment(publication="withdrawn"),
    "correction_has_a_text": lambda: Correction(made_on="2025-04-03", event=_saved_event()),
    "correction_of_exactly_one_record": lambda: Correction(made_on="2025-04-03", text_en="T"),
    "framework_has_a_title": lambda: Framework(slug="f"),
    "framework_withdrawn_with_reason": lambda: Framework(
        slug="f", title_en="F", publication="withdrawn"
    ),
    "host_order_once": lambda: _second_place(position=2),
    "host_order_position_once": lambda: _second_place(party="zz"),
    "office_has_a_title": lambda: Office(person=make.a_person()),
    "person_has_a_name": lambda: Person(slug="p"),
    "person_family_name_in_name": lambda: Person(
        slug="p", name_en="Sergey Lavrov", family_en="Diop"
    ),
    "person_name_once": lambda: _twice(
        PersonName, person=make.a_person(), name="Lavroff", language="fr"
    ),
    "sector_has_a_name": lambda: Sector(slug="s"),
}

DERIVED: dict[str, Callable[[], models.Model]] = {
    "former_slug_once": lambda: _twice(FormerSlug, kind="event", slug="s", object_id=1),
    "identity_is_one": lambda: Identity(pk=2),
    "involvement_once_directly": lambda: _twice(
        Involvement, event=_saved_event(), party=make.a_state("ml")
    ),
    "involvement_once_via": lambda: _twice(
        Involvement, event=_saved_event(), party=make.a_state("ml"), via=make.a_bloc("aes")
    ),
}
"""Rows that no editor writes, so that no sentence is needed."""


def _saved(row: Any) -> Any:
    row.save()
    return row


def _twice_side(*, party: str = "ml", position: int = 1) -> Side:
    framework = Framework.objects.create(slug="f", title_en="F")
    mali = make.a_state("ml")
    Side.objects.create(framework=framework, party=mali, position=1)
    other = mali if party == "ml" else make.a_state(party)
    return Side(framework=framework, party=other, position=position)


def _second_place(*, party: str = "ml", position: int = 1) -> HostOrder:
    side = _twice_side(party="aes", position=2)
    side.save()
    mali = Party.objects.get(code="ml")
    HostOrder.objects.create(side=side, party=mali, position=1)
    other = mali if party == "ml" else make.a_state(party)
    return HostOrder(side=side, party=other, position=position)


def _attending_twice() -> Attendance:
    mali = make.a_state("ml")
    event = make.an_event(parties=(mali,))
    return _twice(Attendance, event=event, party=mali, person=make.a_person())  # type: ignore[return-value]


def _source_at(**addresses: str) -> Source:
    return Source(title="S", kind="official", language="fr", **addresses)


def _second_source() -> Source:
    values = {"kind": "official", "language": "fr", "url": "https://example.org/a"}
    Source.objects.create(title="S", **values)
    return Source(title="T", **values)


def _named(name: str) -> Any:
    for model in apps.get_app_config("timeline").get_models():
        for rule in model._meta.constraints:
            if rule.name == name:
                return rule
    raise LookupError(name)


@pytest.mark.parametrize("name", BROKEN)
def test_rule_has_a_sentence_for_editors(name: str) -> None:
    row = BROKEN[name]()
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    sentences = [text for texts in refused.value.message_dict.values() for text in texts]
    assert TOLD_BEFORE.get(name, str(_named(name).violation_error_message)) in sentences


def _names_the_rule(error: IntegrityError, name: str) -> bool:
    """Both name the rule, except SQLite for plain unique rules, of which it names the columns."""
    rule, text = _named(name), str(error)
    if name in text:
        return True
    if connection.vendor != "sqlite" or not isinstance(rule, models.UniqueConstraint):
        return False
    table = next(
        model._meta.db_table
        for model in apps.get_app_config("timeline").get_models()
        if rule in model._meta.constraints
    )
    columns = [
        f"{table}.{column}_id" if column in KEYS_OF_OTHERS else f"{table}.{column}"
        for column in rule.fields
    ]
    return text == f"UNIQUE constraint failed: {', '.join(columns)}"


KEYS_OF_OTHERS = {
    *("commitment", "event", "framework", "instrument", "membership", "party", "person"),
    "predecessor",
    *("sector", "side", "via"),
}


@pytest.mark.parametrize(
    "name", [name for name in (*BROKEN, *DERIVED) if name != "status_update_corrects_another"]
)
def test_rule_holds_behind_the_forms(name: str) -> None:
    row = {**BROKEN, **DERIVED}[name]()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save()
    assert _names_the_rule(refused.value, name), str(refused.value)


@pytest.mark.parametrize("name", [name for name in BROKEN if not name.endswith("s_another")])
def test_rule_holds_for_rows_written_in_bulk(name: str) -> None:
    row = BROKEN[name]()
    row.pk = None
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        type(row)._default_manager.bulk_create([row])
    assert _names_the_rule(refused.value, name), str(refused.value)


def test_every_rule_is_tried() -> None:
    declared = {
        rule.name
        for model in apps.get_app_config("timeline").get_models()
        for rule in model._meta.constraints
    }
    assert declared == {*BROKEN, *DERIVED}


def test_citation_of_two_records_is_refused() -> None:
    event = _saved_event()
    with (
        pytest.raises(IntegrityError, match="citation_of_exactly_one_record"),
        transaction.atomic(),
    ):
        Citation.objects.create(source=make.a_source(), event=event, party=make.a_state("ml"))


@pytest.mark.parametrize(
    ("held", "added", "refused"),
    [
        (("2020", "2022"), ("2021", None), True),
        (("2020-01-01", None), ("2021-01-01", "2021-02-01"), True),
        (("2020-01-01", "2021-01-01"), ("2021-01-01", None), False),
        (("2014", "2022-05"), ("2022-05", None), False),
        (("2020-01-01", "2021-01-01"), ("2020-12-31", None), True),
        (("2020", "2021-06"), ("2021-05-31", None), True),
    ],
)
def test_memberships_of_a_pair_never_overlap_on_days_surely_held(
    held: tuple[str, str | None], added: tuple[str, str | None], refused: bool
) -> None:
    mali, bloc = make.a_state("ml"), make.a_bloc("aes")
    make.a_membership(mali, bloc, *held)
    row = Membership(party=mali, bloc=bloc, starts=added[0], ends=added[1])
    try:
        row.full_clean()
        by_form = False
    except ValidationError as error:
        by_form = "already belongs to this bloc" in str(error)
    try:
        with transaction.atomic():
            row.save()
        by_database = False
    except IntegrityError as error:
        refusal = constraints.validation_error(error)
        by_database = refusal is not None and refusal.code == constraints.NO_OVERLAP
    assert (by_form, by_database) == (refused, refused)


DATES = st.sampled_from(
    [
        *("2020", "2020-06", "2020-06-15", "2020-06-16", "2021-01-01", "2020~", "202X", "2022-05"),
        *("0001", "0001-01-01", "9999", "9999-12-31", "2020-06-15/..", "2020-03/2020-09"),
    ]
)
SPANS = st.tuples(DATES, DATES | st.none())


def _form_error(row: Membership) -> str:
    try:
        row.full_clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _database_error(row: Membership) -> str:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        refusal = constraints.validation_error(error)
        return " ".join(refusal.messages) if refusal else str(error)
    return ""


@settings(max_examples=tries(60, soak=300), suppress_health_check=list(HealthCheck))
@given(held=SPANS, added=SPANS)
def test_forms_and_database_agree_on_overlaps(
    held: tuple[str, str | None], added: tuple[str, str | None]
) -> None:
    with transaction.atomic():
        mali, bloc = make.a_state("ml"), make.a_bloc("aes")
        first = Membership(party=mali, bloc=bloc, starts=held[0], ends=held[1])
        second = Membership(party=mali, bloc=bloc, starts=added[0], ends=added[1])
        if not _form_error(first):
            assert _database_error(first) == ""
            by_form, by_database = _form_error(second), _database_error(second)
            overlap = str(constraints.SENTENCES[constraints.NO_OVERLAP])
            assert (bool(by_form), overlap in by_form) == (
                bool(by_database),
                overlap in by_database,
            )
        transaction.set_rollback(True)


def test_another_pair_may_hold_the_same_days() -> None:
    mali, bloc = make.a_state("ml"), make.a_bloc("aes")
    make.a_membership(mali, bloc, "2020")
    make.a_membership(make.a_state("ne"), bloc, "2020")
    make.a_membership(mali, make.a_bloc("un"), "2020")
    assert Membership.objects.count() == 3


def test_overlap_made_by_an_update_is_refused() -> None:
    mali, bloc = make.a_state("ml"), make.a_bloc("aes")
    first = make.a_membership(mali, bloc, "2020-01-01", "2021-01-01")
    make.a_membership(mali, bloc, "2022-01-01")
    first.ends = "2023-01-01"
    with pytest.raises(IntegrityError, match=constraints.NO_OVERLAP), transaction.atomic():
        first.save()
    with pytest.raises(IntegrityError, match=constraints.NO_OVERLAP), transaction.atomic():
        Membership.objects.filter(pk=first.pk).update(ends=None, ends_earliest=None)
    row = Membership(party=mali, bloc=bloc, starts="2022-06")
    with pytest.raises(IntegrityError, match=constraints.NO_OVERLAP), transaction.atomic():
        Membership.objects.bulk_create([row])


def test_attendance_for_a_party_not_involved_is_refused() -> None:
    event, mali, person = _saved_event(), make.a_state("ml"), make.a_person()
    with pytest.raises(IntegrityError, match=constraints.INVOLVED), transaction.atomic():
        Attendance.objects.create(event=event, person=person, party=mali)
    Involvement.objects.create(event=event, party=mali)
    attendance = Attendance.objects.create(event=event, person=person, party=mali)
    attendance.party = make.a_state("ne")
    with pytest.raises(IntegrityError, match=constraints.INVOLVED), transaction.atomic():
        attendance.save()
    with pytest.raises(IntegrityError, match=constraints.INVOLVED), transaction.atomic():
        Involvement.objects.filter(event=event, party=mali).delete()
    with pytest.raises(IntegrityError, match=constraints.INVOLVED), transaction.atomic():
        Involvement.objects.filter(event=event, party=mali).update(party=attendance.party)
    event.attendances.all().delete()
    event.delete()
    assert not Involvement.objects.exists()


def test_step_of_a_text_is_of_one_of_its_parties() -> None:
    text, russia = _text(), make.a_state("ru")
    mali = Party.objects.get(code="ml")
    strange = InstrumentStep(instrument=text, party=russia, act="signed", done="2024-07-06")
    with pytest.raises(IntegrityError, match=constraints.OF_ITS_PARTIES), transaction.atomic():
        strange.save()
    make.a_step(text, "signed", mali)
    links = text.party_links.filter(party=mali)
    publication.publish(record=text)
    with pytest.raises(IntegrityError, match=constraints.OF_ITS_PARTIES), transaction.atomic():
        links.delete()
    with pytest.raises(IntegrityError, match=constraints.OF_ITS_PARTIES), transaction.atomic():
        links.update(party=russia)
    text.party_links.get(party__code="ne").delete()


_STEP_RULES = {
    f"{rule}_{step}"
    for rule in (constraints.UNCHANGED, constraints.STAYS)
    for step in ("statusupdate", "eventstep", "instrumentstep")
}


Step = StatusUpdate | EventStep | InstrumentStep


def _a_step(kind: str) -> Step:
    if kind == "instrumentstep":
        return make.a_step(_text(), "signed", Party.objects.get(code="ml"))
    event = _saved_event()
    if kind == "statusupdate":
        return make.a_commitment(event).updates.get()
    return events.change(event=event, on="2025-03", state=EventState.PLANNED, date="2025-06")


def _owner(step: Step) -> Any:
    if isinstance(step, InstrumentStep):
        return step.instrument
    return step.commitment if isinstance(step, StatusUpdate) else step.event


STEPS = pytest.mark.parametrize("kind", ["statusupdate", "eventstep", "instrumentstep"])


@STEPS
def test_step_is_never_changed(kind: str) -> None:
    step = _a_step(kind)
    rows = type(step)._default_manager.filter(pk=step.pk)
    with pytest.raises(IntegrityError, match=constraints.UNCHANGED), transaction.atomic():
        step.save()
    for column in step._meta.concrete_fields:
        if not column.primary_key:
            value = getattr(step, column.attname)
            with pytest.raises(IntegrityError, match=constraints.UNCHANGED), transaction.atomic():
                rows.update(**{column.attname: value})


@STEPS
def test_step_of_what_was_published_is_never_deleted(kind: str) -> None:
    step = _a_step(kind)
    publication.publish(record=_owner(step))
    with pytest.raises(IntegrityError, match=constraints.STAYS) as refused, transaction.atomic():
        type(step)._default_manager.filter(pk=step.pk).delete()
    refusal = constraints.validation_error(refused.value)
    assert refusal is not None
    assert refusal.messages == [
        "A step of a record that was published is never taken out; "
        "add a new one that says what is right."
    ]
    # A text's steps and its parties go in any order: either of two rules keeps them.
    either = f"{constraints.STAYS}|{constraints.OF_ITS_PARTIES}"
    with pytest.raises(IntegrityError, match=either), transaction.atomic():
        _owner(step).delete()


@STEPS
def test_step_goes_with_a_draft(kind: str) -> None:
    step = _a_step(kind)
    if isinstance(step, StatusUpdate):
        commitments.record_update(
            commitment=step.commitment, date="2026", status=CommitmentStatus.STALLED, corrects=step
        )
    _owner(step).delete()
    assert not type(step)._default_manager.exists()


def test_update_that_corrects_itself_is_refused() -> None:
    row = _self_correcting()
    StatusUpdate.objects.filter(pk=row.pk).delete()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save(force_insert=True)
    assert _names_the_rule(refused.value, "status_update_corrects_another")


@pytest.mark.django_db(transaction=True)
def test_flush_empties_what_was_published() -> None:
    for kind in ("statusupdate", "eventstep"):
        owner = _owner(_a_step(kind))
        publication.publish(record=owner)
        Event.objects.filter(slug="e").update(slug=f"of-{kind}")
    event, mali = make.an_event(parties=(make.a_state("ml"),)), Party.objects.get()
    Attendance.objects.create(event=event, person=make.a_person(), party=mali)
    before = _rules()
    call_command("flush", interactive=False, verbosity=0)
    assert (StatusUpdate.objects.count(), EventStep.objects.count()) == (0, 0)
    assert (Attendance.objects.count(), Event.objects.count()) == (0, 0)
    assert _rules() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(  # PostgreSQL alters a table in place
    connection.vendor != "sqlite", reason="only SQLite makes a changed table anew"
)
def test_table_is_remade_by_a_migration() -> None:
    before = _rules()
    state_apps = MigrationExecutor(connection).loader.project_state().apps
    uninstall_before_migrate(using="default", plan=("something",))
    try:
        for name in ("commitment", "event", "statusupdate", "eventstep", "instrumentstep"):
            rule = models.CheckConstraint(condition=models.Q(pk__gt=0), name=f"tried_{name}")
            with connection.schema_editor() as editor:
                editor.add_constraint(state_apps.get_model("timeline", name), rule)
            with connection.schema_editor() as editor:
                editor.remove_constraint(state_apps.get_model("timeline", name), rule)
    finally:
        install(connection)
    assert _rules() == before


def _rules() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            return {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        triggers = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
        return triggers | {name for (name,) in cursor.fetchall()}


_VERBS = ("deleted", "hidden")


_CITATION_RULES = (constraints.CITABLE, constraints.REASONED)


@pytest.mark.parametrize("target", citable.FIELDS)
def test_source_is_cited_only_for_fields_that_the_record_has(target: str) -> None:
    row, source = make.all_that_is_citable()[target], make.a_source()
    for field in ("", *citable.FIELDS[target]):
        Citation.objects.create(source=source, field=field, **{target: row})
    with pytest.raises(IntegrityError, match=constraints.CITABLE), transaction.atomic():
        Citation.objects.create(source=source, field="colour", **{target: row})
    with pytest.raises(IntegrityError, match=constraints.CITABLE), transaction.atomic():
        row.citations.filter(field="").update(field="colour")
    with pytest.raises(ValidationError, match="“colour” is no field of this record"):
        Citation(source=source, field="colour", **{target: row}).full_clean()


def test_refusal_of_a_field_names_those_that_the_record_has() -> None:
    citation = Citation(source=make.a_source(), field="names", party=make.a_state("ml"))
    with pytest.raises(ValidationError) as refused:
        citation.full_clean()
    assert refused.value.message_dict == {
        "field": [
            "“names” is no field of this record. Choose one of: name, founded, dissolved, parties "
            "that it succeeded (successions), body of (part_of)."
        ]
    }


def test_inference_needs_its_reason() -> None:
    event, source = make.an_event(), make.a_source()
    inferred = {"event": event, "source": source, "stance": "inferred"}
    with pytest.raises(IntegrityError, match=constraints.REASONED), transaction.atomic():
        Citation.objects.create(**inferred)
    with pytest.raises(ValidationError) as refused:
        Citation(**inferred).full_clean()
    sentence = str(constraints.SENTENCES[constraints.REASONED])
    assert refused.value.message_dict == {"note_fr": [sentence]}
    reasoned = Citation.objects.create(**inferred, note_fr="Parce que.")
    with pytest.raises(IntegrityError, match=constraints.REASONED), transaction.atomic():
        Citation.objects.filter(pk=reasoned.pk).update(note_fr="")


def test_citation_from_before_the_rules_can_be_moved_and_mended() -> None:
    event, other = make.an_event(), make.an_event()
    constraints.uninstall(connection)
    old = Citation.objects.create(
        event=event, source=make.a_source(), field="names", stance="inferred"
    )
    constraints.install(connection)
    old.event, old.excerpt = other, "Words."
    old.save()
    old.field, old.note_en = "parties", "Why."
    old.save()
    old.full_clean()


def test_rules_over_several_rows_are_there_after_all_migrations() -> None:
    kinds = ("event", "commitment", "framework", "instrument")
    on_postgres = {
        constraints.NO_OVERLAP,
        f"{constraints.INVOLVED}_came",
        f"{constraints.INVOLVED}_left",
        f"{constraints.OF_ITS_PARTIES}_came",
        f"{constraints.OF_ITS_PARTIES}_left",
        *_STEP_RULES,
        *(f"{constraints.PUBLISHED}_{kind}" for kind in kinds),
        *_CITATION_RULES,
    }
    on_sqlite = {
        f"{constraints.NO_OVERLAP}_insert",
        f"{constraints.NO_OVERLAP}_update",
        f"{constraints.INVOLVED}_insert",
        f"{constraints.INVOLVED}_update",
        f"{constraints.INVOLVED}_left",
        f"{constraints.INVOLVED}_moved",
        f"{constraints.OF_ITS_PARTIES}_insert",
        f"{constraints.OF_ITS_PARTIES}_left",
        f"{constraints.OF_ITS_PARTIES}_moved",
        *_STEP_RULES,
        *(
            f"{constraints.UNCHANGED}_{step}_replaced"
            for step in ("statusupdate", "eventstep", "instrumentstep")
        ),
        *(f"{constraints.PUBLISHED}_{kind}_{verb}" for kind in kinds for verb in _VERBS),
        *(f"{rule}_{verb}" for rule in _CITATION_RULES for verb in ("insert", "update")),
    }
    of_the_version = ("renews_version", "touches_events")
    rules = {
        name
        for name in _rules()
        if not name.endswith(of_the_version)
        and of_the_version[0] not in name
        and fulltext.TABLE not in name
    }
    assert rules == (on_sqlite if connection.vendor == "sqlite" else on_postgres)


def test_rules_are_remade_as_often_as_one_likes() -> None:
    before = _rules()
    constraints.install(connection)
    constraints.install(connection)
    assert _rules() == before


def test_migrate_remakes_what_was_lost() -> None:
    before = _rules()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {constraints.NO_OVERLAP}_insert")
        else:
            cursor.execute(
                f"ALTER TABLE timeline_membership DROP CONSTRAINT {constraints.NO_OVERLAP}"
            )
    assert _rules() != before
    call_command("migrate", verbosity=0)
    assert _rules() == before
