"""Pages of frameworks: whose turn it is, for every kind of rule and meeting."""

import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from timeline.ingest.demo import load
from timeline.models import Event, Framework, Party

pytestmark = pytest.mark.django_db

FOUNDING = Path(__file__).parents[1] / "demo" / "founding"


@pytest.fixture(autouse=True)
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


def table(page: Page) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td | th")]
        for row in page.root.xpath("//article//tbody/tr")
    ]


def test_founding_article_alone_says_whose_turn_it_is(client: Client) -> None:
    load(FOUNDING)
    page = Page(client.get("/en/frameworks/ru-aes/"))
    article = page.text("//article")
    assert [row[2:] for row in table(page)] == [["Moscowhost: Russia", "Russia ✓", "5 commitments"]]
    assert (
        "Confederation of Sahel States (AES): it is the turn of one of its members to host."
        in article
    )
    assert "Cadence not stated in any source." in article
    assert "Burkina Faso · Mali · Niger" in article
    assert "overdue" not in article.lower()
    assert page.text("//aside//dt[text()='Cadence']/following-sibling::dd[1]") == "not stated"


def sides() -> tuple[Party, Party, Party]:
    bloc = make.a_bloc("aes")
    mali, russia = make.a_state("ml"), make.a_state("ru")
    make.a_membership(mali, bloc)
    return russia, bloc, mali


def three_years(order: list[int]) -> None:
    """Three years of sessions, held, moved or planned, entered in this order."""
    russia, bloc, mali = sides()
    third = make.a_state("tr")
    framework = make.a_framework(
        russia, bloc, slug="ru-aes", title_en="Talks", cadence_months=6, publication="published"
    )
    meetings = [
        ("2024-01-15", russia, "held", True),
        ("2024-07", mali, "held", True),
        ("2024-10-01", None, "held", False),
        ("2025-01-20/2025-01-21", russia, "held", True),
        ("2025-07-03", russia, "held", True),
        ("2025-10", mali, "cancelled", True),
        ("2026-01-11", third, "held", True),
        ("2026-02-01", None, "held", False),
        ("2026-07", mali, "postponed", True),
        ("2026-09-09", mali, "held", True),
        ("2027-03", russia, "planned", True),
        ("2023", mali, "held", True),
        ("2023~", russia, "held", True),
    ]
    for number in order:
        date, host, state, turn = meetings[number]
        make.an_event(
            slug=f"session-{number}",
            title_en=f"Session {number}",
            date=date,
            host=host,
            parties=(bloc,),
            state=state,
            framework=framework,
            takes_turn=turn,
            publication="published",
        )


def shown(client: Client) -> str:
    (main,) = Page(client.get("/en/frameworks/ru-aes/")).root.xpath("//main")
    return str(html.tostring(main).decode())


def test_three_years_typed_in_at_random_give_the_same_page_as_in_order(client: Client) -> None:
    pages = []
    draw = random.Random(2025)  # noqa: S311 — which order, not secrets
    in_order = list(range(13))
    for order in (in_order, in_order[::-1], *(draw.sample(in_order, 13) for _ in range(6))):
        with transaction.atomic():
            three_years(order)
            pages.append(shown(client))
            transaction.set_rollback(True)
    assert len(set(pages)) == 1
    assert "Session 9" in pages[0]


def test_sessions_of_which_only_the_year_is_known_are_listed_in_turn(client: Client) -> None:
    three_years([11, 0, 12])
    rows = table(Page(client.get("/en/frameworks/ru-aes/")))
    assert [(row[1], row[3]) for row in rows] == [
        ("Session 12", "RU ✓"),
        ("Session 11", "AES ✓"),
        ("Session 0", "RU ✓"),
    ]


def test_turns_tell_what_was_out_of_turn_outside_or_took_none(client: Client) -> None:
    three_years(list(range(11)))
    page = Page(client.get("/en/frameworks/ru-aes/"))
    assert [row[3] for row in table(page)] == [
        "RU ✓",
        "AES ✓",
        "takes no turn",
        "RU ✓",
        "RU ✓ out of turn: it was the turn of AES",
        "Cancelled",
        "outside the framework: it was the turn of AES",
        "takes no turn",
        "Postponed",
        "AES ✓",
        "Planned",
    ]
    assert "Planned host: RU. A session is planned: Session 10, March 2027." in page.text(
        "//article"
    )


