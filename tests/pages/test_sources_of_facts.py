"""Sources stand at the facts that they support, and each says which these are."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline import enums
from timeline.core import citable
from timeline.models import (
    Citation,
    Commitment,
    Event,
    Framework,
    Instrument,
    Party,
    Person,
    Source,
)
from timeline.queries import public

STATED = (
    "stated, confidence: high Stated: the source says it itself. "
    "High confidence: the source is plain, and close to what it tells."
)
MARKS = ".//sup[@class='marks']//a/@href"


def marks(page: Page, fact: str) -> list[str]:
    """Return where the marks at a fact lead."""
    (element,) = page.root.xpath(f"//*[@id='{fact}']")
    return [str(address) for address in element.xpath(MARKS)]


@pytest.fixture
def event(db: None) -> Event:
    return make.an_event(
        slug="talks",
        parties=(make.a_state("ml"),),
        place=make.a_place(),
        duration_en="An hour",
        publication="published",
    )


def cite(event: Event, field: str, **values: Any) -> Citation:
    return Citation.objects.create(
        event=event, field=field, source=make.a_source(title=f"On {field}"), **values
    )


def test_marks_stand_at_the_field_that_is_cited(client: Client, event: Event) -> None:
    event.sectors.add(make.a_sector())
    for field in ("date", "kind", "place", "state", "duration", "", "parties", "sectors"):
        cite(event, field)
    page = Page(client.get("/en/events/talks/"))
    facts = ("date", "kind", "place", "state", "duration", "lede", "participants", "sectors")
    assert {fact: marks(page, fact) for fact in facts} == {
        fact: [f"#s{number}"] for number, fact in enumerate(facts, start=1)
    }
    assert page.texts("//ol[@class='sources']/li/ul/li/a") == [
        *("date ↩", "kind ↩", "place ↩", "state ↩", "duration ↩", "the record as a whole ↩"),
        *("parties ↩", "sectors ↩"),
    ]


def test_what_the_page_does_not_show_is_cited_at_the_lede(client: Client, event: Event) -> None:
    for field in ("framework", "follows", "sectors"):
        cite(event, field)
    page = Page(client.get("/en/events/talks/"))
    assert marks(page, "lede") == ["#s1", "#s2", "#s3"]


def test_source_of_another_value_supports_nothing(client: Client, event: Event) -> None:
    cite(event, "date", value_given="2025-04-04")
    page = Page(client.get("/en/events/talks/"))
    assert marks(page, "date") == []
    assert page.texts("//ol[@class='sources']/li/ul/li") == [
        f"date ↩ · {STATED} · ⚑ gives another value: 2025-04-04"
    ]
    assert page.text("//p[@class='note']") == "⚑ Date · On date says otherwise: 4 April 2025."


@pytest.mark.parametrize(("number", "folded"), [(3, []), (4, ["4 sources"])])
def test_many_marks_fold(client: Client, event: Event, number: int, folded: list[str]) -> None:
    for _source in range(number):
        cite(event, "date")
    page = Page(client.get("/en/events/talks/"))
    assert page.texts("//*[@id='date']/details/summary") == folded
    assert len(marks(page, "date")) == number


def test_parts_are_named_in_the_list_of_sources(client: Client, event: Event) -> None:
    source = make.a_source()
    mali = Party.objects.get(code="ml")
    diop = make.a_person("diop")
    for row in (
        event.participations.get(),
        event.attendances.create(person=diop, party=mali),
        event.statements.create(person=diop, text="Oui.", language="fr"),
    ):
        row.citations.create(source=source)
    commitment = make.a_commitment(event, slug="road", publication="published", title_en="A road")
    commitment.citations.create(source=source, field="due")
    page = Page(client.get("/en/events/talks/"))
    assert page.texts("//li[@id='s1']/ul/li/a") == [
        *("A road, due date ↩", "Diop, words ↩", "ML, participation ↩", "Diop, presence ↩"),
    ]


@pytest.mark.django_db
def test_a_person_s_offices_are_cited(client: Client, event: Event) -> None:
    diop, mali = make.a_person("diop"), Party.objects.get(code="ml")
    event.attendances.create(person=diop, party=mali)
    office = diop.offices.create(title_en="Minister", party=mali, starts="2020", ends="2024")
    for field in ("title", "starts", "ends"):
        office.citations.create(source=make.a_source(), field=field)
    office.citations.create(source=make.a_source(), field="starts", value_given="2019")
    page = Page(client.get("/en/people/diop/"))
    assert page.text("//h2[.='Offices']/following-sibling::ul/li").startswith(
        "Minister, MLsource 1 · from 2020source 2 · ended: 2024source 4⚑ Article"
    )
    assert page.texts("//ol[@class='sources']/li/ul/li/a") == [
        *("Minister, title ↩", "Minister, start ↩", "Minister, start ↩", "Minister, end ↩"),
    ]


SHOWN_BY = {
    "party": "/en/parties/bank/",
    "party_name": "/en/parties/sahel/",
    "membership": "/en/parties/sahel/",
    "membership_remark": "/en/parties/sahel/",
    "office": "/en/people/lavrov/",
    "commitment": "/en/commitments/commitment/",
    "status_update": "/en/commitments/commitment/",
    "framework": "/en/frameworks/framework/",
    "instrument": "/en/instruments/instrument/",
    "instrument_step": "/en/instruments/instrument/",
}
"""The page that shows what a citation supports; what is not named here is on the event's."""

