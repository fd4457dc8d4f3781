"""Parties that were founded and dissolved, their successions, and bodies."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.models import Attendance, Framework, Involvement, Party, Statement, Succession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


def page_of(client: Client, code: str) -> Page:
    return Page(client.get(f"/en/parties/{code}/"))


@pytest.fixture
def union() -> Party:
    """A state that existed from 1922 to 1991."""
    return make.a_state("suhh", name_en="USSR", founded="1922-12-30", dissolved="1991-12-26")


@pytest.mark.parametrize(
    ("code", "dissolved", "right"),
    [
        ("ml", None, True),
        ("suhh", "1991-12-26", True),
        ("suhh", None, False),
        ("mli", None, False),
        ("ML", None, False),
        ("yemen-south", "1990-05-22", True),
        ("abkhazia", None, True),
    ],
)
def test_code_of_a_state(code: str, dissolved: str | None, right: bool) -> None:
    party = Party(code=code, kind="state", name_en="S", dissolved=dissolved)
    if right:
        party.full_clean()
    else:
        with pytest.raises(ValidationError, match="A state's code is its ISO 3166-1"):
            party.full_clean()


def test_two_states_of_one_iso_code_stand_apart() -> None:
    make.a_state("yemen-north", dissolved="1990-05-22")
    make.a_state("yemen-south", dissolved="1990-05-22")
    assert Party.objects.filter(code__startswith="yemen").count() == 2


def test_circle_of_successors_is_refused(union: Party) -> None:
    russia, later = make.a_state("ru"), make.a_state("rx")
    Succession.objects.create(party=russia, predecessor=union)
    Succession.objects.create(party=later, predecessor=russia)
    with pytest.raises(ValidationError, match="cannot succeed each other in a circle"):
        Succession(party=union, predecessor=later).full_clean()
    with pytest.raises(ValidationError, match="A party cannot succeed itself"):
        Succession(party=union, predecessor=union).full_clean()


def test_pages_name_whom_a_party_succeeded_and_who_succeeded_it(
    client: Client, union: Party
) -> None:
    russia, hidden = make.a_state("ru", name_en="Russia"), make.a_state("zz", name_en="Hidden")
    make.an_event(**SHOWN, parties=(union,), date="1980")
    make.an_event(**SHOWN, parties=(russia,))
    Succession.objects.create(party=russia, predecessor=union)
    Succession.objects.create(party=hidden, predecessor=union)
    titled = "//h2[.='{}']/following::ul[1]/li/a[1]"
    assert page_of(client, "ru").texts(titled.format("It succeeded")) == ["USSR"]
    assert page_of(client, "suhh").texts(titled.format("Succeeded by")) == ["Russia"]
    assert "Hidden" not in client.get("/en/parties/suhh/").content.decode()


def test_filter_does_not_find_what_only_a_predecessor_took_part_in(
    client: Client, union: Party
) -> None:
    russia = make.a_state("ru")
    Succession.objects.create(party=russia, predecessor=union)
    make.an_event(**SHOWN, parties=(union,), date="1980", title_en="Then")
    make.an_event(**SHOWN, parties=(russia,), title_en="Now")
    assert Page(client.get("/en/?party=ru")).titles == ["Now"]


@pytest.fixture
def succession(union: Party) -> Party:
    """Russia after the USSR, whose code an unpublished state has as a predecessor as well."""
    russia = make.a_state("ru", name_en="Russia", founded="1991-12-26")
    hidden = make.a_state("zz", name_en="Hidden", dissolved="1991")
    for party, predecessor in ((russia, union), (russia, hidden), (hidden, union)):
        Succession.objects.create(party=party, predecessor=predecessor)
    for date in ("1980", "1981"):
        make.an_event(**SHOWN, parties=(union,), date=date, kind="summit")
    make.an_event(**SHOWN, parties=(union,), date="1982")
    make.an_event(**SHOWN, parties=(russia,))
    return russia


OFFERED = "//*[@class='chips']//span[starts-with(.,'also:')]"


@pytest.mark.parametrize(
    ("query", "said", "found"),
    [
        ("?party=ru", "also: USSR (until 1991) 3", "?party=suhh"),
        ("?party=suhh", "also: Russia (since 1991) 1", "?party=ru"),
        ("?party=ru&kind=summit", "also: USSR (until 1991) 2", "?party=suhh&kind=summit"),
        (
            "?party=ru&party=fr&party_match=any",
            "also: USSR (until 1991) 4",
            "?party=fr&party=suhh&party_match=any",
        ),
    ],
)
def test_chip_of_a_party_offers_whom_it_succeeded_with_the_number_found(
    client: Client, succession: Party, query: str, said: str, found: str
) -> None:
    make.an_event(**SHOWN, parties=(make.a_state("fr"),))
    page = Page(client.get(f"/en/{query}"))
    assert page.texts(OFFERED) == [said]
    assert page.root.xpath(f"{OFFERED}/a/@href") == [f"/en/{found}"]
    offered = Page(client.get(f"/en/{found}"))
    assert offered.text("//h2[@id='found']").split()[0] == said.split()[-1]


@pytest.mark.parametrize(
    "query", ["?party=ru&party=suhh", "?party=ru&kind=signing", "?kind=summit"]
)
def test_chip_offers_no_party_that_is_chosen_or_finds_nothing(
    client: Client, succession: Party, query: str
) -> None:
    assert Page(client.get(f"/en/{query}")).texts(OFFERED) == []


def test_chip_in_the_ledger_offers_whom_a_party_succeeded(
    client: Client, succession: Party, union: Party
) -> None:
    made = make.a_commitment(make.an_event(**SHOWN, parties=(union,), date="1980"), **SHOWN)
    made.party_links.create(party=union)
    page = Page(client.get("/en/commitments/?party=ru"))
    assert page.texts(OFFERED) == ["also: USSR (until 1991) 1"]
    assert page.root.xpath(f"{OFFERED}/a/@href") == ["/en/commitments/?party=suhh"]


def test_page_of_a_party_counts_the_events_of_whom_it_succeeded(
    client: Client, succession: Party
) -> None:
    links = "//h2[.='{}']/following::ul[1]/li/a[2]"
    assert page_of(client, "ru").texts(links.format("It succeeded")) == ["3 events"]
    assert page_of(client, "suhh").texts(links.format("Succeeded by")) == ["1 event"]


def test_party_outside_its_life_is_flagged_and_never_there_through_a_bloc(
    client: Client, union: Party
) -> None:
    group = make.a_bloc("g20", name_en="G20")
    make.a_membership(union, group, "1999-09-26")
    make.an_event(**SHOWN, parties=(union,), date="2000-01-01", slug="late")
    event = make.an_event(**SHOWN, parties=(group,), date="2000-01-02", slug="summit")
    assert not Involvement.objects.filter(event=event, party=union).exists()
    flags = Page(client.get("/en/events/late/")).texts("//aside//*[@class='flag']")
    assert flags == [ENDED]
    flags = page_of(client, "suhh").texts("//ul[@class='plain belongings']//*[@class='flag']")
    assert flags == ["⚑ on record the party or the bloc did not exist then"]


@pytest.mark.parametrize(
    ("date", "starts", "is_there"),
    [
        ("1990/2000", "1980", True),
        ("1991-12-26/2000", "1991-12-26", True),
        ("1990/2000", "1999-09-26", False),
        ("2000-01-02", "1980", False),
        ("199X", "1991-12-27", False),
    ],
)
def test_party_acts_through_its_bloc_on_days_of_its_life_alone(
    client: Client, union: Party, date: str, starts: str, is_there: bool
) -> None:
    group = make.a_bloc("g20", short_en="G20")
    make.a_membership(union, group, starts)
    make.an_event(**SHOWN, parties=(union,), date="1991-12")
    event = make.an_event(**SHOWN, parties=(group,), date=date)
    made = make.a_commitment(event, **SHOWN, slug="promise", title_en="Promise")
    made.party_links.create(party=group, role="obligor")
    assert Involvement.objects.filter(event=event, party=union).exists() == is_there
    found = Page(client.get("/en/commitments/?obligor=suhh")).texts("//li[@class='promise']//h3")
    assert found == (["Promise"] if is_there else [])
    page = Page(client.get("/en/commitments/promise/"))
    bound = page.texts("//dt[.='Also owed by']/following-sibling::dd[1]")
    assert [text.partition(" (")[0] for text in bound] == (["USSR"] if is_there else [])


ENDED = "⚑ ended: 26 December 1991"


def flagged(client: Client, address: str) -> list[str]:
    """The flags of a page, each after the name beside which it stands."""
    page = Page(client.get(address))
    assert page.status == 200
    return page.texts("//small[@class='flag']/preceding-sibling::a[1] | //small[@class='flag']")


@pytest.fixture
def late_talks(union: Party) -> dict[str, Any]:
    """Talks of the year 2000 at which the USSR, which had ended, took part, spoke and promised."""
    russia = make.a_state("ru", name_en="Russia")
    event = make.an_event(**SHOWN, host=russia, parties=(union,), date="2000", slug="talks")
    person = make.a_person()
    office = person.offices.create(title_en="Envoy", party=union, starts="1985", ends="2001")
    person.offices.create(title_en="Minister", party=union, starts="1985", ends="1991")
    said = {"event": event, "person": person, "party": union, "office": office}
    Attendance.objects.create(**said)
    Statement.objects.create(**said, text="Da.", language="ru")
    made = make.a_commitment(event, **SHOWN, slug="promise")
    for party, role in ((union, "obligor"), (russia, "beneficiary")):
        made.party_links.create(party=party, role=role)
    text = make.a_text(union, russia, date="2000-05", slug="text", **SHOWN)
    return {"russia": russia, "text": text, "event": event}


@pytest.mark.parametrize(
    ("address", "flags"),
    [
        ("/en/", ["USSR", ENDED]),
        ("/en/?person=lavrov", ["USSR", ENDED, ENDED]),
        # The promise, the quotation, the participation, the attendance.
        ("/en/events/talks/", ["USSR", ENDED, "Lavrov", ENDED, "USSR", ENDED, ENDED]),
        ("/en/commitments/", ["USSR", ENDED]),
        ("/en/commitments/?asof=2001-01-01", ["USSR", ENDED]),
        ("/en/commitments/promise/", ["USSR", ENDED]),
        ("/en/commitments/promise/?asof=2001-01-01", ["USSR", ENDED]),
        ("/en/instruments/", ["USSR", ENDED]),
        ("/en/instruments/text/", ["USSR", ENDED, "USSR", ENDED]),
        ("/en/people/lavrov/", ["USSR", ENDED, ENDED]),
    ],
)
def test_party_that_had_ended_is_flagged_beside_its_name(
    client: Client, late_talks: dict[str, Any], address: str, flags: list[str]
) -> None:
    assert flagged(client, address) == flags


def test_flag_says_when_the_party_existed(client: Client, late_talks: dict[str, Any]) -> None:
    page = Page(client.get("/fr/events/talks/"))
    flags = {
        (flag.text_content().replace("\xa0", " "), flag.get("title"))
        for flag in page.root.xpath("//small[@class='flag']")
    }
    assert flags == {
        (
            "⚑ n’existait plus (fin : 26 décembre 1991)",
            "selon le relevé, existence\u00a0: 30 décembre 1922 – 26 décembre 1991",
        )
    }


def test_party_founded_later_is_flagged_until_the_record_says_otherwise(client: Client) -> None:
    bloc = make.a_bloc("aes", name_en="AES", founded="2023-09-16")
    make.an_event(**SHOWN, parties=(bloc,), date="2023-09-15")
    found = ["AES", "⚑ not yet founded: 16 September 2023"]
    assert flagged(client, "/en/") == found
    bloc.founded = "2023-09"
    bloc.save()
    assert flagged(client, "/en/") == []


def test_party_to_an_older_text_is_flagged_only_at_steps_outside_its_life(
    client: Client, late_talks: dict[str, Any], union: Party
) -> None:
    bloc = make.a_bloc("au", name_en="AU", founded="2002-07-09")
    text = make.a_text(bloc, union, slug="old", date="1970", **SHOWN)
    make.a_step(text, "acceded", bloc, "2003")
    make.a_step(text, "signed", union, "1970")
    assert flagged(client, "/en/instruments/old/") == []
    make.a_step(text, "signed", bloc, "1999")
    step = "//tbody/tr[th[contains(.,'AU')]]/td[.//small[@class='flag']]"
    page = Page(client.get("/en/instruments/old/"))
    assert page.texts(step) == ["1999 ⚑ not yet founded: 9 July 2002"]
    assert len(page.texts("//small[@class='flag']")) == 1


def test_party_all_of_whose_steps_lie_outside_its_life_is_flagged_in_lists(
    client: Client, late_talks: dict[str, Any], union: Party
) -> None:
    make.a_step(late_talks["text"], "signed", union, "2000-05-01")
    # As one that signed, and as one whose ratification is waited for.
    assert flagged(client, "/en/instruments/") == ["USSR", ENDED] * 2
    # The row of the table, the step, the list of parties.
    assert flagged(client, "/en/instruments/text/") == ["USSR", ENDED, ENDED, "USSR", ENDED]


@pytest.fixture
def old_commission(union: Party) -> Framework:
    """A commission of the USSR and Russia, which met while the USSR existed and later."""
    russia = make.a_state("ru", name_en="Russia")
    framework = make.a_framework(union, russia, slug="commission", starts="1985", **SHOWN)
    for date in ("1990-05-01", "1992-05-01"):
        make.an_event(host=union, date=date, framework=framework, takes_turn=True, **SHOWN)
    return framework


@pytest.mark.parametrize(
    ("query", "values", "flags"),
    [
        # Beside the title, at the later meeting, in the rule.
        ("", {}, 3),
        ("?asof=1990-06-01", {}, 0),
        ("?asof=1992-06-01", {}, 3),
        ("", {"ended": "1993"}, 1),
        ("", {"ended": "1993", "starts": "1992"}, 3),
    ],
)
def test_side_is_flagged_from_its_end_on_while_the_framework_lasts(
    client: Client, old_commission: Framework, query: str, values: dict[str, Any], flags: int
) -> None:
    for name, value in values.items():
        setattr(old_commission, name, value)
    old_commission.save()
    found = Page(client.get(f"/en/frameworks/commission/{query}")).texts("//small[@class='flag']")
    assert found == [ENDED] * flags


def test_party_within_its_life_has_no_flag(client: Client, union: Party) -> None:
    make.an_event(**SHOWN, parties=(union,), date="1991-12", slug="last")
    assert Page(client.get("/en/events/last/")).texts("//aside//*[@class='flag']") == []


def test_body_takes_part_in_its_own_name_alone(client: Client) -> None:
    russia = make.a_state("ru", name_en="Russia")
    company = Party.objects.create(
        code="glavkosmos", kind="body", body_kind="company", part_of=russia, name_en="Glavkosmos"
    )
    make.an_event(**SHOWN, parties=(russia,), title_en="Talks")
    make.an_event(**SHOWN, parties=(company,), title_en="An offer")
    assert Page(client.get("/en/?party=ru")).titles == ["Talks"]
    assert Page(client.get("/en/?party=glavkosmos")).titles == ["An offer"]
    page = page_of(client, "ru")
    assert page.texts("//ol[@class='rows']/li/a") == ["Talks"]
    links = page.root.xpath("//h2[starts-with(.,'Its bodies')]/following::ul[1]//a/@href")
    assert links == ["/en/parties/glavkosmos/", "/en/?party=glavkosmos"]
    kind = page_of(client, "glavkosmos").texts("//*[@id='part_of']")
    assert kind == ["Company (Russia)"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "bloc", "body_kind": "bank"}, "Only a body has a kind of body"),
    ({"kind": "body", "part_of": "a body"}, "A body is part of a state or of a bloc, never of"),
]


@pytest.mark.parametrize(("values", "sentence"), REFUSED)
def test_what_no_body_can_be_is_refused(values: dict[str, Any], sentence: str) -> None:
    if "part_of" in values:
        body = Party.objects.create(code="parent", kind="body", name_en="P")
        values = {**values, "part_of": body}
    with pytest.raises(ValidationError, match=sentence):
        Party(code="child", name_en="C", **values).full_clean()


def test_party_with_bodies_becomes_none_itself() -> None:
    bloc = make.a_bloc("aes")
    Party.objects.create(code="aes-bank", kind="body", body_kind="bank", part_of=bloc, name_en="B")
    bloc.kind = "body"
    with pytest.raises(ValidationError, match="it cannot become a body itself"):
        bloc.full_clean()