def test_picture_leads_to_each_meeting_and_says_what_it_was(client: Client) -> None:
    three_years(list(range(11)))
    page = Page(client.get("/en/frameworks/ru-aes/"))
    assert len(page.root.xpath("//figure[@class='ribbon']/svg")) == 2
    for drawn in page.root.xpath("//figure[@class='ribbon']/svg"):
        links = drawn.xpath(".//a")
        assert sorted(link.get("href") for link in links) == sorted(
            f"/en/events/session-{number}/" for number in range(11)
        )
        titles = {
            link.get("href").strip("/").rpartition("-")[2]: link.text_content().strip()
            for link in links
        }
        assert (
            titles["4"]
            == "Session 4, 3 July 2025, hosted by RU, out of turn: it was the turn of AES"
        )
        assert (
            titles["6"] == "Session 6, 11 January 2026, hosted by TR, "
            "outside the framework: it was the turn of AES"
        )
        assert titles["7"] == "Session 7, 1 February 2026, takes no turn"
        assert titles["9"] == "Session 9, 9 September 2026, hosted by ML (AES), took its turn"
        assert titles["10"] == "Session 10, March 2027, hosted by RU, planned"
        assert not drawn.xpath(".//desc")
    kinds = page.texts("//ul[@class='legend']/li")
    assert kinds == [
        "took its turn",
        "out of turn",
        "hosted outside the framework",
        "takes no turn",
        "planned",
        "postponed",
        "cancelled",
    ]


def test_picture_as_of_a_day_leads_to_that_day_and_draws_nothing_later(client: Client) -> None:
    three_years(list(range(11)))
    page = Page(client.get("/en/frameworks/ru-aes/?asof=2024-12-31"))
    drawn = page.root.xpath("//figure[@class='ribbon']/svg[1]")[0]
    assert [link.text_content().strip().split(",")[0] for link in drawn.xpath(".//a")] == [
        "Session 0",
        "Session 1",
        "Session 2",
    ]
    assert drawn.xpath(".//rect[@class='expected']")
    assert (
        page.texts("//figure//*[local-name()='text'][@class='today']") == ["31 December 2024"] * 2
    )


def test_list_puts_the_most_pressing_first(client: Client) -> None:
    russia, bloc, _mali = sides()
    for name, date, months, ended in (
        ("Ended", "2024-01-01", 12, "2024-06"),
        ("Silent", "2024-01-01", None, None),
        ("On time", "2026-09-01", 12, None),
        ("Late", "2024-01-01", 12, None),
        ("Due", "2025-11-01", 12, None),
    ):
        framework = make.a_framework(
            russia,
            bloc,
            title_en=name,
            cadence_months=months,
            ended=ended,
            publication="published",
        )
        make.an_event(
            host=russia, date=date, framework=framework, takes_turn=True, publication="published"
        )
    planned = make.a_framework(russia, bloc, title_en="Planned", publication="published")
    make.an_event(
        date="2027", state="planned", framework=planned, takes_turn=True, publication="published"
    )
    make.a_framework(russia, bloc, title_en="Never met", publication="published")
    make.a_framework(russia, bloc, title_en="Draft")
    page = Page(client.get("/en/frameworks/"))
    assert page.texts("//ol[@class='cards']//h2") == [
        "Late",
        "Due",
        "Planned",
        "On time",
        "Silent",
        "Never met",
        "Ended",
    ]


def test_one_framework_says_nothing_of_another(client: Client) -> None:
    three_years(list(range(11)))
    alone = shown(client)
    russia = Party.objects.get(code="ru")
    other = make.a_framework(
        russia, Party.objects.get(code="aes"), cadence_months=1, publication="published"
    )
    make.an_event(
        host=russia,
        date="2026-11-01",
        framework=other,
        takes_turn=True,
        publication="published",
    )
    assert shown(client) == alone


def test_list_has_a_constant_number_of_queries(client: Client) -> None:
    three_years(list(range(11)))
    with CaptureQueriesContext(connection) as few:
        client.get("/en/frameworks/")
    for _ in range(2):
        framework = make.a_framework(
            *Party.objects.filter(code__in=["ru", "aes"]), publication="published"
        )
        make.an_event(framework=framework, takes_turn=True, publication="published")
    with CaptureQueriesContext(connection) as more:
        client.get("/en/frameworks/")
    assert len(more) == len(few) > 0