AT_THE_LEDE = {
    *(("party", "name"), ("event", "title"), ("event", "summary"), ("commitment", "title")),
    *(("commitment", "wording"), ("instrument", "title"), ("instrument", "summary")),
}
ELSEWHERE = {
    ("event", "venue"): "place",
    ("event", "parties"): "participants",
    ("event", "takes_turn"): "framework",
    ("event", "follows"): "around",
}
RECORDS = ("party", "event", "commitment", "framework", "instrument")


def fact_of(row: Any, target: str, field: str) -> str:
    """Return the id of the element at which the sources of a field stand."""
    if target in RECORDS:
        if not field or (target, field) in AT_THE_LEDE:
            return "lede"
        return ELSEWHERE.get((target, field), field)
    if target == "place":
        return "place"
    prefix = {"status_update": "u", "instrument_step": "step"}
    return f"{prefix.get(target, f'{row._meta.model_name}-')}{row.pk}"


@pytest.mark.django_db
@pytest.mark.parametrize("target", citable.FIELDS)
def test_every_field_of_every_noun_has_its_sources_at_the_fact(client: Client, target: str) -> None:
    row = make.all_that_is_citable()[target]
    for field in ("", *citable.FIELDS[target]):
        make_citation = partial(Citation.objects.create, field=field, **{target: row})
        make_citation(source=make.a_source(title=f"For {field}", publisher=""))
        if field:
            make_citation(
                source=make.a_source(title=f"Against {field}", publisher=""),
                value_given=f"another {field}",
            )
    page = Page(client.get(SHOWN_BY.get(target, "/en/events/event/")))
    entries = {
        entry.xpath("string(p/a)"): (entry.get("id"), entry.xpath("ul/li"))
        for entry in page.root.xpath("//ol[@class='sources']/li")
    }
    for field in ("", *citable.FIELDS[target]):
        fact = fact_of(row, target, field)
        number, (line,) = entries[f"For {field}"]
        assert f"#{number}" in marks(page, fact), field
        assert line.xpath("a/@href") == [f"#{fact}"]
        is_whole = not field and target not in RECORDS
        label = enums.CITED_ROWS[target] if is_whole else enums.CITED_FIELDS[field]
        assert line.xpath("string(a)").strip().endswith(f"{label} ↩"), field
        if field:
            number, (line,) = entries[f"Against {field}"]
            assert f"#{number}" not in page.root.xpath("//sup//a/@href"), field
            assert line.xpath("a/@href") == [f"#{fact}"]
            assert f"⚑ gives another value: another {field}" in line.text_content()
            flags = page.root.xpath(f"//*[@id='{fact}']//*[@class='flag' or @class='small flag']")
            flags += page.root.xpath("//p[@class='note'] | //div[@class='fact']/small")
            said = [" ".join(flag.text_content().split()) for flag in flags]
            assert any(f"Against {field} says otherwise: another {field}." in one for one in said)


