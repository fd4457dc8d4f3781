"""The texts of the demo: who signed what, what followed at home, and what no source says."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.parsed_page import TODAY
from timeline.core.codes import InstrumentAct
from timeline.ingest.demo import FileError, load
from timeline.models import Citation, Commitment, Instrument, InstrumentStep, Source
from timeline.queries.as_of import AsOf
from timeline.queries.instruments import InstrumentView, views

pytestmark = pytest.mark.usefixtures("demo")

TREATY = "aes-confederation-treaty"
CHARTER = "liptako-gourma-charter"
EXIT = "ecowas-revised-treaty"

FIELDS_OF_TEXTS = {"title", "summary", "kind", "date", "binds", "parties"}
FIELDS_OF_STEPS = {"act", "party", "done", "effect"}


def text_on(slug: str, day: dt.date) -> InstrumentView:
    (view,) = views(Instrument.objects.filter(slug=slug), AsOf(day, is_past=day != TODAY))
    return view


def standing(slug: str, day: dt.date) -> tuple[str, dict[str, str]]:
    """The state of a text and the status of each party on a day."""
    view = text_on(slug, day)
    statuses = {party.code: view.statuses[party.pk].status.value for party in view.parties}
    return view.state.state.value, statuses


def of_three(status: str) -> dict[str, str]:
    return dict.fromkeys(("ml", "bf", "ne"), status)


@pytest.mark.parametrize(
    ("slug", "day", "state", "statuses"),
    [
        (TREATY, dt.date(2024, 7, 5), "open", of_three("nothing_known")),
        (TREATY, dt.date(2025, 1, 1), "open", of_three("signed")),
        (TREATY, TODAY, "open", of_three("signed")),
        (CHARTER, dt.date(2023, 9, 15), "open", of_three("nothing_known")),
        (CHARTER, dt.date(2023, 9, 16), "in_force", of_three("bound")),
        (CHARTER, TODAY, "in_force", of_three("bound")),
        (EXIT, dt.date(2025, 1, 28), "not_stated", of_three("nothing_known")),
        (EXIT, dt.date(2025, 1, 29), "not_stated", of_three("left")),
        (
            "ru-aes-joint-statement-2025",
            TODAY,
            "not_binding",
            {"ru": "nothing_known", "aes": "nothing_known"},
        ),
        ("ru-ml-foundations-2025", TODAY, "open", {"ru": "signed", "ml": "signed"}),
        ("ru-ml-nuclear-2025", TODAY, "not_stated", {"ru": "signed", "ml": "signed"}),
    ],
)
def test_text_stands_as_sources_say(
    slug: str, day: dt.date, state: str, statuses: dict[str, str]
) -> None:
    assert standing(slug, day) == (state, statuses)


def test_text_is_not_on_record_before_it_was_made() -> None:
    assert not text_on(TREATY, dt.date(2024, 7, 5)).on_record
    assert text_on(TREATY, dt.date(2024, 7, 6)).on_record


def waiting(day: dt.date) -> dict[str, set[str]]:
    every = views(Instrument.objects.published(), AsOf(day, is_past=day != TODAY))
    return {
        view.instrument.slug: {party.code for party in view.waiting}
        for view in every
        if view.waiting
    }


def test_ratification_is_waited_for_a_year_after_the_signature() -> None:
    assert waiting(dt.date(2025, 7, 6)) == {"ru-ml-military-technical-2003": {"ru", "ml"}}
    assert waiting(TODAY) == {
        TREATY: {"ml", "bf", "ne"},
        "ru-ml-military-technical-2003": {"ru", "ml"},
    }


def test_votes_and_councils_are_approvals_at_home_and_nobody_ratified() -> None:
    acts = set(InstrumentStep.objects.values_list("act", flat=True))
    assert acts == {"adopted", "signed", "approved_at_home", "entered_into_force", "denounced"}
    approvals = InstrumentStep.objects.filter(instrument__slug=TREATY, act="approved_at_home")
    names = ("party__code", "done", "event__slug")
    assert [tuple(map(str, row)) for row in approvals.order_by("pk").values_list(*names)] == [
        ("ml", "2024-08-28", "None"),
        ("ml", "2024-09-20", "None"),
        ("ml", "2024-11-01", "mali-treaty-vote-2024"),
        ("ne", "2024-07-06/2025-03-27", "None"),
        ("bf", "2025-03-27", "burkina-treaty-vote-2025"),
    ]
    every = InstrumentStep.objects.filter(act=InstrumentAct.APPROVED_AT_HOME)
    assert not every.filter(note_fr="") | every.filter(note_en="")


def test_agreement_that_both_chambers_approved_is_not_ratified() -> None:
    steps = InstrumentStep.objects.filter(instrument__slug="ru-ml-foundations-2025")
    assert [
        (step.act, step.party.code, str(step.done))
        for step in steps.select_related("party").order_by("pk")
        if step.party
    ] == [
        ("signed", "ru", "2025-06-23"),
        ("signed", "ml", "2025-06-23"),
        ("approved_at_home", "ru", "2025-12-16"),
        ("approved_at_home", "ru", "2025-12-19"),
        ("approved_at_home", "ru", "2025-12-29~"),
    ]


def test_each_text_and_step_is_published_and_sourced_field_by_field() -> None:
    assert Instrument.objects.count() == Instrument.objects.published().count() == 28
    for rows in (Instrument.objects.all(), InstrumentStep.objects.all()):
        assert not rows.filter(citations=None)
    of_texts = Citation.objects.exclude(instrument=None)
    of_steps = Citation.objects.exclude(instrument_step=None)
    assert set(of_texts.values_list("field", flat=True)) <= FIELDS_OF_TEXTS
    assert set(of_steps.values_list("field", flat=True)) <= FIELDS_OF_STEPS
    for text in Instrument.objects.prefetch_related("citations"):
        cited = {citation.field for citation in text.citations.all()}
        binding = set() if text.binds == "not_stated" else {"binds"}
        assert {"title", "kind", "date", "parties"} | binding <= cited, text.slug


def test_each_text_has_title_and_summary_in_both_languages() -> None:
    for field in ("title", "summary"):
        rows = Instrument.objects.all()
        assert not rows.filter(**{f"{field}_fr": ""}) | rows.filter(**{f"{field}_en": ""})


def test_no_source_of_the_demo_is_unused() -> None:
    used = Citation.objects.values("source")
    assert list(Source.objects.exclude(pk__in=used)) == []


def test_commitments_name_the_text_and_article_in_which_they_stand() -> None:
    named = Commitment.objects.exclude(instrument=None).order_by("slug")
    articles = named.values_list("slug", "instrument__slug", "article")
    statement = "ru-aes-joint-statement-2025"
    assert list(articles) == [
        ("aes-mutual-defence", CHARTER, "art. 6"),
        ("aes-no-force-among-members", CHARTER, "art. 8"),
        ("aes-organs", CHARTER, "art. 3"),
        ("rosatom-bf-infrastructure-needs", "rosatom-bf-infrastructure-memorandum-2024", ""),
        ("rosatom-bf-training", "rosatom-bf-training-memorandum-2024", ""),
        ("ru-aes-business", statement, ""),
        ("ru-aes-counter-terrorism", statement, ""),
        ("ru-aes-equipment-training", statement, ""),
        ("ru-aes-forums", statement, ""),
        ("ru-aes-infrastructure-projects", statement, ""),
        ("ru-aes-monitoring", statement, ""),
        ("ru-aes-permanent-framework", statement, ""),
        ("ru-aes-security-partnership", statement, ""),
        ("ru-aes-unified-force-support", statement, ""),
        ("ru-ml-commission", "ru-ml-commission-agreement-2025", ""),
    ]
    cited = Citation.objects.filter(field="instrument").values("commitment")
    assert set(named) == set(Commitment.objects.filter(pk__in=cited))


def test_loading_leaves_nothing_derived_behind() -> None:
    call_command("rebuild_involvement", "--check")


TWO = "parties: [ru, ml], title_en: T, kind: agreement, date: '2020', binds: by_signature"


def load_text(folder: Path, steps: str) -> Instrument:
    (folder / "instruments.yaml").write_text(f"- {{slug: t, {TWO}, steps: [{steps}]}}\n")
    load(folder)
    return Instrument.objects.get(slug="t")


def test_step_may_correct_or_withdraw_an_earlier_one(tmp_path: Path) -> None:
    text = load_text(
        tmp_path,
        "{key: s, act: signed, parties: [ru], done: '2020'},"
        "{act: signed, parties: [ru], done: '2020-05', corrects: s},"
        "{key: v, act: approved_at_home, parties: [ml], done: '2021'},"
        "{act: withdrawn, parties: [ml], done: '2022', effect: '2023', regards: v}",
    )
    names = ("act", "done", "corrects__done", "regards__done")
    steps = text.steps.order_by("pk").values_list(*names)
    assert [tuple(map(str, step)) for step in steps] == [
        ("signed", "2020", "None", "None"),
        ("signed", "2020-05", "2020", "None"),
        ("approved_at_home", "2021", "None", "None"),
        ("withdrawn", "2022", "None", "2021"),
    ]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("{act: signed, done: '2020', parties: [ru], colour: red}", "unknown key colour."),
        (
            "{act: signed, done: '2020', parties: [ru], corrects: x}",
            "t: signed 2020: the step x is not on record.",
        ),
        ("{act: signed, done: '2020', parties: [bf]}", "t: signed 2020: "),
        ("{act: signed, done: '2020', parties: [ru], event: nowhere}", "nowhere is not on record."),
    ],
)
def test_step_that_cannot_be_loaded_is_named_and_nothing_is_changed(
    tmp_path: Path, step: str, sentence: str
) -> None:
    with pytest.raises(FileError) as refusal:
        load_text(tmp_path, step)
    assert sentence in refusal.value.args[0]
    assert not Instrument.objects.filter(slug="t").exists()