def test_bloc_without_members_has_a_turn_and_says_that_nobody_can_take_it(client: Client) -> None:
    bloc, russia = make.a_bloc("aes"), make.a_state("ru")
    make.a_membership(make.a_state("ml"), bloc, "2023-09-16", "2025-01-01")
    framework = make.a_framework(russia, bloc, publication="published")
    make.an_event(host=russia, framework=framework, takes_turn=True, publication="published")
    article = Page(client.get(f"/en/frameworks/{framework.slug}/")).text("//article")
    assert "AES: it is the turn of one of its members to host." in article
    assert "No state is on record as a member of AES then, so none can host for it." in article


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, "A regular session: it takes a turn."),
        (2, "Takes no turn."),
        (4, "A regular session, held out of turn."),
        (6, "A regular session hosted outside the framework: the turn is still owed."),
        (10, "A regular session: it takes a turn."),
    ],
)
def test_events_page_says_of_its_turn_what_the_frameworks_page_says(
    client: Client, number: int, sentence: str
) -> None:
    three_years(list(range(11)))
    page = Page(client.get(f"/en/events/session-{number}/"))
    assert page.text("//aside//small[ancestor::section[h2='Framework']]") == sentence


def test_fixed_host_of_no_side_takes_the_turn(client: Client) -> None:
    russia, bloc, _mali = sides()
    third = make.a_state("et")
    framework = make.a_framework(
        russia, bloc, rotation="fixed_host", fixed_host=third, publication="published"
    )
    session = make.an_event(
        host=third, framework=framework, takes_turn=True, publication="published"
    )
    page = Page(client.get(f"/en/frameworks/{framework.slug}/"))
    assert [row[3] for row in table(page)] == ["ET ✓"]
    assert "outside" not in page.text("//main")
    page = Page(client.get(f"/en/events/{session.slug}/"))
    assert page.text("//aside//small[ancestor::section[h2='Framework']]") == (
        "A regular session: it takes a turn."
    )


def test_events_page_says_that_a_session_has_no_host_on_record(client: Client) -> None:
    framework = make.a_framework(*sides()[:2], publication="published")
    session = make.an_event(framework=framework, takes_turn=True, publication="published")
    page = Page(client.get(f"/en/events/{session.slug}/"))
    assert page.text("//aside//small[ancestor::section[h2='Framework']]") == (
        "A regular session whose host is not stated: the turn is still owed."
    )


def test_planned_session_is_named_with_its_date_with_every_turn(client: Client) -> None:
    three_years(list(range(11)))
    for address in ("frameworks/", "frameworks/ru-aes/"):
        page = Page(client.get(f"/en/{address}"))
        assert "A session is planned: Session 10, March 2027." in page.text("//main")
        assert "/en/events/session-10/" in page.root.xpath("//main//p/a/@href")
    (boxes,) = Page(client.get("/en/frameworks/")).texts("//p[@class='turn']")
    assert boxes == "AES9 Sep 2026 → RUplanned: Mar 2027"


def test_session_without_a_place_is_named_by_its_host(client: Client) -> None:
    russia, bloc, _mali = sides()
    framework = make.a_framework(russia, bloc, publication="published")
    values: Any = {"framework": framework, "takes_turn": True, "publication": "published"}
    session = make.an_event(host=russia, date="2025-01-01", **values)
    (boxes,) = Page(client.get("/en/frameworks/")).texts("//p[@class='turn']")
    assert boxes == "RU1 Jan 2025 → AESdate not set"
    session.participations.update(role="participant")
    (boxes,) = Page(client.get("/en/frameworks/")).texts("//p[@class='turn']")
    assert boxes == "last session1 Jan 2025 → RUdate not set"


def test_rule_tells_since_when_it_holds_until_when_and_who_says_so(client: Client) -> None:
    framework = make.a_framework(
        *sides()[:2], starts="2024-03", ended="2026-05-01", publication="published"
    )
    for field in ("title", "starts", "ended"):
        framework.citations.create(source=make.a_source(title=f"On {field}"), field=field)
    address = f"/en/frameworks/{framework.slug}/"

    def facts(page: Page) -> list[str]:
        return page.texts("//dl[@class='facts']/*[position() > 6]")

    page = Page(client.get(address))
    assert facts(page) == ["Since", "March 2024source 2", "Ended", "1 May 2026source 3"]
    assert page.text("//*[@id='title']") == "source 1"
    assert [row.split(" · ")[0] for row in page.texts("//ol[@class='sources']/li/p")] == [
        "On title",
        "On starts",
        "On ended",
    ]
    assert facts(Page(client.get(f"{address}?asof=2026-04-30"))) == ["Since", "March 2024source 2"]


