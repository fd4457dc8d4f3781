"""The demo timeline: complete, sourced, in both languages, and safe to load again."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Model

from tests.parsed_page import TODAY
from timeline.actions import publication
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
    Identity,
    Involvement,
    Membership,
    Office,
    Person,
    Place,
    Sector,
    Source,
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
    assert (event.date.text, event.duration_minutes) == ("2025-04-03", 90)
    (link,) = event.place_links.all()
    assert (link.place and link.place.slug, link.days) == ("moscow", None)
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


def test_expectation_of_support_is_a_request_and_the_statement_an_undertaking() -> None:
    request = Commitment.objects.get(slug="aes-unified-force-request")
    undertaking = Commitment.objects.get(slug="ru-aes-unified-force-support")
    assert (request.nature, undertaking.nature) == ("request", "undertaking")
    assert undertaking.answers == request
    assert list(request.party_links.values_list("party__code", "role")) == [
        ("aes", "asker"),
        ("ru", "asked"),
    ]
    cited = ("source__publisher", "stance")
    assert list(request.citations.values_list(*cited)) == [("Africaho", "inferred")]
    assert set(undertaking.citations.values_list("stance", flat=True)) == {"stated"}
    assert not request.updates.exists()


@pytest.mark.parametrize(("party", "is_found"), [("ml", True), ("ne", True), ("sn", False)])
def test_party_finds_the_founding_event(party: str, is_found: bool) -> None:
    answer = current().answer(Question(parties=(party,), sectors=("energy",)), today=TODAY)
    slugs = set(Event.objects.filter(pk__in=answer.ids).values_list("slug", flat=True))
    assert (FOUNDING in slugs) is is_found


def test_mali_finds_ecowas_summits_only_while_it_is_a_member(
    event_of: Callable[..., Event],
) -> None:
    event_of("ecowas", "2019-06-29", slug="ecowas-2019")
    event_of("ecowas", "2026-06-20", slug="ecowas-2026")
    keys = current().matching(Question(parties=("ml",)), today=TODAY)
    slugs = set(Event.objects.filter(pk__in=keys).values_list("slug", flat=True))
    assert "ecowas-2019" in slugs
    # Suspended since 30 May 2021, outside since 29 January 2025.
    assert slugs.isdisjoint({"ecowas-2026", "ecowas-summit-65-2024", "ecowas-summit-66-2024"})


def test_quotations_are_short() -> None:
    texts = [*Statement.objects.values_list("text", flat=True)]
    texts += Citation.objects.exclude(excerpt="").values_list("excerpt", flat=True)
    assert texts
    assert [text for text in texts if len(text.split()) > 40] == []


@pytest.mark.parametrize(
    ("lookup", "field", "value"),
    [
        ({"event__slug": "aes-summit-bamako-2025"}, "date", "2025-12-25"),
        ({"event__slug": "aes-summit-niamey-2024"}, "title", "première session"),
        ({"event__slug": "ecowas-withdrawal-announced-2024"}, "date", "2024-02-28"),
        ({"event__slug": "yevkurov-tour-2023"}, "date", "2023-12-03"),
        ({"event__slug": "aes-foreign-ministers-2023"}, "parties", "Burkina Faso, Guinea"),
        ({"event__slug": "ecowas-summit-66-2024"}, "summary", "mediator: Macky Sall"),
        ({"event__slug": "aes-roadmap-2026"}, "summary", "24–26 février 2025"),
        ({"event__slug": "putin-goita-moscow-2025"}, "date", "2025-06-22/2025-06-26"),
        ({"event__slug": "g5-sahel-withdrawal-2023"}, "date", "2023-11-29"),
        ({"event__slug": "russia-africa-conference-sochi-2024"}, "date", "2024-11-11/2024-11-12"),
        ({"event__slug": "aes-justice-ministers-september-2025"}, "date", "2025-09-16"),
        ({"event__slug": "ecowas-summit-february-2024"}, "summary", "à savoir : le Burkina Faso"),
        ({"event__slug": "mahama-aes-tour-2025"}, "place", "au Burkina Faso, l’a poursuivie"),
        ({"event__slug": "aes-parliaments-texts-2025"}, "date", "2025-08-11/2025-08-14"),
        ({"event__slug": "nigerian-aircraft-bobo-dioulasso-2025"}, "summary", "intercepted by"),
        ({"membership__party__code": "ml"}, "ends", "2022-05-05"),
        ({"membership__party__code": "ne"}, "ends", "sans délai"),
        ({"membership__party__code": "bf"}, "ends", "2025-07-30"),
        ({"membership__party__code": "td"}, "starts", "2014-12-19"),
        ({"party__code": "g5-sahel"}, "founded", "2014-12-19"),
        ({"event__slug": "aes-visa-free-2024"}, "date", "2024-12-13"),
        ({"event__slug": "aes-levy-2025"}, "date", "2025-03-27"),
        ({"event__slug": "aes-algeria-recall-2025"}, "date", "2025-04-07"),
        ({"event__slug": "aes-bank-inauguration-2025"}, "date", "2025-12-22"),
        ({"event__slug": "aes-council-2025"}, "title", "première session confédérale"),
        ({"event__slug": "niger-pm-moscow-2024"}, "date", "2024-01-16"),
        ({"attendance__event__slug": "novak-tour-2024"}, "office", "Choguel"),
        ({"office__person__slug": "assimi-goita"}, "title", "Mali’s junta leader"),
    ],
)
def test_what_another_source_says_instead_is_kept(
    lookup: dict[str, str], field: str, value: str
) -> None:
    citations = Citation.objects.filter(**lookup, field=field, value_given__startswith=value)
    assert citations.exists()


@pytest.mark.parametrize("target", ["event", "commitment", "framework", "instrument", "party"])
def test_each_citation_of_a_record_names_its_field(target: str) -> None:
    rows = Citation.objects.exclude(**{target: None})
    assert rows.exists()
    assert list(rows.filter(field="")) == []


def test_each_inferred_citation_gives_its_reason() -> None:
    inferred = Citation.objects.filter(stance=Stance.INFERRED)
    assert inferred.exists()
    assert list(inferred.filter(note_en="") | inferred.filter(note_fr="")) == []


def test_no_source_that_gives_another_value_is_among_those_that_support_it() -> None:
    differing = Citation.objects.exclude(value_given="")
    assert list(differing.filter(field="")) == []
    guinea = Citation.objects.filter(value_given__contains="Guinea")
    assert [row.event and row.event.slug for row in guinea] == ["aes-foreign-ministers-2023"]


def test_each_end_of_a_membership_is_cited() -> None:
    for membership in Membership.objects.prefetch_related("citations"):
        fields = {citation.field for citation in membership.citations.all()}
        assert {"starts", "ends"} - fields <= (set() if membership.ends else {"ends"})


def test_each_commitment_starts_at_its_event_with_a_source() -> None:
    for commitment in Commitment.objects.undertakings().select_related("event"):
        first = commitment.updates.order_by("entry")[0]
        assert (first.date, first.event) == (commitment.date_made, commitment.event)
        assert first.citations.exists()


def test_what_is_made_on_a_day_of_its_own_depends_on_something_or_is_due_as_worded() -> None:
    """By slug: what sources in the record say, and the field that they are cited for."""
    satellites = Commitment.objects.get(slug="aes-satellites")
    assert (satellites.condition_fr, satellites.condition_en) == (
        "si les négociations sont concluantes",
        "if the negotiations succeed",
    )
    board = Commitment.objects.get(slug="aes-bank-first-board")
    assert str(board.made_on) == "2025-12-23/2026-01-04"
    cited = Citation.objects.filter(commitment__in=(satellites, board))
    assert set(cited.filter(field__in=("condition", "made_on")).values_list("field", "stance")) == {
        ("condition", "stated"),
        ("made_on", "inferred"),
    }
    worded = Citation.objects.filter(field="due").exclude(date_as_worded="")
    assert sorted(worded.values_list("commitment__slug", "date_as_worded")) == [
        ("aes-bank-capital", "d’ici au 30 septembre 2025"),
        ("aes-bank-capital-rest", "au plus tard le 31 décembre 2028"),
        ("aes-bank-first-board", "avant le 31 janvier 2026"),
        ("aes-passport", "dans les jours qui viennent"),
        ("aes-treaty-to-heads", "prochainement"),
        ("bf-co-chair", "dans les prochains jours"),
        ("ecowas-brigade", "d’ici 2026"),
        ("ecowas-brigade", "pour 2026"),
        ("ru-bf-mobile-laboratory", "avant le 1er décembre"),
        ("ru-bf-mobile-laboratory", "avant le 1er décembre 2025"),
        ("ru-ne-embassy", "dans un proche avenir"),
        ("ru-ne-embassy-2025", "definitely … in 2025"),
        ("ru-sahel-commissions", "d’ici la fin de l’année 2025"),
    ]


def test_sectors_of_the_land_and_of_people_can_be_joined_to_aid_data() -> None:
    slugs = ("mining", "agriculture", "health", "media", "humanitarian")
    rows = Sector.objects.filter(slug__in=slugs, parent=None).order_by("position")
    assert list(rows.values_list("slug", "dac_code")) == [
        *(("mining", "322"), ("agriculture", "311"), ("health", "120")),
        *(("media", "22030"), ("humanitarian", "700")),
    ]


def test_restated_commitments_point_at_the_earlier_one() -> None:
    restated = Commitment.objects.exclude(restates=None).order_by("slug")
    assert list(restated.values_list("slug", "restates__slug", "restatement")) == [
        ("aes-bank-and-fund-renewed", "aes-bank-and-fund", "same"),
        ("aes-ecowas-free-movement", "aes-visa-free", "widened"),
        ("aes-ecowas-good-faith", "aes-ecowas-contacts", "same"),
        ("ecowas-contingency-plan-adoption", "ecowas-contingency-plan", "widened"),
        ("ru-aes-support-restated", "ru-aes-unified-force-support", "widened"),
        ("ru-ne-embassy-2025", "ru-ne-embassy", "same"),
        ("ru-sahel-commissions", "ru-bf-commission", "widened"),
    ]


def test_each_source_says_how_it_was_read_and_asserts_nothing_of_copies() -> None:
    sources = Source.objects.all()
    assert sources.exists()
    for field in ("note_fr", "note_en"):
        assert list(sources.filter(**{field: ""})) == []
    assert list(sources.exclude(no_archive_reason_fr="", no_archive_reason_en="")) == []
    days = {dt.date(2026, 11, 23), dt.date(2026, 11, 27), dt.date(2026, 11, 28)}
    assert set(sources.values_list("consulted", flat=True)) == days


@pytest.mark.parametrize("publisher", ["TASS", "Sputnik", "News-Pravda", "African Initiative"])
def test_russian_outlets_are_state_media_that_speak_for_russia(publisher: str) -> None:
    sources = Source.objects.filter(publisher__startswith=publisher)
    assert set(sources.values_list("kind", "speaks_for__code")) == {("state_media", "ru")}


def _texts(language: str) -> list[str]:
    rows: list[str] = []
    for model in (Event, Commitment, Framework, Sector, StatusUpdate, Citation, Source, Office):
        for field in model._meta.get_fields():
            if field.name.endswith(f"_{language}") and field.name not in _DERIVED:
                rows += model._default_manager.values_list(field.name, flat=True)
    return [text for text in rows if text]


_DERIVED = frozenset({"sort_fr", "sort_en"})


def test_french_is_set_as_french_is() -> None:
    texts = _texts("fr")
    assert len(texts) > 500
    assert [text for text in texts if re.search(r" [:;?!»%]|« |'", text)] == []
    assert [text for text in texts if re.search(r"\w[;?!»]", text)] == []


def test_english_is_set_as_english_is() -> None:
    texts = _texts("en")
    assert len(texts) > 500
    assert [text for text in texts if re.search("[\u00a0«»']| [:;?!%]", text)] == []


def test_loading_again_changes_nothing() -> None:
    def counts() -> dict[str, int]:
        models = apps.get_app_config("timeline").get_models()
        return {model.__name__: model._default_manager.count() for model in models}

    before = counts()
    assert load() == {}
    assert counts() == before


def test_change_of_an_editor_outlives_the_next_load() -> None:
    event = Event.objects.get(slug=FOUNDING)
    event.title_en = "As an editor has it"
    event._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    event.save()
    load()
    assert Event.objects.get(slug=FOUNDING).title_en == "As an editor has it"


def test_event_that_an_editor_gave_another_slug_is_not_added_again() -> None:
    event = Event.objects.get(slug="aes-levy-2025")
    event.slug = "aes-import-levy"
    event.save()
    publication.keep_former_address(record=event, former="aes-levy-2025")
    assert load() == {}


EVENT = "slug: e, kind: summit, date: '2025', title_en: E"
STATE = "code: zw, kind: state, name_en: Z"
SOURCE = "key: k, title: T, kind: official, language: fr"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("parties.yaml", f"- {{{STATE}, colour: red}}", "parties.yaml: zw: unknown key colour."),
        ("parties.yaml", "- {kind: state, name_en: Z}", "the key code is missing."),
        ("parties.yaml", "- {code: zzz, kind: state, name_en: Z}", "ISO 3166-1 alpha-2"),
        ("parties.yaml", "code: zz", "a list of records is expected."),
        ("parties.yaml", "- {code: [", "parties.yaml: while parsing"),
        (
            "parties.yaml",
            f"- {{{STATE}, citations: [{{source: nowhere}}]}}",
            "source nowhere is not in sources.yaml.",
        ),
        ("sources.yaml", "- {key: k, title: T, kind: rumour, language: fr}", "sources.yaml: k: "),
        ("sources.yaml", f"- {{{SOURCE}}}\n- {{{SOURCE}}}", "k: this key is given to two sources."),
        ("memberships.yaml", "- {party: ml, bloc: un, starts: soon}", "soon"),
        ("events/1.yaml", f"- {{{EVENT}, place: atlantis}}", "e: atlantis is not on record."),
        ("events/1.yaml", f"- {{{EVENT}, steps: [{{on: '2025', colour: red}}]}}", "key colour."),
        (
            "events/1.yaml",
            f"- {{{EVENT}, commitments: [{{slug: c, title_en: C, updates: [{{seen: x}}]}}]}}",
            "e: updates of c: unknown key seen.",
        ),
    ],
)
def test_record_that_cannot_be_loaded_is_named_and_nothing_is_changed(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    before = Event.objects.count(), Source.objects.count()
    (tmp_path / "events").mkdir()
    (tmp_path / name).write_text(text + "\n")
    with pytest.raises(FileError, match=re.escape(sentence)) as refusal:
        load(tmp_path)
    assert (Event.objects.count(), Source.objects.count()) == before
    assert refusal.value.args[0].count("\n") < 6


def test_demo_is_searched_until_the_last_day_that_its_sources_reach() -> None:
    last = max(source.published.latest for source in Source.objects.exclude(published=None))
    assert [site.searched_until for site in Identity.objects.all()] == [last]