def test_lines_that_say_the_same_of_several_facts_are_one(client: Client, event: Event) -> None:
    source = make.a_source()
    for field, values in (
        ("date", {}),
        ("place", {}),
        ("kind", {"excerpt": "Ils ont parlé."}),
        ("state", {"value_given": "planned"}),
        ("duration", {"value_given": "planned"}),
    ):
        event.citations.create(source=source, field=field, **values)
    page = Page(client.get("/en/events/talks/"))
    lines = page.root.xpath("//li[@id='s1']/ul/li")
    assert [line.xpath("a/@href") for line in lines] == [
        *(["#date", "#place"], ["#kind"], ["#state"], ["#duration"]),
    ]
    assert page.texts("//li[@id='s1']/ul/li[1]/a") == ["date ↩", "place ↩"]


@pytest.mark.parametrize(
    ("language", "words", "meaning"),
    [
        (
            "en",
            "inferred, confidence: low",
            "Inferred: the source does not say it; editors concluded it from what it says, for the "
            "reason given. Low confidence: the source is weak, or better ones contradict it.",
        ),
        (
            "fr",
            "déduit, confiance : basse",
            "Déduit : la source ne le dit pas ; la rédaction l’a conclu de ce qu’elle dit, pour la "
            "raison donnée. Confiance basse : la source est faible, ou de meilleures la "
            "contredisent.",
        ),
    ],
)
def test_what_inferred_and_confidence_mean_unfolds_where_they_stand(
    client: Client, event: Event, language: str, words: str, meaning: str
) -> None:
    cite(event, "date", stance="inferred", confidence="low", note_en="Why.")
    page = Page(client.get(f"/{language}/events/talks/"))
    unfolding = "//ol[@class='sources']/li/ul/li/details"
    assert page.texts(f"{unfolding}/summary") == [words.replace("\u00a0", " ")]
    assert page.texts(f"{unfolding}/small") == [meaning]


ADDRESSES = {
    "events": Event.objects.published,
    "commitments": Commitment.objects.published,
    "frameworks": Framework.objects.published,
    "instruments": Instrument.objects.published,
    "parties": public.parties,
    "people": public.people,
}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("kind", ADDRESSES)
def test_every_line_leads_back_to_its_fact(client: Client, kind: str) -> None:
    column = "code" if kind == "parties" else "slug"
    slugs = ADDRESSES[kind]().order_by("pk").values_list(column, flat=True)
    lines = 0
    for slug in slugs:
        page = Page(client.get(f"/fr/{kind}/{slug}/"))
        ids = page.root.xpath("//@id")
        assert len(ids) == len(set(ids)), slug
        targets = page.root.xpath("//ol[@class='sources']//a[starts-with(@href, '#')]/@href")
        targets += page.root.xpath(f"//article{MARKS.removeprefix('.')}")
        assert {target[1:] for target in targets} <= set(ids), slug
        lines += len(targets)
    assert lines >= len(slugs)


@pytest.mark.usefixtures("demo")
def test_the_page_of_a_source_lists_all_that_rests_on_it(client: Client) -> None:
    counts = [
        (source.pk, public.citations().filter(source=source).count())
        for source in public.sources().order_by("pk")
    ]
    for key, number in counts[::5]:
        page = Page(client.get(f"/en/sources/{key}/"))
        facts = page.texts("//ul[@class='plain']/li/ul/li")
        assert sum(fact.split(" · ")[0].count(" / ") + 1 for fact in facts) == number
        assert f"{number} fact{'s' if number > 1 else ''}" in page.texts("//p[@class='soft']")


def test_the_page_of_a_source_says_how_many_more_there_are(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    source: Source = make.a_source()
    for field in ("date", "place", "kind"):
        event.citations.create(source=source, field=field)
    monkeypatch.setattr("timeline.queries.sources._MOST_FACTS", 2)
    page = Page(client.get(f"/en/sources/{source.pk}/"))
    assert page.texts("//ul[@class='plain']/li/ul/li") == [
        f"date / place · {STATED}",
    ]
    assert page.texts("//p[@class='soft']") == ["3 facts", "and 1 more"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_source_asks_the_same_however_much_rests_on_it(
    client: Client, event: Event, django_assert_num_queries: Any, count: int
) -> None:
    source = make.a_source()
    person: Person = make.a_person()
    mali = Party.objects.get(code="ml")
    for _row in range(count):
        event.statements.create(
            person=person, party=mali, text="Oui.", language="fr"
        ).citations.create(source=source)
    client.get(f"/en/sources/{source.pk}/")
    with django_assert_num_queries(33):
        client.get(f"/en/sources/{source.pk}/?none=1")