@pytest.mark.parametrize(
    ("last", "tolerance", "language", "box", "label"),
    [
        ("2025-04-03", 0, "en", "expected April 2026", "Apr 2026"),
        ("2025-04-03", 2, "en", "expected February 2026 – June 2026", "Feb–Jun 2026"),
        ("2025-04-03", 2, "fr", "attendue : février 2026 – juin 2026", "févr.–juin 2026"),
        ("2025-12", 1, "fr", "attendue : novembre 2026 – janvier 2027", "nov. 2026 – janv. 2027"),
    ],
)
def test_window_is_shown_with_all_its_months_in_the_box_and_in_the_picture(
    client: Client, last: str, tolerance: int, language: str, box: str, label: str
) -> None:
    russia, bloc, _mali = sides()
    framework = make.a_framework(
        russia,
        bloc,
        slug="talks",
        cadence_months=12,
        tolerance_months=tolerance,
        publication="published",
    )
    make.an_event(
        host=russia, date=last, framework=framework, takes_turn=True, publication="published"
    )
    (next_box,) = Page(client.get(f"/{language}/frameworks/")).texts(
        "//p[@class='turn']//span[@class='box next']/small"
    )
    assert next_box == box
    page = Page(client.get(f"/{language}/frameworks/talks/"))
    assert label in page.texts("//figure//*[local-name()='tspan']")


def planned(framework: Framework, **values: Any) -> Event:
    """Plan a session of a framework for March 2027."""
    defaults = {
        "state": "planned",
        "date": "2027-03",
        "takes_turn": True,
        "publication": "published",
    }
    return make.an_event(framework=framework, title_en="Next", **{**defaults, **values})


def test_planned_sessions_host_is_named_where_no_source_fixes_the_rotation(client: Client) -> None:
    russia, bloc, mali = sides()
    framework = make.a_framework(russia, bloc, rotation="not_stated", publication="published")
    planned(framework, host=mali)
    for address in ("frameworks/", f"frameworks/{framework.slug}/"):
        text = Page(client.get(f"/en/{address}")).text("//main")
        assert "Planned host: ML (AES). A session is planned: Next, March 2027." in text
        assert "No source says who hosts next" not in text


@pytest.mark.parametrize(
    ("host", "sentence", "cell"),
    [
        ("ml", "Planned host: ML (AES).", "Planned"),
        ("ru", "Planned host: RU, out of turn: it is the turn of AES.", "Planned out of turn"),
        (
            "tr",
            "Planned host: TR, outside the framework: it is the turn of AES.",
            "Planned outside the framework",
        ),
    ],
)
def test_planned_sessions_host_is_shown_with_its_role_in_the_turn(
    client: Client, host: str, sentence: str, cell: str
) -> None:
    russia, bloc, _mali = sides()
    make.a_state("tr")
    framework = make.a_framework(russia, bloc, slug="talks", publication="published")
    make.an_event(host=russia, framework=framework, takes_turn=True, publication="published")
    planned(framework, host=Party.objects.get(code=host))
    for address in ("", "frameworks/", "frameworks/talks/"):
        assert f"{sentence} A session is planned: Next, March 2027." in Page(
            client.get(f"/en/{address}")
        ).text("//main")
    page = Page(client.get("/en/frameworks/talks/"))
    assert table(page)[-1][3] == cell
    assert "Possible hosts" not in page.text("//article")
    (box,) = Page(client.get("/en/frameworks/")).texts("//span[@class='box next']")
    assert box == f"{host.upper()}planned: Mar 2027"


