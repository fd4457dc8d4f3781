"""Lanes of special records: many events on one day, many marks, every state."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests import factories as make
from tests.parsed_page import TODAY, Page
from timeline.core.codes import EventState
from timeline.core.display import Display, View
from timeline.core.question import Question
from timeline.formats import sentences
from timeline.index.current import current
from timeline.models import Event, EventSector, Party
from timeline.pictures.icons import ICONS
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.lanes import windows, words
from timeline.pictures.lanes.data import MAX_LANES, MAX_MARKS, read
from timeline.queries.vocabulary import vocabulary

pytestmark = pytest.mark.django_db

LANES = Question(display=Display(view=View.LANES))
WIDE = "//figure[@class='shown lanes']/*[@class='wide']"


def answered(question: Question) -> AnsweredQuestion:
    known = vocabulary({})
    answer = current().answer(question, today=TODAY)
    return AnsweredQuestion(question, answer, known, sentences.names(known), "/en/", TODAY)


def get(client: Client, address: str) -> Page:
    return Page(client.get(address))


def published(date: str, *parties: Party, state: str = "held") -> Event:
    return make.an_event(date=date, parties=parties, state=state, publication="published")


def test_many_events_on_one_day_lead_to_their_list(client: Client) -> None:
    ru, ml = make.a_state("ru"), make.a_state("ml")
    for _number in range(5):
        published("2025-04-03", ru, ml)
    published("2025-04-04", ru)
    page = get(client, "/en/?view=lanes")
    group, other_group = page.root.xpath(f"{WIDE}/g/a[@data-swap]")
    assert group.get("href") != other_group.get("href")
    for link in (group, other_group):
        listing = get(client, link.get("href"))
        assert listing.text("//*[@id='found']") == "5 events"
        assert not listing.root.xpath("//figure[contains(@class,'lanes')]")


def test_marks_stay_in_bounds() -> None:
    parties = [make.a_state(f"{letter}{other}") for letter in "ab" for other in "abcdefg"]
    first = dt.date(2020, 1, 1)
    for number in range(40):
        published((first + dt.timedelta(days=number * 30)).isoformat(), *parties)
    with override("en"):
        shown = read(answered(LANES))
    assert (len(shown.lanes), shown.left_out) == (MAX_LANES, 2)
    alone = sum(
        len(held) for lane in shown.lanes for slot in lane.singles for held in [lane.singles[slot]]
    )
    assert 0 < alone <= MAX_MARKS
    assert [sum(lane.counts) for lane in shown.lanes] == [40] * MAX_LANES


@pytest.mark.parametrize("state", [state.value for state in EventState])
def test_each_state_looks_otherwise(client: Client, state: str) -> None:
    published("2025-04-03", make.a_state("ru"), state=state)
    page = get(client, "/en/?view=lanes")
    (mark,) = page.root.xpath(f"{WIDE}/g/a/path[starts-with(@class,'m ')]")
    assert mark.get("class") == f"m m-{state}"
    more = {"postponed": 2, "cancelled": 2}
    assert len(page.root.xpath(f"{WIDE}/g/a/path")) == more.get(state, 1)


def test_uncertain_and_ongoing_dates_look_otherwise(client: Client) -> None:
    party = make.a_state("ru")
    published("2022-01-01", party)
    published("2024-01~", party)
    published("2026-01-01/..", party)
    page = get(client, "/en/?view=lanes")
    assert len(page.root.xpath(f"{WIDE}/g/a/path[@class='fades']")) == 1
    assert len(page.root.xpath(f"{WIDE}/g/a/path[@class='arrow']")) == 1
    legend = page.texts("//figcaption/ul/li")
    assert {"date uncertain or approximate", "goes on"} <= set(legend)


@pytest.mark.parametrize("date", ["1815-06-09", "0001-01-01", "2150", "9999-12-31", "19XX"])
def test_one_event_of_any_time_is_drawn(client: Client, date: str) -> None:
    event = published(date, make.a_state("ru"))
    page = get(client, "/en/?view=lanes")
    (link,) = page.root.xpath(f"{WIDE}/g/a")
    assert link.get("href") == f"/en/events/{event.slug}/"


def test_events_without_a_party_are_no_lane(client: Client) -> None:
    published("2025-04-03")
    page = get(client, "/en/?view=lanes")
    assert page.status == 200
    assert page.root.xpath(f"{WIDE}/g/a") == []


def test_lanes_ask_as_often_however_many_events(client: Client) -> None:
    party, sector, counts = make.a_state("ru"), make.a_sector("energy"), []
    for number in (1, 2):
        for _number in range(number):
            event = published("2025-04-03", party)
            make.a_commitment(event, publication="published")
            EventSector.objects.create(event=event, sector=sector)
        client.get("/en/?view=lanes&colour=sector")
        with CaptureQueriesContext(connection) as asked_for:
            client.get("/en/?view=lanes&colour=sector")
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_slots_are_no_smaller_than_a_target() -> None:
    assert (588 - 12) / windows.SLOTS >= 24


def marks(page: Page) -> list[tuple[str, str]]:
    """Class and outline of the mark of each event, in the order of the events' days."""
    drawn = page.root.xpath(f"{WIDE}/g/a/path[starts-with(@class,'m ')]")
    return [(path.get("class"), path.get("d")) for path in drawn]


