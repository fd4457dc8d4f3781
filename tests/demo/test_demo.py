"""The demo timeline: complete, sourced, in both languages, and safe to load again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from tests.pages import TODAY
from timeline.core.codes import Stance
from timeline.core.question import Question
from timeline.core.weekdays import mismatch
from timeline.index.current import current
from timeline.ingest.demo import FileError, load
from timeline.models import (
    Citation,
    Commitment,
    Event,
    Framework,
    Involvement,
    Membership,
    Office,
    Person,
    Place,
    Sector,
    Statement,
    StatusUpdate,
)

pytestmark = pytest.mark.usefixtures("demo")

FOUNDING = "ru-aes-consultations-moscow-2025"


def test_demo_holds_more_than_forty_events_and_three_frameworks() -> None:
    assert Event.objects.published().count() >= 40
    assert sorted(Framework.objects.values_list("slug", flat=True)) == [
        "aes-college",
        "ru-aes",
        "ru-ml",
    ]


@pytest.mark.parametrize(
    "model", [Event, Commitment, Framework, Membership, Statement, StatusUpdate]
)
def test_each_record_cites_a_source(model: type[Model]) -> None:
    rows = model._default_manager.all()
    assert rows.exists()
    assert list(rows.filter(citations=None)) == []


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Event, "title"),
        (Event, "summary"),
        (Commitment, "title"),
        (Framework, "title"),
        (Framework, "summary"),
        (Sector, "name"),
        (Place, "name"),
        (Person, "name"),
        (Office, "title"),
    ],
)
def test_each_text_is_there_in_both_languages(model: type[Model], field: str) -> None:
    rows = model._default_manager.all()
    assert rows.exists()
    assert list(rows.filter(**{f"{field}_fr": ""}) | rows.filter(**{f"{field}_en": ""})) == []


def test_founding_event_holds_what_the_article_says() -> None:
    event = Event.objects.get(slug=FOUNDING)
    assert (event.date.text, event.place and event.place.slug, event.duration_minutes) == (
        "2025-04-03",
        "moscow",
        90,
    )
    assert sorted(event.sectors.values_list("slug", flat=True)) == [
        "civil-nuclear",
        "counter-terrorism",
        "higher-education",
        "information-technology",
        "infrastructure",
        "multilateral",
        "trade",
        "transport",
    ]
    assert [(s.person.slug, s.language) for s in event.statements.select_related("person")] == [
        ("sergey-lavrov", "fr"),
        ("abdoulaye-diop", "fr"),
    ]
    assert list(event.participations.order_by("pk").values_list("party__code", "role")) == [
        ("ru", "host"),
        ("aes", "participant"),
    ]


def test_founding_event_involves_the_members_through_their_bloc() -> None:
    ways = Involvement.objects.filter(event__slug=FOUNDING)
    assert sorted(ways.values_list("party__code", "via__code", "possibly"), key=str) == [
        ("aes", None, False),
        ("bf", "aes", False),
        ("ml", "aes", False),
        ("ne", "aes", False),
        ("ru", None, False),
    ]


def test_founding_date_is_inferred_and_its_weekday_does_not_match() -> None:
    event = Event.objects.get(slug=FOUNDING)
    citation = event.citations.get(field="date", stance=Stance.INFERRED)
    assert mismatch(event.date, citation.date_as_worded) == (2, 3)


def test_expectation_of_support_is_inferred_from_the_article_and_stated_by_the_statement() -> None:
    cited = Citation.objects.filter(commitment__slug="ru-aes-unified-force-support")
    assert sorted(cited.values_list("stance", "confidence")) == [
        ("inferred", "low"),
        ("stated", "high"),
    ]


@pytest.mark.parametrize(("party", "found"), [("ml", True), ("ne", True), ("sn", False)])
def test_party_finds_the_founding_event(party: str, found: bool) -> None:
    answer = current().answer(Question(parties=(party,), sectors=("energy",)), today=TODAY)
    slugs = set(Event.objects.filter(pk__in=answer.ids).values_list("slug", flat=True))
    assert (FOUNDING in slugs) is found


def test_mali_finds_ecowas_summits_only_while_it_is_a_member(
    event_of: Callable[..., Event],
) -> None:
    event_of("ecowas", "2019-06-29", slug="ecowas-2019")
    event_of("ecowas", "2026-06-20", slug="ecowas-2026")
    found = current().matching(Question(parties=("ml",)), today=TODAY)
    slugs = set(Event.objects.filter(pk__in=found).values_list("slug", flat=True))
    assert {"ecowas-2019", "ecowas-summit-65-2024"} <= slugs
    assert "ecowas-2026" not in slugs


def test_quotations_are_short() -> None:
    texts = [*Statement.objects.values_list("text", flat=True)]
    texts += Citation.objects.exclude(excerpt="").values_list("excerpt", flat=True)
    assert texts
    assert [text for text in texts if len(text.split()) > 40] == []


def test_loading_again_changes_nothing() -> None:
    def counts() -> dict[str, int]:
        models = apps.get_app_config("timeline").get_models()
        return {model.__name__: model._default_manager.count() for model in models}

    before = counts()
    assert load() == {}
    assert counts() == before


def test_change_of_an_editor_outlives_the_next_load() -> None:
    Event.objects.filter(slug=FOUNDING).update(title_en="As an editor has it")
    load()
    assert Event.objects.get(slug=FOUNDING).title_en == "As an editor has it"


def test_unknown_key_is_refused_with_file_and_record(tmp_path: Path) -> None:
    (tmp_path / "parties.yaml").write_text("- {code: zz, kind: state, name_en: Z, colour: red}\n")
    with pytest.raises(FileError, match=r"parties\.yaml: zz: unknown key colour\."):
        load(tmp_path)