def test_planned_session_outside_a_rotation_that_is_not_stated_owes_nothing(
    client: Client,
) -> None:
    russia, bloc, _mali = sides()
    framework = make.a_framework(russia, bloc, rotation="not_stated", publication="published")
    session = planned(framework, host=make.a_state("tr"))
    session.participations.create(party=make.a_state("ir"), role="host")
    article = Page(client.get(f"/en/frameworks/{framework.slug}/")).text("//article")
    assert "Planned hosts: TR, IR, outside the framework. A session is planned:" in article


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (None, "BF · ML (AES: no source fixes the order among its members)"),
        ("td", "BF · ML (AES: the order on record names none of those who are its members then)"),
        ("ml", "ML"),
    ],
)
def test_order_among_a_blocs_members_is_shown_as_it_is_on_record(
    client: Client, order: str | None, sentence: str
) -> None:
    russia, bloc, mali = sides()
    burkina = make.a_state("bf")
    make.a_membership(burkina, bloc)
    make.a_membership(make.a_state("td"), bloc, ends="2025-01-29")
    # Readers see only a member that a published record uses.
    for member in (mali, burkina):
        make.an_event(host=member, publication="published")
    framework = make.a_framework(russia, bloc, publication="published")
    make.an_event(host=russia, framework=framework, takes_turn=True, publication="published")
    if order:
        side = framework.sides.get(party=bloc)
        side.host_order.create(party=Party.objects.get(code=order), position=1)
        framework.sides.filter(party=bloc).update(member_order="fixed")
    page = Page(client.get(f"/en/frameworks/{framework.slug}/"))
    assert page.text("//h2[text()='Possible hosts']/following-sibling::p[1]") == sentence


@pytest.mark.parametrize(
    ("ends", "headline", "hosts"),
    [
        (None, "Fixed host: ML (AES).", "ML"),
        (
            "2026-11-23",
            "Fixed host: ML, no longer a member of AES.",
            "⚑ The fixed host, ML, is no longer a member of AES.",
        ),
        (
            "2026",
            "Fixed host: ML (AES).",
            "⚑ The fixed host, ML, does not surely belong to AES then.",
        ),
    ],
)
def test_fixed_host_inside_a_bloc_is_named_with_every_turn(
    client: Client, ends: str | None, headline: str, hosts: str
) -> None:
    bloc = make.a_bloc("aes", name_en="Alliance (AES)", short_en="AES")
    mali, russia = make.a_state("ml"), make.a_state("ru")
    make.a_membership(mali, bloc, ends=ends)
    make.a_membership(make.a_state("bf"), bloc)
    framework = make.a_framework(
        russia, bloc, rotation="fixed_host", fixed_host=mali, publication="published"
    )
    make.an_event(host=mali, framework=framework, takes_turn=True, publication="published")
    for address in ("frameworks/", f"frameworks/{framework.slug}/"):
        assert headline in Page(client.get(f"/en/{address}")).text("//main")
    page = Page(client.get(f"/en/frameworks/{framework.slug}/"))
    assert page.text("//h2[text()='Possible hosts']/following-sibling::p[1]") == hosts
    rule = page.text("//aside//dt[text()='Rotation']/following-sibling::dd[1]")
    assert rule == "Always the same host: ML"


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [
        ("2023", "2025", "No state is on record as a member of AES then, so none can host for it."),
        ("2023", "2026", "Of those on record as members of AES, none surely belongs to it then."),
        ("2026", None, "Of those on record as members of AES, none surely belongs to it then."),
    ],
)
def test_bloc_without_a_sure_member_says_whether_any_may_belong(
    client: Client, starts: str, ends: str | None, sentence: str
) -> None:
    bloc, russia = make.a_bloc("aes"), make.a_state("ru")
    make.a_membership(make.a_state("ml"), bloc, starts, ends)
    framework = make.a_framework(russia, bloc, publication="published")
    make.an_event(host=russia, framework=framework, takes_turn=True, publication="published")
    assert sentence in Page(client.get(f"/en/frameworks/{framework.slug}/")).text("//article")


