"""The lanes of the demo: their content and their links, in both languages."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils.translation import override

from tests.parsed_page import TODAY, Page
from timeline.core.dates import parse
from timeline.core.display import Display, GroupBy, View
from timeline.core.question import Question
from timeline.formats import sentences
from timeline.index.current import current
from timeline.index.interface import Bins
from timeline.models import Commitment, Event
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.lanes import layout
from timeline.pictures.lanes.data import MAX_LANES, read
from timeline.pictures.lanes.figure import drawing
from timeline.pictures.lanes.links import lane_question
from timeline.queries.vocabulary import vocabulary

pytestmark = pytest.mark.usefixtures("demo")

WIDE = "//figure[@class='shown lanes']/*[@class='wide']"
PHONE = "//figure[@class='shown lanes']/*[@class='phone']"


def get(client: Client, address: str) -> Page:
    return Page(client.get(address))


def answered(question: Question) -> AnsweredQuestion:
    words = vocabulary({})
    answer = current().answer(question, today=TODAY)
    return AnsweredQuestion(question, answer, words, sentences.names(words), "/en/", TODAY)


LANES = Display(view=View.LANES)
SECTORS = replace(LANES, lanes=GroupBy.SECTOR)

QUESTIONS = [
    Question(display=LANES),
    Question(display=SECTORS),
    Question(display=LANES, parties=("ru", "ml")),
    Question(display=LANES, parties=("ru", "ml"), any_party=True),
    Question(display=LANES, parties=("ml",), any_party=True),
    Question(display=LANES, sectors=("energy", "trade"), direct=True),
    Question(display=SECTORS, sectors=("energy", "trade")),
    Question(display=SECTORS, sectors=("civil-nuclear",), parties=("ru",)),
    Question(display=LANES, start=parse("2025"), end=parse("2025-06")),
    Question(display=SECTORS, start=parse("2025-02"), certain=True),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_list_of_a_lane_holds_what_the_lane_does(question: Question) -> None:
    with override("en"):
        shown = read(answered(question))
    assert shown.lanes
    first, last = shown.visible
    if question.period:
        first, last = max(first, question.period[0]), min(last, question.period[1])
    for lane in shown.lanes:
        bins = [first.toordinal(), last.toordinal() + 1]
        group = question.display.lanes.value
        whole = replace(question, certain=False)
        spread = current().spread(whole, Bins(bins, group, [lane.code]))
        there = current().answer(lane_question(question, lane.code, shown.visible), today=TODAY)
        assert there.total == sum(spread[lane.code].counts)
        assert there.total >= sum(lane.counts)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_lanes_hold_as_many_events_as_the_options_say(question: Question) -> None:
    shown = read(answered(question))
    counts = current().answer(question, today=TODAY).options[question.display.lanes.value]
    assert {lane.code: sum(lane.counts) for lane in shown.lanes} == {
        lane.code: counts[lane.code] for lane in shown.lanes
    }
    chosen = question.values(question.display.lanes.value)
    assert {lane.code for lane in shown.lanes[: len(chosen)]} == set(chosen)
    assert len(shown.lanes) <= MAX_LANES


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_mark_is_a_link_to_its_event_and_says_it(client: Client, language: str) -> None:
    page = get(client, f"/{language}/?view=lanes&party=ru&party=ml")
    links = page.root.xpath(f"{WIDE}//a[contains(@href,'/events/')]")
    assert links
    for link in links:
        event = Event.objects.get(slug=link.get("href").rstrip("/").rpartition("/")[2])
        with override(language):
            title = str(event.title)
        assert link.xpath("string(./title)").startswith(f"{title}. ")
        assert link.get("data-swap") is None


@pytest.mark.parametrize(("picture", "width"), [(WIDE, layout.WIDE), (PHONE, layout.PHONE)])
def test_marks_and_groups_of_a_lane_add_up(client: Client, picture: str, width: int) -> None:
    with override("en"):
        shown = read(answered(Question(display=LANES)))
    scene = shown.scenes[width]
    for row in scene.rows:
        assert len(row.marks) + sum(group.number for group in row.groups) == shown.totals[row.code]
    drawn = sum(len(row.marks) + len(row.groups) for row in (*scene.rows, *scene.frameworks))
    assert len(get(client, "/en/?view=lanes").root.xpath(f"{picture}/g/a")) == drawn


def test_group_opens_its_stretch_of_time_until_its_events_stand_alone(client: Client) -> None:
    page = get(client, "/en/?view=lanes")
    groups = page.root.xpath(f"{WIDE}/g/a[@data-swap]")
    assert groups
    before = current().answer(Question(), today=TODAY).total
    for link in groups[:4]:
        closer = get(client, link.get("href"))
        assert closer.status == 200
        assert closer.text("//*[@id='found']") == f"{before} events"
        assert "zoom=" in link.get("href")


def test_zoom_moves_and_fits_by_links(client: Client) -> None:
    page = get(client, "/en/?view=lanes")
    moves = {link.get("data-key"): link for link in page.root.xpath("//a[@data-key]")}
    assert set(moves) == {"+"}
    closer = get(client, moves["+"].get("href"))
    moves = {link.get("data-key"): link for link in closer.root.xpath("//a[@data-key]")}
    assert set(moves) == {"+", "-", "0", "ArrowLeft", "ArrowRight"}
    whole = page.text("//figure/h3")
    assert closer.text("//figure/h3") != whole
    for key in ("-", "0"):
        assert get(client, moves[key].get("href")).text("//figure/h3") == whole
    earlier = get(client, moves["ArrowLeft"].get("href"))
    back = {link.get("data-key"): link for link in earlier.root.xpath("//a[@data-key]")}
    assert "ArrowLeft" not in back
    deepest = get(client, "/en/?view=lanes&zoom=20&centre=2025-04-03")
    assert deepest.status == 200
    assert not deepest.root.xpath("//a[@data-key='+']")


@pytest.mark.parametrize("centre", ["0001-01-01", "1850-05-05", "9999-12-31"])
def test_time_without_events_is_the_nearest_that_has_some(client: Client, centre: str) -> None:
    page = get(client, f"/en/?view=lanes&zoom=20&centre={centre}")
    assert page.status == 200
    assert len(page.root.xpath("//figure[@class='shown lanes']")) == 1


def test_time_in_which_nothing_began_says_so(client: Client) -> None:
    page = get(client, "/en/?view=lanes&zoom=5&centre=2022-12-01")
    assert "None of these events began in this time." in page.text("//*[@id='shown-description']")


def test_legend_tells_what_is_drawn_and_nothing_else(client: Client) -> None:
    page = get(client, "/en/?view=lanes&kind=signing")
    legend = page.texts("//figcaption/ul/li")
    assert "signing, ratification, decision" in legend
    assert "statement, notification, recognition" not in legend
    assert "Cancelled" not in legend


def test_table_says_the_same(client: Client) -> None:
    page = get(client, "/en/?view=lanes&party=ru&kind=signing")
    rows = page.root.xpath("//figure[@class='shown lanes']//tbody/tr")
    titles = [
        row.xpath("string(./td[3])") for row in rows if row.xpath("string(./td[1])") == "Russia"
    ]
    assert sorted(titles) == sorted(get(client, "/en/?party=ru&kind=signing").titles)


def test_open_commitments_are_those_of_the_question_with_a_way_to_all(client: Client) -> None:
    page = get(client, "/en/?view=lanes&sector=energy")
    (link,) = page.root.xpath("//figcaption//a[contains(@href,'/commitments/')]")
    number = int(link.text_content().split()[0])
    assert get(client, link.get("href")).text("//*[@id='found']").startswith(f"{number} ")
    drawn = page.root.xpath(f"{WIDE}/a[contains(@href,'/commitments/')]/@href")
    assert 0 < len(drawn) <= number
    for address in drawn:
        slug = address.rstrip("/").rpartition("/")[2]
        assert Commitment.objects.get(slug=slug).sectors.exists()
    words = get(client, "/en/?view=lanes&q=zzzz")
    assert words.root.xpath("//figure[@class='shown lanes']") == []


def test_frameworks_are_those_of_what_is_found(client: Client) -> None:
    page = get(client, "/en/?view=lanes&framework=ru-aes")
    assert "Russia–AES consultations" in page.root.xpath(f"string({WIDE})")
    assert "College of AES" not in page.root.xpath(f"string({WIDE})")


def test_drawing_is_the_wide_picture_by_itself() -> None:
    with override("en"):
        alone = drawing(read(answered(Question(display=LANES))))
    assert alone.width == 588
    assert alone.title.startswith("What 12 parties did, ")
    assert "style=" not in alone.marks
    assert alone.marks.count("<a ") > 20