def test_colours_stand_for_kinds_or_for_sectors(client: Client) -> None:
    party, energy = make.a_state("ru"), make.a_sector("energy", name_en="Energy")
    nuclear = make.a_sector("civil-nuclear", parent=energy, name_en="Civil nuclear energy")
    trade = make.a_sector("trade", name_en="Trade")
    visit = published("2023-01-01", party)
    signing = published("2025-01-01", party)
    Event.objects.filter(pk=visit.pk).update(kind="visit")
    Event.objects.filter(pk=signing.pk).update(kind="signing")
    for sector in (trade, nuclear):
        EventSector.objects.create(event=signing, sector=sector)
    circle, diamond = words.SHAPES["talks"], words.SHAPES["papers"]
    sign = {family: words.sign(family) for family in ("energy", "trade", "")}
    assert {
        query: marks(get(client, f"/en/?view=lanes{query}"))
        for query in ("", "&colour=kind", "&colour=sector", "&colour=sector&sector=trade")
    } == {
        "": [("m m-held", circle), ("m m-held", diamond)],
        "&colour=kind": [("m k-talks m-held", circle), ("m k-papers m-held", diamond)],
        # The first in the order of the tree, with the sign of its family.
        "&colour=sector": [("m m-held", sign[""]), ("m c-energy m-held", sign["energy"])],
        # The first of those chosen.
        "&colour=sector&sector=trade": [("m c-trade m-held", sign["trade"])],
    }
    page = get(client, "/en/?view=lanes&colour=sector")
    assert page.texts("//figcaption/ul/li")[:2] == ["Energy", "no sector"]
    assert page.root.xpath("string(//a[contains(@href,'/events/')][last()]/title)").endswith(
        "Civil nuclear energy"
    )
    assert page.texts("//span[@class='by']/a[@aria-current]") == [
        *("By party", "by sector of the event"),
    ]


def test_files_of_lanes_have_the_colours_and_their_legend(client: Client) -> None:
    event = published("2025-01-01", make.a_state("ru"))
    EventSector.objects.create(event=event, sector=make.a_sector("energy", name_en="Energy"))
    file = client.get("/en/picture.svg?view=lanes&colour=sector").content.decode()
    assert file.count('class="m c-energy m-held"') == 2
    assert ">Energy</text>" in file


def test_signs_of_sectors_are_told_apart_without_colours() -> None:
    assert len({words.sign(family) for family in ICONS}) == len(ICONS)