def test_members_that_stand_for_another_side_are_distinguished_from_none(client: Client) -> None:
    aes, other = make.a_bloc("aes"), make.a_bloc("au")
    mali = make.a_state("ml")
    for bloc in (aes, other):
        make.a_membership(mali, bloc)
    framework = make.a_framework(aes, other, publication="published")
    make.an_event(host=mali, framework=framework, takes_turn=True, publication="published")
    article = Page(client.get(f"/en/frameworks/{framework.slug}/")).text("//article")
    assert "Those who surely belong to AU then stand for another side." in article


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("ml", "Next, March 2027, hosted by ML (AES), planned"),
        ("ru", "Next, March 2027, hosted by RU, planned, out of turn: it is the turn of AES"),
        (
            "tr",
            "Next, March 2027, hosted by TR, planned, outside the framework: it is the turn of AES",
        ),
    ],
)
def test_picture_says_of_a_planned_session_whose_turn_it_is(
    client: Client, host: str, sentence: str
) -> None:
    russia, bloc, _mali = sides()
    make.a_state("tr")
    framework = make.a_framework(russia, bloc, publication="published")
    make.an_event(host=russia, framework=framework, takes_turn=True, publication="published")
    planned(framework, host=Party.objects.get(code=host))
    page = Page(client.get(f"/en/frameworks/{framework.slug}/"))
    assert page.texts("//figure//svg//a")[1::2] == [sentence, sentence]


def test_picture_is_described_by_the_session_that_is_expected(client: Client) -> None:
    russia, bloc, _mali = sides()
    framework = make.a_framework(
        russia, bloc, cadence_months=12, tolerance_months=2, publication="published"
    )
    make.an_event(host=russia, framework=framework, takes_turn=True, publication="published")
    page = Page(client.get(f"/en/frameworks/{framework.slug}/"))
    assert (
        page.texts("//figure/svg/desc")
        == [
            "AES: it is the turn of one of its members to host. "
            "Session expected between February 2026 and June 2026."
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        ("2026-11-22", "The last meeting on record was 1 day ago."),
        ("2026-11-23", "The last meeting on record: 23 November 2026."),
        ("2025", "The last meeting on record was at least 327 days ago."),
        ("2026-11-20/2026-11-22", "The last meeting on record was at least 1 day ago."),
        ("2026-11", "The last meeting on record: November 2026."),
        ("2026-11-20/..", "The last meeting on record: since 20 November 2026."),
        ("2025-04-03?", "The last meeting on record: 3 April 2025 (uncertain)."),
        ("2025-04~", "The last meeting on record: about April 2025."),
    ],
)
def test_days_since_the_last_meeting_are_no_more_exact_than_its_date(
    client: Client, date: str, sentence: str
) -> None:
    russia, bloc, _mali = sides()
    framework = make.a_framework(russia, bloc, publication="published")
    make.an_event(
        host=russia, date=date, framework=framework, takes_turn=True, publication="published"
    )
    page = Page(client.get(f"/en/frameworks/{framework.slug}/"))
    assert page.text("//article/p[@class='soft']") == sentence


@pytest.mark.parametrize(
    ("ended", "badge", "sentence"),
    [
        ("2026-11-23", "Ended", "This framework has ended."),
        ("2026-10", "Ended", "This framework has ended."),
        (
            "2026-11/2027-12",
            "May have ended",
            "This framework may have ended: November 2026 – December 2027.",
        ),
        ("2025?", "May have ended", "This framework may have ended: 2025 (uncertain)."),
        ("2026-11-24", "Never met", "No session is on record yet."),
    ],
)
def test_framework_has_surely_ended_only_after_every_day_that_its_end_may_mean(
    client: Client, ended: str, badge: str, sentence: str
) -> None:
    framework = make.a_framework(*sides()[:2], ended=ended, publication="published")
    for address in ("frameworks/", f"frameworks/{framework.slug}/"):
        page = Page(client.get(f"/en/{address}"))
        assert sentence in page.text("//main")
        assert page.text("//main//span[contains(@class, 'state')]") == badge


@pytest.mark.parametrize(
    ("first", "values", "sentence"),
    [
        ("ru", {}, "No session is on record yet. First host: RU."),
        (
            "aes",
            {},
            "No session is on record yet. AES: it is the turn of one of its members to host.",
        ),
        (
            "aes",
            {"rotation": "fixed_host", "fixed_host": "ml"},
            "No session is on record yet. Fixed host: ML (AES).",
        ),
        ("ru", {"rotation": "not_stated"}, "No session is on record yet."),
    ],
)
def test_framework_that_never_met_says_who_opens(
    client: Client, first: str, values: dict[str, Any], sentence: str
) -> None:
    russia, bloc, mali = sides()
    order = (russia, bloc) if first == "ru" else (bloc, russia)
    if "fixed_host" in values:
        values = {**values, "fixed_host": mali}
    framework = make.a_framework(*order, publication="published", **values)
    for address in ("", "frameworks/"):
        page = Page(client.get(f"/en/{address}"))
        paragraphs = page.texts("//p[preceding-sibling::h3 or preceding-sibling::h2]")
        assert [said for said in paragraphs if said.startswith("No session")] == [sentence]
    page = Page(client.get(f"/en/frameworks/{framework.slug}/"))
    assert page.text("//article/p[@class='big']") == sentence


