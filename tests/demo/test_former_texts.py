"""Loading the demo over one that did not know of texts adds them and keeps editors' work."""

import pytest
from django.contrib.auth.models import User

from timeline.actions import publication, search
from timeline.actions.commitments import create_first_update, record_update
from timeline.core.codes import CommitmentStatus
from timeline.ingest.demo import load
from timeline.models import (
    Citation,
    Commitment,
    Event,
    Framework,
    Instrument,
    InstrumentStep,
    MembershipRemark,
    StatusUpdate,
)

pytestmark = pytest.mark.usefixtures("demo")

FOUNDING = "ru-aes-consultations-moscow-2025"
VOTE = "burkina-treaty-vote-2025"
NUCLEAR = "ru-bf-nuclear-2025"
TWO_AGREEMENTS = "ru-bf-two-agreements"


def texts() -> set[tuple[object, ...]]:
    """The texts with what was done with them, and the commitments that stand in them."""
    steps = InstrumentStep.objects.values_list("instrument__slug", "party__code", "act", "done")
    named = Commitment.objects.exclude(instrument=None)
    return {*steps, *named.values_list("slug", "instrument__slug", "article")}


@pytest.fixture
def before_texts(demo: None) -> set[tuple[object, ...]]:
    """The demo as it was before it knew of texts; gives those of today."""
    today = texts()
    Commitment.objects.exclude(instrument=None).update(instrument=None, article="")
    Citation.objects.filter(field="instrument").delete()
    # Nobody deletes what was published: elsewhere, these are out of the way.
    for text in Instrument.objects.all():
        Instrument.objects.filter(pk=text.pk).update(slug=f"former-{text.pk}")
    return today


def present_texts() -> set[tuple[object, ...]]:
    return {row for row in texts() if not str(row[0]).startswith("former-")}


def test_texts_are_added_and_commitments_name_them(
    before_texts: set[tuple[object, ...]],
) -> None:
    assert present_texts() == set()
    load()
    assert present_texts() == before_texts
    cited = Citation.objects.filter(field="instrument").values_list("commitment__slug", flat=True)
    assert {row[0] for row in before_texts if len(row) == 3} == set(cited)
    assert load() == {}


@pytest.mark.soak
def test_commitment_that_an_editor_changed_names_no_text(
    before_texts: set[tuple[object, ...]],
) -> None:
    row = Commitment.objects.get(slug="aes-mutual-defence")
    row._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    row.save()
    load()
    row.refresh_from_db()
    assert row.instrument is None
    assert Commitment.objects.exclude(instrument=None).count() == 14


@pytest.mark.soak
def test_text_that_an_editor_changed_or_renamed_stays_as_it_is() -> None:
    charter, treaty = (
        Instrument.objects.get(slug=slug)
        for slug in ("liptako-gourma-charter", "aes-confederation-treaty")
    )
    charter.title_en = "As an editor has it"
    charter._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    charter.save()
    treaty.slug = "the-treaty"
    treaty.save()
    publication.keep_former_address(record=treaty, former="aes-confederation-treaty")
    assert "instrument" not in load()
    charter.refresh_from_db()
    assert charter.title_en == "As an editor has it"


def former_nuclear_event() -> Event:
    event = Event.objects.get(slug=NUCLEAR)
    event.date, event.title_en = "2025-06", "Rosatom and Burkina Faso sign an agreement on the"
    event.title_en += " peaceful atom"
    event.title_fr = "Accord entre Rosatom et le Burkina Faso sur l’atome pacifique"
    event.summary_fr = (
        "L’accord est signé un jeudi, pendant le Forum économique de Saint-Pétersbourg\u00a0; la "
        "source ne donne pas le jour."
    )
    event.summary_en = (
        "The agreement is signed on a Thursday during the Saint Petersburg economic forum; the "
        "source does not give the day."
    )
    event.save()
    event.citations.exclude(date_as_worded="on Thursday").delete()
    event.citations.update(field="", note_en="The day is not given.")
    return event


def facts(event: Event) -> tuple[object, ...]:
    event.refresh_from_db()
    cited = event.citations.values_list("source__url", "field", "date_as_worded", "note_en")
    return str(event.date), event.title_en, event.summary_fr, sorted(cited)