def test_framework_without_a_stated_rotation_tells_hosts_and_no_turns(client: Client) -> None:
    russia, bloc, mali = sides()
    framework = make.a_framework(
        russia, bloc, slug="talks", rotation="not_stated", publication="published"
    )
    values: Any = {"framework": framework, "takes_turn": True, "publication": "published"}
    for year, host in ((2023, russia), (2024, mali), (2025, make.a_state("tr")), (2026, None)):
        make.an_event(
            slug=f"in-{year}", title_en=f"{year}", date=f"{year}-10-01", host=host, **values
        )
    page = Page(client.get("/en/frameworks/talks/"))
    assert [row[3] for row in table(page)] == [
        "regular session",
        "regular session",
        "outside the framework",
        "host not stated",
    ]
    assert page.texts("//figure/svg[1]//a") == [
        "2023, 1 October 2023, hosted by RU",
        "2024, 1 October 2024, hosted by ML (AES)",
        "2025, 1 October 2025, hosted by TR, outside the framework",
        "2026, 1 October 2026, host not stated",
    ]
    assert page.texts("//ul[@class='legend']/li") == [
        "regular session",
        "hosted outside the framework",
        "host not stated",
    ]
    sentences = [
        Page(client.get(f"/en/events/in-{year}/")).text(
            "//aside//small[ancestor::section[h2='Framework']]"
        )
        for year in (2023, 2025, 2026)
    ]
    assert sentences == [
        "A regular session.",
        "A regular session hosted outside the framework.",
        "A regular session whose host is not stated.",
    ]


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"rotation": "alternating"}, "RU ↔ AES"),
        ({"rotation": "not_stated"}, "RU · AES"),
        ({"rotation": "fixed_host", "fixed_host": "ru"}, "RU · AES"),
    ],
)
def test_arrows_between_sides_are_the_sign_of_alternation_alone(
    client: Client, values: dict[str, str], names: str
) -> None:
    russia, bloc, _mali = sides()
    rule: dict[str, Any] = {**values, **({"fixed_host": russia} if "fixed_host" in values else {})}
    framework = make.a_framework(russia, bloc, publication="published", **rule)
    for address in ("frameworks/", f"frameworks/{framework.slug}/"):
        page = Page(client.get(f"/en/{address}"))
        assert page.text("//div[@class='meta']/span[2]") == names


@pytest.mark.parametrize(
    ("section", "name", "own"),
    [
        ("frameworks", "Frameworks", "talks"),
        ("commitments", "Commitments", "deliver"),
        ("parties", "Parties", "ru"),
    ],
)
def test_section_is_marked_as_where_the_reader_is_on_a_records_own_page(
    client: Client, section: str, name: str, own: str
) -> None:
    make.a_framework(*sides()[:2], slug="talks", publication="published")
    make.a_commitment(make.an_event(publication="published"), slug="deliver")
    marked = "//header//a[@aria-current]"
    for address, current in (("", "page"), (f"{own}/", "true")):
        page = Page(client.get(f"/en/{section}/{address}"))
        assert page.texts(marked) == [name]
        assert page.root.xpath(f"{marked}/@aria-current") == [current]


def test_member_that_leaves_within_the_window_does_not_surely_belong_then(client: Client) -> None:
    bloc, russia = make.a_bloc("aes"), make.a_state("ru")
    make.a_membership(make.a_state("ml"), bloc, ends="2026-12-15")
    framework = make.a_framework(
        russia, bloc, cadence_months=8, tolerance_months=1, publication="published"
    )
    make.an_event(
        host=russia,
        date="2026-04-03",
        framework=framework,
        takes_turn=True,
        publication="published",
    )
    article = Page(client.get(f"/en/frameworks/{framework.slug}/")).text("//article")
    assert "Of those on record as members of AES, none surely belongs to it then." in article