@pytest.mark.soak
def test_event_of_which_more_is_known_now_says_so() -> None:
    present = facts(Event.objects.get(slug=NUCLEAR))
    event = former_nuclear_event()
    assert facts(event) != present
    load()
    assert facts(event) == present
    assert search.refresh() == []
    assert load() == {}


def test_event_that_an_editor_worded_keeps_its_words() -> None:
    event = former_nuclear_event()
    event.title_en = "Signed in Saint Petersburg"
    event._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    event.save()
    before = facts(event)
    load()
    assert facts(event) == before


def steps_of(slug: str) -> list[tuple[str, ...]]:
    rows = StatusUpdate.objects.filter(commitment__slug=slug).order_by("entry")
    names = ("date", "status", "event__slug", "corrects__date")
    return [tuple(map(str, row)) for row in rows.values_list(*names)]


@pytest.fixture
def without_later_steps(demo: None) -> None:
    """Commitments with the steps alone that an earlier demo knew of them."""
    for slug, date in ((TWO_AGREEMENTS, None), ("ru-aes-six-sectors", "2025-06")):
        present = Commitment.objects.get(slug=slug)
        Commitment.objects.filter(pk=present.pk).update(slug=f"former-{slug}")
        row = Commitment.objects.create(event=present.event, slug=slug, title_en=present.title_en)
        create_first_update(commitment=row, status=CommitmentStatus.ANNOUNCED)
        if date:
            record_update(commitment=row, date=date, status=CommitmentStatus.IN_PROGRESS)


@pytest.mark.usefixtures("without_later_steps")
def test_later_steps_are_added_and_a_vague_date_is_corrected() -> None:
    load()
    assert steps_of(TWO_AGREEMENTS) == [
        ("2026-01-20", "announced", "ru-bf-audience-2026", "None"),
        ("2026-02-12", "fulfilled", "ru-bf-agreements-moscow-2026", "None"),
    ]
    assert steps_of("ru-aes-six-sectors") == [
        ("2025-04-03", "announced", FOUNDING, "None"),
        ("2025-06", "in_progress", "None", "None"),
        ("2025-06-19", "in_progress", NUCLEAR, "2025-06"),
        ("2025-07-28", "in_progress", "ru-ne-nuclear-2025", "None"),
    ]
    assert load() == {}


@pytest.mark.usefixtures("without_later_steps")
@pytest.mark.soak
def test_steps_that_an_editor_added_stay_alone() -> None:
    commitment = Commitment.objects.get(slug=TWO_AGREEMENTS)
    step = StatusUpdate(commitment=commitment, entry=2, date="2026-03", status="fulfilled")
    step._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    step.save()
    load()
    assert [date for date, *_rest in steps_of(TWO_AGREEMENTS)] == ["2026-01-20", "2026-03"]


@pytest.mark.soak
def test_framework_starts_on_the_day_that_is_known_now() -> None:
    row = Framework.objects.get(slug="ru-ml")
    present = set(row.citations.values_list("source__url", "field"))
    row.starts = "2025-06"
    row.save()
    row.citations.filter(field="starts").delete()
    load()
    row.refresh_from_db()
    assert str(row.starts) == "2025-06-23"
    assert set(row.citations.values_list("source__url", "field")) == present
    assert load() == {}


@pytest.mark.soak
def test_remark_names_the_event_that_is_on_record_now() -> None:
    notified = MembershipRemark.objects.filter(kind="leaving_notified")
    notified.update(event=None)
    load()
    assert set(notified.values_list("event__slug", flat=True)) == {
        "ecowas-withdrawal-notified-2024"
    }
    assert load() == {}


@pytest.mark.soak
def test_record_that_names_an_event_finds_it_under_its_new_address() -> None:
    vote = Event.objects.get(slug=VOTE)
    vote.slug = "vote-in-ouagadougou"
    vote.save()
    publication.keep_former_address(record=vote, former=VOTE)
    for text in Instrument.objects.all():
        Instrument.objects.filter(pk=text.pk).update(slug=f"former-{text.pk}")
    load()
    step = InstrumentStep.objects.get(
        instrument__slug="aes-confederation-treaty", party__code="bf", act="approved_at_home"
    )
    assert step.event == vote
